//! What the word lists and the letters say of a word, whatever stands around it.

use std::sync::LazyLock;

use crate::lemma::words::WordTable;
use crate::lemma::{irregular_plural, noun_count};
use crate::unicode::{is_digit, is_keyed, is_upper};

/// Words known as anything but a noun, with what as and how often.
static WORD_CLASSES: LazyLock<WordTable> =
    LazyLock::new(|| WordTable::new(include_str!("../../data/word_classes.txt")));

/// What the letters of a token look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    /// No letter, number or symbol.
    Punctuation,
    /// Digits and no letter.
    Number,
    /// Digits and letters.
    Code,
    /// Letters, none of them a capital.
    Lower,
    /// One letter, a capital.
    Initial,
    /// A capital, and no other.
    Capital,
    /// Capitals alone, two or more.
    Upper,
    /// A capital that is not the first letter alone.
    Mixed,
}

impl Shape {
    pub(super) fn of(token: &str) -> Self {
        let (mut digits, mut uppers, mut lowers, mut first_upper) = (0u32, 0u32, 0u32, false);
        for c in token.chars() {
            if is_digit(c) {
                digits += 1;
            } else if is_upper(c) {
                first_upper |= uppers + lowers == 0;
                uppers += 1;
            } else if is_keyed(c) {
                lowers += 1;
            }
        }
        match (digits, uppers, lowers) {
            (0, 0, 0) => Self::Punctuation,
            (_, 0, 0) => Self::Number,
            (1.., _, _) => Self::Code,
            (0, 0, _) => Self::Lower,
            (0, 1, 0) => Self::Initial,
            (0, _, 0) => Self::Upper,
            (0, 1, _) if first_upper => Self::Capital,
            _ => Self::Mixed,
        }
    }

    /// Whether it is a word whose case could be chosen.
    pub(super) fn is_word(self) -> bool {
        !matches!(self, Self::Punctuation | Self::Number | Self::Code)
    }
}

/// Classes of a word in its own form, or as an inflected form of another: a bit set with the share
/// of its uses as a noun above it.
///
/// The lists are WordNet's; what is in none of them has no bit.
pub(super) fn classes(word: &str) -> u16 {
    let mut bits = 0;
    let others = known(word);
    for class in others.map_or("", |(letters, _)| letters).bytes() {
        bits |= match class {
            b'v' => VERB,
            b'a' => ADJECTIVE,
            b'r' => ADVERB,
            b'V' => VERB_FORM,
            _ => ADJECTIVE_FORM,
        };
    }
    let nouns = noun_count(word);
    bits |= u16::from(nouns.is_some()) * NOUN;
    bits |= u16::from(irregular_plural(word)) * PLURAL;
    let form = Form::of(word);
    let nouns = nouns.unwrap_or(0) + form.nouns;
    let others = others.map_or(0, |(_, count)| count) + form.others;
    bits | form.bits | noun_share(nouns, others) << SHARE_SHIFT
}

const NOUN: u16 = 1;
const VERB: u16 = 1 << 1;
const ADJECTIVE: u16 = 1 << 2;
const ADVERB: u16 = 1 << 3;
const VERB_FORM: u16 = 1 << 4;
const ADJECTIVE_FORM: u16 = 1 << 5;
const PLURAL: u16 = 1 << 6;
const VERB_IN_S: u16 = 1 << 7;
const VERB_IN_ING: u16 = 1 << 8;
const SHARE_SHIFT: u32 = 9;

/// The classes of a word that is known as anything but a noun, and how often it was seen as such.
fn known(word: &str) -> Option<(&'static str, u32)> {
    let (letters, count) = WORD_CLASSES.get(word)?.1.split_once('\t')?;
    Some((letters, count.parse().unwrap_or(0)))
}

/// What a word is as a regular form of others, and how often those were seen as nouns and otherwise.
#[derive(Default)]
struct Form {
    bits: u16,
    nouns: u32,
    others: u32,
}

impl Form {
    fn of(word: &str) -> Self {
        if let Some(stem) = word.strip_suffix('s') {
            let noun = base(stem, "s", noun_count);
            let verb = base(stem, "s", verb_count);
            return Self {
                bits: (u16::from(noun.is_some()) * PLURAL)
                    | (u16::from(verb.is_some()) * VERB_IN_S),
                nouns: noun.unwrap_or(0),
                others: verb.unwrap_or(0),
            };
        }
        let other = |ending, bit, count: fn(&str) -> Option<u32>| {
            let seen = base(word.strip_suffix(ending)?, ending, count)?;
            Some(Self {
                bits: bit,
                nouns: 0,
                others: seen,
            })
        };
        other("ed", VERB_FORM, verb_count)
            .or_else(|| other("ing", VERB_IN_ING, verb_count))
            .or_else(|| other("er", ADJECTIVE_FORM, adjective_count))
            .or_else(|| other("est", ADJECTIVE_FORM, adjective_count))
            .unwrap_or_default()
    }
}

/// How often the word was seen of which a stem with this ending is a form: the first that the rules
/// of English make and the lists know.
fn base(stem: &str, ending: &str, count: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    let mut made = [0u8; LONGEST];
    let mut with = |kept: Option<&str>, added: &str| {
        let kept = kept?;
        let room = made.get_mut(..kept.len() + added.len())?;
        room[..kept.len()].copy_from_slice(kept.as_bytes());
        room[kept.len()..].copy_from_slice(added.as_bytes());
        count(std::str::from_utf8(room).ok()?)
    };
    if ending == "s" {
        // dogs, stories, boxes, wolves, knives
        return with(Some(stem), "")
            .or_else(|| with(stem.strip_suffix("ie"), "y"))
            .or_else(|| with(stem.strip_suffix('e'), ""))
            .or_else(|| with(stem.strip_suffix("ve"), "f"))
            .or_else(|| with(stem.strip_suffix("ve"), "fe"));
    }
    // walked, baked, tried, stopped
    with(Some(stem), "")
        .or_else(|| with(Some(stem), "e"))
        .or_else(|| with(stem.strip_suffix('i'), "y"))
        .or_else(|| with(undoubled(stem), ""))
}

/// Longest word that stems are made for, in bytes.
const LONGEST: usize = 40;

/// A stem without the second of two like consonants at its end.
fn undoubled(stem: &str) -> Option<&str> {
    match stem.as_bytes() {
        [.., a, b] if a == b && a.is_ascii_alphabetic() => stem.get(..stem.len() - 1),
        _ => None,
    }
}

/// How often a verb was seen.
fn verb_count(word: &str) -> Option<u32> {
    let (letters, count) = known(word)?;
    letters.contains('v').then_some(count)
}

/// How often an adjective or adverb was seen.
fn adjective_count(word: &str) -> Option<u32> {
    let (letters, count) = known(word)?;
    letters.contains(['a', 'r']).then_some(count)
}

/// How much of what WordNet counted of a word was as a noun: 0 for nothing counted, then five steps.
fn noun_share(nouns: u32, others: u32) -> u16 {
    match (nouns, nouns + others) {
        (_, 0) => 0,
        (0, _) => 1,
        (n, all) if n == all => 5,
        (n, all) if n * 4 < all => 2,
        (n, all) if n * 4 > all * 3 => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (token, shape) in [
            ("...", Shape::Punctuation),
            ("2018", Shape::Number),
            ("1,234.5", Shape::Number),
            ("XL5000", Shape::Code),
            ("dog", Shape::Lower),
            ("\u{e9}t\u{e9}", Shape::Lower),
            ("A", Shape::Initial),
            ("Dog", Shape::Capital),
            ("\u{c9}t\u{e9}", Shape::Capital),
            ("USA", Shape::Upper),
            ("iPhone", Shape::Mixed),
            ("McDonald", Shape::Mixed),
        ] {
            assert_eq!(Shape::of(token), shape, "{token}");
        }
    }

    #[test]
    fn classes_of_words_and_of_their_forms() {
        for (word, expected) in [
            ("dog", NOUN | VERB),
            ("dogs", PLURAL | VERB_IN_S),
            ("stories", PLURAL),
            ("knives", PLURAL),
            ("running", VERB_IN_ING),
            ("baked", VERB_FORM),
            ("tried", VERB_FORM),
            ("went", VERB_FORM),
            ("bigger", ADJECTIVE_FORM),
            ("quickly", ADVERB),
        ] {
            let found = classes(word) & ((1 << SHARE_SHIFT) - 1);
            assert_eq!(found & expected, expected, "{word}: {found:b}");
        }
        assert_eq!(classes("xqzt"), 0);
    }

    #[test]
    fn shares_of_uses_as_a_noun() {
        for (nouns, others, share) in [
            (0, 0, 0),
            (0, 9, 1),
            (1, 9, 2),
            (5, 5, 3),
            (9, 1, 4),
            (7, 0, 5),
        ] {
            assert_eq!(noun_share(nouns, others), share);
        }
    }
}
