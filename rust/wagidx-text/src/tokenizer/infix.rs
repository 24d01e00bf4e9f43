//! Infixes: where the middle of a chunk is cut, each infix being a token of its own.

use super::chars::{class, class_of, ends_in_digit};
use super::tables::{AFTER_INNER_DOT, BEFORE_INNER_DOT, ICON, INFIX_START, LETTER};
use std::ops::Range;

/// The infixes of `s` from left to right, without overlap, as byte ranges.
pub(super) fn infixes(s: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            // Most characters are these, and none of them begins an infix.
            at += s[at..]
                .bytes()
                .take_while(u8::is_ascii_alphanumeric)
                .count();
            let c = s[at..].chars().next()?;
            let length = if class(c) & INFIX_START != 0 {
                infix_len(s, at, c)
            } else {
                0
            };
            let start = at;
            at += length.max(c.len_utf8());
            if length > 0 {
                return Some(start..at);
            }
        }
    })
}

/// Length in bytes of the infix of `s` that begins with the character `c` at byte `at`, else 0.
fn infix_len(s: &str, at: usize, c: char) -> usize {
    let (head, tail) = (&s[..at], &s[at..]);
    if class(c) & ICON != 0 || c == '…' {
        return c.len_utf8();
    }
    match c {
        '.' => inner_dot_len(head, tail),
        '+' | '*' | '^' => usize::from(is_between_numbers(head, tail)),
        '-' if is_between_numbers(head, tail) => 1,
        '-' | '–' | '—' | '~' => hyphen_len(head, tail, c),
        ',' => usize::from(ends_in_letter(head) && starts_with_letter(&tail[1..])),
        ':' | '<' | '>' | '=' | '/' => {
            let after_word = ends_in_letter(head) || ends_in_digit(head);
            usize::from(after_word && starts_with_letter(&tail[1..]))
        }
        _ => 0,
    }
}

/// Two dots and more, or the one of `end.Start`.
fn inner_dot_len(head: &str, tail: &str) -> usize {
    let dots = tail.bytes().take_while(|&b| b == b'.').count();
    if dots > 1 {
        return dots;
    }
    let before = class_of(head.chars().next_back()) & BEFORE_INNER_DOT;
    let after = class_of(tail[1..].chars().next()) & AFTER_INNER_DOT;
    usize::from(before != 0 && after != 0)
}

/// Whether the one-byte sign that begins `tail` stands between numbers, as in `2-3` or `2--3`.
fn is_between_numbers(head: &str, tail: &str) -> bool {
    let next = tail.as_bytes().get(1);
    ends_in_digit(head) && next.is_some_and(|&b| b.is_ascii_digit() || b == b'-')
}

/// The shortest hyphen made of `c` that a letter follows: up to three `-`, two `—`, one of others.
fn hyphen_len(head: &str, tail: &str, c: char) -> usize {
    if !ends_in_letter(head) && !ends_in_digit(head) {
        return 0;
    }
    let longest = match c {
        '-' => 3,
        '—' => 2,
        _ => 1,
    };
    let count = tail
        .chars()
        .take(longest)
        .take_while(|&other| other == c)
        .count();
    let length = count * c.len_utf8();
    if starts_with_letter(&tail[length..]) {
        length
    } else {
        0
    }
}

fn ends_in_letter(s: &str) -> bool {
    class_of(s.chars().next_back()) & LETTER != 0
}

fn starts_with_letter(s: &str) -> bool {
    class_of(s.chars().next()) & LETTER != 0
}
