//! One row of a source, as the builder sees it.

/// Longest caption, in bytes; a longer one counts as malformed.
pub const MAX_CAPTION_BYTES: usize = 16 << 20;

/// A row keeps its number whatever it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row<'a> {
    /// A caption; its bytes need not be UTF-8.
    Caption(&'a [u8]),
    /// A caption, and of each of its tokens, white space included, what kind of noun it is
    /// ([`Tag::noun_kind`](wagidx_text::tagger::Tag::noun_kind)).
    Tagged(&'a [u8], &'a [u8]),
    /// No caption.
    Null,
    /// A caption that did not pass the build's filter.
    Filtered,
    /// A row that its source could not read.
    Malformed,
}
