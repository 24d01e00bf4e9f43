//! The union of two ascending sequences of rows.
//!
//! A word that is mostly a noun, or mostly not, has a long list and a short one: the rows of the long
//! list between two rows of the short one are copied in one piece. Lists of similar length are merged
//! row by row, without a branch for which of the two advances.
//!
//! Useful for: rows in memory. Not useful for: more than two lists, or lists that are a good part of
//! all rows, for which a bitmap is smaller.

use super::intersection::below;

/// Rows among this many times as many are galloped to.
const GALLOPED: usize = 8;

/// Rows that stand in either ascending slice.
#[must_use]
pub fn union(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = Vec::new();
    union_into(a, b, &mut out);
    out
}

/// Append the rows that stand in either ascending slice to `out`.
pub fn union_into(a: &[u32], b: &[u32], out: &mut Vec<u32>) {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    out.reserve(few.len() + many.len());
    if few.len().saturating_mul(GALLOPED) < many.len() {
        gallop(few, many, out);
    } else {
        step(few, many, out);
    }
}

fn gallop(few: &[u32], mut many: &[u32], out: &mut Vec<u32>) {
    for &row in few {
        let (before, after) = many.split_at(below(many, row));
        out.extend_from_slice(before);
        out.push(row);
        many = after.strip_prefix(&[row]).unwrap_or(after);
    }
    out.extend_from_slice(many);
}

fn step(a: &[u32], b: &[u32], out: &mut Vec<u32>) {
    let (mut i, mut j) = (0, 0);
    while let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) {
        out.push(x.min(y));
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    out.extend_from_slice(&a[i..]);
    out.extend_from_slice(&b[j..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_joined_is_the_union(
            a in btree_set(0_u32..2_000, 0..600),
            b in prop_oneof![btree_set(0_u32..2_000, 0..9), btree_set(0_u32..2_000, 0..600)],
        ) {
            let expected: Vec<u32> = a.union(&b).copied().collect();
            let (a, b): (Vec<u32>, Vec<u32>) = (a.into_iter().collect(), b.into_iter().collect());
            for (a, b) in [(&a, &b), (&b, &a)] {
                prop_assert_eq!(&union(a, b), &expected);
                for way in [gallop, step] {
                    let mut out = Vec::new();
                    way(a, b, &mut out);
                    prop_assert_eq!(&out, &expected);
                }
            }
        }
    }
}
