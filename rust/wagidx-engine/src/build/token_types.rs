//! What a run remembers of tokens when a tagger reads them: which are nouns depends on their
//! neighbours, all else on the token alone.

use super::interner::Interner;
use std::sync::Arc;
use wagidx_text::tagger::{Remembered, Tagger, Word, WordReader};
use wagidx_text::{Keyer, Tier};

/// Tokens of which the tagger's sums are remembered, the first that were seen: 320 KiB. Common tokens
/// come early; the others' rows are summed anew, which costs less than a table beyond the caches.
const REMEMBERED: usize = 1 << 10;
/// The term of a token that is none.
const NO_TERM: u32 = u32::MAX;

/// What is known of a token, in a line of the cache of its own.
#[repr(align(64))]
struct TokenType {
    word: Word,
    /// Its key's term, or [`NO_TERM`].
    term: u32,
}

/// Distinct tokens of a run, by number.
pub(super) struct TokenTypes {
    tagger: Arc<Tagger>,
    tier: Tier,
    reader: WordReader,
    tokens: Interner,
    types: Vec<TokenType>,
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
            types: Vec::new(),
            remembered: Vec::new(),
            cut: Vec::new(),
            caption: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let types = self.types.capacity() * size_of::<TokenType>();
        self.tokens.bytes() + types + self.remembered.capacity() * size_of::<Remembered>()
    }

    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.types.clear();
        self.remembered.clear();
        self.cut.clear();
    }

    /// The number of a token; a new one is read, keyed, and its key is a term from now on.
    pub(super) fn number(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) -> u32 {
        let number = self.tokens.intern(token.as_bytes());
        if number as usize == self.types.len() {
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
                self.cut.push(self.types.len() as u32);
            }
            terms.intern(key.as_bytes())
        });
        let term = term.unwrap_or(NO_TERM);
        self.types.push(TokenType { word, term });
    }

    /// Put the lists of a caption's terms in the place of its tokens, which stand in `lists` from
    /// `start` on. Returns how many of the keys were cut.
    pub(super) fn read(&mut self, lists: &mut Vec<u32>, start: usize) -> u64 {
        let Self {
            tagger,
            types,
            remembered,
            cut,
            caption,
            ..
        } = self;
        caption.clear();
        caption.extend(lists.drain(start..));
        // Loads of many tokens overlap; one by one the tagger would wait for each.
        let load = |seen: i32, &token: &u32| {
            let token = token as usize;
            let sums = remembered.get(token).map_or(0, Remembered::touch);
            seen ^ types[token].term as i32 ^ i32::from(sums)
        };
        std::hint::black_box(caption.iter().fold(0, load));
        let word = |i: usize| {
            let token = caption[i] as usize;
            (&types[token].word, remembered.get(token))
        };
        let mut tokens = caption.iter();
        tagger.nouns(caption.len(), word, |noun| {
            let token = tokens.next().map(|&token| types[token as usize].term);
            if let Some(term) = token.filter(|&term| term != NO_TERM) {
                lists.push(term * 2 + u32::from(noun));
            }
        });
        if cut.is_empty() {
            return 0;
        }
        caption.iter().filter(|token| cut.contains(token)).count() as u64
    }
}
