//! Captions waiting for their look-ups.
//!
//! A rare chunk costs a cache miss, and one caption holds about one of them: looked up caption by
//! caption, the misses would be serial. A batch makes the probes of many captions first and
//! touches all their slots in one tight loop, so that the misses overlap.

use super::byte_map::Probe;
use std::ops::Range;
use wagidx_text::chunks;

/// Captions after which a batch is due; few enough for their slots to stay in the first-level cache.
const CAPTIONS: usize = 32;
/// Bytes after which it is due: one caption at most goes beyond.
const BYTES: usize = 1 << 14;

/// Captions in the order they came.
#[derive(Default)]
pub(super) struct Batch {
    text: String,
    captions: Vec<Range<usize>>,
    chunks: Vec<WaitingChunk>,
    /// End of each caption's chunks.
    chunk_ends: Vec<usize>,
}

/// A chunk that waits: where it stands in the batch's text, and its probe.
#[derive(Clone)]
pub(super) struct WaitingChunk {
    pub(super) range: Range<usize>,
    pub(super) probe: Probe,
}

impl Batch {
    /// Bytes of the longest caption that may wait.
    pub(super) const LONGEST: usize = BYTES;

    pub(super) fn len(&self) -> usize {
        self.captions.len()
    }

    pub(super) fn is_due(&self) -> bool {
        self.captions.len() >= CAPTIONS || self.text.len() >= BYTES
    }

    pub(super) fn push(&mut self, caption: &str) {
        let start = self.text.len();
        self.text.push_str(caption);
        self.captions.push(start..self.text.len());
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.captions.clear();
        self.chunks.clear();
        self.chunk_ends.clear();
    }

    /// Find the chunks of all captions and make their probes.
    pub(super) fn split(&mut self) {
        for caption in &self.captions {
            for chunk in chunks(&self.text[caption.clone()]) {
                let range = caption.start + chunk.start..caption.start + chunk.end;
                let probe = Probe::new(self.text.as_bytes(), range.start, range.len());
                self.chunks.push(WaitingChunk { range, probe });
            }
            self.chunk_ends.push(self.chunks.len());
        }
    }

    /// All chunks, once split.
    pub(super) fn chunks(&self) -> &[WaitingChunk] {
        &self.chunks
    }

    /// Each caption with its chunks, once split.
    pub(super) fn captions(&self) -> impl Iterator<Item = (&str, &[WaitingChunk])> {
        let mut from = 0;
        self.captions
            .iter()
            .zip(&self.chunk_ends)
            .map(move |(caption, &end)| {
                let chunks = &self.chunks[from..end];
                from = end;
                (&self.text[caption.clone()], chunks)
            })
    }

    pub(super) fn text_of(&self, chunk: &WaitingChunk) -> &str {
        &self.text[chunk.range.clone()]
    }
}
