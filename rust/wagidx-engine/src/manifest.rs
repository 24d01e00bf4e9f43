//! `manifest.json`: the one small file that says what an index is made of.
//!
//! Everything else in the folder is written first; the manifest appears by rename and names every
//! file with its size and checksum. It is one canonical JSON object: any other spelling of the same
//! object is refused, so no byte of it can change unnoticed.

use crate::build::BuildStats;
use crate::hash::fnv1a64;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Name of the file in an index folder.
pub const FILE_NAME: &str = "manifest.json";
/// Layout of the folder that this library writes.
pub const INDEX_VERSION: u32 = 5;
/// A larger manifest is damaged or not ours.
const MAX_BYTES: u64 = 64 << 20;

/// A segment file of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentInfo {
    /// Name in the folder.
    pub file: String,
    /// Bytes.
    pub size: u64,
    /// The checksum in its footer.
    pub checksum: String,
    /// Rows.
    pub rows: u64,
    /// Distinct terms.
    pub terms: u64,
    /// Postings over all lists.
    pub postings: u64,
}

/// Any other file of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileInfo {
    /// Name in the folder.
    pub file: String,
    /// What it holds: `sources` or `captions`.
    pub role: String,
    /// Bytes.
    pub size: u64,
    /// CRC-32 of the file.
    pub checksum: String,
    /// Rows it covers.
    pub rows: u64,
}

/// How captions became terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyzerInfo {
    /// `surface`, `lemma` or `noun`.
    pub tier: String,
    /// Hash over everything that decides a query's keys; an index with another one is refused.
    pub query_data: String,
    /// `fold`, or `paper` for the study's keys.
    pub case: String,
    /// Whether Han, Hiragana, Katakana and Hangul are cut into bigrams.
    pub cjk_bigrams: bool,
    /// Whether each term has a noun list and another list.
    pub readings: bool,
    /// What identified nouns: the hash of a tagger's file, or the name and version of a
    /// spaCy model. Queries do not need it; append and merge compare it.
    pub tagger: Option<String>,
}

/// What an index is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout of the folder.
    pub version: u32,
    /// Version of the library that built it.
    pub library: String,
    /// How captions became terms.
    pub analyzer: AnalyzerInfo,
    /// What was seen while it was built.
    pub stats: BuildStats,
    /// Segments, in the order of their rows.
    pub segments: Vec<SegmentInfo>,
    /// Other files.
    pub files: Vec<FileInfo>,
    /// Options that change answers, as given; one that differs between merged indexes is left out.
    pub options: serde_json::Value,
    /// FNV-1a (64 bits) of the manifest with this field empty; also the id of the index.
    pub checksum: String,
}

impl Manifest {
    /// Read the manifest of the index in `folder`.
    ///
    /// # Errors
    /// [`Error::Io`] (not found included), [`Error::Format`], [`Error::Corrupt`].
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE_NAME);
        let mut text = String::new();
        let file = File::open(&path).map_err(Error::io(&path))?;
        let damaged = |what: &str| Error::damaged(&path, what);
        match file.take(MAX_BYTES + 1).read_to_string(&mut text) {
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(damaged("not UTF-8"));
            }
            read => read.map_err(Error::io(&path))?,
        };
        if text.len() as u64 > MAX_BYTES {
            return Err(damaged("too large"));
        }
        check_version(&path, &text)?;
        let manifest: Self =
            serde_json::from_str(&text).map_err(|error| damaged(&error.to_string()))?;
        if manifest.checksum != manifest.computed_checksum() || manifest.to_text() != text {
            return Err(damaged("its checksum does not match"));
        }
        Ok(manifest)
    }

    /// Seal the manifest and publish it in `folder` by a durable rename.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn publish(mut self, folder: &Path) -> Result<Self> {
        self.checksum = self.computed_checksum();
        let (path, temporary) = (folder.join(FILE_NAME), folder.join("manifest.tmp"));
        let mut file = File::create(&temporary).map_err(Error::io(&temporary))?;
        file.write_all(self.to_text().as_bytes())
            .map_err(Error::io(&temporary))?;
        file.sync_all().map_err(Error::io(&temporary))?;
        sync_folder(folder)?;
        std::fs::rename(&temporary, &path).map_err(Error::io(&path))?;
        sync_folder(folder)?;
        Ok(self)
    }

    /// The canonical text.
    #[must_use]
    pub fn to_text(&self) -> String {
        // A struct of numbers, texts and JSON values has no way to fail here.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    fn computed_checksum(&self) -> String {
        let blank = Self {
            checksum: String::new(),
            ..self.clone()
        };
        format!("{:016x}", fnv1a64(blank.to_text().as_bytes()))
    }
}

/// Report an index of another version as such, whatever else changed with the version.
fn check_version(path: &Path, text: &str) -> Result<()> {
    let version = serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|value| value.get("version")?.as_u64());
    match version {
        Some(version) if version != u64::from(INDEX_VERSION) => Err(Error::Format(format!(
            "{}: index version {version}; this wagidx reads {INDEX_VERSION}; rebuild the index",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io(folder))
}
