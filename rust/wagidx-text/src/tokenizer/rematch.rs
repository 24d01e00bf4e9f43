//! The special matcher: sequences of tokens that spell a special case become its tokens.
//!
//! A special case that affix rules would cut up (`:)` is `:` `)` to them) has those pieces as its
//! *pattern*. Wherever consecutive tokens are a pattern, that is a match. Of overlapping matches
//! the longest wins, then the first; a loser still shadows what is weaker than itself. A match
//! whose tokens have white space between them replaces nothing, but wins and shadows all the same.

use super::chunk::push_special;
use super::special::{LONGEST, find, pattern_lengths};
use std::cmp::Reverse;
use std::ops::Range;

/// Buffers of the special matcher.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    matches: Vec<Match>,
    winners: Vec<Match>,
    shadowed: Vec<bool>,
    tokens: Vec<Range<usize>>,
}

/// Tokens `start..end`, counted from the first one searched, are the pattern of a special case.
#[derive(Debug, Clone, Copy)]
struct Match {
    start: usize,
    end: usize,
    /// The token cuts of the special case.
    cuts: u32,
    /// Whether replacing the tokens changes anything.
    changes: bool,
}

/// Whether the special matcher has anything to replace in tokens that no white space parts.
pub(super) fn could_replace(text: &str, tokens: &[Range<usize>], buffers: &mut Buffers) -> bool {
    if tokens.len() < 2 {
        return false;
    }
    find_matches(text, tokens, &mut buffers.matches);
    buffers.matches.iter().any(|m| m.changes)
}

/// Replaces the tokens from `first` on as the special matcher does.
pub(super) fn replace(
    text: &str,
    first: usize,
    tokens: &mut Vec<Range<usize>>,
    buffers: &mut Buffers,
) {
    find_matches(text, &tokens[first..], &mut buffers.matches);
    choose_winners(tokens.len() - first, buffers);
    buffers.tokens.clear();
    buffers.tokens.extend_from_slice(&tokens[first..]);
    tokens.truncate(first);
    let mut copied = 0;
    for winner in buffers.winners.drain(..).filter(|m| m.changes) {
        tokens.extend_from_slice(&buffers.tokens[copied..winner.start]);
        let (start, end) = (
            buffers.tokens[winner.start].start,
            buffers.tokens[winner.end - 1].end,
        );
        push_special(start, end, winner.cuts, tokens);
        copied = winner.end;
    }
    tokens.extend_from_slice(&buffers.tokens[copied..]);
}

/// Collects every match, by start.
fn find_matches(text: &str, tokens: &[Range<usize>], matches: &mut Vec<Match>) {
    matches.clear();
    for start in 0..tokens.len() {
        let lengths = pattern_lengths(text.as_bytes()[tokens[start].start]);
        if lengths != 0 {
            match_from(text, tokens, start, lengths, matches);
        }
    }
}

/// Collects the matches that begin at token `start`, patterns having one of `lengths`.
fn match_from(
    text: &str,
    tokens: &[Range<usize>],
    start: usize,
    lengths: u32,
    matches: &mut Vec<Match>,
) {
    let mut joined = [0; LONGEST];
    let (mut length, mut pattern) = (0, 0_u32);
    for (count, token) in tokens[start..].iter().enumerate() {
        let piece = &text.as_bytes()[token.clone()];
        let Some(room) = joined.get_mut(length..length + piece.len()) else {
            return;
        };
        room.copy_from_slice(piece);
        pattern |= if count > 0 { 1 << length } else { 0 };
        length += piece.len();
        if lengths >> length == 0 {
            return;
        }
        if count == 0 || lengths >> length & 1 == 0 {
            continue;
        }
        if let Some(special) = find(&joined[..length]).filter(|s| s.pattern == pattern) {
            let unbroken = token.end - tokens[start].start == length;
            let changes = unbroken && special.cuts != pattern;
            matches.push(Match {
                start,
                end: start + count + 1,
                cuts: special.cuts,
                changes,
            });
        }
    }
}

/// Keeps the matches that no stronger match shadows at either end, by start.
fn choose_winners(token_count: usize, buffers: &mut Buffers) {
    let Buffers {
        matches,
        winners,
        shadowed,
        ..
    } = buffers;
    matches.sort_unstable_by_key(|m| (Reverse(m.end - m.start), m.start));
    shadowed.clear();
    shadowed.resize(token_count, false);
    winners.clear();
    for &m in matches.iter() {
        if !shadowed[m.start] && !shadowed[m.end - 1] {
            winners.push(m);
        }
        shadowed[m.start..m.end].fill(true);
    }
    winners.sort_unstable_by_key(|m| m.start);
}
