//! Terms of scripts that are written without blanks, cut into pieces that can be looked up.
//!
//! To the tokenizer a sentence of Japanese or Chinese is one token, so that a word of it could not be
//! asked for. Where bigrams are asked for, each run of Han, Hiragana, Katakana or Hangul becomes its
//! overlapping pairs of characters: 日本語 is 日本 and 本語, and so is a query, whose pairs all have to
//! occur. What else stands in the term is a piece of its own. No dictionary is needed, and no language
//! has to be known; a caption may hold all pairs of a word and not the word, which a phrase rules out.
//!
//! ```text
//! tシャツ2枚 → t  シャ  ャツ  2  枚
//! ```

use std::iter;
use std::ops::Range;

use crate::unicode::{is_cjk, is_mark};

/// A part of a term: where it stands there, and whether it is a bigram, or a character alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub range: Range<usize>,
    pub cjk: bool,
}

/// Is there anything to cut?
pub(crate) fn holds_cjk(term: &str) -> bool {
    !term.is_ascii() && term.contains(is_cjk)
}

/// The pieces of a term in their order.
pub(crate) fn pieces(term: &str) -> impl Iterator<Item = Piece> {
    runs(term).flat_map(|run| {
        let text = term.get(run.range.clone()).unwrap_or_default();
        let start = run.range.start;
        let pairs = run.cjk.then(|| pairs(text)).into_iter().flatten();
        let pairs = pairs.map(move |pair| Piece {
            range: start + pair.start..start + pair.end,
            cjk: true,
        });
        pairs.chain((!run.cjk).then_some(run))
    })
}

/// The longest runs of one kind. Marks go with the character they stand on, of whatever kind it is.
fn runs(term: &str) -> impl Iterator<Item = Piece> {
    let mut start = 0;
    iter::from_fn(move || {
        let rest = term.get(start..)?;
        let cjk = is_cjk(rest.chars().next()?);
        let ends = |c: char| is_cjk(c) != cjk && !(cjk && is_mark(c));
        let end = start + rest.find(ends).unwrap_or(rest.len());
        let range = start..end;
        start = end;
        Some(Piece { range, cjk })
    })
}

/// Each two neighbours of a run, or the one character it has.
fn pairs(run: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = run
        .char_indices()
        .filter_map(|(at, c)| is_cjk(c).then_some(at));
    let ends = starts.clone().skip(2).chain([run.len()]);
    starts.zip(ends).map(|(start, end)| start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(term: &str) -> Vec<&str> {
        pieces(term).map(|piece| &term[piece.range]).collect()
    }

    #[test]
    fn terms_and_their_pieces() {
        for (term, expected) in [
            ("日本語", ["日本", "本語"].as_slice()),
            ("日", &["日"]),
            ("日本", &["日本"]),
            ("tシャツ2枚", &["t", "シャ", "ャツ", "2", "枚"]),
            ("コーヒー", &["コー", "ーヒ", "ヒー"]),
            ("人々の", &["人々", "々の"]),
            ("日本・東京", &["日本", "・", "東京"]),
            ("か\u{309a}き", &["か\u{309a}き"]),
            ("葛\u{e0100}飾区", &["葛\u{e0100}飾", "飾区"]),
            ("한국어", &["한국", "국어"]),
            ("dog", &["dog"]),
            ("", &[]),
        ] {
            assert_eq!(texts(term), expected, "{term:?}");
        }
    }

    proptest! {
        #[test]
        fn every_character_is_in_one_or_two_pieces(term in "[a日本語カー한1・\u{309a}]{0,12}") {
            let mut seen = vec![0; term.len()];
            for piece in pieces(&term) {
                let text = &term[piece.range.clone()];
                prop_assert!(text.chars().filter(|&c| is_cjk(c)).count() <= 2);
                piece.range.for_each(|at| seen[at] += 1);
            }
            prop_assert!(seen.iter().all(|&times| times == 1 || times == 2));
        }
    }
}
