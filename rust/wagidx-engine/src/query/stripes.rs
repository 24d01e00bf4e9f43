//! The rows of an index, cut into stripes: what one thread evaluates at a time.

use crate::{Index, Result};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Consecutive rows of one segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stripe {
    pub segment: usize,
    pub from: u32,
    pub to: u32,
}

impl Stripe {
    /// Words of a bitmap with a bit for each row.
    pub(super) fn words(&self) -> usize {
        ((self.to - self.from) as usize).div_ceil(64)
    }
}

/// Cut a range of ids into stripes of at most `width` rows.
pub(super) fn stripes_between(index: &Index, ids: &Range<u64>, width: u32) -> Vec<Stripe> {
    let mut stripes = Vec::new();
    for (segment, open) in index.segments().iter().enumerate() {
        let rows = u64::from(open.segment.rows());
        let row = |id: u64| id.saturating_sub(open.base).min(rows) as u32;
        cut(segment, row(ids.start)..row(ids.end), width, &mut stripes);
    }
    stripes
}

/// Cut every segment into stripes of at most as many rows as `width` says, given its number and rows.
pub(super) fn stripes_of_all(index: &Index, width: impl Fn(usize, u32) -> u32) -> Vec<Stripe> {
    let mut stripes = Vec::new();
    for (segment, open) in index.segments().iter().enumerate() {
        let rows = open.segment.rows();
        cut(segment, 0..rows, width(segment, rows), &mut stripes);
    }
    stripes
}

fn cut(segment: usize, rows: Range<u32>, width: u32, stripes: &mut Vec<Stripe>) {
    let mut from = rows.start;
    while from < rows.end {
        let to = from.saturating_add(width).min(rows.end);
        stripes.push(Stripe { segment, from, to });
        from = to;
    }
}

/// Call `each` with every stripe and what its thread has gathered, which is returned by thread.
pub(super) fn over_stripes<T: Send>(
    stripes: &[Stripe],
    threads: usize,
    start: impl Fn() -> T + Sync,
    each: impl Fn(&Stripe, &mut T) -> Result<()> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut gathered = start();
        while let Some(stripe) = stripes.get(next.fetch_add(1, Ordering::Relaxed)) {
            each(stripe, &mut gathered)?;
        }
        Ok(gathered)
    };
    let threads = threads.clamp(1, stripes.len().max(1));
    if threads == 1 {
        return Ok(vec![worker()?]);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}
