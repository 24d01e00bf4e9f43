//! The tags of the tagger: the Penn Treebank's, those alike to a reader of captions taken as one.

/// A part of speech. The four nouns stay apart; forms of adjectives and adverbs, punctuation,
/// symbols, pronouns and what is no English word are each one tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the treebank's")]
pub enum Tag {
    NN,
    NNS,
    NNP,
    NNPS,
    VB,
    VBD,
    VBG,
    VBN,
    VBP,
    VBZ,
    MD,
    /// Adjectives in every degree.
    JJ,
    /// Adverbs in every degree.
    RB,
    RP,
    IN,
    TO,
    /// Determiners, predeterminers and the determiner "which".
    DT,
    /// Pronouns, "there is" and "who".
    PRP,
    /// Possessive pronouns and "whose".
    PRPS,
    WRB,
    CD,
    CC,
    POS,
    UH,
    /// Symbols and currencies.
    SYM,
    /// Punctuation of every kind.
    PUNCT,
    /// Foreign words, addresses, list marks, what is no word.
    X,
}

/// How many tags there are.
pub(crate) const TAGS: usize = Tag::ALL.len();

impl Tag {
    /// Every tag, in the order of their numbers.
    pub const ALL: [Self; 27] = [
        Self::NN,
        Self::NNS,
        Self::NNP,
        Self::NNPS,
        Self::VB,
        Self::VBD,
        Self::VBG,
        Self::VBN,
        Self::VBP,
        Self::VBZ,
        Self::MD,
        Self::JJ,
        Self::RB,
        Self::RP,
        Self::IN,
        Self::TO,
        Self::DT,
        Self::PRP,
        Self::PRPS,
        Self::WRB,
        Self::CD,
        Self::CC,
        Self::POS,
        Self::UH,
        Self::SYM,
        Self::PUNCT,
        Self::X,
    ];

    /// The tag that a Penn Treebank tag, or one of English treebanks after it, belongs to.
    #[must_use]
    pub fn from_ptb(name: &str) -> Option<Self> {
        Some(match name {
            "NN" => Self::NN,
            "NNS" => Self::NNS,
            "NNP" => Self::NNP,
            "NNPS" => Self::NNPS,
            "VB" => Self::VB,
            "VBD" => Self::VBD,
            "VBG" => Self::VBG,
            "VBN" => Self::VBN,
            "VBP" => Self::VBP,
            "VBZ" => Self::VBZ,
            "MD" => Self::MD,
            "JJ" | "JJR" | "JJS" => Self::JJ,
            "RB" | "RBR" | "RBS" => Self::RB,
            "RP" => Self::RP,
            "IN" => Self::IN,
            "TO" => Self::TO,
            "DT" | "PDT" | "WDT" => Self::DT,
            "PRP" | "EX" | "WP" => Self::PRP,
            "PRP$" | "WP$" => Self::PRPS,
            "WRB" => Self::WRB,
            "CD" => Self::CD,
            "CC" => Self::CC,
            "POS" => Self::POS,
            "UH" => Self::UH,
            "SYM" | "$" | "#" => Self::SYM,
            "." | "," | ":" | "``" | "''" | "\"" | "-LRB-" | "-RRB-" | "HYPH" | "NFP" => {
                Self::PUNCT
            }
            "FW" | "ADD" | "LS" | "AFX" | "GW" | "XX" | "_SP" => Self::X,
            _ => return None,
        })
    }

    /// Common nouns and names.
    #[must_use]
    pub fn is_noun(self) -> bool {
        matches!(self, Self::NN | Self::NNS | Self::NNP | Self::NNPS)
    }

    /// The kind of noun, as lemmas tell them apart: 1 for NN, 2 for NNS, 3 for NNP and NNPS; 0 for any
    /// other word.
    #[must_use]
    pub fn noun_kind(self) -> u8 {
        match self {
            Self::NN => 1,
            Self::NNS => 2,
            Self::NNP | Self::NNPS => 3,
            _ => 0,
        }
    }

    /// A tag of this kind of noun; `None` for 0, and for a number that is none.
    #[must_use]
    pub fn of_noun_kind(kind: u8) -> Option<Self> {
        match kind {
            1 => Some(Self::NN),
            2 => Some(Self::NNS),
            3 => Some(Self::NNP),
            _ => None,
        }
    }

    /// The tag with this number.
    pub(crate) fn of(number: usize) -> Self {
        Self::ALL[number]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_stand_under_their_numbers() {
        for (number, tag) in Tag::ALL.into_iter().enumerate() {
            assert_eq!(tag as usize, number);
            assert_eq!(Tag::of(number), tag);
        }
    }

    #[test]
    fn penn_tags_fold_into_ours() {
        for (name, tag) in [
            ("NNPS", Some(Tag::NNPS)),
            ("JJS", Some(Tag::JJ)),
            ("-LRB-", Some(Tag::PUNCT)),
            ("NOUN", None),
        ] {
            assert_eq!(Tag::from_ptb(name), tag);
        }
    }
}
