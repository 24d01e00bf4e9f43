//! One run: rows analysed into (list, row) pairs, sorted by list, written as a segment.
//!
//! Captions repeat their white-space chunks far more than they bring new ones, so each distinct chunk
//! is tokenised and keyed once per run and its lists are cached; with a tagger, its tokens are, because
//! which of them are nouns depends on the caption. Analysis is a function of the chunk alone, and
//! tagging of the caption, so neither the cache nor the run shows in the answers.

use super::batch::Batch;
use super::byte_map::Probe;
use super::chunk_cache::{Chunk, ChunkCache};
use super::interner::Interner;
use super::occurrences::{ListBuffer, Occurrence, Occurrences};
use super::row::{MAX_CAPTION_BYTES, Row};
use super::token_types::TokenTypes;
use super::unit::{BuildStats, RunOptions};
use crate::{Error, Result};
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use wagidx_segment::{Features, SegmentWriter, TermLists};
use wagidx_text::{AnalyzedToken, Analyzer, Context, Scratch, chunks};

/// Rows of a full run.
pub(super) const RUN_ROWS: usize = 1 << 20;
/// A run with this many (list, row) pairs ends early: captions far longer than usual.
const RUN_PAIRS: usize = 1 << 24;
/// Bytes a term takes while lists are sorted and the dictionary is written: its prefix and number, the
/// spans of two lists, an entry.
const SORTING_A_TERM: usize = 80;

/// The rows of a run so far.
pub(super) struct Run {
    analyzer: Analyzer,
    /// Whether term positions are stored.
    positions: bool,
    memory: usize,
    scratch: Scratch,
    terms: Interner,
    /// With a tagger, the tokens that terms stand for.
    types: Option<TokenTypes>,
    batch: Batch,
    chunks: ChunkCache,
    /// Lists of all rows, one after the other: twice the term's number, plus one for a noun.
    lists: Vec<u32>,
    row_ends: Vec<u32>,
    absent: Vec<u32>,
}

impl Run {
    pub(super) fn new(options: RunOptions) -> Self {
        Self {
            analyzer: options.analyzer,
            positions: options.positions,
            memory: options.memory,
            types: options
                .tagger
                .map(|tagger| TokenTypes::new(tagger, options.analyzer)),
            scratch: Scratch::default(),
            terms: Interner::new(),
            batch: Batch::default(),
            chunks: ChunkCache::new(),
            lists: Vec::new(),
            row_ends: Vec::new(),
            absent: Vec::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.row_ends.len() + self.batch.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows() >= RUN_ROWS
            || self.lists.len() >= RUN_PAIRS
            || self.terms.is_full()
            || self.types.as_ref().is_some_and(TokenTypes::is_full)
            || self.bytes() >= self.memory
    }

    /// Memory it takes until it is written, and at most while it is.
    fn bytes(&self) -> usize {
        let rows = self.row_ends.capacity() + self.absent.capacity();
        let placed = if self.positions {
            size_of::<Occurrence>()
        } else {
            size_of::<u32>()
        };
        let sorting = self.lists.len() * placed + self.terms.len() * SORTING_A_TERM;
        let kept = (self.lists.capacity() + rows) * size_of::<u32>();
        let types = self.types.as_ref().map_or(0, TokenTypes::bytes);
        kept + self.terms.bytes() + types + self.chunks.bytes() + sorting
    }

    pub(super) fn push(&mut self, row: Row<'_>, stats: &mut BuildStats) -> Result<()> {
        stats.rows += 1;
        match row {
            Row::Caption(bytes) if bytes.len() <= MAX_CAPTION_BYTES => {
                stats.captions += 1;
                self.push_caption(bytes, stats);
            }
            Row::Tagged(bytes, nouns) if bytes.len() <= MAX_CAPTION_BYTES => {
                stats.captions += 1;
                self.settle(stats);
                self.push_tagged(bytes, nouns, stats)?;
            }
            Row::Caption(_) | Row::Tagged(..) | Row::Malformed => {
                stats.malformed += 1;
                self.push_absent();
            }
            Row::Null => {
                stats.nulls += 1;
                self.push_absent();
            }
            Row::Filtered => {
                stats.filtered += 1;
                self.push_absent();
            }
        }
        if self.batch.is_due() {
            self.settle(stats);
        }
        Ok(())
    }

    fn push_absent(&mut self) {
        self.absent.push(self.rows() as u32);
        self.batch.push("");
    }

    fn push_caption(&mut self, bytes: &[u8], stats: &mut BuildStats) {
        let text = decoded(bytes, stats);
        self.push_text(&text, stats);
    }

    /// Append the row of a caption whose nouns are given, token by token.
    fn push_tagged(&mut self, bytes: &[u8], nouns: &[u8], stats: &mut BuildStats) -> Result<()> {
        let text = decoded(bytes, stats);
        let (terms, lists) = (&mut self.terms, &mut self.lists);
        let (mut number, mut tokens) = (0, 0);
        let analyzer = self.analyzer;
        self.analyzer
            .tokens(&text, &mut self.scratch, |token, keyer| {
                let kind = nouns.get(number).copied().unwrap_or(0);
                number += 1;
                let Some(token) = token else { return };
                tokens += 1;
                analyzer.tagged_keys(token, kind, keyer, |key, noun, cut| {
                    lists.push(terms.intern(key.as_bytes()) * 2 + u32::from(noun));
                    stats.truncated_keys += u64::from(cut);
                });
            });
        if number != nouns.len() {
            return Err(Error::Argument(format!(
                "a caption of {number} tokens has tags for {}: {text:?}",
                nouns.len()
            )));
        }
        stats.tokens += tokens;
        self.row_ends.push(self.lists.len() as u32);
        Ok(())
    }

    /// Let a caption wait for others; a long one has look-ups enough to overlap by itself, and may not
    /// fit a batch.
    fn push_text(&mut self, text: &str, stats: &mut BuildStats) {
        if text.len() <= Batch::LONGEST {
            self.batch.push(text);
        } else {
            self.settle(stats);
            let probe = |range: Range<usize>| {
                let probe = Probe::new(text.as_bytes(), range.start, range.len());
                (probe, &text[range])
            };
            self.push_row(text, chunks(text).map(probe), stats);
        }
    }

    /// Look up the captions that wait.
    fn settle(&mut self, stats: &mut BuildStats) {
        let mut batch = std::mem::take(&mut self.batch);
        batch.split();
        self.chunks.touch(batch.chunks());
        for (caption, chunks) in batch.captions() {
            let chunks = chunks
                .iter()
                .map(|chunk| (chunk.probe, batch.text_of(chunk)));
            self.push_row(caption, chunks, stats);
        }
        batch.clear();
        self.batch = batch;
    }

    /// Append the row of a caption with these chunks.
    #[inline]
    fn push_row<'a>(
        &mut self,
        caption: &str,
        chunks: impl Iterator<Item = (Probe, &'a str)>,
        stats: &mut BuildStats,
    ) {
        let (start, truncated) = (self.lists.len(), stats.truncated_keys);
        let (mut tokens, mut bound) = (0, false);
        for (probe, chunk) in chunks {
            let known = match self.chunks.get(probe, chunk, &mut self.lists) {
                Some(known) => known,
                None => self.push_new_chunk(probe, chunk, stats),
            };
            tokens += u64::from(known.tokens);
            bound |= known.bound;
        }
        if bound {
            self.lists.truncate(start);
            stats.truncated_keys = truncated;
            tokens = self.analyze_text(caption, stats);
        }
        if let Some(types) = &mut self.types {
            stats.truncated_keys += types.read(&mut self.lists, start, &mut self.terms);
        }
        stats.tokens += tokens;
        self.row_ends.push(self.lists.len() as u32);
    }

    /// Append the lists of a chunk that is not cached, and cache them where that pays.
    #[cold]
    fn push_new_chunk(&mut self, probe: Probe, chunk: &str, stats: &mut BuildStats) -> Chunk {
        let start = self.lists.len();
        let (terms, lists) = (&mut self.terms, &mut self.lists);
        let (tokens, context) = match &mut self.types {
            Some(types) => self
                .analyzer
                .chunk_tokens(chunk, &mut self.scratch, |token, keyer| {
                    lists.push(types.number(token, keyer, terms));
                }),
            None => self.analyzer.chunk(chunk, &mut self.scratch, |token| {
                lists.push(list_of(&token, terms));
                stats.truncated_keys += u64::from(token.truncated);
            }),
        };
        let chunk_of = Chunk {
            tokens: tokens as u32,
            bound: context == Context::Bound,
        };
        self.chunks
            .insert(probe, chunk, chunk_of, &self.lists[start..]);
        chunk_of
    }

    /// Append the lists of a text in which some chunks depend on their neighbours.
    fn analyze_text(&mut self, text: &str, stats: &mut BuildStats) -> u64 {
        let (terms, lists) = (&mut self.terms, &mut self.lists);
        let Some(types) = &mut self.types else {
            let tokens = self.analyzer.text(text, &mut self.scratch, |token| {
                lists.push(list_of(&token, terms));
                stats.truncated_keys += u64::from(token.truncated);
            });
            return tokens as u64;
        };
        let mut tokens = 0;
        self.analyzer
            .tokens(text, &mut self.scratch, |token, keyer| {
                if let Some(token) = token {
                    lists.push(types.number(token, keyer, terms));
                    tokens += 1;
                }
            });
        tokens
    }

    /// Write the run as the segment `path` and begin the next one.
    pub(super) fn write(&mut self, path: &Path, stats: &mut BuildStats) -> Result<()> {
        self.settle(stats);
        let rows = self.rows() as u32;
        let features = Features {
            readings: self.analyzer.has_readings(),
            positions: self.positions,
        };
        let mut writer = SegmentWriter::create(path, rows, features)?;
        if self.positions {
            self.write_occurrences(&mut writer)?;
        } else {
            self.write_rows(&mut writer)?;
        }
        writer.finish(&self.absent, false)?;
        self.clear();
        Ok(())
    }

    fn write_rows(&self, writer: &mut SegmentWriter) -> Result<()> {
        let order = self.terms_in_order();
        let sorted = self.sort_by_list(&order);
        for term in order {
            let lists = TermLists {
                noun: sorted.rows(term * 2 + 1).into(),
                other: sorted.rows(term * 2).into(),
            };
            writer.add(self.terms.get(term), lists)?;
        }
        Ok(())
    }

    fn write_occurrences(&self, writer: &mut SegmentWriter) -> Result<()> {
        let order = self.terms_in_order();
        let sorted = Occurrences::sort(&self.lists, &self.row_ends, self.spans(&order));
        let mut buffers = (ListBuffer::default(), ListBuffer::default());
        for term in order {
            let lists = TermLists {
                noun: sorted.list(term * 2 + 1, &mut buffers.0),
                other: sorted.list(term * 2, &mut buffers.1),
            };
            writer.add(self.terms.get(term), lists)?;
        }
        Ok(())
    }

    /// Clear everything. Allocations are kept for the next run, unless they take so much of the memory
    /// that a few rows would fill it.
    fn clear(&mut self) {
        self.terms.clear();
        if let Some(types) = &mut self.types {
            types.clear();
        }
        self.chunks.clear();
        self.lists.clear();
        self.row_ends.clear();
        self.absent.clear();
        if self.bytes() > self.memory / 2 {
            self.terms = Interner::new();
            self.types = self.types.take().map(TokenTypes::anew);
            self.chunks = ChunkCache::new();
            self.lists = Vec::new();
            self.row_ends = Vec::new();
            self.absent = Vec::new();
        }
    }

    /// Term numbers in byte order of their terms.
    fn terms_in_order(&self) -> Vec<u32> {
        let mut order: Vec<(u128, u32)> = (0..self.terms.len() as u32)
            .map(|term| (long_prefix(self.terms.get(term)), term))
            .collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.terms.get(a.1).cmp(self.terms.get(b.1)))
        });
        order.into_iter().map(|(_, term)| term).collect()
    }

    /// Room for all pairs, list by list: where each begins, twice.
    ///
    /// Lists stand in the order of their terms, so that they are written from one end to the other.
    fn spans(&self, order: &[u32]) -> Vec<[u32; 2]> {
        let mut spans = vec![[0u32; 2]; self.terms.len() * 2];
        for &list in &self.lists {
            spans[list as usize][1] += 1;
        }
        let mut at = 0;
        for list in order.iter().flat_map(|term| [term * 2 + 1, term * 2]) {
            let len = spans[list as usize][1];
            spans[list as usize] = [at; 2];
            at += len;
        }
        spans
    }

    /// Counting sort of (list, row) pairs; rows stay in order, each once a list.
    fn sort_by_list(&self, order: &[u32]) -> SortedLists {
        let mut spans = self.spans(order);
        let mut rows = vec![0u32; self.lists.len()];
        let mut from = 0;
        for (row, &to) in self.row_ends.iter().enumerate() {
            for &list in &self.lists[from as usize..to as usize] {
                let [start, end] = &mut spans[list as usize];
                let repeated = *end > *start && rows[*end as usize - 1] == row as u32;
                rows[*end as usize] = row as u32;
                *end += u32::from(!repeated);
            }
            from = to;
        }
        SortedLists { spans, rows }
    }
}

/// A caption as text; bytes that are not UTF-8 are replaced and counted.
fn decoded<'a>(bytes: &'a [u8], stats: &mut BuildStats) -> Cow<'a, str> {
    stats.empty += u64::from(bytes.is_empty());
    let text = String::from_utf8_lossy(bytes);
    stats.invalid_utf8 += u64::from(matches!(text, Cow::Owned(_)));
    text
}

/// The first 16 bytes of a term as a number that orders as they do: few terms share them.
fn long_prefix(term: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    let len = term.len().min(16);
    bytes[..len].copy_from_slice(&term[..len]);
    u128::from_be_bytes(bytes)
}

/// The list of a token that no tagger reads: twice its term's number.
fn list_of(token: &AnalyzedToken<'_>, terms: &mut Interner) -> u32 {
    terms.intern(token.key.as_bytes()) * 2
}

/// The rows of all lists, one list after the other, with room where a row held a term twice.
struct SortedLists {
    /// Start and end in `rows`, by list.
    spans: Vec<[u32; 2]>,
    rows: Vec<u32>,
}

impl SortedLists {
    fn rows(&self, list: u32) -> &[u32] {
        let [start, end] = self.spans[list as usize];
        &self.rows[start as usize..end as usize]
    }
}
