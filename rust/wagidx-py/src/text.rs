//! The analyzer by itself: tokens and keys.

use crate::analyzer::parsed;
use crate::{door, tagger};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use wagidx_engine::text::{Keyer, Tier, spacy_noun_lemma, tokenizer};

/// Every spaCy token of each text, white-space tokens included.
#[pyfunction]
pub(crate) fn tokens(py: Python<'_>, texts: Vec<String>) -> PyResult<Vec<Vec<String>>> {
    door::detached(py, || {
        let (mut scratch, mut ranges) = (tokenizer::Scratch::default(), Vec::new());
        let of_text = |text: String| {
            ranges.clear();
            tokenizer::tokenize(&text, &mut scratch, &mut ranges);
            ranges
                .iter()
                .map(|range| text[range.clone()].to_owned())
                .collect()
        };
        Ok(texts.into_iter().map(of_text).collect())
    })
}

/// The key of each token, `None` where a token is no term.
#[pyfunction]
pub(crate) fn keys(
    py: Python<'_>,
    tokens: Vec<String>,
    tier: &str,
) -> PyResult<Vec<Option<String>>> {
    let tier: Tier = parsed(tier)?;
    door::detached(py, || {
        let mut keyer = Keyer::default();
        let key = |token: String| keyer.key(&token, tier).map(|(key, _)| key.to_owned());
        Ok(tokens.into_iter().map(key).collect())
    })
}

/// The lemma spaCy 3.7 gives each token with its tag, `None` where it is no noun to it.
#[pyfunction]
pub(crate) fn spacy_noun_lemmas(
    py: Python<'_>,
    tokens: Vec<String>,
    tags: Vec<String>,
) -> PyResult<Vec<Option<String>>> {
    if tokens.len() != tags.len() {
        return Err(PyValueError::new_err("tokens and tags differ in length"));
    }
    let tags = tags.iter().map(|name| tagger::tag(name));
    let tags = tags.collect::<PyResult<Vec<_>>>()?;
    door::detached(py, || {
        let mut buffer = String::new();
        let lemma = |(token, tag)| spacy_noun_lemma(token, tag, &mut buffer).map(str::to_owned);
        Ok(tokens
            .iter()
            .map(String::as_str)
            .zip(tags)
            .map(lemma)
            .collect())
    })
}

/// The fingerprint of everything that decides a query's keys.
#[pyfunction]
pub(crate) fn query_data_hash() -> &'static str {
    wagidx_engine::text::query_data_hash()
}
