//! What a run remembers of tokens when a tagger reads them: which are nouns depends on their
//! neighbours, all else on the token alone.

use super::interner::Interner;
use std::sync::Arc;
use wagidx_text::tagger::{Remembered, Tagger, Word, WordReader};
use wagidx_text::{Keyer, Tier};

/// Tokens of which the tagger's sums are remembered, the first that were seen: 2.5 MiB. Common tokens
/// come early; the others' rows are summed anew, which costs less than a table beyond the caches.
const REMEMBERED: usize = 1 << 13;
/// The term of a token that is none.
const NO_TERM: u32 = u32::MAX;

/// Distinct tokens of a run, by number.
pub(super) struct TokenTypes {
    tagger: Arc<Tagger>,
    tier: Tier,
    reader: WordReader,
    tokens: Interner,
    words: Vec<Word>,
    terms: Vec<u32>,
    remembered: Vec<Remembered>,
    /// Tokens whose key was cut: hardly ever any.
    cut: Vec<u32>,
    /// Tokens of the caption at hand.
    caption: Vec<u32>,
}

impl TokenTypes {
    pub(super) fn new(tagger: Arc<Tagger>, tier: Tier) -> Self {
        Self {
            tagger,
            tier,
            reader: WordReader::default(),
            tokens: Interner::new(),
            words: Vec::new(),
            terms: Vec::new(),
            remembered: Vec::new(),
            cut: Vec::new(),
            caption: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let types = self.words.capacity() * size_of::<Word>()
            + self.terms.capacity() * size_of::<u32>()
            + self.remembered.capacity() * size_of::<Remembered>();
        self.tokens.bytes() + types
    }

    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.words.clear();
        self.terms.clear();
        self.remembered.clear();
        self.cut.clear();
    }

    /// The number of a token; a new one is read, keyed, and its key is a term from now on.
    pub(super) fn number(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) -> u32 {
        let number = self.tokens.intern(token.as_bytes());
        if number as usize == self.words.len() {
            self.add(token, keyer, terms);
        }
        number
    }

    #[cold]
    fn add(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) {
        let word = self.reader.word(token);
        if self.remembered.len() < REMEMBERED {
            self.remembered.push(self.tagger.remember(&word));
        }
        let term = keyer.key(token, self.tier).map(|(key, cut)| {
            if cut {
                self.cut.push(self.words.len() as u32);
            }
            terms.intern(key.as_bytes())
        });
        self.words.push(word);
        self.terms.push(term.unwrap_or(NO_TERM));
    }

    /// Put the lists of a caption's terms in the place of its tokens, which stand in `lists` from
    /// `start` on. Returns how many of the keys were cut.
    pub(super) fn read(&mut self, lists: &mut Vec<u32>, start: usize) -> u64 {
        let Self {
            tagger,
            words,
            terms,
            remembered,
            cut,
            caption,
            ..
        } = self;
        caption.clear();
        caption.extend(lists.drain(start..));
        let known = |&token: &u32| remembered.get(token as usize);
        let touched = caption.iter().filter_map(known).map(Remembered::touch);
        std::hint::black_box(touched.fold(0, |seen, one| seen ^ one));
        let word = |i: usize| {
            let number = caption[i] as usize;
            (&words[number], remembered.get(number))
        };
        let mut tokens = caption.iter();
        tagger.nouns(caption.len(), word, |noun| {
            let term = tokens
                .next()
                .map_or(NO_TERM, |&token| terms[token as usize]);
            if term != NO_TERM {
                lists.push(term * 2 + u32::from(noun));
            }
        });
        if cut.is_empty() {
            return 0;
        }
        caption.iter().filter(|token| cut.contains(token)).count() as u64
    }
}
