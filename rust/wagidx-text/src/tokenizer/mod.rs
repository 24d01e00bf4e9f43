//! spaCy's English tokeniser, token for token.
//!
//! A text falls into runs of white space and *chunks* between them. A chunk is taken apart from
//! both ends: while it is no special case (`don't`, `:)`), a prefix and a suffix are cut off
//! (`(`, `"`, `,`, `'s`, the `km` of `10km`). What is left is a special case, a URL, or is cut at its
//! infixes (the hyphens of `black-and-white`). At last the *special matcher* looks for sequences
//! of tokens that spell a special case (`hello:)` gave `hello`, `:`, `)`) and replaces them.
//!
//! Every rule is spaCy's own, read from it by `scripts/make_tokenizer_tables.py`; this code knows
//! only their shapes. The law, kept by `tests/test_tokens_spacy.py`: no text whatsoever has other
//! tokens here than in `spacy.blank("en").tokenizer`. ([`UNICODE_VERSION`] is pinned, Python's is
//! not: a digit or letter newer than it is none in the scheme, address or port of a URL.)
//!
//! # One chunk at a time
//!
//! Tokens of a chunk depend on the chunk alone, so a caller may remember them, with one exception:
//! the special matcher also sees sequences that run across white space. These are never replaced,
//! but they can *forbid* a replacement they overlap: in `a: ):b` the sequence `:` `)` forbids
//! making one token of `)` `:`. [`tokenize_in_context`] says which chunks such a
//! neighbour could change (few captions hold any); a text with one of those goes through
//! [`tokenize`], which is always exact.
//!
//! # Cost
//!
//! Linear in the text: affixes are found by looking at the ends only, special cases by one hash
//! lookup of at most 31 bytes, infixes and URLs in one pass. Nothing is allocated once the
//! scratch buffers have grown.

mod affix;
mod chars;
mod chunk;
mod infix;
mod rematch;
mod space;
mod special;
mod tables;
mod url;

use std::ops::Range;

pub use space::{Run, chunks, is_space, runs};
pub(crate) use tables::table_bytes;
pub use tables::{SPACY_VERSION, UNICODE_VERSION};

/// Buffers that the tokeniser reuses from call to call.
#[derive(Debug, Default)]
pub struct Scratch {
    suffixes: Vec<Range<usize>>,
    rematch: rematch::Buffers,
}

/// Whether the white space around a chunk has a say in its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The chunk has these tokens in every text.
    Free,
    /// The special matcher joined tokens of this chunk; a neighbouring chunk could forbid that.
    Bound,
}

/// Appends every spaCy token of `text`, white-space tokens included, as byte ranges in order.
///
/// ```
/// # use wagidx_text::tokenizer::{Scratch, tokenize};
/// let (text, mut tokens) = ("A dog's T-shirt, $5", Vec::new());
/// tokenize(text, &mut Scratch::default(), &mut tokens);
/// let tokens: Vec<&str> = tokens.into_iter().map(|t| &text[t]).collect();
/// assert_eq!(tokens, ["A", "dog", "'s", "T", "-", "shirt", ",", "$", "5"]);
/// ```
pub fn tokenize(text: &str, scratch: &mut Scratch, out: &mut Vec<Range<usize>>) {
    let first = out.len();
    let mut bound = false;
    for run in runs(text) {
        if run.is_space {
            out.push(run.range);
            continue;
        }
        let chunk_first = out.len();
        chunk::split(text, run.range, &mut scratch.suffixes, out);
        bound |= rematch::could_replace(text, &out[chunk_first..], &mut scratch.rematch);
    }
    if bound {
        rematch::replace(text, first, out, &mut scratch.rematch);
    }
}

/// Appends the tokens of one chunk, as byte ranges within it.
///
/// The chunk must hold no white space ([`is_space`]); [`runs`] yields such chunks. The tokens are
/// those of a text that consists of this chunk alone.
pub fn tokenize_chunk(chunk: &str, scratch: &mut Scratch, out: &mut Vec<Range<usize>>) {
    tokenize_in_context(chunk, scratch, out);
}

/// Like [`tokenize_chunk`], and says whether the chunk has these tokens in every text.
///
/// A text whose chunks are all [`Context::Free`] has exactly the tokens of its chunks (and its
/// white-space runs); a text with a [`Context::Bound`] chunk needs [`tokenize`].
pub fn tokenize_in_context(
    chunk: &str,
    scratch: &mut Scratch,
    out: &mut Vec<Range<usize>>,
) -> Context {
    let first = out.len();
    chunk::split(chunk, 0..chunk.len(), &mut scratch.suffixes, out);
    if !rematch::could_replace(chunk, &out[first..], &mut scratch.rematch) {
        return Context::Free;
    }
    rematch::replace(chunk, first, out, &mut scratch.rematch);
    Context::Bound
}

#[cfg(test)]
mod tests;
