//! The on-disk segment: dictionary, posting lists, checksums; its reader, writer and merge.
//!
//! This crate knows no language: a term is a byte string, a document a `u32`.
