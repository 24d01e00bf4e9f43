//! Character classes: what each character may do at the edge or in the middle of a token.
//!
//! One `u16` of class bits per character, in pages of 256 that equal pages share: two array reads
//! for any character.

use super::tables::{CLASS_BITS, PAGE_OF};

/// The class bits of a character.
#[inline]
pub(super) fn class(c: char) -> u16 {
    let code = c as usize;
    let page = PAGE_OF.get(code >> 8).copied().unwrap_or(0) as usize;
    CLASS_BITS
        .get(page << 8 | code & 0xff)
        .copied()
        .unwrap_or(0)
}

/// The class bits of an optional character; nothing belongs to no class.
#[inline]
pub(super) fn class_of(c: Option<char>) -> u16 {
    c.map_or(0, class)
}

/// Whether the last character of `s` is an ASCII digit, which is what spaCy's `[0-9]` means.
#[inline]
pub(super) fn ends_in_digit(s: &str) -> bool {
    s.as_bytes().last().is_some_and(u8::is_ascii_digit)
}
