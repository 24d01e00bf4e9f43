//! Joins text and segments: builds runs, merges and publishes them, opens indexes, answers queries.
//!
//! | module | what it does |
//! |---|---|
//! | [`build`] | captions → analysed rows → run segments of bounded size → one segment |
//! | [`manifest`] | the one small file that says what an index is made of |
//! | [`index`] | an open index: its segments, its terms, its rows |
//! | [`query`] | concepts and expressions → terms → rows or counts |
//!
//! Threads are handed in as numbers and end before the call does, so a forked child finds nothing
//! half-running.

pub mod build;
mod error;
mod exchange;
mod hash;
pub mod index;
pub mod manifest;
pub mod query;

pub use error::{Error, Result};
pub use exchange::exchange;
pub use index::Index;
pub use manifest::Manifest;
pub use wagidx_segment as segment;
pub use wagidx_text as text;
