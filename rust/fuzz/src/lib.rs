//! What no input may do, one check per door through which bytes from outside come in.
//!
//! | check | the bytes are | besides not panicking |
//! |---|---|---|
//! | [`segment`] | a segment file | what a deep check passes, reads and merges without contradiction |
//! | [`text`] | a caption | tokens cover the text; chunks and whole texts give the same keys |
//! | [`query`] | a batch of questions | every way of asking gives the naive answer |
//! | [`manifest`] | changes to a manifest | it is refused, or it stands byte for byte |
//!
//! Each check is a function of bytes, so that three callers share it: libFuzzer (`make fuzz`), the
//! replay of `regressions/` and the random changes of `tests/hostile_input.rs` in the engine, which
//! run with every `cargo test` on a stable toolchain.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a check fails by panicking"
)]

pub mod bytes;
pub mod manifest;
pub mod query;
pub mod segment;
pub mod small_index;
pub mod text;

/// A check: panics where its promise is broken.
pub type Check = fn(&[u8]);

/// Every check by the name of its fuzz target.
pub const CHECKS: [(&str, Check); 4] = [
    ("segment", segment::check),
    ("text", text::check),
    ("query", query::check),
    ("manifest", manifest::check),
];
