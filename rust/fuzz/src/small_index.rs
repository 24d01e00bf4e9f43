//! A small index of two segments, with every kind of row, and the naive twin of its rows.

use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use wagidx_engine::build::{BuildStats, Row, UnitBuilder, merge_runs};
use wagidx_engine::{Index, Manifest};
use wagidx_text::{Analyzer, Scratch, Tier, query_data_hash};

/// Words from one that most rows hold to those of one row; some repeat with plurals.
pub const WORDS: [&str; 24] = [
    "the",
    "a",
    "dog",
    "dogs",
    "red",
    "cat",
    "leaf",
    "leaves",
    "rose",
    "golden",
    "retriever",
    "C",
    "1984",
    "café",
    "犬",
    "snow",
    "Leopard",
    "don't",
    "black-and-white",
    ":)",
    "x",
    "zebra",
    "quokka",
    "10km",
];

/// What a row holds: none where it has no text.
pub type Keys = Option<BTreeSet<String>>;

/// The caption of a row; word `i` stands in about one row of `i + 1`.
fn caption(row: usize) -> Option<String> {
    let holds = |&i: &usize| (row * 31 + i * 17).is_multiple_of(i * i / 2 + 1);
    let words: Vec<&str> = (0..WORDS.len()).filter(holds).map(|i| WORDS[i]).collect();
    (row % 29 != 3).then(|| words.join(" "))
}

/// The rows of segment `segment` of the index.
fn rows_of(segment: usize) -> std::ops::Range<usize> {
    [0..700, 700..1_100][segment].clone()
}

/// Build the index into `folder`, and the keys of each of its rows.
///
/// # Panics
/// Where building fails.
#[must_use]
pub fn build(folder: &Path) -> Vec<Keys> {
    let analyzer = Analyzer::new(Tier::Lemma);
    let mut keys = Vec::new();
    let mut stats = BuildStats::default();
    let mut segments = Vec::new();
    for segment in 0..2 {
        let mut unit = UnitBuilder::new(folder, &format!("unit-{segment}"), analyzer);
        for row in rows_of(segment) {
            let text = caption(row);
            let row = text
                .as_ref()
                .map_or(Row::Null, |text| Row::Caption(text.as_bytes()));
            unit.push(row).expect("rows are taken");
            keys.push(text.map(|text| keys_of(analyzer, &text)));
        }
        let (runs, seen) = unit.finish().expect("a run is written");
        let paths: Vec<_> = runs.into_iter().map(|run| run.path).collect();
        let out = folder.join(format!("segment-{segment}.wag"));
        segments.push(merge_runs(&paths, &out, 1, &AtomicBool::new(false)).expect("runs merge"));
        stats.rows += seen.rows;
        stats.captions += seen.captions;
        stats.nulls += seen.nulls;
    }
    let manifest: Manifest = serde_json::from_value(json!({
        "version": wagidx_engine::manifest::INDEX_VERSION,
        "library": "0.0.0",
        "analyzer": {"tier": "lemma", "query_data": query_data_hash(), "readings": false},
        "stats": stats,
        "segments": segments,
        "files": [],
        "options": {},
        "checksum": "",
    }))
    .expect("a manifest");
    manifest.publish(folder).expect("published");
    keys
}

/// The keys of a text.
#[must_use]
pub fn keys_of(analyzer: Analyzer, text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    analyzer.text(text, &mut Scratch::default(), |token| {
        keys.insert(token.key.to_owned());
    });
    keys
}

/// The index in memory, and the keys of its rows.
///
/// # Panics
/// Where building or opening fails.
#[must_use]
pub fn open() -> (Index, Vec<Keys>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keys = build(folder.path());
    (Index::open(folder.path(), false).expect("it opens"), keys)
}
