//! Lists to bytes and back, terms to entries, and many segments to one.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use wagidx_segment::postings::encode;
use wagidx_segment::postings::sieve::Sieve;
use wagidx_segment::{Features, MergeInput, PostingList, Segment, SegmentWriter, TermLists, merge};

const ROWS: u32 = 1 << 20;
const TERMS: u32 = 20_000;

/// About one row in `one_in`, at gaps that vary.
fn list(one_in: u32, seed: u32) -> Vec<u32> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut row = 0u32;
    let mut rows = Vec::new();
    loop {
        // Marsaglia's xorshift: a benchmark needs no better randomness.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        row += 1 + state % (2 * one_in - 1);
        if row >= ROWS {
            return rows;
        }
        rows.push(row);
    }
}

fn lists(c: &mut Criterion) {
    for (name, one_in) in [
        ("packed, 1 in 1,000", 1_000),
        ("packed, 1 in 20", 20),
        ("bitmap", 4),
    ] {
        let rows = list(one_in, 7);
        let mut group = c.benchmark_group(format!("list, {name}"));
        group.throughput(Throughput::Elements(rows.len() as u64));
        let mut bytes = Vec::new();
        group.bench_function("encode", |b| {
            b.iter(|| {
                bytes.clear();
                encode(&rows, ROWS, &mut bytes);
            });
        });
        let encoded = PostingList::new(&bytes, rows.len() as u32, ROWS).unwrap();
        let mut out = Vec::new();
        group.bench_function("decode", |b| {
            b.iter(|| {
                out.clear();
                encoded.decode(&mut out).unwrap();
            });
        });
        let asked = list(5_000, 9);
        group.throughput(Throughput::Elements(asked.len() as u64));
        group.bench_function("sift", |b| {
            b.iter(|| {
                let mut sieve = Sieve::new(&[[PostingList::Empty, encoded]]);
                sieve.count(&asked).unwrap()
            });
        });
        group.finish();
    }
}

fn term(number: u32) -> String {
    format!("{:05x}term", number * 7_919 % (TERMS * 8))
}

/// A segment whose terms are ever rarer; `seed` varies the rows.
fn segment(path: &Path, seed: u32) -> Segment {
    let mut writer = SegmentWriter::create(path, ROWS, Features::default()).unwrap();
    let mut terms: Vec<String> = (0..TERMS).map(term).collect();
    terms.sort_unstable();
    terms.dedup();
    for (i, term) in (0..).zip(&terms) {
        let other = list(50 + i * 50, seed + i);
        if !other.is_empty() {
            writer
                .add(
                    term.as_bytes(),
                    TermLists {
                        other: other.as_slice().into(),
                        ..TermLists::default()
                    },
                )
                .unwrap();
        }
    }
    writer.finish(&[], false).unwrap();
    Segment::open(path, true).unwrap()
}

fn dictionary(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let segment = segment(&folder.path().join("a.wag"), 1);
    let asked: Vec<String> = (0..10_000).map(|i| term(i * 31 % (TERMS * 2))).collect();
    let mut group = c.benchmark_group("dictionary");
    group.throughput(Throughput::Elements(asked.len() as u64));
    group.bench_function("look-up, half of them there", |b| {
        b.iter(|| {
            let found = asked
                .iter()
                .filter(|term| segment.get(term.as_bytes()).unwrap().is_some());
            found.count()
        });
    });
    group.throughput(Throughput::Elements(segment.footer().terms));
    group.bench_function("all terms in order", |b| {
        b.iter(|| {
            let mut terms = segment.dictionary().unwrap().terms_from(b"");
            while let Some((term, entry)) = terms.next().unwrap() {
                black_box((term, entry));
            }
        });
    });
    group.finish();
}

fn merges(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let segments: Vec<Segment> = (0..4)
        .map(|i| segment(&path(&format!("{i}.wag")), i))
        .collect();
    let mut group = c.benchmark_group("merge");
    group.sample_size(10);
    let postings = segments
        .iter()
        .map(|segment| segment.footer().postings)
        .sum();
    group.throughput(Throughput::Elements(postings));
    group.bench_function("four segments", |b| {
        b.iter_batched(
            || {
                // What the pass before wrote; the first finds nothing.
                let _ = std::fs::remove_file(path("out.wag"));
            },
            |()| {
                let cancel = AtomicBool::new(false);
                let input = MergeInput {
                    segments: &segments,
                    positions: false,
                    threads: 1,
                    memory: 1 << 26,
                    cancel: &cancel,
                };
                merge(input, &path("out.wag")).unwrap()
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, lists, dictionary, merges);
criterion_main!(benches);
