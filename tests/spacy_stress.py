"""spaCy beside another tokeniser: texts made so that they would differ, and the comparison.

The generator draws its pieces from spaCy's own rules (special cases, affixes, units, quotes,
icons) and joins them in the ways that have made ports differ: nested affixes, special cases
recased or wrapped, sequences the special matcher sees across white space, URLs at the limits of
their pattern, every character alone and between letters and digits.
"""

from __future__ import annotations

import itertools
import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from spacy import about, blank
from spacy.lang import char_classes
from spacy.lang.en import English
from spacy.tokenizer import Tokenizer

Tokenise = Callable[[list[str]], list[list[str]]]

SPACY_VERSION: str = about.__version__

# spaCy keeps every string it has met, so its vocabulary is dropped after this many texts.
TEXTS_PER_VOCABULARY = 100_000
TEXTS_PER_CALL = 10_000
LONGEST_CAPTION = 61_192  # characters; the longest one known of LAION


@dataclass
class Comparison:
    """How many texts were compared, and those whose tokens differ.

    Attributes
    ----------
    texts, tokens
        Texts compared, and the tokens spaCy found in them.
    differing
        Number of texts with other tokens than spaCy's.
    examples
        The first differing texts, each with spaCy's tokens and the other ones.
    """

    texts: int = 0
    tokens: int = 0
    differing: int = 0
    examples: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the figures as one line."""
        return (
            f"{self.texts:,} texts, {self.tokens:,} tokens, {self.differing} differ "
            f"from spaCy {SPACY_VERSION}"
        )


def batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the texts in lists of at most ``size``."""
    source = iter(texts)
    while batch := list(itertools.islice(source, size)):
        yield batch


def compare(texts: Iterable[str], tokenise: Tokenise, examples: int = 10) -> Comparison:
    """Compare a tokeniser with spaCy's English one, text by text.

    Parameters
    ----------
    texts
        What to tokenise; may be a generator of any length.
    tokenise
        Maps a list of texts to the list of their tokens.
    examples
        How many differing texts to keep.
    """
    result = Comparison()
    for batch in batches(texts, TEXTS_PER_CALL):
        if result.texts % TEXTS_PER_VOCABULARY == 0:
            reference: Tokenizer = blank("en").tokenizer
        for text, found in zip(batch, tokenise(batch), strict=True):
            expected = [token.text for token in reference(text)]
            result.texts += 1
            result.tokens += len(expected)
            if found != expected:
                result.differing += 1
                if len(result.examples) < examples:
                    result.examples.append((text, expected, found))
    return result


def literal(kind: str) -> list[str]:
    """Return spaCy's English ``prefixes`` or ``suffixes`` that are a plain string, unescaped."""
    rules: Iterable[str] = getattr(English.Defaults, kind)
    plain = (rule.replace("\\", "") for rule in rules if "[" not in rule.replace("\\[", ""))
    return [rule for rule in plain if rule]


def characters(pattern_class: str) -> list[str]:
    """Return some characters of a class of spaCy's, at both ends of each of its ranges."""
    decoded = pattern_class.encode("ascii", "backslashreplace").decode("unicode_escape")
    return [c for c in decoded if c != "-" and not 0xD800 <= ord(c) < 0xE000]


def pieces(blank_separated: str) -> list[str]:
    """Return the pieces of a list written as one string."""
    return blank_separated.split(" ")


ENGLISH: Tokenizer = blank("en").tokenizer
SPECIALS: list[str] = sorted(ENGLISH.rules)
PREFIXES = [*literal("prefixes"), "+", "..", "....", "US$", "C$", "A$"]
SUFFIXES = [*literal("suffixes"), "+", ".", "...", "'s", "’S", "°F.", "°c."]
UNITS: list[str] = [unit for unit in char_classes.LIST_UNITS if unit]
CURRENCIES: list[str] = [sign.replace("\\", "") for sign in char_classes.LIST_CURRENCY]
QUOTES: list[str] = [quote.replace("\\", "") for quote in char_classes.LIST_QUOTES if quote]
HYPHENS: list[str] = [*char_classes.LIST_HYPHENS, "----", "———", "~~", "‐", "−"]
ICONS = characters(char_classes.CONCAT_ICONS)
LETTERS = pieces(
    "a A z Z q é ß É я Я й ω Ω ñ ſ İ ŉ ǅ ʰ ª ⅷ א א֑ ب अ 中 日本 あ ア 한 ሀ ｆ Ｆ ก ა Ა 𠀀 𝐀"
)
LETTERS += ["e\u0301", "\u3000x", "\u3004"]
DIGITS = pieces("0 1 5 9 10 2024 3.5 1,000 ٣ ३ ５ ² ½ Ⅷ 𝟗 ①")
SPACES = [" ", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2009", "\u3000", "\u2028"]
SPACES += ["\x1c", "\x1f", "\x85", " \n ", "\u00a0 ", " \u00a0", "\u1680", "\u202f", "\x0b\x0c"]
CONTROLS = "\x00\x01\x1b\x7f\x80\xad\u200b\u200d\u200e\ufeff\ufffd\ufffe\ue000\u180e\U0010ffff"
COMBINING = "\ufe0f\u20e3\u0300\u0338\u093f\U0001f3fd"
ODD = [*CONTROLS, *COMBINING, *"\\|@^~•™©®→★🇩🇪", "\U0001f468\u200d\U0001f469\u200d\U0001f467"]
WORDS = pieces(
    "dog Dog DOG golden T-shirt black-and-white red/blue jpg IMG_1234.jpg it he ca do n't"
)
WORDS += pieces("Mr Dr a.m p.m 10km 24-inch e.g U.S. U.S end.Start a.b.c x,y key=value 12:30 1-2")
WORDS += pieces("1--2 1--a a--b -- &amp; <b>")
URLS = pieces("http://a.com www.example.org/x?y=1 user@mail.de ftp://1.2.3.4:80/ a@b.c foo.bar")
MOJIBAKE = [*pieces("â€™ Ã© â€œ Â£ Ð¿Ñ€ ï»¿ â€¦ ’Ã¢â‚¬"), "ã\x81\x82", "Ã\x83Â©"]
MATCHER = [*":;=()[]-'’‘.oODPpxX3801<>/|_*^}{asSdvwC°"]
MATCHER += pieces("re em he it Mr St vs co Inc p.m a.m 8a.m °C and or ä space ಠ")
POOLS: list[list[str]] = [
    SPECIALS,
    PREFIXES,
    SUFFIXES,
    UNITS,
    CURRENCIES,
    QUOTES,
    HYPHENS,
    ICONS,
    LETTERS,
    DIGITS,
]
POOLS += [SPACES, ODD, WORDS, URLS, MOJIBAKE, MATCHER]
TEMPLATES = pieces("{} a{}b 1{}2 A{}B {}a a{} 5{} a{}. A{}. a.{}b {}.com x.{}{} ({}) {}{} '{}")
TEMPLATES += ["a {} b", *pieces("1{}a я{}中 b.{} {}A. °{}. http://{}.de u{}@a.de 1.2.3.{}")]
LONG_UNITS = pieces("( . )… a, a@ .@ :) ):( 1.2. a.b. * 's s' “…” x- km 5km US$ ...a …a .a …@")
SCHEMES = ["", "", "", *pieces("http:// https:// a:// x+y-1.z:// é1:// ht:tp:// :// http:/ _://")]
USERS = ["", "", "", *pieces("me@ me:pw@ :@ @ a@b@ mailto:x@ é@ @@ x:y:z@ /@")]
PORTS = ["", "", "", *pieces(":8 :80 :65535 :123456 : :8a :٣٣ :80:80")]
PATHS = ["", "", "", *pieces("/ /a.b/c ?q #f /x(y) /, /a’s . , ) 's ! /… /★")]
TLDS = [*pieces("com c co COM Com c0m рф 中国 d-e קום 𠀀𠀀 c_m"), "a" * 63, "a" * 64]


def stress_texts(count: int, seed: int = 0) -> Iterator[str]:
    """Yield ``count`` texts, every character of Unicode's first plane among them if they fit.

    Three quarters are random, from the makers below in turn; a quarter walks through all
    characters and templates in an order that the seed shuffles.
    """
    rng = random.Random(seed)
    makers = [chain, chain, spaced, wrapped, recased, matcher, signs, url, address, measure]
    makers += [initials, repeated, unicode_soup]
    walk = every_character(rng)
    for number in range(count):
        if number % 4 == 0:
            yield next(walk)
        else:
            yield rng.choice(makers)(rng)


def every_character(rng: random.Random) -> Iterator[str]:
    """Yield every assigned character, shuffled, in one template after another, for ever."""
    known = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    plane = [c for c in known if ord(c) < 0x10000 and not 0xE100 <= ord(c) < 0xF800]
    beyond = [c for c in known if 0x10000 <= ord(c) < 0x20000]
    for template in itertools.cycle(TEMPLATES):
        rng.shuffle(plane)
        for char in plane + rng.sample(beyond, 2000):
            yield template.replace("{}", char)


def exhaustive_texts() -> Iterator[str]:
    """Yield every character of the first plane in every template, and of the next two in some.

    A text holds a few of them, blanks between: spaCy takes a second for some 50,000 characters.
    """
    plane = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
    beyond = [chr(c) for c in range(0x10000, 0x30000)]
    for template in TEMPLATES:
        for group in batches(plane + (beyond if template in TEMPLATES[:3] else []), 16):
            yield " ".join(template.replace("{}", char) for char in group)


def long_texts(seed: int = 0) -> Iterator[str]:
    """Yield chunks as long as the longest captions known, and shorter ones of one unit repeated.

    The latter are short because spaCy takes time that grows with their square.
    """
    rng = random.Random(seed)
    for unit in LONG_UNITS:
        yield unit * (1_500 // len(unit))
    for _ in range(4):
        # Without '@', for what stands before one is part of a URL: all would be one token.
        parts = (c for _ in range(20_000) for c in chain(rng) if c != "@" and not c.isspace())
        yield "".join(itertools.islice(parts, LONGEST_CAPTION))


def piece(rng: random.Random) -> str:
    """Return one piece of a random pool."""
    return rng.choice(rng.choice(POOLS))


def chain(rng: random.Random) -> str:
    """Return pieces joined directly."""
    return "".join(piece(rng) for _ in range(rng.randint(1, 7)))


def spaced(rng: random.Random) -> str:
    """Return pieces with white space of any kind here and there."""
    parts = ((piece(rng), rng.choice(SPACES) if rng.random() < 0.5 else "") for _ in range(8))
    return rng.choice(["", rng.choice(SPACES)]) + "".join(itertools.chain(*parts))


def wrapped(rng: random.Random) -> str:
    """Return something inside a nest of affixes, now and then a deep one."""
    deep = 200 if rng.random() < 0.001 else 8
    before = "".join(rng.choice(PREFIXES) for _ in range(rng.randint(0, deep)))
    after = "".join(rng.choice(SUFFIXES) for _ in range(rng.randint(0, deep)))
    core = rng.choice([rng.choice(SPECIALS), piece(rng), "", chain(rng)])
    return before + core + after


def recased(rng: random.Random) -> str:
    """Return a special case with some letters' case flipped, perhaps within affixes."""
    text = rng.choice(SPECIALS)
    text = "".join(c.swapcase() if rng.random() < 0.3 else c for c in text)
    text = text.replace("'", rng.choice("'’'´`"))
    before, after = rng.choice(["", "", piece(rng)]), rng.choice(["", "", piece(rng)])
    return before + text + after


def matcher(rng: random.Random) -> str:
    """Return pieces of what the special matcher looks for, some of them apart."""
    gap = rng.choice([0.0, 0.1, 0.3, 0.6])
    parts = (
        rng.choice(MATCHER) + (rng.choice(SPACES) if rng.random() < gap else "")
        for _ in range(rng.randint(2, 14))
    )
    return "".join(parts)


def signs(rng: random.Random) -> str:
    """Return a few emoticons' signs with blanks among them: matches that overlap, some broken."""
    few = rng.choice([":)(", ":)", ":-)(", ";:)D", ":'(a"])
    return "".join(rng.choice(few) + " " * (rng.random() < 0.25) for _ in range(rng.randint(3, 10)))


def initials(rng: random.Random) -> str:
    """Return a letter or two with a dot, after a prefix that no lookbehind sees once cut off."""
    before = rng.choice(["", "", "°", "5°", rng.choice(PREFIXES), rng.choice(QUOTES)])
    letters = "".join(rng.choice(["A", "F", "c", "N", rng.choice(LETTERS)]) for _ in range(2))
    return before + letters[rng.randint(0, 1) :] + "." + rng.choice(["", "", rng.choice(SUFFIXES)])


def repeated(rng: random.Random) -> str:
    """Return a few pieces over and over, now and then many times."""
    pool = rng.choice([MATCHER, PREFIXES, SUFFIXES, SPECIALS, rng.choice(POOLS)])
    unit = "".join(rng.choice(pool) for _ in range(rng.randint(1, 4)))
    return rng.choice(["", piece(rng)]) + unit * (
        300 if rng.random() < 0.002 else rng.randint(2, 9)
    )


def label(rng: random.Random) -> str:
    """Return a host label, often at a limit of the URL pattern."""
    length = rng.choice([0, 1, 1, 2, 3, 5, 62, 63, 64, 65])
    alphabet = rng.choice(
        ["ab1", "aB-", "x_-", "é\xa1\xa0\x80a", "中\uffff\ue000", "a", "𠀀a", "0-9"]
    )
    return "".join(rng.choice(alphabet) for _ in range(length))


def url(rng: random.Random) -> str:
    """Return a URL or nearly one."""
    host = "".join(label(rng) + "." for _ in range(rng.choice([0, 1, 1, 2, 3])))
    host += rng.choice(TLDS)
    pools = (SCHEMES, USERS, [host], PORTS, PATHS)
    text = "".join(rng.choice(pool) for pool in pools)
    return text if rng.random() < 0.8 else rng.choice(PREFIXES) + text + rng.choice(SUFFIXES)


def octet(rng: random.Random) -> str:
    """Return a part of an IP address, often at a limit of the URL pattern."""
    limits = [0, 1, 9, 10, 15, 16, 31, 32, 99, 100, 127, 168, 169, 172, 192, 199, 200, 219, 220]
    limits += [223, 224, 229, 239, 249, 250, 254, 255, 256, 259, 260, 300, 999, 1000]
    number = str(rng.choice([*limits, rng.randint(0, 260)]))
    if rng.random() < 0.05:
        number = number[:-1] + rng.choice("٣३５𝟗²")
    return rng.choice(["0", "00"]) + number if rng.random() < 0.05 else number


def address(rng: random.Random) -> str:
    """Return an IP address or nearly one, the private networks often."""
    start = rng.choice([[], [], ["10"], ["127"], ["192", "168"], ["169", "254"], ["172"]])
    octets = [*start, *(octet(rng) for _ in range(rng.choice([3, 4, 4, 4, 5]) - len(start)))]
    pools = (SCHEMES, USERS, [".".join(octets)], PORTS, PATHS)
    return "".join(rng.choice(pool) for pool in pools)


def measure(rng: random.Random) -> str:
    """Return numbers with units, currency signs, hyphens, dots and what may follow."""
    sign = rng.choice(["", "", "-", "+", "~", rng.choice(CURRENCIES), "x", "("])
    unit = rng.choice([rng.choice(UNITS), rng.choice(CURRENCIES), rng.choice(UNITS).swapcase()])
    link = rng.choice(["", rng.choice(HYPHENS), "x", "*", "^", ".", "..", "/", ":", ",", "+", "°"])
    after = rng.choice(["", "", ".", ",", "+", ")", "..", rng.choice(SUFFIXES), rng.choice(UNITS)])
    return sign + rng.choice(DIGITS) + link + rng.choice([*DIGITS, "a"]) + unit + after


def unicode_soup(rng: random.Random) -> str:
    """Return characters of one or two blocks of Unicode, perhaps read in a wrong encoding."""
    blocks = [0x20, 0x80, 0x2000, 0x3000, 0xFF00, 0x1F300, rng.randrange(0x2FA00)]
    starts = [rng.choice(blocks), rng.choice([0x20, 0x30, 0x60])]
    codes = (rng.choice(starts) + rng.randrange(96) for _ in range(rng.randint(1, 12)))
    text: str = "".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000)
    if rng.random() < 0.2:
        return text.encode("utf-8").decode("latin-1")
    return text
