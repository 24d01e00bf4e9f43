//! Character data of one pinned Unicode version: categories, case folding, normalization.
//!
//! Neither the standard library's tables nor ICU's are used: they move with the toolchain, and an
//! index built under one version and asked under another would miss terms in silence. The tables
//! are generated (see [`VERSION`]) and count into [`query_data_hash`](crate::query_data_hash).
//!
//! Each part works on any string, assigned characters or not, and none can fail.

mod category;
mod fold;
mod normalize;
mod tables;

pub(crate) use category::folds as is_upper;
pub use category::{is_cjk, is_digit, is_keyed, is_mark, is_punctuation};
pub use fold::Folder;
pub use normalize::Normalizer;
pub use tables::VERSION;

/// The bytes of every table, in a fixed order and width, for the hash over the query data.
pub(crate) fn table_bytes() -> Vec<u8> {
    let mut bytes = VERSION.as_bytes().to_vec();
    let mut push = |codes: &[u32]| codes.iter().for_each(|c| bytes.extend(c.to_le_bytes()));
    for &(first, last, value) in tables::PROPERTIES.iter().chain(&tables::COMBINING_CLASSES) {
        push(&[first, last, u32::from(value)]);
    }
    for &(from, to) in &tables::CASE_FOLDS {
        push(&[from.into()]);
        push(&to.map(u32::from));
    }
    for &(from, to) in &tables::DECOMPOSITIONS {
        push(&[from.into()]);
        push(&to.map(u32::from));
    }
    for &((first, second), composite) in &tables::COMPOSITIONS {
        push(&[first, second, composite].map(u32::from));
    }
    bytes
}
