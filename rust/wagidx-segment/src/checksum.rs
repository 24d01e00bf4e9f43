//! CRC-32 (IEEE) of each MiB, so that a check runs in parallel and names the damaged place.

use std::io::{self, Write};

/// Bytes one checksum covers.
pub const CHUNK: u64 = 1 << 20;

/// Bytes of the table of checksums over `covered` bytes.
#[must_use]
pub fn table_len(covered: u64) -> u64 {
    covered.div_ceil(CHUNK) * 4
}

/// Gathers bytes into chunks; passes each on with its checksum taken.
pub(crate) struct ChecksumWriter<W> {
    inner: W,
    chunk: Vec<u8>,
    /// Bytes of the chunks passed on.
    passed: u64,
    table: Vec<u8>,
}

impl<W: Write> ChecksumWriter<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            chunk: Vec::with_capacity(CHUNK as usize),
            passed: 0,
            table: Vec::new(),
        }
    }

    pub(crate) fn written(&self) -> u64 {
        self.passed + self.chunk.len() as u64
    }

    #[inline]
    pub(crate) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        loop {
            let room = CHUNK as usize - self.chunk.len();
            if bytes.len() < room {
                self.chunk.extend_from_slice(bytes);
                return Ok(());
            }
            let (now, later) = bytes.split_at(room);
            self.chunk.extend_from_slice(now);
            self.pass_on()?;
            bytes = later;
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.inner.write_all(&self.chunk)?;
        let checksum = crc32fast::hash(&self.chunk);
        self.table.extend_from_slice(&checksum.to_le_bytes());
        self.passed += self.chunk.len() as u64;
        self.chunk.clear();
        Ok(())
    }

    /// The writer underneath and the table over all that was put.
    pub(crate) fn finish(mut self) -> io::Result<(W, Vec<u8>)> {
        if !self.chunk.is_empty() {
            self.pass_on()?;
        }
        Ok((self.inner, self.table))
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
