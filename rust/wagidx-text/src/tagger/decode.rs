//! Captions → tags, from left to right: each word gets the tag that scores best after those before it.

use super::context::{AROUND_ROWS, CaptionCase, HISTORY_ROWS, START, around_rows, history_rows};
use super::tag::Tag;
use super::weights::{COLUMNS, Scores, Weights};
use super::word::{PLACES, Row, WORD_ROWS, Word};

/// Sums of a word's rows, by place: what is the same wherever the word occurs.
pub(super) type Sums<T> = [Scores<T>; PLACES];

/// The sums of a word under some weights.
pub(super) fn sums<W: Weights>(weights: &W, word: &Word) -> Sums<W::Sum> {
    let mut sums = [[W::Sum::default(); COLUMNS]; PLACES];
    for (place, to) in sums.iter_mut().enumerate() {
        weights.add(word.rows_at(place), to);
    }
    sums
}

/// Rows that a word has a say in its tag by, at most.
const MOST_ROWS: usize = WORD_ROWS + AROUND_ROWS + HISTORY_ROWS;

/// Where the words stand that are seen from another, place by place.
const OFFSETS: [isize; PLACES] = [0, -1, 1, -2, 2];

/// The number of the word at a place from word `i` of `len`.
#[inline]
pub(super) fn neighbour(i: usize, place: usize, len: usize) -> Option<usize> {
    i.checked_add_signed(OFFSETS[place]).filter(|&j| j < len)
}

/// Every row that has a say in the tag of word `i`: what training learns on.
pub(super) fn all_rows(
    words: &[Word],
    i: usize,
    case: CaptionCase,
    tags: [u8; 2],
    rows: &mut Vec<Row>,
) {
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
) {
    let case = CaptionCase::of((0..len).map(|i| word(i).0.shape));
    let mut tags = [START; 2];
    let mut first = true;
    let mut rows = Rows::default();
    for i in 0..len {
        let own = word(i).0;
        let mut scores = W::START;
        rows.clear();
        for place in 0..PLACES {
            match neighbour(i, place, len).map(&word) {
                None => {}
                Some((_, Some(sums))) => {
                    for (to, sum) in scores.iter_mut().zip(sums[place]) {
                        *to += sum;
                    }
                }
                Some((word, None)) => rows.extend(word.rows_at(place)),
            }
        }
        let near = [i.checked_sub(1), Some(i), Some(i + 1).filter(|&j| j < len)];
        rows.extend(&around_rows(near.map(|j| Some(word(j?).0)), first, case));
        rows.extend(&history_rows(own, tags));
        weights.add(rows.get(), &mut scores);
        let tag = Tag::of(W::best(&scores));
        sink(own, tag);
        tags = [tag as u8, tags[0]];
        first = own.ends_sentence;
    }
}

/// Rows of one word, without an allocation.
#[derive(Default)]
struct Rows {
    rows: [Row; MOST_ROWS],
    len: usize,
}

impl Rows {
    fn clear(&mut self) {
        self.len = 0;
    }

    #[inline]
    fn extend(&mut self, rows: &[Row]) {
        for (to, &row) in self.rows[self.len..].iter_mut().zip(rows) {
            *to = row;
        }
        self.len += rows.len();
    }

    fn get(&self) -> &[Row] {
        &self.rows[..self.len]
    }
}
