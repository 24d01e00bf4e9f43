//! `cargo fuzz run segment`: see `wagidx_fuzz::segment`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wagidx_fuzz::segment::check(data));
