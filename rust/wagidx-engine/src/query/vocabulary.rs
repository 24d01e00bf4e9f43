//! The terms of an index over all its segments: in order, the most frequent, the nearest to a word.

use crate::{Error, Index, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use wagidx_segment::dictionary::Terms;
use wagidx_segment::{Damage, TermEntry};

/// The terms of one segment, and the one at hand with its rows.
type Stream<'a> = (Terms<'a>, Option<(Vec<u8>, u64)>);

/// Terms in byte order with the rows that hold them; a lending iterator over all segments.
pub struct Vocabulary<'a> {
    index: &'a Index,
    streams: Vec<Stream<'a>>,
    term: Vec<u8>,
}

impl<'a> Vocabulary<'a> {
    /// The terms of `index` that are not below `from`.
    ///
    /// # Errors
    /// For a damaged dictionary.
    pub fn new(index: &'a Index, from: &str) -> Result<Self> {
        let mut vocabulary = Self {
            index,
            streams: Vec::new(),
            term: Vec::new(),
        };
        for open in index.segments() {
            let terms = open.segment.dictionary()?.terms_from(from.as_bytes());
            vocabulary.streams.push((terms, None));
        }
        for segment in 0..vocabulary.streams.len() {
            vocabulary.advance(segment)?;
        }
        Ok(vocabulary)
    }

    fn advance(&mut self, segment: usize) -> Result<()> {
        let (terms, head) = &mut self.streams[segment];
        let damaged = |damage| self.index.segments()[segment].segment.damaged(damage);
        let next = terms.next().map_err(damaged)?;
        if let (Some((last, _)), Some((term, _))) = (&*head, &next)
            && *term <= last.as_slice()
        {
            // Whoever goes on from the last term of a page would otherwise never come to an end.
            return Err(damaged(Damage("terms do not ascend")).into());
        }
        *head = next.map(|(term, entry): (&[u8], TermEntry)| {
            let mut bytes = head.take().map_or_else(Vec::new, |(bytes, _)| bytes);
            bytes.clear();
            bytes.extend_from_slice(term);
            (bytes, u64::from(entry.any))
        });
        Ok(())
    }

    /// The next term and its rows.
    ///
    /// # Errors
    /// For a damaged dictionary.
    #[expect(clippy::should_implement_trait, reason = "it lends the term")]
    pub fn next(&mut self) -> Result<Option<(&str, u64)>> {
        let heads = self.streams.iter().filter_map(|(_, head)| head.as_ref());
        let Some((least, _)) = heads.min_by(|a, b| a.0.cmp(&b.0)) else {
            return Ok(None);
        };
        self.term.clone_from(least);
        let mut frequency = 0;
        for segment in 0..self.streams.len() {
            let head = &self.streams[segment].1;
            if let Some((term, rows)) = head
                && *term == self.term
            {
                frequency += rows;
                self.advance(segment)?;
            }
        }
        let term = std::str::from_utf8(&self.term)
            .map_err(|_| Error::damaged(self.index.folder(), "a term is not UTF-8"))?;
        Ok(Some((term, frequency)))
    }
}

/// Distinct terms over all segments. O(1) for one segment, O(terms) for more.
///
/// # Errors
/// For a damaged dictionary.
pub fn distinct(index: &Index) -> Result<u64> {
    if let [only] = index.segments() {
        return Ok(only.segment.footer().terms);
    }
    let mut terms = Vocabulary::new(index, "")?;
    let mut count = 0;
    while terms.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// The `n` most frequent terms, most frequent first, ties in byte order. O(terms).
///
/// # Errors
/// For a damaged dictionary.
pub fn top(index: &Index, n: usize) -> Result<Vec<(String, u64)>> {
    let mut best: BinaryHeap<(Reverse<u64>, String)> = BinaryHeap::new();
    let mut terms = Vocabulary::new(index, "")?;
    while let Some((term, frequency)) = terms.next()? {
        let least = best.peek().map_or(0, |(Reverse(least), _)| *least);
        if best.len() < n || frequency > least {
            best.push((Reverse(frequency), term.to_owned()));
        }
        if best.len() > n {
            best.pop();
        }
    }
    let ordered = best.into_sorted_vec().into_iter();
    Ok(ordered
        .map(|(Reverse(frequency), term)| (term, frequency))
        .collect())
}

/// The `n` terms nearest to `word` in edits (at most two), the more frequent first among equals.
/// Only terms that share its first letter are compared, so that a large vocabulary stays quick.
///
/// # Errors
/// For a damaged dictionary.
pub fn nearest(index: &Index, word: &str, n: usize) -> Result<Vec<(String, u64)>> {
    let Some(first) = word.chars().next() else {
        return Ok(Vec::new());
    };
    let wanted: Vec<char> = word.chars().collect();
    let mut found = Vec::new();
    let mut terms = Vocabulary::new(index, first.encode_utf8(&mut [0; 4]))?;
    let mut other = Vec::new();
    while let Some((term, frequency)) = terms.next()? {
        if !term.starts_with(first) {
            break;
        }
        other.clear();
        other.extend(term.chars());
        if let Some(edits) = edits_within(&wanted, &other, 2)
            && edits > 0
        {
            found.push((edits, Reverse(frequency), term.to_owned()));
        }
    }
    found.sort_unstable();
    found.truncate(n);
    Ok(found
        .into_iter()
        .map(|(_, Reverse(frequency), term)| (term, frequency))
        .collect())
}

/// Levenshtein distance, if it is at most `most`.
fn edits_within(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
            least = least.min(row[j + 1]);
        }
        if least > most {
            return None;
        }
    }
    Some(row[b.len()]).filter(|&edits| edits <= most)
}

#[cfg(test)]
mod tests {
    use super::edits_within;

    #[test]
    fn edits_are_counted() {
        let cases = [
            ("leopard", "leopard", Some(0)),
            ("leopard", "lepard", Some(1)),
            ("leopard", "leopards", Some(1)),
            ("leopard", "loepard", Some(2)),
            ("leopard", "panther", None),
            ("a", "abcd", None),
            ("", "ab", Some(2)),
        ];
        for (a, b, expected) in cases {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(edits_within(&a, &b, 2), expected, "{a:?} {b:?}");
            assert_eq!(edits_within(&b, &a, 2), expected, "{b:?} {a:?}");
        }
    }
}
