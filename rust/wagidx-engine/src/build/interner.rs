//! Byte strings → dense numbers and back: the vocabulary of a run.

use super::byte_map::{ByteMap, Probe};

/// An insertion-ordered set of byte strings.
pub(super) struct Interner {
    numbers: ByteMap<u32>,
    arena: Vec<u8>,
    ends: Vec<u32>,
}

impl Interner {
    pub(super) fn new() -> Self {
        Self {
            numbers: ByteMap::new(),
            arena: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
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
