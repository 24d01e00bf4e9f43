//! A list of concepts evaluated over ranges of ids, so that Python can report and stop in between.

use crate::door;
use crate::index::{Index, extract_list, options};
use numpy::PyArray1;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use wagidx_engine::query::{Draws, JointCounts, Query};

type Array<'py, T> = Bound<'py, PyArray1<T>>;

/// Expressions planned once, for passes over the rows of an index.
#[pyclass(frozen, module = "wagidx._native")]
pub(crate) struct Sweep {
    query: Query<Arc<wagidx_engine::Index>>,
    joint: Mutex<JointCounts>,
}

#[pymethods]
impl Sweep {
    #[new]
    #[pyo3(signature = (index, expressions, pos=None, missing="zero"))]
    fn new(
        py: Python<'_>,
        index: &Index,
        expressions: &Bound<'_, PyAny>,
        pos: Option<&str>,
        missing: &str,
    ) -> PyResult<Self> {
        let options = options(pos, missing)?;
        let asked = extract_list(expressions)?;
        let index = Arc::clone(&index.inner);
        let query = door::detached(py, || Query::new(index, &asked, options))?;
        Ok(Self {
            query,
            joint: Mutex::default(),
        })
    }

    fn counts<'py>(&self, py: Python<'py>, threads: usize) -> PyResult<Array<'py, u64>> {
        let counts = door::detached(py, || self.query.counts(None, threads))?;
        Ok(PyArray1::from_vec(py, counts))
    }

    /// Count what each two concepts share within a range of ids, in addition to ranges before.
    fn count_joint(&self, py: Python<'_>, from_: u64, to: u64, threads: usize) -> PyResult<()> {
        door::detached(py, || {
            let counted = self.query.joint_counts(&(from_..to), threads)?;
            let mut joint = self.joint.lock().unwrap_or_else(PoisonError::into_inner);
            joint.add(counted);
            Ok(())
        })
    }

    /// What was counted: numbers of the two concepts, the lower first, and their rows.
    fn joint<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Array<'py, u32>, Array<'py, u32>, Array<'py, u64>)> {
        let sorted = door::detached(py, || {
            let joint = self.joint.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(joint.sorted())
        })?;
        let (pairs, rows): (Vec<_>, Vec<_>) = sorted.into_iter().unzip();
        let (first, second): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Ok((
            PyArray1::from_vec(py, first),
            PyArray1::from_vec(py, second),
            PyArray1::from_vec(py, rows),
        ))
    }

    /// How the concepts, with these texts and counts, draw rows.
    fn draws(
        &self,
        texts: Vec<String>,
        counts: Vec<u64>,
        cap: u64,
        seed: u64,
    ) -> PyResult<PyDraws> {
        if texts.len() != counts.len() || texts.len() != self.query.len() {
            return Err(PyValueError::new_err("a text and a count for each concept"));
        }
        let concepts = texts.iter().map(String::as_str).zip(counts);
        Ok(PyDraws {
            inner: Draws::new(concepts, cap, seed),
        })
    }

    /// Ids in a range that any concept's draw keeps.
    fn drawn<'py>(
        &self,
        py: Python<'py>,
        draws: &PyDraws,
        from_: u64,
        to: u64,
        threads: usize,
    ) -> PyResult<Array<'py, u64>> {
        let ids = door::detached(py, || self.query.drawn(&draws.inner, &(from_..to), threads))?;
        Ok(PyArray1::from_vec(py, ids))
    }
}

/// How the concepts of a sweep draw rows.
#[pyclass(frozen, name = "Draws", module = "wagidx._native")]
pub(crate) struct PyDraws {
    inner: Draws,
}
