//! What a run remembers of tokens when a tagger reads them: which are nouns depends on their
//! neighbours, all else on the token alone.

use super::interner::Interner;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use wagidx_text::tagger::{Remembered, Tagger, Word, WordReader};
use wagidx_text::{Analyzer, Case, Keyer};

/// Tokens of which the tagger's sums are remembered, the first that were seen: 320 KiB. Common tokens
/// come early; the others' rows are summed anew, which costs less than a table beyond the caches.
const REMEMBERED: usize = 1 << 10;
/// The term of a token that is none.
const NO_TERM: u32 = u32::MAX;
/// The term of a token that has several: they stand aside.
const SEVERAL: u32 = u32::MAX - 1;

/// A term that was not asked for yet.
const UNKNOWN: u32 = u32::MAX - 2;

/// What is known of a token, in a line of the cache of its own.
#[repr(align(64))]
struct TokenType {
    word: Word,
    /// Its key's term, or [`NO_TERM`], or [`SEVERAL`].
    term: u32,
}

/// Distinct tokens of a run, by number.
pub(super) struct TokenTypes {
    tagger: Arc<Tagger>,
    analyzer: Analyzer,
    reader: WordReader,
    tokens: Interner,
    types: Vec<TokenType>,
    remembered: Vec<Remembered>,
    /// Terms of each token by the kind of noun, where keys depend on it.
    by_kind: Vec<[u32; 3]>,
    keyer: Keyer,
    /// Where in `terms` those of a token with several stand: only bigrams make such.
    several: HashMap<u32, Range<usize>, FixedState>,
    terms: Vec<u32>,
    /// Tokens whose key was cut, once for each such key: hardly ever any.
    cut: Vec<u32>,
    /// Tokens of the caption at hand.
    caption: Vec<u32>,
}

impl TokenTypes {
    pub(super) fn new(tagger: Arc<Tagger>, analyzer: Analyzer) -> Self {
        Self {
            tagger,
            analyzer,
            reader: WordReader::default(),
            tokens: Interner::new(),
            types: Vec::new(),
            remembered: Vec::new(),
            by_kind: Vec::new(),
            keyer: Keyer::default(),
            several: HashMap::default(),
            terms: Vec::new(),
            cut: Vec::new(),
            caption: Vec::new(),
        }
    }

    /// The same tagger without anything remembered, and without the room for it.
    pub(super) fn anew(self) -> Self {
        Self::new(self.tagger, self.analyzer)
    }

    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let types = self.types.capacity() * size_of::<TokenType>();
        let by_kind = self.by_kind.capacity() * size_of::<[u32; 3]>();
        let several = by_kind
            + self.several.capacity() * size_of::<(u32, Range<usize>)>()
            + self.terms.capacity() * size_of::<u32>();
        self.tokens.bytes() + types + several + self.remembered.capacity() * size_of::<Remembered>()
    }

    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.types.clear();
        self.remembered.clear();
        self.by_kind.clear();
        self.several.clear();
        self.terms.clear();
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
        if self.analyzer.case() == Case::Paper {
            self.by_kind.push([UNKNOWN; 3]);
            let term = NO_TERM;
            self.types.push(TokenType { word, term });
            return;
        }
        let number = self.types.len() as u32;
        let start = self.terms.len();
        self.analyzer.token_keys(token, keyer, |_, key, cut| {
            self.terms.push(terms.intern(key.as_bytes()));
            self.cut.extend(cut.then_some(number));
        });
        let term = match self.terms.len() - start {
            0 => NO_TERM,
            1 => self.terms.pop().unwrap_or(NO_TERM),
            _ => {
                self.several.insert(number, start..self.terms.len());
                SEVERAL
            }
        };
        self.types.push(TokenType { word, term });
    }

    /// Put the lists of a caption's terms in the place of its tokens, which stand in `lists` from
    /// `start` on. Returns how many of the keys were cut.
    pub(super) fn read(&mut self, lists: &mut Vec<u32>, start: usize, terms: &mut Interner) -> u64 {
        if self.analyzer.case() == Case::Paper {
            return self.read_paper(lists, start, terms);
        }
        let Self {
            tagger,
            types,
            remembered,
            several,
            terms,
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
            let Some(&token) = tokens.next() else { return };
            let list = |term: u32| term * 2 + u32::from(noun);
            match types[token as usize].term {
                NO_TERM => {}
                SEVERAL => {
                    let several = several.get(&token).cloned().unwrap_or_default();
                    lists.extend(terms[several].iter().map(|&term| list(term)));
                }
                term => lists.push(list(term)),
            }
        });
        if cut.is_empty() {
            return 0;
        }
        let cut_of = |token: &u32| cut.iter().filter(|&cut| cut == token).count() as u64;
        caption.iter().map(cut_of).sum()
    }

    /// The same under the study's keys: of nouns only, and by the kind of noun.
    fn read_paper(&mut self, lists: &mut Vec<u32>, start: usize, terms: &mut Interner) -> u64 {
        self.caption.clear();
        self.caption.extend(lists.drain(start..));
        let (caption, types, remembered) = (&self.caption, &self.types, &self.remembered);
        let (by_kind, keyer, cut) = (&mut self.by_kind, &mut self.keyer, &mut self.cut);
        let word = |i: usize| {
            let token = caption[i] as usize;
            (&types[token].word, remembered.get(token))
        };
        let (mut tokens, mut cuts) = (caption.iter(), 0);
        self.tagger.tags(caption.len(), word, |tag| {
            let Some(&token) = tokens.next() else { return };
            let Some(kind) = tag.noun_kind().checked_sub(1) else {
                return;
            };
            let term = &mut by_kind[token as usize][usize::from(kind)];
            if *term == UNKNOWN {
                *term = NO_TERM;
                let text = std::str::from_utf8(self.tokens.get(token)).unwrap_or_default();
                if let Some((key, is_cut)) = keyer.paper(text, tag) {
                    *term = terms.intern(key.as_bytes());
                    cut.extend(is_cut.then_some(*term));
                }
            }
            if *term != NO_TERM {
                lists.push(*term * 2 + 1);
                cuts += u64::from(cut.contains(term));
            }
        });
        cuts
    }
}
