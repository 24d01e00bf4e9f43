//! Captions → run segments of bounded size → one segment.
//!
//! A unit of work (a range of rows of one source, or a few small sources) is one [`UnitBuilder`] on
//! one thread. It cuts its rows into runs, each a segment file of its own, so that memory is bounded
//! by a run, not by a source. [`merge_runs`] makes one segment of all runs, in the order of their
//! rows; because a merge re-packs every list, the result does not depend on where runs were cut.

mod batch;
mod byte_map;
mod chunk_cache;
mod interner;
mod occurrences;
mod row;
mod run;
mod token_types;
mod unit;

pub use row::{MAX_CAPTION_BYTES, Row};
pub use unit::{BuildStats, RunFile, RunOptions, UnitBuilder};

use crate::manifest::SegmentInfo;
use crate::{Error, Result};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use wagidx_segment::{MergeInput, Segment};

/// Merge run segments, in the order of their rows, into the new segment `out`, in about `memory` bytes
/// besides its dictionary. Either all runs have positions, as `positions` then says, or none has.
///
/// # Errors
/// [`Error::Cancelled`], or an error of reading or writing.
pub fn merge_runs(
    runs: &[PathBuf],
    out: &Path,
    positions: bool,
    threads: usize,
    memory: usize,
    cancel: &AtomicBool,
) -> Result<SegmentInfo> {
    // Merging one run would write the bytes it has. A segment of another index stays its own.
    let own = |run: &Path| run.parent().is_some_and(|folder| out.starts_with(folder));
    let adopted = match runs {
        [run] if own(run) => adopt(run, out)?,
        _ => false,
    };
    if !adopted {
        let segments = runs
            .iter()
            .map(|run| Segment::open(run, true))
            .collect::<Result<Vec<_>, _>>()?;
        let input = MergeInput {
            segments: &segments,
            positions,
            threads,
            memory,
            cancel,
        };
        wagidx_segment::merge(input, out).map_err(|error| match error {
            wagidx_segment::Error::Cancelled => Error::Cancelled,
            other => other.into(),
        })?;
    }
    let merged = Segment::open(out, true)?;
    let footer = merged.footer();
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    Ok(SegmentInfo {
        file: name.into_owned(),
        size: merged.size(),
        checksum: merged.checksum_hex(),
        rows: u64::from(footer.rows),
        terms: footer.terms,
        postings: footer.postings,
    })
}

/// Give a run the name `out` as well, durably; false where it cannot be linked, as in a file system
/// without hard links.
fn adopt(run: &Path, out: &Path) -> Result<bool> {
    if std::fs::hard_link(run, out).is_err() {
        return Ok(false);
    }
    let file = std::fs::File::open(out).map_err(Error::io(out))?;
    file.sync_all().map_err(Error::io(out))?;
    Ok(true)
}

/// CRC-32 of a file as eight hex digits, and its size.
///
/// # Errors
/// [`Error::Io`].
pub fn file_crc32(path: &Path) -> Result<(String, u64)> {
    let mut file = std::fs::File::open(path).map_err(Error::io(path))?;
    let (mut crc, mut size) = (crc32fast::Hasher::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(Error::io(path))?;
        if read == 0 {
            return Ok((format!("{:08x}", crc.finalize()), size));
        }
        crc.update(&buffer[..read]);
        size += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::adopt;

    #[test]
    fn a_run_is_adopted_unless_it_cannot_be_linked() {
        let folder = tempfile::tempdir().unwrap();
        let [run, out, absent] = ["run", "out", "absent"].map(|name| folder.path().join(name));
        std::fs::write(&run, "rows").unwrap();
        assert!(adopt(&run, &out).unwrap());
        assert_eq!(std::fs::read(&out).unwrap(), b"rows");
        assert!(!adopt(&run, &out).unwrap());
        assert!(!adopt(&absent, &folder.path().join("other")).unwrap());
    }
}
