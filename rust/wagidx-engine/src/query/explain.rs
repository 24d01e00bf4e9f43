//! How a concept was read, and why its count is what it is.

use super::options::Options;
use super::vocabulary::nearest;
use super::{Expression, Query};
use crate::{Index, Result};
use wagidx_text::Scratch;

/// Nearest terms named for a missing one.
const NEAREST: usize = 5;

/// One term of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermReport {
    /// The token as it stands in the concept.
    pub token: String,
    /// Its key.
    pub term: String,
    /// Rows that hold it in any reading.
    pub count: u64,
    /// Rows that hold it as a noun; `None` on an index without readings.
    pub as_noun: Option<u64>,
    /// Terms like it, with their rows; only where no row holds it.
    pub nearest: Vec<(String, u64)>,
}

/// How a concept was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Rows of the concept.
    pub count: u64,
    /// Its terms, in its order, repeats kept.
    pub terms: Vec<TermReport>,
}

/// Explain the count of `concept`, taken as a phrase where `phrase` is set.
///
/// # Errors
/// As [`Query::new`] and [`Query::counts`].
pub fn explain(
    index: &Index,
    concept: &str,
    phrase: bool,
    options: Options,
) -> Result<Explanation> {
    let asked = if phrase {
        [Expression::Phrase(concept.to_owned())]
    } else {
        [Expression::from(concept)]
    };
    let count = Query::new(index, &asked, options)?.counts(None, 1)?[0];
    let mut read = Vec::new();
    index
        .analyzer()
        .concept(concept, &mut Scratch::default(), |token| {
            let text = concept.get(token.range.clone()).unwrap_or_default();
            read.push((text.to_owned(), token.key.to_owned()));
        });
    let terms = read
        .into_iter()
        .map(|(token, term)| report(index, token, term));
    Ok(Explanation {
        count,
        terms: terms.collect::<Result<_>>()?,
    })
}

fn report(index: &Index, token: String, term: String) -> Result<TermReport> {
    let entries = index.entries(&term)?;
    let sum = |of: fn(&wagidx_segment::TermEntry) -> u32| -> u64 {
        entries
            .iter()
            .flatten()
            .map(|entry| u64::from(of(entry)))
            .sum()
    };
    let count = sum(|entry| entry.any);
    let as_noun = index
        .has_readings()
        .then(|| sum(|entry| entry.noun.frequency));
    let nearest = if count == 0 {
        nearest(index, &term, NEAREST)?
    } else {
        Vec::new()
    };
    Ok(TermReport {
        token,
        term,
        count,
        as_noun,
        nearest,
    })
}
