//! Plans → rows, a stripe of rows at a time.
//!
//! Two ways lead to the rows of a concept. A batch decodes each list once per stripe and keeps it for
//! all its concepts. A single question decodes its rarest list only and sifts its rows through the
//! others, by their skip tables. A property test compares the two.

use super::Expression;
use super::doc_set::DocSet;
use super::options::Options;
use super::phrase::Phrase;
use super::plan::{Node, Plan, plan};
use super::planned_term::PlannedTerm;
use super::rows::{Rows, Shared};
use super::stripes::{Stripe, over_stripes, stripes_between, stripes_of_all};
use crate::{Index, Result};
use std::borrow::Cow;
use std::ops::{Deref, Range};
use wagidx_segment::postings::sieve::{Sieve, TermPostings};
use wagidx_segment::{Damage, PostingList};

/// Fewest rows of a stripe: its bitmaps (128 KiB) stay in the second-level cache.
const NARROW: u32 = 1 << 20;
/// Most rows of a batch's stripe.
const WIDE: u32 = 1 << 23;
/// A batch's stripes are widened until its lists have about this many rows in one: 64 MiB.
const KEPT_ROWS: u64 = 1 << 24;
/// A single concept's stripes are widened until its rarest list has about this many rows in one.
const SIFTED_ROWS: u64 = 1 << 16;

/// Expressions planned over an index, ready to be evaluated; the index is borrowed or shared.
#[derive(Debug)]
pub struct Query<I> {
    pub(super) index: I,
    pub(super) plan: Plan,
}

impl<I: Deref<Target = Index>> Query<I> {
    /// Plan `expressions`.
    ///
    /// # Errors
    /// [`crate::Error::Concept`] naming every concept without a term, [`crate::Error::Argument`]
    /// for a reading the index does not have, or damage found in the dictionary.
    pub fn new(index: I, expressions: &[Expression], options: Options) -> Result<Self> {
        let plan = plan(&index, expressions, options)?;
        Ok(Self { index, plan })
    }

    /// Number of expressions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plan.nodes.len()
    }

    /// Whether there is no expression.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.nodes.is_empty()
    }

    /// Rows of each expression, within `docs` where given. `threads` share the stripes.
    ///
    /// # Errors
    /// For a damaged list.
    pub fn counts(&self, docs: Option<&DocSet>, threads: usize) -> Result<Vec<u64>> {
        let Self { index, plan } = self;
        let mut counts = vec![0; plan.nodes.len()];
        let mut asked = Vec::new();
        for (i, node) in plan.nodes.iter().enumerate() {
            match node {
                Node::Nothing => {}
                Node::Terms(terms) if terms.len() == 1 && docs.is_none() => {
                    counts[i] = plan.terms[terms[0] as usize].frequency;
                }
                _ => asked.push(i),
            }
        }
        if asked.is_empty() {
            return Ok(counts);
        }
        let work = Work::new(index, plan, docs, &asked);
        for part in work.count_all(&work.stripes(threads), threads)? {
            asked
                .iter()
                .zip(part)
                .for_each(|(&i, count)| counts[i] += count);
        }
        Ok(counts)
    }

    /// Ids of the rows of the first expression, ascending, at most `limit`.
    ///
    /// # Errors
    /// For a damaged list.
    pub fn ids(&self, docs: Option<&DocSet>, limit: Option<usize>) -> Result<Vec<u64>> {
        let Self { index, plan } = self;
        let work = Work::new(index, plan, docs, &[0]);
        let limit = limit.unwrap_or(usize::MAX);
        let mut ids = Vec::new();
        for stripe in &work.stripes(1) {
            if ids.len() >= limit {
                break;
            }
            let rows = work.rows(&plan.nodes[0], stripe, &mut work.lists())?;
            let base = index.segments()[stripe.segment].base;
            rows.for_each(stripe, |row| ids.push(base + u64::from(row)));
        }
        ids.truncate(limit);
        Ok(ids)
    }
}

impl<I: Deref<Target = Index> + Sync> Query<I> {
    /// Call `each` with all expressions, every stripe of `width` rows in a range of ids, and what its
    /// thread has gathered, which is returned by thread.
    pub(super) fn sweep<T: Send>(
        &self,
        (ids, width, threads): (&Range<u64>, u32, usize),
        start: impl Fn() -> T + Sync,
        each: impl Fn(&Work<'_>, &Stripe, &mut T) -> Result<()> + Sync,
    ) -> Result<Vec<T>> {
        let all: Vec<usize> = (0..self.plan.nodes.len()).collect();
        let work = Work::new(&self.index, &self.plan, None, &all);
        let stripes = stripes_between(&self.index, ids, width);
        over_stripes(&stripes, threads, start, |stripe, gathered| {
            each(&work, stripe, gathered)
        })
    }
}

/// How the posting lists of terms are read.
pub(super) enum Lists {
    /// Decoded once per stripe and kept, by term.
    Kept(Vec<Option<Rows>>),
    /// The rarest decoded, its rows sifted through the others.
    Sifted,
}

/// What is evaluated, stripe by stripe.
pub(super) struct Work<'a> {
    pub index: &'a Index,
    pub plan: &'a Plan,
    pub docs: Option<&'a DocSet>,
    /// The numbers of the expressions asked.
    pub asked: &'a [usize],
}

impl<'a> Work<'a> {
    fn new(index: &'a Index, plan: &'a Plan, docs: Option<&'a DocSet>, asked: &'a [usize]) -> Self {
        Self {
            index,
            plan,
            docs,
            asked,
        }
    }

    /// No list decoded yet.
    pub(super) fn lists(&self) -> Lists {
        match self.asked {
            [_] => Lists::Sifted,
            _ => Lists::Kept(vec![None; self.plan.terms.len()]),
        }
    }

    fn stripes(&self, threads: usize) -> Vec<Stripe> {
        if let [only] = self.asked {
            return stripes_of_all(self.index, |segment, rows| {
                self.sifted_width(*only, segment, rows)
            });
        }
        let kept = self.terms_asked();
        stripes_of_all(self.index, |segment, rows| {
            kept_width(&kept, segment, rows, threads)
        })
    }

    /// The terms that some expression asks for.
    fn terms_asked(&self) -> Vec<&PlannedTerm> {
        let mut asked = vec![false; self.plan.terms.len()];
        for &i in self.asked {
            self.plan.nodes[i].each_term(&mut |term| asked[term as usize] = true);
        }
        let terms = self.plan.terms.iter().zip(asked);
        terms
            .filter_map(|(term, asked)| asked.then_some(term))
            .collect()
    }

    /// Rows of a single concept's stripe: many where it is rare.
    fn sifted_width(&self, node: usize, segment: usize, rows: u32) -> u32 {
        let Some(terms) = self.plan.nodes[node].terms() else {
            return NARROW;
        };
        let rarest = |&term: &u32| self.plan.terms[term as usize].frequency_in(segment);
        let fewest = u64::from(terms.iter().map(rarest).min().unwrap_or(0));
        let wide = u64::from(rows) * SIFTED_ROWS / fewest.max(1);
        wide.clamp(u64::from(NARROW), 1 << 31) as u32 & !63
    }

    /// Counts of the expressions asked, a vector per thread.
    fn count_all(&self, stripes: &[Stripe], threads: usize) -> Result<Vec<Vec<u64>>> {
        let none = || vec![0; self.asked.len()];
        over_stripes(stripes, threads, none, |stripe, counts| {
            self.count_stripe(stripe, counts)
        })
    }

    fn count_stripe(&self, stripe: &Stripe, counts: &mut [u64]) -> Result<()> {
        let mut lists = self.lists();
        for (count, &i) in counts.iter_mut().zip(self.asked) {
            *count += self.count(&self.plan.nodes[i], stripe, &mut lists)?;
        }
        Ok(())
    }

    fn count(&self, node: &Node, stripe: &Stripe, lists: &mut Lists) -> Result<u64> {
        match (node, lists) {
            (Node::Terms(terms), Lists::Kept(kept)) if self.docs.is_none() => {
                self.count_kept(terms, stripe, kept)
            }
            (node, lists) => Ok(self.rows(node, stripe, lists)?.len()),
        }
    }

    /// The rows of `node` in a stripe, within docs.
    pub(super) fn rows(&self, node: &Node, stripe: &Stripe, lists: &mut Lists) -> Result<Rows> {
        let rows = self.node(node, stripe, lists)?;
        Ok(match self.docs {
            Some(docs) if !rows.is_empty() => rows.and(&docs.rows(stripe), stripe),
            _ => rows,
        })
    }

    fn node(&self, node: &Node, stripe: &Stripe, lists: &mut Lists) -> Result<Rows> {
        match node {
            Node::Nothing => Ok(Rows::NONE),
            Node::Terms(terms) => self.terms(terms, stripe, lists),
            Node::Phrase(phrase) => self.phrase(phrase, stripe, lists),
            Node::And(of) => {
                let Some((first, others)) = of.split_first() else {
                    return Ok(Rows::NONE);
                };
                let mut rows = self.node(first, stripe, lists)?;
                for other in others {
                    if rows.is_empty() {
                        break;
                    }
                    rows = rows.and(&self.node(other, stripe, lists)?, stripe);
                }
                Ok(rows)
            }
            Node::Or(of) => self.any(of, stripe, lists),
            Node::Not(of) => {
                let any = self.any(of, stripe, lists)?;
                Ok(self.with_text(stripe)?.minus(&any, stripe))
            }
        }
    }

    /// Rows of all terms.
    fn terms(&self, terms: &[u32], stripe: &Stripe, lists: &mut Lists) -> Result<Rows> {
        match lists {
            Lists::Kept(kept) => self.kept_terms(terms, stripe, kept),
            Lists::Sifted => self.sifted_terms(terms, stripe),
        }
    }

    /// Rows of a phrase, among those of all its terms that are within docs.
    fn phrase(&self, phrase: &Phrase, stripe: &Stripe, lists: &mut Lists) -> Result<Rows> {
        let mut rows = self.terms(&phrase.terms, stripe, lists)?;
        if let Some(docs) = self.docs
            && !rows.is_empty()
        {
            rows = rows.and(&docs.rows(stripe), stripe);
        }
        let segment = &self.index.segments()[stripe.segment].segment;
        let mut kept = Vec::new();
        if !rows.is_empty() {
            let segment = (stripe.segment, segment);
            phrase.keep(&rows.numbers(stripe), &self.plan.terms, segment, &mut kept)?;
        }
        Ok(Rows::Sparse(kept))
    }

    fn any(&self, of: &[Node], stripe: &Stripe, lists: &mut Lists) -> Result<Rows> {
        let mut rows = Rows::NONE;
        for operand in of {
            rows = rows.or(&self.node(operand, stripe, lists)?, stripe);
        }
        Ok(rows)
    }

    /// Rows that have a caption which passed the filter.
    fn with_text(&self, stripe: &Stripe) -> Result<Rows> {
        let segment = &self.index.segments()[stripe.segment].segment;
        let absent = Rows::of_list(&segment.absent()?, stripe);
        let absent = absent.map_err(|damage| segment.damaged(damage))?;
        Ok(Rows::all(stripe).minus(&absent, stripe))
    }

    fn kept_terms(
        &self,
        terms: &[u32],
        stripe: &Stripe,
        kept: &mut [Option<Rows>],
    ) -> Result<Rows> {
        if !self.keep(terms, stripe, kept)? {
            return Ok(Rows::NONE);
        }
        Ok(all_of(terms, stripe, kept).into_owned())
    }

    fn count_kept(&self, terms: &[u32], stripe: &Stripe, kept: &mut [Option<Rows>]) -> Result<u64> {
        if !self.keep(terms, stripe, kept)? {
            return Ok(0);
        }
        // The last list is only counted against.
        let (last, before) = match terms {
            [] => return Ok(0),
            [only] => return Ok(list(*only, kept).len()),
            [before @ .., last] => (last, before),
        };
        Ok(all_of(before, stripe, kept).and_len(&list(*last, kept), stripe))
    }

    /// Decode the lists that are not kept yet; false where one has no row in the stripe.
    fn keep(&self, terms: &[u32], stripe: &Stripe, kept: &mut [Option<Rows>]) -> Result<bool> {
        for &term in terms {
            let place = &mut kept[term as usize];
            let rows = match place {
                Some(rows) => rows,
                None => place.insert(self.term_rows(&self.plan.terms[term as usize], stripe)?),
            };
            if rows.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Rows of a term in a stripe, over the readings asked.
    fn term_rows(&self, term: &PlannedTerm, stripe: &Stripe) -> Result<Rows> {
        let segment = &self.index.segments()[stripe.segment].segment;
        let mut rows = Rows::NONE;
        for list in term
            .lists(stripe.segment)
            .iter()
            .filter(|list| list.frequency > 0)
        {
            let of_list = Rows::of_list(&segment.postings(list)?, stripe);
            let of_list = of_list.map_err(|damage| segment.damaged(damage))?;
            rows = if rows.is_empty() {
                of_list
            } else {
                rows.or(&of_list, stripe)
            };
        }
        Ok(rows)
    }

    fn sifted_terms(&self, terms: &[u32], stripe: &Stripe) -> Result<Rows> {
        let segment = &self.index.segments()[stripe.segment].segment;
        let term = |&term: &u32| &self.plan.terms[term as usize];
        let mut terms: Vec<&PlannedTerm> = terms.iter().map(term).collect();
        terms.sort_by_key(|term| term.frequency_in(stripe.segment));
        let rows = self.term_rows(terms[0], stripe)?;
        if terms.len() == 1 || rows.is_empty() {
            return Ok(rows);
        }
        let mut others = Vec::with_capacity(terms.len() - 1);
        for term in &terms[1..] {
            let [noun, other] = term.lists(stripe.segment);
            others.push([segment.postings(&noun)?, segment.postings(&other)?]);
        }
        let kept = sifted(&rows, &others, stripe);
        Ok(kept.map_err(|damage| segment.damaged(damage))?)
    }
}

/// Rows of a batch's stripe: each costs a step for every list, so as many as leave a stripe to every
/// thread and the kept lists small.
fn kept_width(kept: &[&PlannedTerm], segment: usize, rows: u32, threads: usize) -> u32 {
    let frequency = |term: &&PlannedTerm| u64::from(term.frequency_in(segment));
    let kept: u64 = kept.iter().map(frequency).sum();
    let wide = (u64::from(rows) * KEPT_ROWS / kept.max(1)).min(u64::from(WIDE));
    let share = rows.div_ceil(threads.max(1) as u32);
    (wide as u32).min(share).max(NARROW).next_multiple_of(64)
}

/// The kept rows of a term.
fn list(term: u32, kept: &[Option<Rows>]) -> Shared<'_> {
    let rows = kept[term as usize].as_ref();
    rows.map_or(Cow::Owned(Rows::NONE), Cow::Borrowed)
}

/// Rows of all of at least one term, from the kept lists.
fn all_of<'a>(terms: &[u32], stripe: &Stripe, kept: &'a [Option<Rows>]) -> Shared<'a> {
    let mut rows = list(terms[0], kept);
    for &term in &terms[1..] {
        rows = Cow::Owned(rows.and(&list(term, kept), stripe));
    }
    rows
}

/// The rows that every one of the other terms has.
fn sifted(rows: &Rows, others: &[TermPostings<'_>], stripe: &Stripe) -> Result<Rows, Damage> {
    if let (Rows::Dense(_), [[PostingList::Empty, list @ PostingList::Bitmap(_)]]) = (rows, others)
    {
        return Ok(rows.and(&Rows::of_list(list, stripe)?, stripe));
    }
    let mut kept = Vec::new();
    let mut sieve = Sieve::new(others);
    sieve.keep(&rows.numbers(stripe), &mut kept)?;
    Ok(Rows::Sparse(kept))
}
