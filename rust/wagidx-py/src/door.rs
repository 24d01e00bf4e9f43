//! The one door between Python and Rust: releases the GIL, catches panics, maps errors.

use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyValueError};
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use wagidx_engine::segment::Error as SegmentError;
use wagidx_engine::{Error, Result};

/// Run `work` without the GIL.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send,
) -> PyResult<T> {
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    finish(py, done)
}

/// Run `work` and keep the GIL: for what takes less time than letting it go.
pub(crate) fn attached<T>(py: Python<'_>, work: impl FnOnce() -> Result<T>) -> PyResult<T> {
    finish(py, catch_unwind(AssertUnwindSafe(work)))
}

fn finish<T>(py: Python<'_>, done: std::thread::Result<Result<T>>) -> PyResult<T> {
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(to_python(py, error)),
        Err(panic) => Err(internal(py, &*panic)),
    }
}

/// Panic on purpose, so that tests see what of it reaches Python.
///
/// `place` is `attached`, `detached`, or `thread` for a thread that a detached call waits for.
#[pyfunction]
pub(crate) fn provoke_panic(py: Python<'_>, place: &str) -> PyResult<()> {
    match place {
        "attached" => attached(py, || -> Result<()> { panic!("provoked, {place}") }),
        "detached" => detached(py, || -> Result<()> { panic!("provoked, {place}") }),
        "thread" => detached(py, || {
            std::thread::scope(|scope| {
                let thread = scope.spawn(|| -> Result<()> { panic!("provoked, {place}") });
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        }),
        _ => Err(PyValueError::new_err(format!("no such place: {place}"))),
    }
}

/// A panic prints nothing, for it becomes an exception; `WAGIDX_DEBUG=1` shows it in full.
pub(crate) fn quiet_panics() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::env::var_os("WAGIDX_DEBUG").is_some_and(|value| value == "1") {
            shown(info);
        }
    }));
}

fn internal(py: Python<'_>, panic: &(dyn std::any::Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    named(
        py,
        "WagidxError",
        format!("internal error: {text}; please report it"),
    )
}

/// An exception of `wagidx.exceptions`.
fn named(py: Python<'_>, name: &str, message: String) -> PyErr {
    let exception = || {
        py.import("wagidx.exceptions")?
            .getattr(name)?
            .call1((message,))
    };
    match exception() {
        Ok(value) => PyErr::from_value(value),
        Err(error) => error,
    }
}

fn os_error(path: String, source: &std::io::Error) -> PyErr {
    match source.raw_os_error() {
        // OSError picks FileNotFoundError and the like from the number.
        Some(code) => {
            let text = source.to_string();
            let text = text
                .split(" (os error")
                .next()
                .unwrap_or_default()
                .to_owned();
            PyOSError::new_err((code, text, path))
        }
        None => PyOSError::new_err(format!("{path}: {source}")),
    }
}

fn to_python(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::Io { path, source } => os_error(path, &source),
        Error::Segment(SegmentError::Io { path, source }) => {
            os_error(path.display().to_string(), &source)
        }
        Error::Segment(SegmentError::Corrupt { .. } | SegmentError::Checksum { .. })
        | Error::Corrupt(_) => named(py, "CorruptIndexError", text),
        Error::Segment(SegmentError::Format { .. }) | Error::Format(_) => {
            named(py, "IndexFormatError", text)
        }
        Error::Segment(SegmentError::Limit(_)) => named(py, "WagidxError", text),
        Error::Concept(_) => named(py, "ConceptError", text),
        Error::MissingField(_) => named(py, "MissingFieldError", text),
        Error::Argument(_) => PyValueError::new_err(text),
        Error::Cancelled | Error::Segment(SegmentError::Cancelled) => {
            PyKeyboardInterrupt::new_err(text)
        }
    }
}
