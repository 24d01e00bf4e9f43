//! An open segment: one file, mapped or in memory, whose every length is checked before use.

use crate::dictionary::{ByteRange, Dictionary, ListRef, Place, TermEntry};
use crate::footer::{self, CRC_AT, FOOTER_LEN, Footer, Refused, Sections, VERSION_AT};
use crate::{Damage, Error, PositionList, PostingList, Result};
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The bytes of a segment.
#[derive(Debug)]
enum Bytes {
    Mapped(memmap2::Mmap),
    Memory(Vec<u8>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Memory(bytes) => bytes,
        }
    }
}

/// A segment open for reading. Opening reads the footer and the checksum table only, so its time
/// does not grow with the segment. Shared between threads freely.
#[derive(Debug)]
pub struct Segment {
    path: PathBuf,
    bytes: Bytes,
    footer: Footer,
    sections: Sections,
}

impl Segment {
    /// Open the segment at `path`, mapped, or read to memory where `mmap` is false.
    ///
    /// A mapped file must not be cut short while it is open: the operating system then ends the
    /// process. Segments are never changed in place, and a rename over the file does no harm.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Format`] for another kind or version of file, [`Error::Corrupt`].
    pub fn open(path: &Path, mmap: bool) -> Result<Self> {
        let bytes = if mmap {
            let file = File::open(path).map_err(Error::io(path))?;
            // SAFETY: segments are immutable once named by a manifest: writers create new files and
            // never write to or truncate an existing one. A cut from outside is documented above.
            Bytes::Mapped(unsafe { memmap2::Mmap::map(&file) }.map_err(Error::io(path))?)
        } else {
            Bytes::Memory(std::fs::read(path).map_err(Error::io(path))?)
        };
        let size = bytes.len() as u64;
        let tail = bytes.last_chunk().ok_or_else(|| not_a_segment(path))?;
        let (footer, sections) =
            footer::parse(tail, size).map_err(|refused| refusal(path, refused))?;
        let segment = Self {
            path: path.to_owned(),
            bytes,
            footer,
            sections,
        };
        segment.check_frame().map_err(Error::corrupt(path))?;
        Ok(segment)
    }

    fn check_frame(&self) -> Result<(), Damage> {
        let tail = self.bytes.last_chunk::<{ FOOTER_LEN as usize }>();
        let checksums = self.section(&self.sections.checksums)?;
        if !tail.is_some_and(|tail| footer::crc_holds(tail, checksums)) {
            return Err(Damage("the footer's checksum does not match"));
        }
        if self.bytes.get(..footer::HEADER_LEN as usize) != Some(&footer::header()[..]) {
            return Err(Damage(
                "the header is not that of a segment of this version",
            ));
        }
        if u64::from(self.footer.absent) > u64::from(self.footer.rows) {
            return Err(Damage("more rows are absent than there are"));
        }
        Ok(())
    }

    fn section(&self, range: &Range<u64>) -> Result<&[u8], Damage> {
        let range = range.start as usize..range.end as usize;
        self.bytes
            .get(range)
            .ok_or(Damage("a section runs past the end of the file"))
    }

    /// What the footer states.
    #[must_use]
    pub fn footer(&self) -> &Footer {
        &self.footer
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Rows of the segment.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.footer.rows
    }

    /// Bytes of the file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The footer's checksum, which covers the table of all checksums, as eight hex digits.
    #[must_use]
    pub fn checksum_hex(&self) -> String {
        let tail = self.bytes.last_chunk::<{ FOOTER_LEN as usize }>();
        let crc = tail.and_then(|tail| tail[CRC_AT..VERSION_AT].first_chunk::<4>());
        format!("{:08x}", crc.map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    pub(crate) fn sections(&self) -> &Sections {
        &self.sections
    }

    /// Everything the checksums cover, and the checksums.
    pub(crate) fn checked_bytes(&self) -> Result<(&[u8], &[u8])> {
        let covered = self.section(&(0..self.sections.checksums.start));
        let table = self.section(&self.sections.checksums);
        covered
            .and_then(|covered| Ok((covered, table?)))
            .map_err(|d| self.damaged(d))
    }

    /// A damage found in this segment, as an error that names it.
    #[must_use]
    pub fn damaged(&self, damage: Damage) -> Error {
        Error::corrupt(&self.path)(damage)
    }

    /// The dictionary.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where its table does not fit its terms.
    pub fn dictionary(&self) -> Result<Dictionary<'_>> {
        let parts = || {
            let blocks = self.section(&self.sections.blocks)?;
            Dictionary::new(
                blocks,
                self.section(&self.sections.table)?,
                self.footer.dictionary(),
            )
        };
        parts().map_err(|damage| self.damaged(damage))
    }

    /// The entry of `term`, if any row holds it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the bytes contradict themselves.
    pub fn get(&self, term: &[u8]) -> Result<Option<TermEntry>> {
        self.dictionary()?
            .get(term)
            .map_err(|damage| self.damaged(damage))
    }

    /// Rows that hold `term` at all, 0 where none does; quicker than [`Self::get`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the bytes contradict themselves.
    pub fn frequency(&self, term: &[u8]) -> Result<u32> {
        self.dictionary()?
            .frequency(term)
            .map_err(|damage| self.damaged(damage))
    }

    /// Rows that hold a term as a noun, 0 where there is no such term or the segment has no readings;
    /// quicker than [`Segment::get`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the bytes contradict themselves.
    pub fn noun_frequency(&self, term: &[u8]) -> Result<u32> {
        self.dictionary()?
            .noun_frequency(term)
            .map_err(|damage| self.damaged(damage))
    }

    /// The rows of one list.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the list lies outside its section or contradicts itself.
    pub fn postings(&self, list: &ListRef) -> Result<PostingList<'_>> {
        self.postings_of(list)
            .map_err(|damage| self.damaged(damage))
    }

    pub(crate) fn postings_of(&self, list: &ListRef) -> Result<PostingList<'_>, Damage> {
        let rows = self.footer.rows;
        match list.place {
            _ if list.frequency == 0 => Ok(PostingList::Empty),
            Place::Inline(row) if row < rows => Ok(PostingList::Single(row)),
            Place::Inline(_) => Err(Damage("a row lies past the segment's rows")),
            Place::At { offset, len } => {
                let bytes = self.bytes_at(ByteRange { offset, len })?;
                PostingList::new(bytes, list.frequency, rows)
            }
        }
    }

    /// The bytes of a range within the postings section.
    fn bytes_at(&self, range: ByteRange) -> Result<&[u8], Damage> {
        let section = self.section(&self.sections.postings)?;
        usize::try_from(range.offset)
            .ok()
            .zip(usize::try_from(range.len).ok())
            .and_then(|(offset, len)| section.get(offset..offset.checked_add(len)?))
            .ok_or(Damage("a list lies past the postings section"))
    }

    /// The positions of one list; of no row in a segment without positions.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where list or positions lie outside their section or contradict themselves.
    pub fn positions(&self, list: &ListRef) -> Result<PositionList<'_>> {
        self.positions_of(list)
            .map_err(|damage| self.damaged(damage))
    }

    pub(crate) fn positions_of(&self, list: &ListRef) -> Result<PositionList<'_>, Damage> {
        let rows = if self.footer.features.positions {
            self.postings_of(list)?
        } else {
            PostingList::Empty
        };
        PositionList::new(self.bytes_at(list.positions)?, rows, self.rows())
    }

    /// The rows without text.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the list contradicts itself.
    pub fn absent(&self) -> Result<PostingList<'_>> {
        self.section(&self.sections.absent)
            .and_then(|bytes| PostingList::new(bytes, self.footer.absent, self.footer.rows))
            .map_err(|damage| self.damaged(damage))
    }
}

fn not_a_segment(path: &Path) -> Error {
    Error::Format {
        path: path.to_owned(),
        what: "not a wagidx segment".into(),
    }
}

fn refusal(path: &Path, refused: Refused) -> Error {
    match refused {
        Refused::NotASegment => not_a_segment(path),
        Refused::Damaged(damage) => Error::corrupt(path)(damage),
        Refused::Version(version) => Error::Format {
            path: path.to_owned(),
            what: other_version(version),
        },
    }
}

fn other_version(version: u32) -> String {
    let reads = footer::FORMAT_VERSION;
    let (differs, remedy) = if version > reads {
        ("newer", "upgrade wagidx, or rebuild the index")
    } else {
        ("older", "rebuild the index")
    };
    format!(
        "segment format {version} is {differs} than format {reads}, which this wagidx reads; {remedy}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Features, SegmentWriter, TermLists};

    /// A segment of one row, whose footer states another version; no checksum covers that field.
    fn refused(version: u32) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment-000001.wag");
        let mut writer = SegmentWriter::create(&path, 1, Features::default()).unwrap();
        let other = [0][..].into();
        let lists = TermLists {
            other,
            ..TermLists::default()
        };
        writer.add(b"dog", lists).unwrap();
        writer.finish(&[], false).unwrap();
        Segment::open(&path, true).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.len() - FOOTER_LEN as usize + VERSION_AT;
        bytes[at..at + 4].copy_from_slice(&version.to_le_bytes());
        std::fs::write(&path, bytes).unwrap();
        let error = Segment::open(&path, true).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "{error}");
        error.to_string()
    }

    #[test]
    fn a_segment_of_another_version_is_refused_by_its_version() {
        for older in 0..footer::FORMAT_VERSION {
            let told = format!("segment format {older} is older");
            let message = refused(older);
            assert!(message.contains(&told), "{message}");
            assert!(message.ends_with("; rebuild the index"), "{message}");
        }
        let message = refused(footer::FORMAT_VERSION + 1);
        assert!(message.contains("segment format 5 is newer"), "{message}");
        assert!(message.ends_with("upgrade wagidx, or rebuild the index"));
    }
}
