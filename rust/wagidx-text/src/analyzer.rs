//! Tokens, terms and keys in one pass: the one door through which captions and queries go.
//!
//! ```
//! use wagidx_text::{Analyzer, Scratch, Tier};
//! let analyzer = Analyzer::new(Tier::Lemma);
//! let mut keys = Vec::new();
//! analyzer.concept("snow_leopards", &mut Scratch::default(), |token| {
//!     keys.push(token.key.to_owned());
//! });
//! assert_eq!(keys, ["snow", "leopard"]);
//! ```

use std::mem;
use std::ops::Range;

use crate::can_be_noun;
use crate::case::Case;
use crate::key::Keyer;
use crate::tagger::{self, Tag};
use crate::tier::Tier;
use crate::tokenizer::{self, Context, is_space};

/// One token that is a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalyzedToken<'a> {
    /// What the term is filed under: never empty, at most [`MAX_KEY_BYTES`](crate::MAX_KEY_BYTES).
    pub key: &'a str,
    /// Where the token stands in the analyzed text, in bytes, its punctuation included; of a bigram
    /// its own place.
    pub range: Range<usize>,
    /// Was the key cut to its longest length?
    pub truncated: bool,
}

/// Buffers of one thread's analysis: a warm one allocates nothing.
#[derive(Default)]
pub struct Scratch {
    tokenizer: tokenizer::Scratch,
    tokens: Vec<Range<usize>>,
    keyer: Keyer,
    concept: String,
}

/// Turns text into keys under one [`Tier`].
///
/// An analyzer holds no state between calls, so that one may serve all threads; the state that
/// makes it fast lies in each caller's [`Scratch`]. No text makes it fail. Time is linear in the
/// text but for the sorting of combining marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Analyzer {
    tier: Tier,
    bigrams: bool,
    case: Case,
}

impl Analyzer {
    /// An analyzer of this tier. The word lists load on the first lemma.
    #[must_use]
    pub fn new(tier: Tier) -> Self {
        Self {
            tier,
            bigrams: false,
            case: Case::Fold,
        }
    }

    /// The same analyzer, which cuts Han, Hiragana, Katakana and Hangul into bigrams or leaves them.
    #[must_use]
    pub fn with_bigrams(self, bigrams: bool) -> Self {
        Self { bigrams, ..self }
    }

    /// The same analyzer with these keys. The study's are of nouns, so their tier is [`Tier::Noun`], and
    /// hold nothing that bigrams could be of.
    #[must_use]
    pub fn with_case(self, case: Case) -> Self {
        Self { case, ..self }
    }

    /// Whose keys it makes.
    #[must_use]
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether it cuts Han, Hiragana, Katakana and Hangul into bigrams.
    #[must_use]
    pub fn has_bigrams(&self) -> bool {
        self.bigrams
    }

    /// The tier.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Whether an index of this tier tells nouns from other words. Who tells is not the analyzer's
    /// matter: a tagger reads captions, and nothing reads concepts.
    #[must_use]
    pub fn has_readings(&self) -> bool {
        match self.tier {
            Tier::Surface | Tier::Lemma => false,
            Tier::Noun => true,
        }
    }

    /// Whether a concept's last term can be asked for as a noun: not with a digit in it, and not
    /// where the word lists know it as something else only.
    #[must_use]
    pub fn can_be_noun(&self, key: &str) -> bool {
        can_be_noun(key)
    }

    /// Analyze one chunk without white space; ranges are relative to it.
    ///
    /// Hands each term to `sink`, in order. A text whose chunks are all [`Context::Free`] has the
    /// terms of its chunks; one with a [`Context::Bound`] chunk needs [`Analyzer::text`].
    pub fn chunk(
        &self,
        chunk: &str,
        scratch: &mut Scratch,
        sink: impl FnMut(AnalyzedToken<'_>),
    ) -> (usize, Context) {
        let Scratch {
            tokenizer, tokens, ..
        } = scratch;
        tokens.clear();
        let context = tokenizer::tokenize_in_context(chunk, tokenizer, tokens);
        self.keys(chunk, scratch, sink);
        (scratch.tokens.len(), context)
    }

    /// Analyze a whole text; ranges are relative to it.
    ///
    /// Hands each term to `sink`, in order, and returns the number of tokens, terms or not, that are
    /// no white space. Of the study's keys, which depend on a tag, every one a token could have.
    pub fn text(
        &self,
        text: &str,
        scratch: &mut Scratch,
        sink: impl FnMut(AnalyzedToken<'_>),
    ) -> usize {
        scratch.tokens.clear();
        tokenizer::tokenize(text, &mut scratch.tokenizer, &mut scratch.tokens);
        match self.case {
            Case::Fold => self.keys(text, scratch, sink),
            Case::Paper => self.paper_keys(text, scratch, sink, every_paper_key),
        }
        let space = |range: &&Range<usize>| text[(*range).clone()].starts_with(is_space);
        scratch.tokens.len() - scratch.tokens.iter().filter(space).count()
    }

    /// Cut one chunk without white space into tokens, terms or not, and hand each to `sink` together
    /// with what makes keys.
    pub fn chunk_tokens(
        &self,
        chunk: &str,
        scratch: &mut Scratch,
        mut sink: impl FnMut(&str, &mut Keyer),
    ) -> (usize, Context) {
        let Scratch {
            tokenizer,
            tokens,
            keyer,
            ..
        } = scratch;
        tokens.clear();
        let context = tokenizer::tokenize_in_context(chunk, tokenizer, tokens);
        for range in tokens.iter() {
            sink(chunk.get(range.clone()).unwrap_or_default(), keyer);
        }
        (tokens.len(), context)
    }

    /// Cut a whole text into tokens, as [`Analyzer::chunk_tokens`]; `None` stands for white space.
    pub fn tokens(
        &self,
        text: &str,
        scratch: &mut Scratch,
        mut sink: impl FnMut(Option<&str>, &mut Keyer),
    ) {
        let Scratch {
            tokenizer,
            tokens,
            keyer,
            ..
        } = scratch;
        tokens.clear();
        tokenizer::tokenize(text, tokenizer, tokens);
        for range in tokens.iter() {
            let token = text.get(range.clone()).unwrap_or_default();
            sink((!token.starts_with(is_space)).then_some(token), keyer);
        }
    }

    /// Analyze a concept: a text in which `_` is a blank. Repeated terms stay; ranges are relative
    /// to the concept.
    pub fn concept(
        &self,
        concept: &str,
        scratch: &mut Scratch,
        sink: impl FnMut(AnalyzedToken<'_>),
    ) {
        let mut text = mem::take(&mut scratch.concept);
        text.clear();
        if concept.as_bytes().contains(&b'_') {
            text.extend(concept.chars().map(|c| if c == '_' { ' ' } else { c }));
        } else {
            text.push_str(concept);
        }
        scratch.tokens.clear();
        tokenizer::tokenize(&text, &mut scratch.tokenizer, &mut scratch.tokens);
        match self.case {
            Case::Fold => self.keys(&text, scratch, sink),
            Case::Paper => self.paper_keys(&text, scratch, sink, |token, keyer, sink| {
                if let Some((key, truncated)) = keyer.paper_concept(token) {
                    sink(key, truncated);
                }
            }),
        }
        scratch.concept = text;
    }

    /// Hand each key of a token of a caption to `sink` whose kind of noun is told (see
    /// [`Tag::noun_kind`]), with whether it is a noun and whether the key was cut.
    pub fn tagged_keys(
        &self,
        token: &str,
        kind: u8,
        keyer: &mut Keyer,
        mut sink: impl FnMut(&str, bool, bool),
    ) {
        let tag = Tag::of_noun_kind(kind);
        if self.case == Case::Fold {
            let noun = tag.is_some_and(|tag| tagger::is_noun(token, tag));
            self.token_keys(token, keyer, |_, key, cut| sink(key, noun, cut));
        } else if let Some((key, cut)) = tag.and_then(|tag| keyer.paper(token, tag)) {
            sink(key, true, cut);
        }
    }

    /// Hand each key of a token to `sink`, in order, with its place there and whether it was cut: one
    /// where the token is a term, none where it is not, several where it is cut into bigrams.
    #[inline]
    pub fn token_keys(
        &self,
        token: &str,
        keyer: &mut Keyer,
        mut sink: impl FnMut(Range<usize>, &str, bool),
    ) {
        if self.bigrams {
            keyer.bigrams(token, self.tier, sink);
        } else if let Some((key, truncated)) = keyer.key(token, self.tier) {
            sink(0..token.len(), key, truncated);
        }
    }

    /// As [`Analyzer::keys`], with `keys_of` to make them.
    fn paper_keys(
        &self,
        text: &str,
        scratch: &mut Scratch,
        mut sink: impl FnMut(AnalyzedToken<'_>),
        keys_of: impl Fn(&str, &mut Keyer, &mut dyn FnMut(&str, bool)),
    ) {
        let Scratch { tokens, keyer, .. } = scratch;
        for range in tokens.iter() {
            let token = text.get(range.clone()).unwrap_or_default();
            if token.starts_with(is_space) {
                continue;
            }
            keys_of(token, keyer, &mut |key, truncated| {
                let range = range.clone();
                sink(AnalyzedToken {
                    key,
                    range,
                    truncated,
                });
            });
        }
    }

    /// Hand the keys of every token in `scratch` to `sink`.
    fn keys(&self, text: &str, scratch: &mut Scratch, mut sink: impl FnMut(AnalyzedToken<'_>)) {
        let Scratch { tokens, keyer, .. } = scratch;
        for range in tokens.iter() {
            let token = text.get(range.clone()).unwrap_or_default();
            self.token_keys(token, keyer, |within, key, truncated| {
                sink(AnalyzedToken {
                    key,
                    range: range.start + within.start..range.start + within.end,
                    truncated,
                });
            });
        }
    }
}

/// Every key the study could have filed a token under, whichever kind of noun it is.
fn every_paper_key(token: &str, keyer: &mut Keyer, sink: &mut dyn FnMut(&str, bool)) {
    for tag in [Tag::NN, Tag::NNS, Tag::NNP] {
        if let Some((key, truncated)) = keyer.paper(token, tag) {
            sink(key, truncated);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(tier: Tier, concept: &str) -> Vec<String> {
        let mut keys = Vec::new();
        Analyzer::new(tier).concept(concept, &mut Scratch::default(), |token| {
            keys.push(token.key.to_owned());
        });
        keys
    }

    #[test]
    fn a_concept_is_read_term_by_term() {
        for (concept, expected) in [
            ("golden retriever", ["golden", "retriever"].as_slice()),
            ("Golden_Retrievers", &["golden", "retriever"]),
            ("chow chow", &["chow", "chow"]),
            ("golf-ball", &["golf", "ball"]),
            ("(men)", &["man"]),
            ("", &[]),
            (" _ - ", &[]),
        ] {
            assert_eq!(keys(Tier::Lemma, concept), expected, "{concept:?}");
        }
        assert_eq!(
            keys(Tier::Surface, "Golden_Retrievers"),
            ["golden", "retrievers"]
        );
    }

    #[test]
    fn ranges_find_the_tokens_and_every_token_is_counted() {
        let text = "Two dogs, one b\u{e4}ll.";
        let mut found = Vec::new();
        let count = Analyzer::new(Tier::Lemma).text(text, &mut Scratch::default(), |token| {
            found.push((token.key.to_owned(), &text[token.range]));
        });
        assert_eq!(count, 6);
        let expected = [
            ("two", "Two"),
            ("dog", "dogs"),
            ("one", "one"),
            ("b\u{e4}ll", "b\u{e4}ll"),
        ];
        assert_eq!(found, expected.map(|(key, token)| (key.to_owned(), token)));
    }

    #[test]
    fn bigrams_find_their_place() {
        let text = "\u{300c}T\u{30b7}\u{30e3}\u{30c4}\u{300d}dogs";
        for tier in Tier::ALL {
            let mut found = Vec::new();
            let analyzer = Analyzer::new(tier).with_bigrams(true);
            analyzer.text(text, &mut Scratch::default(), |token| {
                found.push((token.key.to_owned(), &text[token.range]));
            });
            let dog = if tier == Tier::Surface { "dogs" } else { "dog" };
            let expected = [
                ("t", "T"),
                ("\u{30b7}\u{30e3}", "\u{30b7}\u{30e3}"),
                ("\u{30e3}\u{30c4}", "\u{30e3}\u{30c4}"),
                (dog, "\u{300d}dogs"),
            ];
            assert_eq!(found, expected.map(|(key, token)| (key.to_owned(), token)));
        }
    }

    #[test]
    fn a_long_token_is_cut_and_says_so() {
        let text = "x".repeat(300);
        Analyzer::new(Tier::Surface).chunk(&text, &mut Scratch::default(), |token| {
            assert_eq!(
                (token.key.len(), token.range, token.truncated),
                (255, 0..300, true)
            );
        });
    }

    proptest! {
        #[test]
        fn a_used_scratch_changes_nothing(texts in prop::collection::vec(any::<String>(), 0..6)) {
            let analyzer = Analyzer::new(Tier::Lemma);
            let mut used = Scratch::default();
            for text in &texts {
                let (mut warm, mut cold) = (Vec::new(), Vec::new());
                analyzer.text(text, &mut used, |t| warm.push((t.key.to_owned(), t.range)));
                analyzer.text(text, &mut Scratch::default(), |t| {
                    cold.push((t.key.to_owned(), t.range));
                });
                prop_assert_eq!(warm, cold);
            }
        }
    }
}
