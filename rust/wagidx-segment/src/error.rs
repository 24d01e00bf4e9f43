//! What can go wrong with a segment: the file system, the bytes, or a limit.

use std::path::{Path, PathBuf};

/// Result of everything that touches a segment file.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error that names its file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file at hand.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The bytes are not what the writer wrote.
    #[error("{}: damaged: {damage}; run `wagidx verify`, then rebuild or restore the file", path.display())]
    Corrupt {
        /// The file at hand.
        path: PathBuf,
        /// What was found.
        damage: Damage,
    },
    /// Bytes that differ from their checksum.
    #[error(
        "{}: damaged: {chunks} of its 1 MiB chunks fail their checksum, the first at bytes {}..{}; \
         rebuild or restore the file",
        path.display(), first.start, first.end
    )]
    Checksum {
        /// The file at hand.
        path: PathBuf,
        /// Number of damaged chunks.
        chunks: usize,
        /// Byte range of the first.
        first: std::ops::Range<u64>,
    },
    /// The file is no segment, or one of another version.
    #[error("{}: {what}", path.display())]
    Format {
        /// The file at hand.
        path: PathBuf,
        /// What was found and what to do.
        what: String,
    },
    /// Stopped from outside.
    #[error("interrupted")]
    Cancelled,
    /// More than the format can hold.
    #[error("{0}")]
    Limit(String),
}

impl Error {
    /// What a writer was given does not fit together.
    pub(crate) fn misfit(damage: Damage) -> Self {
        Self::Limit(damage.0.into())
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn corrupt(path: &Path) -> impl FnOnce(Damage) -> Self + '_ {
        move |damage| Self::Corrupt {
            path: path.to_owned(),
            damage,
        }
    }
}

/// A contradiction found while decoding. It does not know its file: [`crate::Segment`] adds that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damage(pub &'static str);
