//! A fingerprint of everything that decides what a query is looked up under.
//!
//! An index and the library that asks it must cut, fold and lemmatise alike: where they do not,
//! terms are missed in silence. The fingerprint is stored in an index and compared when it is
//! opened. It is the same on every platform, for it runs over bytes in a fixed order and width.

use std::sync::LazyLock;

use crate::{lemma, murmur, tokenizer, unicode};

/// Version of the rules that are code and not data: what a token, a term, a lemma and a key are,
/// what a concept means. Raise it with every change that lets any text come out otherwise.
const RULES_VERSION: u32 = 1;

static HASH: LazyLock<String> = LazyLock::new(|| {
    let parts = parts();
    fingerprint(parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())))
});

/// The fingerprint of tokenizer, folding, lemma data and rules: 32 hexadecimal digits.
///
/// Computed once per process, in under a millisecond.
#[must_use]
pub fn query_data_hash() -> &'static str {
    &HASH
}

/// Everything that counts, by name. A module that owns tables adds a line here.
fn parts() -> Vec<(&'static str, Vec<u8>)> {
    let mut parts = vec![
        ("rules", RULES_VERSION.to_le_bytes().to_vec()),
        ("tokenizer", tokenizer::table_bytes()),
        ("unicode", unicode::table_bytes()),
    ];
    parts.extend(lemma::lists::ALL.map(|(name, list)| (name, list.as_bytes().to_vec())));
    parts
}

/// One hash over the names and the hashes of the parts, so that no boundary can shift unseen.
fn fingerprint<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut summary = Vec::new();
    for (name, bytes) in parts {
        summary.extend_from_slice(name.as_bytes());
        summary.push(0);
        summary.extend_from_slice(&murmur::hash128(bytes).to_le_bytes());
    }
    format!("{:032x}", murmur::hash128(&summary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_32_hexadecimal_digits() {
        let hash = query_data_hash();
        assert_eq!(hash.len(), 32);
        assert!(
            hash.bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            "{hash}"
        );
    }

    #[test]
    fn any_changed_byte_of_any_part_changes_the_fingerprint() {
        let names_and_bytes = parts();
        for part in 0..names_and_bytes.len() {
            for position in [
                0,
                names_and_bytes[part].1.len() / 2,
                names_and_bytes[part].1.len() - 1,
            ] {
                let mut changed = names_and_bytes.clone();
                changed[part].1[position] ^= 1;
                let changed = fingerprint(changed.iter().map(|(n, b)| (*n, b.as_slice())));
                assert_ne!(changed, query_data_hash(), "{}", names_and_bytes[part].0);
            }
        }
    }

    #[test]
    fn a_byte_that_moves_between_parts_changes_the_fingerprint() {
        let before = fingerprint([("a", &b"xy"[..]), ("b", &b"z"[..])].into_iter());
        let after = fingerprint([("a", &b"x"[..]), ("b", &b"yz"[..])].into_iter());
        assert_ne!(before, after);
    }
}
