//! Sentences as captions write them. Treebanks are in sentence case and end with a full stop; captions
//! are in any case and rarely do. A tagger that learned on sentences alone takes every capital for a
//! name.

use std::borrow::Cow;

use super::random::Random;
use super::tag::Tag;

/// A sentence with the tag of each token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Tokens as the tokeniser cuts them.
    pub tokens: Vec<String>,
    /// As many tags.
    pub tags: Vec<Tag>,
}

/// Shares of the sentences in one case, of those that lose their final punctuation, and of those that
/// begin anywhere, as fragments do; in percent.
const LOWER: u32 = 25;
const TITLE: u32 = 13;
const UPPER: u32 = 7;
const CUT: u32 = 35;
const FRAGMENT: u32 = 20;

/// A case that a whole sentence is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recase {
    /// No capital.
    Lower,
    /// Each word begins with a capital.
    Title,
    /// Capitals alone.
    Upper,
}

impl Recase {
    /// A token in this case.
    #[must_use]
    pub fn token(self, token: &str) -> String {
        match self {
            Self::Lower => token.to_lowercase(),
            Self::Upper => token.to_uppercase(),
            Self::Title => {
                let mut chars = token.chars();
                let first = chars.next().into_iter().flat_map(char::to_uppercase);
                first.chain(chars.flat_map(char::to_lowercase)).collect()
            }
        }
    }
}

/// How one pass of training shows a sentence: its tokens, and how many of them were left out before.
pub(super) fn shown<'a>(
    sentence: &'a Sentence,
    random: &mut Random,
    tokens: &mut Vec<Cow<'a, str>>,
) -> usize {
    let case = match random.below(100) {
        n if n < LOWER => Some(Recase::Lower),
        n if n < LOWER + TITLE => Some(Recase::Title),
        n if n < LOWER + TITLE + UPPER => Some(Recase::Upper),
        _ => None,
    };
    let ended = sentence.tags.last() == Some(&Tag::PUNCT) && sentence.tags.len() > 1;
    let end = sentence.tokens.len() - usize::from(ended && random.below(100) < CUT);
    let fragment = random.below(100) < FRAGMENT;
    let start = if fragment {
        random.below(end as u32) as usize
    } else {
        0
    };
    tokens.clear();
    tokens.extend(sentence.tokens[start..end].iter().map(|token| match case {
        Some(case) => case.token(token).into(),
        None => token.as_str().into(),
    }));
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_of_a_token() {
        for (token, expected) in [
            ("dog", ["dog", "Dog", "DOG"]),
            ("McDonald", ["mcdonald", "Mcdonald", "MCDONALD"]),
            ("'s", ["'s", "'s", "'S"]),
            ("", ["", "", ""]),
        ] {
            let cases = [Recase::Lower, Recase::Title, Recase::Upper];
            assert_eq!(cases.map(|case| case.token(token)), expected);
        }
    }

    #[test]
    fn a_sentence_is_shown_in_every_case_and_keeps_its_words() {
        let sentence = Sentence {
            tokens: ["The", "dog", "ran", "."].map(str::to_owned).to_vec(),
            tags: vec![Tag::DT, Tag::NN, Tag::VBD, Tag::PUNCT],
        };
        let mut random = Random::new(1);
        let mut seen = std::collections::BTreeSet::new();
        let mut tokens = Vec::new();
        for _ in 0..2_000 {
            let start = shown(&sentence, &mut random, &mut tokens);
            let same = |(a, b): (&Cow<'_, str>, &String)| a.to_lowercase() == b.to_lowercase();
            assert!(tokens.iter().zip(&sentence.tokens[start..]).all(same));
            seen.insert(tokens.join(" "));
        }
        for text in [
            "The dog ran .",
            "the dog ran",
            "The Dog Ran .",
            "THE DOG RAN",
            "dog ran",
        ] {
            assert!(seen.contains(text), "{text}");
        }
    }
}
