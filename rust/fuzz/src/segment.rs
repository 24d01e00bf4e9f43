//! Opening a segment of any bytes, and every way of reading what opened.
//!
//! Nearly all random bytes fail a checksum. So the first byte of an input says whether the rest is
//! a file as it stands (0), or sections that are laid into a file whose lengths and checksums are right:
//! what a file made by somebody else, on purpose, would be.

use super::bytes::Bytes;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use wagidx_segment::checksum::{CHUNK, table_len};
use wagidx_segment::footer::{self, FOOTER_LEN, Footer};
use wagidx_segment::postings::sieve::Sieve;
use wagidx_segment::{
    Features, ListRef, MergeInput, PostingList, Segment, TermEntry, merge, verify,
};

/// Bytes of a block table's row.
const TABLE_ROW: usize = 24;
const BLOCK_TERMS: usize = 64;

type Terms = Vec<(Vec<u8>, TermEntry)>;

/// Open what `data` stands for, read all of it, and merge it.
///
/// # Panics
/// Where a segment that passed both checks of `verify` contradicts itself.
pub fn check(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else {
        return;
    };
    let file = if kind == 0 {
        rest.to_vec()
    } else {
        laid_out(rest)
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.wag");
    std::fs::write(&path, file).expect("a temporary file");
    if let Ok(segment) = Segment::open(&path, kind % 4 == 3) {
        let sound = verify::checksums(&segment, 1).is_ok() && verify::deep(&segment).is_ok();
        let terms = read(&segment, sound);
        merge_with_itself(&segment, &terms, sound, folder.path());
    }
}

/// The terms in order, having asked for each of them and read its lists.
fn read(segment: &Segment, sound: bool) -> Terms {
    let mut found = Vec::new();
    if let Ok(dictionary) = segment.dictionary() {
        let mut terms = dictionary.terms_from(b"");
        while let Ok(Some((term, entry))) = terms.next() {
            found.push((term.to_vec(), entry));
        }
    }
    for (term, entry) in &found {
        let got = segment.get(term);
        assert!(!sound || got.ok().flatten() == Some(*entry), "{term:?}");
        for list in [&entry.noun, &entry.other] {
            let rows = read_list(segment, list, sound);
            read_positions(segment, list, &rows, sound);
        }
        let _ = segment.get(&[term.as_slice(), b"x"].concat());
    }
    if let Ok(absent) = segment.absent() {
        let decoded = absent.decode(&mut Vec::new());
        assert!(!sound || decoded.is_ok());
    }
    found
}

/// The rows of a list, read whole, in two parts, and sifted through itself.
fn read_list(segment: &Segment, list: &ListRef, sound: bool) -> Vec<u32> {
    let mut rows = Vec::new();
    let Ok(postings) = segment.postings(list) else {
        assert!(!sound);
        return rows;
    };
    let decoded = postings.decode(&mut rows);
    assert!(decoded.is_ok() || !sound);
    if decoded.is_ok() {
        assert!(rows.is_sorted_by(|a, b| a < b), "rows ascend");
        assert!(rows.last().is_none_or(|&row| row < segment.rows()));
    }
    let middle = rows.get(rows.len() / 2).copied().unwrap_or(7);
    let mut parts = Vec::new();
    let first = postings.decode_range(0, middle, &mut parts);
    let second = postings.decode_range(middle, u32::MAX, &mut parts);
    if decoded.is_ok() && first.and(second).is_ok() {
        assert_eq!(parts, rows, "the parts are the whole");
    }
    let mut held = Vec::new();
    let sifted = Sieve::new(&[[postings, PostingList::Empty]]).keep(&rows, &mut held);
    assert!(!sound || (sifted.is_ok() && held == rows));
    rows
}

/// The positions of each row of a list, read by all rows and by every third.
fn read_positions(segment: &Segment, list: &ListRef, rows: &[u32], sound: bool) -> Vec<Vec<u32>> {
    let kept = segment.footer().features.positions;
    let Ok(positions) = segment.positions(list) else {
        assert!(!sound);
        return Vec::new();
    };
    let read = |step: usize| {
        let mut reader = positions.reader();
        let row = |&row: &u32| {
            let mut found = Vec::new();
            let read = reader.read(row, &mut found);
            assert!(!sound || (read.is_ok() && found.is_empty() != kept));
            assert!(found.is_sorted_by(|a, b| a < b), "positions ascend");
            found
        };
        rows.iter().step_by(step).map(row).collect::<Vec<_>>()
    };
    let all = read(1);
    if sound {
        assert!(
            read(3).iter().eq(all.iter().step_by(3)),
            "rows are found by themselves"
        );
    }
    all
}

/// A merge of one sound segment keeps its terms and lists; of two, it holds each row twice.
fn merge_with_itself(segment: &Segment, terms: &Terms, sound: bool, folder: &Path) {
    for copies in [1, 2] {
        let opened = (0..copies).map(|_| Segment::open(segment.path(), false));
        let segments: Vec<_> = opened.map_while(Result::ok).collect();
        let input = MergeInput {
            segments: &segments,
            positions: segment.footer().features.positions,
            threads: copies,
            memory: 1 << 26,
            cancel: &AtomicBool::new(false),
        };
        let out = folder.join(format!("{copies}.wag"));
        let merged = merge(input, &out);
        let fits = u64::from(segment.rows()) * copies as u64 <= wagidx_segment::MAX_ROWS;
        if sound && fits {
            merged.expect("a sound segment merges");
            let merged = Segment::open(&out, true).expect("a merged segment opens");
            verify::deep(&merged).expect("a merged segment is sound");
            for (term, entry) in terms {
                let again = merged.get(term).expect("sound").expect("the term is kept");
                assert_eq!(again.any, entry.any * copies as u32);
                let mut rows = read_list(&merged, &again.other, true);
                let mut positions = read_positions(&merged, &again.other, &rows, true);
                rows.truncate(entry.other.frequency as usize);
                positions.truncate(rows.len());
                assert_eq!(rows, read_list(segment, &entry.other, true));
                assert_eq!(
                    positions,
                    read_positions(segment, &entry.other, &rows, true)
                );
            }
        }
    }
}

fn features_of(byte: u8) -> Features {
    Features {
        readings: byte & 1 != 0,
        positions: byte & 2 != 0,
    }
}

/// A file with the sections that `data` holds, and right lengths and checksums.
#[must_use]
pub fn laid_out(data: &[u8]) -> Vec<u8> {
    let mut data = Bytes(data);
    let mut footer = Footer {
        rows: data.word(),
        absent: data.word(),
        postings: u64::from(data.word()),
        features: features_of(data.byte()),
        terms: u64::from(data.short()),
        ..Footer::default()
    };
    let (postings_len, absent_len) = (data.short(), data.short());
    let postings = data.take(postings_len.into());
    let absent = data.take(absent_len.into());
    let mut table = vec![0; (footer.terms as usize).div_ceil(BLOCK_TERMS) * TABLE_ROW];
    let given = data.take(table.len());
    table[..given.len()].copy_from_slice(given);
    let blocks = data.0;
    footer.postings_len = postings.len() as u64;
    footer.absent_len = absent.len() as u64;
    footer.blocks_len = blocks.len() as u64;
    let mut file = [&footer::header()[..], postings, absent, blocks, &table].concat();
    let checksums: Vec<u8> = file
        .chunks(CHUNK as usize)
        .flat_map(|chunk| crc32fast::hash(chunk).to_le_bytes())
        .collect();
    assert_eq!(checksums.len() as u64, table_len(file.len() as u64));
    let mut crc = crc32fast::Hasher::new();
    crc.update(&checksums);
    file.extend_from_slice(&checksums);
    file.extend_from_slice(&footer.to_bytes(crc));
    file
}

/// The input that [`laid_out`] makes the segment `file` of, where its sections are short enough.
#[must_use]
pub fn input_of(file: &[u8]) -> Option<Vec<u8>> {
    let tail = file.last_chunk::<{ FOOTER_LEN as usize }>()?;
    let (footer, sections) = footer::parse(tail, file.len() as u64).ok()?;
    let section = |range: &std::ops::Range<u64>| &file[range.start as usize..range.end as usize];
    let short = |number: u64| u16::try_from(number).ok().map(u16::to_le_bytes);
    let mut out = Vec::new();
    for word in [footer.rows, footer.absent, footer.postings as u32] {
        out.extend(word.to_le_bytes());
    }
    let Features {
        readings,
        positions,
    } = footer.features;
    out.push(u8::from(readings) | u8::from(positions) << 1);
    for number in [footer.terms, footer.postings_len, footer.absent_len] {
        out.extend(short(number)?);
    }
    for range in [
        &sections.postings,
        &sections.absent,
        &sections.table,
        &sections.blocks,
    ] {
        out.extend_from_slice(section(range));
    }
    Some(out)
}
