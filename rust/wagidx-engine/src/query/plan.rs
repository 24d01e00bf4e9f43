//! Expressions → terms looked up: each distinct term once, whatever the number of expressions.

use super::Expression;
use crate::{Error, Index, Result};
use std::collections::HashMap;
use wagidx_segment::{ListRef, TermEntry};
use wagidx_text::Scratch;

/// What becomes of a term that no row of the index holds.
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

/// How a question is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The reading asked; `None` is the index's default.
    pub pos: Option<Pos>,
    /// What becomes of missing terms.
    pub missing: Missing,
}

/// Most offending concepts an error names.
const NAMED: usize = 10;

/// A term in the reading asked.
#[derive(Debug)]
pub(super) struct PlannedTerm {
    noun_only: bool,
    entries: Vec<Option<TermEntry>>,
    /// Rows of the whole index that hold it.
    pub frequency: u64,
}

impl PlannedTerm {
    /// Its lists in one segment: noun and other, those not asked or not there empty.
    pub(super) fn lists(&self, segment: usize) -> [ListRef; 2] {
        match self.entries.get(segment).copied().flatten() {
            None => [ListRef::EMPTY; 2],
            Some(entry) if self.noun_only => [entry.noun, ListRef::EMPTY],
            Some(entry) => [entry.noun, entry.other],
        }
    }

    /// Rows of one segment that hold it.
    pub(super) fn frequency_in(&self, segment: usize) -> u32 {
        self.entries
            .get(segment)
            .copied()
            .flatten()
            .map_or(0, |entry| asked(&entry, self.noun_only))
    }
}

fn asked(entry: &TermEntry, noun_only: bool) -> u32 {
    if noun_only {
        entry.noun.frequency
    } else {
        entry.any
    }
}

/// An expression over planned terms, by their numbers.
#[derive(Debug)]
pub(super) enum Node {
    /// No row.
    Nothing,
    /// Rows that hold every term; the rarest first, never empty.
    Terms(Box<[u32]>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Vec<Node>),
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
/// [`Error::Concept`] naming every concept without a term, [`Error::Argument`] for a reading that the
/// index does not have.
pub(super) fn plan(index: &Index, expressions: &[Expression], options: Options) -> Result<Plan> {
    let pos = check_pos(index, options.pos)?;
    let mut planner = Planner {
        index,
        pos,
        missing: options.missing,
        known: HashMap::new(),
        scratch: Scratch::default(),
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

fn check_pos(index: &Index, pos: Option<Pos>) -> Result<Pos> {
    match pos {
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

fn wordless(found: &[(usize, String)], asked: usize) -> Error {
    let [(_, only)] = found else {
        let name = |(row, concept): &(usize, String)| format!("{concept:?} (row {row})");
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
        format!(" (row {})", found[0].0)
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
    known: HashMap<(String, bool), u32>,
    scratch: Scratch,
    terms: Vec<PlannedTerm>,
    wordless: Vec<(usize, String)>,
}

impl Planner<'_> {
    fn node(&mut self, row: usize, expression: &Expression) -> Result<Node> {
        Ok(match expression {
            Expression::Concept(concept) => self.concept(row, concept)?,
            Expression::AllOf(of) => Node::And(self.operands(row, of)?),
            Expression::AnyOf(of) => Node::Or(self.operands(row, of)?),
            Expression::NoneOf(of) => Node::Not(self.operands(row, of)?),
        })
    }

    fn operands(&mut self, row: usize, of: &[Expression]) -> Result<Vec<Node>> {
        of.iter().map(|operand| self.node(row, operand)).collect()
    }

    fn concept(&mut self, row: usize, concept: &str) -> Result<Node> {
        let keys = self.keys(concept);
        if keys.is_empty() {
            self.wordless.push((row, concept.to_owned()));
            return Ok(Node::Nothing);
        }
        let mut terms = Vec::with_capacity(keys.len());
        for (key, noun_only) in keys {
            let term = self.term(key, noun_only)?;
            if self.terms[term as usize].frequency > 0 {
                terms.push(term);
            } else if self.missing == Missing::Zero {
                return Ok(Node::Nothing);
            }
        }
        if terms.is_empty() {
            return Ok(Node::Nothing);
        }
        terms.sort_unstable_by_key(|&term| (self.terms[term as usize].frequency, term));
        terms.dedup();
        Ok(Node::Terms(terms.into()))
    }

    /// The concept's keys, each with whether it is asked as a noun.
    fn keys(&mut self, concept: &str) -> Vec<(String, bool)> {
        let analyzer = self.index.analyzer();
        let mut keys = Vec::new();
        analyzer.concept(concept, &mut self.scratch, |token| {
            keys.push(token.key.to_owned());
        });
        let last = keys.len().saturating_sub(1);
        keys.into_iter()
            .enumerate()
            .map(|(i, key)| {
                let noun = match self.pos {
                    Pos::Any => false,
                    Pos::Noun => true,
                    Pos::Head => i == last && analyzer.can_be_noun(&key),
                };
                (key, noun)
            })
            .collect()
    }

    fn term(&mut self, key: String, noun_only: bool) -> Result<u32> {
        let asked_term = (key, noun_only);
        if let Some(&known) = self.known.get(&asked_term) {
            return Ok(known);
        }
        let entries = self.index.entries(&asked_term.0)?;
        let rows = |entry: &TermEntry| u64::from(asked(entry, noun_only));
        let frequency = entries.iter().flatten().map(rows).sum();
        let number = self.terms.len() as u32;
        self.terms.push(PlannedTerm {
            noun_only,
            entries,
            frequency,
        });
        self.known.insert(asked_term, number);
        Ok(number)
    }
}
