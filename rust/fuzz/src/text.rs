//! Tokens and keys of any bytes, as a caption and as a concept.

use std::ops::Range;
use wagidx_text::tokenizer::{self, is_space, tokenize};
use wagidx_text::{AnalyzedToken, Analyzer, Context, MAX_KEY_BYTES, Scratch, Tier, chunks};

/// Analyze `data`, bytes that are no UTF-8 replaced as the builder does.
///
/// # Panics
/// Where tokens do not cover the text, or one way of analysis differs from another.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    tokens_cover(&text);
    for tier in [Tier::Surface, Tier::Lemma] {
        for bigrams in [false, true] {
            let analyzer = Analyzer::new(tier).with_bigrams(bigrams);
            let whole = whole_text(analyzer, &text);
            if let Some(chunked) = chunk_by_chunk(analyzer, &text) {
                assert_eq!(
                    chunked, whole,
                    "chunks that are free give the keys of the text"
                );
            }
            a_concept_is_its_text(analyzer, &text);
        }
    }
}

/// Tokens ascend, none is empty, and between two of them stands nothing or one blank.
fn tokens_cover(text: &str) {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    tokenize(text, &mut tokenizer::Scratch::default(), &mut tokens);
    let mut end = 0;
    for token in tokens {
        assert!(token.start < token.end, "a token is never empty");
        let between = text
            .get(end..token.start)
            .expect("tokens ascend by characters");
        assert!(matches!(between, "" | " "), "{between:?} is in no token");
        let token_text = text
            .get(token.clone())
            .expect("ends are ends of characters");
        let spaces = token_text.chars().filter(|&c| is_space(c)).count();
        assert!(spaces == 0 || spaces == token_text.chars().count());
        end = token.end;
    }
    assert!(
        matches!(text.get(end..), Some("" | " ")),
        "the end is covered"
    );
}

/// Keys with their places, and the number of tokens that are no white space.
type Analysis = (Vec<(String, Range<usize>)>, usize);

fn note(found: &mut Vec<(String, Range<usize>)>, token: &AnalyzedToken<'_>, base: usize) {
    assert!(!token.key.is_empty() && token.key.len() <= MAX_KEY_BYTES);
    assert!(!token.truncated || token.key.len() > MAX_KEY_BYTES - 4);
    let range = token.range.start + base..token.range.end + base;
    found.push((token.key.to_owned(), range));
}

fn whole_text(analyzer: Analyzer, text: &str) -> Analysis {
    let mut found = Vec::new();
    let count = analyzer.text(text, &mut Scratch::default(), |token| {
        assert!(text.get(token.range.clone()).is_some());
        note(&mut found, &token, 0);
    });
    (found, count)
}

/// The analysis by chunks with one scratch, as the builder does it; none where a chunk is bound.
fn chunk_by_chunk(analyzer: Analyzer, text: &str) -> Option<Analysis> {
    let (mut found, mut count) = (Vec::new(), 0);
    let mut scratch = Scratch::default();
    for chunk in chunks(text) {
        let base = chunk.start;
        let chunk = text.get(chunk).expect("ends are ends of characters");
        let (tokens, context) =
            analyzer.chunk(chunk, &mut scratch, |token| note(&mut found, &token, base));
        if context == Context::Bound {
            return None;
        }
        count += tokens;
    }
    Some((found, count))
}

/// `_` is a blank in concepts, and nothing else is changed.
fn a_concept_is_its_text(analyzer: Analyzer, text: &str) {
    let mut found = Vec::new();
    analyzer.concept(text, &mut Scratch::default(), |token| {
        note(&mut found, &token, 0);
    });
    assert_eq!(found, whole_text(analyzer, &text.replace('_', " ")).0);
}
