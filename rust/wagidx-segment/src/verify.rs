//! Checks a whole segment: every byte against its checksum, and, deeply, every list.

use crate::dictionary::{BLOCK_TERMS, ListRef};
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
            decode_checked(segment, &list, rows)?;
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
    segment.absent()?.decode(&mut Vec::new())?;
    Ok(report)
}

fn decode_checked(segment: &Segment, list: &ListRef, rows: &mut Vec<u32>) -> Result<(), Failure> {
    let postings = segment.postings(list)?;
    postings.decode(rows)?;
    if let PostingList::Bitmap(bitmap) = postings
        && !bitmap.padding_is_zero()
    {
        return Err(Damage("a bitmap has bits past the last row").into());
    }
    Ok(())
}
