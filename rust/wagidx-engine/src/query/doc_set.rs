//! A set of caption ids that every count can be taken within, read from portable Roaring bytes.

use super::rows::Rows;
use super::stripes::Stripe;
use crate::{Error, Index, Result};
use roaring::{RoaringBitmap, RoaringTreemap};

/// Low 16 bits of the first word of a 32-bit Roaring bitmap, without and with run containers.
const COOKIES_32: [u16; 2] = [12346, 12347];

/// Caption ids: a bitmap over the rows of each segment.
#[derive(Debug)]
pub struct DocSet {
    segments: Vec<Vec<u64>>,
    len: u64,
}

impl DocSet {
    /// Read a portable Roaring bitmap.
    ///
    /// # Errors
    /// [`Error::Argument`] for other bytes, or an id that the index does not have.
    pub fn from_roaring(bytes: &[u8], index: &Index) -> Result<Self> {
        match Portable::read(bytes)? {
            Portable::Bits32(ids) => Self::from_ids(ids.iter().map(u64::from), index),
            Portable::Bits64(ids) => Self::from_ids(ids.iter(), index),
        }
    }

    /// Take ids in any order.
    ///
    /// # Errors
    /// [`Error::Argument`] for an id that the index does not have.
    pub fn from_ids(ids: impl IntoIterator<Item = u64>, index: &Index) -> Result<Self> {
        let open = index.segments();
        let words = |rows: u32| vec![0u64; (rows as usize).div_ceil(64)];
        let mut segments: Vec<_> = open.iter().map(|open| words(open.segment.rows())).collect();
        for id in ids {
            if id >= index.rows() {
                return Err(Error::Argument(format!(
                    "docs: caption id {id} is not below the index's {} rows",
                    index.rows()
                )));
            }
            let segment = open.partition_point(|open| open.base <= id) - 1;
            let row = (id - open[segment].base) as usize;
            segments[segment][row / 64] |= 1 << (row % 64);
        }
        let ones = |word: &u64| u64::from(word.count_ones());
        let len = segments.iter().flatten().map(ones).sum();
        Ok(Self { segments, len })
    }

    /// Number of distinct ids.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no id.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The ids in a stripe, whose ends are multiples of 64 or the segment's.
    pub(super) fn rows(&self, stripe: &Stripe) -> Rows {
        let words = &self.segments[stripe.segment];
        let range = stripe.from as usize / 64..(stripe.to as usize).div_ceil(64);
        Rows::Dense(words[range].to_vec())
    }
}

/// A portable Roaring bitmap: 64-bit, or 32-bit, which its cookie shows.
enum Portable {
    Bits32(RoaringBitmap),
    Bits64(RoaringTreemap),
}

impl Portable {
    fn read(bytes: &[u8]) -> Result<Self> {
        let cookie = bytes.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
        let refused = |why: &dyn std::fmt::Display| {
            Error::Argument(format!("docs: not a portable Roaring bitmap ({why})"))
        };
        let mut rest = bytes;
        let read = if cookie.is_some_and(|cookie| COOKIES_32.contains(&cookie)) {
            RoaringBitmap::deserialize_from(&mut rest).map(Self::Bits32)
        } else {
            RoaringTreemap::deserialize_from(&mut rest).map(Self::Bits64)
        };
        let read = read.map_err(|error| refused(&error))?;
        if !rest.is_empty() {
            return Err(refused(&format_args!("{} bytes follow it", rest.len())));
        }
        Ok(read)
    }
}

/// Number of ids in a portable Roaring bitmap.
///
/// # Errors
/// [`Error::Argument`] for other bytes.
pub fn roaring_len(bytes: &[u8]) -> Result<u64> {
    Ok(match Portable::read(bytes)? {
        Portable::Bits32(ids) => ids.len(),
        Portable::Bits64(ids) => ids.len(),
    })
}

/// Ascending ids as portable 64-bit Roaring bytes, which pyroaring's BitMap64 reads.
#[must_use]
pub fn roaring_bytes(ids: &[u64]) -> Vec<u8> {
    let bitmap: RoaringTreemap = ids.iter().copied().collect();
    let mut bytes = Vec::with_capacity(bitmap.serialized_size());
    // Writing to memory does not fail.
    let written = bitmap.serialize_into(&mut bytes);
    debug_assert!(written.is_ok());
    bytes
}
