//! LEB128 integers: seven bits a byte, low bits first, the high bit says that more follow.

use crate::Damage;

/// Of eight bytes, the bits that are clear where an integer ends.
const LAST_OF_EACH: u64 = 0x8080_8080_8080_8080;

/// Append `value`; 1 to 10 bytes.
pub(crate) fn write(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Read one integer from the front of `bytes` and move `bytes` past it.
#[inline]
pub(crate) fn read(bytes: &mut &[u8]) -> Result<u64, Damage> {
    if let [first, rest @ ..] = *bytes
        && *first < 0x80
    {
        *bytes = rest;
        return Ok(u64::from(*first));
    }
    if let [first, second, rest @ ..] = *bytes
        && *second < 0x80
    {
        *bytes = rest;
        return Ok(u64::from(*first & 0x7f) | u64::from(*second) << 7);
    }
    read_long(bytes)
}

fn read_long(bytes: &mut &[u8]) -> Result<u64, Damage> {
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().take(10).enumerate() {
        let low = u64::from(byte & 0x7f);
        if i == 9 && byte > 1 {
            return Err(Damage("an integer does not fit 64 bits"));
        }
        value |= low << (7 * i);
        if byte < 0x80 {
            *bytes = &bytes[i + 1..];
            return Ok(value);
        }
    }
    Err(Damage("an integer is cut off"))
}

/// Read one integer that must fit `u32`.
#[inline]
pub(crate) fn read_u32(bytes: &mut &[u8]) -> Result<u32, Damage> {
    u32::try_from(read(bytes)?).map_err(|_| Damage("an integer does not fit 32 bits"))
}

/// As [`read`], without a branch on how long the integer is: for integers of mixed lengths.
#[inline]
pub(crate) fn read_mixed(bytes: &mut &[u8]) -> Result<u64, Damage> {
    let Some(word) = bytes.first_chunk::<8>() else {
        return read(bytes);
    };
    let word = u64::from_le_bytes(*word);
    let ends = !word & LAST_OF_EACH;
    if ends == 0 {
        return read_long(bytes);
    }
    take(bytes, ends.trailing_zeros() as usize / 8 + 1)?;
    // The bits up to the first end, then groups of 7 bits side by side, of 14, of 28.
    let groups = word & (ends ^ (ends - 1)) & !LAST_OF_EACH;
    let groups = groups & 0x007f_007f_007f_007f | (groups & 0x7f00_7f00_7f00_7f00) >> 1;
    let groups = groups & 0x0000_3fff_0000_3fff | (groups & 0x3fff_0000_3fff_0000) >> 2;
    Ok(groups & 0x0fff_ffff | (groups & 0x0fff_ffff_0000_0000) >> 4)
}

/// Move `bytes` past `count` integers, eight bytes at a time.
#[inline]
pub(crate) fn skip(bytes: &mut &[u8], mut count: usize) -> Result<(), Damage> {
    const ONE_IN_EACH: u64 = LAST_OF_EACH >> 7;
    while count > 0 {
        let Some(word) = bytes.first_chunk::<8>() else {
            return skip_bytewise(bytes, count);
        };
        let ends = !u64::from_le_bytes(*word) & LAST_OF_EACH;
        let found = ends.count_ones() as usize;
        if found >= count {
            // Ends up to each byte, and the first byte where these are as many as wanted.
            let upto = (ends >> 7).wrapping_mul(ONE_IN_EACH);
            let enough = ((upto | LAST_OF_EACH) - count as u64 * ONE_IN_EACH) & LAST_OF_EACH;
            take(bytes, enough.trailing_zeros() as usize / 8 + 1)?;
            return Ok(());
        }
        count -= found;
        take(bytes, 8)?;
    }
    Ok(())
}

fn skip_bytewise(bytes: &mut &[u8], mut count: usize) -> Result<(), Damage> {
    while count > 0 {
        let (first, rest) = bytes.split_first().ok_or(Damage("an integer is cut off"))?;
        count -= usize::from(*first < 0x80);
        *bytes = rest;
    }
    Ok(())
}

/// Take `len` bytes from the front of `bytes`.
#[inline]
pub(crate) fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Result<&'a [u8], Damage> {
    let (head, rest) = bytes
        .split_at_checked(len)
        .ok_or(Damage("a length runs past its section"))?;
    *bytes = rest;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(values: Vec<u64>) {
            let mut out = Vec::new();
            values.iter().for_each(|&v| write(&mut out, v));
            let mut bytes = out.as_slice();
            for &v in &values {
                prop_assert_eq!(read(&mut bytes), Ok(v));
            }
            prop_assert!(bytes.is_empty());
        }

        #[test]
        fn reading_by_either_way_is_the_same(values: Vec<(u64, u32)>, damaged: Vec<u8>) {
            let mut out = Vec::new();
            values.iter().for_each(|&(value, bits)| write(&mut out, value >> (bits % 64)));
            out.extend(damaged);
            let (mut mixed, mut plain) = (out.as_slice(), out.as_slice());
            loop {
                let value = read(&mut plain);
                prop_assert_eq!(&read_mixed(&mut mixed), &value);
                prop_assert_eq!(mixed, plain);
                if value.is_err() {
                    break;
                }
            }
        }

        #[test]
        fn skipping_is_reading_and_dropping(values: Vec<u64>, count: usize) {
            let mut out = Vec::new();
            values.iter().for_each(|&v| write(&mut out, v >> (v % 64)));
            let count = count % (values.len() + 2);
            let (mut skipped, mut read_on) = (out.as_slice(), out.as_slice());
            let reading: Result<Vec<u64>, _> = (0..count).map(|_| read(&mut read_on)).collect();
            prop_assert_eq!(skip(&mut skipped, count).is_ok(), reading.is_ok());
            prop_assert!(reading.is_err() || skipped == read_on);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let mut rest = bytes.as_slice();
            while read(&mut rest).is_ok() {}
        }
    }

    #[test]
    fn cut_and_overlong_integers_are_damage() {
        assert!(read(&mut [0x80u8].as_slice()).is_err());
        assert!(read(&mut [0xffu8; 11].as_slice()).is_err());
        assert!(read_u32(&mut [0xff, 0xff, 0xff, 0xff, 0x1f].as_slice()).is_err());
    }
}
