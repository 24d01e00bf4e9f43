//! Sifts ascending rows through stored lists: which of them does every list hold?
//!
//! A bitmap is asked row by row. A packed list is entered through its skip table, so that a block
//! without a row of ours is not decoded, and the block decoded meets our rows lane by lane.
//!
//! Useful for: the rows of all of several terms, the rarest term's rows sifted through the others.
//! Not useful for: rows out of order; lists that serve many questions and are better decoded once.

use super::intersection::{LANES, meet};
use super::packed::{BLOCK, BlockReader};
use super::{Cursor, PostingList, bitmap, union_into};
use crate::Damage;

/// What is no row: a segment has at most `u32::MAX`, so the last is below it.
pub(super) const NO_ROW: u32 = u32::MAX;

/// The lists of one term, whose rows are those of either: a noun list and another.
pub type TermPostings<'a> = [PostingList<'a>; 2];

/// Number of rows that all terms have; the rarest stands first. Allocates a few blocks of rows for each
/// term, whatever the lists' length.
///
/// # Errors
/// [`Damage`] where the bytes contradict themselves.
pub fn rows_of_all(rarest: &PostingList<'_>, others: &[TermPostings<'_>]) -> Result<u64, Damage> {
    match (rarest, others) {
        (list, []) => return Ok(u64::from(list.len())),
        (PostingList::Bitmap(a), [[PostingList::Empty, PostingList::Bitmap(b)]]) => {
            return Ok(bitmap::intersection_len(a, b));
        }
        _ => {}
    }
    let mut sieve = Sieve::new(others);
    let mut count = 0;
    rarest.for_each_block(&mut |rows| {
        count += sieve.count(rows)?;
        Ok(())
    })?;
    Ok(count)
}

/// Terms that rows are sifted through.
pub struct Sieve<'a> {
    terms: Vec<Term<'a>>,
    /// The rows at hand, and those of them that the next term has.
    rows: Vec<u32>,
    kept: Vec<u32>,
    /// Rows that a term with two lists has by each of them.
    either: [Vec<u32>; 2],
}

impl<'a> Sieve<'a> {
    /// A sieve of these terms, the rarest first.
    #[must_use]
    pub fn new(terms: &[TermPostings<'a>]) -> Self {
        Self {
            terms: terms.iter().map(cursors).collect(),
            rows: Vec::with_capacity(BLOCK + LANES),
            kept: Vec::new(),
            either: Default::default(),
        }
    }

    /// How many of `rows` every term has. Rows ascend, and from call to call.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn count(&mut self, rows: &[u32]) -> Result<u64, Damage> {
        let mut count = 0;
        for block in rows.chunks(BLOCK) {
            count += self.sift::<false>(block)? as u64;
        }
        Ok(count)
    }

    /// Append to `out` those of `rows` that every term has. Rows ascend, and from call to call.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    pub fn keep(&mut self, rows: &[u32], out: &mut Vec<u32>) -> Result<(), Damage> {
        for block in rows.chunks(BLOCK) {
            self.sift::<true>(block)?;
            out.extend_from_slice(&self.rows);
        }
        Ok(())
    }

    /// Sift at most a block; with `KEEP` the rows left are in `self.rows`.
    fn sift<const KEEP: bool>(&mut self, block: &[u32]) -> Result<usize, Damage> {
        let Self {
            terms,
            rows,
            kept,
            either,
        } = self;
        rows.clear();
        rows.extend_from_slice(block);
        let mut left = rows.len();
        let last = terms.len().saturating_sub(1);
        for (i, term) in terms.iter_mut().enumerate() {
            kept.clear();
            left = if KEEP || i < last {
                term.sift::<true>(rows, kept, either)?
            } else {
                term.sift::<false>(rows, kept, either)?
            };
            std::mem::swap(rows, kept);
            if left == 0 {
                break;
            }
        }
        Ok(left)
    }
}

fn cursors<'a>([noun, other]: &TermPostings<'a>) -> Term<'a> {
    Term {
        noun: noun.cursor(),
        other: other.cursor(),
    }
}

/// The cursors of one term's lists.
struct Term<'a> {
    noun: Cursor<'a>,
    other: Cursor<'a>,
}

impl Term<'_> {
    /// How many of at most a block of `rows` the term has; with `KEEP`, `kept` gets them.
    fn sift<const KEEP: bool>(
        &mut self,
        rows: &mut Vec<u32>,
        kept: &mut Vec<u32>,
        either: &mut [Vec<u32>; 2],
    ) -> Result<usize, Damage> {
        let Self { noun, other } = self;
        if matches!(noun, Cursor::Empty) {
            return sift_list::<KEEP>(other, rows, kept);
        }
        if matches!(other, Cursor::Empty) {
            return sift_list::<KEEP>(noun, rows, kept);
        }
        let [nouns, others] = either;
        nouns.clear();
        others.clear();
        sift_list::<true>(noun, rows, nouns)?;
        sift_list::<true>(other, rows, others)?;
        union_into(nouns, others, kept);
        Ok(kept.len())
    }
}

/// How many of at most a block of `rows` a list has; with `KEEP`, `kept` gets them.
fn sift_list<const KEEP: bool>(
    list: &mut Cursor<'_>,
    rows: &mut Vec<u32>,
    kept: &mut Vec<u32>,
) -> Result<usize, Damage> {
    Ok(match list {
        Cursor::Empty => 0,
        Cursor::Single(row) => {
            let held = rows.contains(row);
            if KEEP && held {
                kept.push(*row);
            }
            usize::from(held)
        }
        Cursor::Bitmap(list) if KEEP => {
            kept.extend(rows.iter().filter(|&&row| list.contains(row)));
            kept.len()
        }
        Cursor::Bitmap(list) => rows
            .iter()
            .map(|&row| usize::from(list.contains(row)))
            .sum(),
        Cursor::Packed(list) => sift_packed::<KEEP>(list, rows, kept)?,
    })
}

fn sift_packed<const KEEP: bool>(
    list: &mut BlockReader<'_>,
    rows: &mut Vec<u32>,
    kept: &mut Vec<u32>,
) -> Result<usize, Damage> {
    let len = rows.len();
    // Rows meet in whole lanes: past the last row stand some that no list holds.
    rows.resize(len + LANES, NO_ROW);
    let (mut at, mut found) = (0, 0);
    while at < len {
        let block = list.seek(rows[at])?;
        let (Some(lane), Some(&last)) = (block.first_chunk::<LANES>(), block.last()) else {
            break;
        };
        if rows[at + 1] > last {
            let held = lane.contains(&rows[at]);
            if KEEP && held {
                kept.push(rows[at]);
            }
            found += usize::from(held);
            at += 1;
            continue;
        }
        let met = meet::<KEEP>(&rows[at..], block, kept);
        found += met.rows;
        at += met.a;
        // The lane at hand may begin with rows that the block went past.
        let behind = rows[at..].iter().take_while(|&&row| row <= last);
        at += behind.count();
    }
    rows.truncate(len);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postings::encode;
    use proptest::collection::btree_set;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const ROWS: u32 = 40_000;

    /// A list of any form: empty, single, packed with and without blocks, bitmap.
    fn list() -> impl Strategy<Value = BTreeSet<u32>> {
        prop_oneof![
            btree_set(0..ROWS, 0..2),
            btree_set(0..ROWS, 2..300),
            btree_set(0..2_000u32, 2..1_000),
            (1u32..30, 0u32..30)
                .prop_map(|(step, from)| (from..ROWS).step_by(step as usize).collect()),
        ]
    }

    fn encoded(list: &BTreeSet<u32>) -> Vec<u8> {
        let mut bytes = Vec::new();
        if list.len() > 1 {
            encode(&list.iter().copied().collect::<Vec<_>>(), ROWS, &mut bytes);
        }
        bytes
    }

    fn posted<'a>(list: &BTreeSet<u32>, bytes: &'a [u8]) -> PostingList<'a> {
        match list.first() {
            Some(&row) if list.len() == 1 => PostingList::Single(row),
            _ => PostingList::new(bytes, list.len() as u32, ROWS).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn what_passes_the_sieve_is_the_intersection(
            rarest in list(), nouns in list(), others in list(), third in list(),
        ) {
            let bytes = [&rarest, &nouns, &others, &third].map(encoded);
            let terms = [
                [posted(&nouns, &bytes[1]), posted(&others, &bytes[2])],
                [PostingList::Empty, posted(&third, &bytes[3])],
            ];
            let first = posted(&rarest, &bytes[0]);
            let rows: Vec<u32> = rarest.iter().copied().collect();
            let either: BTreeSet<u32> = nouns.union(&others).copied().collect();
            let of_two: BTreeSet<u32> = rarest.intersection(&either).copied().collect();
            let of_three: Vec<u32> = of_two.intersection(&third).copied().collect();
            prop_assert_eq!(rows_of_all(&first, &[]).unwrap(), rarest.len() as u64);
            prop_assert_eq!(rows_of_all(&first, &terms[..1]).unwrap(), of_two.len() as u64);
            prop_assert_eq!(rows_of_all(&first, &terms).unwrap(), of_three.len() as u64);
            let mut kept = Vec::new();
            Sieve::new(&terms).keep(&rows, &mut kept).unwrap();
            prop_assert_eq!(kept, of_three);
            let with_third: Vec<u32> = rarest.intersection(&third).copied().collect();
            prop_assert_eq!(rows_of_all(&first, &terms[1..]).unwrap(), with_third.len() as u64);
        }

        #[test]
        fn damaged_lists_never_panic(a in list(), b in list(), at: usize, to: u8) {
            let bytes = encoded(&a);
            let mut damaged = encoded(&b);
            if let Some(len) = std::num::NonZero::new(damaged.len()) {
                damaged[at % len] = to;
            }
            let empty = damaged.is_empty();
            let list = if empty { Ok(PostingList::Empty) } else {
                PostingList::new(&damaged, b.len() as u32, ROWS)
            };
            if let Ok(list) = list {
                let _ = rows_of_all(&posted(&a, &bytes), &[[PostingList::Empty, list]]);
                let _ = rows_of_all(&list, &[[PostingList::Empty, posted(&a, &bytes)]]);
            }
        }
    }
}
