//! Options of a query: the reading asked, and what is done with terms that no row holds.

use crate::{Error, Index, Result};

/// What is done with a term that no row of the index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Its concept has no row.
    #[default]
    Zero,
    /// It is dropped; a concept whose terms are all dropped has no row.
    Ignore,
}

/// The reading in which terms are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pos {
    /// The concept's last term as a noun where it can be one, the others in any reading.
    Head,
    /// Every term as a noun.
    Noun,
    /// Every term in any reading.
    #[default]
    Any,
}

/// Options of a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The reading asked; `None` is the index's default.
    pub pos: Option<Pos>,
    /// What is done with missing terms.
    pub missing: Missing,
}

impl Options {
    /// The reading asked, or the index's default.
    ///
    /// # Errors
    /// [`Error::Argument`] for a reading that the index does not have.
    pub(super) fn reading(&self, index: &Index) -> Result<Pos> {
        match self.pos {
            Some(pos @ (Pos::Head | Pos::Noun)) if !index.has_readings() => {
                let name = if pos == Pos::Head { "head" } else { "noun" };
                Err(Error::Argument(format!(
                    "pos={name} needs an index with noun readings; this one was built with the \
                     analyzer {} and answers pos=any",
                    index.analyzer().tier()
                )))
            }
            Some(pos) => Ok(pos),
            None if index.has_readings() => Ok(Pos::Head),
            None => Ok(Pos::Any),
        }
    }
}
