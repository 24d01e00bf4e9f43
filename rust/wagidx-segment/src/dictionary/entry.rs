//! What the dictionary stores about one term: two lists, and how often it occurs in each and in both.

use crate::{Damage, Reading, varint};

/// Where a posting list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A list of one row stands in the dictionary itself.
    Inline(u32),
    /// A range of the postings section.
    At {
        /// Bytes from the section's start.
        offset: u64,
        /// Bytes of the list.
        len: u64,
    },
}

/// One list of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRef {
    /// Number of rows in the list.
    pub frequency: u32,
    /// Where the rows stand.
    pub place: Place,
    /// Where their positions stand; no bytes in a segment without.
    pub positions: ByteRange,
}

/// A range of the postings section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteRange {
    /// Bytes from the section's start.
    pub offset: u64,
    /// Bytes.
    pub len: u64,
}

impl ListRef {
    /// The list without a row.
    pub const EMPTY: Self = Self {
        frequency: 0,
        place: Place::At { offset: 0, len: 0 },
        positions: ByteRange { offset: 0, len: 0 },
    };

    /// Bytes this list and its positions take of the postings section.
    pub(crate) fn stored_len(&self) -> u64 {
        let list = match self.place {
            Place::Inline(_) => 0,
            Place::At { len, .. } => len,
        };
        list.saturating_add(self.positions.len)
    }
}

/// The two lists of a term and the number of rows in either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermEntry {
    /// Rows that hold the term as a noun.
    pub noun: ListRef,
    /// Rows that hold it otherwise.
    pub other: ListRef,
    /// Rows that hold it at all; at most the sum of the two.
    pub any: u32,
}

impl TermEntry {
    /// The list of `reading`.
    #[must_use]
    pub fn list(&self, reading: Reading) -> ListRef {
        match reading {
            Reading::Noun => self.noun,
            Reading::Other => self.other,
        }
    }
}

/// Which lists of a term have rows, and how many of its rows hold it as a noun: what a block keeps in
/// two bits a term, and of a term with both lists as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nouns {
    /// All rows; the other list is empty.
    All,
    /// None; the noun list is empty.
    None,
    /// So many, and both lists have rows.
    Some(u32),
}

impl Nouns {
    pub(super) fn of(entry: &TermEntry) -> Self {
        match (entry.noun.frequency, entry.other.frequency) {
            (_, 0) => Self::All,
            (0, _) => Self::None,
            (noun, _) => Self::Some(noun),
        }
    }

    /// Rows that hold the term as a noun, of `any`.
    pub(super) fn frequency(self, any: u32) -> u32 {
        match self {
            Self::All => any,
            Self::None => 0,
            Self::Some(noun) => noun,
        }
    }
}

/// Append what neither `entry.any` nor [`Nouns`] says.
///
/// ```text
/// where both lists have rows: rows in both
/// then for each list, noun first: nothing (0 rows), the row (1), or the list's bytes (2 or more)
/// and, with positions, how many bytes more than rows they take
/// ```
pub(super) fn write(out: &mut Vec<u8>, entry: &TermEntry, positions: bool) {
    let (noun, other) = (entry.noun.frequency, entry.other.frequency);
    if noun.min(other) > 0 {
        varint::write(
            out,
            u64::from(noun) + u64::from(other) - u64::from(entry.any),
        );
    }
    for list in [entry.noun, entry.other] {
        match (list.frequency, list.place) {
            (0, _) => {}
            (_, Place::Inline(row)) => varint::write(out, u64::from(row)),
            (_, Place::At { len, .. }) => varint::write(out, len),
        }
        if positions && list.frequency > 0 {
            // Each row takes a byte at least.
            varint::write(out, list.positions.len - u64::from(list.frequency));
        }
    }
}

/// Read the entry of a term in `any` rows; its lists begin at `offset` of the postings section.
#[inline]
pub(super) fn read(
    bytes: &mut &[u8],
    (any, nouns): (u32, Nouns),
    positions: bool,
    offset: u64,
) -> Result<TermEntry, Damage> {
    let noun = nouns.frequency(any);
    let other = match nouns {
        Nouns::Some(_) => read_other(bytes, noun, any)?,
        Nouns::All | Nouns::None => any - noun,
    };
    let noun = read_list(bytes, noun, positions, offset)?;
    let after = offset
        .checked_add(noun.stored_len())
        .ok_or(Damage("a list lies past the postings section"))?;
    let other = read_list(bytes, other, positions, after)?;
    Ok(TermEntry { noun, other, any })
}

/// Rows of the other list, where both have rows.
fn read_other(bytes: &mut &[u8], noun: u32, any: u32) -> Result<u32, Damage> {
    let shared = varint::read_u32(bytes)?;
    let other = any.checked_sub(noun).map(|only| only.checked_add(shared));
    match other {
        // What both share is in each of them.
        Some(Some(other)) if noun > 0 && other > 0 && shared <= noun => Ok(other),
        _ => Err(Damage("a term's frequencies contradict each other")),
    }
}

#[inline]
fn read_list(
    bytes: &mut &[u8],
    frequency: u32,
    positions: bool,
    offset: u64,
) -> Result<ListRef, Damage> {
    let place = match frequency {
        0 => return Ok(ListRef::EMPTY),
        1 => Place::Inline(varint::read_u32(bytes)?),
        _ => Place::At {
            offset,
            len: varint::read(bytes)?,
        },
    };
    let mut list = ListRef {
        frequency,
        place,
        positions: ByteRange::default(),
    };
    if positions {
        list.positions = read_byte_range(bytes, &list, offset)?;
    }
    Ok(list)
}

/// The positions of a list, which stand behind it.
fn read_byte_range(bytes: &mut &[u8], list: &ListRef, offset: u64) -> Result<ByteRange, Damage> {
    let len = varint::read(bytes)?.checked_add(u64::from(list.frequency));
    let offset = offset.checked_add(list.stored_len());
    len.zip(offset)
        .map(|(len, offset)| ByteRange { offset, len })
        .ok_or(Damage("positions lie past the postings section"))
}
