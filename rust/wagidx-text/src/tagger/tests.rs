//! The laws of the tagger, on weights made by chance and on a tagger trained on a few sentences.

use super::context::{CaptionCase, START};
use super::decode::all_rows;
use super::random::Random;
use super::weights::{Float, Weights};
use super::word::Row;
use super::*;
use proptest::prelude::*;

fn by_chance(seed: u64) -> Tagger {
    let mut random = Random::new(seed);
    let mut weights = Float::zeros();
    for weight in weights.0.iter_mut().flat_map(|row| &mut row[..27]) {
        *weight = random.below(255) as f32 - 127.0;
    }
    FloatTagger(weights).quantised()
}

/// The tags by the rows that training learns on, summed one by one.
fn naive(tagger: &Tagger, tokens: &[&str]) -> Vec<Tag> {
    let mut reader = WordReader::default();
    let words: Vec<Word> = tokens.iter().map(|token| reader.word(token)).collect();
    let case = CaptionCase::of(words.iter().map(|word| word.shape));
    let (mut tags, mut last, mut rows) = (Vec::new(), [START; 2], Vec::new());
    for i in 0..words.len() {
        all_rows(&words, i, case, last, &mut rows);
        let column = |tag: usize| -> i32 {
            let one = |&row: &Row| {
                let mut scores = Quantised::START;
                tagger.weights.add(&[row], &mut scores);
                i32::from(scores[tag])
            };
            rows.iter().map(one).sum()
        };
        let best = (0..27).rev().max_by_key(|&tag| column(tag)).unwrap();
        tags.push(Tag::of(best));
        last = [tags[i] as u8, last[0]];
    }
    tags
}

const TOKENS: [&str; 12] = [
    "dog",
    "Dogs",
    "THE",
    "runs",
    ".",
    "2018",
    "XL5000",
    "someone",
    "-",
    "\u{65e5}\u{672c}",
    "iPhone",
    "the",
];

fn sentence() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(TOKENS.as_slice()), 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn tags_are_those_of_the_rows_learned_on(tokens in sentence(), seed in 0u64..4) {
        let tagger = by_chance(seed);
        let tags = tagger.tag(tokens.iter().copied(), &mut WordReader::default());
        prop_assert_eq!(tags, naive(&tagger, &tokens));
    }

    #[test]
    fn what_is_remembered_does_not_show(tokens in sentence(), kept in any::<u16>()) {
        let tagger = by_chance(7);
        let mut reader = WordReader::default();
        let words: Vec<Word> = tokens.iter().map(|token| reader.word(token)).collect();
        let remembered: Vec<_> = words.iter().zip(0..).map(|(word, i)| {
            (kept >> i & 1 == 1).then(|| tagger.remember(word))
        }).collect();
        let mut nouns = Vec::new();
        tagger.nouns(words.len(), |i| (&words[i], remembered[i].as_ref()), |noun| nouns.push(noun));
        let tags = tagger.tag(tokens.iter().copied(), &mut reader);
        let plain: Vec<bool> = tokens.iter().zip(tags).map(|(token, tag)| is_noun(token, tag)).collect();
        prop_assert_eq!(nouns, plain);
    }
}

/// Sentences in which "rose" and "watch" are nouns or verbs, as their neighbours say.
fn taught() -> Vec<Sentence> {
    let sentence = |text: &str| {
        let pairs: Vec<_> = text
            .split(' ')
            .filter_map(|pair| pair.split_once('/'))
            .collect();
        Sentence {
            tokens: pairs.iter().map(|(token, _)| (*token).to_owned()).collect(),
            tags: pairs
                .iter()
                .filter_map(|(_, tag)| Tag::from_ptb(tag))
                .collect(),
        }
    };
    [
        "a/DT red/JJ rose/NN in/IN the/DT garden/NN ./.",
        "she/PRP rose/VBD from/IN the/DT chair/NN ./.",
        "a/DT gold/JJ watch/NN on/IN the/DT table/NN ./.",
        "they/PRP watch/VBP the/DT game/NN ./.",
        "two/CD dogs/NNS run/VBP in/IN Paris/NNP ./.",
    ]
    .map(sentence)
    .to_vec()
}

#[test]
fn a_trained_tagger_reads_a_word_by_its_neighbours() {
    let tagger = Tagger::train(&taught(), Training::default(), |_| true);
    for (caption, expected) in [
        ("a red rose in the garden", vec![1, 2, 5]),
        ("she rose from the chair", vec![4]),
        ("A GOLD WATCH ON THE TABLE", vec![1, 2, 5]),
        ("they watch the game", vec![3]),
    ] {
        let tags = tagger.tag(caption.split(' '), &mut WordReader::default());
        let nouns: Vec<_> = (0..tags.len()).filter(|&i| tags[i].is_noun()).collect();
        // Words the lists call nouns too may be either.
        assert!(
            expected.ends_with(&nouns) || nouns == expected,
            "{caption}: {tags:?}"
        );
    }
}

#[test]
fn training_is_a_function_of_the_sentences_and_the_seed() {
    let train = |seed| {
        let how = Training {
            passes: 3,
            runs: 2,
            seed,
            recase: true,
        };
        Tagger::train(&taught(), how, |_| true).hash()
    };
    assert_eq!(train(1), train(1));
    assert_ne!(train(1), train(2));
}

#[test]
fn training_ends_when_it_is_told_to() {
    let mut passes = 0;
    let _ = Tagger::train(&taught(), Training::default(), |step| {
        passes += u32::from(step.done);
        passes < 3
    });
    assert_eq!(passes, 3);
}

#[test]
fn a_tagger_reads_back_from_its_file() {
    let tagger = by_chance(3);
    let read = Tagger::from_bytes(&tagger.to_bytes()).unwrap();
    assert_eq!(read.hash(), tagger.hash());
    assert_ne!(read.hash(), by_chance(4).hash());
    let tokens = ["a", "dog", "in", "Paris"];
    let tags = |tagger: &Tagger| tagger.tag(tokens, &mut WordReader::default());
    assert_eq!(tags(&read), tags(&tagger));
}
