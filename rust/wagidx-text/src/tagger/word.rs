//! A token as the tagger sees it: the rows of the weights that its letters choose, by where it
//! stands from the word that is being tagged.

use super::traits::{Shape, classes};
use crate::unicode::{Folder, is_digit};

/// Rows of the weights, as a power of two.
pub(super) const ROW_BITS: u32 = 15;
/// Rows of the weights.
pub(super) const ROWS: usize = 1 << ROW_BITS;

/// Number of a row of the weights.
pub(super) type Row = u16;

/// Places a word is seen from, itself first, then the one before, the one after, and so on.
pub(super) const PLACES: usize = 5;
/// Where in [`Word::rows`] the rows of each place end.
const PLACE_ENDS: [usize; PLACES] = [11, 14, 17, 19, 21];
pub(super) const WORD_ROWS: usize = PLACE_ENDS[PLACES - 1];

/// A token's features. What stands here is a function of the token alone, so it may be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    rows: [Row; WORD_ROWS],
    /// Hash of its letters, whatever their case.
    pub(super) letters: u32,
    /// Hash of its last three letters.
    pub(super) ending: u32,
    /// What the word lists call it.
    pub(super) classes: u16,
    pub(super) shape: Shape,
    /// Whether what follows begins a sentence.
    pub(super) ends_sentence: bool,
    /// Whether it is a pronoun even where it is tagged as a noun.
    pub(super) is_pronoun: bool,
}

impl Word {
    /// The rows it chooses where it stands at a place from the word being tagged.
    #[inline]
    pub(super) fn rows_at(&self, place: usize) -> &[Row] {
        let start = if place == 0 { 0 } else { PLACE_ENDS[place - 1] };
        &self.rows[start..PLACE_ENDS[place]]
    }
}

/// Makes words; holds the buffers, so that a warm one allocates nothing.
#[derive(Debug, Default)]
pub struct WordReader {
    folder: Folder,
    letters: String,
}

/// Tagged as a noun, these are pronouns: spaCy's attribute ruler says so too.
const PRONOUNS: [&str; 11] = [
    "anybody",
    "anyone",
    "anything",
    "everybody",
    "everyone",
    "everything",
    "nobody",
    "nothing",
    "somebody",
    "someone",
    "something",
];

/// Whether a token is one of the [`PRONOUNS`], in any case.
pub(super) fn is_pronoun(token: &str) -> bool {
    let mut buffer = [0; 16];
    let Some(lower) = buffer.get_mut(..token.len()) else {
        return false;
    };
    lower.copy_from_slice(token.as_bytes());
    lower.make_ascii_lowercase();
    PRONOUNS.iter().any(|pronoun| pronoun.as_bytes() == lower)
}

/// Characters at either end of a long token that are looked at.
const LOOKED_AT: usize = 32;

impl WordReader {
    /// The word that a token is. O(bytes).
    pub fn word(&mut self, token: &str) -> Word {
        let shape = Shape::of(token);
        let folded = self.folder.fold(token);
        let classes = classes(folded);
        self.letters.clear();
        self.letters
            .extend(folded.chars().map(|c| if is_digit(c) { '0' } else { c }));
        let letters = self.letters.as_str();
        Word {
            rows: rows(letters, shape, classes),
            letters: hash(letters),
            ending: hash(suffix(letters, 3)),
            classes,
            shape,
            ends_sentence: matches!(
                token,
                "." | "!" | "?" | ":" | ";" | "..." | "|" | "\u{2026}"
            ),
            is_pronoun: is_pronoun(token),
        }
    }
}

/// The rows of a word by its letters, shape and classes, place after place.
fn rows(letters: &str, shape: Shape, classes: u16) -> [Row; WORD_ROWS] {
    let ends = if letters.len() > 4 * LOOKED_AT {
        prefix(letters, LOOKED_AT)
    } else {
        letters
    };
    let word = hash(ends);
    let classes = u32::from(classes);
    let last = |n| hash(suffix(letters, n));
    let first = |n| hash(prefix(letters, n));
    let near = |place: u32| {
        let template = 16 * place;
        [
            row(template, word),
            row(template + 1, last(3)),
            row(template + 2, classes),
        ]
    };
    let far = |place: u32| [row(16 * place, word), row(16 * place + 2, classes)];
    let own = [
        row(0, word),
        row(1, last(1)),
        row(2, last(2)),
        row(3, last(3)),
        row(4, last(4)),
        row(5, first(1)),
        row(6, first(2)),
        row(7, first(3)),
        row(8, classes),
        row(9, shape as u32),
        row(10, (shape as u32) << 1 | u32::from(letters.contains('-'))),
    ];
    let mut rows = [0; WORD_ROWS];
    let all = [&own[..], &near(1), &near(2), &far(3), &far(4)];
    for (to, from) in rows.iter_mut().zip(all.into_iter().flatten()) {
        *to = *from;
    }
    rows
}

/// The row of a feature: its template and its value, hashed. Rows are shared by chance; training
/// knows it.
#[inline]
pub(super) fn row(template: u32, value: u32) -> Row {
    let both = u64::from(template) << 32 | u64::from(value);
    (both.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - ROW_BITS)) as Row
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    let step = |state: u32, byte: u8| (state ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}

/// The last `n` characters, all where there are fewer.
fn suffix(text: &str, n: usize) -> &str {
    let start = text.char_indices().rev().nth(n - 1);
    &text[start.map_or(0, |(at, _)| at)..]
}

/// The first `n` characters, all where there are fewer.
fn prefix(text: &str, n: usize) -> &str {
    let end = text.char_indices().nth(n);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pronouns_are_found() {
        let mut reader = WordReader::default();
        assert!(reader.word("Someone").is_pronoun);
        assert!(!reader.word("dog").is_pronoun);
    }

    #[test]
    fn ends_of_a_word_are_its_characters() {
        assert_eq!(
            (prefix("\u{e9}t\u{e9}", 2), suffix("\u{e9}t\u{e9}", 2)),
            ("\u{e9}t", "t\u{e9}")
        );
        assert_eq!((prefix("ab", 3), suffix("ab", 3)), ("ab", "ab"));
        assert_eq!((prefix("", 1), suffix("", 1)), ("", ""));
    }

    #[test]
    fn digits_are_alike_and_case_is_in_the_shape_alone() {
        let mut reader = WordReader::default();
        assert_eq!(reader.word("1984"), reader.word("2018"));
        assert_ne!(reader.word("1984"), reader.word("198"));
        let (lower, upper) = (reader.word("dog"), reader.word("DOG"));
        assert_eq!(lower.letters, upper.letters);
        assert_eq!(lower.rows_at(1), upper.rows_at(1));
        assert_ne!(lower.rows_at(0), upper.rows_at(0));
    }

    #[test]
    fn any_token_is_a_word() {
        let mut reader = WordReader::default();
        for token in ["", "\0", "\u{1f600}", &"x".repeat(100_000), "e\u{301}"] {
            let word = reader.word(token);
            assert!((0..PLACES).all(|place| !word.rows_at(place).is_empty()));
        }
    }
}
