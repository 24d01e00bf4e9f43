//! Byte strings → dense numbers, in one arena: the vocabulary of a run and its cache of chunks.
//!
//! Useful for: millions of short strings, looked up far more often than added. Not useful for:
//! removing, or strings from an attacker who knows the hash (a run is bounded, so the worst is slow).

use std::hash::BuildHasher;

const EMPTY: u32 = u32::MAX;

/// An insertion-ordered set of byte strings.
pub(super) struct Interner {
    /// Upper hash bits and number of each string, open addressing, at most half full.
    slots: Vec<(u32, u32)>,
    arena: Vec<u8>,
    ends: Vec<u32>,
    hasher: foldhash::fast::FixedState,
}

impl Interner {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![(0, EMPTY); 1 << 12],
            arena: Vec::new(),
            ends: Vec::new(),
            hasher: foldhash::fast::FixedState::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all strings.
    pub(super) fn bytes(&self) -> usize {
        self.arena.len()
    }

    pub(super) fn get(&self, number: u32) -> &[u8] {
        let i = number as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.arena[start..self.ends[i] as usize]
    }

    pub(super) fn clear(&mut self) {
        self.slots.fill((0, EMPTY));
        self.arena.clear();
        self.ends.clear();
    }

    /// The number of `string`; added as the next one where it is new (then `true`).
    #[inline]
    pub(super) fn intern(&mut self, string: &[u8]) -> (u32, bool) {
        let hash = self.hash(string);
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let (other, number) = self.slots[slot];
            if number == EMPTY {
                return (self.add(slot, tag, string), true);
            }
            if other == tag && self.get(number) == string {
                return (number, false);
            }
            slot = (slot + 1) & mask;
        }
    }

    #[inline]
    fn hash(&self, string: &[u8]) -> u64 {
        self.hasher.hash_one(string)
    }

    #[cold]
    fn add(&mut self, slot: usize, tag: u32, string: &[u8]) -> u32 {
        let number = self.ends.len() as u32;
        self.arena.extend_from_slice(string);
        self.ends.push(self.arena.len() as u32);
        self.slots[slot] = (tag, number);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![(0, EMPTY); mask + 1];
        for number in 0..self.ends.len() as u32 {
            let hash = self.hash(self.get(number));
            let mut slot = hash as usize & mask;
            while slots[slot].1 != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = ((hash >> 32) as u32, number);
        }
        self.slots = slots;
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
                prop_assert_eq!(interner.intern(string), (expected, expected == next));
                prop_assert_eq!(interner.get(expected), string.as_slice());
            }
            prop_assert_eq!(interner.len(), model.len());
        }
    }

    #[test]
    fn growth_keeps_every_number() {
        let mut interner = Interner::new();
        for i in 0..100_000u32 {
            assert_eq!(interner.intern(&i.to_le_bytes()), (i, true));
        }
        for i in 0..100_000u32 {
            assert_eq!(interner.intern(&i.to_le_bytes()), (i, false));
        }
    }
}
