//! `cargo fuzz run text`: see `wagidx_fuzz::text`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wagidx_fuzz::text::check(data));
