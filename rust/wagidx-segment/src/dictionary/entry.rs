//! What the dictionary knows of one term: two lists, and how often it occurs in each and in both.

use crate::{Damage, Features, Reading, varint};

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
    pub positions: Stretch,
}

/// A range of the postings section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
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
        positions: Stretch { offset: 0, len: 0 },
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

/// What stands for the readings of a term whose rows all hold it as a noun, or all otherwise; the
/// number of nouns follows upward where there are both.
const ALL_NOUN: u64 = 0;
const ALL_OTHER: u64 = 1;
const BOTH: u64 = 2;
/// What may be the readings of a term in one row: those above, both without a number.
const STATES: u64 = 3;

/// Append what `entry.any` does not say.
///
/// ```text
/// readings, 1 row:   3 * row + (0 noun | 1 other | 2 both)
/// readings, more:    0 (noun = any) | 1 (other = any) | noun + 2, rows in both
/// otherwise:         nothing
/// then for each list, noun first: nothing (0 rows, or it stands above), the row (1), or the list's
/// bytes (2 or more); and, with positions, how many bytes more than rows they take
/// ```
pub(super) fn write(out: &mut Vec<u8>, entry: &TermEntry, features: Features) {
    let (noun, other) = (entry.noun.frequency, entry.other.frequency);
    let state = match (noun, other) {
        (_, 0) => ALL_NOUN,
        (0, _) => ALL_OTHER,
        _ => BOTH,
    };
    let alone = single_row(entry).filter(|_| features.readings);
    if let Some(row) = alone {
        varint::write(out, u64::from(row) * STATES + state);
    } else if features.readings && state == BOTH {
        let shared = u64::from(noun) + u64::from(other) - u64::from(entry.any);
        varint::write(out, u64::from(noun) + BOTH);
        varint::write(out, shared);
    } else if features.readings {
        varint::write(out, state);
    }
    for list in [entry.noun, entry.other] {
        match (list.frequency, list.place) {
            (0, _) => {}
            (_, Place::Inline(row)) if alone.is_none() => varint::write(out, u64::from(row)),
            (_, Place::Inline(_)) => {}
            (_, Place::At { len, .. }) => varint::write(out, len),
        }
        if features.positions && list.frequency > 0 {
            // Each row takes a byte at least.
            varint::write(out, list.positions.len - u64::from(list.frequency));
        }
    }
}

/// The row of a term that is in one row only, however it is read there.
fn single_row(entry: &TermEntry) -> Option<u32> {
    let row = |list: ListRef| match list.place {
        Place::Inline(row) if entry.any == 1 && list.frequency == 1 => Some(row),
        _ => None,
    };
    row(entry.noun).or_else(|| row(entry.other))
}

/// Read the entry of a term in `any` rows; its lists begin at `offset` of the postings section.
#[inline]
pub(super) fn read(
    bytes: &mut &[u8],
    any: u32,
    features: Features,
    offset: u64,
) -> Result<TermEntry, Damage> {
    if features.readings && any == 1 {
        return read_single(bytes, features, offset);
    }
    let (noun, other) = match features.readings {
        true => read_frequencies(bytes, any)?,
        false => (0, any),
    };
    let noun = read_list(bytes, noun, features, offset)?;
    let after = offset
        .checked_add(noun.stored_len())
        .ok_or(Damage("a list lies past the postings section"))?;
    let other = read_list(bytes, other, features, after)?;
    Ok(TermEntry { noun, other, any })
}

/// The entry of a term in one row.
fn read_single(bytes: &mut &[u8], features: Features, offset: u64) -> Result<TermEntry, Damage> {
    let both = varint::read(bytes)?;
    let row = u32::try_from(both / STATES).map_err(|_| Damage("a row beyond all rows"))?;
    let list = |wanted: bool, bytes: &mut &[u8], offset| {
        if !wanted {
            return Ok(ListRef::EMPTY);
        }
        let mut list = ListRef {
            frequency: 1,
            place: Place::Inline(row),
            positions: Stretch::default(),
        };
        if features.positions {
            list.positions = read_stretch(bytes, &list, offset)?;
        }
        Ok(list)
    };
    let noun = list(both % STATES != ALL_OTHER, bytes, offset)?;
    let after = offset
        .checked_add(noun.stored_len())
        .ok_or(Damage("a list lies past the postings section"))?;
    let other = list(both % STATES != ALL_NOUN, bytes, after)?;
    let any = 1;
    Ok(TermEntry { noun, other, any })
}

fn read_frequencies(bytes: &mut &[u8], any: u32) -> Result<(u32, u32), Damage> {
    let noun = match varint::read(bytes)? {
        ALL_NOUN => return Ok((any, 0)),
        ALL_OTHER => return Ok((0, any)),
        noun => noun - BOTH,
    };
    let shared = u64::from(varint::read_u32(bytes)?);
    let all = u64::from(any);
    // Each list has a row, and what both share is in each of them.
    if noun == 0 || noun > all || shared > noun || all - noun + shared == 0 {
        return Err(Damage("a term's frequencies contradict each other"));
    }
    Ok((noun as u32, (all - noun + shared) as u32))
}

#[inline]
fn read_list(
    bytes: &mut &[u8],
    frequency: u32,
    features: Features,
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
        positions: Stretch::default(),
    };
    if features.positions {
        list.positions = read_stretch(bytes, &list, offset)?;
    }
    Ok(list)
}

/// The positions of a list, which stand behind it.
fn read_stretch(bytes: &mut &[u8], list: &ListRef, offset: u64) -> Result<Stretch, Damage> {
    let len = varint::read(bytes)?.checked_add(u64::from(list.frequency));
    let offset = offset.checked_add(list.stored_len());
    len.zip(offset)
        .map(|(len, offset)| Stretch { offset, len })
        .ok_or(Damage("positions lie past the postings section"))
}
