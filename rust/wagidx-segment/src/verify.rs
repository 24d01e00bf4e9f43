//! Verifies a whole segment: every byte against its checksum and, for a deep check, every list.

use crate::dictionary::BLOCK_TERMS;
use crate::writer::union_len;
use crate::{Damage, Error, PostingList, Result, Segment, checksum};

/// Compare every byte with its checksum, using `threads` threads.
///
/// # Errors
/// [`Error::Checksum`] naming the first damaged MiB.
pub fn checksums(segment: &Segment, threads: usize) -> Result<()> {
    let (covered, table) = segment.checked_bytes()?;
    let damaged = checksum::damaged_chunks(covered, table, threads);
    let Some(&first) = damaged.first() else {
        return Ok(());
    };
    let start = first as u64 * checksum::CHUNK;
    let end = (start + checksum::CHUNK).min(covered.len() as u64);
    Err(Error::Checksum {
        path: segment.path().to_owned(),
        chunks: damaged.len(),
        first: start..end,
    })
}

/// What a deep check counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeepReport {
    /// Terms walked.
    pub terms: u64,
    /// Postings decoded.
    pub postings: u64,
}

/// Decode every list and recompute what the dictionary states: order of terms, frequencies, skip
/// tables, bitmaps, positions, list places, totals. Needs no sources; O(postings).
///
/// # Errors
/// [`Error::Corrupt`] with the first contradiction.
pub fn deep(segment: &Segment) -> Result<DeepReport> {
    deep_check(segment).map_err(|failure| match failure {
        Failure::Damage(damage) => segment.damaged(damage),
        Failure::Error(error) => error,
    })
}

enum Failure {
    Damage(Damage),
    Error(Error),
}

impl From<Damage> for Failure {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn deep_check(segment: &Segment) -> Result<DeepReport, Failure> {
    let mut terms = segment.dictionary()?.terms_from(b"");
    let mut report = DeepReport::default();
    let (mut last, mut noun, mut other) = (Vec::new(), Vec::new(), Vec::new());
    let mut end = 0;
    while let Some((term, entry)) = terms.next()? {
        if report.terms > 0 && term <= last.as_slice() {
            return Err(Damage("terms do not ascend").into());
        }
        if report.terms.is_multiple_of(BLOCK_TERMS as u64) && segment.get(term)? != Some(entry) {
            return Err(Damage("the block table does not lead to a block's first term").into());
        }
        last.clear();
        last.extend_from_slice(term);
        for (list, rows) in [(entry.noun, &mut noun), (entry.other, &mut other)] {
            rows.clear();
            decode_checked(&segment.postings(&list)?, rows)?;
            if segment.footer().features.positions {
                segment.positions(&list)?.check(rows, segment.rows())?;
            }
            end += list.stored_len();
        }
        if union_len(&noun, &other) != entry.any {
            return Err(Damage("a term's frequency is not that of its lists").into());
        }
        report.terms += 1;
        report.postings += (noun.len() + other.len()) as u64;
    }
    let footer = segment.footer();
    if (report.terms, report.postings) != (footer.terms, footer.postings) {
        return Err(Damage("the footer's totals are not those of the terms").into());
    }
    if end != footer.postings_len {
        return Err(Damage("the lists do not fill the postings section").into());
    }
    decode_checked(&segment.absent()?, &mut Vec::new())?;
    Ok(report)
}

fn decode_checked(postings: &PostingList<'_>, rows: &mut Vec<u32>) -> Result<(), Damage> {
    postings.decode(rows)?;
    match postings {
        PostingList::Bitmap(bitmap) if !bitmap.padding_is_zero() => {
            Err(Damage("a bitmap has bits past the last row"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Features, SegmentWriter, TermLists};

    #[test]
    fn a_bit_past_the_last_row_is_found_in_every_bitmap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment-000001.wag");
        let mut writer = SegmentWriter::create(&path, 20, Features::default()).unwrap();
        let lists = TermLists {
            other: [3, 4, 5][..].into(),
            ..TermLists::default()
        };
        writer.add(b"dog", lists).unwrap();
        writer.finish(&[0, 1, 2], false).unwrap();
        let (sound, sections) = {
            let segment = Segment::open(&path, false).unwrap();
            deep(&segment).unwrap();
            (std::fs::read(&path).unwrap(), segment.sections().clone())
        };
        for bitmap in [sections.postings, sections.absent] {
            let mut damaged = sound.clone();
            damaged[bitmap.end as usize - 1] |= 0x80;
            std::fs::write(&path, damaged).unwrap();
            let error = deep(&Segment::open(&path, false).unwrap()).unwrap_err();
            assert!(
                error.to_string().contains("bits past the last row"),
                "{error}"
            );
        }
    }
}
