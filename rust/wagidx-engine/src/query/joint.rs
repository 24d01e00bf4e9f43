//! How many rows every two concepts share, for all pairs of a list at once.
//!
//! A caption holds few concepts, so pairs are counted by row rather than by intersecting lists: the
//! postings of all concepts in a stripe are sorted by row, and every pair of concepts in a row counts
//! one. That is O(matches + pairs that occur), where all intersections would be O(concepts²).

use super::Query;
use super::evaluate::Work;
use super::stripes::Stripe;
use crate::{Index, Result};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::ops::{Deref, Range};

/// Rows of a stripe: what is known of its rows stays in the second-level cache.
const STRIPE_ROWS: u32 = 1 << 17;

/// Rows that two concepts share, by the numbers of the two, the lower first; a concept with itself
/// stands for its own rows. Only pairs that occur are here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JointCounts {
    pairs: HashMap<(u32, u32), u64, FixedState>,
}

impl JointCounts {
    /// Add the counts of another part of the rows.
    pub fn add(&mut self, other: Self) {
        if self.pairs.is_empty() {
            *self = other;
            return;
        }
        for (pair, count) in other.pairs {
            *self.pairs.entry(pair).or_default() += count;
        }
    }

    /// Pairs and their rows, in the order of pairs.
    #[must_use]
    pub fn sorted(&self) -> Vec<((u32, u32), u64)> {
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .map(|(&pair, &rows)| (pair, rows))
            .collect();
        pairs.sort_unstable();
        pairs
    }
}

impl<I: Deref<Target = Index> + Sync> Query<I> {
    /// The joint counts of all expressions over a range of ids. `threads` share it.
    ///
    /// # Errors
    /// For a damaged list.
    pub fn joint_counts(&self, ids: &Range<u64>, threads: usize) -> Result<JointCounts> {
        let how = (ids, STRIPE_ROWS, threads);
        let parts = self.sweep(how, Gathered::default, |work, stripe, gathered| {
            gathered.stripe(work, stripe)
        })?;
        let mut joint = JointCounts::default();
        for part in parts {
            joint.add(part.joint);
        }
        Ok(joint)
    }
}

/// What one thread has counted, and its buffers.
#[derive(Default)]
struct Gathered {
    joint: JointCounts,
    /// Rows of the concepts, one concept after the other, and where each ends.
    rows: Vec<u32>,
    ends: Vec<usize>,
    by_row: ByRow,
}

impl Gathered {
    fn stripe(&mut self, work: &Work<'_>, stripe: &Stripe) -> Result<()> {
        let Self {
            joint,
            rows,
            ends,
            by_row,
        } = self;
        rows.clear();
        ends.clear();
        let mut lists = work.lists();
        for (&i, concept) in work.asked.iter().zip(0..) {
            let from = rows.len();
            let found = work.rows(&work.plan.nodes[i], stripe, &mut lists)?;
            found.for_each(stripe, |row| rows.push(row - stripe.from));
            ends.push(rows.len());
            if rows.len() > from {
                *joint.pairs.entry((concept, concept)).or_default() += (rows.len() - from) as u64;
            }
        }
        by_row.sort(rows, ends, stripe.to - stripe.from);
        for concepts in by_row.rows() {
            for (i, &a) in concepts.iter().enumerate() {
                for &b in &concepts[i + 1..] {
                    *joint.pairs.entry((a, b)).or_default() += 1;
                }
            }
        }
        Ok(())
    }
}

/// The concepts of each row, by a counting sort.
#[derive(Default)]
struct ByRow {
    concepts: Vec<u32>,
    /// Where each row's concepts end.
    ends: Vec<u32>,
}

impl ByRow {
    /// Sort `rows`, which are below `len`, one concept after the other.
    fn sort(&mut self, rows: &[u32], concept_ends: &[usize], len: u32) {
        let Self { concepts, ends } = self;
        ends.clear();
        ends.resize(len as usize + 1, 0);
        for &row in rows {
            ends[row as usize + 1] += 1;
        }
        for i in 1..ends.len() {
            ends[i] += ends[i - 1];
        }
        concepts.clear();
        concepts.resize(rows.len(), 0);
        let mut from = 0;
        for (&end, concept) in concept_ends.iter().zip(0..) {
            for &row in &rows[from..end] {
                // Where a row's concepts begin moves on until it is where they end.
                let at = &mut ends[row as usize];
                concepts[*at as usize] = concept;
                *at += 1;
            }
            from = end;
        }
    }

    /// The concepts of each row, ascending.
    fn rows(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        let ends = &self.ends[..self.ends.len().saturating_sub(1)];
        ends.iter().map(move |&end| {
            let concepts = &self.concepts[from..end as usize];
            from = end as usize;
            concepts
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ByRow;

    #[test]
    fn concepts_are_sorted_by_row() {
        // Concept 0 in rows 1 and 3, 1 in none, 2 in row 3, 3 in rows 0 and 3.
        let mut by_row = ByRow::default();
        by_row.sort(&[1, 3, 3, 0, 3], &[2, 2, 3, 5], 5);
        let rows: Vec<Vec<u32>> = by_row.rows().map(<[u32]>::to_vec).collect();
        assert_eq!(rows, [vec![3], vec![0], vec![], vec![0, 2, 3], vec![]]);
    }
}
