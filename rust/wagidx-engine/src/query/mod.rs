//! Concepts and expressions → terms → rows or counts.
//!
//! A question goes through three steps: [`Expression`] (what was asked), [`plan`] (keys by the
//! index's own analyzer, looked up in every segment), and [`evaluate`] (rows, a stripe of rows at a
//! time). A batch is planned as one, so that each list is decoded once a stripe for all of it. The count
//! of one concept takes a fast path, [`ConceptCount`].

mod balance;
mod concept;
mod doc_set;
mod evaluate;
mod explain;
mod expression;
mod joint;
mod keys;
mod options;
mod phrase;
mod plan;
mod planned_term;
mod rows;
mod stripes;
mod vocabulary;

pub use balance::Draws;
pub use concept::{AskedTerm, ConceptCount, terms_asked};
pub use doc_set::{DocSet, roaring_bytes, roaring_len};
pub use evaluate::Query;
pub use explain::{Explanation, TermReport, explain};
pub use expression::Expression;
pub use joint::JointCounts;
pub use options::{Missing, Options, Pos};
pub use vocabulary::{Vocabulary, distinct, nearest, top};
