//! One naive model beside write, read, merge and check.

use super::*;
use crate::positions::push_row;
use crate::verify;
use crate::writer::ListRows;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a list, and where in each of them the term stands; nowhere in a segment without positions.
type List = BTreeMap<u32, BTreeSet<u32>>;
type Lists = (List, List);

/// The naive twin of a segment.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    positions: bool,
    rows: u32,
    terms: BTreeMap<Vec<u8>, Lists>,
    absent: BTreeSet<u32>,
}

fn models() -> impl Strategy<Value = Model> {
    any::<bool>().prop_flat_map(models_with)
}

fn models_with(positions: bool) -> impl Strategy<Value = Model> {
    let term = "[a-c]{1,9}".prop_map(String::into_bytes);
    (1u32..400).prop_flat_map(move |rows| {
        let places = if positions { 1..4 } else { 0..1 };
        let list = || btree_map(0..rows, btree_set(0u32..90, places.clone()), 0..300);
        let terms = btree_map(term.clone(), (list(), list()), 0..150);
        (Just(rows), terms, btree_set(0..rows, 0..5)).prop_map(move |(rows, mut terms, absent)| {
            terms.retain(|_, (noun, other)| !noun.is_empty() || !other.is_empty());
            Model {
                positions,
                rows,
                terms,
                absent,
            }
        })
    })
}

/// What a list is written from: its rows and the stream of their positions.
fn written(list: &List, positions: bool) -> (Vec<u32>, Vec<u8>) {
    let mut stream = Vec::new();
    if positions {
        list.values()
            .for_each(|row| push_row(row.iter().copied(), &mut stream));
    }
    (list.keys().copied().collect(), stream)
}

fn rows_of(set: &BTreeSet<u32>) -> Vec<u32> {
    set.iter().copied().collect()
}

fn write(model: &Model, path: &Path) -> Segment {
    let features = Features {
        readings: true,
        positions: model.positions,
    };
    let mut writer = SegmentWriter::create(path, model.rows, features).unwrap();
    for (term, (noun, other)) in &model.terms {
        let lists = [noun, other].map(|list| written(list, model.positions));
        let [noun, other] = lists
            .each_ref()
            .map(|(rows, positions)| ListRows { rows, positions });
        writer.add(term, TermLists { noun, other }).unwrap();
    }
    writer.finish(&rows_of(&model.absent), false).unwrap();
    Segment::open(path, true).unwrap()
}

fn read(segment: &Segment) -> Model {
    let list = |entry: crate::ListRef| {
        let mut out = Vec::new();
        segment.postings(&entry).unwrap().decode(&mut out).unwrap();
        let mut reader = segment.positions(&entry).unwrap().reader();
        let row = |row: u32| {
            let mut positions = Vec::new();
            reader.read(row, &mut positions).unwrap();
            (row, positions.into_iter().collect())
        };
        out.into_iter().map(row).collect::<List>()
    };
    let mut terms = BTreeMap::new();
    let mut walk = segment.dictionary().unwrap().terms_from(b"");
    while let Some((term, entry)) = walk.next().unwrap() {
        let lists = (list(entry.noun), list(entry.other));
        assert_eq!(entry.any as usize, rows_of_either(&lists));
        terms.insert(term.to_vec(), lists);
    }
    let mut absent = Vec::new();
    segment.absent().unwrap().decode(&mut absent).unwrap();
    Model {
        positions: segment.footer().features.positions,
        rows: segment.rows(),
        terms,
        absent: absent.into_iter().collect(),
    }
}

fn rows_of_either((noun, other): &Lists) -> usize {
    noun.keys()
        .chain(other.keys())
        .collect::<BTreeSet<_>>()
        .len()
}

fn concatenated(models: &[Model]) -> Model {
    let mut all = Model {
        positions: models[0].positions,
        rows: 0,
        terms: BTreeMap::new(),
        absent: BTreeSet::new(),
    };
    for model in models {
        let base = all.rows;
        let moved = |list: &List| {
            list.clone()
                .into_iter()
                .map(move |(row, at)| (row + base, at))
        };
        for (term, (noun, other)) in &model.terms {
            let lists = all.terms.entry(term.clone()).or_default();
            lists.0.extend(moved(noun));
            lists.1.extend(moved(other));
        }
        all.absent.extend(model.absent.iter().map(|row| row + base));
        all.rows += model.rows;
    }
    all
}

fn merged(segments: &[Segment], threads: usize, path: &Path) -> Segment {
    let input = MergeInput {
        segments,
        positions: segments.iter().any(|s| s.footer().features.positions),
        threads,
        memory: 1 << 26,
        cancel: &AtomicBool::new(false),
    };
    merge(input, path).unwrap();
    Segment::open(path, true).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn reading_gives_back_what_was_written(model in models()) {
        let folder = tempfile::tempdir().unwrap();
        let segment = write(&model, &folder.path().join("s"));
        prop_assert_eq!(read(&segment), model.clone());
        verify::checksums(&segment, 2).unwrap();
        let report = verify::deep(&segment).unwrap();
        prop_assert_eq!(report.terms, model.terms.len() as u64);
    }

    #[test]
    fn every_term_and_no_other_is_found(model in models(), asked in vec("[a-c]{0,10}", 50)) {
        let folder = tempfile::tempdir().unwrap();
        let segment = write(&model, &folder.path().join("s"));
        let known = model.terms.keys().cloned();
        for term in asked.into_iter().map(String::into_bytes).chain(known) {
            let lists = model.terms.get(&term);
            let expected = lists.map(|(noun, other)| (noun.len() as u32, other.len() as u32));
            let found = segment.get(&term).unwrap();
            prop_assert_eq!(found.map(|e| (e.noun.frequency, e.other.frequency)), expected);
        }
    }

    #[test]
    fn a_merge_is_the_concatenation_whatever_the_cut_and_the_threads(
        parts in any::<bool>().prop_flat_map(|positions| vec(models_with(positions), 1..5)),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let segments: Vec<Segment> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| write(part, &at(&format!("part-{i}"))))
            .collect();
        let whole = write(&concatenated(&parts), &at("whole"));
        let one = merged(&segments, 1, &at("one"));
        let three = merged(&segments, 3, &at("three"));
        let bytes = |segment: &Segment| std::fs::read(segment.path()).unwrap();
        prop_assert_eq!(bytes(&one), bytes(&whole));
        prop_assert_eq!(bytes(&three), bytes(&whole));
    }

    #[test]
    fn a_damaged_segment_is_told_or_answers(model in models(), at: usize, bit in 0u8..8) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        drop(write(&model, &path));
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        std::fs::write(&path, &bytes).unwrap();
        let Ok(segment) = Segment::open(&path, false) else { return Ok(()) };
        prop_assert!(verify::checksums(&segment, 1).is_err());
        for term in model.terms.keys() {
            let Ok(Some(entry)) = segment.get(term) else { continue };
            for list in [entry.noun, entry.other] {
                if let Ok(list) = segment.postings(&list) {
                    let _ = list.decode(&mut Vec::new());
                }
                if let Ok(positions) = segment.positions(&list) {
                    let mut reader = positions.reader();
                    let reads = |row: &u32| reader.read(*row, &mut Vec::new()).is_ok();
                    let _ = (0..model.rows).collect::<Vec<_>>().iter().all(reads);
                }
            }
        }
        let _ = verify::deep(&segment);
        let cancel = AtomicBool::new(false);
        let input = MergeInput {
            positions: segment.footer().features.positions,
            segments: &[segment],
            threads: 1,
            memory: 1 << 26,
            cancel: &cancel,
        };
        let _ = merge(input, &folder.path().join("merged"));
    }
}

#[test]
fn many_ranges_give_the_bytes_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let segments: Vec<Segment> = (0..3u32)
        .map(|part| {
            let path = at(&format!("part-{part}"));
            let mut writer = SegmentWriter::create(&path, 1 << 20, Features::default()).unwrap();
            for term in 0..30_000u32 {
                let step = 1_000 + (term * 7 + part) % 997;
                let other: Vec<u32> = (0..1u32 << 20).step_by(step as usize).collect();
                let key = format!("term-{term:07}");
                writer
                    .add(
                        key.as_bytes(),
                        TermLists {
                            other: other.as_slice().into(),
                            ..TermLists::default()
                        },
                    )
                    .unwrap();
            }
            writer.finish(&[], false).unwrap();
            Segment::open(&path, true).unwrap()
        })
        .collect();
    let sources: Vec<_> = segments
        .iter()
        .map(MergeSource::open)
        .collect::<Result<_>>()
        .unwrap();
    assert!(range_bounds(&sources, 16 << 20).unwrap().len() >= 2);
    let one = merged(&segments, 1, &at("one"));
    let two = merged(&segments, 2, &at("two"));
    assert_eq!(
        std::fs::read(one.path()).unwrap(),
        std::fs::read(two.path()).unwrap()
    );
    verify::deep(&two).unwrap();
}

#[test]
fn a_cancelled_merge_stops() {
    let folder = tempfile::tempdir().unwrap();
    let model = Model {
        positions: false,
        rows: 3,
        terms: BTreeMap::from([(
            b"a".to_vec(),
            (List::from([(1, BTreeSet::new())]), List::new()),
        )]),
        absent: BTreeSet::new(),
    };
    let segments = [write(&model, &folder.path().join("s"))];
    let cancel = AtomicBool::new(true);
    let input = MergeInput {
        segments: &segments,
        positions: false,
        threads: 2,
        memory: 1 << 26,
        cancel: &cancel,
    };
    let result = merge(input, &folder.path().join("merged"));
    assert!(matches!(result, Err(Error::Cancelled)));
}

#[test]
fn segments_with_and_without_positions_do_not_merge() {
    let folder = tempfile::tempdir().unwrap();
    let segments: Vec<Segment> = [true, false]
        .map(|positions| {
            let model = Model {
                positions,
                rows: 1,
                terms: BTreeMap::new(),
                absent: BTreeSet::new(),
            };
            write(&model, &folder.path().join(format!("{positions}")))
        })
        .into();
    for positions in [true, false] {
        let input = MergeInput {
            segments: &segments,
            positions,
            threads: 1,
            memory: 1 << 26,
            cancel: &AtomicBool::new(false),
        };
        let failure = merge(input, &folder.path().join("merged")).unwrap_err();
        assert!(failure.to_string().contains("positions"), "{failure}");
    }
}

#[test]
fn positions_are_those_of_all_rows() {
    let folder = tempfile::tempdir().unwrap();
    let features = Features {
        positions: true,
        ..Features::default()
    };
    for (name, stream) in [("few", &[2u8][..]), ("many", &[2, 2, 2]), ("none", &[])] {
        let path = folder.path().join(name);
        let mut writer = SegmentWriter::create(&path, 9, features).unwrap();
        let other = ListRows {
            rows: &[3, 5],
            positions: stream,
        };
        let lists = TermLists {
            other,
            ..TermLists::default()
        };
        assert!(writer.add(b"a", lists).is_err(), "{name}");
    }
}
