//! One unit of work on one thread: rows in, run segments out.

use super::row::Row;
use super::run::Run;
use crate::Result;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wagidx_text::Analyzer;
use wagidx_text::tagger::Tagger;

/// What was seen while rows were read. `rows = captions + nulls + malformed + filtered`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildStats {
    /// All rows: ids run over them.
    pub rows: u64,
    /// Rows with text, the empty text included.
    pub captions: u64,
    /// Rows whose caption is NULL.
    pub nulls: u64,
    /// Captions that are the empty text.
    pub empty: u64,
    /// Rows that did not pass the filter.
    pub filtered: u64,
    /// Rows the source could not read, and captions over 16 MiB.
    pub malformed: u64,
    /// Captions with bytes that are not UTF-8, read with U+FFFD in their place.
    pub invalid_utf8: u64,
    /// Keys cut to 255 bytes.
    pub truncated_keys: u64,
    /// Tokens, white space apart.
    pub tokens: u64,
}

/// How runs are made.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// What makes keys of tokens.
    pub analyzer: Analyzer,
    /// What tells nouns from other words, where the analyzer has readings and the rows do not say.
    pub tagger: Option<Arc<Tagger>>,
    /// Whether term positions are stored, for phrases.
    pub positions: bool,
    /// Bytes that a run takes at most: it ends early where it would take more. Where runs are cut
    /// never shows in the index.
    pub memory: usize,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct RunFile {
    /// The segment file.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u32,
}

/// Takes rows and writes runs `PREFIX-000000.run`, `PREFIX-000001.run`, ... into a folder.
pub struct UnitBuilder {
    folder: PathBuf,
    prefix: String,
    run: Run,
    runs: Vec<RunFile>,
    stats: BuildStats,
}

impl UnitBuilder {
    /// A builder whose runs go to `folder`.
    #[must_use]
    pub fn new(folder: &Path, prefix: &str, options: RunOptions) -> Self {
        Self {
            folder: folder.to_owned(),
            prefix: prefix.to_owned(),
            run: Run::new(options),
            runs: Vec::new(),
            stats: BuildStats::default(),
        }
    }

    /// Add the next row.
    ///
    /// # Errors
    /// From writing a run that is full, or [`crate::Error::Argument`] where tags and tokens differ in
    /// number.
    #[inline]
    pub fn push(&mut self, row: Row<'_>) -> Result<()> {
        self.run.push(row, &mut self.stats)?;
        if self.run.is_full() {
            self.write_run()
        } else {
            Ok(())
        }
    }

    fn write_run(&mut self) -> Result<()> {
        let path = self
            .folder
            .join(format!("{}-{:06}.run", self.prefix, self.runs.len()));
        // What an interrupted build left here is worthless: its unit was not finished.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(crate::Error::io(&path)(error));
            }
            _ => {}
        }
        let rows = self.run.rows() as u32;
        self.run.write(&path, &mut self.stats)?;
        self.runs.push(RunFile { path, rows });
        Ok(())
    }

    /// Write the last run; the runs in the order of their rows, and what was seen.
    ///
    /// # Errors
    /// From writing.
    pub fn finish(mut self) -> Result<(Vec<RunFile>, BuildStats)> {
        if self.run.rows() > 0 {
            self.write_run()?;
        }
        Ok((self.runs, self.stats))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wagidx_text::Tier;

    /// Rows of each run of captions no two of which share a word.
    fn rows_of_runs(words: usize, captions: usize, memory: usize) -> Vec<u32> {
        let folder = tempfile::tempdir().unwrap();
        let options = RunOptions {
            analyzer: Analyzer::new(Tier::Lemma),
            tagger: None,
            positions: false,
            memory,
        };
        let mut unit = UnitBuilder::new(folder.path(), "unit", options);
        for row in 0..captions {
            let caption: Vec<_> = (0..words).map(|word| format!("w{row}x{word}")).collect();
            unit.push(Row::Caption(caption.join(" ").as_bytes()))
                .unwrap();
        }
        let (runs, _) = unit.finish().unwrap();
        runs.iter().map(|run| run.rows).collect()
    }

    #[test]
    fn a_full_run_leaves_the_next_one_its_memory() {
        for words in [50, 400, 3_000] {
            for memory in [2 << 20, 5 << 20, 11 << 20] {
                let runs = rows_of_runs(words, 300_000 / words, memory);
                let (_, whole) = runs.split_last().unwrap();
                assert!(whole.len() > 2, "{words} words, {memory}: {runs:?}");
                assert!(
                    whole.iter().all(|&rows| rows * 3 >= whole[0]),
                    "{words} words, {memory}: {runs:?}"
                );
            }
        }
    }
}
