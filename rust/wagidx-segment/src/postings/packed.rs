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

use crate::{Damage, varint};
use bitpacking::{BitPacker, BitPacker4x};

/// Rows in one packed block.
pub const BLOCK: usize = BitPacker4x::BLOCK_LEN;

const SKIP_BYTES: usize = 8;

/// Append the packed form of `docs`.
pub(super) fn encode(docs: &[u32], out: &mut Vec<u8>) {
    let blocks = docs.chunks_exact(BLOCK);
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
    for &doc in tail {
        varint::write(out, u64::from(doc - next));
        next = doc.wrapping_add(1);
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

    /// The first block at or after `from` whose last row is not below `doc`; galloping, then halving.
    fn find_block(&self, from: usize, doc: u32) -> usize {
        let full = self.full_blocks();
        let (mut low, mut step) = (from, 1);
        while low + step <= full && skip(self.skips, low + step - 1).0 < doc {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(full);
        while low < high {
            let middle = usize::midpoint(low, high);
            if skip(self.skips, middle).0 < doc {
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
        const BAD: Damage = Damage("a block of rows contradicts its skip table");
        let span = self.span(i)?;
        if span.bytes.len() % 16 != 0 || span.bytes.len() > 32 * 16 {
            return Err(BAD);
        }
        BitPacker4x::new().decompress(span.bytes, out, (span.bytes.len() / 16) as u8);
        let mut next = span.before.map_or(0, |doc| u64::from(doc) + 1);
        for slot in out.iter_mut() {
            next += u64::from(*slot);
            // A row past u32 wraps here, but then the sum differs from the skip's last row below.
            *slot = next as u32;
            next += 1;
        }
        if next != u64::from(span.last) + 1 || span.last >= self.rows {
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
            let doc = next
                .checked_add(varint::read(&mut bytes)?)
                .filter(|&doc| doc < u64::from(self.rows))
                .ok_or(Damage("a row lies past the segment's rows"))?;
            emit(doc as u32);
            next = doc + 1;
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
                out.extend(rows.iter().filter(|&&doc| from <= doc && doc < to));
            }
        }
        self.decode_tail(|doc| {
            if from <= doc && doc < to {
                out.push(doc);
            }
        })
    }

    pub(super) fn cursor(self) -> PackedCursor<'a> {
        PackedCursor {
            list: self,
            block: None,
            rows: [0; BLOCK],
            at: 0,
            filled: 0,
        }
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

/// Forward probe of a [`PackedList`]: keeps the block it stands in decoded.
#[derive(Debug)]
pub struct PackedCursor<'a> {
    list: PackedList<'a>,
    /// The block whose rows are decoded; the tail counts as the block after the last.
    block: Option<usize>,
    rows: [u32; BLOCK],
    at: usize,
    filled: usize,
}

impl PackedCursor<'_> {
    /// Does the list hold `doc`? Rows are asked in ascending order.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn contains(&mut self, doc: u32) -> Result<bool, Damage> {
        let inside = self.filled > 0 && doc <= self.rows[self.filled - 1];
        if !inside && !self.load(doc)? {
            return Ok(false);
        }
        while self.at < self.filled && self.rows[self.at] < doc {
            self.at += 1;
        }
        Ok(self.at < self.filled && self.rows[self.at] == doc)
    }

    /// Decode the block that could hold `doc`; false where the list ends before.
    fn load(&mut self, doc: u32) -> Result<bool, Damage> {
        let full = self.list.full_blocks();
        let from = self.block.map_or(0, |block| block + 1);
        if from > full {
            return Ok(false);
        }
        let block = self.list.find_block(from, doc);
        self.at = 0;
        self.block = Some(block);
        self.filled = 0;
        if block < full {
            self.list.decode_block(block, &mut self.rows)?;
            self.filled = BLOCK;
            return Ok(true);
        }
        let (rows, filled) = (&mut self.rows, &mut self.filled);
        self.list.decode_tail(|row| {
            rows[*filled] = row;
            *filled += 1;
        })?;
        Ok(true)
    }
}
