//! A sorted word list in memory, with a hash table over it.
//!
//! The lists are kept as the text they are reviewed as; the table holds where each line starts.
//! Building it reads the text once and copies nothing, and a look-up that misses touches one slot
//! and, one time in 4,096, the text.
//!
//! Useful for: fixed lists of up to a mebibyte, many look-ups, most of them misses.
//! Not useful for: order, prefixes (the list is sorted, the table is not).

/// A slot is empty, or holds 1 + the start of a line (low bits) and a tag of the hash (high bits).
const START_BITS: u32 = 20;
const START_MASK: u32 = (1 << START_BITS) - 1;

/// Lines `word` or `word TAB value`, found by word.
#[derive(Debug)]
pub(crate) struct WordTable {
    text: &'static str,
    slots: Box<[u32]>,
}

impl WordTable {
    /// Most bytes of text whose line starts fit a slot.
    pub(crate) const MAX_TEXT: usize = START_MASK as usize;

    /// Index `text`, which is at most [`Self::MAX_TEXT`] bytes long. O(bytes).
    pub(crate) fn new(text: &'static str) -> Self {
        debug_assert!(text.len() <= Self::MAX_TEXT);
        let words = text.bytes().filter(|&b| b == b'\n').count();
        let slots = vec![0; (2 * words + 1).next_power_of_two()].into_boxed_slice();
        let mut table = Self { text, slots };
        let mut start = 0;
        while let Some(rest @ [_, ..]) = text.as_bytes().get(start..) {
            let word = rest.iter().position(|b| matches!(b, b'\t' | b'\n'));
            let word = word.unwrap_or(rest.len());
            table.insert(&rest[..word], start as u32);
            let value = rest[word..].iter().position(|&b| b == b'\n');
            start += value.map_or(rest.len(), |length| word + length + 1);
        }
        table
    }

    fn insert(&mut self, word: &[u8], start: u32) {
        let (mut slot, tag) = self.place(word);
        while self.slots[slot] != 0 {
            slot = self.next(slot);
        }
        self.slots[slot] = tag | (start + 1);
    }

    /// The word as it stands in the list, and its value ("" where the line has none).
    pub(crate) fn get(&self, word: &str) -> Option<(&'static str, &'static str)> {
        let (mut slot, tag) = self.place(word.as_bytes());
        // At most half of the slots are taken, so the walk meets an empty one.
        while self.slots[slot] != 0 {
            let entry = self.slots[slot];
            if entry & !START_MASK == tag {
                let found = split(self.text.get((entry & START_MASK) as usize - 1..)?);
                if found.0 == word {
                    return Some(found);
                }
            }
            slot = self.next(slot);
        }
        None
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// First slot and tag of a word.
    fn place(&self, word: &[u8]) -> (usize, u32) {
        let hash = hash(word);
        (
            hash as usize & (self.slots.len() - 1),
            (hash >> 32) as u32 & !START_MASK,
        )
    }

    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

/// Word and value of the first line of `text`.
fn split(text: &str) -> (&str, &str) {
    let line = match text.bytes().position(|b| b == b'\n') {
        Some(end) => &text[..end],
        None => text,
    };
    match line.bytes().position(|b| b == b'\t') {
        Some(tab) => (&line[..tab], &line[tab + 1..]),
        None => (line, ""),
    }
}

/// A multiplicative hash, eight bytes at a time; its high half is mixed into the low one.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = (state.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    let tail = rest
        .iter()
        .fold(0, |tail, &byte| tail << 8 | u64::from(byte));
    state = (state.rotate_left(23) ^ tail).wrapping_mul(FACTOR);
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let table = WordTable::new("a\nab\t12\nabc\tx y\n\u{e9}t\u{e9}\t1\n");
        assert_eq!(table.get("a"), Some(("a", "")));
        assert_eq!(table.get("ab"), Some(("ab", "12")));
        assert_eq!(table.get("abc"), Some(("abc", "x y")));
        assert_eq!(table.get("\u{e9}t\u{e9}"), Some(("\u{e9}t\u{e9}", "1")));
        for absent in ["", "b", "abcd", "ab\t12", "12", "a\nab", "A"] {
            assert_eq!(table.get(absent), None, "{absent:?}");
        }
    }

    #[test]
    fn an_empty_list_finds_nothing() {
        assert_eq!(WordTable::new("").get("a"), None);
        assert_eq!(WordTable::new("").get(""), None);
    }
}
