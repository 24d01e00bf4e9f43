//! Dense lists: one bit a row, in little-endian 64-bit words, the last word padded with zeros.

use crate::Damage;

/// Bytes of a bitmap over `rows` rows.
fn byte_len(rows: u32) -> usize {
    (rows as usize).div_ceil(64) * 8
}

/// Append the bitmap of `list`.
pub(super) fn encode(list: &[u32], rows: u32, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + byte_len(rows), 0);
    for &row in list {
        out[start + row as usize / 8] |= 1 << (row % 8);
    }
}

/// Rows that both lists hold.
pub(super) fn intersection_len(a: &BitmapList<'_>, b: &BitmapList<'_>) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
        // SAFETY: the processor has AVX2 and POPCNT.
        return unsafe { intersection_len_avx2(a.bytes, b.bytes) };
    }
    common_bits(a.bytes, b.bytes)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn intersection_len_avx2(a: &[u8], b: &[u8]) -> u64 {
    common_bits(a, b)
}

#[inline(always)]
fn common_bits(a: &[u8], b: &[u8]) -> u64 {
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    words
        .map(|(a, b)| u64::from((u64::from_le_bytes(*a) & u64::from_le_bytes(*b)).count_ones()))
        .sum()
}

/// A dense list over its bytes.
#[derive(Clone, Copy, Debug)]
pub struct BitmapList<'a> {
    bytes: &'a [u8],
    len: u32,
    rows: u32,
}

impl<'a> BitmapList<'a> {
    pub(super) fn new(bytes: &'a [u8], len: u32, rows: u32) -> Result<Self, Damage> {
        if bytes.len() != byte_len(rows) {
            return Err(Damage("a bitmap is not as long as the segment's rows"));
        }
        Ok(Self { bytes, len, rows })
    }

    /// Number of postings, as the dictionary states it.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the list has no posting; a stored bitmap always has some.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Is the bit of `row` set?
    #[inline]
    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        row < self.rows
            && self
                .bytes
                .get(row as usize / 8)
                .is_some_and(|byte| byte >> (row % 8) & 1 == 1)
    }

    /// The `i`-th 64 rows; zero past the end, and the padding reads as zero.
    #[inline]
    #[must_use]
    pub fn word(&self, i: usize) -> u64 {
        let Some(bytes) = self.bytes.get(i * 8..).and_then(<[u8]>::first_chunk::<8>) else {
            return 0;
        };
        let left = self.rows as usize - i * 64;
        let mask = if left >= 64 {
            u64::MAX
        } else {
            (1 << left) - 1
        };
        u64::from_le_bytes(*bytes) & mask
    }

    /// How many rows of `from..to` it holds; `from` is a multiple of 64.
    pub(crate) fn count_range(&self, from: u32, to: u32) -> usize {
        let (first, last) = (from as usize / 64, to as usize / 64);
        let whole = (first..last).map(|i| self.word(i));
        let rest = self.word(last) & ((1 << (to % 64)) - 1);
        whole
            .chain([rest])
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Call `each` with the rows, at most 128 at a time.
    pub(super) fn for_each_block(
        &self,
        each: &mut impl FnMut(&[u32]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut rows = Vec::with_capacity(128);
        for from in (0..self.rows).step_by(128) {
            rows.clear();
            self.decode_range(from, from.saturating_add(128), &mut rows);
            each(&rows)?;
        }
        Ok(())
    }

    pub(super) fn decode_range(&self, from: u32, to: u32, out: &mut Vec<u32>) {
        let to = to.min(self.rows);
        if from >= to {
            return;
        }
        let (first, last) = (from as usize / 64, (to as usize - 1) / 64);
        for i in first..=last {
            let mut word = self.word(i);
            if i == first {
                word &= u64::MAX << (from % 64);
            }
            if i == last && !to.is_multiple_of(64) {
                word &= (1 << (to % 64)) - 1;
            }
            while word != 0 {
                out.push((i * 64) as u32 + word.trailing_zeros());
                word &= word - 1;
            }
        }
    }

    /// Rows whose bit is set, counted from the bytes.
    #[must_use]
    pub fn count(&self) -> u64 {
        (0..self.bytes.len() / 8)
            .map(|i| u64::from(self.word(i).count_ones()))
            .sum()
    }

    /// Is every bit past the last row zero?
    #[must_use]
    pub fn padding_is_zero(&self) -> bool {
        let last = self.bytes.len() / 8 - 1;
        self.bytes[last * 8..]
            .first_chunk::<8>()
            .is_some_and(|bytes| u64::from_le_bytes(*bytes) == self.word(last))
    }
}
