//! Sparse lists: gaps in bit-packed blocks of 128 behind a skip table, then a short tail.
//!
//! ```text
//! len / 128 times   last row u32 | end offset u32      skip table
//! len / 128 times   128 gaps, bit-packed                blocks
//! len % 128 times   gap, LEB128                         tail
//! ```
//! A gap is `row - previous row - 1`; before the first row stands -1. A block's width in bits is its
//! byte length / 16, and that is the difference of two end offsets, so no width is stored. Blocks are
//! in the 4-lane layout of Lemire and Boytsov's SIMD-BP128 (arXiv 1209.2137), by the `bitpacking`
//! crate, which has a scalar twin for machines without SSE3.

use super::intersection::LANES;
use crate::{Damage, varint};
use bitpacking::{BitPacker, BitPacker4x};

/// Rows in one packed block.
pub const BLOCK: usize = BitPacker4x::BLOCK_LEN;

const SKIP_BYTES: usize = 8;

const BAD: Damage = Damage("a block of rows contradicts its skip table");

/// Append the packed form of `list`.
pub(super) fn encode(list: &[u32], out: &mut Vec<u8>) {
    let blocks = list.chunks_exact(BLOCK);
    let tail = blocks.remainder();
    let skips = out.len();
    out.resize(skips + blocks.len() * SKIP_BYTES, 0);
    let first_block = out.len();
    let packer = BitPacker4x::new();
    let mut next = 0u32;
    for (i, block) in blocks.enumerate() {
        let gaps: [u32; BLOCK] = gaps(block, &mut next);
        let bits = packer.num_bits(&gaps);
        let at = out.len();
        out.resize(at + usize::from(bits) * 16, 0);
        packer.compress(&gaps, &mut out[at..], bits);
        let skip = skips + i * SKIP_BYTES;
        let end = (out.len() - first_block) as u32;
        out[skip..skip + 4].copy_from_slice(&(next - 1).to_le_bytes());
        out[skip + 4..skip + 8].copy_from_slice(&end.to_le_bytes());
    }
    for &row in tail {
        varint::write(out, u64::from(row - next));
        next = row.wrapping_add(1);
    }
}

/// The gaps of one block; `next` is the smallest row that could come, and moves past the block.
fn gaps(block: &[u32], next: &mut u32) -> [u32; BLOCK] {
    std::array::from_fn(|i| {
        let gap = block[i] - *next;
        *next = block[i] + 1;
        gap
    })
}

/// A sparse list over its bytes.
#[derive(Clone, Copy, Debug)]
pub struct PackedList<'a> {
    skips: &'a [u8],
    blocks: &'a [u8],
    tail: &'a [u8],
    len: u32,
    rows: u32,
}

/// Where one block lies, as two neighbouring skips say.
struct BlockSpan<'a> {
    before: Option<u32>,
    last: u32,
    bytes: &'a [u8],
}

impl<'a> PackedList<'a> {
    pub(super) fn new(bytes: &'a [u8], len: u32, rows: u32) -> Result<Self, Damage> {
        const SHORT: Damage = Damage("a list is shorter than its skip table says");
        let full = len as usize / BLOCK;
        let (skips, rest) = bytes.split_at_checked(full * SKIP_BYTES).ok_or(SHORT)?;
        let blocks_len = match full {
            0 => 0,
            n => skip(skips, n - 1).1 as usize,
        };
        let (blocks, tail) = rest.split_at_checked(blocks_len).ok_or(SHORT)?;
        Ok(Self {
            skips,
            blocks,
            tail,
            len,
            rows,
        })
    }

    /// Number of postings, as the dictionary states it.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the list has no posting; a stored list always has some.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn full_blocks(&self) -> usize {
        self.skips.len() / SKIP_BYTES
    }

    /// The first block at or after `from` whose last row is not below `row`; galloping, then halving.
    fn find_block(&self, from: usize, row: u32) -> usize {
        let full = self.full_blocks();
        let (mut low, mut step) = (from, 1);
        while low + step <= full && skip(self.skips, low + step - 1).0 < row {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(full);
        while low < high {
            let middle = usize::midpoint(low, high);
            if skip(self.skips, middle).0 < row {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn span(&self, i: usize) -> Result<BlockSpan<'a>, Damage> {
        let (before, start) = match i {
            0 => (None, 0),
            _ => {
                let (last, end) = skip(self.skips, i - 1);
                (Some(last), end as usize)
            }
        };
        let (last, end) = skip(self.skips, i);
        let bytes = self
            .blocks
            .get(start..end as usize)
            .ok_or(Damage("a skip table's offsets do not ascend"))?;
        Ok(BlockSpan {
            before,
            last,
            bytes,
        })
    }

    fn decode_block(&self, i: usize, out: &mut [u32; BLOCK]) -> Result<(), Damage> {
        let span = self.span(i)?;
        if span.bytes.len() % 16 != 0 || span.bytes.len() > 32 * 16 {
            return Err(BAD);
        }
        let bits = (span.bytes.len() / 16) as u8;
        let first = span.before.map_or(0, |row| u64::from(row) + 1);
        // Sums are taken in 32 bits; where they could wrap, rows could come out in any order.
        if first + ((BLOCK as u64) << bits) > 1 << 32 {
            decode_wide(&span, bits, out)?;
        } else {
            let packer = BitPacker4x::new();
            packer.decompress_strictly_sorted(span.before, span.bytes, out, bits);
        }
        if out[BLOCK - 1] != span.last || span.last >= self.rows {
            return Err(BAD);
        }
        Ok(())
    }

    fn decode_tail(&self, mut emit: impl FnMut(u32)) -> Result<(), Damage> {
        let full = self.full_blocks();
        let mut next = match full {
            0 => 0,
            n => u64::from(skip(self.skips, n - 1).0) + 1,
        };
        let mut bytes = self.tail;
        for _ in 0..self.len as usize % BLOCK {
            let row = next
                .checked_add(varint::read_mixed(&mut bytes)?)
                .filter(|&row| row < u64::from(self.rows))
                .ok_or(Damage("a row lies past the segment's rows"))?;
            emit(row as u32);
            next = row + 1;
        }
        if bytes.is_empty() {
            Ok(())
        } else {
            Err(Damage("a list is longer than its rows"))
        }
    }

    pub(super) fn decode_range(
        &self,
        from: u32,
        to: u32,
        out: &mut Vec<u32>,
    ) -> Result<(), Damage> {
        let mut rows = [0; BLOCK];
        let full = self.full_blocks();
        for i in self.find_block(0, from)..full {
            if i > 0 && u64::from(skip(self.skips, i - 1).0) + 1 >= u64::from(to) {
                return Ok(());
            }
            self.decode_block(i, &mut rows)?;
            if rows[0] >= from && rows[BLOCK - 1] < to {
                out.extend_from_slice(&rows);
            } else {
                out.extend(rows.iter().filter(|&&row| from <= row && row < to));
            }
        }
        self.decode_tail(|row| {
            if from <= row && row < to {
                out.push(row);
            }
        })
    }

    pub(crate) fn reader(self) -> BlockReader<'a> {
        BlockReader {
            list: self,
            block: None,
            rows: [0; BLOCK],
            filled: 0,
        }
    }

    /// Call `each` with the rows of each block, and of the tail.
    pub(super) fn for_each_block(
        &self,
        each: &mut impl FnMut(&[u32]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut rows = [0; BLOCK];
        for block in 0..=self.full_blocks() {
            let filled = self.load(block, &mut rows)?;
            each(&rows[..filled])?;
        }
        Ok(())
    }

    /// Decode a block, the tail counting as the one after the last; returns the number of rows.
    fn load(&self, block: usize, rows: &mut [u32; BLOCK]) -> Result<usize, Damage> {
        if block < self.full_blocks() {
            self.decode_block(block, rows)?;
            return Ok(BLOCK);
        }
        let mut filled = 0;
        self.decode_tail(|row| {
            rows[filled] = row;
            filled += 1;
        })?;
        Ok(filled)
    }
}

/// Decode a block whose rows may run past 32 bits, which is damage.
fn decode_wide(span: &BlockSpan<'_>, bits: u8, out: &mut [u32; BLOCK]) -> Result<(), Damage> {
    BitPacker4x::new().decompress(span.bytes, out, bits);
    let mut next = span.before.map_or(0, |row| u64::from(row) + 1);
    for slot in out.iter_mut() {
        next += u64::from(*slot);
        // A row past u32 wraps here, but then the sum differs from the skip's last row below.
        *slot = next as u32;
        next += 1;
    }
    if next == u64::from(span.last) + 1 {
        Ok(())
    } else {
        Err(BAD)
    }
}

/// Last row and end offset of the `i`-th skip; `i` is below the number of skips.
#[inline]
fn skip(skips: &[u8], i: usize) -> (u32, u32) {
    let at = i * SKIP_BYTES;
    match skips.get(at..).and_then(<[u8]>::first_chunk::<SKIP_BYTES>) {
        Some(&[a, b, c, d, e, f, g, h]) => (
            u32::from_le_bytes([a, b, c, d]),
            u32::from_le_bytes([e, f, g, h]),
        ),
        None => (u32::MAX, u32::MAX),
    }
}

/// Reads a [`PackedList`] forward, and keeps the block it stands in decoded.
#[derive(Debug)]
pub(crate) struct BlockReader<'a> {
    list: PackedList<'a>,
    block: Option<usize>,
    rows: [u32; BLOCK],
    /// Rows of the block, in whole lanes: the tail's last row is repeated.
    filled: usize,
}

impl BlockReader<'_> {
    /// The block that could hold `row`, from the lane that could; nothing where the list ends before.
    /// Rows are asked in ascending order.
    #[inline]
    pub(super) fn seek(&mut self, row: u32) -> Result<&[u32], Damage> {
        let inside = self.filled > 0 && row <= self.rows[self.filled - 1];
        if !inside && !self.load(row)? {
            return Ok(&[]);
        }
        let block = &self.rows[..self.filled];
        let lanes = block.as_chunks::<LANES>().0;
        let before = lanes.partition_point(|lane| lane[LANES - 1] < row);
        Ok(&block[before * LANES..])
    }

    /// The block that holds `row` and the rows before it there; nothing where none does.
    #[inline]
    pub(crate) fn place(&mut self, row: u32) -> Result<Option<(usize, usize)>, Damage> {
        let lanes = self.seek(row)?;
        let (ahead, lane) = (lanes.len(), lanes.iter().take(LANES));
        let Some(at) = lane.copied().position(|held| held == row) else {
            return Ok(None);
        };
        Ok(self.block.map(|block| (block, self.filled - ahead + at)))
    }

    fn load(&mut self, row: u32) -> Result<bool, Damage> {
        let full = self.list.full_blocks();
        let from = self.block.map_or(0, |block| block + 1);
        if from > full {
            return Ok(false);
        }
        let block = self.list.find_block(from, row);
        self.block = Some(block);
        let found = self.list.load(block, &mut self.rows)?;
        self.filled = found.next_multiple_of(LANES);
        if let Some(last) = found.checked_sub(1) {
            let last = self.rows[last];
            self.rows[found..self.filled].fill(last);
        }
        Ok(found > 0)
    }
}
