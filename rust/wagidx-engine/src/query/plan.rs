//! Expressions → terms looked up: each distinct term once, whatever the number of expressions.

use super::Expression;
use super::keys::{Keys, with_keys, with_phrase_keys};
use super::options::{Missing, Options, Pos};
use super::phrase::Phrase;
use super::planned_term::PlannedTerm;
use crate::{Error, Index, Result};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Most offending concepts an error names.
const NAMED: usize = 10;

/// An expression over planned terms, by their numbers.
#[derive(Debug)]
pub(super) enum Node {
    /// No row.
    Nothing,
    /// Rows that hold every term; the rarest first, never empty.
    Terms(Box<[u32]>),
    /// Rows that hold a phrase of several terms.
    Phrase(Phrase),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Vec<Node>),
}

impl Node {
    /// The terms that all of its rows hold, where it is of terms alone.
    pub(super) fn terms(&self) -> Option<&[u32]> {
        match self {
            Self::Terms(terms) => Some(terms),
            Self::Phrase(phrase) => Some(&phrase.terms),
            _ => None,
        }
    }

    /// Call `each` with every term, once for each time it stands there.
    pub(super) fn each_term(&self, each: &mut impl FnMut(u32)) {
        match self {
            Self::Nothing => {}
            Self::Terms(terms) => terms.iter().copied().for_each(each),
            Self::Phrase(phrase) => phrase.terms.iter().copied().for_each(each),
            Self::And(of) | Self::Or(of) | Self::Not(of) => {
                of.iter().for_each(|node| node.each_term(each));
            }
        }
    }
}

/// Expressions ready to be evaluated.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub terms: Vec<PlannedTerm>,
    pub nodes: Vec<Node>,
}

/// Plan `expressions`.
///
/// # Errors
/// [`Error::Concept`] naming every concept without a term, [`Error::MissingField`] for a phrase where
/// the index keeps no positions, [`Error::Argument`] for a reading that the index does not have or a
/// phrase with missing terms ignored.
pub(super) fn plan(index: &Index, expressions: &[Expression], options: Options) -> Result<Plan> {
    let pos = options.reading(index)?;
    let mut planner = Planner {
        index,
        pos,
        missing: options.missing,
        known: Default::default(),
        terms: Vec::new(),
        wordless: Vec::new(),
    };
    let mut nodes = Vec::with_capacity(expressions.len());
    for (row, expression) in expressions.iter().enumerate() {
        nodes.push(planner.node(row, expression)?);
    }
    if planner.wordless.is_empty() {
        Ok(Plan {
            terms: planner.terms,
            nodes,
        })
    } else {
        Err(wordless(&planner.wordless, expressions.len()))
    }
}

/// A phrase asks where its terms stand, and all of them.
fn check_phrase(index: &Index, text: &str, missing: Missing) -> Result<()> {
    if missing != Missing::Zero {
        return Err(Error::Argument(format!(
            "phrase {text:?} does not go with missing=ignore: a phrase needs all its words"
        )));
    }
    if !index.has_positions() {
        return Err(Error::MissingField(format!(
            "{}: phrases need an index built with --positions (positions=True); this one has none",
            index.folder().display()
        )));
    }
    Ok(())
}

/// The error that names concepts without a term, by their rows of the `asked` ones, the first being 1.
pub(super) fn wordless(found: &[(usize, String)], asked: usize) -> Error {
    let [(_, only)] = found else {
        let name = |(row, concept): &(usize, String)| format!("{concept:?} (row {})", row + 1);
        let names: Vec<String> = found.iter().take(NAMED).map(name).collect();
        let more = found.len().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        return Error::Concept(format!(
            "{} concepts have no word to look for: {}{more}; drop or correct them",
            found.len(),
            names.join(", ")
        ));
    };
    let row = if asked > 1 {
        format!(" (row {})", found[0].0 + 1)
    } else {
        String::new()
    };
    Error::Concept(format!(
        "concept {only:?}{row} has no word to look for; a concept needs a letter, a digit or a symbol"
    ))
}

struct Planner<'a> {
    index: &'a Index,
    pos: Pos,
    missing: Missing,
    /// Numbers of terms asked in any reading, and of those asked as a noun.
    known: [HashMap<Box<str>, u32, FixedState>; 2],
    terms: Vec<PlannedTerm>,
    wordless: Vec<(usize, String)>,
}

impl Planner<'_> {
    fn node(&mut self, row: usize, expression: &Expression) -> Result<Node> {
        Ok(match expression {
            Expression::Concept(concept) => self.concept(row, concept)?,
            Expression::Phrase(text) => self.phrase(row, text)?,
            Expression::AllOf(of) => Node::And(self.operands(row, of)?),
            Expression::AnyOf(of) => Node::Or(self.operands(row, of)?),
            Expression::NoneOf(of) => Node::Not(self.operands(row, of)?),
        })
    }

    fn operands(&mut self, row: usize, of: &[Expression]) -> Result<Vec<Node>> {
        of.iter().map(|operand| self.node(row, operand)).collect()
    }

    fn concept(&mut self, row: usize, concept: &str) -> Result<Node> {
        let node = with_keys(self.index.analyzer(), concept, self.pos, |keys| {
            self.terms_of(keys)
        });
        Ok(self.unless_wordless(row, concept, node?))
    }

    fn phrase(&mut self, row: usize, text: &str) -> Result<Node> {
        check_phrase(self.index, text, self.missing)?;
        let node = with_phrase_keys(self.index.analyzer(), text, self.pos, |keys| {
            self.terms_in_order(keys)
        });
        Ok(self.unless_wordless(row, text, node?))
    }

    fn unless_wordless(&mut self, row: usize, text: &str, node: Option<Node>) -> Node {
        node.unwrap_or_else(|| {
            self.wordless.push((row, text.to_owned()));
            Node::Nothing
        })
    }

    /// Rows of the phrase of all keys; nothing where there is none.
    fn terms_in_order(&mut self, keys: &Keys) -> Result<Option<Node>> {
        let mut terms = Vec::with_capacity(keys.len());
        for (key, noun_only) in keys.iter() {
            terms.push(self.term(key, noun_only)?);
        }
        let rows = |term: u32| self.terms[term as usize].frequency;
        Ok(match terms[..] {
            [] => None,
            _ if terms.iter().any(|&term| rows(term) == 0) => Some(Node::Nothing),
            [only] => Some(Node::Terms([only].into())),
            _ => Some(Node::Phrase(Phrase::new(&terms, rows))),
        })
    }

    /// Rows of all keys; nothing where there is none.
    fn terms_of(&mut self, keys: &Keys) -> Result<Option<Node>> {
        if keys.len() == 0 {
            return Ok(None);
        }
        let mut terms = Vec::with_capacity(keys.len());
        for (key, noun_only) in keys.iter() {
            let term = self.term(key, noun_only)?;
            if self.terms[term as usize].frequency > 0 {
                terms.push(term);
            } else if self.missing == Missing::Zero {
                return Ok(Some(Node::Nothing));
            }
        }
        if terms.is_empty() {
            return Ok(Some(Node::Nothing));
        }
        terms.sort_unstable_by_key(|&term| (self.terms[term as usize].frequency, term));
        Ok(Some(Node::Terms(terms.into())))
    }

    fn term(&mut self, key: &str, noun_only: bool) -> Result<u32> {
        let known = &mut self.known[usize::from(noun_only)];
        if let Some(&number) = known.get(key) {
            return Ok(number);
        }
        let number = self.terms.len() as u32;
        self.terms
            .push(PlannedTerm::new(self.index, key, noun_only)?);
        known.insert(key.into(), number);
        Ok(number)
    }
}
