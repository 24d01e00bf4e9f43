//! A manifest with anything changed in it.
//!
//! An input is a list of changes to the manifest of a small index: where, how many bytes to drop,
//! what to put there. The result is read as it is, and, where it still is a manifest, once more with
//! its checksum made right: what a file made by somebody else, on purpose, would be.

use super::bytes::Bytes;
use super::small_index::build;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;
use wagidx_engine::manifest::FILE_NAME;
use wagidx_engine::query::{Expression, Options, Query};
use wagidx_engine::{Index, Manifest};

/// The small index in a folder, and the text of its manifest.
fn pristine() -> &'static (TempDir, String) {
    static PRISTINE: OnceLock<(TempDir, String)> = OnceLock::new();
    PRISTINE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let _ = build(folder.path());
        let text = std::fs::read_to_string(folder.path().join(FILE_NAME)).expect("a manifest");
        (folder, text)
    })
}

/// Change the manifest by `data` and open what comes of it.
///
/// # Panics
/// Where a changed manifest is taken for the one that was written.
pub fn check(data: &[u8]) {
    let (whole, text) = pristine();
    let changed = apply(text.as_bytes(), data);
    let folder = copy_of(whole.path());
    std::fs::write(folder.path().join(FILE_NAME), &changed).expect("a temporary file");
    if let Ok(manifest) = Manifest::read(folder.path()) {
        assert_eq!(
            manifest.to_text().as_bytes(),
            changed,
            "no byte changes unnoticed"
        );
    }
    if changed != text.as_bytes() {
        assert!(
            Index::open(folder.path(), false).is_err(),
            "a changed manifest is refused"
        );
    }
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(&changed) {
        manifest.publish(folder.path()).expect("published");
        ask(folder.path());
    }
}

/// Ask an index whose manifest says something else than its files do.
fn ask(folder: &Path) {
    let Ok(index) = Index::open(folder, false) else {
        return;
    };
    let _ = index.verify(true, 2);
    let asked = [
        Expression::from("red dog"),
        Expression::NoneOf(vec!["dog".into()]),
    ];
    let query = Query::new(&index, &asked, Options::default()).expect("its segments are sound");
    let counts = query.counts(None, 2).expect("its segments are sound");
    assert!(counts.iter().all(|&count| count <= index.rows()));
}

/// Links to the segments of `whole`; a link costs less than a copy.
fn copy_of(whole: &Path) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["segment-0.wag", "segment-1.wag"] {
        std::fs::hard_link(whole.join(name), folder.path().join(name)).expect("a link");
    }
    folder
}

fn apply(text: &[u8], data: &[u8]) -> Vec<u8> {
    let mut data = Bytes(data);
    let mut changed = text.to_vec();
    while !data.0.is_empty() {
        let at = usize::from(data.short()) % (changed.len() + 1);
        let dropped = usize::from(data.byte()).min(changed.len() - at);
        let added = usize::from(data.byte() % 32);
        changed.splice(at..at + dropped, data.take(added).iter().copied());
    }
    changed
}
