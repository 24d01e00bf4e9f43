//! Caseless form: NFC(casefold(NFC(text))) with full folding, so that Straße = STRASSE and ﬁ = fi.
//!
//! Three paths, each checked against the next by a test. Lower-case ASCII is its own folding and
//! is handed back as it came. A text of *stable* characters (neither normalization nor a neighbour
//! can change them or their folding) is folded character by character. Only the rest is normalized.

use super::category::{folds, is_stable};
use super::normalize::Normalizer;
use super::tables::CASE_FOLDS;

/// Folds text; holds the buffers, so that a warm one allocates nothing.
#[derive(Debug, Default)]
pub struct Folder {
    normalizer: Normalizer,
    composed: String,
    folded: String,
}

impl Folder {
    /// The caseless form of `text`: `text` itself where folding changes nothing.
    ///
    /// ```
    /// use wagidx_text::unicode::Folder;
    /// let mut folder = Folder::default();
    /// assert_eq!(folder.fold("STRAßE"), "strasse");
    /// assert_eq!(folder.fold("Cafe\u{301}"), "caf\u{e9}");
    /// ```
    pub fn fold<'a>(&'a mut self, text: &'a str) -> &'a str {
        self.folded.clear();
        if text.is_ascii() {
            if !text.bytes().any(|b| b.is_ascii_uppercase()) {
                return text;
            }
            self.folded.push_str(text);
            self.folded.make_ascii_lowercase();
        } else if text.chars().all(is_stable) {
            casefold(text.chars(), &mut self.folded);
        } else {
            self.fold_unstable(text);
        }
        &self.folded
    }

    /// The definition itself, for text that normalization may change.
    fn fold_unstable(&mut self, text: &str) {
        let Self {
            normalizer,
            composed,
            folded,
        } = self;
        composed.clear();
        normalizer.nfc(text.chars(), composed);
        casefold(composed.chars(), folded);
        composed.clear();
        normalizer.nfc(folded.chars(), composed);
        std::mem::swap(composed, folded);
    }
}

/// Append the full case folding of each character.
fn casefold(text: impl Iterator<Item = char>, out: &mut String) {
    for c in text {
        match case_fold(c) {
            Some(parts) => out.extend(parts.into_iter().take_while(|&part| part != '\0')),
            None => out.push(c),
        }
    }
}

/// What folding makes of a character, padded with NUL; none where it stays.
fn case_fold(c: char) -> Option<[char; 3]> {
    if !folds(c) {
        return None;
    }
    let at = CASE_FOLDS
        .binary_search_by_key(&c, |&(from, _)| from)
        .ok()?;
    Some(CASE_FOLDS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fold(text: &str) -> String {
        Folder::default().fold(text).to_owned()
    }

    fn fold_by_definition(text: &str) -> String {
        let mut folder = Folder::default();
        folder.fold_unstable(text);
        folder.folded
    }

    #[test]
    fn the_fast_paths_follow_the_definition_for_every_character() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert_eq!(fold(&text), fold_by_definition(&text), "{c:?}");
        }
    }

    #[test]
    fn every_character_folds_to_something_folded() {
        for c in '\0'..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }

    #[test]
    fn a_used_folder_folds_like_a_new_one() {
        let mut folder = Folder::default();
        for text in ["ABC", "\u{1f0}\u{301}", "abc", "\u{c9}", "", "\u{df}", "x"] {
            assert_eq!(folder.fold(text), fold(text));
        }
    }

    proptest! {
        #[test]
        fn the_fast_paths_follow_the_definition(text in ".{0,12}") {
            prop_assert_eq!(fold(&text), fold_by_definition(&text));
        }

        #[test]
        fn folding_is_idempotent(text in foldable()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }

    /// Text rich in characters that fold to several or compose with a neighbour.
    fn foldable() -> impl Strategy<Value = String> {
        let chars = prop_oneof![
            prop::char::range('A', 'z'),
            prop::char::range('\u{300}', '\u{345}'),
            prop::char::range('\u{370}', '\u{3ff}'),
            prop::char::range('\u{1f00}', '\u{1fff}'),
            prop::sample::select(vec!['\u{df}', '\u{130}', '\u{149}', '\u{1f0}', '\u{fb03}']),
            any::<char>(),
        ];
        prop::collection::vec(chars, 0..12).prop_map(String::from_iter)
    }
}
