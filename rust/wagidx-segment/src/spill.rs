//! Bytes gathered beside a file that is being written, for a section that comes behind another.
//!
//! A dictionary is complete only when the last list is written, and at billions of captions it is
//! larger than the memory a merge is given. So once it is no longer small it goes into an
//! unnamed file, which disappears with the writer, however that ends.
//!
//! Useful for: one section of unknown size. Not useful for: bytes that are read before the end.

use std::fs::File;
use std::io::{Read, Result, Seek, Write};
use std::path::{Path, PathBuf};

/// Bytes that are kept in memory.
const HELD: usize = 16 << 20;

/// Bytes in the order they were added.
pub(crate) struct Spill {
    folder: PathBuf,
    most: usize,
    held: Vec<u8>,
    file: Option<File>,
    spilled: u64,
}

impl Spill {
    /// Nothing yet; what does not stay in memory goes into `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self::holding(folder, HELD)
    }

    fn holding(folder: &Path, most: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            most,
            held: Vec::new(),
            file: None,
            spilled: 0,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.spilled + self.held.len() as u64
    }

    /// Add what `write` appends.
    pub(crate) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        write(&mut self.held);
        if self.held.len() < self.most {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        file.write_all(&self.held)?;
        self.spilled += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Hand all bytes on.
    pub(crate) fn drain(self, mut put: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let Some(mut file) = self.file {
            file.rewind()?;
            let mut window = vec![0; 1 << 20];
            loop {
                match file.read(&mut window)? {
                    0 => break,
                    read => put(&window[..read])?,
                }
            }
        }
        put(&self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_added_is_what_is_drained(
            parts in vec(vec(any::<u8>(), 0..40), 0..30),
            most in 1usize..100,
        ) {
            let folder = tempfile::tempdir()?;
            let mut spill = Spill::holding(folder.path(), most);
            for part in &parts {
                spill.add(|out| out.extend_from_slice(part))?;
            }
            let expected = parts.concat();
            prop_assert_eq!(spill.len(), expected.len() as u64);
            prop_assert!(spill.held.len() < most);
            // The file has no name that could be left behind.
            prop_assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
            let mut drained = Vec::new();
            spill.drain(|bytes| {
                drained.extend_from_slice(bytes);
                Ok(())
            })?;
            prop_assert_eq!(drained, expected);
        }
    }
}
