//! The checks of the fuzz targets, on what fuzzing found and on random changes of sound input.
//!
//! `make fuzz` searches for longer and by coverage; this runs everywhere, on a stable toolchain.

#![allow(clippy::unwrap_used, reason = "helpers of tests too")]

#[path = "../../fuzz/src/lib.rs"]
mod checks;

use checks::CHECKS;
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

fn regressions(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/regressions")
        .join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| (path.clone(), fs::read(&path).unwrap());
    paths.into_iter().map(read).collect()
}

#[test]
fn what_fuzzing_found_stays_fixed() {
    for (target, check) in CHECKS {
        let inputs = regressions(target);
        assert!(!inputs.is_empty(), "no regressions of {target}");
        for (path, input) in inputs {
            let checked = std::panic::catch_unwind(|| check(&input));
            assert!(checked.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn a_sound_segment_is_laid_out_from_its_sections() {
    let folder = tempfile::tempdir().unwrap();
    let _ = checks::small_index::build(folder.path());
    for name in ["segment-0.wag", "segment-1.wag"] {
        let file = fs::read(folder.path().join(name)).unwrap();
        let input = checks::segment::input_of(&file).unwrap();
        assert!(checks::segment::laid_out(&input) == file, "{name}");
    }
}

/// One of the regressions of a target, with some of its bytes overwritten and its end cut off.
fn changed(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let inputs: Vec<_> = regressions(target)
        .into_iter()
        .map(|(_, input)| input)
        .collect();
    let bytes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (prop::sample::select(inputs), bytes, 0..4usize).prop_map(|(mut input, bytes, cut)| {
        for (at, byte) in bytes {
            if !input.is_empty() {
                let at = at.index(input.len());
                input[at] = byte;
            }
        }
        input.truncate(input.len().saturating_sub(cut * cut * cut));
        input
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_segment_is_refused_or_reads(input in changed("segment")) {
        checks::segment::check(&input);
    }

    #[test]
    fn any_text_is_covered_by_its_tokens(input in changed("text"), other: Vec<u8>) {
        checks::text::check(&input);
        checks::text::check(&other);
    }

    #[test]
    fn any_question_has_its_naive_answer(input in changed("query"), other: Vec<u8>) {
        checks::query::check(&input);
        checks::query::check(&other);
    }

    #[test]
    fn a_changed_manifest_is_refused(input in changed("manifest"), other: Vec<u8>) {
        checks::manifest::check(&input);
        checks::manifest::check(&other);
    }
}
