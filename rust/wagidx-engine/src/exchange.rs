//! Swaps two folders atomically: at no moment is one of the names missing.

use crate::{Error, Result};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::path::Path;

/// Swap two paths in one step. False where the kernel or the file system has no such
/// step, and nothing was done.
///
/// # Errors
/// [`Error::Io`], also where one of the two is not there.
pub fn exchange(one: &Path, other: &Path) -> Result<bool> {
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(Error::io(other)(error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::exchange;

    #[test]
    fn folders_trade_places() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        for path in [&one, &other] {
            std::fs::create_dir(path).unwrap();
            std::fs::write(path.join("name"), path.to_str().unwrap()).unwrap();
        }
        if exchange(&one, &other).unwrap() {
            let inside = std::fs::read_to_string(one.join("name")).unwrap();
            assert_eq!(inside, other.to_str().unwrap());
        }
        assert!(exchange(&one, &folder.path().join("nothing")).is_err());
    }
}
