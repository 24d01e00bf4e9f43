//! Special cases: strings whose tokens are listed, such as `don't`, `Mr.`, `:)` and `10a.m.`.
//!
//! They are found by hash. Nearly every word is refused before hashing, because no special case of
//! its first byte has its length. The hash table is built by the compiler from the list.

use super::tables::SPECIAL_CASES;

/// The longest special case, in bytes: token cuts are the bits of a `u32`.
pub(super) const LONGEST: usize = 31;

/// Slots of the hash table: three for each special case, so probes are short.
const SLOTS: usize = 4096;

/// No special case.
const EMPTY: u16 = u16::MAX;

/// A special case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Special {
    /// Bit `i` says that one of its tokens ends, and the next begins, at byte `i`.
    pub cuts: u32,
    /// The cuts that affix rules alone make, where the special matcher looks for it; else 0.
    pub pattern: u32,
}

static SLOT: [u16; SLOTS] = fill_slots();
static LENGTHS: [u32; 256] = lengths_by_first_byte(false);
static PATTERN_LENGTHS: [u32; 256] = lengths_by_first_byte(true);

/// Finds a special case by its text.
#[inline]
pub(super) fn find(text: &[u8]) -> Option<Special> {
    let first = *text.first()?;
    if text.len() > LONGEST || LENGTHS[first as usize] >> text.len() & 1 == 0 {
        return None;
    }
    let mut slot = hash(text) % SLOTS;
    loop {
        let (known, cuts, pattern) = *SPECIAL_CASES.get(SLOT[slot] as usize)?;
        if known.as_bytes() == text {
            return Some(Special { cuts, pattern });
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Bit `n` says that a special case the special matcher looks for begins with `byte` and is `n`
/// bytes long.
#[inline]
pub(super) fn pattern_lengths(byte: u8) -> u32 {
    PATTERN_LENGTHS[byte as usize]
}

/// FNV-1a, its high bits folded down: short keys, and cheap for the compiler to run too.
const fn hash(text: &[u8]) -> usize {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < text.len() {
        state = (state ^ text[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    (state ^ state >> 29) as usize
}

const fn fill_slots() -> [u16; SLOTS] {
    let mut slots = [EMPTY; SLOTS];
    let mut case = 0;
    while case < SPECIAL_CASES.len() {
        let mut slot = hash(SPECIAL_CASES[case].0.as_bytes()) % SLOTS;
        while slots[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = case as u16;
        case += 1;
    }
    slots
}

const fn lengths_by_first_byte(only_patterns: bool) -> [u32; 256] {
    let mut lengths = [0; 256];
    let mut case = 0;
    while case < SPECIAL_CASES.len() {
        let (text, _, pattern) = SPECIAL_CASES[case];
        if !only_patterns || pattern != 0 {
            lengths[text.as_bytes()[0] as usize] |= 1 << text.len();
        }
        case += 1;
    }
    lengths
}
