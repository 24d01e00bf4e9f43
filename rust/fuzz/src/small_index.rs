//! A small index of two segments, with every kind of row, and the naive twin of its rows.

use serde_json::json;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use wagidx_engine::build::{BuildStats, Row, RunOptions, UnitBuilder, merge_runs};
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

/// The keys of a row in their order: none where it has no text.
pub type Keys = Option<Vec<String>>;

/// The caption of a row; word `i` stands in about one row of `i + 1`, in every fifth row backwards.
fn caption(row: usize) -> Option<String> {
    let holds = |&i: &usize| (row * 31 + i * 17).is_multiple_of(i * i / 2 + 1);
    let mut words: Vec<&str> = (0..WORDS.len()).filter(holds).map(|i| WORDS[i]).collect();
    if row.is_multiple_of(5) {
        words.reverse();
    }
    (row % 29 != 3).then(|| words.join(" "))
}

/// Build the index into `folder`, and the keys of each of its rows.
///
/// # Panics
/// Where building fails.
#[must_use]
pub fn build(folder: &Path) -> Vec<Keys> {
    let captions = |rows: Range<usize>| rows.map(caption).collect::<Vec<_>>();
    let segments = [captions(0..700), captions(700..1_100)];
    publish(folder, &segments, true);
    let analyzer = Analyzer::new(Tier::Lemma);
    let keys = |text: &Option<String>| text.as_ref().map(|text| keys_of(analyzer, text));
    segments.iter().flatten().map(keys).collect()
}

/// Build an index of these captions into `folder`, a segment of each slice; `positions` are kept for
/// phrases.
///
/// # Panics
/// Where building fails.
pub fn publish(folder: &Path, segments: &[Vec<Option<String>>], positions: bool) {
    let mut stats = BuildStats::default();
    let mut infos = Vec::new();
    for (number, captions) in segments.iter().enumerate() {
        let prefix = format!("unit-{number}");
        let options = RunOptions {
            analyzer: Analyzer::new(Tier::Lemma),
            tagger: None,
            positions,
            memory: 1 << 28,
        };
        let mut unit = UnitBuilder::new(folder, &prefix, options);
        for text in captions {
            let row = text
                .as_ref()
                .map_or(Row::Null, |text| Row::Caption(text.as_bytes()));
            unit.push(row).expect("rows are taken");
        }
        let (runs, seen) = unit.finish().expect("a run is written");
        let paths: Vec<_> = runs.into_iter().map(|run| run.path).collect();
        let out = folder.join(format!("segment-{number}.wag"));
        infos.push(
            merge_runs(&paths, &out, positions, 1, 1 << 20, &AtomicBool::new(false))
                .expect("runs merge"),
        );
        stats.rows += seen.rows;
        stats.captions += seen.captions;
        stats.nulls += seen.nulls;
    }
    let manifest: Manifest = serde_json::from_value(json!({
        "version": wagidx_engine::manifest::INDEX_VERSION,
        "library": "0.0.0",
        "analyzer": {"tier": "lemma", "query_data": query_data_hash(), "case": "fold", "cjk_bigrams": false, "readings": false, "tagger": null},
        "stats": stats,
        "segments": infos,
        "files": [],
        "options": {},
        "checksum": "",
    }))
    .expect("a manifest");
    manifest.publish(folder).expect("published");
}

/// The keys of a text in their order.
#[must_use]
pub fn keys_of(analyzer: Analyzer, text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    analyzer.text(text, &mut Scratch::default(), |token| {
        keys.push(token.key.to_owned());
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
