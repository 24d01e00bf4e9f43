//! Whose keys an index is filed under: the library's own, or the study's.

use std::fmt;
use std::str::FromStr;

/// What keys do with case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// It is folded, in captions and in concepts.
    #[default]
    Fold,
    /// The study's: nouns only, under spaCy's lemma given the tag, case kept and all but ASCII letters
    /// removed; concepts are looked up in small letters, so a name in capitals is never found.
    Paper,
}

impl Case {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Fold, Self::Paper];

    /// The name on the command line and in an index.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fold => "fold",
            Self::Paper => "paper",
        }
    }
}

impl FromStr for Case {
    type Err = UnknownCase;

    fn from_str(name: &str) -> Result<Self, UnknownCase> {
        let known = Self::ALL.into_iter().find(|case| case.name() == name);
        known.ok_or_else(|| UnknownCase(name.to_owned()))
    }
}

/// No case has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCase(String);

impl fmt::Display for UnknownCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [fold, paper] = Case::ALL.map(Case::name);
        write!(
            f,
            "case {:?} is not known; there are {fold} and {paper}",
            self.0
        )
    }
}

impl std::error::Error for UnknownCase {}
