//! Errors of building and querying; each kind becomes one Python exception.

use std::path::Path;

/// Result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error whose message says what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// From a segment file.
    #[error(transparent)]
    Segment(#[from] wagidx_segment::Error),
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder at hand.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The folder is no index, or one this library does not read.
    #[error("{0}")]
    Format(String),
    /// The bytes are not what the writer wrote.
    #[error("{0}")]
    Corrupt(String),
    /// A concept without a term to look up.
    #[error("{0}")]
    Concept(String),
    /// The index was built without what the question needs.
    #[error("{0}")]
    MissingField(String),
    /// An invalid argument.
    #[error("{0}")]
    Argument(String),
    /// Stopped from outside.
    #[error("interrupted")]
    Cancelled,
}

impl Error {
    /// A file or folder of an index whose bytes are not what the writer wrote.
    pub(crate) fn damaged(path: &Path, what: &str) -> Self {
        let path = path.display();
        Self::Corrupt(format!("{path}: damaged: {what}; rebuild or restore it"))
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}
