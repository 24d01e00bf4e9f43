//! Training: an averaged perceptron (Collins, EMNLP 2002), greedy as decoding is.
//!
//! Each word is tagged with the weights so far, after the tags given to the words before it, right or
//! wrong; a wrong tag loses one on each of the word's rows and the right one wins one. What is kept is
//! the mean of the weights over all steps, which forgets no sentence for those that came last.

use std::collections::HashMap;

use super::context::{CaptionCase, START};
use super::decode::all_rows;
use super::random::Random;
use super::recase::{Sentence, shown};
use super::tag::Tag;
use super::weights::{COLUMNS, Float, Scores, Weights};
use super::word::{ROWS, Row, Word, WordReader};

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Passes over the sentences.
    pub passes: u32,
    /// Taggers that are trained, each on another order of the sentences; the mean of their weights
    /// is kept, which errs less than any of them.
    pub runs: u32,
    /// Decides the orders of the sentences and the cases they are shown in.
    pub seed: u64,
    /// Whether sentences are shown in other cases, without their final punctuation and from anywhere
    /// on, too. Captions are shown as they are.
    pub recase: bool,
}

impl Default for Training {
    fn default() -> Self {
        Self {
            passes: 14,
            runs: 1,
            seed: 0,
            recase: true,
        }
    }
}

/// A right tag has to win by so much, or it is learned again. Chosen on the development part of the
/// treebank.
const MARGIN: f32 = 5.0;

/// How far training is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the pass, over all runs.
    pub pass: u32,
    /// Tokens it has tagged wrongly so far.
    pub wrong: u64,
    /// Whether it is done.
    pub done: bool,
}

/// Sentences between two steps: a few hundredths of a second.
const STEP: usize = 1 << 10;

/// Weights that tag the sentences. `progress` is told each step; `false` ends the training.
pub(super) fn train(
    sentences: &[Sentence],
    how: Training,
    mut progress: impl FnMut(Step) -> bool,
) -> Float {
    let mut random = Random::new(how.seed);
    let mut words = Words::default();
    let mut order: Vec<&Sentence> = sentences.iter().collect();
    let mut sum = Float::zeros();
    for run in 0..how.runs {
        let mut perceptron = Perceptron::new();
        for pass in run * how.passes..(run + 1) * how.passes {
            random.shuffle(&mut order);
            let mut wrong = 0;
            for some in order.chunks(STEP) {
                wrong += learn(some, how.recase, &mut random, &mut words, &mut perceptron);
                let done = false;
                if !progress(Step { pass, wrong, done }) {
                    return perceptron.mean();
                }
            }
            let done = true;
            if !progress(Step { pass, wrong, done }) {
                return perceptron.mean();
            }
        }
        sum.add_share(&perceptron.mean(), how.runs as f32);
    }
    sum
}

/// Learn from sentences; how many of their tokens were tagged wrongly.
fn learn(
    sentences: &[&Sentence],
    recase: bool,
    random: &mut Random,
    words: &mut Words,
    perceptron: &mut Perceptron,
) -> u64 {
    let mut tokens = Vec::new();
    let mut wrong = 0;
    for sentence in sentences {
        let mut start = 0;
        if recase {
            start = shown(sentence, random, &mut tokens);
        } else {
            tokens.clear();
            tokens.extend(sentence.tokens.iter().map(|token| token.as_str().into()));
        }
        let read: Vec<Word> = tokens.iter().map(|token| words.read(token)).collect();
        wrong += perceptron.learn(&read, &sentence.tags[start..]);
    }
    wrong
}

/// Words that are remembered: about 160 MiB.
const MOST_WORDS: usize = 1 << 20;

/// Words read before.
#[derive(Default)]
struct Words {
    reader: WordReader,
    known: HashMap<String, Word>,
}

impl Words {
    fn read(&mut self, token: &str) -> Word {
        if let Some(word) = self.known.get(token) {
            return word.clone();
        }
        if self.known.len() >= MOST_WORDS {
            self.known.clear();
        }
        let word = self.reader.word(token);
        self.known.insert(token.to_owned(), word.clone());
        word
    }
}

struct Perceptron {
    weights: Float,
    /// Sum of all changes, each times the step it was made at.
    late: Box<[[f64; COLUMNS]]>,
    step: f64,
    rows: Vec<Row>,
}

impl Perceptron {
    fn new() -> Self {
        Self {
            weights: Float::zeros(),
            late: vec![[0.0; COLUMNS]; ROWS].into_boxed_slice(),
            step: 1.0,
            rows: Vec::new(),
        }
    }

    /// Learn from one sentence, the first of whose tags these words have; how many were tagged wrongly.
    fn learn(&mut self, words: &[Word], right: &[Tag]) -> u64 {
        let case = CaptionCase::of(words.iter().map(|word| word.shape));
        let mut tags = [START; 2];
        let mut wrong = 0;
        for (i, &right) in right.iter().take(words.len()).enumerate() {
            let mut rows = std::mem::take(&mut self.rows);
            all_rows(words, i, case, tags, &mut rows);
            let mut scores = Float::START;
            self.weights.add(&rows, &mut scores);
            let guess = Tag::of(Float::best(&scores));
            if let Some(rival) = rival(&mut scores, right) {
                for &row in &rows {
                    self.change(row, right as usize, 1.0);
                    self.change(row, rival as usize, -1.0);
                }
            }
            self.rows = rows;
            self.step += 1.0;
            wrong += u64::from(guess != right);
            tags = [guess as u8, tags[0]];
        }
        wrong
    }

    fn change(&mut self, row: Row, column: usize, by: f32) {
        self.weights.0[usize::from(row)][column] += by;
        self.late[usize::from(row)][column] += f64::from(by) * self.step;
    }

    /// The mean of the weights over all steps.
    fn mean(mut self) -> Float {
        for (row, late) in self.weights.0.iter_mut().zip(&self.late) {
            for (weight, late) in row.iter_mut().zip(late) {
                *weight = (f64::from(*weight) - late / self.step) as f32;
            }
        }
        self.weights
    }
}

/// The best of the other tags, where the right one does not win by the margin.
fn rival(scores: &mut Scores<f32>, right: Tag) -> Option<Tag> {
    let needed = scores[right as usize] - MARGIN;
    scores[right as usize] = f32::NEG_INFINITY;
    let rival = Tag::of(Float::best(scores));
    (scores[rival as usize] > needed).then_some(rival)
}
