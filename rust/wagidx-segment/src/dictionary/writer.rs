//! Writes terms in order: front-coded blocks and the table that finds them.

use super::{BLOCK_TERMS, TermEntry, entry, prefix};
use crate::{Error, MAX_TERM_BYTES, Result, varint};

/// The dictionary under construction, in memory: about 10 bytes a term.
pub(crate) struct DictionaryWriter {
    readings: bool,
    blocks: Vec<u8>,
    table: Vec<u8>,
    last: Vec<u8>,
    terms: u64,
    postings: u64,
}

impl DictionaryWriter {
    pub(crate) fn new(readings: bool) -> Self {
        Self {
            readings,
            blocks: Vec::new(),
            table: Vec::new(),
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
        let shared = if self.terms.is_multiple_of(BLOCK_TERMS as u64) {
            self.start_block(term);
            0
        } else {
            let shared = term
                .iter()
                .zip(&self.last)
                .take_while(|(a, b)| a == b)
                .count();
            varint::write(&mut self.blocks, shared as u64);
            shared
        };
        varint::write(&mut self.blocks, (term.len() - shared) as u64);
        self.blocks.extend_from_slice(&term[shared..]);
        entry::write(&mut self.blocks, entry, self.readings);
        self.last.truncate(shared);
        self.last.extend_from_slice(&term[shared..]);
        self.terms += 1;
        self.postings += entry.noun.stored_len() + entry.other.stored_len();
        Ok(())
    }

    fn start_block(&mut self, term: &[u8]) {
        self.table.extend_from_slice(&prefix(term).to_le_bytes());
        self.table
            .extend_from_slice(&(self.blocks.len() as u64).to_le_bytes());
        self.table.extend_from_slice(&self.postings.to_le_bytes());
    }

    /// The blocks, their table, and the number of terms.
    pub(crate) fn finish(self) -> (Vec<u8>, Vec<u8>, u64) {
        (self.blocks, self.table, self.terms)
    }
}
