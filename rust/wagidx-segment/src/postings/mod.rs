//! Posting lists: ascending row numbers, in the form their density asks for.
//!
//! | form | when | bytes | useful for | not useful for |
//! |---|---|---|---|---|
//! | [`bitmap`] | at least one row in eight | rows / 8 | probing a row, counting a range | sparse lists |
//! | [`packed`] | otherwise | about 1.2 to 2.5 a posting | decoding ranges; skipping by its table | dense lists |
//!
//! The form is a function of the list's length and the segment's rows, so it is not stored. Rows of
//! several lists are found by [`sieve`] as they are stored, or by [`intersection`] once decoded.

pub mod bitmap;
mod intersection;
pub mod packed;
pub mod sieve;
mod union;

use crate::Damage;
use bitmap::BitmapList;
pub use intersection::{intersection, intersection_len};
use packed::{BlockReader, PackedList};
pub use union::{union, union_into};

/// A list with at least one row in this many is stored as a bitmap.
pub const DENSE_ONE_IN: u64 = 8;

/// Is a list of `len` of `rows` rows stored as a bitmap?
#[must_use]
pub fn is_dense(len: u64, rows: u32) -> bool {
    len * DENSE_ONE_IN >= u64::from(rows) && len > 1
}

/// Append the encoded form of `list`, which ascend strictly and are below `rows`.
pub fn encode(list: &[u32], rows: u32, out: &mut Vec<u8>) {
    if is_dense(list.len() as u64, rows) {
        bitmap::encode(list, rows, out);
    } else {
        packed::encode(list, out);
    }
}

/// One posting list, borrowed from a segment's bytes.
#[derive(Clone, Copy, Debug)]
pub enum PostingList<'a> {
    /// No row.
    Empty,
    /// One row, which stood in the dictionary itself.
    Single(u32),
    /// One bit a row.
    Bitmap(BitmapList<'a>),
    /// Packed gaps with a skip table.
    Packed(PackedList<'a>),
}

impl<'a> PostingList<'a> {
    /// Lay a list of `len` postings over its encoded bytes, checking their length.
    ///
    /// # Errors
    /// [`Damage`] where the bytes cannot hold such a list.
    pub fn new(bytes: &'a [u8], len: u32, rows: u32) -> Result<Self, Damage> {
        if len > rows {
            return Err(Damage("a list is longer than the segment has rows"));
        }
        if len == 0 {
            return if bytes.is_empty() {
                Ok(Self::Empty)
            } else {
                Err(Damage("a list without a row has bytes"))
            };
        }
        if is_dense(u64::from(len), rows) {
            BitmapList::new(bytes, len, rows).map(Self::Bitmap)
        } else {
            PackedList::new(bytes, len, rows).map(Self::Packed)
        }
    }

    /// Number of postings.
    #[must_use]
    pub fn len(&self) -> u32 {
        match self {
            Self::Empty => 0,
            Self::Single(_) => 1,
            Self::Bitmap(list) => list.len(),
            Self::Packed(list) => list.len(),
        }
    }

    /// Whether the list has no posting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Append the rows in `from..to` to `out`, ascending.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn decode_range(&self, from: u32, to: u32, out: &mut Vec<u32>) -> Result<(), Damage> {
        match self {
            Self::Empty => Ok(()),
            Self::Single(row) => {
                if (from..to).contains(row) {
                    out.push(*row);
                }
                Ok(())
            }
            Self::Bitmap(list) => {
                list.decode_range(from, to, out);
                Ok(())
            }
            Self::Packed(list) => list.decode_range(from, to, out),
        }
    }

    /// Append every row to `out`, and check that there are as many as the dictionary says.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves or the dictionary.
    pub fn decode(&self, out: &mut Vec<u32>) -> Result<(), Damage> {
        let before = out.len();
        self.decode_range(0, u32::MAX, out)?;
        if out.len() - before != self.len() as usize {
            return Err(Damage(
                "a list does not hold the number of rows its term states",
            ));
        }
        Ok(())
    }

    /// A cursor that stands before the first row.
    pub(crate) fn cursor(&self) -> Cursor<'a> {
        match *self {
            Self::Empty => Cursor::Empty,
            Self::Single(row) => Cursor::Single(row),
            Self::Bitmap(list) => Cursor::Bitmap(list),
            Self::Packed(list) => Cursor::Packed(Box::new(list.reader())),
        }
    }

    /// Call `each` with the rows, ascending, a few at a time.
    fn for_each_block(
        &self,
        each: &mut impl FnMut(&[u32]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        match self {
            Self::Empty => Ok(()),
            Self::Single(row) => each(&[*row]),
            Self::Bitmap(list) => list.for_each_block(each),
            Self::Packed(list) => list.for_each_block(each),
        }
    }
}

/// A list that is asked for ascending rows: a packed one keeps the block at hand decoded.
#[derive(Debug)]
pub(crate) enum Cursor<'a> {
    Empty,
    Single(u32),
    Bitmap(BitmapList<'a>),
    Packed(Box<BlockReader<'a>>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    /// Rows and a list of them, from single postings to nearly all rows.
    fn lists() -> impl Strategy<Value = (u32, Vec<u32>)> {
        prop_oneof![1u32..40, 100u32..5_000, 1_000_000u32..u32::MAX].prop_flat_map(|rows| {
            let most = (rows as usize).min(2_000);
            (
                Just(rows),
                btree_set(0..rows, 1..=most).prop_map(|set| set.into_iter().collect::<Vec<_>>()),
            )
        })
    }

    #[test]
    fn a_list_without_a_row_has_no_bytes() {
        assert!(PostingList::new(&[], 0, 9).unwrap().is_empty());
        assert!(PostingList::new(&[0], 0, 9).is_err());
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded((rows, held) in lists()) {
            let mut bytes = Vec::new();
            encode(&held, rows, &mut bytes);
            let list = PostingList::new(&bytes, held.len() as u32, rows).unwrap();
            let mut out = Vec::new();
            list.decode(&mut out).unwrap();
            prop_assert_eq!(out, held);
        }

        #[test]
        fn a_range_is_the_list_between_its_ends((rows, held) in lists(), a: u32, b: u32) {
            let (from, to) = (a % rows, b % rows);
            let mut bytes = Vec::new();
            encode(&held, rows, &mut bytes);
            let list = PostingList::new(&bytes, held.len() as u32, rows).unwrap();
            let mut out = Vec::new();
            list.decode_range(from, to, &mut out).unwrap();
            let expected: Vec<u32> =
                held.iter().copied().filter(|&d| from <= d && d < to).collect();
            prop_assert_eq!(out, expected);
        }

        #[test]
        fn damaged_bytes_are_told_or_decoded_but_never_panic(
            (rows, held) in lists(), at: usize, to: u8, cut: usize,
        ) {
            let mut bytes = Vec::new();
            encode(&held, rows, &mut bytes);
            let at = at % bytes.len();
            bytes[at] = to;
            for bytes in [&bytes[..], &bytes[..cut % bytes.len()]] {
                let Ok(list) = PostingList::new(bytes, held.len() as u32, rows) else { continue };
                let mut out = Vec::new();
                if list.decode(&mut out).is_ok() {
                    prop_assert!(out.is_sorted_by(|a, b| a < b));
                    prop_assert!(out.iter().all(|&d| d < rows));
                }
            }
        }
    }
}
