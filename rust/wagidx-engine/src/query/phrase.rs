//! Phrases: rows in which terms stand side by side, in order.
//!
//! The rows that hold all terms of a phrase are found as those of a concept are; positions are read
//! for these rows only, the rarest term's first, and only until no place for the phrase is left.
//!
//! A term may be asked as a noun at one place and in any reading at another, so under the reading
//! `head` it is the occurrence at the phrase's end that has to be a noun.

use super::planned_term::PlannedTerm;
use wagidx_segment::positions::PositionReader;
use wagidx_segment::{Damage, Segment};

/// A phrase over planned terms, by their numbers.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Its distinct terms, the rarest first.
    pub terms: Box<[u32]>,
    /// The places in the phrase, from 0, at which each of them stands.
    places: Box<[Box<[u32]>]>,
}

impl Phrase {
    /// The phrase of the `terms`, in the order they stand in; `rarer` orders them by their rows.
    pub(super) fn new<K: Ord>(terms: &[u32], rarer: impl Fn(u32) -> K) -> Self {
        let mut distinct = terms.to_vec();
        distinct.sort_unstable_by_key(|&term| (rarer(term), term));
        distinct.dedup();
        let places_of = |&wanted: &u32| -> Box<[u32]> {
            let places = terms.iter().zip(0..);
            places
                .filter_map(|(&term, place)| (term == wanted).then_some(place))
                .collect()
        };
        Self {
            places: distinct.iter().map(places_of).collect(),
            terms: distinct.into(),
        }
    }

    /// Append to `out` those of `rows` in which the phrase stands; every row holds all its terms, which
    /// are numbers of the planned `terms`.
    pub(super) fn keep(
        &self,
        rows: &[u32],
        terms: &[PlannedTerm],
        segment: (usize, &Segment),
        out: &mut Vec<u32>,
    ) -> crate::Result<()> {
        let mut reader = PhraseReader::new(self, terms, segment)?;
        for &row in rows {
            let held = reader.is_in(row);
            if held.map_err(|damage| segment.1.damaged(damage))? {
                out.push(row);
            }
        }
        Ok(())
    }
}

/// Looks for a phrase in ascending rows of one segment.
struct PhraseReader<'a> {
    terms: Vec<TermReader<'a>>,
    places: &'a [Box<[u32]>],
    /// Positions of the term at hand, and where the phrase could begin.
    positions: Vec<u32>,
    starts: Vec<u32>,
}

impl<'a> PhraseReader<'a> {
    fn new(
        phrase: &'a Phrase,
        terms: &[PlannedTerm],
        (number, segment): (usize, &'a Segment),
    ) -> crate::Result<Self> {
        let term = |&term: &u32| TermReader::new(&terms[term as usize], number, segment);
        Ok(Self {
            terms: phrase.terms.iter().map(term).collect::<Result<_, _>>()?,
            places: &phrase.places,
            positions: Vec::new(),
            starts: Vec::new(),
        })
    }

    fn is_in(&mut self, row: u32) -> Result<bool, Damage> {
        let (positions, starts) = (&mut self.positions, &mut self.starts);
        let mut first = true;
        for (term, places) in self.terms.iter_mut().zip(self.places) {
            term.read(row, positions)?;
            for &place in places {
                if std::mem::take(&mut first) {
                    starts.clear();
                    starts.extend(positions.iter().filter_map(|at| at.checked_sub(place)));
                } else {
                    keep_starts(starts, positions, place);
                }
            }
            if starts.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Keep the ascending `starts` from which the ascending `positions` hold the one at `place`.
fn keep_starts(starts: &mut Vec<u32>, positions: &[u32], place: u32) {
    let mut ahead = positions.iter();
    starts.retain(|&start| {
        let wanted = u64::from(start) + u64::from(place);
        let rest = ahead.as_slice();
        let below = rest
            .iter()
            .take_while(|&&at| u64::from(at) < wanted)
            .count();
        ahead = rest[below..].iter();
        ahead
            .as_slice()
            .first()
            .is_some_and(|&at| u64::from(at) == wanted)
    });
}

/// Reads the positions of one term, over the readings asked.
struct TermReader<'a> {
    lists: Vec<PositionReader<'a>>,
}

impl<'a> TermReader<'a> {
    fn new(term: &PlannedTerm, number: usize, segment: &'a Segment) -> crate::Result<Self> {
        let mut lists = Vec::with_capacity(2);
        for list in term.lists(number).iter().filter(|list| list.frequency > 0) {
            lists.push(segment.positions(list)?.reader());
        }
        Ok(Self { lists })
    }

    /// The positions in `row`, ascending.
    fn read(&mut self, row: u32, positions: &mut Vec<u32>) -> Result<(), Damage> {
        positions.clear();
        for list in &mut self.lists {
            list.read(row, positions)?;
        }
        if self.lists.len() > 1 {
            positions.sort_unstable();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn starts_are_kept_where_the_place_is_held(
            starts in btree_set(0u32..60, 0..20), positions in btree_set(0u32..70, 0..20), place in 0u32..9,
        ) {
            let held = |start: &&u32| positions.contains(&(**start + place));
            let expected: Vec<u32> = starts.iter().filter(held).copied().collect();
            let mut kept: Vec<u32> = starts.iter().copied().collect();
            let positions: Vec<u32> = positions.into_iter().collect();
            keep_starts(&mut kept, &positions, place);
            prop_assert_eq!(kept, expected);
        }
    }

    #[test]
    fn places_are_by_distinct_term() {
        let phrase = Phrase::new(&[7, 3, 7], |term| term);
        assert_eq!(*phrase.terms, [3, 7]);
        assert_eq!(phrase.places.concat(), [1, 0, 2]);
    }
}
