//! The fast path for the count of one concept: terms looked up, lists sifted, nothing planned.
//!
//! Useful for: single questions, where planning and stripes would cost more than the answer.
//! Not useful for: expressions, filters and batches; those are a [`Query`](super::Query).

use super::keys::{Keys, with_keys};
use super::options::{Missing, Options};
use super::plan::wordless;
use super::planned_term::lists_asked;
use crate::{Index, Result};
use wagidx_segment::postings::sieve::{Sieve, TermPostings, rows_of_all};
use wagidx_segment::postings::union;
use wagidx_segment::{Damage, PostingList, Segment};

/// A concept whose terms were looked up.
pub struct ConceptCount<'a> {
    /// Rows counted by the dictionary alone.
    known: u64,
    /// Segments whose rows have to be counted by intersecting lists.
    segments: Vec<SegmentTerms<'a>>,
}

/// The terms of a concept in one segment, the rarest first.
struct SegmentTerms<'a> {
    segment: &'a Segment,
    work: u64,
    terms: Vec<TermPostings<'a>>,
}

impl<'a> ConceptCount<'a> {
    /// Look the terms of `concept` up; `None` where this path cannot answer.
    ///
    /// # Errors
    /// As [`Query::new`].
    pub fn new(index: &'a Index, concept: &str, options: Options) -> Result<Option<Self>> {
        if options.missing != Missing::Zero {
            return Ok(None);
        }
        let pos = options.reading(index)?;
        let found = with_keys(index.analyzer(), concept, pos, |keys| look_up(index, keys));
        match found? {
            Some(found) => Ok(Some(found)),
            None => Err(wordless(&[(0, concept.to_owned())], 1)),
        }
    }

    /// About how many postings counting will read; 0 where the dictionary alone answers.
    #[must_use]
    pub fn work(&self) -> u64 {
        self.segments.iter().map(|segment| segment.work).sum()
    }

    /// The rows that hold the concept.
    ///
    /// # Errors
    /// For a damaged list.
    pub fn count(&self) -> Result<u64> {
        let mut count = self.known;
        for segment in &self.segments {
            count += segment.count()?;
        }
        Ok(count)
    }
}

/// One term of a concept as it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedTerm {
    /// Its key.
    pub term: String,
    /// Whether it is asked for as a noun only.
    pub noun_only: bool,
    /// Rows that hold it so.
    pub rows: u64,
}

/// The distinct terms of `concept` as counting looks them up; none where it has no term.
///
/// # Errors
/// [`crate::Error::Argument`] for a reading that the index does not have, or for a damaged dictionary.
pub fn terms_asked(index: &Index, concept: &str, options: Options) -> Result<Vec<AskedTerm>> {
    let pos = options.reading(index)?;
    with_keys(index.analyzer(), concept, pos, |keys| {
        let asked = keys.iter().map(|(key, noun_only)| {
            Ok(AskedTerm {
                term: key.to_owned(),
                noun_only,
                rows: rows_of(index, key, noun_only)?,
            })
        });
        asked.collect()
    })
}

/// Nothing where the concept has no term.
fn look_up<'a>(index: &'a Index, keys: &Keys) -> Result<Option<ConceptCount<'a>>> {
    let mut found = ConceptCount {
        known: 0,
        segments: Vec::new(),
    };
    match keys.len() {
        0 => return Ok(None),
        1 => {
            for (key, noun_only) in keys.iter() {
                found.known += rows_of(index, key, noun_only)?;
            }
        }
        _ => {
            for open in index.segments() {
                found
                    .segments
                    .extend(SegmentTerms::new(&open.segment, keys)?);
            }
        }
    }
    Ok(Some(found))
}

/// Rows of all segments that hold a term in the reading asked.
fn rows_of(index: &Index, key: &str, noun_only: bool) -> Result<u64> {
    let mut rows = 0;
    for open in index.segments() {
        rows += u64::from(frequency(&open.segment, key, noun_only)?);
    }
    Ok(rows)
}

fn frequency(segment: &Segment, key: &str, noun_only: bool) -> Result<u32> {
    Ok(if noun_only {
        segment.noun_frequency(key.as_bytes())?
    } else {
        segment.frequency(key.as_bytes())?
    })
}

impl<'a> SegmentTerms<'a> {
    /// Nothing where a term is not in the segment.
    fn new(segment: &'a Segment, keys: &Keys) -> Result<Option<Self>> {
        let mut terms = Vec::with_capacity(keys.len());
        for (key, noun_only) in keys.iter() {
            let Some(entry) = segment.get(key.as_bytes())? else {
                return Ok(None);
            };
            let [noun, other] = lists_asked(&entry, noun_only);
            let lists = [segment.postings(&noun)?, segment.postings(&other)?];
            terms.push(lists);
        }
        terms.sort_by_key(postings);
        Ok(Some(Self {
            segment,
            work: terms.first().map_or(0, postings),
            terms,
        }))
    }

    fn count(&self) -> Result<u64> {
        let Some((rarest, others)) = self.terms.split_first() else {
            return Ok(0);
        };
        let count = match rarest {
            [PostingList::Empty, list] | [list, PostingList::Empty] => rows_of_all(list, others),
            [noun, other] => either(noun, other).and_then(|rows| Sieve::new(others).count(&rows)),
        };
        Ok(count.map_err(|damage| self.segment.damaged(damage))?)
    }
}

fn postings([noun, other]: &TermPostings<'_>) -> u64 {
    u64::from(noun.len()) + u64::from(other.len())
}

/// Rows of either list.
fn either(a: &PostingList<'_>, b: &PostingList<'_>) -> Result<Vec<u32>, Damage> {
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    a.decode(&mut rows)?;
    b.decode(&mut others)?;
    Ok(union(&rows, &others))
}
