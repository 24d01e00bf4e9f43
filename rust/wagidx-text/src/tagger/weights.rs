//! The weights of the features: a row for each, a column for each tag.

use std::ops::AddAssign;

use super::Error;
use super::tag::TAGS;
use super::word::{ROW_BITS, ROWS, Row};
use crate::murmur;

/// Columns of a row: the tags, and zeros up to a power of two.
pub(super) const COLUMNS: usize = 32;

/// Scores of the tags.
pub(super) type Scores<T> = [T; COLUMNS];

/// Weights that rows can be summed of.
pub(super) trait Weights {
    /// Wide enough for the sum of all rows of a word.
    type Sum: Copy + Default + AddAssign + 'static;

    /// Scores before any row: the columns without a tag are so low that none of them is ever best.
    const START: Scores<Self::Sum>;

    /// Add rows to the scores.
    fn add(&self, rows: &[Row], to: &mut Scores<Self::Sum>);

    /// The column that scores best, the first among equals.
    fn best(scores: &Scores<Self::Sum>) -> usize;
}

/// Small weights: a mebibyte.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Quantised(Box<[[i8; COLUMNS]]>);

impl Weights for Quantised {
    type Sum = i16;

    const START: Scores<i16> = before(0, i16::MIN);

    // A function of its own keeps the scores in vector registers from the first row to the last.
    #[inline(never)]
    fn add(&self, rows: &[Row], to: &mut Scores<i16>) {
        let mut sums = *to;
        for &row in rows {
            let weights = &self.0[usize::from(row) % ROWS];
            for (sum, &weight) in sums.iter_mut().zip(weights) {
                *sum += i16::from(weight);
            }
        }
        *to = sums;
    }

    #[inline(never)]
    fn best(scores: &Scores<i16>) -> usize {
        let most = scores.iter().copied().fold(i16::MIN, i16::max);
        let bit = |(i, &score): (usize, &i16)| u32::from(score == most) << i;
        let best = scores
            .iter()
            .enumerate()
            .map(bit)
            .fold(0, |all, bit| all | bit);
        best.trailing_zeros() as usize
    }
}

/// The weights that training gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Float(pub(super) Box<[[f32; COLUMNS]]>);

impl Weights for Float {
    type Sum = f32;

    const START: Scores<f32> = before(0.0, f32::NEG_INFINITY);

    fn add(&self, rows: &[Row], to: &mut Scores<f32>) {
        for &row in rows {
            let weights = &self.0[usize::from(row) % ROWS];
            for (sum, weight) in to.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
    }

    fn best(scores: &Scores<f32>) -> usize {
        let better = |best, column| {
            if scores[column] > scores[best] {
                column
            } else {
                best
            }
        };
        (1..TAGS).fold(0, better)
    }
}

/// Scores of nothing, those of columns without a tag as low as can be.
const fn before<T: Copy>(none: T, lowest: T) -> Scores<T> {
    let mut scores = [none; COLUMNS];
    let mut column = TAGS;
    while column < COLUMNS {
        scores[column] = lowest;
        column += 1;
    }
    scores
}

impl Float {
    pub(super) fn zeros() -> Self {
        Self(vec![[0.0; COLUMNS]; ROWS].into_boxed_slice())
    }

    /// Add other weights divided by `shares`.
    pub(super) fn add_share(&mut self, other: &Self, shares: f32) {
        for (to, from) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *to += from / shares;
        }
    }

    /// The same weights in one byte each. All are scaled alike, so that the largest but one in
    /// 100,000 fit; the few beyond are cut.
    pub(super) fn quantised(&self) -> Quantised {
        let mut sizes: Vec<f32> = self.0.iter().flatten().map(|w| w.abs()).collect();
        let place = sizes.len() - 1 - sizes.len() / 100_000;
        let (_, &mut largest, _) = sizes.select_nth_unstable_by(place, f32::total_cmp);
        let scale = f32::from(i8::MAX) / largest.max(f32::MIN_POSITIVE);
        let small = |weight: f32| (weight * scale).round().clamp(-127.0, 127.0) as i8;
        Quantised(self.0.iter().map(|row| row.map(small)).collect())
    }
}

const MAGIC: [u8; 8] = *b"wagtag\0\0";
/// Version of the file and of the features: raise it when either changes.
const VERSION: u32 = 1;
const HEADER: usize = 20;
const CHECKSUM: usize = 16;
const WEIGHTS: usize = ROWS * TAGS;
const FILE: usize = HEADER + WEIGHTS + CHECKSUM;

impl Quantised {
    /// The bytes of a tagger file; docs/tagger.md says what they are.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FILE);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(ROW_BITS.to_le_bytes());
        bytes.extend((TAGS as u32).to_le_bytes());
        bytes.extend(self.0.iter().flat_map(|row| &row[..TAGS]).map(|&w| w as u8));
        bytes.extend(murmur::hash128(&bytes).to_le_bytes());
        bytes
    }

    /// The weights in the bytes of a tagger file.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if !bytes.starts_with(&MAGIC) {
            return Err(Error::NoTagger);
        }
        let field = |at: usize| {
            let field = bytes.get(at..at + 4).and_then(|field| field.first_chunk());
            field.map(|&field| u32::from_le_bytes(field))
        };
        if let Some(version) = field(8)
            && version != VERSION
        {
            return Err(Error::Version(version));
        }
        let (rows, tags) = (field(12), field(16));
        let whole = rows == Some(ROW_BITS) && tags == Some(TAGS as u32) && bytes.len() == FILE;
        let (body, checksum) = bytes.split_at(bytes.len().saturating_sub(CHECKSUM));
        if !whole || murmur::hash128(body).to_le_bytes() != checksum {
            return Err(Error::Damaged);
        }
        let row = |weights: &[u8]| {
            let mut row = [0; COLUMNS];
            for (to, &weight) in row.iter_mut().zip(weights) {
                // The most negative byte would let a sum of rows outgrow its type.
                *to = (weight as i8).max(-i8::MAX);
            }
            row
        };
        Ok(Self(body[HEADER..].chunks_exact(TAGS).map(row).collect()))
    }
}

impl std::fmt::Debug for Quantised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quantised").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Quantised {
        let mut weights = Float::zeros();
        for (i, row) in weights.0.iter_mut().enumerate() {
            row[i % TAGS] = (i % 255) as f32 - 127.0;
        }
        weights.quantised()
    }

    #[test]
    fn a_file_holds_the_weights() {
        let weights = some();
        let bytes = weights.to_bytes();
        assert_eq!(bytes.len(), FILE);
        assert!(Quantised::from_bytes(&bytes).unwrap() == weights);
    }

    #[test]
    fn a_file_that_is_none_is_refused() {
        let bytes = some().to_bytes();
        assert!(matches!(Quantised::from_bytes(b""), Err(Error::NoTagger)));
        assert!(matches!(
            Quantised::from_bytes(b"PAR1"),
            Err(Error::NoTagger)
        ));
        for cut in [8, 12, 19, 20, 1000, bytes.len() - 1] {
            assert!(
                matches!(Quantised::from_bytes(&bytes[..cut]), Err(Error::Damaged)),
                "{cut}"
            );
        }
        for at in [12, 16, 20, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(
                matches!(Quantised::from_bytes(&flipped), Err(Error::Damaged)),
                "{at}"
            );
        }
        let mut newer = bytes;
        newer[8] = 9;
        assert!(matches!(
            Quantised::from_bytes(&newer),
            Err(Error::Version(9))
        ));
    }
}
