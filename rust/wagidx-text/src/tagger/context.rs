//! What stands around a word: the rows of the weights that its place in the caption chooses.

use super::tag::TAGS;
use super::traits::Shape;
use super::word::{Row, Word, row};

/// How a caption is written, which says what a capital letter means in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum CaptionCase {
    /// Sentence case: some words are capitalised.
    Sentence,
    /// No word is.
    Lower,
    /// Nearly all words are.
    Title,
    /// Nearly all words are capitals.
    Upper,
}

impl CaptionCase {
    /// The case that most words of a caption are in.
    pub(super) fn of(shapes: impl Iterator<Item = Shape>) -> Self {
        let (mut words, mut lower, mut upper) = (0u32, 0u32, 0u32);
        for shape in shapes.filter(|shape| shape.is_word()) {
            words += 1;
            lower += u32::from(shape == Shape::Lower);
            upper += u32::from(matches!(shape, Shape::Upper | Shape::Initial));
        }
        if lower == words {
            Self::Lower
        } else if upper * 4 >= words * 3 {
            Self::Upper
        } else if lower * 3 <= words {
            Self::Title
        } else {
            Self::Sentence
        }
    }
}

/// Tag before a caption begins.
pub(super) const START: u8 = TAGS as u8;

/// Rows of features that hold a word's neighbours.
pub(super) const AROUND_ROWS: usize = 4;

/// The rows that the words on both sides choose together with a word: what their letters look like in
/// a caption of this case, and what the word lists call them.
#[inline]
pub(super) fn around_rows(
    [before, word, after]: [Option<&Word>; 3],
    first: bool,
    case: CaptionCase,
) -> [Row; AROUND_ROWS] {
    let shape = |word: Option<&Word>| word.map_or(NO_SHAPE, |word| word.shape as u32);
    let classes = |word: Option<&Word>| word.map_or(0, |word| u32::from(word.classes));
    let shapes = shape(before) << 8 | shape(word) << 4 | shape(after);
    [
        row(80, shape(word) << 3 | u32::from(first) << 2 | case as u32),
        row(81, shapes << 2 | case as u32),
        row(82, classes(before) << 16 | classes(word)),
        row(83, classes(word) << 16 | classes(after)),
    ]
}

/// The shape of no word; shapes are below it.
const NO_SHAPE: u32 = 15;

/// Rows of features that hold the tags of the two words before.
pub(super) const HISTORY_ROWS: usize = 5;

/// The rows that the tags of the two words before choose, the nearer first, together with the word.
#[inline]
pub(super) fn history_rows(word: &Word, [last, before]: [u8; 2]) -> [Row; HISTORY_ROWS] {
    let (last, before) = (u32::from(last), u32::from(before));
    let with = |template, value: u32| row(template, value.wrapping_mul(31).wrapping_add(last));
    [
        row(96, last),
        row(97, last * 32 + before),
        with(98, word.letters),
        with(99, word.ending),
        with(100, u32::from(word.classes)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(caption: &str) -> CaptionCase {
        CaptionCase::of(caption.split(' ').map(Shape::of))
    }

    #[test]
    fn the_case_of_a_caption() {
        for (caption, expected) in [
            ("a dog in the park", CaptionCase::Lower),
            ("2018 , 12", CaptionCase::Lower),
            ("A dog in the park", CaptionCase::Sentence),
            ("The Dog of the Baskervilles Returns", CaptionCase::Title),
            ("Red Dog Collar for Large Breeds", CaptionCase::Title),
            ("RED DOG COLLAR 12 cm", CaptionCase::Upper),
        ] {
            assert_eq!(case(caption), expected, "{caption}");
        }
    }
}
