//! The last bytes of a segment: what it holds, where its sections are, and a checksum over that.
//!
//! ```text
//! header    magic 8 | version u32 | zero u32
//! sections  postings | absent rows | dictionary blocks | block table | checksums
//! footer    8 fields, 52 bytes | crc32 of checksums and fields | version u32 | magic 8
//! ```
//! Sections touch, so their lengths give their offsets, and the file's size must be their sum.

use crate::dictionary::{BLOCK_TERMS, DictionaryLayout};
use crate::{Damage, checksum};
use std::ops::Range;

/// First and last eight bytes of a segment.
pub const MAGIC: [u8; 8] = *b"wagidxSG";
/// The format this library writes.
pub const FORMAT_VERSION: u32 = 4;
/// The oldest format this library reads: before the first release, no other than it writes.
pub const OLDEST_SUPPORTED: u32 = FORMAT_VERSION;
/// Bytes of the header.
pub const HEADER_LEN: u64 = 16;
/// Bytes of the footer.
pub const FOOTER_LEN: u64 = 52 + 4 + 4 + 8;
/// Where in the footer its fields end and the checksum begins.
pub(crate) const CRC_AT: usize = 52;
pub(crate) const VERSION_AT: usize = CRC_AT + 4;
const MAGIC_AT: usize = VERSION_AT + 4;

const FLAG_READINGS: u32 = 1;
const FLAG_POSITIONS: u32 = 2;
const BLOCK_TABLE_ROW: u64 = 24;

/// What a segment stores about its terms besides the rows that hold them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Terms have two lists: rows that hold them as a noun, and rows that hold them otherwise.
    pub readings: bool,
    /// Lists know where in each row their term stands.
    pub positions: bool,
}

impl Features {
    fn to_flags(self) -> u32 {
        let flag = |kept: bool, flag: u32| if kept { flag } else { 0 };
        flag(self.readings, FLAG_READINGS) | flag(self.positions, FLAG_POSITIONS)
    }

    fn from_flags(flags: u32) -> Result<Self, Damage> {
        if flags & !(FLAG_READINGS | FLAG_POSITIONS) != 0 {
            return Err(Damage("the footer has a flag this version does not know"));
        }
        Ok(Self {
            readings: flags & FLAG_READINGS != 0,
            positions: flags & FLAG_POSITIONS != 0,
        })
    }
}

/// What a segment holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footer {
    /// Rows of the segment, with text or without.
    pub rows: u32,
    /// Rows without text: NULL, malformed or filtered out.
    pub absent: u32,
    /// Terms in the dictionary.
    pub terms: u64,
    /// Postings over all lists, those in the dictionary included.
    pub postings: u64,
    /// What is stored about terms.
    pub features: Features,
    /// Bytes of the postings section.
    pub postings_len: u64,
    /// Bytes of the list of absent rows.
    pub absent_len: u64,
    /// Bytes of the dictionary blocks.
    pub blocks_len: u64,
}

/// The sections of a segment as byte ranges of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    /// Posting lists in term order, each with its positions behind it.
    pub postings: Range<u64>,
    /// The list of absent rows.
    pub absent: Range<u64>,
    /// Dictionary blocks.
    pub blocks: Range<u64>,
    /// Block table.
    pub table: Range<u64>,
    /// CRC-32 of each MiB of everything before this section.
    pub checksums: Range<u64>,
}

/// The header of a segment written by this library.
#[must_use]
pub fn header() -> [u8; HEADER_LEN as usize] {
    let mut bytes = [0; HEADER_LEN as usize];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes
}

impl Footer {
    /// The bytes after the checksums section; `crc` so far covers that section.
    #[must_use]
    pub fn to_bytes(&self, mut crc: crc32fast::Hasher) -> Vec<u8> {
        let mut out = Vec::with_capacity(FOOTER_LEN as usize);
        let flags = self.features.to_flags();
        for field in [self.rows, self.absent, flags] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        let wide = [
            self.terms,
            self.postings,
            self.postings_len,
            self.absent_len,
            self.blocks_len,
        ];
        for field in wide {
            out.extend_from_slice(&field.to_le_bytes());
        }
        crc.update(&out);
        out.extend_from_slice(&crc.finalize().to_le_bytes());
        out.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        out.extend_from_slice(&MAGIC);
        out
    }

    /// Read the footer's fields; magic, version and checksum are the caller's to check.
    fn from_bytes(bytes: &[u8; FOOTER_LEN as usize]) -> Result<Self, Damage> {
        let narrow = |at: usize| {
            bytes[at..]
                .first_chunk()
                .map_or(0, |b| u32::from_le_bytes(*b))
        };
        let wide = |at: usize| {
            bytes[at..]
                .first_chunk()
                .map_or(0, |b| u64::from_le_bytes(*b))
        };
        Ok(Self {
            rows: narrow(0),
            absent: narrow(4),
            features: Features::from_flags(narrow(8))?,
            terms: wide(12),
            postings: wide(20),
            postings_len: wide(28),
            absent_len: wide(36),
            blocks_len: wide(44),
        })
    }

    /// Where the sections lie in a file of `size` bytes.
    ///
    /// # Errors
    /// [`Damage`] where they do not fill the file exactly.
    pub fn sections(&self, size: u64) -> Result<Sections, Damage> {
        let table_len = self
            .terms
            .div_ceil(BLOCK_TERMS as u64)
            .checked_mul(BLOCK_TABLE_ROW);
        let lay = |start: u64, len: Option<u64>| {
            let end = len
                .and_then(|len| start.checked_add(len))
                .filter(|&end| end <= size);
            end.map(|end| start..end)
                .ok_or(Damage("a section runs past the end of the file"))
        };
        let postings = lay(HEADER_LEN, Some(self.postings_len))?;
        let absent = lay(postings.end, Some(self.absent_len))?;
        let blocks = lay(absent.end, Some(self.blocks_len))?;
        let table = lay(blocks.end, table_len)?;
        let checksums = lay(table.end, Some(checksum::table_len(table.end)))?;
        if checksums.end.checked_add(FOOTER_LEN) != Some(size) {
            return Err(Damage("the sections do not fill the file"));
        }
        Ok(Sections {
            postings,
            absent,
            blocks,
            table,
            checksums,
        })
    }

    pub(crate) fn dictionary(&self) -> DictionaryLayout {
        DictionaryLayout {
            terms: self.terms,
            features: self.features,
            blocks_len: self.blocks_len,
        }
    }
}

/// Why a footer was refused.
#[derive(Clone, Copy, Debug)]
pub enum Refused {
    /// Not a segment at all.
    NotASegment,
    /// A segment of a version this library does not read.
    Version(u32),
    /// A segment whose bytes contradict themselves.
    Damaged(Damage),
}

/// Read and check the last [`FOOTER_LEN`] bytes of a file of `size` bytes.
///
/// # Errors
/// [`Refused`] says why.
pub fn parse(tail: &[u8; FOOTER_LEN as usize], size: u64) -> Result<(Footer, Sections), Refused> {
    if tail[MAGIC_AT..] != MAGIC {
        return Err(Refused::NotASegment);
    }
    let version = tail[VERSION_AT..]
        .first_chunk()
        .map_or(0, |bytes| u32::from_le_bytes(*bytes));
    if !(OLDEST_SUPPORTED..=FORMAT_VERSION).contains(&version) {
        return Err(Refused::Version(version));
    }
    let footer = Footer::from_bytes(tail).map_err(Refused::Damaged)?;
    let sections = footer.sections(size).map_err(Refused::Damaged)?;
    Ok((footer, sections))
}

/// Does the footer's checksum cover `checksums` and its own fields?
#[must_use]
pub fn crc_holds(tail: &[u8; FOOTER_LEN as usize], checksums: &[u8]) -> bool {
    let mut crc = crc32fast::Hasher::new();
    crc.update(checksums);
    crc.update(&tail[..CRC_AT]);
    tail[CRC_AT..VERSION_AT] == crc.finalize().to_le_bytes()
}
