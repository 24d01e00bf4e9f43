//! The embedded word lists, one word a line, sorted by bytes.
//!
//! `nouns`, `noun_exceptions` and `other_words` are made by scripts/make_noun_tables.py; the other
//! three are written by hand. data/README.md says where each comes from and under which licence.

use super::words::WordTable;

pub(super) const NOUNS: &str = include_str!("../../data/nouns.txt");
pub(super) const EXCEPTIONS: &str = include_str!("../../data/noun_exceptions.txt");
pub(super) const ADDED_NOUNS: &str = include_str!("../../data/added_nouns.txt");
pub(super) const FIXED_KEYS: &str = include_str!("../../data/fixed_keys.txt");
pub(super) const FUNCTION_WORDS: &str = include_str!("../../data/function_words.txt");
pub(super) const OTHER_WORDS: &str = include_str!("../../data/other_words.txt");

/// Every list with its name.
pub(crate) const ALL: [(&str, &str); 6] = [
    ("nouns", NOUNS),
    ("noun_exceptions", EXCEPTIONS),
    ("added_nouns", ADDED_NOUNS),
    ("fixed_keys", FIXED_KEYS),
    ("function_words", FUNCTION_WORDS),
    ("other_words", OTHER_WORDS),
];

const _: () = {
    let mut list = 0;
    while list < ALL.len() {
        assert!(
            ALL[list].1.len() <= WordTable::MAX_TEXT,
            "a word list is too long for its table"
        );
        list += 1;
    }
};
