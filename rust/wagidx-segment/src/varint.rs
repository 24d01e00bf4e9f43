//! LEB128 integers: seven bits a byte, low bits first, the high bit says that more follow.

use crate::Damage;

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

/// Move `bytes` past `count` integers, eight bytes at a time.
#[inline]
pub(crate) fn skip(bytes: &mut &[u8], mut count: usize) -> Result<(), Damage> {
    const LAST_OF_EACH: u64 = 0x8080_8080_8080_8080;
    while let Some((word, rest)) = bytes.split_first_chunk::<8>() {
        let ends = (!u64::from_le_bytes(*word) & LAST_OF_EACH).count_ones() as usize;
        if ends >= count {
            break;
        }
        count -= ends;
        *bytes = rest;
    }
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
