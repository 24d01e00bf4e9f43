//! Writes terms in order: front-coded blocks and the table that finds them.

use super::entry::Nouns;
use super::{BLOCK_TERMS, TermEntry, entry, prefix};
use crate::spill::Spill;
use crate::{Error, Features, MAX_TERM_BYTES, Result, varint};
use std::io;
use std::path::{Path, PathBuf};

/// The dictionary under construction: about 10 bytes a term, of which memory holds the last, and half
/// a byte a term for the table.
pub(crate) struct DictionaryWriter {
    path: PathBuf,
    features: Features,
    blocks: Spill,
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
    /// A bit a term: whether its noun list has rows, and its other list.
    with_noun: u64,
    with_other: u64,
    /// Rows in the noun list, of terms with both.
    nouns: Vec<u8>,
    details: Vec<u8>,
}

impl BlockColumns {
    /// Append what is known of the next term beside its bytes.
    fn push(&mut self, entry: &TermEntry, features: Features) {
        let bit = 1 << self.shared.len();
        varint::write(&mut self.frequencies, u64::from(entry.any));
        if features.readings {
            self.with_noun |= bit * u64::from(entry.noun.frequency > 0);
            self.with_other |= bit * u64::from(entry.other.frequency > 0);
            if let Nouns::Some(noun) = Nouns::of(entry) {
                varint::write(&mut self.nouns, u64::from(noun));
            }
        }
        entry::write(&mut self.details, entry, features.positions);
    }

    /// Append the block to `out` and begin anew.
    fn end(&mut self, features: Features, out: &mut Vec<u8>) {
        for column in [
            &mut self.shared,
            &mut self.added,
            &mut self.suffixes,
            &mut self.frequencies,
        ] {
            out.append(column);
        }
        if features.readings {
            for bits in [&mut self.with_noun, &mut self.with_other] {
                out.extend_from_slice(&std::mem::take(bits).to_le_bytes());
            }
        }
        out.append(&mut self.nouns);
        out.append(&mut self.details);
    }
}

impl DictionaryWriter {
    /// The dictionary of the segment at `path`.
    pub(crate) fn new(path: &Path, features: Features) -> Self {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        Self {
            path: path.to_owned(),
            features,
            blocks: Spill::new(folder),
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
            self.start_block(term).map_err(Error::io(&self.path))?;
        }
        let both = term.iter().zip(&self.last);
        let shared = both.take_while(|(a, b)| a == b).count();
        let block = &mut self.block;
        block.push(entry, self.features);
        // Both are at most the longest term, 255 bytes.
        block.shared.push(shared as u8);
        block.added.push((term.len() - shared) as u8);
        block.suffixes.extend_from_slice(&term[shared..]);
        self.last.truncate(shared);
        self.last.extend_from_slice(&term[shared..]);
        self.terms += 1;
        self.postings += entry.noun.stored_len() + entry.other.stored_len();
        Ok(())
    }

    /// Begin a block; its first term shares nothing.
    fn start_block(&mut self, term: &[u8]) -> io::Result<()> {
        self.end_block()?;
        self.last.clear();
        self.table.extend_from_slice(&prefix(term).to_le_bytes());
        self.table
            .extend_from_slice(&self.blocks.len().to_le_bytes());
        self.table.extend_from_slice(&self.postings.to_le_bytes());
        Ok(())
    }

    /// Write the block under construction, if there is one.
    fn end_block(&mut self) -> io::Result<()> {
        if self.block.shared.is_empty() {
            return Ok(());
        }
        let Self {
            block, features, ..
        } = self;
        self.blocks.add(|out| block.end(*features, out))
    }

    /// The blocks, their table, and the number of terms.
    pub(crate) fn finish(mut self) -> Result<(Spill, Vec<u8>, u64)> {
        self.end_block().map_err(Error::io(&self.path))?;
        Ok((self.blocks, self.table, self.terms))
    }
}
