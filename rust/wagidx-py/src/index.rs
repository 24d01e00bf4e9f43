//! An open index, as `wagidx.Index` sees it.

use crate::arrow::Texts;
use crate::{door, expression};
use numpy::{PyArray1, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};
use std::path::PathBuf;
use std::sync::Arc;
use wagidx_engine::query::{
    ConceptCount, DocSet, Expression, Missing, Options, Pos, Query, Vocabulary, distinct, explain,
    roaring_bytes, roaring_len as len_of, terms_asked, top,
};
use wagidx_engine::text::Scratch;
use wagidx_engine::{Error, Result};

/// Fewer postings than this are counted without letting the GIL go.
const DETACH_WORK: u64 = 1 << 12;

/// How a question is to be read, and within which captions.
struct Asked {
    options: Options,
    docs: Option<DocSet>,
}

type Entries = Vec<(String, u64)>;
type Term = (String, String, u64, Option<u64>, Entries);

/// An index open for reading.
#[pyclass(frozen, module = "wagidx._native")]
pub(crate) struct Index {
    pub(crate) inner: Arc<wagidx_engine::Index>,
}

#[pymethods]
impl Index {
    #[new]
    #[pyo3(signature = (folder, mmap=true))]
    fn new(py: Python<'_>, folder: PathBuf, mmap: bool) -> PyResult<Self> {
        let open = || wagidx_engine::Index::open(&folder, mmap);
        Ok(Self {
            inner: Arc::new(door::detached(py, open)?),
        })
    }

    /// The manifest as JSON.
    fn manifest(&self) -> String {
        self.inner.manifest().to_text()
    }

    fn __len__(&self) -> usize {
        self.inner.rows() as usize
    }

    /// The number of captions that hold a concept; `wagidx.Index.count` says more.
    #[pyo3(signature = (concept, *, field="text", pos=None, missing="zero", docs=None))]
    fn count(
        &self,
        py: Python<'_>,
        concept: &Bound<'_, PyAny>,
        field: &str,
        pos: Option<&str>,
        missing: &str,
        docs: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        door::attached(py, || require_field(field))?;
        let Asked { docs, options } = self.asked(py, pos, missing, docs)?;
        if docs.is_none()
            && let Ok(text) = concept.cast::<PyString>()
            && let Some(count) = self.count_concept(py, &expression::text(text)?, options)?
        {
            return Ok(count);
        }
        let asked = [expression::extract(concept)?];
        let counts = door::detached(py, || {
            Query::new(&*self.inner, &asked, options)?.counts(docs.as_ref(), 1)
        })?;
        Ok(counts.first().copied().unwrap_or(0))
    }

    /// Counts of a list of expressions, or of an Arrow array of concepts.
    #[pyo3(signature = (expressions, pos=None, missing="zero", docs=None, threads=1))]
    fn counts<'py>(
        &self,
        py: Python<'py>,
        expressions: &Bound<'py, PyAny>,
        pos: Option<&str>,
        missing: &str,
        docs: Option<&Bound<'py, PyAny>>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<u64>>> {
        let Asked { docs, options } = self.asked(py, pos, missing, docs)?;
        let asked = extract_list(expressions)?;
        let counts = door::detached(py, || {
            Query::new(&*self.inner, &asked, options)?.counts(docs.as_ref(), threads)
        })?;
        Ok(PyArray1::from_vec(py, counts))
    }

    #[pyo3(signature = (expression, pos=None, missing="zero", docs=None, limit=None))]
    fn ids<'py>(
        &self,
        py: Python<'py>,
        expression: &Bound<'py, PyAny>,
        pos: Option<&str>,
        missing: &str,
        docs: Option<&Bound<'py, PyAny>>,
        limit: Option<usize>,
    ) -> PyResult<Bound<'py, PyArray1<u64>>> {
        let Asked { docs, options } = self.asked(py, pos, missing, docs)?;
        let asked = [expression::extract(expression)?];
        let ids = door::detached(py, || {
            Query::new(&*self.inner, &asked, options)?.ids(docs.as_ref(), limit)
        })?;
        Ok(PyArray1::from_vec(py, ids))
    }

    /// The count of a concept or phrase, and of each term: token, term, count, count as noun, nearest.
    #[pyo3(signature = (concept, phrase=false, pos=None, missing="zero"))]
    fn explain(
        &self,
        py: Python<'_>,
        concept: &Bound<'_, PyString>,
        phrase: bool,
        pos: Option<&str>,
        missing: &str,
    ) -> PyResult<(u64, Vec<Term>)> {
        let options = options(pos, missing)?;
        let concept = expression::text(concept)?;
        let found = door::detached(py, || explain(&self.inner, &concept, phrase, options))?;
        let term =
            |t: wagidx_engine::query::TermReport| (t.token, t.term, t.count, t.as_noun, t.nearest);
        Ok((found.count, found.terms.into_iter().map(term).collect()))
    }

    /// The distinct terms of a concept as counting looks them up: term, whether as a noun only, count.
    #[pyo3(signature = (concept, pos=None))]
    fn terms_asked(
        &self,
        py: Python<'_>,
        concept: &Bound<'_, PyString>,
        pos: Option<&str>,
    ) -> PyResult<Vec<(String, bool, u64)>> {
        let options = options(pos, "zero")?;
        let concept = expression::text(concept)?;
        let asked = door::attached(py, || terms_asked(&self.inner, &concept, options))?;
        Ok(asked
            .into_iter()
            .map(|asked| (asked.term, asked.noun_only, asked.rows))
            .collect())
    }

    /// Distinct terms of the whole index.
    fn distinct_terms(&self, py: Python<'_>) -> PyResult<u64> {
        door::detached(py, || distinct(&self.inner))
    }

    fn top(&self, py: Python<'_>, n: usize) -> PyResult<Entries> {
        door::detached(py, || top(&self.inner, n))
    }

    /// At most `limit` terms with their rows, in byte order, the first not below `from_`.
    #[pyo3(signature = (from_, limit))]
    fn terms(&self, py: Python<'_>, from_: &str, limit: usize) -> PyResult<Entries> {
        door::detached(py, || {
            let mut vocabulary = Vocabulary::new(&self.inner, from_)?;
            let mut terms = Vec::new();
            while terms.len() < limit
                && let Some((term, rows)) = vocabulary.next()?
            {
                terms.push((term.to_owned(), rows));
            }
            Ok(terms)
        })
    }

    /// Rows that hold exactly this term, which is not analyzed.
    fn term_count(&self, py: Python<'_>, term: &str) -> PyResult<u64> {
        door::attached(py, || {
            let entries = self.inner.entries(term)?;
            Ok(entries
                .iter()
                .flatten()
                .map(|entry| u64::from(entry.any))
                .sum())
        })
    }

    /// The terms of a text or concept with the byte range of the token each stands in.
    fn analyze(
        &self,
        py: Python<'_>,
        text: &str,
        concept: bool,
    ) -> PyResult<Vec<(usize, usize, String)>> {
        door::attached(py, || {
            let mut found = Vec::new();
            let mut scratch = Scratch::default();
            let analyzer = self.inner.analyzer();
            let mut sink = |token: wagidx_engine::text::AnalyzedToken<'_>| {
                found.push((token.range.start, token.range.end, token.key.to_owned()));
            };
            if concept {
                analyzer.concept(text, &mut scratch, &mut sink);
            } else {
                analyzer.text(text, &mut scratch, &mut sink);
            }
            Ok(found)
        })
    }

    /// Fail where the index has no such field.
    fn require_field(&self, py: Python<'_>, field: &str) -> PyResult<()> {
        door::attached(py, || require_field(field))
    }

    #[pyo3(signature = (deep=false, threads=1))]
    fn verify(&self, py: Python<'_>, deep: bool, threads: usize) -> PyResult<()> {
        door::detached(py, || self.inner.verify(deep, threads))
    }
}

/// An index holds what the captions say; what images show would be fields of their own.
fn require_field(field: &str) -> Result<()> {
    match field {
        "text" => Ok(()),
        "image" | "joint" => Err(Error::MissingField(format!(
            "field {field}: the index holds captions and no images; ask for field text"
        ))),
        _ => Err(Error::Argument(format!(
            "field={field:?}; there are text, image and joint"
        ))),
    }
}

impl Index {
    fn asked(
        &self,
        py: Python<'_>,
        pos: Option<&str>,
        missing: &str,
        docs: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Asked> {
        Ok(Asked {
            options: options(pos, missing)?,
            docs: docs.map(|docs| self.docs(py, docs)).transpose()?,
        })
    }

    /// The count of one concept, where the short way leads to it; the GIL is kept for little work.
    fn count_concept(
        &self,
        py: Python<'_>,
        concept: &str,
        options: Options,
    ) -> PyResult<Option<u64>> {
        let look_up = || ConceptCount::new(&self.inner, concept, options);
        let Some(found) = door::attached(py, look_up)? else {
            return Ok(None);
        };
        let count = if found.work() < DETACH_WORK {
            door::attached(py, || found.count())
        } else {
            door::detached(py, || found.count())
        };
        count.map(Some)
    }

    /// A filter: portable Roaring bytes, or an array of ids.
    fn docs(&self, py: Python<'_>, docs: &Bound<'_, PyAny>) -> PyResult<DocSet> {
        if let Ok(bytes) = docs.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            return door::detached(py, || DocSet::from_roaring(bytes, &self.inner));
        }
        let Ok(ids) = docs.extract::<PyReadonlyArray1<'_, u64>>() else {
            return Err(PyTypeError::new_err(
                "docs are caption ids (a uint64 array) or a portable Roaring bitmap (bytes)",
            ));
        };
        // Of an array with gaps, such as every second id, numpy makes one without.
        let ids = ids.to_vec().or_else(|_| {
            let dense = docs.call_method0("copy")?;
            Ok::<_, PyErr>(dense.extract::<PyReadonlyArray1<'_, u64>>()?.to_vec()?)
        })?;
        door::detached(py, || DocSet::from_ids(ids, &self.inner))
    }
}

pub(crate) fn extract_list(object: &Bound<'_, PyAny>) -> PyResult<Vec<Expression>> {
    if let Ok(list) = object.cast::<PyList>() {
        return list.iter().map(|item| expression::extract(&item)).collect();
    }
    let concepts = Texts::import(object, "concepts")?;
    let mut asked = Vec::with_capacity(concepts.len());
    let text = |value: Option<&[u8]>| -> Result<()> {
        let row = asked.len() + 1;
        let bad = |what: &str| Error::Concept(format!("concept in row {row} is {what}"));
        let bytes = value.ok_or_else(|| bad("NULL"))?;
        let concept = std::str::from_utf8(bytes).map_err(|_| bad("not UTF-8"))?;
        asked.push(Expression::from(concept));
        Ok(())
    };
    let taken = concepts.for_each(text);
    door::attached(object.py(), || taken)?;
    Ok(asked)
}

pub(crate) fn options(pos: Option<&str>, missing: &str) -> PyResult<Options> {
    let pos = match pos {
        None => None,
        Some("head") => Some(Pos::Head),
        Some("noun") => Some(Pos::Noun),
        Some("any") => Some(Pos::Any),
        Some(other) => {
            let text = format!("pos={other:?}; there are head, noun and any");
            return Err(PyValueError::new_err(text));
        }
    };
    let missing = match missing {
        "zero" => Missing::Zero,
        "ignore" => Missing::Ignore,
        other => {
            let text = format!("missing={other:?}; there are zero and ignore");
            return Err(PyValueError::new_err(text));
        }
    };
    Ok(Options { pos, missing })
}

/// Ascending ids as portable 64-bit Roaring bytes.
#[pyfunction]
pub(crate) fn to_roaring<'py>(
    py: Python<'py>,
    ids: PyReadonlyArray1<'py, u64>,
) -> PyResult<Bound<'py, PyBytes>> {
    let ids = ids.to_vec()?;
    let bytes = door::detached(py, || Ok(roaring_bytes(&ids)))?;
    Ok(PyBytes::new(py, &bytes))
}

/// Number of ids in a portable Roaring bitmap, 32-bit or 64-bit.
#[pyfunction]
pub(crate) fn roaring_len(py: Python<'_>, bitmap: &[u8]) -> PyResult<u64> {
    door::detached(py, || len_of(bitmap))
}
