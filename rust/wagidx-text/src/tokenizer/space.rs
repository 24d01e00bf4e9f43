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

/// The chunks of `text`, its longest stretches without white space, as byte ranges in order.
///
/// ```
/// # use wagidx_text::tokenizer::chunks;
/// let text = " two\u{a0}dogs,  running ";
/// let chunks: Vec<&str> = chunks(text).map(|range| &text[range]).collect();
/// assert_eq!(chunks, ["two", "dogs,", "running"]);
/// ```
pub fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(len) = space_at(text, at) {
            at += len;
        }
        let start = at;
        at = chunk_end(text, start);
        (at > start).then_some(start..at)
    })
}

/// Where the chunk that starts at byte `start` ends.
#[inline]
fn chunk_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        if MAY_START_SPACE[byte as usize] && space_at(text, at).is_some() {
            break;
        }
        at += 1;
    }
    at
}

/// Length of the white-space character at byte `at`, if one stands there.
#[inline]
fn space_at(text: &str, at: usize) -> Option<usize> {
    let byte = *text.as_bytes().get(at)?;
    if !MAY_START_SPACE[byte as usize] {
        return None;
    }
    if byte < 0x80 {
        return Some(1);
    }
    // A byte of the table that is no ASCII is a lead byte, so a character starts here.
    let c = text[at..].chars().next()?;
    is_space(c).then(|| c.len_utf8())
}

/// Bytes that white space can start with; the others, by far the most, need no decoding.
const MAY_START_SPACE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte, 0x09..=0x0d | 0x1c..=0x20 | 0xc2 | 0xe1..=0xe3);
        byte += 1;
    }
    table
};

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_space_starts_with_a_byte_of_the_table() {
        for c in ('\0'..=char::MAX).filter(|&c| is_space(c)) {
            let lead = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
            assert!(MAY_START_SPACE[lead as usize], "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn chunks_are_the_runs_that_are_no_space(text in "[a\u{a0}\u{2003}\u{3000}\u{1c} é本.]*") {
            let expected: Vec<&str> =
                runs(&text).filter(|run| !run.is_space).map(|run| &text[run.range]).collect();
            let found: Vec<&str> = chunks(&text).map(|range| &text[range]).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
