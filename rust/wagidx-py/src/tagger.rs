//! The tagger by itself: training, tags, its file.

use crate::door;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::slice::Iter;
use std::sync::Arc;
use wagidx_engine::Error;
use wagidx_engine::text::tagger::{
    self, FloatTagger, Recase, Sentence, Step, Tag, Training, WordReader,
};

type Tokens = Vec<Vec<String>>;

/// A tagger, ready to be used.
#[pyclass(frozen, module = "wagidx._native")]
#[derive(Clone)]
pub(crate) struct Tagger {
    pub(crate) inner: Arc<tagger::Tagger>,
}

#[pymethods]
impl Tagger {
    /// The tagger in the bytes of a tagger file.
    #[new]
    fn new(py: Python<'_>, file: &[u8]) -> PyResult<Self> {
        let read =
            || tagger::Tagger::from_bytes(file).map_err(|error| Error::Argument(error.to_string()));
        let inner = Arc::new(door::attached(py, read)?);
        Ok(Self { inner })
    }

    /// The bytes of its file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = door::attached(py, || Ok(self.inner.to_bytes()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// What stands in an index for this tagger.
    #[getter]
    fn hash(&self) -> String {
        self.inner.hash()
    }

    /// The tag of every token.
    fn tags(&self, py: Python<'_>, texts: Tokens) -> PyResult<Vec<Vec<String>>> {
        let tag =
            |tokens: Iter<'_, String>, reader: &mut WordReader| self.inner.tag(tokens, reader);
        door::detached(py, || Ok(named(&texts, tag)))
    }

    /// Whether each token is a noun.
    fn nouns(&self, py: Python<'_>, texts: Tokens) -> PyResult<Vec<Vec<bool>>> {
        let tag =
            |tokens: Iter<'_, String>, reader: &mut WordReader| self.inner.tag(tokens, reader);
        door::detached(py, || Ok(nouns(&texts, tag)))
    }
}

/// A tagger as it was trained, before its weights are made small.
#[pyclass(frozen, module = "wagidx._native")]
pub(crate) struct TrainedTagger {
    inner: FloatTagger,
}

#[pymethods]
impl TrainedTagger {
    /// The tagger to use.
    fn quantised(&self, py: Python<'_>) -> PyResult<Tagger> {
        let inner = Arc::new(door::attached(py, || Ok(self.inner.quantised()))?);
        Ok(Tagger { inner })
    }

    /// Whether each token is a noun.
    fn nouns(&self, py: Python<'_>, texts: Tokens) -> PyResult<Vec<Vec<bool>>> {
        let tag =
            |tokens: Iter<'_, String>, reader: &mut WordReader| self.inner.tag(tokens, reader);
        door::detached(py, || Ok(nouns(&texts, tag)))
    }
}

/// Train a tagger on sentences with Penn Treebank tags. `progress(pass, wrong)` is called after each
/// pass; what it raises ends the training.
#[pyfunction]
#[pyo3(signature = (tokens, tags, *, passes, runs, seed, recase, progress=None))]
#[allow(clippy::too_many_arguments, reason = "each is a keyword in Python")]
pub(crate) fn train_tagger(
    py: Python<'_>,
    tokens: Tokens,
    tags: Tokens,
    passes: u32,
    runs: u32,
    seed: u64,
    recase: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<TrainedTagger> {
    let sentences = sentences(tokens, &tags)?;
    let how = Training {
        passes,
        runs,
        seed,
        recase,
    };
    let mut raised = None;
    let report = |step: Step| {
        let told = Python::attach(|py| {
            py.check_signals()?;
            match &progress {
                Some(progress) if step.done => {
                    progress.call1(py, (step.pass, step.wrong)).map(drop)
                }
                _ => Ok(()),
            }
        });
        raised = told.err();
        raised.is_none()
    };
    let inner = door::detached(py, || Ok(FloatTagger::train(&sentences, how, report)))?;
    match raised {
        Some(error) => Err(error),
        None => Ok(TrainedTagger { inner }),
    }
}

fn sentences(tokens: Tokens, tags: &Tokens) -> PyResult<Vec<Sentence>> {
    if tokens.len() != tags.len() {
        return Err(PyValueError::new_err("tokens and tags differ in length"));
    }
    let sentence = |(tokens, tags): (Vec<String>, &Vec<String>)| {
        if tokens.len() != tags.len() {
            return Err(PyValueError::new_err(
                "a sentence has not a tag for each token",
            ));
        }
        let tags = tags.iter().map(|name| tag(name)).collect::<PyResult<_>>()?;
        Ok(Sentence { tokens, tags })
    };
    tokens.into_iter().zip(tags).map(sentence).collect()
}

/// The tag that a Penn Treebank tag is taken for, or that goes by this name here.
pub(crate) fn tag(name: &str) -> PyResult<Tag> {
    let own = || Tag::ALL.into_iter().find(|tag| format!("{tag:?}") == name);
    let unknown = || PyValueError::new_err(format!("{name:?} is no Penn Treebank tag"));
    Tag::from_ptb(name).or_else(own).ok_or_else(unknown)
}

fn named(
    texts: &Tokens,
    tag: impl Fn(Iter<'_, String>, &mut WordReader) -> Vec<Tag>,
) -> Vec<Vec<String>> {
    let mut reader = WordReader::default();
    let name = |tag: Tag| format!("{tag:?}");
    let tags = texts.iter().map(|tokens| tag(tokens.iter(), &mut reader));
    tags.map(|tags| tags.into_iter().map(name).collect())
        .collect()
}

fn nouns(
    texts: &Tokens,
    tag: impl Fn(Iter<'_, String>, &mut WordReader) -> Vec<Tag>,
) -> Vec<Vec<bool>> {
    let mut reader = WordReader::default();
    let mut of = |tokens: &Vec<String>| {
        let tags = tag(tokens.iter(), &mut reader);
        let noun = |(token, tag): (&String, Tag)| tagger::is_noun(token, tag);
        tokens.iter().zip(tags).map(noun).collect()
    };
    texts.iter().map(&mut of).collect()
}

/// The tags that Penn Treebank tags are taken for; those of no English treebank are refused.
#[pyfunction]
pub(crate) fn coarse_tags(tags: Vec<String>) -> PyResult<Vec<String>> {
    let coarse = |name: &String| tag(name).map(|tag| format!("{tag:?}"));
    tags.iter().map(coarse).collect()
}

/// Whether a token with a Penn Treebank tag is a common noun or a name; pronouns such as "someone" are
/// none whatever their tag.
#[pyfunction]
pub(crate) fn is_noun(token: &str, tag: &str) -> bool {
    Tag::from_ptb(tag).is_some_and(|tag| tagger::is_noun(token, tag))
}

/// Tokens in a case: lower, title or upper.
#[pyfunction]
pub(crate) fn recased(tokens: Vec<String>, case: &str) -> PyResult<Vec<String>> {
    let case = match case {
        "lower" => Recase::Lower,
        "title" => Recase::Title,
        "upper" => Recase::Upper,
        _ => {
            return Err(PyValueError::new_err(format!(
                "case={case:?}; there are lower, title and upper"
            )));
        }
    };
    Ok(tokens.iter().map(|token| case.token(token)).collect())
}
