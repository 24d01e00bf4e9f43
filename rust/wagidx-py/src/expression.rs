//! Python's expressions (a str, or an object with `op` and `operands`) as the engine's.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use wagidx_engine::query::Expression;

/// Deepest nesting taken; evaluation recurses.
const MAX_DEPTH: usize = 100;

/// Read one expression.
pub(crate) fn extract(object: &Bound<'_, PyAny>) -> PyResult<Expression> {
    extract_at(object, 0)
}

fn extract_at(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Expression> {
    if let Ok(concept) = object.cast::<PyString>() {
        return Ok(Expression::Concept(concept.to_cow()?.into_owned()));
    }
    if depth == MAX_DEPTH {
        return Err(PyValueError::new_err(format!(
            "expressions nest more than {MAX_DEPTH} deep"
        )));
    }
    let Ok(op) = object.getattr("op").and_then(|op| op.extract::<String>()) else {
        let kind = object.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a concept is a str or an expression (all_of, any_of, none_of, phrase), not {kind}"
        )));
    };
    let mut operands = Vec::new();
    for operand in object.getattr("operands")?.try_iter()? {
        operands.push(extract_at(&operand?, depth + 1)?);
    }
    match op.as_str() {
        "all_of" => Ok(Expression::AllOf(operands)),
        "any_of" => Ok(Expression::AnyOf(operands)),
        "none_of" => Ok(Expression::NoneOf(operands)),
        "phrase" => match operands.as_slice() {
            [Expression::Concept(text)] => Ok(Expression::Phrase(text.clone())),
            _ => Err(PyValueError::new_err("a phrase is one text")),
        },
        _ => Err(PyValueError::new_err(format!("unknown expression {op:?}"))),
    }
}
