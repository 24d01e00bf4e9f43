//! Captions → tags, from left to right: each word gets the tag that scores best after those before it.

use super::context::{Case, START, around_rows, history_rows};
use super::tag::{TAGS, Tag};
use super::weights::{Scores, Weights};
use super::word::{PLACES, Row, Word};

/// Sums of a word's rows, by place: what is the same wherever the word occurs.
pub(super) type Sums<T> = [Scores<T>; PLACES];

/// The sums of a word under some weights.
pub(super) fn sums<W: Weights>(weights: &W, word: &Word) -> Sums<W::Sum> {
    let mut sums = [Scores::default(); PLACES];
    for (place, to) in sums.iter_mut().enumerate() {
        for &row in word.rows_at(place) {
            weights.add(row, to);
        }
    }
    sums
}

/// Where the words stand that are seen from another, place by place.
const OFFSETS: [isize; PLACES] = [0, -1, 1, -2, 2];

/// The number of the word at a place from word `i` of `len`.
#[inline]
pub(super) fn neighbour(i: usize, place: usize, len: usize) -> Option<usize> {
    i.checked_add_signed(OFFSETS[place]).filter(|&j| j < len)
}

/// Every row that has a say in the tag of word `i`: what training learns on.
pub(super) fn all_rows(words: &[Word], i: usize, case: Case, tags: [u8; 2], rows: &mut Vec<Row>) {
    rows.clear();
    for place in 0..PLACES {
        if let Some(j) = neighbour(i, place, words.len()) {
            rows.extend(words[j].rows_at(place));
        }
    }
    let near = [i.checked_sub(1), Some(i), Some(i + 1)].map(|j| words.get(j?));
    rows.extend(around_rows(near, begins(words, i), case));
    rows.extend(history_rows(&words[i], tags));
}

fn begins(words: &[Word], i: usize) -> bool {
    i.checked_sub(1)
        .is_none_or(|before| words[before].ends_sentence)
}

/// Tag `len` words. `word` gives each, with its sums where they are remembered; `sink` takes the tags
/// in order.
pub(super) fn decode<'a, W: Weights>(
    weights: &W,
    len: usize,
    word: impl Fn(usize) -> (&'a Word, Option<&'a Sums<W::Sum>>),
    mut sink: impl FnMut(&'a Word, Tag),
) where
    W::Sum: std::ops::AddAssign + 'a,
{
    let case = Case::of((0..len).map(|i| word(i).0.shape));
    let mut tags = [START; 2];
    let mut first = true;
    for i in 0..len {
        let mut scores = Scores::default();
        let own = word(i).0;
        for place in 0..PLACES {
            match neighbour(i, place, len).map(&word) {
                None => {}
                Some((_, Some(sums))) => {
                    for (to, sum) in scores.iter_mut().zip(sums[place]) {
                        *to += sum;
                    }
                }
                Some((word, None)) => {
                    for &row in word.rows_at(place) {
                        weights.add(row, &mut scores);
                    }
                }
            }
        }
        let near = [i.checked_sub(1), Some(i), Some(i + 1).filter(|&j| j < len)];
        for row in around_rows(near.map(|j| Some(word(j?).0)), first, case) {
            weights.add(row, &mut scores);
        }
        for row in history_rows(own, tags) {
            weights.add(row, &mut scores);
        }
        let tag = best(&scores);
        sink(own, tag);
        tags = [tag as u8, tags[0]];
        first = own.ends_sentence;
    }
}

/// The tag that scores best, the first among equals.
#[inline]
pub(super) fn best<T: Copy + PartialOrd>(scores: &Scores<T>) -> Tag {
    let mut best = 0;
    for tag in 1..TAGS {
        if scores[tag] > scores[best] {
            best = tag;
        }
    }
    Tag::of(best)
}
