//! How the terms of a block are read: two bits a term, and a number where there are both.

use super::entry::Nouns;
use crate::{Damage, Features, varint};

/// How the terms of a block are read, in their order.
#[derive(Clone, Debug)]
pub(super) struct Readings<'a> {
    /// A bit a term that is left, the lowest first.
    with_noun: u64,
    with_other: u64,
    /// Rows in the noun list of the terms left that have both.
    nouns: &'a [u8],
}

impl<'a> Readings<'a> {
    /// The readings at the front of `bytes`, and what stands behind them. Without readings every term
    /// has its other list alone.
    pub(super) fn new(
        mut bytes: &'a [u8],
        terms: usize,
        features: Features,
    ) -> Result<(Self, &'a [u8]), Damage> {
        let mut readings = Self {
            with_noun: 0,
            with_other: u64::MAX,
            nouns: &[],
        };
        if features.readings {
            readings.with_noun = bits(&mut bytes)?;
            readings.with_other = bits(&mut bytes)?;
            let either = readings.with_noun | readings.with_other;
            if either.trailing_ones() as usize != terms || either.count_ones() as usize != terms {
                return Err(Damage("a term has no list"));
            }
            readings.nouns = bytes;
            varint::skip(&mut bytes, readings.with_both(64))?;
        }
        Ok((readings, bytes))
    }

    /// How many of the next terms have both lists.
    fn with_both(&self, terms: usize) -> usize {
        let both = self.with_noun & self.with_other;
        let next = u64::MAX
            .checked_shl(terms as u32)
            .map_or(u64::MAX, |not| !not);
        (both & next).count_ones() as usize
    }

    /// Move past some terms.
    pub(super) fn pass(&mut self, terms: usize) -> Result<(), Damage> {
        let both = self.with_both(terms);
        varint::skip(&mut self.nouns, both)?;
        self.with_noun >>= terms;
        self.with_other >>= terms;
        Ok(())
    }

    /// The next term's.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Nouns, Damage> {
        let nouns = match (self.with_noun & 1, self.with_other & 1) {
            (_, 0) => Nouns::All,
            (0, _) => Nouns::None,
            _ => Nouns::Some(varint::read_u32(&mut self.nouns)?),
        };
        self.with_noun >>= 1;
        // Where all bits are set, without readings, they stay so.
        self.with_other = self.with_other.rotate_right(1);
        Ok(nouns)
    }
}

/// Eight bytes as bits, the first bit the lowest of the first.
fn bits(bytes: &mut &[u8]) -> Result<u64, Damage> {
    let taken = varint::take(bytes, 8)?.first_chunk();
    Ok(taken.map_or(0, |bits| u64::from_le_bytes(*bits)))
}
