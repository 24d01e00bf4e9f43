//! How deep the analysis goes.

use std::fmt;
use std::str::FromStr;

/// How a term becomes its key. An index has one tier, and its queries use it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// The folded term as it stands: "dogs" and "dog" apart.
    Surface,
    /// The guarded lemma of the folded term: both numbers of a noun together.
    Lemma,
    /// The same key, and nouns apart from other words.
    Noun,
}

impl Tier {
    /// Every tier, the shallowest first.
    pub const ALL: [Self; 3] = [Self::Surface, Self::Lemma, Self::Noun];

    /// The name on the command line and in an index.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Surface => "surface",
            Self::Lemma => "lemma",
            Self::Noun => "noun",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(name: &str) -> Result<Self, UnknownTier> {
        let known = Self::ALL.into_iter().find(|tier| tier.name() == name);
        known.ok_or_else(|| UnknownTier(name.to_owned()))
    }
}

/// No tier has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTier(String);

impl fmt::Display for UnknownTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [surface, lemma, noun] = Tier::ALL;
        write!(
            f,
            "analyzer {:?} is not known; there are {surface}, {lemma} and {noun}",
            self.0
        )
    }
}

impl std::error::Error for UnknownTier {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_parses_back_to_its_tier() {
        for tier in Tier::ALL {
            assert_eq!(tier.to_string().parse(), Ok(tier));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = "Lemma".parse::<Tier>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"analyzer "Lemma" is not known; there are surface, lemma and noun"#
        );
    }
}
