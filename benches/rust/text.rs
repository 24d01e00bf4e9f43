//! Captions to tokens and keys, on the demo captions.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use wagidx_text::tokenizer::{self, tokenize};
use wagidx_text::{Analyzer, Scratch, Tier, chunks};

const CAPTIONS: &str = include_str!("../../python/wagidx/data/demo_captions.tsv");

fn captions() -> Vec<&'static str> {
    let rows = CAPTIONS.lines().skip(1);
    rows.filter_map(|row| row.split('\t').nth(1)).collect()
}

fn tokens(c: &mut Criterion) {
    let captions = captions();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Elements(captions.len() as u64));
    let (mut scratch, mut out) = (tokenizer::Scratch::default(), Vec::new());
    group.bench_function("tokenise", |b| {
        b.iter(|| {
            for caption in &captions {
                out.clear();
                tokenize(caption, &mut scratch, &mut out);
                black_box(&out);
            }
        });
    });
    group.bench_function("cut into chunks", |b| {
        b.iter(|| {
            captions
                .iter()
                .map(|caption| chunks(caption).count())
                .sum::<usize>()
        });
    });
    group.finish();
}

fn keys(c: &mut Criterion) {
    let captions = captions();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Elements(captions.len() as u64));
    for tier in [Tier::Surface, Tier::Lemma] {
        let analyzer = Analyzer::new(tier);
        let mut scratch = Scratch::default();
        group.bench_function(format!("analyse, {tier}"), |b| {
            b.iter(|| {
                for caption in &captions {
                    analyzer.text(caption, &mut scratch, |token| {
                        black_box(token.key);
                    });
                }
            });
        });
    }
    group.finish();
}

/// The price of a chunk that no cache holds: every distinct one of the captions once.
fn misses(c: &mut Criterion) {
    let mut distinct: Vec<&str> = Vec::new();
    for caption in captions() {
        distinct.extend(chunks(caption).map(|chunk| &caption[chunk]));
    }
    distinct.sort_unstable();
    distinct.dedup();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Elements(distinct.len() as u64));
    let analyzer = Analyzer::new(Tier::Lemma);
    group.bench_function("analyse a distinct chunk", |b| {
        b.iter_batched_ref(
            Scratch::default,
            |scratch| {
                for chunk in &distinct {
                    analyzer.chunk(chunk, scratch, |token| {
                        black_box(token.key);
                    });
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, tokens, keys, misses);
criterion_main!(benches);
