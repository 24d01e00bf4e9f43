//! `cargo fuzz run query`: see `wagidx_fuzz::query`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wagidx_fuzz::query::check(data));
