//! Phrases under every reading, over segments whose terms have readings, beside the naive answer.

#![allow(clippy::unwrap_used, reason = "helpers of tests too")]

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use wagidx_engine::query::{DocSet, Expression, Options, Pos, Query};
use wagidx_engine::{Index, Manifest};
use wagidx_segment::positions::push_row;
use wagidx_segment::{Features, ListRows, Segment, SegmentWriter, TermLists};
use wagidx_text::query_data_hash;

/// The terms of a row in their order, each read as a noun or not.
type Row = Vec<(&'static str, bool)>;

const WORDS: [&str; 5] = ["chow", "dog", "red", "747", "golden"];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let term = (prop::sample::select(&WORDS[..]), any::<bool>());
    vec(vec(term, 0..9), 1..60)
}

/// A list: its rows, and the positions in them as they are stored.
type List = (Vec<u32>, Vec<u8>);

fn list(rows: &[Row], wanted: (&str, bool)) -> List {
    let (mut held, mut stream) = (Vec::new(), Vec::new());
    for (row, terms) in (0..).zip(rows) {
        let at = (0..).zip(terms).filter(|&(_, &term)| term == wanted);
        let positions: Vec<u32> = at.map(|(at, _)| at).collect();
        if !positions.is_empty() {
            held.push(row);
            push_row(positions, &mut stream);
        }
    }
    (held, stream)
}

fn write_segment(path: &Path, rows: &[Row]) -> serde_json::Value {
    let features = Features {
        readings: true,
        positions: true,
    };
    let mut writer = SegmentWriter::create(path, rows.len() as u32, features).unwrap();
    let mut words = WORDS;
    words.sort_unstable();
    for word in words {
        let [noun, other] = [true, false].map(|noun| list(rows, (word, noun)));
        let [noun, other] = [&noun, &other].map(|(rows, positions)| ListRows { rows, positions });
        if !noun.rows.is_empty() || !other.rows.is_empty() {
            writer
                .add(word.as_bytes(), TermLists { noun, other })
                .unwrap();
        }
    }
    writer.finish(&[], false).unwrap();
    let segment = Segment::open(path, true).unwrap();
    wagidx_segment::verify::deep(&segment).unwrap();
    json!({
        "file": path.file_name().unwrap().to_str().unwrap(),
        "size": segment.size(),
        "checksum": segment.checksum_hex(),
        "rows": segment.rows(),
        "terms": segment.footer().terms,
        "postings": segment.footer().postings,
    })
}

fn index_of(folder: &Path, segments: &[&[Row]]) -> Index {
    let infos: Vec<_> = (0..)
        .zip(segments)
        .map(|(number, rows)| write_segment(&folder.join(format!("{number}.wag")), rows))
        .collect();
    let rows: usize = segments.iter().map(|rows| rows.len()).sum();
    let stats: BTreeMap<&str, usize> = [
        ("rows", rows),
        ("captions", rows),
        ("nulls", 0),
        ("empty", 0),
        ("filtered", 0),
        ("malformed", 0),
        ("invalid_utf8", 0),
        ("truncated_keys", 0),
        ("tokens", 0),
    ]
    .into();
    let manifest: Manifest = serde_json::from_value(json!({
        "version": wagidx_engine::manifest::INDEX_VERSION,
        "library": "0.0.0",
        "analyzer": {"tier": "lemma", "query_data": query_data_hash(), "case": "fold", "cjk_bigrams": false, "readings": true},
        "stats": stats,
        "segments": infos,
        "files": [],
        "options": {},
        "checksum": "",
    }))
    .unwrap();
    manifest.publish(folder).unwrap();
    Index::open(folder, false).unwrap()
}

/// Does the phrase stand in the row, its occurrences read as asked?
fn holds(row: &Row, phrase: &[&str], pos: Pos) -> bool {
    let last = phrase.len() - 1;
    let as_noun = |place: usize| match pos {
        Pos::Any => false,
        Pos::Noun => true,
        // Neither a word with a digit nor one that is known as an adjective alone can be a noun.
        Pos::Head => place == last && !["747", "golden"].contains(&phrase[last]),
    };
    row.windows(phrase.len()).any(|window| {
        let places = window.iter().zip(phrase).enumerate();
        places
            .into_iter()
            .all(|(place, (&(word, noun), &wanted))| word == wanted && (noun || !as_noun(place)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_phrase_asks_the_reading_of_the_occurrence_matched(
        rows in rows(),
        cut: prop::sample::Index,
        phrases in vec(vec(prop::sample::select(&WORDS[..]), 1..4), 1..6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = rows.split_at(cut.index(rows.len() + 1));
        let index = index_of(folder.path(), &[a, b]);
        let even: Vec<u64> = (0..rows.len() as u64).step_by(2).collect();
        let docs = DocSet::from_ids(even, &index).unwrap();
        for pos in [Pos::Any, Pos::Noun, Pos::Head] {
            let options = Options { pos: Some(pos), ..Options::default() };
            let ids_of = |phrase: &Vec<&'static str>| -> Vec<u64> {
                let rows = (0..).zip(&rows);
                rows.filter(|(_, row)| holds(row, phrase, pos)).map(|(id, _)| id).collect()
            };
            let asked: Vec<_> = phrases.iter().map(|p| Expression::Phrase(p.join(" "))).collect();
            let truths: Vec<_> = phrases.iter().map(ids_of).collect();
            let all: Vec<u64> = truths.iter().map(|ids| ids.len() as u64).collect();
            let batch = Query::new(&index, &asked, options).unwrap();
            prop_assert_eq!(batch.counts(None, 2).unwrap(), all);
            let even = |ids: &Vec<u64>| ids.iter().filter(|&id| id % 2 == 0).count() as u64;
            let within: Vec<u64> = truths.iter().map(even).collect();
            prop_assert_eq!(batch.counts(Some(&docs), 1).unwrap(), within);
            for (one, truth) in asked.into_iter().zip(&truths) {
                let none = Expression::NoneOf(vec![one.clone()]);
                let single = Query::new(&index, &[one], options).unwrap();
                prop_assert_eq!(&single.ids(None, None).unwrap(), truth);
                prop_assert_eq!(single.counts(None, 1).unwrap(), [truth.len() as u64]);
                let rest = Query::new(&index, &[none], options).unwrap();
                prop_assert_eq!(rest.counts(None, 1).unwrap(), [(rows.len() - truth.len()) as u64]);
            }
        }
    }
}

#[test]
fn the_head_of_a_repeat_is_its_last_occurrence() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = vec![
        vec![("chow", false), ("chow", true)],
        vec![("chow", true), ("chow", false)],
        vec![("chow", true), ("chow", true)],
    ];
    let index = index_of(folder.path(), &[&rows]);
    let ids = |pos| {
        let options = Options {
            pos: Some(pos),
            ..Options::default()
        };
        let asked = [Expression::Phrase("chow chow".to_owned())];
        let query = Query::new(&index, &asked, options).unwrap();
        query.ids(None, None).unwrap()
    };
    assert_eq!(ids(Pos::Head), [0, 2]);
    assert_eq!(ids(Pos::Noun), [2]);
    assert_eq!(ids(Pos::Any), [0, 1, 2]);
}
