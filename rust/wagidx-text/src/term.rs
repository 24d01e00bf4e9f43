//! From a token to its term.
//!
//! A **token** is what the tokenizer cut out of a caption. Its **term** is the token without
//! punctuation at either end, in caseless form. A token in which no letter, number or symbol of
//! category So is left is no term: `-` in `golf-ball` takes no position, so a phrase finds
//! "golf ball" and "golf-ball" alike.

use crate::unicode::{Folder, is_keyed, is_punctuation};

/// The term of a token, or `None` where the token is none.
///
/// Leading and trailing punctuation (general category P*) is removed and the rest folded to
/// NFC(casefold(NFC(.))). Symbols such as `+` are not punctuation and stay.
///
/// ```
/// use wagidx_text::{term, unicode::Folder};
/// let mut folder = Folder::default();
/// assert_eq!(term("St.", &mut folder), Some("st"));
/// assert_eq!(term("C++", &mut folder), Some("c++"));
/// assert_eq!(term("-", &mut folder), None);
/// ```
pub fn term<'a>(token: &'a str, folder: &'a mut Folder) -> Option<&'a str> {
    core(token).map(|core| folder.fold(core))
}

/// A token without the punctuation at its ends, or `None` where it is no term.
pub(crate) fn core(token: &str) -> Option<&str> {
    let core = token.trim_matches(is_punctuation);
    core.chars().any(is_keyed).then_some(core)
}
