//! The guarded lemma: the singular of a term, as if it were a noun, unless that makes no noun.
//!
//! A tagger would know whether "leaves" is a noun here. A query has none, so the lemma is a
//! function of the term alone and both numbers of a noun share a key whatever sentence they stand
//! in. In order:
//!
//! 1. Words decided by hand keep their key: the rules below would part a singular from its plural
//!    (`taxis` is also a noun of biology, `dive` the plural of diva).
//! 2. Function words stay: `as`, `was`, `has`, `does` (count("doe") would be mostly "does").
//! 3. Words in -ss stay, and words in -us or -is that are nouns themselves (`bus`, `iris`).
//! 4. Every irregular singular of the exceptions, then every suffix rule that matches, makes a
//!    form. Forms that are no noun are dropped, which turns `news` -> `new` down. Of the others
//!    the one most frequent as a noun is the lemma (`leaves`: leaf 20, leave 3), ties going to the
//!    first. Without any the word stays.
//!
//! So `jeans` is filed under `jean` and `trousers` under `trouser`: both numbers meet there, which
//! is what counts, and `scissors` and `clothes` stay, because WordNet holds no noun `scissor` or
//! `clothe`. The rules, exceptions and nouns are spaCy's (its lookups come from WordNet); the
//! choice by frequency and the guards are this crate's. Nouns younger than WordNet 3.0 are added.

pub(crate) mod lists;
mod spacy;
pub(crate) mod words;

use std::sync::LazyLock;

use crate::unicode::is_digit;
pub use spacy::spacy_noun_lemma;
pub(crate) use spacy::{asked_noun_lemma, lower_case};
use words::WordTable;

/// Suffix and replacement, in the order that decides ties.
const RULES: [(&str, &str); 9] = [
    ("s", ""),
    ("ses", "s"),
    ("ves", "f"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
];

/// Longest term, in bytes, that the tables are asked about: no noun has as many.
const LONGEST_TERM: usize = 64;

/// Nouns, each with how often WordNet's tagged texts hold it as a noun.
static NOUNS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(lists::NOUNS));
/// Irregular plurals, each with its singulars.
static EXCEPTIONS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(lists::EXCEPTIONS));
/// Nouns younger than WordNet 3.0.
static ADDED_NOUNS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(lists::ADDED_NOUNS));
/// Words whose key was decided by hand.
static FIXED_KEYS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(lists::FIXED_KEYS));
/// Words that are never taken for a plural.
static FUNCTION_WORDS: LazyLock<WordTable> =
    LazyLock::new(|| WordTable::new(lists::FUNCTION_WORDS));
/// Adjectives, adverbs and verbs that are no nouns.
static OTHER_WORDS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(lists::OTHER_WORDS));

/// The guarded lemma of a term; `form` is a buffer to reuse.
///
/// Knows singular and plural only: it lemmatises no verb and no adjective.
///
/// ```
/// use wagidx_text::guarded_lemma;
/// let form = &mut String::new();
/// assert_eq!(guarded_lemma("leaves", form), "leaf");
/// assert_eq!(guarded_lemma("bus", form), "bus");
/// assert_eq!(guarded_lemma("does", form), "does");
/// ```
pub fn guarded_lemma<'a>(term: &'a str, form: &mut String) -> &'a str {
    if term.len() > LONGEST_TERM {
        return term;
    }
    if let Some((_, key)) = FIXED_KEYS.get(term) {
        return key;
    }
    if FUNCTION_WORDS.contains(term) || ends_as_a_singular(term) {
        return term;
    }
    most_frequent_singular(term, form).unwrap_or(term)
}

/// Can a key be a noun? Not one with a digit, nor a word known and not as a noun (`striped`,
/// `her`); an unknown word can.
#[must_use]
pub fn can_be_noun(key: &str) -> bool {
    if key.chars().any(is_digit) {
        return false;
    }
    is_noun(key) || !(OTHER_WORDS.contains(key) || FUNCTION_WORDS.contains(key))
}

/// -ss, or -us or -is on a word that is a noun itself.
fn ends_as_a_singular(term: &str) -> bool {
    term.ends_with("ss") || ((term.ends_with("us") || term.ends_with("is")) && is_noun(term))
}

/// Of the forms that are nouns the one most frequent as a noun, the first among equals.
fn most_frequent_singular(term: &str, form: &mut String) -> Option<&'static str> {
    let mut best: Option<(u32, &'static str)> = None;
    let mut consider = |form: &str| {
        if let Some((count, noun)) = noun(form)
            && best.is_none_or(|(most, _)| count > most)
        {
            best = Some((count, noun));
        }
    };
    if let Some((_, singulars)) = EXCEPTIONS.get(term) {
        singulars.split(' ').for_each(&mut consider);
    }
    for (suffix, replacement) in RULES {
        if let Some(stem) = term.strip_suffix(suffix) {
            form.clear();
            form.push_str(stem);
            form.push_str(replacement);
            consider(form);
        }
    }
    best.map(|(_, noun)| noun)
}

/// A noun as it stands in the lists, with its frequency.
fn noun(form: &str) -> Option<(u32, &'static str)> {
    match NOUNS.get(form) {
        Some((noun, count)) => Some((count.parse().unwrap_or(0), noun)),
        None => ADDED_NOUNS.get(form).map(|(noun, _)| (0, noun)),
    }
}

/// How often WordNet's tagged texts hold a word as a noun, if it is one.
pub(crate) fn noun_count(word: &str) -> Option<u32> {
    noun(word).map(|(count, _)| count)
}

/// Whether a word is an irregular plural.
pub(crate) fn irregular_plural(word: &str) -> bool {
    EXCEPTIONS.contains(word)
}

fn is_noun(word: &str) -> bool {
    NOUNS.contains(word) || ADDED_NOUNS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted_without_repeats_and_fit_their_table() {
        for (name, list) in lists::ALL {
            let words: Vec<&str> = list
                .lines()
                .map(|l| l.split('\t').next().unwrap())
                .collect();
            assert!(words.is_sorted_by(|a, b| a < b), "{name} is not sorted");
            assert!(
                words
                    .iter()
                    .all(|w| !w.is_empty() && w.len() <= LONGEST_TERM),
                "{name}"
            );
            assert!(list.ends_with('\n') && list.is_ascii(), "{name}");
        }
    }

    #[test]
    fn every_frequency_is_a_number() {
        for line in lists::NOUNS.lines() {
            let (noun, count) = line.split_once('\t').unwrap();
            assert_eq!(super::noun(noun).unwrap().0, count.parse::<u32>().unwrap());
        }
    }

    #[test]
    fn every_listed_word_is_found() {
        for (name, list) in lists::ALL {
            let table = WordTable::new(list);
            for line in list.lines() {
                let word = line.split('\t').next().unwrap();
                assert_eq!(
                    table.get(word).map(|(found, _)| found),
                    Some(word),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn added_nouns_are_new() {
        let known: Vec<&str> = lists::ADDED_NOUNS
            .lines()
            .filter(|w| NOUNS.contains(w))
            .collect();
        assert!(known.is_empty(), "{known:?} stand in nouns.txt already");
    }

    #[test]
    fn nothing_is_decided_by_hand_that_the_rules_decide_alike() {
        for line in lists::FIXED_KEYS.lines() {
            let (word, key) = line.split_once('\t').unwrap();
            let ruled = if ends_as_a_singular(word) {
                None
            } else {
                most_frequent_singular(word, &mut String::new())
            };
            assert_ne!(ruled.unwrap_or(word), key, "{word}");
        }
    }

    #[test]
    fn what_can_be_a_noun() {
        for key in [
            "dog",
            "retriever",
            "xoloitzcuintli",
            "orange",
            "kayaking",
            "selfie",
        ] {
            assert!(can_be_noun(key), "{key}");
        }
        for key in [
            "747",
            "a320",
            "\u{663}",
            "braided",
            "striped",
            "underwater",
            "her",
            "to",
        ] {
            assert!(!can_be_noun(key), "{key}");
        }
    }
}
