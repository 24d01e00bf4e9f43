//! Sets of rows within a stripe: ascending numbers while few, one bit a row when many.

use super::stripes::Stripe;
use std::borrow::Cow;
use wagidx_segment::postings::{intersection, intersection_len, union};
use wagidx_segment::{Damage, PostingList};

/// A set of rows of one stripe.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Ascending row numbers of the segment.
    Few(Vec<u32>),
    /// Bit i is row `from + i`; bits past the stripe are zero.
    Many(Vec<u64>),
}

impl Rows {
    pub(super) const NONE: Self = Self::Few(Vec::new());

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
            return Ok(Self::Many(words));
        }
        let most = list.len().min(stripe.to - stripe.from);
        let mut rows = Vec::with_capacity(most as usize);
        list.decode_range(stripe.from, stripe.to, &mut rows)?;
        Ok(Self::Few(rows))
    }

    /// Every row of the stripe.
    pub(super) fn all(stripe: &Stripe) -> Self {
        let mut words = vec![u64::MAX; stripe.words()];
        trim(&mut words, stripe);
        Self::Many(words)
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Few(rows) => rows.len() as u64,
            Self::Many(words) => words.iter().map(|word| u64::from(word.count_ones())).sum(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Few(rows) => rows.is_empty(),
            Self::Many(words) => words.iter().all(|&word| word == 0),
        }
    }

    /// Rows of both.
    pub(super) fn and(&self, other: &Self, stripe: &Stripe) -> Self {
        match (self, other) {
            (Self::Few(a), Self::Few(b)) => Self::Few(intersection(a, b)),
            (Self::Few(few), Self::Many(many)) | (Self::Many(many), Self::Few(few)) => {
                let held = |row: &&u32| bit(many, **row - stripe.from);
                Self::Few(few.iter().filter(held).copied().collect())
            }
            (Self::Many(a), Self::Many(b)) => {
                Self::Many(a.iter().zip(b).map(|(a, b)| a & b).collect())
            }
        }
    }

    /// Number of rows of both.
    pub(super) fn and_len(&self, other: &Self, stripe: &Stripe) -> u64 {
        match (self, other) {
            (Self::Few(a), Self::Few(b)) => intersection_len(a, b) as u64,
            (Self::Few(few), Self::Many(many)) | (Self::Many(many), Self::Few(few)) => few
                .iter()
                .map(|row| u64::from(bit(many, row - stripe.from)))
                .sum(),
            (Self::Many(a), Self::Many(b)) => {
                let both = a.iter().zip(b).map(|(a, b)| a & b);
                both.map(|word| u64::from(word.count_ones())).sum()
            }
        }
    }

    /// Rows of either.
    pub(super) fn or(&self, other: &Self, stripe: &Stripe) -> Self {
        if let (Self::Few(a), Self::Few(b)) = (self, other)
            && a.len() + b.len() < stripe.words()
        {
            return Self::Few(union(a, b));
        }
        let mut words = vec![0; stripe.words()];
        self.set_in(&mut words, stripe);
        other.set_in(&mut words, stripe);
        Self::Many(words)
    }

    /// Rows of this set that are not in the other.
    pub(super) fn minus(&self, other: &Self, stripe: &Stripe) -> Self {
        let mut taken = vec![0; stripe.words()];
        other.set_in(&mut taken, stripe);
        match self {
            Self::Few(rows) => {
                let kept = |row: &&u32| !bit(&taken, **row - stripe.from);
                Self::Few(rows.iter().filter(kept).copied().collect())
            }
            Self::Many(words) => Self::Many(
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
            Self::Few(rows) => {
                for row in rows {
                    let at = (row - stripe.from) as usize;
                    words[at / 64] |= 1 << (at % 64);
                }
            }
            Self::Many(many) => words.iter_mut().zip(many).for_each(|(a, b)| *a |= b),
        }
    }

    /// Its rows, ascending.
    pub(super) fn numbers(&self, stripe: &Stripe) -> Cow<'_, [u32]> {
        if let Self::Few(rows) = self {
            return Cow::Borrowed(rows);
        }
        let mut rows = Vec::with_capacity(self.len() as usize);
        self.for_each(stripe, |row| rows.push(row));
        Cow::Owned(rows)
    }

    /// Call `emit` with each row, ascending.
    pub(super) fn for_each(&self, stripe: &Stripe, mut emit: impl FnMut(u32)) {
        match self {
            Self::Few(rows) => rows.iter().copied().for_each(emit),
            Self::Many(words) => {
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
        let few = Rows::Few(set.iter().copied().collect());
        let mut words = vec![0; STRIPE.words()];
        few.set_in(&mut words, &STRIPE);
        [few, Rows::Many(words)]
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
