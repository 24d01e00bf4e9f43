//! White space as spaCy (that is, CPython's `str.isspace`) sees it, and the runs it makes.

use super::chars::class;
use super::tables::SPACE;
use std::ops::Range;

/// Whether `c` is white space in spaCy's sense: CPython's `str.isspace`.
///
/// Other than [`char::is_whitespace`] this holds for the separators U+001C to U+001F.
#[inline]
pub fn is_space(c: char) -> bool {
    class(c) & SPACE != 0
}

/// A stretch of text that is all white space or holds none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Whether it is a white-space token rather than a chunk.
    pub is_space: bool,
}

/// The chunks and white-space tokens of `text`, in order.
///
/// One blank after a chunk separates and is no token; the rest of that white space is one.
pub fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = at;
        let is_space = text[start..].chars().next().map(is_space)?;
        at = run_end(text, start, is_space);
        if is_space && start > 0 && text.as_bytes()[start] == b' ' {
            start += 1;
        }
        Some(Run { range: start..at, is_space })
    })
    .filter(|run| !run.range.is_empty())
}

/// Where the run of white space, or of anything else, that holds byte `start` ends.
fn run_end(text: &str, start: usize, space: bool) -> usize {
    let end = text[start..].char_indices().find(|&(_, c)| is_space(c) != space);
    end.map_or(text.len(), |(length, _)| start + length)
}
