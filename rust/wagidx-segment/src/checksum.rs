//! CRC-32 (IEEE) of each MiB, so that a check runs in parallel and names the damaged place.

use std::io::{self, Write};

/// Bytes one checksum covers.
pub const CHUNK: u64 = 1 << 20;

/// Bytes of the table of checksums over `covered` bytes.
#[must_use]
pub fn table_len(covered: u64) -> u64 {
    covered.div_ceil(CHUNK) * 4
}

/// Passes bytes on and keeps the checksum of each MiB.
pub(crate) struct ChecksumWriter<W> {
    inner: W,
    hasher: crc32fast::Hasher,
    in_chunk: u64,
    written: u64,
    table: Vec<u8>,
}

impl<W: Write> ChecksumWriter<W> {
    pub(crate) fn new(inner: W) -> Self {
        let hasher = crc32fast::Hasher::new();
        Self {
            inner,
            hasher,
            in_chunk: 0,
            written: 0,
            table: Vec::new(),
        }
    }

    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)?;
        self.written += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = (CHUNK - self.in_chunk).min(bytes.len() as u64) as usize;
            let (now, later) = bytes.split_at(room);
            self.hasher.update(now);
            self.in_chunk += room as u64;
            if self.in_chunk == CHUNK {
                self.close_chunk();
            }
            bytes = later;
        }
        Ok(())
    }

    fn close_chunk(&mut self) {
        let hasher = std::mem::take(&mut self.hasher);
        self.table
            .extend_from_slice(&hasher.finalize().to_le_bytes());
        self.in_chunk = 0;
    }

    /// The writer underneath and the table over all that was put.
    pub(crate) fn finish(mut self) -> (W, Vec<u8>) {
        if self.in_chunk > 0 {
            self.close_chunk();
        }
        (self.inner, self.table)
    }
}

/// Indices of the chunks of `covered` whose checksum differs from `table`, looked for by `threads`.
#[must_use]
pub fn damaged_chunks(covered: &[u8], table: &[u8], threads: usize) -> Vec<usize> {
    let chunks: Vec<(usize, &[u8])> = covered.chunks(CHUNK as usize).enumerate().collect();
    let share = chunks.len().div_ceil(threads.max(1)).max(1);
    let damaged = |part: &[(usize, &[u8])]| -> Vec<usize> {
        let differs = |&&(i, chunk): &&(usize, &[u8])| {
            table.get(i * 4..i * 4 + 4) != Some(&crc32fast::hash(chunk).to_le_bytes())
        };
        part.iter().filter(differs).map(|&(i, _)| i).collect()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = chunks
            .chunks(share)
            .map(|part| scope.spawn(move || damaged(part)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}
