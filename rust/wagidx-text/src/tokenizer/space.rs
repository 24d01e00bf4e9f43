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
        let start = at;
        let is_space = text[start..].chars().next().map(is_space)?;
        let end = run_end(text, start, is_space);
        let separator = !is_space && text.as_bytes().get(end) == Some(&b' ');
        at = end + usize::from(separator);
        Some(Run {
            range: start..end,
            is_space,
        })
    })
}

/// Where the run of white space, or of anything else, that holds byte `start` ends.
fn run_end(text: &str, start: usize, space: bool) -> usize {
    let mut end = start;
    while let Some(&byte) = text.as_bytes().get(end) {
        // Most text is ASCII: its class is read without decoding a character.
        let (found, length) = match byte {
            ..0x80 => (matches!(byte, b'\t'..=b'\r' | 0x1c..=b' '), 1),
            _ => text[end..]
                .chars()
                .next()
                .map_or((false, 1), |c| (is_space(c), c.len_utf8())),
        };
        if found != space {
            break;
        }
        end += length;
    }
    end
}
