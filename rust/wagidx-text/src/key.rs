//! From a token to the key it is filed under.
//!
//! The key is a function of the token alone, the same on captions and on queries: a query carries
//! no part of speech, so a key that needed one could not be asked for. A tagger, where there is
//! one, decides how an occurrence is read and never its key.

use std::ops::Range;

use crate::bigrams::{holds_cjk, pieces};
use crate::lemma::{asked_noun_lemma, guarded_lemma, lower_case, spacy_noun_lemma};
use crate::tagger::Tag;
use crate::term::{core, term};
use crate::tier::Tier;
use crate::unicode::Folder;

/// Longest key, in bytes. Longer ones are cut and counted as truncated.
pub const MAX_KEY_BYTES: usize = 255;

/// Makes keys; holds the buffers, so that a warm one allocates nothing.
#[derive(Debug, Default)]
pub struct Keyer {
    folder: Folder,
    form: String,
    /// Of the study's keys: a token in small letters, and a lemma without what is no letter.
    lower: String,
    letters: String,
}

impl Keyer {
    /// The key of a token under `tier` and whether it was cut; `None` where the token is no term.
    ///
    /// ```
    /// use wagidx_text::{Keyer, Tier};
    /// let mut keyer = Keyer::default();
    /// assert_eq!(keyer.key("Leaves.", Tier::Lemma), Some(("leaf", false)));
    /// assert_eq!(keyer.key("Leaves.", Tier::Surface), Some(("leaves", false)));
    /// assert_eq!(keyer.key("--", Tier::Lemma), None);
    /// ```
    pub fn key<'a>(&'a mut self, token: &'a str, tier: Tier) -> Option<(&'a str, bool)> {
        let term = term(token, &mut self.folder)?;
        Some(cut(of_term(term, tier, &mut self.form)))
    }

    /// The study's key of a token with a tag and whether it was cut; `None` where it is no noun, or has
    /// no letter of ASCII.
    ///
    /// ```
    /// use wagidx_text::{Keyer, tagger::Tag};
    /// let mut keyer = Keyer::default();
    /// assert_eq!(keyer.paper("T-Shirts", Tag::NNS), Some(("tshirt", false)));
    /// assert_eq!(keyer.paper("Retrievers", Tag::NNPS), Some(("Retrievers", false)));
    /// assert_eq!(keyer.paper("747", Tag::NN), None);
    /// ```
    pub fn paper(&mut self, token: &str, tag: Tag) -> Option<(&str, bool)> {
        let lemma = spacy_noun_lemma(token, tag, &mut self.form)?;
        letters(lemma, &mut self.letters)
    }

    /// The study's key of a token of a concept.
    ///
    /// ```
    /// use wagidx_text::Keyer;
    /// assert_eq!(Keyer::default().paper_concept("Retrievers"), Some(("retriever", false)));
    /// ```
    pub fn paper_concept(&mut self, token: &str) -> Option<(&str, bool)> {
        lower_case(token, &mut self.lower);
        let lemma = asked_noun_lemma(&self.lower, &mut self.form);
        letters(lemma, &mut self.letters)
    }

    /// The keys of a token that is cut into bigrams where its script asks for it (see `bigrams`), each
    /// with its place in the token and whether it was cut off. A piece takes the token's place where
    /// folding leaves no other to tell.
    pub fn bigrams<'a>(
        &'a mut self,
        token: &'a str,
        tier: Tier,
        mut sink: impl FnMut(Range<usize>, &str, bool),
    ) {
        let Some(core) = core(token) else { return };
        let term = self.folder.fold(core);
        if !holds_cjk(term) {
            let (key, truncated) = cut(of_term(term, tier, &mut self.form));
            sink(0..token.len(), key, truncated);
            return;
        }
        let in_place = term.eq_ignore_ascii_case(core);
        let start = core.as_ptr() as usize - token.as_ptr() as usize;
        for piece in pieces(term) {
            let text = term.get(piece.range.clone()).unwrap_or_default();
            let (key, truncated) = match (piece.cjk, self::core(text)) {
                (true, _) => cut(text),
                (false, Some(term)) => cut(of_term(term, tier, &mut self.form)),
                (false, None) => continue,
            };
            let range = if in_place {
                start + piece.range.start..start + piece.range.end
            } else {
                0..token.len()
            };
            sink(range, key, truncated);
        }
    }
}

/// A lemma without characters outside `[A-Za-z ]`, as a key, unless nothing is left.
fn letters<'a>(lemma: &str, letters: &'a mut String) -> Option<(&'a str, bool)> {
    letters.clear();
    letters.extend(
        lemma
            .chars()
            .filter(|&c| c.is_ascii_alphabetic() || c == ' '),
    );
    (!letters.is_empty()).then(|| cut(letters))
}

fn of_term<'a>(term: &'a str, tier: Tier, form: &mut String) -> &'a str {
    match tier {
        Tier::Surface => term,
        Tier::Lemma | Tier::Noun => guarded_lemma(term, form),
    }
}

/// Cut a key to [`MAX_KEY_BYTES`] at a character; true where something was cut off.
fn cut(key: &str) -> (&str, bool) {
    if key.len() <= MAX_KEY_BYTES {
        return (key, false);
    }
    // A character has at most four bytes, so one of these four ends is a boundary.
    let head = (MAX_KEY_BYTES - 3..=MAX_KEY_BYTES)
        .rev()
        .find_map(|end| key.get(..end));
    (head.unwrap_or(""), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_cut_at_a_character() {
        for (unit, kept) in [
            ("x", 255),
            ("\u{e9}", 254),
            ("\u{65e5}", 255),
            ("\u{1f600}", 252),
        ] {
            let key = unit.repeat(300);
            assert_eq!(cut(&key), (&key[..kept], true));
            let exact = &key[..kept];
            assert_eq!(cut(exact), (exact, false));
        }
    }

    #[test]
    fn a_token_of_a_mebibyte_has_a_key() {
        let token = "S".repeat(1 << 20);
        let expected = "s".repeat(255);
        assert_eq!(
            Keyer::default().key(&token, Tier::Lemma),
            Some((expected.as_str(), true))
        );
    }

    proptest! {
        #[test]
        fn a_key_is_never_empty_nor_too_long(token in "\\PC{0,400}") {
            for tier in Tier::ALL {
                if let Some((key, truncated)) = Keyer::default().key(&token, tier) {
                    prop_assert!(!key.is_empty() && key.len() <= MAX_KEY_BYTES);
                    prop_assert!(!truncated || key.len() > MAX_KEY_BYTES - 4);
                }
            }
        }

        #[test]
        fn any_string_has_a_key_or_none(token in any::<String>()) {
            let mut keyer = Keyer::default();
            let surface = keyer.key(&token, Tier::Surface).is_some();
            prop_assert_eq!(keyer.key(&token, Tier::Lemma).is_some(), surface);
        }

        #[test]
        fn a_surface_key_is_its_own_key(token in "\\PC{0,20}") {
            let mut keyer = Keyer::default();
            if let Some((key, false)) = keyer.key(&token, Tier::Surface) {
                let key = key.to_owned();
                prop_assert_eq!(keyer.key(&key, Tier::Surface), Some((key.as_str(), false)));
            }
        }

        #[test]
        fn case_and_composition_do_not_reach_the_key(token in "[a-zA-Z\u{e0}-\u{ff}]{1,12}") {
            let mut keyer = Keyer::default();
            let key = keyer.key(&token, Tier::Lemma).map(|(key, _)| key.to_owned());
            let upper = token.to_uppercase();
            prop_assert_eq!(keyer.key(&upper, Tier::Lemma).map(|(key, _)| key.to_owned()), key);
        }
    }
}
