//! What a run remembers of white-space chunks: captions repeat them far more than they bring new ones.

use super::batch::WaitingChunk;
use super::byte_map::{ByteMap, Probe};

/// The cache is cleared at this many chunks: about 36 MiB.
const MOST_CHUNKS: usize = 1 << 20;
/// A longer chunk (a URL, a sentence in a script without spaces) is not worth a place in the cache.
/// A cached one is also too short to bring a key that is cut, so cuts are counted one by one.
const CACHED_BYTES: usize = 48;

/// What is known of a chunk besides its lists.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) tokens: u32,
    /// Whether its tokens depend on a neighbouring chunk.
    pub(super) bound: bool,
}

/// A chunk as it stands in its slot.
#[derive(Clone, Copy, Default)]
struct Cached {
    /// The lists, where there are at most two, else where they start in `lists`.
    lists: [u32; 2],
    count: u8,
    tokens: u8,
    bound: bool,
}

/// Remembers the lists of chunks.
pub(super) struct ChunkCache {
    chunks: ByteMap<Cached>,
    /// Lists of chunks with more than two.
    lists: Vec<u32>,
}

impl ChunkCache {
    pub(super) fn new() -> Self {
        Self {
            chunks: ByteMap::new(),
            lists: Vec::new(),
        }
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.chunks.bytes() + self.lists.capacity() * size_of::<u32>()
    }

    pub(super) fn clear(&mut self) {
        self.chunks.clear();
        self.lists.clear();
    }

    /// Prefetch the slots of all these chunks.
    pub(super) fn touch(&self, chunks: &[WaitingChunk]) {
        self.chunks.touch(chunks.iter().map(|chunk| chunk.probe));
    }

    /// Append the lists of a chunk to `out`, if it is known.
    #[inline]
    pub(super) fn get(&self, probe: Probe, chunk: &str, out: &mut Vec<u32>) -> Option<Chunk> {
        let cached = self.chunks.get(probe, chunk.as_bytes())?;
        match cached.count {
            0 => {}
            1 => out.push(cached.lists[0]),
            2 => out.extend(cached.lists),
            count => {
                let start = cached.lists[0] as usize;
                out.extend_from_slice(&self.lists[start..start + usize::from(count)]);
            }
        }
        Some(Chunk {
            tokens: u32::from(cached.tokens),
            bound: cached.bound,
        })
    }

    /// Remember a chunk that is not known yet, where that pays.
    pub(super) fn insert(&mut self, probe: Probe, text: &str, chunk: Chunk, lists: &[u32]) {
        if text.len() > CACHED_BYTES {
            return;
        }
        if self.chunks.len() >= MOST_CHUNKS {
            self.clear();
        }
        let place = match *lists {
            [] => [0; 2],
            [one] => [one, 0],
            [one, two] => [one, two],
            _ => {
                self.lists.extend_from_slice(lists);
                [(self.lists.len() - lists.len()) as u32, 0]
            }
        };
        // No more tokens, and no more lists, than bytes.
        let cached = Cached {
            lists: place,
            count: lists.len() as u8,
            tokens: chunk.tokens as u8,
            bound: chunk.bound,
        };
        self.chunks.insert(probe, text.as_bytes(), cached);
    }
}
