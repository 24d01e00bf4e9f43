//! spaCy's lemma of a noun, exactly, given its tag.
//!
//! The study filed captions under the lemmas of spaCy 3.7; to repeat it, and to say how far a key
//! is from it, the same lemma has to be made. It depends on the tag, so no query could be looked up
//! under it, and nothing but the study's own case is: keys are made by
//! [`guarded_lemma`](crate::guarded_lemma).
//!
//! * NN: the text in small letters. *Someone* and its like so tagged are pronouns to spaCy.
//! * NNP, NNPS: the text as it stands, capitals and plural kept.
//! * NNS: the text in small letters, and of it every form that a suffix rule makes. A form that is
//!   a noun or not all letters is kept, any other comes after those. The irregular singulars are
//!   then put before the kept forms, each before the last, but for those among them already. The
//!   first form is the lemma; where there is none the text as it stands is.
//!
//! So *leaves* is `leave` and *scissors* `scissor`: the first rule wins, sense or not. spaCy 3.8
//! puts the kept forms in another order.
//!
//! Nouns and exceptions are those of the guarded lemma without the added nouns. They are all ASCII,
//! so of a token with any other character every form is kept or none is, and the first is the lemma
//! either way: which characters beyond ASCII are letters does not matter. Small letters are the
//! standard library's; what a newer version of it may add is no capital of a letter in ASCII.

use super::{EXCEPTIONS, NOUNS, RULES};
use crate::tagger::{self, Tag};

/// The lemma spaCy 3.7 gives a token with this tag, `None` where it is no noun to it; `buffer` is a
/// buffer to reuse. O(bytes), and allocates nothing for a token in ASCII once the buffer is warm.
///
/// ```
/// use wagidx_text::{spacy_noun_lemma, tagger::Tag};
/// let buffer = &mut String::new();
/// assert_eq!(spacy_noun_lemma("Leaves", Tag::NNS, buffer), Some("leave"));
/// assert_eq!(spacy_noun_lemma("Leaves", Tag::NNPS, buffer), Some("Leaves"));
/// assert_eq!(spacy_noun_lemma("leaves", Tag::VBZ, buffer), None);
/// ```
pub fn spacy_noun_lemma<'a>(token: &'a str, tag: Tag, buffer: &'a mut String) -> Option<&'a str> {
    match tag {
        Tag::NN if !tagger::is_noun(token, tag) => None,
        Tag::NN => {
            lower_case(token, buffer);
            Some(buffer)
        }
        Tag::NNS => Some(singular(token, buffer)),
        Tag::NNP | Tag::NNPS => Some(token),
        _ => None,
    }
}

/// The lemma under which the study's keys are asked for a token in small letters, which nobody tagged:
/// the token itself where it is a noun, else what a plural has.
pub(crate) fn asked_noun_lemma<'a>(lower: &'a str, buffer: &'a mut String) -> &'a str {
    if NOUNS.contains(lower) {
        lower
    } else {
        singular(lower, buffer)
    }
}

pub(crate) fn lower_case(token: &str, lower: &mut String) {
    if token.is_ascii() {
        lower.clear();
        lower.push_str(token);
        lower.make_ascii_lowercase();
    } else {
        *lower = token.to_lowercase();
    }
}

/// The foremost exception, else the first kept form, else the first form, else the token.
fn singular<'a>(token: &'a str, buffer: &'a mut String) -> &'a str {
    lower_case(token, buffer);
    if let Some(exception) = foremost_exception(buffer) {
        return exception;
    }
    let length = buffer.len();
    let first_kept = RULES
        .into_iter()
        .find(|&rule| append_form(buffer, length, rule) && is_kept(&buffer[length..]));
    let found = first_kept.is_some()
        || RULES
            .into_iter()
            .any(|rule| append_form(buffer, length, rule));
    if found { &buffer[length..] } else { token }
}

/// Append to the word that is the first `length` bytes of the buffer the form a rule makes of it;
/// false where it makes none.
fn append_form(buffer: &mut String, length: usize, (suffix, replacement): (&str, &str)) -> bool {
    buffer.truncate(length);
    let Some(stem) = buffer.strip_suffix(suffix).map(str::len) else {
        return false;
    };
    buffer.extend_from_within(..stem);
    buffer.push_str(replacement);
    buffer.len() > length
}

/// Of the irregular singulars that the rules do not find by themselves the last, which was put
/// before all others.
fn foremost_exception(lower: &str) -> Option<&'static str> {
    let (_, singulars) = EXCEPTIONS.get(lower)?;
    let mut last_first = singulars.rsplit(' ');
    last_first.find(|form| !(is_kept(form) && is_made_by_a_rule(form, lower)))
}

fn is_made_by_a_rule(form: &str, lower: &str) -> bool {
    RULES.into_iter().any(|(suffix, replacement)| {
        let stem = lower.strip_suffix(suffix);
        stem.is_some() && form.strip_suffix(replacement) == stem
    })
}

/// Whether a form comes before those that are letters and no noun.
fn is_kept(form: &str) -> bool {
    NOUNS.contains(form) || !form.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lemma(token: &str, tag: Tag) -> Option<String> {
        spacy_noun_lemma(token, tag, &mut String::from("left over")).map(str::to_owned)
    }

    #[test]
    fn plurals_as_spacy_has_them() {
        for (plural, singular) in [
            ("Dogs", "dog"),
            ("leaves", "leave"),
            ("clothes", "clothe"),
            ("scissors", "scissor"),
            ("jeans", "jean"),
            ("women", "woman"),
            ("geese", "goose"),
            ("glasses", "glass"),
            ("selfies", "selfie"),
            ("t-shirts", "t-shirt"),
            ("S", "S"),
            ("People", "People"),
            ("MEN", "man"),
            ("\u{c9}clairs", "\u{e9}clair"),
        ] {
            assert_eq!(
                lemma(plural, Tag::NNS).as_deref(),
                Some(singular),
                "{plural}"
            );
        }
    }

    #[test]
    fn other_tags() {
        assert_eq!(lemma("Dogs", Tag::NN).as_deref(), Some("dogs"));
        assert_eq!(
            lemma("\u{c9}T\u{c9}", Tag::NN).as_deref(),
            Some("\u{e9}t\u{e9}")
        );
        assert_eq!(lemma("Women", Tag::NNPS).as_deref(), Some("Women"));
        assert_eq!(lemma("Someone", Tag::NN), None);
        assert_eq!(lemma("Someone", Tag::NNP).as_deref(), Some("Someone"));
        assert_eq!(lemma("dogs", Tag::VBZ), None);
    }

    proptest! {
        #[test]
        fn a_token_has_a_lemma_or_is_no_noun(token in "\\PC{1,20}(ses|ies|men|s)?") {
            for tag in Tag::ALL {
                let found = lemma(&token, tag);
                prop_assert!(found.is_some() || tag == Tag::NN || !tag.is_noun());
                prop_assert!(found.is_none_or(|lemma| !lemma.is_empty()));
            }
        }
    }
}
