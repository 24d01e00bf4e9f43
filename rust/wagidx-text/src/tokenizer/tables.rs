//! The generated tables: character classes, units and special cases of spaCy's English rules.

include!("../../data/spacy_en.rs");

/// The bytes of every table, in a fixed order and width, for the hash over the query data.
pub(crate) fn table_bytes() -> Vec<u8> {
    let mut bytes = [SPACY_VERSION, "\0", UNICODE_VERSION, "\0"]
        .concat()
        .into_bytes();
    bytes.extend(PAGE_OF);
    bytes.extend(CLASS_BITS.iter().flat_map(|bits| bits.to_le_bytes()));
    for unit in UNITS {
        bytes.extend(unit.bytes().chain([0]));
    }
    for (text, cuts, pattern) in SPECIAL_CASES {
        bytes.extend(text.bytes().chain([0]));
        bytes.extend(cuts.to_le_bytes().into_iter().chain(pattern.to_le_bytes()));
    }
    bytes
}
