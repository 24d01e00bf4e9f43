//! Writes terms in order: front-coded blocks and the table that finds them.

use super::{BLOCK_TERMS, TermEntry, entry, prefix};
use crate::{Error, Features, MAX_TERM_BYTES, Result, varint};

/// The dictionary under construction, in memory: about 10 bytes a term.
pub(crate) struct DictionaryWriter {
    features: Features,
    blocks: Vec<u8>,
    table: Vec<u8>,
    block: BlockColumns,
    last: Vec<u8>,
    terms: u64,
    postings: u64,
}

/// The columns of the block under construction, in the order they are written.
#[derive(Default)]
struct BlockColumns {
    shared: Vec<u8>,
    added: Vec<u8>,
    suffixes: Vec<u8>,
    frequencies: Vec<u8>,
    details: Vec<u8>,
}

impl DictionaryWriter {
    pub(crate) fn new(features: Features) -> Self {
        Self {
            features,
            blocks: Vec::new(),
            table: Vec::new(),
            block: BlockColumns::default(),
            last: Vec::new(),
            terms: 0,
            postings: 0,
        }
    }

    /// Bytes of the postings section that the terms so far account for.
    pub(crate) fn postings_len(&self) -> u64 {
        self.postings
    }

    /// Add the next term; terms come in strictly ascending byte order.
    pub(crate) fn push(&mut self, term: &[u8], entry: &TermEntry) -> Result<()> {
        if term.is_empty() || term.len() > MAX_TERM_BYTES {
            return Err(Error::Limit(format!(
                "a term has {} bytes; a segment takes 1 to {MAX_TERM_BYTES}",
                term.len()
            )));
        }
        if self.terms > 0 && term <= self.last.as_slice() {
            return Err(Error::Limit(
                "terms must be added in ascending byte order".into(),
            ));
        }
        if self.terms.is_multiple_of(BLOCK_TERMS as u64) {
            self.start_block(term);
        }
        let both = term.iter().zip(&self.last);
        let shared = both.take_while(|(a, b)| a == b).count();
        let block = &mut self.block;
        // Both are at most the longest term, 255 bytes.
        block.shared.push(shared as u8);
        block.added.push((term.len() - shared) as u8);
        block.suffixes.extend_from_slice(&term[shared..]);
        varint::write(&mut block.frequencies, u64::from(entry.any));
        entry::write(&mut block.details, entry, self.features);
        self.last.truncate(shared);
        self.last.extend_from_slice(&term[shared..]);
        self.terms += 1;
        self.postings += entry.noun.stored_len() + entry.other.stored_len();
        Ok(())
    }

    /// Begin a block; its first term shares nothing.
    fn start_block(&mut self, term: &[u8]) {
        self.end_block();
        self.last.clear();
        self.table.extend_from_slice(&prefix(term).to_le_bytes());
        self.table
            .extend_from_slice(&(self.blocks.len() as u64).to_le_bytes());
        self.table.extend_from_slice(&self.postings.to_le_bytes());
    }

    fn end_block(&mut self) {
        let BlockColumns {
            shared,
            added,
            suffixes,
            frequencies,
            details,
        } = &mut self.block;
        for column in [shared, added, suffixes, frequencies, details] {
            self.blocks.append(column);
        }
    }

    /// The blocks, their table, and the number of terms.
    pub(crate) fn finish(mut self) -> (Vec<u8>, Vec<u8>, u64) {
        self.end_block();
        (self.blocks, self.table, self.terms)
    }
}
