//! One chunk into tokens: special cases, affixes, URLs and infixes, without the special matcher.

use super::affix::{prefix_len, suffix_len};
use super::infix::infixes;
use super::special::{Special, find};
use super::url::is_url;
use std::ops::Range;

/// Appends the tokens of the chunk that stands at `range` of `text`.
pub(super) fn split(
    text: &str,
    range: Range<usize>,
    suffixes: &mut Vec<Range<usize>>,
    out: &mut Vec<Range<usize>>,
) {
    suffixes.clear();
    // Most chunks are plain words: they have no affix, no infix, and are no URL.
    let (middle, special) = if text[range.clone()].bytes().all(|b| b.is_ascii_alphabetic()) {
        let special = find(&text.as_bytes()[range.clone()]);
        (range, special)
    } else {
        strip_affixes(text, range, suffixes, out)
    };
    match special {
        Some(special) => push_special(middle.start, middle.end, special.cuts, out),
        None if is_url(&text[middle.clone()]) => out.push(middle),
        None => push_between_infixes(text, middle, out),
    }
    out.extend(suffixes.drain(..).rev());
}

/// Cuts affixes off both ends until there are none or a special case is left.
///
/// Prefixes go to `out`, suffixes to `suffixes`, last one first; returned is what is left.
fn strip_affixes(
    text: &str,
    Range { mut start, mut end }: Range<usize>,
    suffixes: &mut Vec<Range<usize>>,
    out: &mut Vec<Range<usize>>,
) -> (Range<usize>, Option<Special>) {
    let special = |start: usize, end: usize| find(&text.as_bytes()[start..end]);
    while start < end {
        if let Some(found) = special(start, end) {
            return (start..end, Some(found));
        }
        let inner = start + prefix_len(&text[start..end]);
        if inner > start {
            // A special case behind the prefix is left whole, even where a suffix rule would cut.
            if let Some(found) = special(inner, end) {
                out.push(start..inner);
                return (inner..end, Some(found));
            }
        }
        let outer = end - suffix_len(&text[inner..end]);
        if outer < end {
            // And one before the suffix too, the prefix being part of it.
            if let Some(found) = special(start, outer) {
                suffixes.push(outer..end);
                return (start..outer, Some(found));
            }
        }
        if inner == start && outer == end {
            break;
        }
        if inner > start {
            out.push(start..inner);
        }
        if outer < end {
            suffixes.push(outer..end);
        }
        (start, end) = (inner, outer);
    }
    (start..end, None)
}

/// Appends the tokens of a special case that stands at `start..end`.
pub(super) fn push_special(start: usize, end: usize, cuts: u32, out: &mut Vec<Range<usize>>) {
    let (mut from, mut cuts) = (start, cuts);
    while cuts != 0 {
        let cut = start + cuts.trailing_zeros() as usize;
        out.push(from..cut);
        from = cut;
        cuts &= cuts - 1;
    }
    out.push(from..end);
}

/// Appends the infixes of `text[middle]` and what stands between them.
fn push_between_infixes(text: &str, middle: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut from = middle.start;
    for infix in infixes(&text[middle.clone()]).filter(|infix| infix.start > 0) {
        let infix = middle.start + infix.start..middle.start + infix.end;
        if from < infix.start {
            out.push(from..infix.start);
        }
        from = infix.end;
        out.push(infix);
    }
    if from < middle.end {
        out.push(from..middle.end);
    }
}
