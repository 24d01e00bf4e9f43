//! What reads captions while an index is built.

use crate::tagger::Tagger;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;
use wagidx_engine::text::{self, tagger};

/// Makes terms of captions; `tagger` tells nouns from other words in tier noun, unless each push does.
#[pyclass(frozen, module = "wagidx._native")]
pub(crate) struct Analyzer {
    pub(crate) inner: text::Analyzer,
    pub(crate) tagger: Option<Arc<tagger::Tagger>>,
}

#[pymethods]
impl Analyzer {
    #[new]
    #[pyo3(signature = (tier, *, case="fold", cjk_bigrams=false, tagger=None))]
    fn new(tier: &str, case: &str, cjk_bigrams: bool, tagger: Option<&Tagger>) -> PyResult<Self> {
        Ok(Self {
            inner: text::Analyzer::new(parsed(tier)?)
                .with_case(parsed(case)?)
                .with_bigrams(cjk_bigrams),
            tagger: tagger.map(|tagger| Arc::clone(&tagger.inner)),
        })
    }
}

/// What has this name, such as a tier; an unknown name is refused with those that there are.
pub(crate) fn parsed<T: FromStr<Err: Display>>(name: &str) -> PyResult<T> {
    name.parse()
        .map_err(|unknown: T::Err| PyValueError::new_err(unknown.to_string()))
}
