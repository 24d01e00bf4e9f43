//! Positions: where in a row a term stands, for phrases. A segment stores them on request only.
//!
//! ```text
//! skips    where each block of rows begins in the stream
//! stream   for each row of the list, in its order: the positions of the term there
//! ```
//! A position is written as its distance from the one before (`position - previous - 1`, with -1
//! before the first), doubled, plus one where another position of the row follows. That number stands
//! in groups of seven bits, the highest group first, and every byte but its last has the high bit
//! set. So a row ends at the first byte whose highest and lowest bits are both clear, and rows are
//! passed over by counting such bytes, eight at a time. Most rows take one byte.
//!
//! A row's bytes depend on nothing before them, so a merge strings streams together and makes the
//! skips anew. The skips of a packed list lead to every 128th row of the list, those of a bitmap to
//! the first row of each 512 of the segment: so the place of a row is found from the block of rows
//! it was found in, without counting from the list's start. A skip takes as many bytes as the number
//! of all these bytes does.
//!
//! Useful for: the positions of rows found by other means, in ascending order.
//! Not useful for: finding rows; that is what [`postings`](crate::postings) are for.

use crate::postings::packed::BLOCK;
use crate::postings::{Cursor, PostingList};
use crate::{Damage, postings};

/// Rows of the segment that a skip of a bitmap's positions leads over.
const BITMAP_BLOCK: u32 = 512;
/// Bytes of the largest number: a doubled `u32` and its flag.
const MOST_BYTES: usize = 5;

const ROWS_DIFFER: Damage = Damage("positions are not of as many rows as their list has");

/// Append the positions of the next row, which ascend strictly; at least one.
#[inline]
pub fn push_row(positions: impl IntoIterator<Item = u32>, stream: &mut Vec<u8>) {
    let mut positions = positions.into_iter().peekable();
    let mut next = 0;
    while let Some(position) = positions.next() {
        let more = u64::from(positions.peek().is_some());
        push_number(u64::from(position - next) << 1 | more, stream);
        next = position.wrapping_add(1);
    }
}

#[inline]
fn push_number(number: u64, stream: &mut Vec<u8>) {
    if number < 0x80 {
        stream.push(number as u8);
        return;
    }
    let groups = number.ilog2() / 7;
    for group in (1..=groups).rev() {
        stream.push((number >> (7 * group)) as u8 | 0x80);
    }
    stream.push(number as u8 & 0x7f);
}

/// Take the positions of one row off the front of `stream` and append them to `out`.
fn take_row(stream: &mut &[u8], out: &mut Vec<u32>) -> Result<(), Damage> {
    let mut next = 0;
    loop {
        let number = take_number(stream)?;
        let position = u32::try_from(next + (number >> 1));
        let position = position.map_err(|_| Damage("a position does not fit 32 bits"))?;
        out.push(position);
        if number & 1 == 0 {
            return Ok(());
        }
        next = u64::from(position) + 1;
    }
}

#[inline]
fn take_number(stream: &mut &[u8]) -> Result<u64, Damage> {
    let mut number = 0;
    for (i, &byte) in stream.iter().take(MOST_BYTES).enumerate() {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            *stream = &stream[i + 1..];
            return Ok(number);
        }
        if number == 0 {
            return Err(Damage("a position is written longer than it needs"));
        }
    }
    Err(Damage("a position is cut off"))
}

/// Move `stream` past `count` rows, eight bytes at a time.
#[inline]
fn skip_rows(stream: &mut &[u8], mut count: usize) -> Result<(), Damage> {
    while count > 0
        && let Some((word, rest)) = stream.split_first_chunk::<8>()
    {
        let mut ends = row_ends(*word);
        let within = ends.count_ones() as usize;
        if within >= count {
            // The lowest ends go until the wanted one is the lowest.
            for _ in 1..count {
                ends &= ends - 1;
            }
            *stream = &stream[ends.trailing_zeros() as usize / 8 + 1..];
            return Ok(());
        }
        count -= within;
        *stream = rest;
    }
    while count > 0 {
        let (&first, rest) = stream.split_first().ok_or(ROWS_DIFFER)?;
        count -= usize::from(ends_row(first));
        *stream = rest;
    }
    Ok(())
}

/// The bytes among eight that end a row, by their lowest bits.
#[inline]
fn row_ends(word: [u8; 8]) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(word);
    !(word | word >> 7) & LOW
}

#[inline]
fn ends_row(byte: u8) -> bool {
    byte & 0x81 == 0
}

/// Rows of a block that a skip leads over: of the list, or of the segment where it is a bitmap.
fn skips(frequency: u32, rows: u32) -> usize {
    let (all, block) = if postings::is_dense(u64::from(frequency), rows) {
        (rows, BITMAP_BLOCK)
    } else {
        (frequency, BLOCK as u32)
    };
    (all.saturating_sub(1) / block) as usize
}

/// Bytes that a number below or equal to `len` takes.
fn width_of(len: usize) -> usize {
    len.checked_ilog2().map_or(0, |log| log as usize / 8 + 1)
}

/// The skips of a list's positions, and their stream.
fn split(bytes: &[u8], frequency: u32, rows: u32) -> Result<(&[u8], &[u8]), Damage> {
    skips(frequency, rows)
        .checked_mul(width_of(bytes.len()))
        .and_then(|len| bytes.split_at_checked(len))
        .filter(|(_, stream)| stream.len() >= frequency as usize)
        .ok_or(Damage("positions are shorter than their list"))
}

/// Append the skips and `stream`, the positions in each row of `list`; the segment has `rows` rows.
///
/// # Errors
/// [`Damage`] where the stream is not of as many rows.
pub(crate) fn encode(
    list: &[u32],
    rows: u32,
    stream: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Damage> {
    let skips = skips(list.len() as u32, rows);
    let mut width = 1;
    while width_of(stream.len() + skips * width) > width {
        width += 1;
    }
    let dense = postings::is_dense(list.len() as u64, rows);
    let (mut rest, mut at) = (stream, 0);
    for skip in 1..=skips {
        let until = if dense {
            let first = skip as u64 * u64::from(BITMAP_BLOCK);
            at + list[at..].partition_point(|&row| u64::from(row) < first)
        } else {
            skip * BLOCK
        };
        skip_rows(&mut rest, until - at)?;
        at = until;
        let offset = (stream.len() - rest.len()) as u64;
        out.extend_from_slice(&offset.to_le_bytes()[..width]);
    }
    skip_rows(&mut rest, list.len() - at)?;
    if !rest.is_empty() {
        return Err(ROWS_DIFFER);
    }
    out.extend_from_slice(stream);
    Ok(())
}

/// The positions of a list over their bytes.
#[derive(Clone, Copy, Debug)]
pub struct PositionList<'a> {
    skips: &'a [u8],
    width: usize,
    stream: &'a [u8],
    postings: PostingList<'a>,
}

impl<'a> PositionList<'a> {
    /// Lay the positions of `postings`, a list of a segment of `rows` rows, over their bytes.
    ///
    /// # Errors
    /// [`Damage`] where the bytes cannot hold as many.
    pub fn new(bytes: &'a [u8], postings: PostingList<'a>, rows: u32) -> Result<Self, Damage> {
        let (skips, stream) = split(bytes, postings.len(), rows)?;
        Ok(Self {
            skips,
            width: width_of(bytes.len()),
            stream,
            postings,
        })
    }

    /// The positions of a list of `frequency` rows, one row after the other, without the skips.
    pub(crate) fn stream_of(
        bytes: &'a [u8],
        frequency: u32,
        rows: u32,
    ) -> Result<&'a [u8], Damage> {
        let (_, stream) = split(bytes, frequency, rows)?;
        let mut rest = stream;
        skip_rows(&mut rest, frequency as usize)?;
        if rest.is_empty() {
            Ok(stream)
        } else {
            Err(ROWS_DIFFER)
        }
    }

    /// Decode the positions of every row and make the skips again.
    pub(crate) fn check(&self, list: &[u32], rows: u32) -> Result<(), Damage> {
        let (mut rest, mut positions) = (self.stream, Vec::new());
        for _ in list {
            positions.clear();
            take_row(&mut rest, &mut positions)?;
        }
        let mut again = Vec::new();
        encode(list, rows, self.stream, &mut again)?;
        if again.strip_prefix(self.skips) != Some(self.stream) {
            return Err(Damage("skips of positions do not lead to their rows"));
        }
        Ok(())
    }

    /// Reads the positions of rows in ascending order.
    #[must_use]
    pub fn reader(&self) -> PositionReader<'a> {
        PositionReader {
            rows: self.postings.cursor(),
            list: *self,
            block: 0,
            passed: 0,
            rest: self.stream,
        }
    }

    /// The stream from where a block of rows begins.
    fn block(&self, block: usize) -> Result<&'a [u8], Damage> {
        let Some(skip) = block.checked_sub(1) else {
            return Ok(self.stream);
        };
        let bytes = self.skips.get(skip * self.width..(skip + 1) * self.width);
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .rfold(0, |high, &low| high << 8 | u64::from(low))
        };
        bytes
            .and_then(|bytes| usize::try_from(number(bytes)).ok())
            .and_then(|offset| self.stream.get(offset..))
            .ok_or(Damage("a skip leads past the positions"))
    }
}

/// The place of `row` in its list: a block of rows, and how many of the block come before.
#[inline]
fn place_of(row: u32, list: &mut Cursor<'_>) -> Result<Option<(usize, usize)>, Damage> {
    Ok(match list {
        Cursor::Empty => None,
        Cursor::Single(only) => (*only == row).then_some((0, 0)),
        Cursor::Bitmap(list) => list.contains(row).then(|| {
            let block = row / BITMAP_BLOCK;
            let before = list.count_range(block * BITMAP_BLOCK, row);
            (block as usize, before)
        }),
        Cursor::Packed(list) => list.place(row)?,
    })
}

/// Reads the positions of rows in ascending order; see [`PositionList::reader`].
#[derive(Debug)]
pub struct PositionReader<'a> {
    rows: Cursor<'a>,
    list: PositionList<'a>,
    /// The block at hand, its rows that were passed, and what comes behind them.
    block: usize,
    passed: usize,
    rest: &'a [u8],
}

impl PositionReader<'_> {
    /// Append the positions in `row` to `out`, ascending; none where the list does not hold it. Rows
    /// ascend strictly from call to call.
    ///
    /// # Errors
    /// [`Damage`] where the bytes contradict themselves.
    #[inline]
    pub fn read(&mut self, row: u32, out: &mut Vec<u32>) -> Result<(), Damage> {
        let Some((block, before)) = place_of(row, &mut self.rows)? else {
            return Ok(());
        };
        if block != self.block || before < self.passed {
            self.rest = self.list.block(block)?;
            (self.block, self.passed) = (block, 0);
        }
        skip_rows(&mut self.rest, before - self.passed)?;
        self.passed = before + 1;
        take_row(&mut self.rest, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_map, btree_set, vec};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    type Model = BTreeMap<u32, BTreeSet<u32>>;

    /// Rows of a segment, and positions in some of them: from one row to nearly all.
    fn models() -> impl Strategy<Value = (u32, Model)> {
        prop_oneof![1u32..40, 100u32..5_000, 1_000_000u32..u32::MAX].prop_flat_map(|rows| {
            let position = prop_oneof![8 => 0u32..20, 1 => 50u32..80, 1 => any::<u32>()];
            let positions = btree_set(position, 1..4);
            (Just(rows), btree_map(0..rows, positions, 1..900))
        })
    }

    fn rows_of(model: &Model) -> Vec<u32> {
        model.keys().copied().collect()
    }

    fn stream_of(model: &Model) -> Vec<u8> {
        let mut stream = Vec::new();
        for positions in model.values() {
            push_row(positions.iter().copied(), &mut stream);
        }
        stream
    }

    fn encoded(rows: u32, model: &Model) -> (Vec<u8>, Vec<u8>) {
        let (held, mut list, mut out) = (rows_of(model), Vec::new(), Vec::new());
        if held.len() > 1 {
            postings::encode(&held, rows, &mut list);
        }
        encode(&held, rows, &stream_of(model), &mut out).unwrap();
        (list, out)
    }

    fn list_of<'a>(rows: u32, model: &Model, bytes: &'a [u8]) -> PostingList<'a> {
        match rows_of(model)[..] {
            [only] => PostingList::Single(only),
            _ => PostingList::new(bytes, model.len() as u32, rows).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written((rows, model) in models(), asked: BTreeSet<u32>) {
            let (list, bytes) = encoded(rows, &model);
            let positions = PositionList::new(&bytes, list_of(rows, &model, &list), rows).unwrap();
            positions.check(&rows_of(&model), rows).unwrap();
            let stream = PositionList::stream_of(&bytes, model.len() as u32, rows).unwrap();
            prop_assert!(stream == stream_of(&model));
            let (mut all, mut some) = (positions.reader(), positions.reader());
            for (&row, expected) in &model {
                let mut found = Vec::new();
                all.read(row, &mut found).unwrap();
                prop_assert!(found.iter().eq(expected));
            }
            let every_third = model.keys().copied().step_by(3);
            let asked: BTreeSet<u32> = asked.into_iter().map(|row| row % rows).chain(every_third).collect();
            for row in asked {
                let mut found = Vec::new();
                some.read(row, &mut found).unwrap();
                prop_assert!(found.iter().eq(model.get(&row).into_iter().flatten()));
            }
        }

        #[test]
        fn streams_strung_together_are_the_stream_of_all((_, a) in models(), (_, b) in models()) {
            let last = a.keys().next_back().unwrap() + 1;
            let mut all = a.clone();
            all.extend(b.iter().map(|(&row, at)| (row.saturating_add(last), at.clone())));
            prop_assume!(all.len() == a.len() + b.len());
            prop_assert_eq!(stream_of(&all), [stream_of(&a), stream_of(&b)].concat());
        }

        #[test]
        fn damaged_bytes_are_told_or_read_but_never_panic(
            (rows, model) in models(), at: usize, to: u8, cut: usize,
        ) {
            let (list, mut bytes) = encoded(rows, &model);
            let at = at % bytes.len();
            bytes[at] = to;
            let list = list_of(rows, &model, &list);
            for bytes in [&bytes[..], &bytes[..cut % bytes.len()]] {
                let Ok(positions) = PositionList::new(bytes, list, rows) else { continue };
                let mut reader = positions.reader();
                let mut sound = true;
                for &row in model.keys() {
                    let mut found = Vec::new();
                    sound &= reader.read(row, &mut found).is_ok();
                    prop_assert!(found.is_sorted_by(|a, b| a < b));
                }
                prop_assert!(sound || positions.check(&rows_of(&model), rows).is_err());
                let _ = PositionList::stream_of(bytes, model.len() as u32, rows);
            }
        }

        #[test]
        fn any_bytes_end(bytes in vec(any::<u8>(), 0..40), count in 0usize..50) {
            let mut rest = bytes.as_slice();
            let skipped = skip_rows(&mut rest, count);
            let mut naive = bytes.as_slice();
            let taken: Result<Vec<()>, Damage> =
                (0..count).map(|_| take_row(&mut naive, &mut Vec::new())).collect();
            prop_assert!(taken.is_err() || (skipped.is_ok() && rest == naive));
        }
    }

    #[test]
    fn most_rows_take_one_byte() {
        let mut stream = Vec::new();
        push_row([0], &mut stream);
        push_row([63], &mut stream);
        push_row([5, 7], &mut stream);
        push_row([64], &mut stream);
        push_row([u32::MAX], &mut stream);
        let long = [0x9f, 0xff, 0xff, 0xff, 0x7e];
        assert_eq!(stream, [&[0, 126, 11, 2, 0x81, 0x00][..], &long].concat());
    }
}
