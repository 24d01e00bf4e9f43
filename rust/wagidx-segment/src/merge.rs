//! Many segments → one, with their rows one after the other.
//!
//! Lists are decoded and packed again, so the bytes of the result are a function of terms and rows
//! alone: not of how the rows were cut into segments, and not of the number of threads. Work is cut
//! by term range: ranges are merged side by side and written in order, so that memory is bounded by
//! a few ranges. Merging k segments costs a heap step of O(log k) per term and segment, and a decode
//! and encode per posting.

use crate::dictionary::prefix;
use crate::footer::Footer;
use crate::stream::{Gathered, MergeSource, TermStream};
use crate::writer::{EncodedLists, SegmentWriter, TermLists};
use crate::{Damage, Error, Features, MAX_ROWS, Reading, Result, Segment};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Least and most bytes of dictionary and lists that one term range holds, about.
const RANGE_BYTES: (u64, u64) = (256 << 10, 16 << 20);
/// Memory a range takes for each of these bytes: terms seen once are small on disk.
const MEMORY_A_BYTE: u64 = 8;
/// Least and most bytes read at a time from a section of one segment.
const WINDOW: (u64, u64) = (4 << 10, 64 << 10);

/// Segments in the order of their rows.
#[derive(Clone, Copy, Debug)]
pub struct MergeInput<'a> {
    /// The segments.
    pub segments: &'a [Segment],
    /// Whether the result keeps positions, as all of the segments then must, or none.
    pub positions: bool,
    /// Threads that merge, at least one.
    pub threads: usize,
    /// Memory for the term ranges in flight, about; the dictionary of the result comes on top.
    pub memory: usize,
    /// Set from elsewhere to stop.
    pub cancel: &'a AtomicBool,
}

impl MergeInput<'_> {
    /// Each thread holds a range that it merges and one that waits; one is being written.
    fn range_bytes(&self) -> u64 {
        let ranges = 2 * self.threads.max(1) as u64 + 1;
        (self.memory as u64 / ranges / MEMORY_A_BYTE).clamp(RANGE_BYTES.0, RANGE_BYTES.1)
    }
}

/// Merge into the new file `path`, made durable. Readings are kept.
///
/// # Errors
/// [`Error::Limit`] for more than [`MAX_ROWS`] rows or mixed positions, [`Error::Cancelled`], and
/// errors of reading and writing.
pub fn merge(input: MergeInput<'_>, path: &Path) -> Result<Footer> {
    let bases = row_bases(input.segments)?;
    let rows = *bases.last().unwrap_or(&0);
    let features = features_of(&input)?;
    let mut writer = SegmentWriter::create(path, rows, features)?;
    let sources: Vec<MergeSource<'_>> = input
        .segments
        .iter()
        .map(MergeSource::open)
        .collect::<Result<_>>()?;
    let range_bytes = input.range_bytes();
    let bounds = range_bounds(&sources, range_bytes)?;
    let per_segment = range_bytes / (2 * input.segments.len().max(1) as u64);
    let job = Job {
        sources,
        bases: &bases,
        rows,
        features,
        window: per_segment.clamp(WINDOW.0, WINDOW.1) as usize,
        bounds: &bounds,
        cancel: input.cancel,
    };
    run_in_order(&job, input.threads, |range| range.write(&mut writer))?;
    writer.finish(&absent_rows(input.segments, &bases)?, true)
}

/// What the result keeps: readings where a segment has them, positions where it is to.
fn features_of(input: &MergeInput<'_>) -> Result<Features> {
    let features = |segment: &Segment| segment.footer().features;
    let unlike = |segment: &&Segment| features(segment).positions != input.positions;
    if let Some(segment) = input.segments.iter().find(unlike) {
        let (path, which) = (segment.path().display(), ["has", "has no"]);
        return Err(Error::Limit(format!(
            "{path}: {} positions, unlike what it is merged into",
            which[usize::from(input.positions)]
        )));
    }
    Ok(Features {
        readings: input.segments.iter().any(|s| features(s).readings),
        positions: input.positions,
    })
}

/// The first row of each segment in the result, and the number of rows behind them.
fn row_bases(segments: &[Segment]) -> Result<Vec<u32>> {
    let mut bases = vec![0u32];
    let mut total = 0u64;
    for segment in segments {
        total += u64::from(segment.rows());
        let base = u32::try_from(total).map_err(|_| {
            Error::Limit(format!(
                "a segment holds at most {MAX_ROWS} rows, the merge has {total}"
            ))
        })?;
        bases.push(base);
    }
    Ok(bases)
}

fn absent_rows(segments: &[Segment], bases: &[u32]) -> Result<Vec<u32>> {
    let mut absent = Vec::new();
    for (segment, base) in segments.iter().zip(bases) {
        let before = absent.len();
        segment
            .absent()?
            .decode(&mut absent)
            .map_err(|damage| segment.damaged(damage))?;
        absent[before..].iter_mut().for_each(|row| *row += base);
    }
    Ok(absent)
}

/// First terms of the ranges after the first, cut where a block of some segment begins.
///
/// Blocks are known by the first eight bytes of their first terms, which stand in the tables: ranges
/// are found without reading the dictionaries. Terms that share these bytes stay in one range.
fn range_bounds(sources: &[MergeSource<'_>], range_bytes: u64) -> Result<Vec<Vec<u8>>> {
    let mut firsts = Vec::new();
    for source in sources {
        let table = source.table()?;
        for block in 0..table.len() {
            let weight = table.bytes_between(block, block + 1);
            let weight = weight.map_err(|damage| source.damaged(damage))?;
            firsts.push((table.first_prefix(block).unwrap_or_default(), weight));
        }
    }
    firsts.sort_unstable();
    let (mut bounds, mut last, mut held) = (Vec::new(), 0, 0u64);
    for (first, weight) in firsts {
        if held >= range_bytes && first != last {
            bounds.push(least_term(first));
            (last, held) = (first, 0);
        }
        // A damaged table may state any weight; its blocks are checked when they are read.
        held = held.saturating_add(weight);
    }
    Ok(bounds)
}

/// The least term with this prefix.
fn least_term(prefix: u64) -> Vec<u8> {
    let bytes = prefix.to_be_bytes();
    let len = bytes.iter().rposition(|&byte| byte != 0);
    bytes[..len.map_or(0, |last| last + 1)].to_vec()
}

/// What every term range needs.
struct Job<'a> {
    sources: Vec<MergeSource<'a>>,
    bases: &'a [u32],
    rows: u32,
    features: Features,
    window: usize,
    bounds: &'a [Vec<u8>],
    cancel: &'a AtomicBool,
}

impl Job<'_> {
    fn ranges(&self) -> usize {
        self.bounds.len() + 1
    }

    /// Merge the terms from one bound to the next.
    fn merge_range(&self, range: usize) -> Result<MergedRange> {
        let from = range
            .checked_sub(1)
            .and_then(|i| self.bounds.get(i))
            .map_or(&b""[..], |b| b);
        let to = self.bounds.get(range).map(Vec::as_slice);
        let mut heads = BinaryHeap::new();
        for (source, &base) in self.sources.iter().zip(self.bases) {
            let stream = Box::new(TermStream::open(source, from, self.window)?);
            heads.extend(Head::new(stream, base, to));
        }
        let mut merged = MergedRange::default();
        while !heads.is_empty() {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            merged.take_term(&mut heads, self, to)?;
        }
        Ok(merged)
    }
}

/// The stream of one segment, ordered by its term at hand; the least term is the greatest head.
struct Head<'a> {
    prefix: u64,
    base: u32,
    stream: Box<TermStream<'a>>,
}

impl<'a> Head<'a> {
    fn new(stream: Box<TermStream<'a>>, base: u32, to: Option<&[u8]>) -> Option<Self> {
        let term = stream.term()?;
        let prefix = prefix(term);
        let inside = to.is_none_or(|to| term < to);
        inside.then_some(Self {
            prefix,
            base,
            stream,
        })
    }

    /// Move to the next term; false where the range is done.
    fn advance(&mut self, to: Option<&[u8]>) -> Result<bool> {
        self.stream.advance()?;
        let Some(term) = self.stream.term() else {
            return Ok(false);
        };
        self.prefix = prefix(term);
        Ok(to.is_none_or(|to| term < to))
    }
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let terms = || other.stream.term().cmp(&self.stream.term());
        other
            .prefix
            .cmp(&self.prefix)
            .then_with(terms)
            .then(other.base.cmp(&self.base))
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head<'_> {}

/// The terms of one range with their encoded lists.
#[derive(Default)]
struct MergedRange {
    terms: Vec<u8>,
    lists: Vec<u8>,
    /// Ends of each term and of its lists, and what the lists are.
    entries: Vec<(usize, usize, EncodedLists)>,
    noun: Gathered,
    other: Gathered,
}

impl MergedRange {
    /// Take the least term off all streams that stand at it.
    fn take_term(
        &mut self,
        heads: &mut BinaryHeap<Head<'_>>,
        job: &Job<'_>,
        to: Option<&[u8]>,
    ) -> Result<()> {
        let start = self.terms.len();
        self.noun.clear();
        self.other.clear();
        while let Some(mut head) = heads.peek_mut() {
            let term = head.stream.term().unwrap_or_default();
            if self.terms.len() == start {
                self.terms.extend_from_slice(term);
            } else if self.terms[start..] != *term {
                break;
            }
            let base = head.base;
            head.stream.append(Reading::Noun, base, &mut self.noun)?;
            head.stream.append(Reading::Other, base, &mut self.other)?;
            if !head.advance(to)? {
                PeekMut::pop(head);
            } else if head.stream.term() <= self.terms.get(start..) {
                // Rows of one term taken twice from a segment would not ascend.
                return Err(head.stream.damaged(Damage("terms do not ascend")));
            }
        }
        let lists = TermLists {
            noun: self.noun.list(),
            other: self.other.list(),
        };
        let encoded = lists.encode(job.rows, job.features, &mut self.lists)?;
        self.entries
            .push((self.terms.len(), self.lists.len(), encoded));
        Ok(())
    }

    fn write(self, writer: &mut SegmentWriter) -> Result<()> {
        let (mut term, mut list) = (0, 0);
        for (term_end, list_end, encoded) in self.entries {
            let bytes = &self.lists[list..list_end];
            writer.add_encoded(&self.terms[term..term_end], &encoded, bytes)?;
            (term, list) = (term_end, list_end);
        }
        Ok(())
    }
}

/// Merge every range on `threads` threads and hand the results to `write` in order. Thread t takes
/// ranges t, t + threads, ... and waits when it is one result ahead, which bounds memory.
fn run_in_order(
    job: &Job<'_>,
    threads: usize,
    mut write: impl FnMut(MergedRange) -> Result<()>,
) -> Result<()> {
    let threads = threads.clamp(1, job.ranges());
    std::thread::scope(|scope| {
        let results: Vec<Receiver<Result<MergedRange>>> = (0..threads)
            .map(|first| {
                let (sender, receiver) = sync_channel(1);
                scope.spawn(move || merge_every(job, first, threads, &sender));
                receiver
            })
            .collect();
        for range in 0..job.ranges() {
            // A closed channel means that its thread panicked; the scope hands the panic on.
            let Ok(merged) = results[range % threads].recv() else {
                break;
            };
            write(merged?)?;
        }
        Ok(())
    })
}

fn merge_every(
    job: &Job<'_>,
    first: usize,
    threads: usize,
    results: &SyncSender<Result<MergedRange>>,
) {
    for range in (first..job.ranges()).step_by(threads) {
        let merged = job.merge_range(range);
        let failed = merged.is_err();
        // A closed channel means that the writer failed and nobody wants more.
        if results.send(merged).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
