//! Reads a part of a segment's terms and lists from front to back with `pread`.
//!
//! A merge reads many segments at once. Mapped, their pages would count against the process; read
//! this way, each takes two small buffers, whatever its size.

use crate::dictionary::{BlockCursor, BlockTable, ListRef, Place, TermEntry};
use crate::writer::ListRows;
use crate::{Damage, Error, PositionList, PostingList, Reading, Result, Segment};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// A part of a file that is read forward, through one window.
struct Window {
    size: usize,
    section: Range<u64>,
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn new(section: &Range<u64>, size: usize) -> Self {
        Self {
            size,
            start: section.start,
            section: section.clone(),
            bytes: Vec::new(),
        }
    }

    /// The bytes `range` of the section; the window moves there if it does not hold them.
    fn get(&mut self, source: &MergeSource<'_>, range: Range<u64>) -> Result<&[u8]> {
        const PAST: Damage = Damage("a section is shorter than what points into it");
        let from = self.section.start.checked_add(range.start);
        let to = self.section.start.checked_add(range.end);
        let (Some(from), Some(to)) = (from, to.filter(|&to| to <= self.section.end)) else {
            return Err(source.segment.damaged(PAST));
        };
        if from < self.start || to > self.start + self.bytes.len() as u64 {
            let wanted = (to - from)
                .max(self.size as u64)
                .min(self.section.end - from);
            self.bytes.resize(wanted as usize, 0);
            read(source.segment, &mut self.bytes, from)?;
            self.start = from;
        }
        Ok(&self.bytes[(from - self.start) as usize..(to - self.start) as usize])
    }
}

/// A segment prepared for streaming; shared by the streams of all term ranges.
pub(crate) struct MergeSource<'a> {
    segment: &'a Segment,
    /// The block table, read whole: 24 bytes per 64 terms.
    table: Vec<u8>,
}

impl<'a> MergeSource<'a> {
    pub(crate) fn open(segment: &'a Segment) -> Result<Self> {
        let section = &segment.sections().table;
        let mut table = vec![0; (section.end - section.start) as usize];
        read(segment, &mut table, section.start)?;
        Ok(Self { segment, table })
    }

    pub(crate) fn damaged(&self, damage: Damage) -> Error {
        self.segment.damaged(damage)
    }

    pub(crate) fn table(&self) -> Result<BlockTable<'_>> {
        let layout = self.segment.footer().dictionary();
        BlockTable::new(&self.table, layout).map_err(|damage| self.segment.damaged(damage))
    }
}

/// Fill `bytes` from a segment's file. It is opened for each window: a merge of more segments than a
/// process may have files open must not fail, and beside the read this costs little.
fn read(segment: &Segment, bytes: &mut [u8], at: u64) -> Result<()> {
    let path = segment.path();
    let file = File::open(path).map_err(Error::io(path))?;
    file.read_exact_at(bytes, at).map_err(Error::io(path))
}

/// Rows of a list over several segments, and their positions where segments have any.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    rows: Vec<u32>,
    positions: Vec<u8>,
}

impl Gathered {
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.positions.clear();
    }

    pub(crate) fn list(&self) -> ListRows<'_> {
        ListRows {
            rows: &self.rows,
            positions: &self.positions,
        }
    }
}

/// The terms of a segment from a first one on, in order, with their lists.
pub(crate) struct TermStream<'a> {
    source: &'a MergeSource<'a>,
    blocks: Window,
    postings: Window,
    next_block: usize,
    decoded: DecodedBlock,
}

/// The terms of one block, decoded.
#[derive(Default)]
struct DecodedBlock {
    bytes: Vec<u8>,
    terms: Vec<(Range<usize>, TermEntry)>,
    at: usize,
}

impl DecodedBlock {
    fn fill(&mut self, mut cursor: BlockCursor<'_>) -> Result<(), Damage> {
        self.bytes.clear();
        self.terms.clear();
        self.at = 0;
        let mut term = Vec::new();
        while let Some(entry) = cursor.next_into(&mut term)? {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(&term);
            self.terms.push((start..self.bytes.len(), entry));
        }
        Ok(())
    }
}

impl<'a> TermStream<'a> {
    /// Stream the terms of `source` that are not below `from`.
    pub(crate) fn open(source: &'a MergeSource<'a>, from: &[u8], window: usize) -> Result<Self> {
        let sections = source.segment.sections();
        let mut stream = Self {
            source,
            blocks: Window::new(&sections.blocks, window),
            postings: Window::new(&sections.postings, window),
            next_block: source.table()?.first_candidate(from),
            decoded: DecodedBlock::default(),
        };
        stream.enter_block()?;
        while stream.term().is_some_and(|term| term < from) {
            stream.advance()?;
        }
        Ok(stream)
    }

    /// The term at hand; none past the last.
    pub(crate) fn term(&self) -> Option<&[u8]> {
        let (range, _) = self.decoded.terms.get(self.decoded.at)?;
        self.decoded.bytes.get(range.clone())
    }

    /// A damage found in the segment, as an error that names it.
    pub(crate) fn damaged(&self, damage: Damage) -> Error {
        self.source.segment.damaged(damage)
    }

    /// Move to the next term.
    pub(crate) fn advance(&mut self) -> Result<()> {
        self.decoded.at += 1;
        if self.decoded.at >= self.decoded.terms.len() {
            self.enter_block()
        } else {
            Ok(())
        }
    }

    fn enter_block(&mut self) -> Result<()> {
        let segment = self.source.segment;
        self.decoded.terms.clear();
        let table = self.source.table()?;
        if self.next_block >= table.len() {
            return Ok(());
        }
        let span = table
            .span(self.next_block)
            .map_err(|damage| segment.damaged(damage))?;
        self.next_block += 1;
        let bytes = self.blocks.get(self.source, span.start..span.end)?;
        BlockCursor::new(bytes, &span, segment.footer().features)
            .and_then(|cursor| self.decoded.fill(cursor))
            .map_err(|damage| segment.damaged(damage))
    }

    /// Append one list of the term at hand to `out`, its rows each plus `base`.
    pub(crate) fn append(&mut self, reading: Reading, base: u32, out: &mut Gathered) -> Result<()> {
        let Some((_, entry)) = self.decoded.terms.get(self.decoded.at) else {
            return Ok(());
        };
        let list = entry.list(reading);
        if list.frequency > 0 {
            self.append_rows(&list, base, &mut out.rows)?;
            if self.source.segment.footer().features.positions {
                self.append_positions(&list, out)?;
            }
        }
        Ok(())
    }

    fn append_rows(&mut self, list: &ListRef, base: u32, out: &mut Vec<u32>) -> Result<()> {
        let segment = self.source.segment;
        let before = out.len();
        match list.place {
            Place::Inline(row) if row < segment.rows() => out.push(row),
            Place::Inline(_) => {
                return Err(segment.damaged(Damage("a row lies past the segment's rows")));
            }
            Place::At { offset, len } => {
                let bytes = self
                    .postings
                    .get(self.source, offset..offset.saturating_add(len))?;
                PostingList::new(bytes, list.frequency, segment.rows())
                    .and_then(|list| list.decode(out))
                    .map_err(|damage| segment.damaged(damage))?;
            }
        }
        out[before..].iter_mut().for_each(|row| *row += base);
        Ok(())
    }

    /// Append the positions of a list; what a row's are depends on no other row.
    fn append_positions(&mut self, list: &ListRef, out: &mut Gathered) -> Result<()> {
        let segment = self.source.segment;
        let positions = list.positions;
        let range = positions.offset..positions.offset.saturating_add(positions.len);
        let bytes = self.postings.get(self.source, range)?;
        PositionList::stream_of(bytes, list.frequency, segment.rows())
            .map(|stream| out.positions.extend_from_slice(stream))
            .map_err(|damage| segment.damaged(damage))
    }
}
