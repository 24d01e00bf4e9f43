//! Where terms stand in the rows of a run: lists of rows and, beside them, of positions.
//!
//! Useful for: a build that keeps positions. Not useful for: one that does not, whose counting sort
//! moves half as many bytes.

use wagidx_segment::ListRows;
use wagidx_segment::positions::push_row;

/// One occurrence: the row in the high half, the position in the low half.
pub(super) type Occurrence = u64;

/// All occurrences of a run, one list after the other.
pub(super) struct Occurrences {
    /// Start and end in `sorted`, by list.
    spans: Vec<[u32; 2]>,
    sorted: Vec<Occurrence>,
}

impl Occurrences {
    /// Sort the lists of all rows into `spans`, of which each is still empty and has room for its list.
    /// A caption's lists stand in the order of its terms, so a position is a place among them.
    pub(super) fn sort(lists: &[u32], row_ends: &[u32], mut spans: Vec<[u32; 2]>) -> Self {
        let mut sorted = vec![0; lists.len()];
        let mut from = 0;
        for (row, &to) in row_ends.iter().enumerate() {
            for (position, &list) in lists[from as usize..to as usize].iter().enumerate() {
                let [_, end] = &mut spans[list as usize];
                sorted[*end as usize] = (row as u64) << 32 | position as u64;
                *end += 1;
            }
            from = to;
        }
        Self { spans, sorted }
    }

    /// Read one list into `buffer`.
    pub(super) fn list<'a>(&self, list: u32, buffer: &'a mut ListBuffer) -> ListRows<'a> {
        buffer.rows.clear();
        buffer.positions.clear();
        let [start, end] = self.spans[list as usize].map(|at| at as usize);
        let row = |occurrence: &Occurrence| (occurrence >> 32) as u32;
        for occurrences in self.sorted[start..end].chunk_by(|a, b| row(a) == row(b)) {
            buffer.rows.push(row(&occurrences[0]));
            let positions = occurrences.iter().map(|&occurrence| occurrence as u32);
            push_row(positions, &mut buffer.positions);
        }
        ListRows {
            rows: &buffer.rows,
            positions: &buffer.positions,
        }
    }
}

/// Room for one list.
#[derive(Default)]
pub(super) struct ListBuffer {
    rows: Vec<u32>,
    positions: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn every_occurrence_is_in_its_list(rows in vec(vec(0u32..6, 0..9), 0..40)) {
            let (mut lists, mut row_ends) = (Vec::new(), Vec::new());
            let mut naive: BTreeMap<u32, BTreeMap<u32, Vec<u32>>> = BTreeMap::new();
            for (row, terms) in rows.iter().enumerate() {
                for (position, &list) in terms.iter().enumerate() {
                    let of_row = naive.entry(list).or_default().entry(row as u32);
                    of_row.or_default().push(position as u32);
                }
                lists.extend(terms);
                row_ends.push(lists.len() as u32);
            }
            let before = |list: u32| lists.iter().filter(|&&other| other < list).count() as u32;
            let spans = (0..6).map(|list| [before(list); 2]).collect();
            let sorted = Occurrences::sort(&lists, &row_ends, spans);
            let mut buffer = ListBuffer::default();
            for list in 0..6 {
                let expected = naive.remove(&list).unwrap_or_default();
                let found = sorted.list(list, &mut buffer);
                prop_assert!(found.rows.iter().eq(expected.keys()));
                let mut stream = Vec::new();
                expected.into_values().for_each(|row| push_row(row, &mut stream));
                prop_assert_eq!(found.positions, stream);
            }
        }
    }
}
