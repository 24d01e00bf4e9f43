//! One run: rows analysed into (list, row) pairs, sorted by list, written as a segment.
//!
//! Captions repeat their white-space chunks far more than they bring new ones, so each distinct chunk
//! is tokenised and keyed once a run and its lists are remembered. Analysis is a function of the
//! chunk alone, hence the cache never shows in the answers.

use super::interner::Interner;
use super::row::{MAX_CAPTION_BYTES, Row};
use super::unit::BuildStats;
use crate::Result;
use std::path::Path;
use wagidx_segment::{SegmentWriter, TermLists};
use wagidx_text::{AnalyzedToken, Analyzer, Context, Reading, Scratch, chunks};

/// Rows of a full run.
pub(super) const RUN_ROWS: usize = 1 << 20;
/// A run with this many (list, row) pairs ends early: captions far longer than usual.
const RUN_PAIRS: usize = 1 << 24;
/// A run whose vocabulary takes this many bytes ends early.
const RUN_TERM_BYTES: usize = 64 << 20;
/// The chunk cache starts anew at this many bytes.
const CHUNK_CACHE_BYTES: usize = 32 << 20;
/// A longer chunk (a URL, a sentence in a script without blanks) is not worth a place in the cache.
/// A cached one is also too short to bring a key that is cut, so cuts are counted one by one.
const CACHED_CHUNK_BYTES: usize = 48;

/// What is remembered of a chunk.
#[derive(Clone, Copy)]
struct Cached {
    /// End of its lists in `chunk_lists`; they start at the end of the chunk before.
    end: u32,
    tokens: u32,
    context: Context,
}

/// The rows of a run so far.
pub(super) struct Run {
    analyzer: Analyzer,
    scratch: Scratch,
    terms: Interner,
    chunks: Interner,
    cached: Vec<Cached>,
    chunk_lists: Vec<u32>,
    /// Lists of all rows, one after the other: twice the term's number, plus one for a noun.
    lists: Vec<u32>,
    row_ends: Vec<u32>,
    absent: Vec<u32>,
}

impl Run {
    pub(super) fn new(analyzer: Analyzer) -> Self {
        Self {
            analyzer,
            scratch: Scratch::default(),
            terms: Interner::new(),
            chunks: Interner::new(),
            cached: Vec::new(),
            chunk_lists: Vec::new(),
            lists: Vec::new(),
            row_ends: Vec::new(),
            absent: Vec::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.row_ends.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows() >= RUN_ROWS
            || self.lists.len() >= RUN_PAIRS
            || self.terms.bytes() >= RUN_TERM_BYTES
    }

    pub(super) fn push(&mut self, row: Row<'_>, stats: &mut BuildStats) {
        stats.rows += 1;
        match row {
            Row::Caption(bytes) if bytes.len() <= MAX_CAPTION_BYTES => {
                stats.captions += 1;
                self.push_caption(bytes, stats);
            }
            Row::Caption(_) | Row::Malformed => {
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
        self.row_ends.push(self.lists.len() as u32);
    }

    fn push_absent(&mut self) {
        self.absent.push(self.row_ends.len() as u32);
    }

    fn push_caption(&mut self, bytes: &[u8], stats: &mut BuildStats) {
        if bytes.is_empty() {
            stats.empty += 1;
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            self.push_text(text, stats);
        } else {
            stats.invalid_utf8 += 1;
            self.push_text(&String::from_utf8_lossy(bytes), stats);
        }
    }

    fn push_text(&mut self, text: &str, stats: &mut BuildStats) {
        let (start, truncated) = (self.lists.len(), stats.truncated_keys);
        let (mut tokens, mut bound) = (0, false);
        for chunk in chunks(text) {
            let (chunk_tokens, context) = self.push_chunk(chunk, stats);
            tokens += u64::from(chunk_tokens);
            bound |= context == Context::Bound;
        }
        if bound {
            self.lists.truncate(start);
            stats.truncated_keys = truncated;
            tokens = self.analyze_text(text, stats);
        }
        stats.tokens += tokens;
        if self.chunks.bytes() > CHUNK_CACHE_BYTES {
            self.forget_chunks();
        }
    }

    /// Append the lists of a chunk, from the cache where it is there.
    fn push_chunk(&mut self, chunk: &str, stats: &mut BuildStats) -> (u32, Context) {
        if chunk.len() > CACHED_CHUNK_BYTES {
            let mut lists = std::mem::take(&mut self.lists);
            let analyzed = self.analyze(chunk, &mut lists, stats);
            self.lists = lists;
            return analyzed;
        }
        let (number, new) = self.chunks.intern(chunk.as_bytes());
        if new {
            self.cache(chunk, stats);
        }
        let i = number as usize;
        let start = if i == 0 { 0 } else { self.cached[i - 1].end };
        let Cached {
            end,
            tokens,
            context,
        } = self.cached[i];
        self.lists
            .extend_from_slice(&self.chunk_lists[start as usize..end as usize]);
        (tokens, context)
    }

    #[cold]
    fn cache(&mut self, chunk: &str, stats: &mut BuildStats) {
        let mut lists = std::mem::take(&mut self.chunk_lists);
        let (tokens, context) = self.analyze(chunk, &mut lists, stats);
        self.cached.push(Cached {
            end: lists.len() as u32,
            tokens,
            context,
        });
        self.chunk_lists = lists;
    }

    fn forget_chunks(&mut self) {
        self.chunks.clear();
        self.cached.clear();
        self.chunk_lists.clear();
    }

    /// Append the lists of a chunk; returns its tokens, and whether its neighbours matter.
    fn analyze(
        &mut self,
        chunk: &str,
        lists: &mut Vec<u32>,
        stats: &mut BuildStats,
    ) -> (u32, Context) {
        let terms = &mut self.terms;
        let (tokens, context) = self.analyzer.chunk(chunk, &mut self.scratch, |token| {
            lists.push(list_of(&token, terms));
            stats.truncated_keys += u64::from(token.truncated);
        });
        (tokens as u32, context)
    }

    /// Append the lists of a text some chunks of which depend on their neighbours.
    fn analyze_text(&mut self, text: &str, stats: &mut BuildStats) -> u64 {
        let (terms, lists) = (&mut self.terms, &mut self.lists);
        let tokens = self.analyzer.text(text, &mut self.scratch, |token| {
            lists.push(list_of(&token, terms));
            stats.truncated_keys += u64::from(token.truncated);
        });
        tokens as u64
    }

    /// Write the run as the segment `path` and start anew.
    pub(super) fn write(&mut self, path: &Path) -> Result<()> {
        let rows = self.rows() as u32;
        let mut writer = SegmentWriter::create(path, rows, self.analyzer.has_readings())?;
        let sorted = self.sort_by_list();
        let (mut noun, mut other) = (Vec::new(), Vec::new());
        for term in self.terms_in_order() {
            sorted.distinct_rows(term * 2 + 1, &mut noun);
            sorted.distinct_rows(term * 2, &mut other);
            let lists = TermLists {
                noun: &noun,
                other: &other,
            };
            writer.add(self.terms.get(term), lists)?;
        }
        writer.finish(&self.absent, false)?;
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        self.terms.clear();
        self.forget_chunks();
        self.lists.clear();
        self.row_ends.clear();
        self.absent.clear();
    }

    /// Term numbers in byte order of their terms.
    fn terms_in_order(&self) -> Vec<u32> {
        let mut order: Vec<(u64, u32)> = (0..self.terms.len() as u32)
            .map(|term| {
                (
                    wagidx_segment::dictionary::prefix(self.terms.get(term)),
                    term,
                )
            })
            .collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.terms.get(a.1).cmp(self.terms.get(b.1)))
        });
        order.into_iter().map(|(_, term)| term).collect()
    }

    /// Counting sort of (list, row) pairs by list; rows stay in order.
    fn sort_by_list(&self) -> SortedLists {
        let mut starts = vec![0u32; self.terms.len() * 2 + 1];
        for &list in &self.lists {
            starts[list as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; self.lists.len()];
        let mut from = 0;
        for (row, &end) in self.row_ends.iter().enumerate() {
            for &list in &self.lists[from as usize..end as usize] {
                let at = &mut next[list as usize];
                rows[*at as usize] = row as u32;
                *at += 1;
            }
            from = end;
        }
        SortedLists { starts, rows }
    }
}

/// The list of a token: twice its term's number, plus one for a noun.
fn list_of(token: &AnalyzedToken<'_>, terms: &mut Interner) -> u32 {
    let (term, _) = terms.intern(token.key.as_bytes());
    term * 2 + u32::from(token.reading == Reading::Noun)
}

struct SortedLists {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl SortedLists {
    /// The rows of a list, each once, into `out`.
    fn distinct_rows(&self, list: u32, out: &mut Vec<u32>) {
        let i = list as usize;
        out.clear();
        out.extend_from_slice(&self.rows[self.starts[i] as usize..self.starts[i + 1] as usize]);
        out.dedup();
    }
}
