//! Byte strings → small values, laid out for caches.
//!
//! Values stand in the order they came, beside their strings; a table of 32-bit slots finds them.
//! Common strings come early, so that what is looked up most lies together, in few cache lines and
//! pages, and the table of a million strings takes 8 MiB at most.
//!
//! Useful for: millions of strings, nearly all of them shorter than 16 bytes (99.3 % of the chunks of
//! captions are), looked up far more often than added. A long string is in a hash map of the usual
//! kind. Not useful for: removing, big values, long strings, or strings from an attacker who knows the
//! hash (a run is bounded, so the worst is slow).

use std::collections::HashMap;

/// A short string, padded with zeros, its length plus one in the top byte: never zero.
type Packed = [u64; 2];
/// Stands for the packed form of a long string, which has none.
const LONG: Packed = [0; 2];
const SHORT: usize = 15;
const LEAST_SLOTS: usize = 1 << 12;
/// Bits of a slot that number an entry; the others are bits of its hash.
const NUMBER_BITS: u32 = 24;
const NUMBER: u32 = (1 << NUMBER_BITS) - 1;
/// Strings a map takes.
const MOST_STRINGS: usize = NUMBER as usize;

/// A map from byte strings to values.
pub(super) struct ByteMap<V> {
    /// Open addressing, at most half full: zero, or the number of an entry plus one under a tag.
    slots: Vec<u32>,
    entries: Vec<(Packed, V)>,
    long: HashMap<Box<[u8]>, V, foldhash::fast::FixedState>,
    long_bytes: usize,
}

/// What a look-up needs to know of a string: made without touching the map.
#[derive(Clone, Copy)]
pub(super) struct Probe {
    /// [`LONG`] for a long string.
    packed: Packed,
    hash: u64,
}

impl Probe {
    /// The probe of the `len` bytes at `at`; the bytes behind them are not part of it.
    #[inline]
    pub(super) fn new(bytes: &[u8], at: usize, len: usize) -> Self {
        if len > SHORT {
            return Self {
                packed: LONG,
                hash: 0,
            };
        }
        let from = &bytes[at..];
        let padded = from.first_chunk::<16>().copied().unwrap_or_else(|| {
            let mut tail = [0; 16];
            tail[..from.len()].copy_from_slice(from);
            tail
        });
        let value = u128::from_le_bytes(padded) & ((1 << (8 * len)) - 1);
        let packed = [value as u64, (value >> 64) as u64 | (len as u64 + 1) << 56];
        Self {
            packed,
            hash: hash(packed),
        }
    }

    fn is_long(&self) -> bool {
        self.packed == LONG
    }
}

/// Both halves of a product of the halves, as wyhash and similar hashes mix: every bit of the string
/// reaches the low bits.
#[inline]
fn hash([low, high]: Packed) -> u64 {
    let product =
        u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd1b5_4a32_d192_ed03);
    (product as u64) ^ (product >> 64) as u64
}

/// The tag of a slot: bits of the hash that do not choose the slot.
#[inline]
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 & !NUMBER
}

impl<V: Copy> ByteMap<V> {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![0; LEAST_SLOTS],
            entries: Vec::new(),
            long: HashMap::default(),
            long_bytes: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.long.len()
    }

    /// Memory it takes; a long string is counted with what a small allocation takes besides.
    pub(super) fn bytes(&self) -> usize {
        let entries = self.entries.capacity() * size_of::<(Packed, V)>();
        size_of_val(self.slots.as_slice()) + entries + self.long.capacity() * 48 + self.long_bytes
    }

    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.entries.clear();
        self.long.clear();
        self.long_bytes = 0;
    }

    /// Load the slots and entries of these probes: independent loads overlap, as look-ups one by one
    /// cannot.
    #[inline]
    pub(super) fn touch(&self, probes: impl Iterator<Item = Probe> + Clone) {
        let mask = self.slots.len() - 1;
        let slot = |probe: Probe| self.slots[probe.hash as usize & mask];
        let seen = probes.clone().fold(0, |seen, probe| seen ^ slot(probe));
        let entry = |probe| {
            self.entries
                .get((slot(probe) & NUMBER).wrapping_sub(1) as usize)
        };
        let keys = probes.fold(0, |seen, probe| seen ^ entry(probe).map_or(0, |e| e.0[1]));
        std::hint::black_box((seen, keys));
    }

    /// The value of `string`, whose probe this is.
    #[inline]
    pub(super) fn get(&self, probe: Probe, string: &[u8]) -> Option<V> {
        if probe.is_long() {
            return self.long.get(string).copied();
        }
        let mask = self.slots.len() - 1;
        let mut at = probe.hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if slot & !NUMBER == tag(probe.hash) {
                let (packed, value) = &self.entries[(slot & NUMBER) as usize - 1];
                if *packed == probe.packed {
                    return Some(*value);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Give `string`, which must not be in the map, a value. There is room for [`MOST_STRINGS`].
    #[cold]
    pub(super) fn insert(&mut self, probe: Probe, string: &[u8], value: V) {
        if probe.is_long() {
            self.long.insert(string.into(), value);
            self.long_bytes += string.len() + 16;
            return;
        }
        assert!(self.entries.len() < MOST_STRINGS, "a map is full");
        self.entries.push((probe.packed, value));
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for (number, (packed, _)) in self.entries.iter().enumerate() {
                place(&mut self.slots, hash(*packed), number);
            }
        } else {
            place(&mut self.slots, probe.hash, self.entries.len() - 1);
        }
    }
}

fn place(slots: &mut [u32], hash: u64, number: usize) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at] != 0 {
        at = (at + 1) & mask;
    }
    slots[at] = tag(hash) | (number as u32 + 1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn probe(string: &[u8]) -> Probe {
        Probe::new(string, 0, string.len())
    }

    proptest! {
        #[test]
        fn it_maps_as_a_hash_map_does(strings: Vec<Vec<u8>>, asked: Vec<Vec<u8>>) {
            let (mut map, mut model) = (ByteMap::new(), HashMap::new());
            for (i, string) in strings.iter().enumerate() {
                if !model.contains_key(string) {
                    map.insert(probe(string), string, i as u32);
                    model.insert(string.clone(), i as u32);
                }
            }
            prop_assert_eq!(map.len(), model.len());
            for string in strings.iter().chain(&asked) {
                prop_assert_eq!(map.get(probe(string), string), model.get(string).copied());
            }
        }

        #[test]
        fn a_probe_sees_its_string_alone(text: Vec<u8>, other: Vec<u8>, at: usize, len: usize) {
            let at = at % (text.len() + 1);
            let string = &text[at..at + len % (text.len() - at + 1)];
            let within = Probe::new(&text, at, string.len());
            let elsewhere = [string, &other].concat();
            let start = Probe::new(&elsewhere, 0, string.len());
            prop_assert_eq!((within.packed, within.hash), (start.packed, start.hash));
        }
    }

    #[test]
    fn trailing_zeros_and_lengths_around_the_border_tell_strings_apart() {
        let strings: Vec<Vec<u8>> = (0..40).map(|len| vec![0; len]).collect();
        let mut map = ByteMap::new();
        for (i, string) in strings.iter().enumerate() {
            assert_eq!(map.get(probe(string), string), None);
            map.insert(probe(string), string, i);
        }
        for (i, string) in strings.iter().enumerate() {
            assert_eq!(map.get(probe(string), string), Some(i));
        }
        map.clear();
        assert_eq!((map.len(), map.get(probe(b""), b"")), (0, None));
    }

    #[test]
    fn growth_keeps_every_value() {
        let mut map = ByteMap::new();
        for i in 0..100_000u32 {
            map.insert(probe(&i.to_le_bytes()), &i.to_le_bytes(), i);
        }
        for i in 0..100_000u32 {
            assert_eq!(map.get(probe(&i.to_le_bytes()), &i.to_le_bytes()), Some(i));
        }
    }
}
