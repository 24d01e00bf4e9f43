//! Prefixes and suffixes: what is cut off either end of a chunk.
//!
//! spaCy searches with `^A|^B|...` and `A$|B$|...`. All prefix rules that can meet at one place
//! agree on the length; of the suffix rules the leftmost match wins, that is the longest one.
//! Lookbehinds see only the string searched, never the prefix cut off before.

use super::chars::{class, class_of, ends_in_digit};
use super::tables::{BEFORE_DOT, PREFIX, SUFFIX, UNIT_END, UNITS, UPPER};

/// The longest unit, in bytes.
const LONGEST_UNIT: usize = longest_unit();

/// Length in bytes of the prefix of `s`, 0 for none.
pub(super) fn prefix_len(s: &str) -> usize {
    let Some(first) = s.chars().next() else {
        return 0;
    };
    let rest = &s.as_bytes()[first.len_utf8()..];
    match first {
        '+' => usize::from(!rest.first().is_some_and(u8::is_ascii_digit)),
        '.' => ellipsis(1 + rest.iter().take_while(|&&b| b == b'.').count()),
        'U' if rest.starts_with(b"S$") => 3,
        'C' | 'A' if rest.first() == Some(&b'$') => 2,
        _ if class(first) & PREFIX != 0 => first.len_utf8(),
        _ => 0,
    }
}

/// Length in bytes of the suffix of `s`, 0 for none.
pub(super) fn suffix_len(s: &str) -> usize {
    let Some(last) = s.chars().next_back() else {
        return 0;
    };
    let head = &s[..s.len() - last.len_utf8()];
    let bits = class(last);
    let plain = if bits & SUFFIX != 0 {
        last.len_utf8()
    } else {
        0
    };
    let ruled = match last {
        '.' => final_dots_len(s, head),
        '+' => usize::from(ends_in_digit(head)),
        '…' if head.ends_with('…') => 2 * last.len_utf8(),
        's' | 'S' if head.ends_with('\'') => 2,
        's' | 'S' if head.ends_with('’') => 1 + '’'.len_utf8(),
        _ => 0,
    };
    let unit = if bits & UNIT_END != 0 { unit_len(s) } else { 0 };
    plain.max(ruled).max(unit)
}

/// A run of dots is an affix from two dots on.
fn ellipsis(dots: usize) -> usize {
    if dots > 1 { dots } else { 0 }
}

/// Length of the suffix of `s`, which ends in a dot after `head`.
fn final_dots_len(s: &str, head: &str) -> usize {
    if head.ends_with('.') {
        return s.bytes().rev().take_while(|&b| b == b'.').count();
    }
    let mut before = head.chars().rev();
    let (near, far) = (before.next(), before.next());
    let closes = class_of(near) & BEFORE_DOT != 0
        || class_of(near) & class_of(far) & UPPER != 0
        || far == Some('°') && matches!(near, Some('F' | 'f' | 'C' | 'c' | 'K' | 'k'));
    usize::from(closes)
}

/// Length of the unit or currency sign that ends `s` directly after an ASCII digit, 0 for none.
fn unit_len(s: &str) -> usize {
    let length = s
        .bytes()
        .rev()
        .take(LONGEST_UNIT + 1)
        .position(|b| b.is_ascii_digit());
    let Some(length) = length else { return 0 };
    let unit = &s[s.len() - length..];
    if UNITS.binary_search(&unit).is_ok() {
        length
    } else {
        0
    }
}

const fn longest_unit() -> usize {
    let (mut longest, mut i) = (0, 0);
    while i < UNITS.len() {
        if UNITS[i].len() > longest {
            longest = UNITS[i].len();
        }
        i += 1;
    }
    longest
}
