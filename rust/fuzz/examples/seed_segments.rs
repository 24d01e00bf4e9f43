//! Writes the sound segments that `regressions/segment` starts from, as inputs of its check.
//!
//!     cargo run --example seed_segments regressions/segment

use std::path::Path;
use wagidx_fuzz::segment::input_of;
use wagidx_segment::{SegmentWriter, TermLists};

/// Rows whose number leaves `rest` when divided by `by`.
fn every(by: u32, rest: u32, rows: u32) -> Vec<u32> {
    (0..rows).filter(|row| row % by == rest).collect()
}

/// A segment of `terms` terms over `rows` rows: lists of one row, packed lists and bitmaps.
fn write(path: &Path, rows: u32, terms: u32, readings: bool) {
    let mut writer = SegmentWriter::create(path, rows, readings).unwrap();
    for term in 0..terms {
        let other = every(term * term + 1, term, rows);
        let noun = if readings {
            every(term + 2, 1, rows)
        } else {
            Vec::new()
        };
        let lists = TermLists {
            noun: &noun,
            other: &other,
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
        ("one-term", 3, 1, false),
        ("many-terms", 40, 70, true),
        ("bitmaps", 200, 8, true),
        ("packed", 3_000, 5, false),
        ("empty", 5, 0, false),
    ];
    let scratch = tempfile::tempdir().unwrap();
    for (name, rows, terms, readings) in shapes {
        let path = scratch.path().join(name);
        write(&path, rows, terms, readings);
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
