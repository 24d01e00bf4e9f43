//! MurmurHash3, x64, 128 bits, seed 0: Austin Appleby's public-domain hash.
//!
//! Useful for: telling that data is not the same as it was, fast, on every platform alike.
//! Not useful for: standing against someone who wants two inputs to collide.

const FACTOR_1: u64 = 0x87c3_7b91_1142_53d5;
const FACTOR_2: u64 = 0x4cf5_ad43_2745_937f;

/// The hash of `bytes`; its low half is the first word of the reference implementation.
pub(crate) fn hash128(bytes: &[u8]) -> u128 {
    let (mut h1, mut h2) = (0_u64, 0_u64);
    let (blocks, tail) = bytes.as_chunks::<16>();
    for block in blocks {
        let (k1, k2) = halves(block);
        h1 = (h1 ^ mix_1(k1)).rotate_left(27).wrapping_add(h2);
        h1 = h1.wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 = (h2 ^ mix_2(k2)).rotate_left(31).wrapping_add(h1);
        h2 = h2.wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let mut last = [0; 16];
    last[..tail.len()].copy_from_slice(tail);
    let (k1, k2) = halves(&last);
    h1 ^= mix_1(k1) ^ bytes.len() as u64;
    h2 ^= mix_2(k2) ^ bytes.len() as u64;
    finish(h1, h2)
}

/// The two words of a block.
fn halves(block: &[u8; 16]) -> (u64, u64) {
    let whole = u128::from_le_bytes(*block);
    (whole as u64, (whole >> 64) as u64)
}

fn mix_1(k: u64) -> u64 {
    k.wrapping_mul(FACTOR_1)
        .rotate_left(31)
        .wrapping_mul(FACTOR_2)
}

fn mix_2(k: u64) -> u64 {
    k.wrapping_mul(FACTOR_2)
        .rotate_left(33)
        .wrapping_mul(FACTOR_1)
}

/// Let every bit of the state reach every bit of the hash.
fn finish(h1: u64, h2: u64) -> u128 {
    let h1 = h1.wrapping_add(h2);
    let h2 = h2.wrapping_add(h1);
    let (h1, h2) = (avalanche(h1), avalanche(h2));
    let h1 = h1.wrapping_add(h2);
    let h2 = h2.wrapping_add(h1);
    u128::from(h2) << 64 | u128::from(h1)
}

fn avalanche(mut k: u64) -> u64 {
    k = (k ^ (k >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    k = (k ^ (k >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ (k >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_reference_implementation() {
        for (bytes, expected) in [
            (&b""[..], 0),
            (b"a", 0xe6b5_3a48_510e_895a_8555_5565_f659_7889),
            (b"hello", 0x5b1e_906a_48ae_1d19_cbd8_a7b3_41bd_9b02),
            (
                b"0123456789abcdef",
                0x87c3_5b5c_63a7_08da_4be0_6d94_cf4a_d1a7,
            ),
            (
                b"The quick brown fox jumps over the lazy dog",
                0x7a43_3ca9_c49a_9347_e34b_bc7b_bc07_1b6c,
            ),
        ] {
            assert_eq!(hash128(bytes), expected, "{bytes:?}");
        }
    }
}
