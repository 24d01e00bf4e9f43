//! Prints the token boundaries of texts, for comparison with spaCy by another process.
//!
//! Reads texts from stdin, each as its length in bytes (`u32`, little-endian) and its UTF-8 bytes;
//! writes for each the number of tokens and every token's start and end in bytes (all `u32`).
//! A last line on stderr says how long tokenising took.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::time::{Duration, Instant};
use wagidx_text::tokenizer::{Scratch, tokenize};

fn main() -> io::Result<()> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = BufWriter::new(io::stdout().lock());
    let (mut scratch, mut tokens) = (Scratch::default(), Vec::new());
    let (mut texts, mut total, mut spent) = (0_u64, 0, Duration::ZERO);
    while let Some(text) = read_text(&mut input)? {
        tokens.clear();
        let begun = Instant::now();
        tokenize(&text, &mut scratch, &mut tokens);
        spent += begun.elapsed();
        texts += 1;
        total += tokens.len();
        write_number(&mut output, tokens.len())?;
        for token in &tokens {
            write_number(&mut output, token.start)?;
            write_number(&mut output, token.end)?;
        }
    }
    output.flush()?;
    writeln!(io::stderr(), "{texts} texts, {total} tokens, {spent:?}")
}

fn read_text(input: &mut impl Read) -> io::Result<Option<String>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut text = vec![0; u32::from_le_bytes(length) as usize];
    input.read_exact(&mut text)?;
    String::from_utf8(text).map(Some).map_err(io::Error::other)
}

fn write_number(output: &mut impl Write, number: usize) -> io::Result<()> {
    let number = u32::try_from(number).map_err(io::Error::other)?;
    output.write_all(&number.to_le_bytes())
}
