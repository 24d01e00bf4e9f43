//! Building: rows in, runs out; runs in, a segment out; the manifest last.

use crate::analyzer::Analyzer;
use crate::arrow::{RowByteLists, RowBytes, Texts};
use crate::door;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wagidx_engine::build::{self, Row};
use wagidx_engine::{Error, Manifest, Result, exchange as exchange_paths};

/// Rows between two looks at the cancel flag.
const CANCEL_ROWS: usize = 256;

/// A flag that stops the work it was handed to, from any thread.
#[pyclass(frozen, module = "wagidx._native")]
#[derive(Clone, Default)]
pub(crate) struct Cancel {
    flag: Arc<AtomicBool>,
}

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn set(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

/// Takes batches of captions and writes run segments.
#[pyclass(frozen, module = "wagidx._native")]
pub(crate) struct UnitBuilder {
    builder: Mutex<Option<build::UnitBuilder>>,
    cancel: Cancel,
}

#[pymethods]
impl UnitBuilder {
    #[new]
    fn new(
        folder: PathBuf,
        prefix: &str,
        analyzer: &Analyzer,
        positions: bool,
        memory: usize,
        cancel: &Cancel,
    ) -> Self {
        let options = build::RunOptions {
            analyzer: analyzer.inner,
            tagger: analyzer.tagger.clone(),
            positions,
            memory,
        };
        let builder = build::UnitBuilder::new(&folder, prefix, options);
        Self {
            builder: Mutex::new(Some(builder)),
            cancel: cancel.clone(),
        }
    }

    /// Add a batch; `status` says of each row: 0 take it, 1 filtered out, 2 malformed, and `nouns`, a
    /// list of bytes a row, of each token the kind of noun it is, 0 for none. Returns which rows of the batch are
    /// malformed for having too long a caption.
    #[pyo3(signature = (captions, status=None, nouns=None))]
    fn push(
        &self,
        py: Python<'_>,
        captions: &Bound<'_, PyAny>,
        status: Option<&Bound<'_, PyAny>>,
        nouns: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<usize>> {
        let captions = Texts::import(captions, "captions")?;
        let status = status.map(|status| RowBytes::import(status, "status"));
        let status = status.transpose()?;
        let nouns = nouns.map(|nouns| RowByteLists::import(nouns, "nouns"));
        let nouns = nouns.transpose()?;
        let differs = |len: Option<usize>| len.is_some_and(|len| len != captions.len());
        if differs(status.as_ref().map(RowBytes::len))
            || differs(nouns.as_ref().map(RowByteLists::len))
        {
            return Err(PyValueError::new_err(
                "captions and the status or nouns beside them differ in length",
            ));
        }
        door::detached(py, || {
            self.push_rows(&captions, status.as_ref(), nouns.as_ref())
        })
    }

    /// Write the last run. Returns `[(path, rows), ...]` and the statistics as JSON.
    fn finish(&self, py: Python<'_>) -> PyResult<(Vec<(PathBuf, u32)>, String)> {
        door::detached(py, || {
            let taken = self
                .builder
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let (runs, stats) = taken.ok_or_else(finished)?.finish()?;
            let stats = serde_json::to_string(&stats).unwrap_or_default();
            Ok((
                runs.into_iter().map(|run| (run.path, run.rows)).collect(),
                stats,
            ))
        })
    }
}

impl UnitBuilder {
    fn push_rows(
        &self,
        captions: &Texts,
        status: Option<&RowBytes>,
        nouns: Option<&RowByteLists>,
    ) -> Result<Vec<usize>> {
        let mut builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner);
        let builder = builder.as_mut().ok_or_else(finished)?;
        let (mut at, mut too_long) = (0, Vec::new());
        captions.for_each(|caption| {
            if at % CANCEL_ROWS == 0 && self.cancel.is_set() {
                return Err(Error::Cancelled);
            }
            let row = match (status.map_or(0, |status| status.of(at)), caption) {
                (0, Some(bytes)) => match nouns {
                    Some(nouns) => Row::Tagged(bytes, nouns.of(at)),
                    None => Row::Caption(bytes),
                },
                (0, None) => Row::Null,
                (1, _) => Row::Filtered,
                _ => Row::Malformed,
            };
            if matches!(row, Row::Caption(bytes) | Row::Tagged(bytes, _) if bytes.len() > build::MAX_CAPTION_BYTES)
            {
                too_long.push(at);
            }
            at += 1;
            builder.push(row)
        })?;
        Ok(too_long)
    }
}

fn finished() -> Error {
    Error::Argument("the builder was finished already".into())
}

/// Merge run segments into the new segment `out`; returns what the manifest says of it, as JSON.
#[pyfunction]
pub(crate) fn merge_runs(
    py: Python<'_>,
    runs: Vec<PathBuf>,
    out: PathBuf,
    positions: bool,
    threads: usize,
    memory: usize,
    cancel: &Cancel,
) -> PyResult<String> {
    door::detached(py, || {
        let info = build::merge_runs(&runs, &out, positions, threads, memory, &cancel.flag)?;
        Ok(serde_json::to_string(&info).unwrap_or_default())
    })
}

/// Check `manifest` (JSON), seal it, and let it appear in `folder`; returns the sealed manifest.
#[pyfunction]
pub(crate) fn publish_manifest(
    py: Python<'_>,
    folder: PathBuf,
    manifest: &str,
) -> PyResult<String> {
    door::detached(py, || {
        let manifest: Manifest =
            serde_json::from_str(manifest).map_err(|error| Error::Argument(error.to_string()))?;
        Ok(manifest.publish(&folder)?.to_text())
    })
}

/// Let two paths trade places in one step; false where the file system has no such step.
#[pyfunction]
pub(crate) fn exchange(py: Python<'_>, one: PathBuf, other: PathBuf) -> PyResult<bool> {
    door::detached(py, || exchange_paths(&one, &other))
}

/// CRC-32 of a file, as eight hex digits, and its size.
#[pyfunction]
pub(crate) fn crc32(py: Python<'_>, path: PathBuf) -> PyResult<(String, u64)> {
    door::detached(py, || build::file_crc32(&path))
}
