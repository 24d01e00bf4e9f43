//! The way of a token that was not met before allocates nothing once its buffers are warm.

use wagidx_text::tagger::{Tagger, Word, WordReader};

const CAPTION: [&str; 12] = [
    "Two",
    "gharials",
    "basking",
    "beside",
    "a",
    "terracotta",
    "Ziggurat",
    "in",
    "Năsăud",
    ",",
    "photographed",
    "1974",
];

#[test]
fn words_are_read_and_tagged_without_an_allocation() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../python/wagidx/data/tagger/english.wagtag"
    );
    let tagger = Tagger::from_bytes(&std::fs::read(file).unwrap()).unwrap();
    let mut reader = WordReader::default();
    reader.word("A-word-as-long-as-the-longest-of-the-captionÄÄ");
    let mut nouns = [false; CAPTION.len()];
    let found = allocation_counter::measure(|| {
        let words: [Word; CAPTION.len()] = CAPTION.map(|token| reader.word(token));
        let mut at = 0;
        tagger.nouns(
            words.len(),
            |i| (&words[i], None),
            |noun| {
                nouns[at] = noun;
                at += 1;
            },
        );
    });
    assert_eq!(found.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![0u8; 9])));
    assert_eq!(counted.count_total, 1, "allocations are counted");
    let plain = tagger.tag(CAPTION, &mut reader);
    assert_eq!(
        nouns.map(u8::from),
        std::array::from_fn(|i| u8::from(plain[i].is_noun()))
    );
    assert!(nouns[1] && nouns[6], "gharials and the Ziggurat are nouns");
}
