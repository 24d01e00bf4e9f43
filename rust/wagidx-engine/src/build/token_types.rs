//! What a run caches about tokens when a tagger reads them: which are nouns depends on their
//! neighbours, everything else on the token alone.

use super::interner::Interner;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use wagidx_text::tagger::{Remembered, Tag, Tagger, Word, WordReader};
use wagidx_text::{Analyzer, Case, Keyer};

/// Tokens of which the tagger's sums are remembered, the first that were seen: 320 KiB. Common tokens
/// come early; the rows of the others are summed each time, which costs less than a table that does
/// not fit the processor's caches.
const REMEMBERED: usize = 1 << 10;
/// In the place of a term: the token has none.
const NO_TERM: u32 = u32::MAX;
/// In the place of a term: the token has several, which are stored apart.
const SEVERAL: u32 = u32::MAX - 1;
/// In the place of a term: it was not asked for yet.
const UNKNOWN: u32 = u32::MAX - 2;
/// The kind of noun under which a token's keys are counted where they do not depend on it.
const ANY_KIND: u8 = 0;

/// What is known about a token, in a cache line of its own.
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
    words: Words,
    /// Terms of each token by the kind of noun, where keys depend on it.
    by_kind: Vec<[u32; 3]>,
    keyer: Keyer,
    /// The terms of each token with several, as a range of `terms`: only bigrams make such tokens.
    several: HashMap<u32, Range<usize>, FixedState>,
    terms: Vec<u32>,
    /// How many keys of a token, read as a kind of noun, were cut; tokens without a cut key, which is
    /// nearly all of them, are not in it.
    cut_keys: HashMap<(u32, u8), u64, FixedState>,
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
            words: Words::default(),
            by_kind: Vec::new(),
            keyer: Keyer::default(),
            several: HashMap::default(),
            terms: Vec::new(),
            cut_keys: HashMap::default(),
            caption: Vec::new(),
        }
    }

    /// The same tagger with nothing cached and nothing allocated.
    pub(super) fn anew(self) -> Self {
        Self::new(self.tagger, self.analyzer)
    }

    /// Whether it must not take the tokens of more than one further caption.
    pub(super) fn is_full(&self) -> bool {
        self.tokens.is_full()
    }

    fn len(&self) -> usize {
        self.words.types.len()
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let by_kind = self.by_kind.capacity() * size_of::<[u32; 3]>();
        let several = self.several.capacity() * size_of::<(u32, Range<usize>)>()
            + self.terms.capacity() * size_of::<u32>();
        self.tokens.bytes() + self.words.bytes() + by_kind + several
    }

    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.words.types.clear();
        self.words.remembered.clear();
        self.by_kind.clear();
        self.several.clear();
        self.terms.clear();
        self.cut_keys.clear();
    }

    /// The number of a token; a new one is read and keyed, and its key becomes a term.
    pub(super) fn number(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) -> u32 {
        let number = self.tokens.intern(token.as_bytes());
        if number as usize == self.len() {
            self.add(token, keyer, terms);
        }
        number
    }

    #[cold]
    fn add(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) {
        let word = self.reader.word(token);
        if self.words.remembered.len() < REMEMBERED {
            self.words.remembered.push(self.tagger.remember(&word));
        }
        let term = if self.analyzer.case() == Case::Paper {
            self.by_kind.push([UNKNOWN; 3]);
            NO_TERM
        } else {
            self.terms_of(token, keyer, terms)
        };
        self.words.types.push(TokenType { word, term });
    }

    /// The term of a new token whose keys do not depend on the kind of noun, [`NO_TERM`] or
    /// [`SEVERAL`].
    fn terms_of(&mut self, token: &str, keyer: &mut Keyer, terms: &mut Interner) -> u32 {
        let number = self.len() as u32;
        let start = self.terms.len();
        let mut cut_keys = 0;
        self.analyzer.token_keys(token, keyer, |_, key, cut| {
            self.terms.push(terms.intern(key.as_bytes()));
            cut_keys += u64::from(cut);
        });
        if cut_keys > 0 {
            self.cut_keys.insert((number, ANY_KIND), cut_keys);
        }
        match self.terms.len() - start {
            0 => NO_TERM,
            1 => self.terms.pop().unwrap_or(NO_TERM),
            _ => {
                self.several.insert(number, start..self.terms.len());
                SEVERAL
            }
        }
    }

    /// Put the lists of a caption's terms in the place of its tokens, which stand in `lists` from
    /// `start` on. Returns how many of the keys were cut.
    pub(super) fn read(&mut self, lists: &mut Vec<u32>, start: usize, terms: &mut Interner) -> u64 {
        self.caption.clear();
        self.caption.extend(lists.drain(start..));
        self.words.preload(&self.caption);
        if self.analyzer.case() == Case::Paper {
            self.push_nouns_by_kind(lists, terms)
        } else {
            self.push_by_reading(lists)
        }
    }

    /// Append the lists of every token: that of its term as a noun, or that of the term otherwise.
    fn push_by_reading(&self, lists: &mut Vec<u32>) -> u64 {
        let word = |i: usize| self.words.word(self.caption[i]);
        let mut tokens = self.caption.iter();
        self.tagger.nouns(self.caption.len(), word, |noun| {
            let Some(&token) = tokens.next() else { return };
            let list = |term: u32| term * 2 + u32::from(noun);
            match self.words.types[token as usize].term {
                NO_TERM => {}
                SEVERAL => {
                    let several = self.several.get(&token).cloned().unwrap_or_default();
                    lists.extend(self.terms[several].iter().map(|&term| list(term)));
                }
                term => lists.push(list(term)),
            }
        });
        if self.cut_keys.is_empty() {
            return 0;
        }
        let cut_keys = |&token: &u32| self.cut_keys.get(&(token, ANY_KIND));
        self.caption.iter().filter_map(cut_keys).sum()
    }

    /// Append the lists of nouns only, under the study's keys, which depend on the kind of noun.
    fn push_nouns_by_kind(&mut self, lists: &mut Vec<u32>, terms: &mut Interner) -> u64 {
        let (caption, words, tokens) = (&self.caption, &self.words, &self.tokens);
        let (by_kind, keyer, cut_keys) = (&mut self.by_kind, &mut self.keyer, &mut self.cut_keys);
        let (mut left, mut cuts) = (caption.iter(), 0);
        let word = |i: usize| words.word(caption[i]);
        self.tagger.tags(caption.len(), word, |tag| {
            let Some(&token) = left.next() else { return };
            let kind = tag.noun_kind();
            let Some(column) = kind.checked_sub(1) else {
                return;
            };
            let term = &mut by_kind[token as usize][usize::from(column)];
            if *term == UNKNOWN {
                let (found, cut) = noun_term(tokens.get(token), tag, keyer, terms);
                *term = found;
                if cut {
                    cut_keys.insert((token, kind), 1);
                }
            }
            if *term != NO_TERM {
                lists.push(*term * 2 + 1);
                cuts += cut_keys.get(&(token, kind)).copied().unwrap_or(0);
            }
        });
        cuts
    }
}

/// The term of a token with a noun's tag under the study's key, and whether the key was cut.
#[cold]
fn noun_term(token: &[u8], tag: Tag, keyer: &mut Keyer, terms: &mut Interner) -> (u32, bool) {
    let text = std::str::from_utf8(token).unwrap_or_default();
    match keyer.paper(text, tag) {
        Some((key, cut)) => (terms.intern(key.as_bytes()), cut),
        None => (NO_TERM, false),
    }
}

/// What the tagger asks of each token, by number.
#[derive(Default)]
struct Words {
    types: Vec<TokenType>,
    /// The tagger's sums, of the first tokens only.
    remembered: Vec<Remembered>,
}

impl Words {
    fn bytes(&self) -> usize {
        self.types.capacity() * size_of::<TokenType>()
            + self.remembered.capacity() * size_of::<Remembered>()
    }

    #[inline]
    fn word(&self, token: u32) -> (&Word, Option<&Remembered>) {
        let token = token as usize;
        (&self.types[token].word, self.remembered.get(token))
    }

    /// Load what is known of many tokens: these loads overlap, where the tagger would wait for each.
    #[inline]
    fn preload(&self, caption: &[u32]) {
        let load = |seen: i32, &token: &u32| {
            let token = token as usize;
            let sums = self.remembered.get(token).map_or(0, Remembered::touch);
            seen ^ self.types[token].term as i32 ^ i32::from(sums)
        };
        std::hint::black_box(caption.iter().fold(0, load));
    }
}
