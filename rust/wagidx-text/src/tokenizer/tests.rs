//! The tokeniser against spaCy's documented behaviour, and the laws of its interface.
//!
//! The comparison with spaCy itself, over everything, is `tests/test_tokens_spacy.py`.

use super::special::find;
use super::tables::{PAGE_OF, SPECIAL_CASES, UNITS};
use super::{Context, Scratch, is_space, runs, tokenize, tokenize_chunk, tokenize_in_context};
use proptest::prelude::*;
use std::ops::Range;

/// Texts and their tokens in spaCy 3.8.
const CASES: &[(&str, &[&str])] = &[
    // words and white space
    ("", &[]),
    ("a golden retriever", &["a", "golden", "retriever"]),
    (" two  blanks ", &[" ", "two", " ", "blanks"]),
    ("one \n two\t", &["one", "\n ", "two", "\t"]),
    (
        "\u{a0}x\u{3000}y\u{1c}z",
        &["\u{a0}", "x", "\u{3000}", "y", "\u{1c}", "z"],
    ),
    ("trailing blank ", &["trailing", "blank"]),
    (" ", &[" "]),
    // special cases
    (
        "don't can't cannot",
        &["do", "n't", "ca", "n't", "can", "not"],
    ),
    (
        "Mr. St. a.m. e.g. C++",
        &["Mr.", "St.", "a.m.", "e.g.", "C++"],
    ),
    ("8a.m. 10p.m.", &["8", "a.m.", "10", "p.m."]),
    ("I'm IM Im dOn't", &["I", "'m", "IM", "I", "m", "dOn't"]),
    ("cant", &["ca", "nt"]),
    ("(don't)", &["(", "do", "n't", ")"]),
    ("\"Mr.\",", &["\"", "Mr.", "\"", ","]),
    // prefixes
    (
        "$5 US$5 C$5 A$5 B$5",
        &["$", "5", "US$", "5", "C$", "5", "A$", "5", "B$5"],
    ),
    ("+1 +a +", &["+1", "+", "a", "+"]),
    ("...a ..a .a", &["...", "a", "..", "a", ".a"]),
    (
        "§5 #tag @user &amp;",
        &["§", "5", "#", "tag", "@user", "&", "amp", ";"],
    ),
    (
        "“quoted” «so» 「」",
        &["“", "quoted", "”", "«", "so", "»", "「", "」"],
    ),
    // suffixes
    (
        "10km 10km/h 10kmx km 5% 5US$ 5€",
        &[
            "10", "km", "10", "km/h", "10kmx", "km", "5", "%", "5", "US$", "5", "€",
        ],
    ),
    (
        "dog's dogs' DOG'S dog’s",
        &["dog", "'s", "dogs", "'", "DOG", "'S", "dog", "’s"],
    ),
    ("5+ a+", &["5", "+", "a+"]),
    ("30°C. 30°x.", &["30", "°", "C", ".", "30", "°", "x."]),
    (
        "U.S. end. END. a..",
        &["U.S.", "end", ".", "END", ".", "a", ".."],
    ),
    ("x…… y……… z…", &["x", "……", "y", "…", "……", "z", "…"]),
    ("3mb. 5g,", &["3", "mb", ".", "5", "g", ","]),
    // infixes
    (
        "black-and-white a--b a---b a----b",
        &[
            "black", "-", "and", "-", "white", "a", "--", "b", "a", "---", "b", "a----b",
        ],
    ),
    (
        "1-2 1--2 1--a 24-inch",
        &[
            "1", "-", "2", "1", "-", "-2", "1", "-", "-a", "24", "-", "inch",
        ],
    ),
    (
        "3x4 3*4 2^8 2+2",
        &["3x4", "3", "*", "4", "2", "^", "8", "2", "+", "2"],
    ),
    (
        "end.Start a.b a.\"b\" end.5",
        &["end", ".", "Start", "a.b", "a.", "\"b", "\"", "end.5"],
    ),
    ("x,y 1,000 x,5", &["x", ",", "y", "1,000", "x,5"]),
    (
        "key=value 5:a a:5 red/blue",
        &[
            "key", "=", "value", "5", ":", "a", "a:5", "red", "/", "blue",
        ],
    ),
    (
        "a–b a—b a——b a~b",
        &["a", "–", "b", "a", "—", "b", "a", "——", "b", "a", "~", "b"],
    ),
    (
        "a…b a..b a★b",
        &["a", "…", "b", "a", "..", "b", "a", "★", "b"],
    ),
    // URLs
    (
        "http://a.com/x,y(z) a.com, IMG_1234.jpg",
        &["http://a.com/x,y(z", ")", "a.com", ",", "IMG_1234.jpg"],
    ),
    (
        "user@mail.de x@y x@1.2.3.4",
        &["user@mail.de", "x@y", "x@1.2.3.4"],
    ),
    (
        "10.0.0.1 11.0.0.1:80/ 172.20.1.1 1.2.3.256",
        &["10.0.0.1", "11.0.0.1:80/", "172.20.1.1", "1.2.3.256"],
    ),
    (
        "a.c a.co a.Co a_.co a-b.co:8 a.co:80",
        &[
            "a.c", "a.co", "a.", "Co", "a_.co", "a", "-", "b.co:8", "a.co:80",
        ],
    ),
    ("(www.x.org)", &["(", "www.x.org", ")"]),
    // special matcher
    ("hello:) wow:-/", &["hello", ":)", "wow:-/"]),
    ("x(:", &["x", "(:"]),
    ("plan-a.", &["plan", "-", "a."]),
    ("a: ):b", &["a", ":", ")", ":", "b"]),
    ("): a):b", &["):", "a):b"]),
    ("y:) :)", &["y", ":)", ":)"]),
    // other scripts
    ("犬がいます。", &["犬がいます", "。"]),
    ("собака-кот. С.Ш.", &["собака", "-", "кот", ".", "С.Ш."]),
    ("क।", &["क", "।"]),
    ("e\u{301}l.", &["e\u{301}l", "."]),
    (
        "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
        &["👨", "\u{200d}", "👩", "\u{200d}", "👧", "❤", "\u{fe0f}"],
    ),
    ("ಠ_ಠxಠ", &["ಠ_ಠxಠ"]),
];

fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    tokenize(text, &mut Scratch::default(), &mut out);
    out
}

fn tokens(text: &str) -> Vec<&str> {
    ranges(text).into_iter().map(|token| &text[token]).collect()
}

/// The tokens of each chunk on its own, and whether all chunks are free of their context.
fn tokens_of_chunks(text: &str) -> (Vec<&str>, bool) {
    let (mut scratch, mut out, mut all_free) = (Scratch::default(), Vec::new(), true);
    for run in runs(text) {
        let part = &text[run.range];
        let mut found = Vec::new();
        if run.is_space {
            out.push(part);
            continue;
        }
        all_free &= tokenize_in_context(part, &mut scratch, &mut found) == Context::Free;
        out.extend(found.into_iter().map(|token| &part[token]));
    }
    (out, all_free)
}

#[test]
fn texts_have_spacys_tokens() {
    for (text, expected) in CASES {
        assert_eq!(tokens(text), *expected, "{text:?}");
    }
}

#[test]
fn a_scratch_is_reused_without_a_trace() {
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    for (text, expected) in CASES.iter().chain(CASES.iter().rev()) {
        let first = out.len();
        tokenize(text, &mut scratch, &mut out);
        let found: Vec<&str> = out[first..]
            .iter()
            .map(|token| &text[token.clone()])
            .collect();
        assert_eq!(found, *expected, "{text:?}");
    }
}

#[test]
fn every_special_case_is_found_and_has_its_tokens() {
    for (text, cuts, _) in SPECIAL_CASES {
        assert_eq!(
            find(text.as_bytes()).map(|s| s.cuts),
            Some(cuts),
            "{text:?}"
        );
        let found = tokens(text);
        assert_eq!(
            found.len() as u32,
            cuts.count_ones() + 1,
            "{text:?} {found:?}"
        );
        assert_eq!(found.concat(), text);
    }
    for text in ["", "dog", "Mr", "mr.", "don", "'", ")))))))", "’", "Mrs.x"] {
        let known = SPECIAL_CASES.iter().any(|case| case.0 == text);
        assert_eq!(find(text.as_bytes()).is_some(), known, "{text:?}");
    }
}

#[test]
fn tables_are_in_the_order_searches_need() {
    assert!(UNITS.is_sorted_by(|a, b| a < b));
    assert_eq!(PAGE_OF.len() << 8, char::MAX as usize + 1);
}

#[test]
fn white_space_is_cpythons() {
    let spaces: Vec<u32> = (0..0x11_0000)
        .filter(|&c| char::from_u32(c).is_some_and(is_space))
        .collect();
    let mut expected: Vec<u32> = (9..14).chain(28..33).chain([0x85, 0xa0, 0x1680]).collect();
    expected.extend((0x2000..0x200b).chain([0x2028, 0x2029, 0x202f, 0x205f, 0x3000]));
    assert_eq!(spaces, expected);
}

#[test]
fn a_neighbour_can_forbid_what_a_bound_chunk_does_alone() {
    assert_eq!(tokens("):b"), ["):", "b"]);
    assert_eq!(tokens("a: ):b"), ["a", ":", ")", ":", "b"]);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    assert_eq!(
        tokenize_in_context("):b", &mut scratch, &mut out),
        Context::Bound
    );
    assert_eq!(
        tokenize_in_context("a:", &mut scratch, &mut out),
        Context::Free
    );
}

#[test]
fn huge_chunks_are_taken_apart_in_linear_time() {
    // Work that is quadratic in one of these does not end while anyone waits.
    let count = 200_000;
    for (unit, tokens_each) in [
        ("(", 1),
        (")…", 2),
        ("*", 1),
        ("a,", 2),
        ("“…”", 3),
        ("@", 0),
    ] {
        let found = ranges(&unit.repeat(count)).len();
        assert!(found.abs_diff(count * tokens_each) < 2, "{unit}: {found}");
    }
    for unit in [
        ":)", "):(", "a@", ".@", "1.2.", "a.b.", "a:", "x", "…@", "a@1.", "'s", "s'",
    ] {
        let end = ranges(&unit.repeat(count)).last().map(|token| token.end);
        assert_eq!(end, Some(unit.len() * count), "{unit}");
    }
}

#[test]
fn a_mebibyte_of_one_sign_has_the_tokens_of_a_few() {
    let size = 1 << 20;
    for sign in ["(", ")", "\"", "*", "$", "#", "_"] {
        assert_eq!(ranges(&sign.repeat(size)).len(), size, "{sign}");
    }
    for sign in [".", "-", "a", "5", "@", "\0"] {
        assert_eq!(ranges(&sign.repeat(size)).len(), 1, "{sign}");
    }
}

#[test]
fn affixes_nest_to_any_depth_around_a_word() {
    let depth = 200_000;
    let (prefix, suffix) = (["(", "“", "US$", ".."], ["..", "'s", "!", "”"]);
    let text = prefix.concat().repeat(depth) + "dog-like" + &suffix.concat().repeat(depth);
    let found = tokens(&text);
    assert_eq!(found.len(), 4 * depth + 3 + 4 * depth);
    assert_eq!(found[4 * depth..][..3], ["dog", "-", "like"]);
    assert!(found[..4 * depth].chunks(4).all(|group| group == prefix));
    assert!(
        found[4 * depth + 3..]
            .chunks(4)
            .all(|group| group == suffix)
    );
}

#[test]
fn the_longest_caption_has_the_tokens_of_its_parts() {
    let part = "“Don't!” (5km, U.S. red/blue...) :) ): 12-inch's a.b@c.de 犬。 ";
    let (each, count) = (tokens(part), (16 << 20) / part.len());
    let text = part.repeat(count);
    let found = tokens(&text);
    assert_eq!(found.len(), each.len() * count);
    assert!(found.chunks(each.len()).all(|group| group == each));
}

/// Strings rich in what the rules look at.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        ":", ")", "(", "-", "'", "s", "’", ".", "..", "…", ",", "a", "B", "dog", "1", "10", "km",
        "$", "US$", "+", "°", "C", "@", "/", "://", "com", "\"", "“", "é", "я", "中", "。", "★",
        " ", "  ", "\n", "\u{a0}", "don't", "Mr.", ":)", "a.m.", "=", "*", "~", "—", "\u{301}",
        "\0", "192.168",
    ]);
    prop_oneof![
        4 => prop::collection::vec(pieces, 0..16).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn tokens_and_single_blanks_make_up_the_text(text in texts()) {
        let mut end = 0;
        for token in ranges(&text) {
            prop_assert!(token.start < token.end);
            prop_assert!(matches!(&text[end..token.start], "" | " "));
            end = token.end;
        }
        prop_assert!(matches!(&text[end..], "" | " "));
    }

    #[test]
    fn no_token_mixes_white_space_and_other_characters(text in texts()) {
        for token in tokens(&text) {
            let spaces = token.chars().filter(|&c| is_space(c)).count();
            prop_assert!(spaces == 0 || spaces == token.chars().count());
        }
    }

    #[test]
    fn free_chunks_have_the_same_tokens_in_every_text(text in texts()) {
        let (by_chunk, all_free) = tokens_of_chunks(&text);
        if all_free {
            prop_assert_eq!(tokens(&text), by_chunk);
        }
    }

    #[test]
    fn white_space_that_is_a_token_keeps_chunks_apart(text in texts()) {
        let apart: String = text.split(is_space).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(tokens(&apart), tokens_of_chunks(&apart).0);
    }

    #[test]
    fn a_text_of_one_chunk_has_the_tokens_of_the_chunk(text in texts()) {
        let chunk: String = text.chars().filter(|&c| !is_space(c)).collect();
        let mut out = Vec::new();
        tokenize_chunk(&chunk, &mut Scratch::default(), &mut out);
        prop_assert_eq!(out, ranges(&chunk));
    }
}
