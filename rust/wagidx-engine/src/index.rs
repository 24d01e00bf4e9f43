//! An open index: its manifest, its mapped segments, and the analyzer that reads its queries.

use crate::manifest::{FILE_NAME, Manifest, SegmentInfo};
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use wagidx_segment::{Segment, TermEntry, verify};
use wagidx_text::{Analyzer, Case, Tier, query_data_hash};

/// An index open for reading: a snapshot of the manifest it was opened with. Opening maps files and
/// reads their footers, so it takes the same time at any size. Shared between threads freely.
#[derive(Debug)]
pub struct Index {
    folder: PathBuf,
    manifest: Manifest,
    analyzer: Analyzer,
    segments: Vec<OpenSegment>,
}

/// A segment and the id of its first row.
#[derive(Debug)]
pub struct OpenSegment {
    /// The segment.
    pub segment: Segment,
    /// Id of its first row.
    pub base: u64,
}

impl Index {
    /// Open the index in `folder`, mapped, or read to memory where `mmap` is false.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Format`] where the folder is no index or one of another version,
    /// [`Error::Corrupt`].
    pub fn open(folder: &Path, mmap: bool) -> Result<Self> {
        check_is_index(folder)?;
        let mut manifest = Manifest::read(folder)?;
        loop {
            let id = manifest.checksum.clone();
            match Self::open_manifest(folder, manifest, mmap) {
                Ok(index) => return Ok(index),
                // Another index may have taken the folder's name in between; then that one is meant.
                Err(error) => match Manifest::read(folder) {
                    Ok(now) if now.checksum != id => manifest = now,
                    _ => return Err(error),
                },
            }
        }
    }

    fn open_manifest(folder: &Path, manifest: Manifest, mmap: bool) -> Result<Self> {
        let analyzer = analyzer_of(folder, &manifest)?;
        let mut segments = Vec::with_capacity(manifest.segments.len());
        let mut base = 0u64;
        for info in &manifest.segments {
            let segment = open_segment(folder, info, mmap)?;
            segments.push(OpenSegment { segment, base });
            base += info.rows;
        }
        if manifest.stats.rows != base {
            let what = "its rows are not those of its segments";
            return Err(Error::damaged(folder, what));
        }
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            analyzer,
            segments,
        })
    }

    /// The folder it was opened from.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it is made of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The analyzer that made its terms.
    #[must_use]
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// Whether terms are kept apart by reading.
    #[must_use]
    pub fn has_readings(&self) -> bool {
        self.manifest.analyzer.readings
    }

    /// Whether it stores term positions, which phrases need.
    #[must_use]
    pub fn has_positions(&self) -> bool {
        let keeps = |open: &OpenSegment| open.segment.footer().features.positions;
        self.segments.iter().all(keeps)
    }

    /// Rows: ids run over them.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.manifest.stats.rows
    }

    /// Its segments, in the order of their rows.
    #[must_use]
    pub fn segments(&self) -> &[OpenSegment] {
        &self.segments
    }

    /// The entries of a term, one a segment.
    ///
    /// # Errors
    /// [`Error::Segment`] for a damaged dictionary.
    pub fn entries(&self, term: &str) -> Result<Vec<Option<TermEntry>>> {
        self.segments
            .iter()
            .map(|open| Ok(open.segment.get(term.as_bytes())?))
            .collect()
    }

    /// Check every byte against its checksum; with `deep`, decode and recompute every list.
    ///
    /// # Errors
    /// The first damage found, with its file.
    pub fn verify(&self, deep: bool, threads: usize) -> Result<()> {
        for info in &self.manifest.files {
            self.verify_file(&info.file, info.size, &info.checksum)?;
        }
        for open in &self.segments {
            verify::checksums(&open.segment, threads)?;
            if deep {
                verify::deep(&open.segment)?;
            }
        }
        Ok(())
    }

    fn verify_file(&self, name: &str, size: u64, checksum: &str) -> Result<()> {
        let path = path_inside(&self.folder, name)?;
        if crate::build::file_crc32(&path)? != (checksum.to_owned(), size) {
            return Err(Error::damaged(&path, "it differs from its checksum"));
        }
        Ok(())
    }
}

/// Tell a folder that never became an index from one that is not there.
fn check_is_index(folder: &Path) -> Result<()> {
    let shown = folder.display();
    let metadata = std::fs::metadata(folder);
    let mut part = folder.as_os_str().to_owned();
    part.push(".part");
    if metadata.is_err() && Path::new(&part).is_dir() {
        return Err(Error::Format(format!(
            "{shown}: the build has not finished; run the same `wagidx build` again to resume it"
        )));
    }
    if !metadata.map_err(Error::io(folder))?.is_dir() {
        return Err(Error::Format(format!(
            "{shown}: not an index; an index is a folder"
        )));
    }
    if !folder.join(FILE_NAME).is_file() {
        return Err(Error::Format(format!(
            "{shown}: not an index: it has no {FILE_NAME}; if a build was interrupted, run it again"
        )));
    }
    Ok(())
}

fn analyzer_of(folder: &Path, manifest: &Manifest) -> Result<Analyzer> {
    let info = &manifest.analyzer;
    let shown = folder.display();
    let other = |what: &dyn std::fmt::Display| {
        let library = &manifest.library;
        Error::Format(format!(
            "{shown}: {what}; rebuild the index or use wagidx {library}"
        ))
    };
    let tier: Tier = info.tier.parse().map_err(|unknown| other(&unknown))?;
    let case: Case = info.case.parse().map_err(|unknown| other(&unknown))?;
    if info.query_data != query_data_hash() {
        let (built, here) = (&info.query_data, query_data_hash());
        return Err(other(&format_args!(
            "built with other language data (query data {built}, this wagidx has {here})"
        )));
    }
    if case == Case::Paper && (tier != Tier::Noun || info.cjk_bigrams) {
        return Err(Error::Format(format!(
            "{shown}: case paper goes with nouns alone; rebuild the index"
        )));
    }
    Ok(Analyzer::new(tier)
        .with_case(case)
        .with_bigrams(info.cjk_bigrams))
}

fn path_inside(folder: &Path, name: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    if Path::new(name).file_name() == Some(name.as_ref()) {
        Ok(path)
    } else {
        Err(Error::damaged(
            &path,
            "the manifest names a file outside its folder",
        ))
    }
}

fn open_segment(folder: &Path, info: &SegmentInfo, mmap: bool) -> Result<Segment> {
    let path = path_inside(folder, &info.file)?;
    let size = std::fs::metadata(&path).map_err(Error::io(&path))?.len();
    if size != info.size {
        let what = format!("it has {size} bytes, where the manifest says {}", info.size);
        return Err(Error::damaged(&path, &what));
    }
    let segment = Segment::open(&path, mmap)?;
    let found = (
        segment.size(),
        u64::from(segment.rows()),
        segment.checksum_hex(),
    );
    if found != (info.size, info.rows, info.checksum.clone()) {
        return Err(Error::damaged(
            &path,
            "it is not the segment the manifest names",
        ));
    }
    Ok(segment)
}
