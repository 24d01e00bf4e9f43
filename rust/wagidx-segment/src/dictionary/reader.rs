//! Finds terms and walks them in order, over untrusted bytes.

use super::block::Block;
use super::readings::Readings;
use super::{BLOCK_TERMS, TermEntry, entry, prefix};
use crate::{Damage, Features, MAX_TERM_BYTES, varint};
use std::hint::{black_box, select_unpredictable};

/// Bytes of one row of the block table: prefix, offset of the block, offset of its first list.
const TABLE_ROW: usize = 24;

/// What the footer says about a dictionary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DictionaryLayout {
    pub terms: u64,
    pub features: Features,
    pub blocks_len: u64,
}

/// The table that finds a term's block: one row of 24 bytes a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockTable<'a> {
    rows: &'a [[u8; TABLE_ROW]],
    layout: DictionaryLayout,
}

/// Where one block begins and ends, and where its first list stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockSpan {
    pub start: u64,
    pub end: u64,
    pub postings: u64,
    /// Where the first list of the next block stands; none after the last block.
    pub postings_end: Option<u64>,
    pub terms: usize,
}

impl<'a> BlockTable<'a> {
    pub(crate) fn new(bytes: &'a [u8], layout: DictionaryLayout) -> Result<Self, Damage> {
        let blocks = layout.terms.div_ceil(BLOCK_TERMS as u64);
        let (rows, rest) = bytes.as_chunks();
        if rows.len() as u64 != blocks || !rest.is_empty() {
            return Err(Damage("the block table does not fit the number of terms"));
        }
        Ok(Self { rows, layout })
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    #[inline]
    fn field(&self, block: usize, field: usize) -> Option<u64> {
        let row = self.rows.get(block)?.as_chunks::<8>().0;
        row.get(field).map(|bytes| u64::from_le_bytes(*bytes))
    }

    pub(crate) fn span(&self, block: usize) -> Result<BlockSpan, Damage> {
        const PAST: Damage = Damage("a dictionary block lies past its section");
        let start = self.field(block, 1).ok_or(PAST)?;
        let end = self.field(block + 1, 1).unwrap_or(self.layout.blocks_len);
        let postings = self.field(block, 2).ok_or(PAST)?;
        if start > end || end > self.layout.blocks_len {
            return Err(PAST);
        }
        let left = self.layout.terms - (block * BLOCK_TERMS) as u64;
        Ok(BlockSpan {
            start,
            end,
            postings,
            postings_end: self.field(block + 1, 2),
            terms: left.min(BLOCK_TERMS as u64) as usize,
        })
    }

    /// The prefix of a block's first term.
    pub(crate) fn first_prefix(&self, block: usize) -> Option<u64> {
        self.field(block, 0)
    }

    /// Bytes of dictionary and lists from the start of one block to the start of a later one.
    pub(crate) fn bytes_between(&self, block: usize, later: usize) -> Result<u64, Damage> {
        let (from, to) = (self.span(block)?, self.span(later.min(self.len() - 1))?);
        let (blocks, lists) = (
            to.start.checked_sub(from.start),
            to.postings.checked_sub(from.postings),
        );
        blocks
            .zip(lists)
            .map(|(a, b)| a.saturating_add(b))
            .ok_or(Damage("dictionary blocks do not ascend"))
    }

    /// The first and one past the last block that could hold a term with this prefix.
    #[inline]
    fn candidates(&self, wanted: u64) -> (usize, usize) {
        let upto = self.partition(|first| first <= wanted);
        let Some(last) = upto.checked_sub(1) else {
            return (0, 0);
        };
        // Seldom do several blocks begin with the same eight bytes.
        let below = match self.field(last, 0) {
            Some(first) if first == wanted => self.partition(|first| first < wanted),
            _ => upto,
        };
        (below.saturating_sub(1), upto)
    }

    /// The first block that could hold a term not below `from`.
    pub(crate) fn first_candidate(&self, from: &[u8]) -> usize {
        self.candidates(prefix(from)).0
    }

    /// Number of blocks whose prefix is `before`: a binary search without a branch to mispredict.
    #[inline]
    fn partition(&self, before: impl Fn(u64) -> bool) -> usize {
        let is_before = |block| self.field(block, 0).is_some_and(&before);
        let (mut low, mut len) = (0, self.len());
        while len > 1 {
            let half = len / 2;
            low += if is_before(low + half - 1) { half } else { 0 };
            len -= half;
        }
        low + usize::from(is_before(low))
    }
}

/// Walks the terms of one block.
#[derive(Clone, Debug)]
pub(crate) struct BlockCursor<'a> {
    block: Block<'a>,
    at: usize,
    suffixes: &'a [u8],
    frequencies: &'a [u8],
    readings: Readings<'a>,
    details: &'a [u8],
    features: Features,
    postings: u64,
    postings_end: Option<u64>,
}

impl<'a> BlockCursor<'a> {
    pub(crate) fn new(
        bytes: &'a [u8],
        span: &BlockSpan,
        features: Features,
    ) -> Result<Self, Damage> {
        let block = Block::new(bytes, span.terms)?;
        let (suffixes, frequencies) = block.columns()?;
        let mut rest = frequencies;
        varint::skip(&mut rest, span.terms)?;
        let (readings, details) = Readings::new(rest, span.terms, features)?;
        Ok(Self {
            block,
            at: 0,
            suffixes,
            frequencies,
            readings,
            details,
            features,
            postings: span.postings,
            postings_end: span.postings_end,
        })
    }

    /// The next term's entry.
    #[inline]
    fn entry(&mut self) -> Result<TermEntry, Damage> {
        let any = varint::read_u32(&mut self.frequencies)?;
        if any == 0 {
            return Err(Damage("a term has no row"));
        }
        let known = (any, self.readings.next()?);
        let entry = entry::read(
            &mut self.details,
            known,
            self.features.positions,
            self.postings,
        )?;
        self.postings = self
            .postings
            .checked_add(entry.noun.stored_len())
            .and_then(|end| end.checked_add(entry.other.stored_len()))
            .ok_or(Damage("a list lies past the postings section"))?;
        Ok(entry)
    }

    /// Move `term` on to the next term of the block.
    pub(crate) fn next_into(&mut self, term: &mut Vec<u8>) -> Result<Option<TermEntry>, Damage> {
        let columns = (
            self.block.shared.get(self.at),
            self.block.added.get(self.at),
        );
        let (Some(&shared), Some(&added)) = columns else {
            return Ok(None);
        };
        self.at += 1;
        let shared = usize::from(shared);
        if shared > term.len() || shared + usize::from(added) > MAX_TERM_BYTES {
            return Err(Damage("a term shares more than its neighbour has"));
        }
        term.truncate(shared);
        term.extend_from_slice(varint::take(&mut self.suffixes, usize::from(added))?);
        self.entry().map(Some)
    }

    /// The entry of the term with this number in the block; where its lists begin is summed up from
    /// the nearer end of the block.
    fn nth(mut self, number: usize) -> Result<TermEntry, Damage> {
        let left = self.block.shared.len() - number;
        match self.postings_end {
            Some(end) if left < number && !self.features.readings => {
                let integers = 1 + usize::from(self.features.positions);
                varint::skip(&mut self.frequencies, number)?;
                varint::skip(&mut self.details, number * integers)?;
                let mut rest = self.clone();
                rest.pass(left)?;
                let begin = end.checked_sub(rest.postings - self.postings);
                self.postings = begin.ok_or(Damage("a block's lists begin before the section"))?;
            }
            _ => self.pass(number)?,
        }
        self.entry()
    }

    /// Move past the entries of some terms.
    fn pass(&mut self, terms: usize) -> Result<(), Damage> {
        for _ in 0..terms {
            if self.features.readings {
                self.entry()?;
                continue;
            }
            // Of the one list either the row or the bytes it takes, then those of its positions.
            let any = varint::read_mixed(&mut self.frequencies)?;
            let detail = varint::read_mixed(&mut self.details)?;
            let mut len = select_unpredictable(any == 1, 0, detail);
            if self.features.positions {
                let more = varint::read_mixed(&mut self.details)?;
                len = len.saturating_add(any).saturating_add(more);
            }
            self.postings = self.postings.saturating_add(len);
        }
        Ok(())
    }
}

/// Bytes of a cache line.
const LINE: usize = 64;

/// Ask for all of a block at once: what is read of it later, one column after the other, would
/// otherwise be waited for line by line.
#[inline]
fn touch(block: &[u8]) {
    let lines = block.iter().step_by(LINE);
    black_box(lines.fold(0, |all, &byte| all | byte));
}

/// The dictionary of a mapped segment.
#[derive(Clone, Copy, Debug)]
pub struct Dictionary<'a> {
    blocks: &'a [u8],
    table: BlockTable<'a>,
}

impl<'a> Dictionary<'a> {
    pub(crate) fn new(
        blocks: &'a [u8],
        table: &'a [u8],
        layout: DictionaryLayout,
    ) -> Result<Self, Damage> {
        Ok(Self {
            blocks,
            table: BlockTable::new(table, layout)?,
        })
    }

    fn block_bytes(&self, block: usize) -> Result<(&'a [u8], BlockSpan), Damage> {
        let span = self.table.span(block)?;
        let bytes = self
            .blocks
            .get(span.start as usize..span.end as usize)
            .ok_or(Damage("a dictionary block lies past its section"))?;
        Ok((bytes, span))
    }

    fn block(&self, block: usize) -> Result<BlockCursor<'a>, Damage> {
        let (bytes, span) = self.block_bytes(block)?;
        BlockCursor::new(bytes, &span, self.table.layout.features)
    }

    /// The entry of a term. O(log terms) in a table of 24 bytes per 64 terms, then one block.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn get(&self, term: &[u8]) -> Result<Option<TermEntry>, Damage> {
        let Some((block, number)) = self.find(term)? else {
            return Ok(None);
        };
        self.block(block)?.nth(number).map(Some)
    }

    /// Rows that hold a term at all, 0 where there is no such term; quicker than [`Self::get`].
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn frequency(&self, term: &[u8]) -> Result<u32, Damage> {
        let Some((block, number)) = self.find(term)? else {
            return Ok(0);
        };
        let (bytes, span) = self.block_bytes(block)?;
        let (_, mut frequencies) = Block::new(bytes, span.terms)?.columns()?;
        varint::skip(&mut frequencies, number)?;
        varint::read_u32(&mut frequencies)
    }

    /// Rows that hold a term as a noun, 0 where there is no such term or no reading; quicker than
    /// [`Self::get`].
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn noun_frequency(&self, term: &[u8]) -> Result<u32, Damage> {
        let Some((block, number)) = self.find(term)? else {
            return Ok(0);
        };
        if !self.table.layout.features.readings {
            return Ok(0);
        }
        let (bytes, span) = self.block_bytes(block)?;
        let (_, mut frequencies) = Block::new(bytes, span.terms)?.columns()?;
        varint::skip(&mut frequencies, number)?;
        let any = varint::read_u32(&mut frequencies)?;
        varint::skip(&mut frequencies, span.terms - number - 1)?;
        let (mut readings, _) = Readings::new(frequencies, span.terms, self.table.layout.features)?;
        readings.pass(number)?;
        Ok(readings.next()?.frequency(any))
    }

    /// The block of a term and its number there.
    fn find(&self, term: &[u8]) -> Result<Option<(usize, usize)>, Damage> {
        let (mut low, high) = self.table.candidates(prefix(term));
        // Blocks whose first terms share the wanted prefix are told apart by those terms.
        let mut above = high;
        while low + 1 < above {
            let middle = usize::midpoint(low, above);
            if self.first_term(middle)? <= term {
                low = middle;
            } else {
                above = middle;
            }
        }
        if low >= high {
            return Ok(None);
        }
        let (bytes, span) = self.block_bytes(low)?;
        touch(bytes);
        let number = Block::new(bytes, span.terms)?.find(term);
        Ok(number.map(|number| (low, number)))
    }

    /// The first term of a block.
    fn first_term(&self, block: usize) -> Result<&'a [u8], Damage> {
        let (bytes, span) = self.block_bytes(block)?;
        let block = Block::new(bytes, span.terms)?;
        block
            .rest
            .get(..block.suffixes_len(span.terms.min(1)))
            .ok_or(Damage("a dictionary block is shorter than its terms"))
    }

    /// All terms in byte order, from the first that is not below `from`.
    #[must_use]
    pub fn terms_from(self, from: &[u8]) -> Terms<'a> {
        let block = self.table.first_candidate(from);
        Terms {
            dictionary: self,
            block,
            cursor: None,
            term: Vec::new(),
            from: from.to_vec(),
        }
    }
}

/// Terms in byte order; a lending iterator.
#[derive(Debug)]
pub struct Terms<'a> {
    dictionary: Dictionary<'a>,
    block: usize,
    cursor: Option<BlockCursor<'a>>,
    term: Vec<u8>,
    from: Vec<u8>,
}

impl Terms<'_> {
    /// The next term and its entry.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    #[expect(clippy::should_implement_trait, reason = "it lends the term")]
    pub fn next(&mut self) -> Result<Option<(&[u8], TermEntry)>, Damage> {
        loop {
            let Some(entry) = self.advance()? else {
                return Ok(None);
            };
            if self.from.is_empty() || self.term >= self.from {
                self.from.clear();
                return Ok(Some((&self.term, entry)));
            }
        }
    }

    fn advance(&mut self) -> Result<Option<TermEntry>, Damage> {
        loop {
            if let Some(cursor) = &mut self.cursor
                && let Some(entry) = cursor.next_into(&mut self.term)?
            {
                return Ok(Some(entry));
            }
            if self.block >= self.dictionary.table.len() {
                return Ok(None);
            }
            self.cursor = Some(self.dictionary.block(self.block)?);
            self.block += 1;
            self.term.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::{ByteRange, DictionaryWriter, ListRef, Place};
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    /// A list of so many rows and bytes, its positions taking `more` bytes than rows.
    fn list((frequency, len, more): (u32, u64, u64), offset: &mut u64, positions: bool) -> ListRef {
        let mut list = ListRef::EMPTY;
        if frequency == 0 {
            return list;
        }
        list.frequency = frequency;
        list.place = match frequency {
            1 => Place::Inline(len as u32),
            _ => Place::At {
                offset: *offset,
                len,
            },
        };
        if positions {
            list.positions = ByteRange {
                offset: *offset + list.stored_len(),
                len: more + u64::from(frequency),
            };
        }
        *offset += list.stored_len();
        list
    }

    fn lists() -> impl Strategy<Value = (u32, u64, u64)> {
        let frequency = prop_oneof![Just(1), 1..4u32, 1..1_000_000u32];
        (frequency, 0..1u64 << 22, 0..300u64)
    }

    proptest! {
        #[test]
        fn a_term_is_looked_up_as_the_walk_finds_it(
            terms in btree_map("[ab]{1,3}[a-e\u{e9}]{0,9}", (lists(), lists()), 1..300),
            readings: bool,
            positions: bool,
        ) {
            let features = Features { readings, positions };
            let mut writer = DictionaryWriter::new(std::path::Path::new("x"), features);
            let mut offset = 0;
            for (term, &(noun, other)) in &terms {
                let noun = list(if readings { noun } else { (0, 0, 0) }, &mut offset, positions);
                let other = list(other, &mut offset, positions);
                let any = noun.frequency.max(other.frequency);
                writer.push(term.as_bytes(), &TermEntry { noun, other, any }).unwrap();
            }
            let (spilled, table, count) = writer.finish().unwrap();
            let (blocks_len, mut blocks) = (spilled.len(), Vec::new());
            spilled.drain(|bytes| { blocks.extend_from_slice(bytes); Ok(()) }).unwrap();
            let layout = DictionaryLayout { terms: count, features, blocks_len };
            let dictionary = Dictionary::new(&blocks, &table, layout).unwrap();
            let mut walk = dictionary.terms_from(b"");
            for term in terms.keys() {
                let (walked, entry) = walk.next().unwrap().unwrap();
                prop_assert_eq!(walked, term.as_bytes());
                prop_assert_eq!(dictionary.get(walked).unwrap(), Some(entry));
                prop_assert_eq!(dictionary.frequency(walked).unwrap(), entry.any);
                prop_assert_eq!(dictionary.noun_frequency(walked).unwrap(), entry.noun.frequency);
                for absent in [format!("{term}a"), format!("{term}z"), term[..1].to_owned()] {
                    let known = terms.contains_key(&absent);
                    prop_assert_eq!(dictionary.get(absent.as_bytes()).unwrap().is_some(), known);
                }
            }
            prop_assert!(walk.next().unwrap().is_none());
        }
    }
}
