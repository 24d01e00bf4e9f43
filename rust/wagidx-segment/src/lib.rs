//! The on-disk segment: dictionary, posting lists, checksums; its writer, reader, merge and check.
//!
//! A segment answers one question: *which rows hold this term?* It knows no language: a term is a
//! byte string, a row a `u32`, and the two [`Reading`]s of a term are just two lists.
//!
//! Every structure comes as a trio (writer, bytes, reader) in one module:
//!
//! | module | useful for | not useful for |
//! |---|---|---|
//! | [`postings`] | ascending row numbers, decoded by range or probed by row | unordered or repeated numbers |
//! | [`positions`] | where in a row a term stands, by row | finding rows |
//! | [`dictionary`] | term → frequencies and place of its lists; terms in order | ids of terms: a term has none |
//! | [`footer`] | where the sections are, what the file promises | anything that grows with the corpus |
//! | [`checksum`] | noticing and naming a damaged MiB | repairing it |
//! | [`segment`] | reading: one mapped file, every length checked | writing: a segment never changes |
//! | [`merge`] | many segments → one, streaming, same bytes for any thread count | removing rows |
//!
//! `docs/format.md` specifies every byte.

pub mod checksum;
pub mod dictionary;
mod error;
pub mod footer;
pub mod merge;
pub mod positions;
pub mod postings;
pub mod segment;
mod spill;
pub mod stream;
mod varint;
pub mod verify;
pub mod writer;

pub use dictionary::{ListRef, Place, TermEntry};
pub use error::{Damage, Error, Result};
pub use footer::{FORMAT_VERSION, Features, OLDEST_SUPPORTED};
pub use merge::{MergeInput, merge};
pub use positions::PositionList;
pub use postings::PostingList;
pub use segment::Segment;
pub use writer::{ListRows, SegmentWriter, TermLists};

/// Most rows one segment can hold; a larger index has several segments.
pub const MAX_ROWS: u64 = u32::MAX as u64;

/// Longest term, in bytes.
pub const MAX_TERM_BYTES: usize = 255;

/// The two lists a term can have.
///
/// An analyzer without a part-of-speech step puts every posting under [`Reading::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Rows where the term stands as a common or proper noun.
    Noun,
    /// Rows where the term stands as anything else, or where no reading was taken.
    Other,
}
