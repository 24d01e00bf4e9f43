//! Normalization Form C (Unicode Standard Annex #15).
//!
//! Decompose every character canonically, put runs of combining marks into the order of their
//! classes, then compose pairs again where the result is not excluded. Hangul syllables are
//! computed, everything else is looked up. Time is O(n log n) in the worst case (one run of marks
//! as long as the text), space O(n), reused between calls.

use super::tables::{COMBINING_CLASSES, COMPOSITIONS, DECOMPOSITIONS};

/// Composes text into NFC; holds the buffers, so that a warm one allocates nothing.
#[derive(Debug, Default)]
pub struct Normalizer {
    /// Decomposed characters with their combining classes.
    marks: Vec<(char, u8)>,
}

impl Normalizer {
    /// Append the NFC of `text` to `out`.
    pub fn nfc(&mut self, text: impl Iterator<Item = char>, out: &mut String) {
        self.marks.clear();
        text.for_each(|c| decompose(c, &mut self.marks));
        self.order();
        self.compose();
        out.extend(self.marks.iter().map(|&(c, _)| c));
    }

    /// Sort every run of non-starters by combining class, equal classes keeping their order.
    fn order(&mut self) {
        for run in self.marks.split_mut(|&(_, class)| class == 0) {
            // A hostile text may be one long run of marks: the sort must not be quadratic.
            run.sort_by_key(|&(_, class)| class);
        }
    }

    /// Compose in place: each character joins the last starter unless something between blocks it.
    fn compose(&mut self) {
        let mut kept = 0;
        let mut starter: Option<usize> = None;
        for at in 0..self.marks.len() {
            let (c, class) = self.marks[at];
            let joined = starter.and_then(|s| {
                // Between the starter and this character stand only marks of lower classes.
                let adjacent = s + 1 == kept;
                let open = adjacent || (class != 0 && self.marks[kept - 1].1 < class);
                if open {
                    Some((s, composite(self.marks[s].0, c)?))
                } else {
                    None
                }
            });
            if let Some((s, whole)) = joined {
                self.marks[s] = (whole, 0);
                continue;
            }
            if class == 0 {
                starter = Some(kept);
            }
            self.marks[kept] = (c, class);
            kept += 1;
        }
        self.marks.truncate(kept);
    }
}

/// Push the full canonical decomposition of `c`.
fn decompose(c: char, out: &mut Vec<(char, u8)>) {
    if c < '\u{c0}' {
        out.push((c, 0));
    } else if let Some(parts) = hangul::decompose(c) {
        out.extend(parts.into_iter().flatten().map(|jamo| (jamo, 0)));
    } else if let Ok(at) = DECOMPOSITIONS.binary_search_by_key(&c, |&(from, _)| from) {
        let parts = DECOMPOSITIONS[at]
            .1
            .into_iter()
            .take_while(|&part| part != '\0');
        out.extend(parts.map(|part| (part, combining_class(part))));
    } else {
        out.push((c, combining_class(c)));
    }
}

/// The canonical combining class; 0 is a starter.
fn combining_class(c: char) -> u8 {
    let code = u32::from(c);
    let after = COMBINING_CLASSES.partition_point(|&(first, ..)| first <= code);
    match COMBINING_CLASSES[..after].last() {
        Some(&(_, last, class)) if code <= last => class,
        _ => 0,
    }
}

/// The primary composite of a pair, if there is one.
fn composite(first: char, second: char) -> Option<char> {
    hangul::compose(first, second).or_else(|| {
        let at = COMPOSITIONS
            .binary_search_by_key(&(first, second), |&(pair, _)| pair)
            .ok()?;
        Some(COMPOSITIONS[at].1)
    })
}

/// Hangul syllables by arithmetic (Unicode Standard, section 3.12).
mod hangul {
    const SYLLABLES: u32 = 0xac00;
    const LEADING: u32 = 0x1100;
    const VOWELS: u32 = 0x1161;
    /// One before the first trailing consonant: index 0 stands for none.
    const TRAILING: u32 = 0x11a7;
    const LEADING_COUNT: u32 = 19;
    const VOWEL_COUNT: u32 = 21;
    const TRAILING_COUNT: u32 = 28;
    const SYLLABLE_COUNT: u32 = LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT;

    /// The two or three jamo of a syllable.
    pub(super) fn decompose(c: char) -> Option<[Option<char>; 3]> {
        let index = index(c, SYLLABLES, SYLLABLE_COUNT)?;
        let (pair, trailing) = (index / TRAILING_COUNT, index % TRAILING_COUNT);
        Some([
            char::from_u32(LEADING + pair / VOWEL_COUNT),
            char::from_u32(VOWELS + pair % VOWEL_COUNT),
            char::from_u32(TRAILING + trailing).filter(|_| trailing != 0),
        ])
    }

    /// Leading + vowel, or a syllable without trailing consonant + trailing consonant.
    pub(super) fn compose(first: char, second: char) -> Option<char> {
        if let Some(leading) = index(first, LEADING, LEADING_COUNT) {
            let vowel = index(second, VOWELS, VOWEL_COUNT)?;
            return char::from_u32(SYLLABLES + (leading * VOWEL_COUNT + vowel) * TRAILING_COUNT);
        }
        let syllable = index(first, SYLLABLES, SYLLABLE_COUNT)?;
        let trailing = index(second, TRAILING, TRAILING_COUNT).filter(|&t| t != 0)?;
        if syllable % TRAILING_COUNT != 0 {
            return None;
        }
        char::from_u32(SYLLABLES + syllable + trailing)
    }

    /// Position of `c` in the `count` characters from `base` on.
    fn index(c: char, base: u32, count: u32) -> Option<u32> {
        u32::from(c).checked_sub(base).filter(|&i| i < count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nfc(text: &str) -> String {
        let mut out = String::new();
        Normalizer::default().nfc(text.chars(), &mut out);
        out
    }

    #[test]
    fn cases_of_the_annex() {
        for (text, expected) in [
            ("", ""),
            ("abc", "abc"),
            ("e\u{301}", "\u{e9}"),
            ("\u{1e0b}\u{323}", "\u{1e0d}\u{307}"),
            ("q\u{307}\u{323}", "q\u{323}\u{307}"),
            ("\u{212b}", "\u{c5}"),
            ("\u{2126}", "\u{3a9}"),
            ("\u{fb01}", "\u{fb01}"),
            ("a\u{5ae}\u{300}\u{302}b", "\u{e0}\u{5ae}\u{302}b"),
            ("\u{958}", "\u{915}\u{93c}"),
            ("\u{1100}\u{1161}", "\u{ac00}"),
            ("\u{ac00}\u{11a8}", "\u{ac01}"),
            ("\u{ac01}\u{11a8}", "\u{ac01}\u{11a8}"),
            ("\u{1100}\u{ac00}\u{11a8}", "\u{1100}\u{ac01}"),
            ("\u{9c7}\u{9be}", "\u{9cb}"),
            ("\u{301}\u{301}a", "\u{301}\u{301}a"),
            ("\u{1d15e}", "\u{1d157}\u{1d165}"),
        ] {
            assert_eq!(nfc(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_run_of_marks_is_sorted_not_shuffled() {
        let text = "\u{301}\u{323}".repeat(200_000);
        let expected = format!("{}{}", "\u{323}".repeat(200_000), "\u{301}".repeat(200_000));
        assert_eq!(nfc(&format!("x{text}")), format!("x{expected}"));
    }

    /// Text in which most characters interact under normalization.
    fn interacting() -> impl Strategy<Value = String> {
        let marks = prop_oneof![
            prop::char::range('\u{300}', '\u{345}'),
            prop::char::range('\u{1100}', '\u{11ff}'),
            prop::char::range('\u{ac00}', '\u{ac40}'),
            prop::char::range('\u{900}', '\u{9ff}'),
            prop::char::range('A', 'z'),
            any::<char>(),
        ];
        prop::collection::vec(marks, 0..12).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn nfc_is_idempotent(text in interacting()) {
            let once = nfc(&text);
            prop_assert_eq!(nfc(&once), once);
        }

        #[test]
        fn nfc_does_not_see_how_the_text_was_composed(text in interacting()) {
            let mut parts = Vec::new();
            text.chars().for_each(|c| decompose(c, &mut parts));
            let decomposed: String = parts.iter().map(|&(c, _)| c).collect();
            prop_assert_eq!(nfc(&decomposed), nfc(&text));
        }
    }
}
