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
    bits |= inflected(word);
    let others = others.map_or(0, |(_, count)| count);
    bits | noun_share(nouns.unwrap_or(0), others) << SHARE_SHIFT
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

/// What a word is as a regular form of another.
fn inflected(word: &str) -> u16 {
    if let Some(stem) = word.strip_suffix('s') {
        let plural = any_stem(stem, "s", |w| noun_count(w).is_some());
        let verb = any_stem(stem, "s", is_verb);
        return u16::from(plural) * PLURAL | u16::from(verb) * VERB_IN_S;
    }
    if let Some(stem) = word.strip_suffix("ed") {
        return u16::from(any_stem(stem, "ed", is_verb)) * VERB_FORM;
    }
    if let Some(stem) = word.strip_suffix("ing") {
        return u16::from(any_stem(stem, "ing", is_verb)) * VERB_IN_ING;
    }
    for ending in ["er", "est"] {
        if let Some(stem) = word.strip_suffix(ending) {
            return u16::from(any_stem(stem, "ed", is_adjective)) * ADJECTIVE_FORM;
        }
    }
    0
}

/// Whether one of the words that the rules of English make of a stem is one.
fn any_stem(stem: &str, ending: &str, is_one: impl Fn(&str) -> bool) -> bool {
    let mut made = [0u8; LONGEST];
    let mut with = |kept: &str, added: &str| {
        let end = kept.len() + added.len();
        let Some(room) = made.get_mut(..end) else {
            return false;
        };
        room[..kept.len()].copy_from_slice(kept.as_bytes());
        room[kept.len()..].copy_from_slice(added.as_bytes());
        std::str::from_utf8(room).is_ok_and(&is_one)
    };
    if with(stem, "") {
        return true;
    }
    if ending == "s" {
        // boxes, stories, knives
        return stem.strip_suffix("ie").is_some_and(|kept| with(kept, "y"))
            || stem.strip_suffix('e').is_some_and(|kept| with(kept, ""))
            || stem
                .strip_suffix("ve")
                .is_some_and(|kept| with(kept, "f") || with(kept, "fe"));
    }
    // baked, tried, stopped
    with(stem, "e")
        || stem.strip_suffix('i').is_some_and(|kept| with(kept, "y"))
        || undoubled(stem).is_some_and(|kept| with(kept, ""))
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

fn is_verb(word: &str) -> bool {
    known(word).is_some_and(|(letters, _)| letters.contains('v'))
}

fn is_adjective(word: &str) -> bool {
    known(word).is_some_and(|(letters, _)| letters.contains(['a', 'r']))
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
