//! Which words are nouns here: a part-of-speech tagger of a mebibyte.
//!
//! A greedy averaged perceptron over hashed features: what the word, its ends, its shape and the word
//! lists say, the same of its neighbours, and the tags given to the two words before. A feature is a
//! row of 27 weights, one a tag; a word's tag is the column with the largest sum.
//!
//! What of this is a function of a token alone is its [`Word`], and the sums of its rows under the
//! weights are [`Remembered`]: whoever meets a token again need not read its letters again, and adds
//! five sums where there would be twenty-one rows. Neither shows in the tags.
//!
//! ```
//! use wagidx_text::tagger::{Sentence, Tag, Tagger, Training, WordReader};
//! let sentence = |text: &str| {
//!     let (tokens, tags) = text.split(' ').filter_map(|t| t.split_once('/')).unzip::<_, _, Vec<_>, Vec<_>>();
//!     Sentence {
//!         tokens: tokens.into_iter().map(str::to_owned).collect(),
//!         tags: tags.into_iter().filter_map(Tag::from_ptb).collect(),
//!     }
//! };
//! let sentences = [
//!     sentence("a/DT rose/NN in/IN the/DT garden/NN"),
//!     sentence("he/PRP rose/VBD from/IN the/DT chair/NN"),
//! ];
//! let tagger = Tagger::train(&sentences, Training::default(), |_| true);
//! let mut reader = WordReader::default();
//! let tags = tagger.tag(["he", "rose", "from", "the", "garden"], &mut reader);
//! assert_eq!(tags, [Tag::PRP, Tag::VBD, Tag::IN, Tag::DT, Tag::NN]);
//! ```

mod context;
mod decode;
mod random;
mod recase;
mod tag;
mod train;
mod traits;
mod weights;
mod word;

use std::fmt;

use crate::murmur;
pub use recase::{Recase, Sentence};
pub use tag::Tag;
pub use train::{Step, Training};
pub use word::{Word, WordReader};

use decode::{Sums, decode, sums};
use weights::{Float, Quantised};

/// A tagger; shared by all threads.
#[derive(Clone, Debug)]
pub struct Tagger {
    weights: Quantised,
    hash: u128,
}

/// The sums of a word's rows: 320 bytes that save a mebibyte's worth of cache.
#[derive(Clone, Debug)]
pub struct Remembered(Sums<i16>);

impl Remembered {
    /// Load what tagging will need. Loads of many words overlap, where those of a word at a time
    /// would be waited for one by one.
    #[inline]
    pub fn touch(&self) -> i16 {
        self.0.iter().fold(0, |seen, place| seen ^ place[0])
    }
}

impl Tagger {
    /// The tagger in the bytes of a tagger file.
    ///
    /// # Errors
    /// [`Error`] where they are none, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let weights = Quantised::from_bytes(bytes)?;
        let hash = murmur::hash128(bytes);
        Ok(Self { weights, hash })
    }

    /// The bytes of its file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.weights.to_bytes()
    }

    /// Train a tagger. `progress` is told each step; `false` ends the training there.
    /// O(runs × passes × tokens); 80 MiB beside the sentences.
    #[must_use]
    pub fn train(
        sentences: &[Sentence],
        how: Training,
        progress: impl FnMut(Step) -> bool,
    ) -> Self {
        FloatTagger::train(sentences, how, progress).quantised()
    }

    /// What stands in an index for the tagger that made it: a hash of its file, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        format!("{:032x}", self.hash)
    }

    /// What to remember of a word that will be met again.
    #[must_use]
    pub fn remember(&self, word: &Word) -> Remembered {
        Remembered(sums(&self.weights, word))
    }

    /// Tags of tokens, white space left out. The plain way: each token's letters are read.
    pub fn tag<'a>(
        &self,
        tokens: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
        reader: &mut WordReader,
    ) -> Vec<Tag> {
        tags(&self.weights, tokens, reader)
    }

    /// Tell nouns from others among `len` words: `word` gives each, with what was remembered of it,
    /// and `sink` takes in their order whether it is a noun. Allocates nothing.
    #[inline]
    pub fn nouns<'a>(
        &self,
        len: usize,
        word: impl Fn(usize) -> (&'a Word, Option<&'a Remembered>),
        mut sink: impl FnMut(bool),
    ) {
        self.read(len, word, |word, tag| {
            sink(tag.is_noun() && !word.is_pronoun);
        });
    }

    /// The tags of `len` words, as [`Tagger::nouns`].
    pub fn tags<'a>(
        &self,
        len: usize,
        word: impl Fn(usize) -> (&'a Word, Option<&'a Remembered>),
        mut sink: impl FnMut(Tag),
    ) {
        self.read(len, word, |_, tag| sink(tag));
    }

    #[inline]
    fn read<'a>(
        &self,
        len: usize,
        word: impl Fn(usize) -> (&'a Word, Option<&'a Remembered>),
        sink: impl FnMut(&'a Word, Tag),
    ) {
        let word = |i| {
            let (word, remembered) = word(i);
            (word, remembered.map(|remembered| &remembered.0))
        };
        decode(&self.weights, len, word, sink);
    }
}

/// Whether a token so tagged is a noun: pronouns such as "someone" are none whatever their tag.
#[must_use]
pub fn is_noun(token: &str, tag: Tag) -> bool {
    tag.is_noun() && !word::is_pronoun(token)
}

/// A tagger with the weights as they were trained, to compare with.
#[derive(Clone, Debug)]
pub struct FloatTagger(Float);

impl FloatTagger {
    /// As [`Tagger::train`].
    #[must_use]
    pub fn train(
        sentences: &[Sentence],
        how: Training,
        progress: impl FnMut(Step) -> bool,
    ) -> Self {
        Self(train::train(sentences, how, progress))
    }

    /// The tagger to use.
    #[must_use]
    pub fn quantised(&self) -> Tagger {
        let weights = self.0.quantised();
        let hash = murmur::hash128(&weights.to_bytes());
        Tagger { weights, hash }
    }

    /// As [`Tagger::tag`].
    pub fn tag<'a>(
        &self,
        tokens: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
        reader: &mut WordReader,
    ) -> Vec<Tag> {
        tags(&self.0, tokens, reader)
    }
}

fn tags<'a, W: weights::Weights>(
    weights: &W,
    tokens: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
    reader: &mut WordReader,
) -> Vec<Tag> {
    let words: Vec<Word> = tokens
        .into_iter()
        .map(|token| reader.word(token.as_ref()))
        .collect();
    let mut tags = Vec::with_capacity(words.len());
    decode(
        weights,
        words.len(),
        |i| (&words[i], None),
        |_, tag| tags.push(tag),
    );
    tags
}

/// Why bytes are no tagger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// They do not begin as a tagger file does.
    NoTagger,
    /// A tagger of another version.
    Version(u32),
    /// Cut or changed.
    Damaged,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTagger => write!(f, "not a tagger file"),
            Self::Version(version) => write!(
                f,
                "a tagger of version {version}, which this library does not read: distil it again"
            ),
            Self::Damaged => write!(
                f,
                "a tagger file that was truncated or changed: copy it again"
            ),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests;
