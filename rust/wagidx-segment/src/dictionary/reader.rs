//! Finds terms and walks them in order, over bytes that nothing is taken on trust from.

use super::{BLOCK_TERMS, TermEntry, entry, prefix};
use crate::{Damage, MAX_TERM_BYTES, varint};

/// Bytes of one row of the block table: prefix, offset of the block, offset of its first list.
const TABLE_ROW: usize = 24;

/// What the footer says about a dictionary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DictionaryLayout {
    pub terms: u64,
    pub readings: bool,
    pub blocks_len: u64,
}

/// The table that finds a term's block: one row of 24 bytes a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockTable<'a> {
    bytes: &'a [u8],
    layout: DictionaryLayout,
}

/// Where one block begins and ends, and where its first list stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockSpan {
    pub start: u64,
    pub end: u64,
    pub postings: u64,
    pub terms: usize,
}

impl<'a> BlockTable<'a> {
    pub(crate) fn new(bytes: &'a [u8], layout: DictionaryLayout) -> Result<Self, Damage> {
        let blocks = layout.terms.div_ceil(BLOCK_TERMS as u64);
        if blocks.checked_mul(TABLE_ROW as u64) != Some(bytes.len() as u64) {
            return Err(Damage("the block table does not fit the number of terms"));
        }
        Ok(Self { bytes, layout })
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / TABLE_ROW
    }

    #[inline]
    fn field(&self, block: usize, field: usize) -> Option<u64> {
        let at = block * TABLE_ROW + field * 8;
        self.bytes
            .get(at..)?
            .first_chunk::<8>()
            .map(|bytes| u64::from_le_bytes(*bytes))
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
            terms: left.min(BLOCK_TERMS as u64) as usize,
        })
    }

    /// The first and one past the last block that could hold a term with this prefix.
    fn candidates(&self, wanted: u64) -> (usize, usize) {
        let below = self.partition(|first| first < wanted);
        let upto = self.partition(|first| first <= wanted);
        (below.saturating_sub(1), upto)
    }

    /// The first block that could hold a term not below `from`.
    pub(crate) fn first_candidate(&self, from: &[u8]) -> usize {
        self.candidates(prefix(from)).0
    }

    fn partition(&self, before: impl Fn(u64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.field(middle, 0).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// How much of the term before the next one keeps, what it adds, and its entry.
type Step<'a> = (usize, &'a [u8], TermEntry);

/// Walks the terms of one block.
#[derive(Debug)]
pub(crate) struct BlockCursor<'a> {
    bytes: &'a [u8],
    left: usize,
    first: bool,
    readings: bool,
    postings: u64,
}

impl<'a> BlockCursor<'a> {
    pub(crate) fn new(bytes: &'a [u8], span: &BlockSpan, readings: bool) -> Self {
        Self {
            bytes,
            left: span.terms,
            first: true,
            readings,
            postings: span.postings,
        }
    }

    /// The next term.
    #[inline]
    fn step(&mut self) -> Result<Option<Step<'a>>, Damage> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let shared = if self.first {
            0
        } else {
            varint::read(&mut self.bytes)?
        };
        self.first = false;
        let added = varint::read(&mut self.bytes)?;
        if shared.max(added) > MAX_TERM_BYTES as u64 {
            return Err(Damage("a term is longer than the format allows"));
        }
        let suffix = varint::take(&mut self.bytes, added as usize)?;
        let entry = entry::read(&mut self.bytes, self.readings, self.postings)?;
        self.postings = self
            .postings
            .checked_add(entry.noun.stored_len())
            .and_then(|end| end.checked_add(entry.other.stored_len()))
            .ok_or(Damage("a list lies past the postings section"))?;
        Ok(Some((shared as usize, suffix, entry)))
    }

    /// Move `term` on to the next term of the block.
    pub(crate) fn next_into(&mut self, term: &mut Vec<u8>) -> Result<Option<TermEntry>, Damage> {
        let Some((shared, suffix, entry)) = self.step()? else {
            return Ok(None);
        };
        if shared > term.len() || shared + suffix.len() > MAX_TERM_BYTES {
            return Err(Damage("a term shares more than its neighbour has"));
        }
        term.truncate(shared);
        term.extend_from_slice(suffix);
        Ok(Some(entry))
    }

    /// The entry of `wanted`, if the block holds it.
    fn find(mut self, wanted: &[u8]) -> Result<Option<TermEntry>, Damage> {
        // Bytes of `wanted` that the term before matched: a term that shares more than those with
        // its neighbour compares as the neighbour did, one that shares fewer lies past `wanted`.
        let mut matched = 0;
        while let Some((shared, suffix, entry)) = self.step()? {
            if shared > matched {
                continue;
            }
            if shared < matched {
                return Ok(None);
            }
            let rest = &wanted[matched..];
            let common = suffix.iter().zip(rest).take_while(|(a, b)| a == b).count();
            matched += common;
            match (suffix.get(common), rest.get(common)) {
                (None, None) => return Ok(Some(entry)),
                (Some(_), None) => return Ok(None),
                (Some(a), Some(b)) if a > b => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }
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

    fn block(&self, block: usize) -> Result<BlockCursor<'a>, Damage> {
        let span = self.table.span(block)?;
        let bytes = self
            .blocks
            .get(span.start as usize..span.end as usize)
            .ok_or(Damage("a dictionary block lies past its section"))?;
        Ok(BlockCursor::new(bytes, &span, self.table.layout.readings))
    }

    /// The entry of a term. O(log terms) in a table of 24 bytes per 64 terms, then one block.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn get(&self, term: &[u8]) -> Result<Option<TermEntry>, Damage> {
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
            Ok(None)
        } else {
            self.block(low)?.find(term)
        }
    }

    /// Number of blocks.
    pub(crate) fn blocks(&self) -> usize {
        self.table.len()
    }

    /// Bytes of dictionary and lists from the start of one block to the start of a later one.
    pub(crate) fn bytes_between(&self, block: usize, later: usize) -> Result<u64, Damage> {
        let (from, to) = (
            self.table.span(block)?,
            self.table.span(later.min(self.blocks() - 1))?,
        );
        let (blocks, lists) = (
            to.start.checked_sub(from.start),
            to.postings.checked_sub(from.postings),
        );
        blocks
            .zip(lists)
            .map(|(a, b)| a.saturating_add(b))
            .ok_or(Damage("dictionary blocks do not ascend"))
    }

    pub(crate) fn first_term(&self, block: usize) -> Result<&'a [u8], Damage> {
        Ok(self.block(block)?.step()?.map_or(&[], |(_, term, _)| term))
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
