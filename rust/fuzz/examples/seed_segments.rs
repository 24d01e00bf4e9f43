//! Writes the sound segments that `regressions/segment` starts from, as inputs of its check.
//!
//!     cargo run --example seed_segments regressions/segment

use std::path::Path;
use wagidx_fuzz::segment::input_of;
use wagidx_segment::positions::push_row;
use wagidx_segment::{Features, ListRows, SegmentWriter, TermLists};

/// Rows whose number leaves `rest` when divided by `by`.
fn every(by: u32, rest: u32, rows: u32) -> Vec<u32> {
    (0..rows).filter(|row| row % by == rest).collect()
}

/// Positions in each of these rows.
fn positions_in(rows: &[u32], first: u32) -> Vec<u8> {
    let mut stream = Vec::new();
    for row in rows {
        push_row(
            [first, first + 1 + row % 80]
                .into_iter()
                .take(1 + (row % 3 / 2) as usize),
            &mut stream,
        );
    }
    stream
}

/// A segment of `terms` terms over `rows` rows: lists of one row, packed lists and bitmaps.
fn write(path: &Path, rows: u32, terms: u32, features: Features) {
    let mut writer = SegmentWriter::create(path, rows, features).unwrap();
    for term in 0..terms {
        let other = every(term * term + 1, term, rows);
        let noun = if features.readings {
            every(term + 2, 1, rows)
        } else {
            Vec::new()
        };
        let positions = [&noun, &other].map(|rows| {
            let kept = if features.positions {
                rows.as_slice()
            } else {
                &[]
            };
            positions_in(kept, term)
        });
        let lists = TermLists {
            noun: ListRows {
                rows: &noun,
                positions: &positions[0],
            },
            other: ListRows {
                rows: &other,
                positions: &positions[1],
            },
        };
        if !noun.is_empty() || !other.is_empty() {
            writer
                .add(format!("term{term:04}").as_bytes(), lists)
                .unwrap();
        }
    }
    writer.finish(&every(7, 3, rows), false).unwrap();
}

fn main() {
    let folder = std::env::args()
        .nth(1)
        .expect("usage: seed_segments FOLDER");
    let shapes = [
        ("one-term", 3, 1, 0),
        ("many-terms", 40, 70, 1),
        ("bitmaps", 200, 8, 1),
        ("packed", 3_000, 5, 0),
        ("empty", 5, 0, 0),
        ("positions", 60, 70, 3),
        ("positions-with-skips", 1_400, 4, 2),
    ];
    let scratch = tempfile::tempdir().unwrap();
    for (name, rows, terms, kept) in shapes {
        let path = scratch.path().join(name);
        let features = Features {
            readings: kept & 1 != 0,
            positions: kept & 2 != 0,
        };
        write(&path, rows, terms, features);
        let file = std::fs::read(&path).unwrap();
        let input = [&[1], &input_of(&file).expect("a small segment")[..]].concat();
        std::fs::write(Path::new(&folder).join(name), &input).unwrap();
        println!(
            "{name}: {} bytes as a file, {} as an input",
            file.len(),
            input.len()
        );
    }
    let path = scratch.path().join("one-term");
    let file = [&[0], &std::fs::read(path).unwrap()[..]].concat();
    std::fs::write(Path::new(&folder).join("file"), file).unwrap();
}
