//! `cargo fuzz run manifest`: see `wagidx_fuzz::manifest`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wagidx_fuzz::manifest::check(data));
