//! What was asked: a concept, a phrase, or several combined.

/// A question about rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Rows that hold every term of the concept, in any order.
    Concept(String),
    /// Rows that hold the terms of the text side by side, in its order.
    Phrase(String),
    /// Rows of every operand.
    AllOf(Vec<Expression>),
    /// Rows of any operand.
    AnyOf(Vec<Expression>),
    /// Rows that have text and belong to no operand.
    NoneOf(Vec<Expression>),
}

impl From<&str> for Expression {
    fn from(concept: &str) -> Self {
        Self::Concept(concept.to_owned())
    }
}
