//! The terms of a block by their bytes: found eight at a time, without reading past their figures.

use crate::Damage;

/// The columns of one block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    /// Bytes each term shares with the one before it.
    pub(super) shared: &'a [u8],
    /// Bytes each term adds to those.
    pub(super) added: &'a [u8],
    /// The bytes added, and the columns after them.
    pub(super) rest: &'a [u8],
}

impl<'a> Block<'a> {
    pub(super) fn new(bytes: &'a [u8], terms: usize) -> Result<Self, Damage> {
        const SHORT: Damage = Damage("a dictionary block is shorter than its terms");
        let (shared, bytes) = bytes.split_at_checked(terms).ok_or(SHORT)?;
        let (added, rest) = bytes.split_at_checked(terms).ok_or(SHORT)?;
        Ok(Self {
            shared,
            added,
            rest,
        })
    }

    /// Bytes that the first `terms` terms add.
    pub(super) fn suffixes_len(&self, terms: usize) -> usize {
        self.added[..terms]
            .iter()
            .map(|&added| usize::from(added))
            .sum()
    }

    /// The bytes the terms add, and the columns of frequencies, nouns and details, which follow them.
    pub(super) fn columns(&self) -> Result<(&'a [u8], &'a [u8]), Damage> {
        let len = self.suffixes_len(self.added.len());
        self.rest
            .split_at_checked(len)
            .ok_or(Damage("a dictionary block is shorter than its terms"))
    }

    /// The first term from `term` on that shares at most `most` bytes, and how many bytes the terms
    /// that are passed add; eight terms at a time.
    #[inline]
    fn next_sharing(&self, mut term: usize, most: usize) -> Option<(usize, usize)> {
        let mut passed = 0;
        while let (Some(shared), Some(added)) = (eight(self.shared, term), eight(self.added, term))
        {
            let found = at_most(shared, most);
            if found != 0 {
                let before = found.trailing_zeros() / 8;
                let added = added & ((1 << (8 * before)) - 1);
                return Some((term + before as usize, passed + sum(added)));
            }
            passed += sum(added);
            term += 8;
        }
        while usize::from(*self.shared.get(term)?) > most {
            passed += usize::from(*self.added.get(term)?);
            term += 1;
        }
        Some((term, passed))
    }

    /// The number of `wanted` among the block's terms.
    #[inline]
    pub(super) fn find(&self, wanted: &[u8]) -> Option<usize> {
        // Bytes of `wanted` that the term before matched: a term that shares more than those with
        // its neighbour compares as the neighbour did, one that shares fewer lies past `wanted`.
        let mut matched = 0;
        let (mut term, mut suffixes) = (0, self.rest);
        loop {
            let (next, skipped) = self.next_sharing(term, matched)?;
            term = next;
            if usize::from(self.shared[term]) < matched {
                return None;
            }
            let (suffix, after) = suffixes
                .get(skipped..)?
                .split_at_checked(usize::from(self.added[term]))?;
            suffixes = after;
            let rest = &wanted[matched..];
            let common = suffix.iter().zip(rest).take_while(|(a, b)| a == b).count();
            matched += common;
            match (suffix.get(common), rest.get(common)) {
                (None, None) => return Some(term),
                (Some(_), None) => return None,
                (Some(a), Some(b)) if a > b => return None,
                _ => term += 1,
            }
        }
    }
}

/// Eight bytes from `at` on, the first the lowest.
#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// The high bit of each of eight bytes that is at most `most`.
#[inline]
fn at_most(bytes: u64, most: usize) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let most = most.min(255) as u64 * 0x0101_0101_0101_0101;
    let low_bits = (most | HIGH) - (bytes & !HIGH);
    (!bytes & most | !(bytes ^ most) & low_bits) & HIGH
}

/// The sum of eight bytes.
#[inline]
fn sum(bytes: u64) -> usize {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes & EVEN) + (bytes >> 8 & EVEN);
    (pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_are_each_byte(bytes: [u8; 8], most in 0usize..300) {
            let word = u64::from_le_bytes(bytes);
            let each = bytes.map(|byte| if usize::from(byte) <= most { 0x80 } else { 0 });
            prop_assert_eq!(at_most(word, most).to_le_bytes(), each);
            let total: usize = bytes.iter().map(|&byte| usize::from(byte)).sum();
            prop_assert_eq!(sum(word), total);
        }
    }
}
