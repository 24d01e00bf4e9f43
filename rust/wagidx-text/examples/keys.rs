//! Terms, keys and normal forms of standard input, for comparison with another implementation.
//!
//! `cargo run --release --example keys -- WHAT < LINES` answers each line with one line:
//!
//! * `nfc`: the line in Normalization Form C;
//! * `term`: the term of the line taken as one token, empty where it is none;
//! * `surface`, `lemma`: the key of the line taken as one token, empty where it is no term;
//! * `surface-keys`, `lemma-keys`: the keys of the line taken as a caption, separated by tabs;
//! * `hash`: the query-data hash, whatever the line says.

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufWriter, Write};

use wagidx_text::unicode::{Folder, Normalizer};
use wagidx_text::{Analyzer, Keyer, Scratch, Tier, query_data_hash, term};

/// Writes the answer to a line.
type Answer = Box<dyn FnMut(&str, &mut String)>;

fn main() -> Result<(), Box<dyn Error>> {
    let what = env::args()
        .nth(1)
        .ok_or("say what to print: see the top of examples/keys.rs")?;
    let mut answer = answer(&what)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut text = String::new();
    for line in io::stdin().lock().lines() {
        text.clear();
        answer(&line?, &mut text);
        writeln!(out, "{text}")?;
    }
    Ok(out.flush()?)
}

fn answer(what: &str) -> Result<Answer, Box<dyn Error>> {
    Ok(match what {
        "nfc" => {
            let mut normalizer = Normalizer::default();
            Box::new(move |line, out| normalizer.nfc(line.chars(), out))
        }
        "term" => {
            let mut folder = Folder::default();
            Box::new(move |line, out| out.push_str(term(line, &mut folder).unwrap_or("")))
        }
        "hash" => Box::new(|_, out| out.push_str(query_data_hash())),
        _ => match what.strip_suffix("-keys") {
            Some(tier) => caption_keys(tier.parse()?),
            None => token_key(what.parse()?),
        },
    })
}

fn token_key(tier: Tier) -> Answer {
    let mut keyer = Keyer::default();
    Box::new(move |line, out| out.push_str(keyer.key(line, tier).map_or("", |(key, _)| key)))
}

fn caption_keys(tier: Tier) -> Answer {
    let (analyzer, mut scratch) = (Analyzer::new(tier), Scratch::default());
    Box::new(move |line, out| {
        analyzer.text(line, &mut scratch, |token| {
            if !out.is_empty() {
                out.push('\t');
            }
            out.push_str(token.key);
        });
    })
}
