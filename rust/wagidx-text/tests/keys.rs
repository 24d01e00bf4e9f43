//! The tables of cases and the law of singular and plural, through the public functions.

mod cases;

use wagidx_text::{Keyer, Tier, term, unicode::Folder};

const PLURALS: &str = include_str!("cases/plurals.tsv");

fn key(token: &str) -> Option<String> {
    Keyer::default()
        .key(token, Tier::Lemma)
        .map(|(key, _)| key.to_owned())
}

#[test]
fn every_token_of_the_table_has_its_term() {
    for &(token, expected) in cases::TERMS {
        assert_eq!(term(token, &mut Folder::default()), expected, "{token:?}");
        let surface = Keyer::default()
            .key(token, Tier::Surface)
            .map(|(key, _)| key.to_owned());
        assert_eq!(surface.as_deref(), expected, "{token:?}");
    }
}

#[test]
fn every_token_of_the_table_has_its_key() {
    for &(token, expected) in cases::LEMMA_KEYS {
        assert_eq!(key(token).as_deref(), Some(expected), "{token:?}");
    }
}

#[test]
fn singular_and_plural_share_the_singular() {
    for line in PLURALS.lines() {
        let (singular, plural) = line.split_once('\t').unwrap();
        assert_eq!(key(singular).as_deref(), Some(singular));
        assert_eq!(key(plural).as_deref(), Some(singular), "{plural}");
    }
}
