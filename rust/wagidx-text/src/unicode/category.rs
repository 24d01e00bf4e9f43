//! What kind of character is this?
//!
//! Seven facts about a character are kept in one byte: two decide what a term is (punctuation, and
//! the categories that make a term), one what can be a noun, two where a term is cut into bigrams,
//! two tell the folder whether it may take its fast path. The Basic Multilingual Plane is expanded
//! at compile time into a direct table of 64 KiB, of which a text touches only the lines of its
//! scripts; the other planes are found by binary search.

use super::tables::PROPERTIES;

/// General category P*: stripped from the ends of a token.
const PUNCTUATION: u8 = 1;
/// General category L*, N* or So: a token without one is no term.
const KEYED: u8 = 2;
/// Normalization or a neighbour may change it, or what it folds to.
const UNSTABLE: u8 = 4;
/// Case folding changes it.
const FOLDS: u8 = 8;
/// General category Nd: a term with one cannot be a noun.
const DIGIT: u8 = 16;
/// A letter of Han, Hiragana, Katakana or Hangul: cut into bigrams where that is asked for.
const CJK: u8 = 32;
/// General category M*: belongs to the character before it.
const MARK: u8 = 64;

/// Size of the Basic Multilingual Plane, in characters.
const PLANE: usize = 0x1_0000;

static BASIC_PLANE: [u8; PLANE] = basic_plane();

/// Lay the ranges of the first plane out, one byte a character.
const fn basic_plane() -> [u8; PLANE] {
    let mut plane = [0; PLANE];
    let mut range = 0;
    while range < PROPERTIES.len() {
        let (first, last, bits) = PROPERTIES[range];
        let mut code = first as usize;
        while code <= last as usize && code < PLANE {
            plane[code] = bits;
            code += 1;
        }
        range += 1;
    }
    plane
}

/// The property bits of a character.
#[inline]
fn properties(c: char) -> u8 {
    match BASIC_PLANE.get(c as usize) {
        Some(&bits) => bits,
        None => search(c as u32),
    }
}

/// The property bits by binary search over the ranges.
fn search(code: u32) -> u8 {
    let after = PROPERTIES.partition_point(|&(first, ..)| first <= code);
    match PROPERTIES[..after].last() {
        Some(&(_, last, bits)) if code <= last => bits,
        _ => 0,
    }
}

/// Is it punctuation (general category P*)?
#[inline]
#[must_use]
pub fn is_punctuation(c: char) -> bool {
    properties(c) & PUNCTUATION != 0
}

/// Is it a letter (L*), a number (N*) or a symbol of category So, so that a token with it is a
/// term?
#[inline]
#[must_use]
pub fn is_keyed(c: char) -> bool {
    properties(c) & KEYED != 0
}

/// Is it a decimal digit (general category Nd) of any script?
#[inline]
#[must_use]
pub fn is_digit(c: char) -> bool {
    properties(c) & DIGIT != 0
}

/// Is it a letter of Han, Hiragana, Katakana or Hangul, the prolonged sound mark and the iteration
/// marks among them?
#[inline]
#[must_use]
pub fn is_cjk(c: char) -> bool {
    properties(c) & CJK != 0
}

/// Is it a mark (general category M*), variation selectors included?
#[inline]
#[must_use]
pub fn is_mark(c: char) -> bool {
    properties(c) & MARK != 0
}

/// Can neither normalization nor a neighbour change the character, folded or not?
#[inline]
pub(super) fn is_stable(c: char) -> bool {
    properties(c) & UNSTABLE == 0
}

/// Does case folding change it?
#[inline]
pub(crate) fn folds(c: char) -> bool {
    properties(c) & FOLDS != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direct_table_and_the_search_agree() {
        for c in '\0'..=char::MAX {
            assert_eq!(properties(c), search(u32::from(c)), "{c:?}");
        }
    }

    #[test]
    fn categories_of_known_characters() {
        for c in "!\"#%&'()*,-./:;?@[\\]_{}\u{2014}\u{3001}\u{201c}\u{10100}".chars() {
            assert!(is_punctuation(c) && !is_keyed(c), "{c:?}");
        }
        for c in "aZ0\u{e9}\u{bd}\u{65e5}\u{1f600}\u{a9}\u{ac00}\u{2173}".chars() {
            assert!(is_keyed(c) && !is_punctuation(c), "{c:?}");
        }
        for c in "\u{65e5}\u{3007}\u{3005}\u{3042}\u{30c4}\u{30fc}\u{d55c}\u{20000}".chars() {
            assert!(is_cjk(c) && !is_mark(c), "{c:?}");
        }
        for c in "aZ0\u{30fb}\u{3001}\u{3297}\u{3099}\u{e01}\u{1f600}".chars() {
            assert!(!is_cjk(c), "{c:?}");
        }
        for c in "\u{301}\u{3099}\u{fe0f}\u{e0100}".chars() {
            assert!(is_mark(c), "{c:?}");
        }
        for c in "$+<=>^`|~ \t\u{301}\u{200d}\u{2192}\u{a0}\u{e000}\u{378}".chars() {
            assert!(!is_keyed(c) && !is_punctuation(c), "{c:?}");
        }
    }
}
