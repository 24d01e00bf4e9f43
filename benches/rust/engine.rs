//! Captions into runs, with words met before and with new ones; counts of one and two words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark fails by panicking"
)]

#[path = "../../rust/fuzz/src/small_index.rs"]
#[allow(dead_code, reason = "the fuzz targets use more of it")]
mod small_index;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use small_index::WORDS;
use std::path::Path;
use wagidx_engine::Index;
use wagidx_engine::build::{Row, RunOptions, UnitBuilder};
use wagidx_engine::query::{Expression, Options, Query};
use wagidx_text::{Analyzer, Tier};

const CAPTIONS: &str = include_str!("../../python/wagidx/data/demo_captions.tsv");
const ROUNDS: usize = 8;
const INDEXED: usize = 1 << 18;

fn push(builder: &mut UnitBuilder, captions: &[String]) {
    for caption in captions {
        builder.push(Row::Caption(caption.as_bytes())).unwrap();
    }
}

/// The captions over and over: nearly every chunk is in the cache. Then with each word made new.
fn unit(folder: &Path) -> UnitBuilder {
    let options = RunOptions {
        analyzer: Analyzer::new(Tier::Lemma),
        tagger: None,
        positions: false,
        memory: 1 << 28,
    };
    UnitBuilder::new(folder, "bench", options)
}

fn rows(c: &mut Criterion) {
    let lines = || {
        CAPTIONS
            .lines()
            .skip(1)
            .filter_map(|row| row.split('\t').nth(1))
    };
    let met: Vec<String> = (0..ROUNDS)
        .flat_map(|_| lines().map(str::to_owned))
        .collect();
    let new: Vec<String> = (0..ROUNDS)
        .flat_map(|round| {
            let renamed = move |(i, line): (usize, &str)| {
                let words = line.split(' ').map(|word| format!("{word}x{i}x{round}"));
                words.collect::<Vec<_>>().join(" ")
            };
            lines().enumerate().map(renamed)
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mut group = c.benchmark_group("build");
    group.sample_size(20);
    group.throughput(Throughput::Elements(met.len() as u64));
    for (name, captions) in [("words met before", &met), ("new words", &new)] {
        group.bench_function(name, |b| {
            b.iter_batched_ref(
                || unit(folder.path()),
                |builder| push(builder, captions),
                BatchSize::LargeInput,
            );
        });
        group.bench_function(format!("{name}, run written"), |b| {
            b.iter_batched(
                || unit(folder.path()),
                |mut builder| {
                    push(&mut builder, captions);
                    builder.finish().unwrap()
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn questions(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let captions = (0..INDEXED).map(|row: usize| {
        let word = |i: usize| (row * 31 + i * 17).is_multiple_of(i * i * i + 2);
        let held = (0..WORDS.len()).filter(|&i| word(i)).map(|i| WORDS[i]);
        Some(held.collect::<Vec<_>>().join(" "))
    });
    small_index::publish(folder.path(), &[captions.collect()], false);
    let index = Index::open(folder.path(), true).unwrap();
    let mut group = c.benchmark_group("question");
    for (name, concept) in [
        ("one word", "red"),
        ("two bitmaps", "the a"),
        ("a bitmap and a packed list", "the snow"),
        ("two packed lists", "rose snow"),
        ("a word that is not there", "quinoa"),
    ] {
        let asked = [Expression::from(concept)];
        group.bench_function(name, |b| {
            b.iter(|| {
                let query = Query::new(&index, &asked, Options::default()).unwrap();
                query.counts(None, 1).unwrap()[0]
            });
        });
    }
    group.finish();
}

criterion_group!(benches, rows, questions);
criterion_main!(benches);
