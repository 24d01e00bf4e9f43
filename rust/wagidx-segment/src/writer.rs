//! Writes a segment in one pass: terms in order, their lists as they come, the footer last.

use crate::checksum::ChecksumWriter;
use crate::dictionary::{ByteRange, DictionaryWriter, ListRef, Place, TermEntry};
use crate::footer::{self, Footer};
use crate::{Error, Features, Result, positions, postings};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The rows of one list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListRows<'a> {
    /// The rows, ascending.
    pub rows: &'a [u32],
    /// Where in each of them the term stands, as [`positions::push_row`] writes them one after the
    /// other; nothing in a segment without positions.
    pub positions: &'a [u8],
}

impl<'a> From<&'a [u32]> for ListRows<'a> {
    fn from(rows: &'a [u32]) -> Self {
        Self {
            rows,
            positions: &[],
        }
    }
}

/// The rows of one term by reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct TermLists<'a> {
    /// Rows that hold the term as a noun.
    pub noun: ListRows<'a>,
    /// Rows that hold it otherwise.
    pub other: ListRows<'a>,
}

/// A term with its lists encoded, ready to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EncodedLists {
    noun: EncodedList,
    other: EncodedList,
    any: u32,
}

#[derive(Clone, Copy, Debug)]
struct EncodedList {
    frequency: u32,
    only: u32,
    len: u64,
    positions_len: u64,
}

impl TermLists<'_> {
    /// Append the encoded lists to `out`, noun first, each with its positions behind it.
    pub(crate) fn encode(
        &self,
        rows: u32,
        features: Features,
        out: &mut Vec<u8>,
    ) -> Result<EncodedLists> {
        Ok(EncodedLists {
            noun: encode_list(&self.noun, rows, features, out)?,
            other: encode_list(&self.other, rows, features, out)?,
            any: union_len(self.noun.rows, self.other.rows),
        })
    }
}

fn encode_list(
    list: &ListRows<'_>,
    rows: u32,
    features: Features,
    out: &mut Vec<u8>,
) -> Result<EncodedList> {
    let start = out.len();
    if list.rows.len() > 1 {
        postings::encode(list.rows, rows, out);
    }
    let end = out.len();
    if features.positions {
        positions::encode(list.rows, rows, list.positions, out).map_err(Error::misfit)?;
    }
    Ok(EncodedList {
        frequency: list.rows.len() as u32,
        only: list.rows.first().copied().unwrap_or(0),
        len: (end - start) as u64,
        positions_len: (out.len() - end) as u64,
    })
}

/// Rows in either of two ascending lists.
pub(crate) fn union_len(a: &[u32], b: &[u32]) -> u32 {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let shared = few
        .iter()
        .filter(|row| many.binary_search(row).is_ok())
        .count();
    (a.len() + b.len() - shared) as u32
}

impl EncodedList {
    fn place(self, offset: u64) -> ListRef {
        let place = match self.frequency {
            0 => return ListRef::EMPTY,
            1 => Place::Inline(self.only),
            _ => Place::At {
                offset,
                len: self.len,
            },
        };
        let positions = ByteRange {
            offset: offset + self.len,
            len: self.positions_len,
        };
        ListRef {
            frequency: self.frequency,
            place,
            positions,
        }
    }

    fn stored_len(self) -> u64 {
        self.len + self.positions_len
    }
}

/// A segment being written.
pub struct SegmentWriter {
    path: PathBuf,
    out: ChecksumWriter<File>,
    dictionary: DictionaryWriter,
    footer: Footer,
    scratch: Vec<u8>,
}

impl SegmentWriter {
    /// Create `path`, which must not exist, for a segment of `rows` rows.
    ///
    /// # Errors
    /// [`Error::Io`] from the file system.
    pub fn create(path: &Path, rows: u32, features: Features) -> Result<Self> {
        let file = File::create_new(path).map_err(Error::io(path))?;
        let mut out = ChecksumWriter::new(file);
        out.put(&footer::header()).map_err(Error::io(path))?;
        Ok(Self {
            path: path.to_owned(),
            out,
            dictionary: DictionaryWriter::new(path, features),
            footer: Footer {
                rows,
                features,
                ..Footer::default()
            },
            scratch: Vec::new(),
        })
    }

    /// Add the next term. Terms ascend strictly in byte order; rows ascend strictly and are below
    /// the segment's rows. A segment without readings takes `other` lists only, one with positions takes
    /// those of every row.
    ///
    /// # Errors
    /// [`Error::Io`], or [`Error::Limit`] where the order or a limit is broken.
    pub fn add(&mut self, term: &[u8], lists: TermLists<'_>) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.scratch);
        bytes.clear();
        let encoded = lists.encode(self.footer.rows, self.footer.features, &mut bytes);
        let added = encoded.and_then(|encoded| self.add_encoded(term, &encoded, &bytes));
        self.scratch = bytes;
        added
    }

    pub(crate) fn add_encoded(
        &mut self,
        term: &[u8],
        lists: &EncodedLists,
        bytes: &[u8],
    ) -> Result<()> {
        if lists.any == 0 || (!self.footer.features.readings && lists.noun.frequency > 0) {
            return Err(Error::Limit(
                "a term has no row, or a reading the segment lacks".into(),
            ));
        }
        let offset = self.dictionary.postings_len();
        let entry = TermEntry {
            noun: lists.noun.place(offset),
            other: lists.other.place(offset + lists.noun.stored_len()),
            any: lists.any,
        };
        self.dictionary.push(term, &entry)?;
        self.footer.postings += u64::from(lists.noun.frequency) + u64::from(lists.other.frequency);
        self.out.put(bytes).map_err(Error::io(&self.path))
    }

    /// Write the rest and make it durable. `absent` are the rows without text, ascending.
    ///
    /// # Errors
    /// [`Error::Io`] from the file system.
    pub fn finish(mut self, absent: &[u32], durable: bool) -> Result<Footer> {
        let path = self.path;
        let io = || Error::io(&path);
        self.scratch.clear();
        if !absent.is_empty() {
            postings::encode(absent, self.footer.rows, &mut self.scratch);
        }
        self.footer.absent = absent.len() as u32;
        self.footer.postings_len = self.out.written() - footer::HEADER_LEN;
        self.footer.absent_len = self.scratch.len() as u64;
        let (blocks, table, terms) = self.dictionary.finish()?;
        self.footer.terms = terms;
        self.footer.blocks_len = blocks.len();
        let mut out = self.out;
        out.put(&self.scratch).map_err(io())?;
        blocks.drain(|bytes| out.put(bytes)).map_err(io())?;
        out.put(&table).map_err(io())?;
        let (mut file, checksums) = out.finish().map_err(io())?;
        let mut crc = crc32fast::Hasher::new();
        crc.update(&checksums);
        file.write_all(&checksums).map_err(io())?;
        file.write_all(&self.footer.to_bytes(crc)).map_err(io())?;
        if durable {
            file.sync_all().map_err(io())?;
        }
        Ok(self.footer)
    }
}
