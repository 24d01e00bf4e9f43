//! URLs: what spaCy's URL pattern matches stays one token.
//!
//! The pattern is `[scheme://] [user@] (IP address | host name) [:port] [/path]`, where `user` is
//! anything at all, so a host may begin at the start, after the scheme, or after any `@`. From
//! there on every step is forced (a host label ends at its dot, a port at the path), so a scan
//! without backtracking finds what the regular expression finds.

use super::chars::class;
use super::tables::{DIGIT, TLD, WORD};

/// The longest host label and the longest top-level domain, in characters.
const LONGEST_LABEL: usize = 64;
const LONGEST_TLD: usize = 63;

/// Whether the whole of `s`, which holds no white space, is a URL.
pub(super) fn is_url(s: &str) -> bool {
    // Every host and every IP address has a dot, and few words have.
    if !s.as_bytes().contains(&b'.') {
        return false;
    }
    let hosts = s
        .char_indices()
        .skip(1)
        .filter(|&(_, c)| c == '@')
        .map(|(at, _)| &s[at + 1..]);
    is_host_on(s) || after_scheme(s).is_some_and(is_host_on) || hosts.into_iter().any(is_host_on)
}

/// What follows the scheme: two or more of `\w+-.` and `://`.
fn after_scheme(s: &str) -> Option<&str> {
    let is_part = |c: char| class(c) & WORD != 0 || matches!(c, '+' | '-' | '.');
    let end = s.find(|c| !is_part(c))?;
    let long_enough = s[..end].chars().nth(1).is_some();
    s[end..].strip_prefix("://").filter(|_| long_enough)
}

/// Whether `s` is a host, then perhaps a port and a path.
fn is_host_on(s: &str) -> bool {
    after_address(s).is_some_and(is_port_and_path) || after_name(s).is_some_and(is_port_and_path)
}

/// Whether `s` is nothing, or a port, a path, or both.
fn is_port_and_path(s: &str) -> bool {
    let path = match s.strip_prefix(':') {
        Some(port) => {
            let digits = port.chars().take(6).take_while(|&c| is_digit(c));
            let (count, length) = digits.fold((0, 0), |(n, len), c| (n + 1, len + c.len_utf8()));
            if !(2..=5).contains(&count) {
                return false;
            }
            &port[length..]
        }
        None => s,
    };
    path.is_empty() || path.starts_with(['/', '?', '#'])
}

/// What follows the host name at the start of `s`: labels, each with its dot, and a top-level
/// domain.
fn after_name(s: &str) -> Option<&str> {
    let mut rest = after_label(s)?;
    while let Some(next) = after_label(rest) {
        rest = next;
    }
    let (mut count, mut length) = (0, 0);
    for c in rest
        .chars()
        .take(LONGEST_TLD)
        .take_while(|&c| class(c) & TLD != 0)
    {
        count += 1;
        length += c.len_utf8();
    }
    (count >= 2).then(|| &rest[length..])
}

/// What follows the host label at the start of `s` and its dot.
fn after_label(s: &str) -> Option<&str> {
    let mut last = None;
    for (count, (at, c)) in s.char_indices().enumerate() {
        match c {
            '.' => return last.filter(|&c| is_label_edge(c)).map(|_| &s[at + 1..]),
            '-' | '_' if count > 0 => {}
            c if is_label_edge(c) => {}
            _ => return None,
        }
        if count == LONGEST_LABEL {
            return None;
        }
        last = Some(c);
    }
    None
}

/// Whether a host label may begin or end with `c`.
fn is_label_edge(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{a1}'..='\u{ffff}')
}

/// What follows the public IPv4 address at the start of `s`.
fn after_address(s: &str) -> Option<&str> {
    let (first, s) = octet(s)?;
    let (second, s) = octet(s.strip_prefix('.')?)?;
    let (third, s) = octet(s.strip_prefix('.')?)?;
    let (fourth, s) = octet(s.strip_prefix('.')?)?;
    let is_address = is_first_octet(&first)
        && is_middle_octet(&second)
        && is_middle_octet(&third)
        && is_last_octet(&fourth)
        && !is_private(&first, &second);
    is_address.then_some(s)
}

/// One to three digits of any script; absent ones are NUL.
type Octet = [char; 3];

/// The whole run of digits at the start of `s`, if there are one to three, and what follows.
fn octet(s: &str) -> Option<(Octet, &str)> {
    let mut octet = ['\0'; 3];
    let mut length = 0;
    for (count, c) in s.chars().take_while(|&c| is_digit(c)).enumerate() {
        *octet.get_mut(count)? = c;
        length += c.len_utf8();
    }
    (length > 0).then(|| (octet, &s[length..]))
}

fn is_first_octet(octet: &Octet) -> bool {
    matches!(
        octet,
        ['1'..='9', _, '\0'] | ['1', ..] | ['2', '0' | '1', _] | ['2', '2', '0'..='3']
    )
}

fn is_middle_octet(octet: &Octet) -> bool {
    matches!(
        octet,
        [_, _, '\0'] | ['1', ..] | ['2', '0'..='4', _] | ['2', '5', '0'..='5']
    )
}

fn is_last_octet(octet: &Octet) -> bool {
    matches!(
        octet,
        ['1'..='9', _, '\0'] | ['1', ..] | ['2', '0'..='4', _] | ['2', '5', '0'..='4']
    )
}

/// Networks whose addresses are no URLs: 10/8, 127/8, 169.254/16, 192.168/16, 172.16/12.
fn is_private(first: &Octet, second: &Octet) -> bool {
    match first {
        ['1', '0', '\0'] | ['1', '2', '7'] => true,
        ['1', '6', '9'] => *second == ['2', '5', '4'],
        ['1', '9', '2'] => *second == ['1', '6', '8'],
        ['1', '7', '2'] => {
            matches!(second, ['1', '6'..='9', '\0'] | ['3', '0' | '1', '\0'])
                || matches!(second, ['2', tens, '\0'] if *tens != '\0')
        }
        _ => false,
    }
}

fn is_digit(c: char) -> bool {
    class(c) & DIGIT != 0
}
