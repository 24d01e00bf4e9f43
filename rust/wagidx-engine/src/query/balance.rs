//! Which captions a balanced corpus keeps, after MetaCLIP (arXiv 2309.16671): a caption stays when
//! any of its concepts draws it.
//!
//! The draw of a concept for a row is a function of the seed, the concept's text and the row's id
//! alone, so neither threads nor the order of the list nor the cutting of the work shows in it:
//!
//! ```text
//! mix(z)    z += 9e3779b97f4a7c15; z = (z ^ z >> 30) * bf58476d1ce4e5b9;      all modulo 2^64
//!           z = (z ^ z >> 27) * 94d049bb133111eb; z ^ z >> 31                  (SplitMix64)
//! stream    mix(fnv1a64(UTF-8 of the concept) ^ mix(seed))
//! draw      mix(stream + 9e3779b97f4a7c15 * id)
//! keep      count <= cap, or draw < floor(cap * 2^64 / count)
//! ```

use super::Query;
use crate::hash::fnv1a64;
use crate::{Index, Result};
use std::ops::{Deref, Range};

/// Rows of a stripe.
const STRIPE_ROWS: u32 = 1 << 18;
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// How each concept of a list draws.
#[derive(Clone, Debug)]
pub struct Draws {
    concepts: Vec<Draw>,
}

#[derive(Clone, Copy, Debug)]
struct Draw {
    stream: u64,
    /// What a draw must stay below; none where every row is kept.
    below: Option<u64>,
}

impl Draws {
    /// Draws of concepts with these texts and counts, each to be kept about `cap` times.
    pub fn new<'a>(
        concepts: impl IntoIterator<Item = (&'a str, u64)>,
        cap: u64,
        seed: u64,
    ) -> Self {
        let draw = |(text, count): (&str, u64)| Draw {
            stream: mix(fnv1a64(text.as_bytes()) ^ mix(seed)),
            below: (count > cap).then(|| ((u128::from(cap) << 64) / u128::from(count)) as u64),
        };
        Self {
            concepts: concepts.into_iter().map(draw).collect(),
        }
    }
}

impl Draw {
    #[inline]
    fn keeps(self, id: u64) -> bool {
        let draw = mix(self.stream.wrapping_add(STEP.wrapping_mul(id)));
        self.below.is_none_or(|below| draw < below)
    }
}

/// A step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
#[inline]
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl<I: Deref<Target = Index> + Sync> Query<I> {
    /// Ids in a range that any expression's draw keeps, ascending; `draws` are those of the
    /// expressions. `threads` share the range.
    ///
    /// # Errors
    /// For a damaged list.
    pub fn drawn(&self, draws: &Draws, ids: &Range<u64>, threads: usize) -> Result<Vec<u64>> {
        let how = (ids, STRIPE_ROWS, threads);
        let kept = self.sweep(how, Vec::new, |work, stripe, kept| {
            let base = self.index.segments()[stripe.segment].base;
            let mut lists = work.lists();
            let mut bits = vec![0u64; stripe.words()];
            for (node, draw) in self.plan.nodes.iter().zip(&draws.concepts) {
                let rows = work.rows(node, stripe, &mut lists)?;
                rows.for_each(stripe, |row| {
                    let at = (row - stripe.from) as usize;
                    let drawn = draw.keeps(base + u64::from(row));
                    bits[at / 64] |= u64::from(drawn) << (at % 64);
                });
            }
            let from = base + u64::from(stripe.from);
            kept.extend(ones(&bits).map(|at| from + at));
            Ok(())
        })?;
        let mut kept: Vec<u64> = kept.into_iter().flatten().collect();
        kept.sort_unstable();
        Ok(kept)
    }
}

/// Places of the bits that are set.
fn ones(bits: &[u64]) -> impl Iterator<Item = u64> {
    bits.iter().zip(0..).flat_map(|(&word, i)| {
        let mut word = word;
        std::iter::from_fn(move || {
            let at = u64::from(word.trailing_zeros());
            (word != 0).then(|| {
                word &= word - 1;
                i * 64 + at
            })
        })
    })
}
