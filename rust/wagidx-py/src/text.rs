//! The analyzer by itself: tokens and keys.

use crate::build::analyzer;
use pyo3::prelude::*;
use wagidx_engine::text::{Keyer, tokenizer};

/// Every spaCy token of each text, white-space tokens included.
#[pyfunction]
pub(crate) fn tokens(py: Python<'_>, texts: Vec<String>) -> Vec<Vec<String>> {
    py.detach(|| {
        let (mut scratch, mut ranges) = (tokenizer::Scratch::default(), Vec::new());
        let of_text = |text: String| {
            ranges.clear();
            tokenizer::tokenize(&text, &mut scratch, &mut ranges);
            ranges
                .iter()
                .map(|range| text[range.clone()].to_owned())
                .collect()
        };
        texts.into_iter().map(of_text).collect()
    })
}

/// The key of each token, `None` where a token is no term.
#[pyfunction]
pub(crate) fn keys(
    py: Python<'_>,
    tokens: Vec<String>,
    tier: &str,
) -> PyResult<Vec<Option<String>>> {
    let tier = analyzer(tier)?.tier();
    Ok(py.detach(|| {
        let mut keyer = Keyer::default();
        let key = |token: String| keyer.key(&token, tier).map(|(key, _)| key.to_owned());
        tokens.into_iter().map(key).collect()
    }))
}

/// The fingerprint of everything that decides a query's keys.
#[pyfunction]
pub(crate) fn query_data_hash() -> &'static str {
    wagidx_engine::text::query_data_hash()
}
