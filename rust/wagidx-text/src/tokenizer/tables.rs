//! The generated tables: character classes, units and special cases of spaCy's English rules.

include!("../../data/spacy_en.rs");
