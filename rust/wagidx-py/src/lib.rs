//! The Python module `wagidx._native`: arguments in, one door for GIL, errors and signals, Arrow in
//! and arrays out. It holds no logic of its own; the package `wagidx` is what users meet.

#![allow(
    clippy::needless_pass_by_value,
    reason = "PyO3 hands arguments over by value"
)]

mod analyzer;
mod arrow;
mod build;
mod door;
mod expression;
mod index;
mod sweep;
mod tagger;
mod text;

use pyo3::prelude::*;

/// The compiled part of wagidx.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    door::quiet_panics();
    module.add_class::<analyzer::Analyzer>()?;
    module.add_class::<build::Cancel>()?;
    module.add_class::<build::UnitBuilder>()?;
    module.add_class::<index::Index>()?;
    module.add_class::<sweep::PyDraws>()?;
    module.add_class::<sweep::Sweep>()?;
    module.add_class::<tagger::Tagger>()?;
    module.add_class::<tagger::TrainedTagger>()?;
    module.add_function(wrap_pyfunction!(build::merge_runs, module)?)?;
    module.add_function(wrap_pyfunction!(build::publish_manifest, module)?)?;
    module.add_function(wrap_pyfunction!(build::crc32, module)?)?;
    module.add_function(wrap_pyfunction!(build::exchange, module)?)?;
    module.add_function(wrap_pyfunction!(door::provoke_panic, module)?)?;
    module.add_function(wrap_pyfunction!(index::roaring_len, module)?)?;
    module.add_function(wrap_pyfunction!(index::to_roaring, module)?)?;
    module.add_function(wrap_pyfunction!(tagger::coarse_tags, module)?)?;
    module.add_function(wrap_pyfunction!(tagger::is_noun, module)?)?;
    module.add_function(wrap_pyfunction!(tagger::recased, module)?)?;
    module.add_function(wrap_pyfunction!(tagger::train_tagger, module)?)?;
    module.add_function(wrap_pyfunction!(text::keys, module)?)?;
    module.add_function(wrap_pyfunction!(text::query_data_hash, module)?)?;
    module.add_function(wrap_pyfunction!(text::spacy_noun_lemmas, module)?)?;
    module.add_function(wrap_pyfunction!(text::tokens, module)?)?;
    module.add("INDEX_VERSION", wagidx_engine::manifest::INDEX_VERSION)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
