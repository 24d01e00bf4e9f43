//! A term looked up in every segment, and which of its lists a reading asks for.

use crate::{Index, Result};
use wagidx_segment::{ListRef, TermEntry};

/// A term in the reading asked.
#[derive(Debug)]
pub(super) struct PlannedTerm {
    noun_only: bool,
    /// Its entry in the first segment, and in the others: most indexes have one segment, and a list
    /// of thousands of terms need not allocate for each.
    first: Option<TermEntry>,
    others: Vec<Option<TermEntry>>,
    /// Rows of the whole index that hold it.
    pub frequency: u64,
}

impl PlannedTerm {
    /// Look a key up.
    pub(super) fn new(index: &Index, key: &str, noun_only: bool) -> Result<Self> {
        let segments = index.segments().iter();
        let mut entries = segments.map(|open| open.segment.get(key.as_bytes()));
        let first = entries.next().transpose()?.flatten();
        let others = entries.collect::<Result<Vec<_>, _>>()?;
        let rows = |entry: &TermEntry| u64::from(asked(entry, noun_only));
        let frequency = first.iter().chain(others.iter().flatten()).map(rows).sum();
        Ok(Self {
            noun_only,
            first,
            others,
            frequency,
        })
    }

    fn entry(&self, segment: usize) -> Option<&TermEntry> {
        match segment.checked_sub(1) {
            None => self.first.as_ref(),
            Some(other) => self.others.get(other)?.as_ref(),
        }
    }

    /// Its lists in one segment: noun and other, those not asked or not there empty.
    pub(super) fn lists(&self, segment: usize) -> [ListRef; 2] {
        self.entry(segment).map_or([ListRef::EMPTY; 2], |entry| {
            lists_asked(entry, self.noun_only)
        })
    }

    /// Rows of one segment that hold it.
    pub(super) fn frequency_in(&self, segment: usize) -> u32 {
        self.entry(segment)
            .map_or(0, |entry| asked(entry, self.noun_only))
    }
}

/// Rows that hold a term in the reading asked.
fn asked(entry: &TermEntry, noun_only: bool) -> u32 {
    if noun_only {
        entry.noun.frequency
    } else {
        entry.any
    }
}

/// The noun list and the other of a term, one not asked empty.
pub(super) fn lists_asked(entry: &TermEntry, noun_only: bool) -> [ListRef; 2] {
    if noun_only {
        [entry.noun, ListRef::EMPTY]
    } else {
        [entry.noun, entry.other]
    }
}
