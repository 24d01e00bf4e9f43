//! Questions of any shape over a small index, beside the naive answers.

use super::bytes::Bytes;
use super::small_index::{Keys, WORDS, keys_of, open};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use wagidx_engine::query::{
    ConceptCount, DocSet, Expression, Missing, Options, Query, explain, nearest,
};
use wagidx_engine::{Error, Index};

/// The index, and for each key the rows that hold it.
struct Asked {
    index: Index,
    rows: Vec<Keys>,
    postings: BTreeMap<String, BTreeSet<u64>>,
}

fn asked() -> &'static Asked {
    static ASKED: OnceLock<Asked> = OnceLock::new();
    ASKED.get_or_init(|| {
        let (index, rows) = open();
        let mut postings: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for (row, keys) in rows.iter().enumerate() {
            for key in keys.iter().flatten() {
                postings.entry(key.clone()).or_default().insert(row as u64);
            }
        }
        Asked {
            index,
            rows,
            postings,
        }
    })
}

/// Read `data` as options, a set of ids and some expressions, and ask them in every way.
///
/// # Panics
/// Where an answer is not the naive one.
pub fn check(data: &[u8]) {
    let mut data = Bytes(data);
    let flags = data.byte();
    let options = Options {
        missing: if flags & 1 == 0 {
            Missing::Zero
        } else {
            Missing::Ignore
        },
        ..Options::default()
    };
    let docs_len = usize::from(data.byte());
    let docs = docs_of(flags & 2 != 0, data.take(docs_len));
    let mut expressions = Vec::new();
    while !data.0.is_empty() && expressions.len() < 8 {
        expressions.push(expression(&mut data, 4));
    }
    let Asked { index, .. } = asked();
    let truths: Vec<_> = expressions
        .iter()
        .map(|e| naive(e, options.missing))
        .collect();
    let batch = Query::new(index, &expressions, options);
    if options.missing == Missing::Ignore && expressions.iter().any(asks_phrase) {
        assert!(
            matches!(batch, Err(Error::Argument(_))),
            "a phrase needs all words"
        );
        return;
    }
    if truths.iter().any(Option::is_none) {
        assert!(
            matches!(batch, Err(Error::Concept(_))),
            "a concept without a term is named"
        );
        return;
    }
    let truths: Vec<_> = truths.into_iter().flatten().collect();
    check_counts(&batch.expect("planned"), docs.as_ref(), &truths);
    for (expression, truth) in expressions.iter().zip(&truths) {
        check_single(expression, options, docs.as_ref(), truth);
    }
}

/// Ids to count within: none, some, or any Roaring bytes at all.
fn docs_of(given: bool, bytes: &[u8]) -> Option<(DocSet, BTreeSet<u64>)> {
    let Asked { index, rows, .. } = asked();
    // Whatever these bytes are, reading them ends.
    let _ = DocSet::from_roaring(bytes, index);
    let ids: BTreeSet<u64> = bytes
        .chunks(2)
        .map(|pair| {
            (u64::from(pair[0]) * 256 + pair.get(1).map_or(0, |&low| low.into()))
                % rows.len() as u64
        })
        .collect();
    given.then(|| {
        (
            DocSet::from_ids(ids.iter().copied(), index).expect("ids of the index"),
            ids,
        )
    })
}

fn expression(data: &mut Bytes<'_>, depth: usize) -> Expression {
    let kind = data.byte();
    let operands = |data: &mut Bytes<'_>| {
        (0..=kind / 64)
            .map(|_| expression(data, depth - 1))
            .collect()
    };
    match kind % 8 {
        0 if depth > 0 => Expression::AllOf(operands(data)),
        1 if depth > 0 => Expression::AnyOf(operands(data)),
        2 if depth > 0 => Expression::NoneOf(operands(data)),
        4 => {
            let words = (0..=kind / 86).map(|_| WORDS[usize::from(data.byte()) % WORDS.len()]);
            Expression::Phrase(words.collect::<Vec<_>>().join(" "))
        }
        3 => {
            let len = usize::from(data.byte() % 32);
            Expression::Concept(String::from_utf8_lossy(data.take(len)).into_owned())
        }
        _ => {
            let words = (0..=kind / 86).map(|_| WORDS[usize::from(data.byte()) % WORDS.len()]);
            Expression::Concept(words.collect::<Vec<_>>().join(" "))
        }
    }
}

/// The rows of an expression by sets; none where a concept has no term.
fn naive(expression: &Expression, missing: Missing) -> Option<BTreeSet<u64>> {
    let all = |of: &[Expression]| -> Option<Vec<BTreeSet<u64>>> {
        let found: Vec<_> = of.iter().map(|operand| naive(operand, missing)).collect();
        found.into_iter().collect()
    };
    let union = |of: Vec<BTreeSet<u64>>| of.into_iter().flatten().collect::<BTreeSet<u64>>();
    Some(match expression {
        Expression::Concept(concept) => return naive_concept(concept, missing),
        Expression::Phrase(text) => return naive_phrase(text),
        Expression::AllOf(of) => all(of)?.into_iter().reduce(|a, b| &a & &b)?,
        Expression::AnyOf(of) => union(all(of)?),
        Expression::NoneOf(of) => {
            let taken = union(all(of)?);
            let with_text = asked()
                .rows
                .iter()
                .enumerate()
                .filter(|(_, keys)| keys.is_some());
            with_text
                .map(|(row, _)| row as u64)
                .filter(|row| !taken.contains(row))
                .collect()
        }
    })
}

fn naive_concept(concept: &str, missing: Missing) -> Option<BTreeSet<u64>> {
    let Asked {
        index, postings, ..
    } = asked();
    let keys: BTreeSet<_> = keys_of(*index.analyzer(), &concept.replace('_', " "))
        .into_iter()
        .collect();
    if keys.is_empty() {
        return None;
    }
    let lists: Vec<_> = keys.iter().map(|key| postings.get(key)).collect();
    if missing == Missing::Zero && lists.iter().any(Option::is_none) {
        return Some(BTreeSet::new());
    }
    let known = lists.into_iter().flatten().cloned();
    Some(known.reduce(|a, b| &a & &b).unwrap_or_default())
}

/// The rows in which the keys of a text stand side by side.
fn naive_phrase(text: &str) -> Option<BTreeSet<u64>> {
    let Asked { index, rows, .. } = asked();
    let wanted = keys_of(*index.analyzer(), &text.replace('_', " "));
    let first = wanted.first()?;
    let holds = |keys: &Vec<String>| {
        let starts = keys.iter().zip(0..).filter(|(key, _)| *key == first);
        starts
            .into_iter()
            .any(|(_, start)| keys[start..].starts_with(&wanted))
    };
    let held = rows
        .iter()
        .zip(0..)
        .filter(|(keys, _)| keys.as_ref().is_some_and(holds));
    Some(held.map(|(_, row)| row).collect())
}

/// Whether any part is a phrase, which does not go with missing terms ignored.
fn asks_phrase(expression: &Expression) -> bool {
    match expression {
        Expression::Concept(_) => false,
        Expression::Phrase(_) => true,
        Expression::AllOf(of) | Expression::AnyOf(of) | Expression::NoneOf(of) => {
            of.iter().any(asks_phrase)
        }
    }
}

fn within(truth: &BTreeSet<u64>, docs: Option<&(DocSet, BTreeSet<u64>)>) -> Vec<u64> {
    let kept = |id: &&u64| docs.is_none_or(|(_, ids)| ids.contains(id));
    truth.iter().filter(kept).copied().collect()
}

fn check_counts(
    query: &Query<&Index>,
    docs: Option<&(DocSet, BTreeSet<u64>)>,
    truths: &[BTreeSet<u64>],
) {
    let right: Vec<u64> = truths
        .iter()
        .map(|truth| within(truth, docs).len() as u64)
        .collect();
    for threads in [1, 3] {
        let counts = query
            .counts(docs.map(|(docs, _)| docs), threads)
            .expect("counted");
        assert_eq!(counts, right, "{threads} threads");
    }
}

fn check_single(
    expression: &Expression,
    options: Options,
    docs: Option<&(DocSet, BTreeSet<u64>)>,
    truth: &BTreeSet<u64>,
) {
    let index = &asked().index;
    let query = Query::new(index, std::slice::from_ref(expression), options).expect("planned");
    check_counts(&query, docs, std::slice::from_ref(truth));
    let right = within(truth, docs);
    for limit in [None, Some(0), Some(5)] {
        let ids = query.ids(docs.map(|(docs, _)| docs), limit).expect("found");
        assert_eq!(ids, right[..right.len().min(limit.unwrap_or(usize::MAX))]);
    }
    if let Expression::Phrase(text) = expression {
        let explained = explain(index, text, true, options).expect("explained");
        assert_eq!(explained.count, truth.len() as u64);
    }
    if let Expression::Concept(concept) = expression {
        if let Some(short) = ConceptCount::new(index, concept, options).expect("looked up") {
            assert_eq!(short.count().expect("counted"), truth.len() as u64);
        }
        let explained = explain(index, concept, false, options).expect("explained");
        assert_eq!(explained.count, truth.len() as u64);
        assert!(nearest(index, concept, 3).expect("named").len() <= 3);
    }
}
