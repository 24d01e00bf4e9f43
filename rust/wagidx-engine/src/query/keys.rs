//! The keys of a concept, each once, or of a phrase in order, in buffers kept per thread.

use super::options::Pos;
use std::cell::RefCell;
use wagidx_text::{Analyzer, Scratch};

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

#[derive(Default)]
struct Buffers {
    scratch: Scratch,
    keys: Keys,
}

/// Keys in their order, with the reading each is asked in: of a concept the distinct ones, of a phrase
/// all.
#[derive(Default)]
pub(super) struct Keys {
    text: String,
    ends: Vec<(usize, bool)>,
}

impl Keys {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Each key, and whether it is asked as a noun only.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut from = 0;
        self.ends.iter().map(move |&(end, noun_only)| {
            let key = &self.text[from..end];
            from = end;
            (key, noun_only)
        })
    }

    fn read(&mut self, analyzer: &Analyzer, scratch: &mut Scratch, concept: &str, pos: Pos) {
        let Self { text, ends } = self;
        text.clear();
        ends.clear();
        let mut head = 0;
        analyzer.concept(concept, scratch, |token| {
            let mut from = 0;
            let known = ends.iter().position(|&(end, _)| {
                let key = &text[from..end];
                from = end;
                key == token.key
            });
            head = known.unwrap_or(ends.len());
            if known.is_none() {
                text.push_str(token.key);
                ends.push((text.len(), pos == Pos::Noun));
            }
        });
        // A head that is repeated is asked as a noun only: those rows are among the others.
        self.ask_head(analyzer, head, pos);
    }

    fn read_phrase(&mut self, analyzer: &Analyzer, scratch: &mut Scratch, text: &str, pos: Pos) {
        self.text.clear();
        self.ends.clear();
        analyzer.concept(text, scratch, |token| {
            self.text.push_str(token.key);
            self.ends.push((self.text.len(), pos == Pos::Noun));
        });
        self.ask_head(analyzer, self.ends.len().saturating_sub(1), pos);
    }

    /// Under the reading `head`, ask the key with this number as a noun where it can be one.
    fn ask_head(&mut self, analyzer: &Analyzer, head: usize, pos: Pos) {
        if pos != Pos::Head {
            return;
        }
        let key = self.iter().nth(head);
        let noun = key.is_some_and(|(key, _)| analyzer.can_be_noun(key));
        if let Some((_, noun_only)) = self.ends.get_mut(head) {
            *noun_only = noun;
        }
    }
}

/// Call `with` with the keys of `concept` under the reading asked.
pub(super) fn with_keys<T>(
    analyzer: &Analyzer,
    concept: &str,
    pos: Pos,
    with: impl FnOnce(&Keys) -> T,
) -> T {
    BUFFERS.with_borrow_mut(|Buffers { scratch, keys }| {
        keys.read(analyzer, scratch, concept, pos);
        with(keys)
    })
}

/// Call `with` with the keys of a phrase under the reading asked, repeats kept.
pub(super) fn with_phrase_keys<T>(
    analyzer: &Analyzer,
    text: &str,
    pos: Pos,
    with: impl FnOnce(&Keys) -> T,
) -> T {
    BUFFERS.with_borrow_mut(|Buffers { scratch, keys }| {
        keys.read_phrase(analyzer, scratch, text, pos);
        with(keys)
    })
}
