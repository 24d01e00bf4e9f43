//! Sets of rows within a stripe: ascending row numbers while sparse, one bit a row when dense.

use super::stripes::Stripe;
use std::borrow::Cow;
use wagidx_segment::postings::{intersection, intersection_len, union};
use wagidx_segment::{Damage, PostingList};

/// A set of rows of one stripe.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Ascending row numbers of the segment.
    Sparse(Vec<u32>),
    /// Bit i is row `from + i`; bits past the stripe are zero.
    Dense(Vec<u64>),
}

impl Rows {
    pub(super) const NONE: Self = Self::Sparse(Vec::new());

    /// The rows of a list in the stripe.
    pub(super) fn of_list(list: &PostingList<'_>, stripe: &Stripe) -> Result<Self, Damage> {
        if let PostingList::Bitmap(bitmap) = list
            && stripe.from.is_multiple_of(64)
        {
            let first = stripe.from as usize / 64;
            let mut words: Vec<u64> = (first..first + stripe.words())
                .map(|i| bitmap.word(i))
                .collect();
            trim(&mut words, stripe);
            return Ok(Self::Dense(words));
        }
        let most = list.len().min(stripe.to - stripe.from);
        let mut rows = Vec::with_capacity(most as usize);
        list.decode_range(stripe.from, stripe.to, &mut rows)?;
        Ok(Self::Sparse(rows))
    }

    /// Every row of the stripe.
    pub(super) fn all(stripe: &Stripe) -> Self {
        let mut words = vec![u64::MAX; stripe.words()];
        trim(&mut words, stripe);
        Self::Dense(words)
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Sparse(rows) => rows.len() as u64,
            Self::Dense(words) => words.iter().map(|word| u64::from(word.count_ones())).sum(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Sparse(rows) => rows.is_empty(),
            Self::Dense(words) => words.iter().all(|&word| word == 0),
        }
    }

    /// Rows of both.
    pub(super) fn and(&self, other: &Self, stripe: &Stripe) -> Self {
        match (self, other) {
            (Self::Sparse(a), Self::Sparse(b)) => Self::Sparse(intersection(a, b)),
            (Self::Sparse(few), Self::Dense(many)) | (Self::Dense(many), Self::Sparse(few)) => {
                let held = |row: &&u32| bit(many, **row - stripe.from);
                Self::Sparse(few.iter().filter(held).copied().collect())
            }
            (Self::Dense(a), Self::Dense(b)) => {
                Self::Dense(a.iter().zip(b).map(|(a, b)| a & b).collect())
            }
        }
    }

    /// Number of rows of both.
    pub(super) fn and_len(&self, other: &Self, stripe: &Stripe) -> u64 {
        match (self, other) {
            (Self::Sparse(a), Self::Sparse(b)) => intersection_len(a, b) as u64,
            (Self::Sparse(few), Self::Dense(many)) | (Self::Dense(many), Self::Sparse(few)) => few
                .iter()
                .map(|row| u64::from(bit(many, row - stripe.from)))
                .sum(),
            (Self::Dense(a), Self::Dense(b)) => {
                let both = a.iter().zip(b).map(|(a, b)| a & b);
                both.map(|word| u64::from(word.count_ones())).sum()
            }
        }
    }

    /// Rows of either.
    pub(super) fn or(&self, other: &Self, stripe: &Stripe) -> Self {
        if let (Self::Sparse(a), Self::Sparse(b)) = (self, other)
            && a.len() + b.len() < stripe.words()
        {
            return Self::Sparse(union(a, b));
        }
        let mut words = vec![0; stripe.words()];
        self.set_in(&mut words, stripe);
        other.set_in(&mut words, stripe);
        Self::Dense(words)
    }

    /// Rows of this set that are not in the other.
    pub(super) fn minus(&self, other: &Self, stripe: &Stripe) -> Self {
        let mut taken = vec![0; stripe.words()];
        other.set_in(&mut taken, stripe);
        match self {
            Self::Sparse(rows) => {
                let kept = |row: &&u32| !bit(&taken, **row - stripe.from);
                Self::Sparse(rows.iter().filter(kept).copied().collect())
            }
            Self::Dense(words) => Self::Dense(
                words
                    .iter()
                    .zip(&taken)
                    .map(|(word, taken)| word & !taken)
                    .collect(),
            ),
        }
    }

    fn set_in(&self, words: &mut [u64], stripe: &Stripe) {
        match self {
            Self::Sparse(rows) => {
                for row in rows {
                    let at = (row - stripe.from) as usize;
                    words[at / 64] |= 1 << (at % 64);
                }
            }
            Self::Dense(many) => words.iter_mut().zip(many).for_each(|(a, b)| *a |= b),
        }
    }

    /// Its rows, ascending.
    pub(super) fn numbers(&self, stripe: &Stripe) -> Cow<'_, [u32]> {
        if let Self::Sparse(rows) = self {
            return Cow::Borrowed(rows);
        }
        let mut rows = Vec::with_capacity(self.len() as usize);
        self.for_each(stripe, |row| rows.push(row));
        Cow::Owned(rows)
    }

    /// Call `emit` with each row, ascending.
    pub(super) fn for_each(&self, stripe: &Stripe, mut emit: impl FnMut(u32)) {
        match self {
            Self::Sparse(rows) => rows.iter().copied().for_each(emit),
            Self::Dense(words) => {
                for (i, &word) in words.iter().enumerate() {
                    let mut word = word;
                    while word != 0 {
                        emit(stripe.from + i as u32 * 64 + word.trailing_zeros());
                        word &= word - 1;
                    }
                }
            }
        }
    }
}

/// Sets handed around without copying those that are kept for the whole stripe.
pub(super) type Shared<'a> = Cow<'a, Rows>;

#[inline]
fn bit(words: &[u64], at: u32) -> bool {
    words[at as usize / 64] >> (at % 64) & 1 == 1
}

/// Clear the bits past the stripe.
fn trim(words: &mut [u64], stripe: &Stripe) {
    let left = (stripe.to - stripe.from) % 64;
    if let Some(last) = words.last_mut()
        && left > 0
    {
        *last &= (1 << left) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const STRIPE: Stripe = Stripe {
        segment: 0,
        from: 128,
        to: 1_000,
    };

    fn both_forms(set: &BTreeSet<u32>) -> [Rows; 2] {
        let few = Rows::Sparse(set.iter().copied().collect());
        let mut words = vec![0; STRIPE.words()];
        few.set_in(&mut words, &STRIPE);
        [few, Rows::Dense(words)]
    }

    fn set_of(rows: &Rows) -> BTreeSet<u32> {
        let mut out = BTreeSet::new();
        rows.for_each(&STRIPE, |row| assert!(out.insert(row)));
        assert_eq!(rows.len(), out.len() as u64);
        assert_eq!(rows.is_empty(), out.is_empty());
        out
    }

    proptest! {
        #[test]
        fn rows_are_a_set_in_either_form(
            a in btree_set(STRIPE.from..STRIPE.to, 0..300),
            b in btree_set(STRIPE.from..STRIPE.to, 0..300),
        ) {
            for x in &both_forms(&a) {
                for y in &both_forms(&b) {
                    prop_assert_eq!(set_of(&x.and(y, &STRIPE)), &a & &b);
                    prop_assert_eq!(x.and_len(y, &STRIPE), (&a & &b).len() as u64);
                    prop_assert_eq!(set_of(&x.or(y, &STRIPE)), &a | &b);
                    prop_assert_eq!(set_of(&x.minus(y, &STRIPE)), &a - &b);
                }
            }
            prop_assert_eq!(Rows::all(&STRIPE).len(), u64::from(STRIPE.to - STRIPE.from));
        }
    }
}
