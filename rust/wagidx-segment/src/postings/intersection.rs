//! The intersection of two ascending sequences of rows, eight rows against eight.
//!
//! Every row of one lane is compared with every row of the other, then the lane with the lower last
//! row moves on (both where they are equal): the all-pairs step of Schlegel, Willhalm and Lehner
//! (*Fast sorted-set intersection using SIMD instructions*, ADMS 2011). Which lane moves needs no
//! branch, and the compiler makes vector instructions of the step: SSE2's everywhere on x86-64,
//! AVX2's where the machine has them. A row among many is galloped to instead.
//!
//! Useful for: rows in memory. Not useful for: lists as they are stored; see [`super::sieve`].

/// Rows compared at a time.
pub(super) const LANES: usize = 8;

/// Rows among this many times as many are galloped to.
const GALLOPED: usize = 64;

/// How far two sequences were walked, and how many rows they were found to have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Met {
    pub a: usize,
    pub b: usize,
    pub rows: usize,
}

/// Number of rows that stand in both ascending slices.
#[must_use]
pub fn intersection_len(a: &[u32], b: &[u32]) -> usize {
    common::<false>(a, b, &mut Vec::new())
}

/// Rows that stand in both ascending slices.
#[must_use]
pub fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut rows = Vec::new();
    common::<true>(a, b, &mut rows);
    rows
}

fn common<const KEEP: bool>(a: &[u32], b: &[u32], out: &mut Vec<u32>) -> usize {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if few.len().saturating_mul(GALLOPED) < many.len() {
        return gallop::<KEEP>(few, many, out);
    }
    let met = meet::<KEEP>(few, many, out);
    // One of the two is down to less than a lane.
    let (few, many) = (&few[met.a..], &many[met.b..]);
    let (few, many) = if few.len() < many.len() {
        (few, many)
    } else {
        (many, few)
    };
    met.rows + gallop::<KEEP>(few, many, out)
}

/// Number of `rows`, which ascend, below `row`; found in time logarithmic in it.
pub(super) fn below(rows: &[u32], row: u32) -> usize {
    let mut step = 1;
    while step < rows.len() && rows[step] < row {
        step *= 2;
    }
    let window = &rows[step / 2..rows.len().min(step + 1)];
    step / 2 + window.partition_point(|&other| other < row)
}

fn gallop<const KEEP: bool>(few: &[u32], mut many: &[u32], out: &mut Vec<u32>) -> usize {
    let mut rows = 0;
    for &row in few {
        many = &many[below(many, row)..];
        match many.first() {
            Some(&first) if first == row => {
                rows += 1;
                if KEEP {
                    out.push(row);
                }
            }
            Some(_) => {}
            None => break,
        }
    }
    rows
}

/// Walk whole lanes of `a` and `b` until one has none left; with `KEEP`, `out` gets the common rows.
///
/// Rows of `b` may be repeated within a lane, rows of `a` may not.
#[inline]
pub(super) fn meet<const KEEP: bool>(a: &[u32], b: &[u32], out: &mut Vec<u32>) -> Met {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { meet_avx2::<KEEP>(a, b, out) };
    }
    meet_lanes::<KEEP>(a, b, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn meet_avx2<const KEEP: bool>(a: &[u32], b: &[u32], out: &mut Vec<u32>) -> Met {
    meet_lanes::<KEEP>(a, b, out)
}

#[inline(always)]
fn meet_lanes<const KEEP: bool>(a: &[u32], b: &[u32], out: &mut Vec<u32>) -> Met {
    let (a, b) = (a.as_chunks::<LANES>().0, b.as_chunks::<LANES>().0);
    let (mut i, mut j, mut rows) = (0, 0, [0; LANES]);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let held = held(x, y);
        rows.iter_mut()
            .zip(held)
            .for_each(|(sum, held)| *sum += held);
        if KEEP && held != [0; LANES] {
            let kept = x.iter().zip(held).filter(|&(_, held)| held > 0);
            out.extend(kept.map(|(&row, _)| row));
        }
        let (last_x, last_y) = (x[LANES - 1], y[LANES - 1]);
        i += usize::from(last_x <= last_y);
        j += usize::from(last_y <= last_x);
    }
    Met {
        a: i * LANES,
        b: j * LANES,
        rows: rows.iter().sum::<u32>() as usize,
    }
}

/// For each row of `x`, 1 where it stands in `y` and 0 where not.
#[inline(always)]
fn held(x: &[u32; LANES], y: &[u32; LANES]) -> [u32; LANES] {
    let mut held = [0; LANES];
    for turn in 0..LANES {
        for lane in 0..LANES {
            held[lane] |= u32::from(x[lane] == y[(lane + turn) % LANES]);
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Sets of like and of very different sizes, with many rows in common or few.
    fn sets() -> impl Strategy<Value = (BTreeSet<u32>, BTreeSet<u32>)> {
        let set = |most: u32, size: usize| btree_set(0..most, 0..size);
        prop_oneof![
            (set(1_000, 400), set(1_000, 400)),
            (set(100_000, 12), set(5_000, 900)),
            (set(u32::MAX, 100), set(u32::MAX, 100)),
        ]
    }

    proptest! {
        #[test]
        fn what_meets_is_the_intersection((a, b) in sets()) {
            let expected: Vec<u32> = a.intersection(&b).copied().collect();
            let (a, b): (Vec<u32>, Vec<u32>) = (a.into_iter().collect(), b.into_iter().collect());
            for (a, b) in [(&a, &b), (&b, &a)] {
                prop_assert_eq!(intersection_len(a, b), expected.len());
                prop_assert_eq!(&intersection(a, b), &expected);
                let mut galloped = Vec::new();
                prop_assert_eq!(gallop::<true>(a, b, &mut galloped), expected.len());
                prop_assert_eq!(&galloped, &expected);
            }
        }

        #[test]
        fn every_kind_of_processor_walks_alike((a, b) in sets()) {
            let (a, b): (Vec<u32>, Vec<u32>) = (a.into_iter().collect(), b.into_iter().collect());
            let (mut here, mut anywhere) = (Vec::new(), Vec::new());
            let met = meet::<true>(&a, &b, &mut here);
            prop_assert_eq!(met, meet_lanes::<true>(&a, &b, &mut anywhere));
            prop_assert_eq!(met, meet::<false>(&a, &b, &mut Vec::new()));
            prop_assert_eq!(here, anywhere);
        }
    }
}
