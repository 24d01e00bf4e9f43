//! Byte strings → dense numbers and back: the vocabulary of a run.

use super::byte_map::{ByteMap, Probe};
use super::row::MAX_CAPTION_BYTES;

/// An interner is full at this many strings: with those of one more caption, a `ByteMap` holds them.
const FULL_STRINGS: usize = 1 << 22;
/// An interner is full at this many bytes: with those of one more caption, 32 bits number them.
const FULL_BYTES: usize = 1 << 31;
/// Bytes that the strings made of one byte of a caption have at most: folding and bigrams lengthen it.
const MOST_FROM_A_BYTE: usize = 64;

const _: () = assert!(FULL_BYTES + MAX_CAPTION_BYTES * MOST_FROM_A_BYTE <= u32::MAX as usize);

/// An insertion-ordered set of byte strings.
pub(super) struct Interner {
    full_bytes: usize,
    numbers: ByteMap<u32>,
    arena: Vec<u8>,
    ends: Vec<u32>,
}

impl Interner {
    pub(super) fn new() -> Self {
        Self::full_at(FULL_BYTES)
    }

    fn full_at(full_bytes: usize) -> Self {
        Self {
            full_bytes,
            numbers: ByteMap::new(),
            arena: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it must not take the strings of more than one further caption.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= FULL_STRINGS || self.arena.len() >= self.full_bytes
    }

    /// Memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.numbers.bytes() + self.arena.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    pub(super) fn get(&self, number: u32) -> &[u8] {
        let i = number as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.arena[start..self.ends[i] as usize]
    }

    pub(super) fn clear(&mut self) {
        self.numbers.clear();
        self.arena.clear();
        self.ends.clear();
    }

    /// The number of `string`; added as the next one where it is new.
    #[inline]
    pub(super) fn intern(&mut self, string: &[u8]) -> u32 {
        let probe = Probe::new(string, 0, string.len());
        self.numbers
            .get(probe, string)
            .unwrap_or_else(|| self.add(probe, string))
    }

    #[cold]
    fn add(&mut self, probe: Probe, string: &[u8]) -> u32 {
        let number = self.ends.len() as u32;
        self.arena.extend_from_slice(string);
        self.ends.push(self.arena.len() as u32);
        self.numbers.insert(probe, string, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn it_is_full_by_bytes_before_their_numbers_run_out() {
        let mut interner = Interner::full_at(6);
        interner.intern(b"dog");
        interner.intern(b"dog");
        assert!(!interner.is_full());
        interner.intern(b"cat");
        assert!(interner.is_full());
        interner.clear();
        assert!(!interner.is_full());
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_first_sight(strings: Vec<Vec<u8>>) {
            let mut interner = Interner::new();
            let mut model = HashMap::new();
            for string in &strings {
                let next = model.len() as u32;
                let expected = *model.entry(string.clone()).or_insert(next);
                prop_assert_eq!(interner.intern(string), expected);
                prop_assert_eq!(interner.get(expected), string.as_slice());
            }
            prop_assert_eq!(interner.len(), model.len());
        }
    }
}
