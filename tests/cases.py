"""One table of questions and answers, written from the rules before any code ran over it.

Every implementation of the index is run over this table. A case is a handful of captions, a
question, and the ids (positions) of the captions that answer it; `ERROR` stands where the question
holds no term and must be refused. Cases about word forms belong to the lemma tier alone or have
their own answer in the surface tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wagidx.asking.expressions import Expression, all_of, any_of, none_of, phrase

Tier = Literal["surface", "lemma"]
ERROR: Final = "ConceptError"
BOTH: Final[tuple[Tier, ...]] = ("surface", "lemma")


@dataclass(frozen=True)
class Case:
    """Captions, a question, and the ids that answer it (or ERROR)."""

    why: str
    captions: tuple[str | None, ...]
    expression: str | Expression
    found: tuple[int, ...] | Literal["ConceptError"]
    missing: Literal["zero", "ignore"] = "zero"
    tiers: tuple[Tier, ...] = BOTH

    @property
    def positions(self) -> bool:
        """Whether the index must know where in a caption a term stands."""
        return asks_phrase(self.expression)


def asks_phrase(expression: str | Expression) -> bool:
    """Say whether any part of an expression is a phrase."""
    if isinstance(expression, str):
        return False
    return expression.op == "phrase" or any(map(asks_phrase, expression.operands))


def lemma(
    why: str, captions: tuple[str | None, ...], expression: str | Expression, *found: int
) -> Case:
    return Case(why, captions, expression, found, tiers=("lemma",))


def surface(
    why: str, captions: tuple[str | None, ...], expression: str | Expression, *found: int
) -> Case:
    return Case(why, captions, expression, found, tiers=("surface",))


def case(
    why: str, captions: tuple[str | None, ...], expression: str | Expression, *found: int
) -> Case:
    return Case(why, captions, expression, found)


def ignoring(
    why: str, captions: tuple[str | None, ...], expression: str | Expression, *found: int
) -> Case:
    return Case(why, captions, expression, found, missing="ignore")


def refused(why: str, expression: str | Expression) -> Case:
    return Case(why, ("dog - cat", ""), expression, ERROR)


SETS = [
    case("a word is a word", ("a dog", "a cat", "dog"), "dog", 0, 2),
    case("whole words only", ("catfish", "cat fish", "concatenate"), "cat", 1),
    case("every term must occur", ("golden retriever", "golden sunset", "retriever"),
         "golden retriever", 0),
    case("in any order", ("retriever, golden", "a retriever in golden light"),
         "golden retriever", 0, 1),
    case("the order asked does not matter", ("golden retriever",), "retriever golden", 0),
    case("a caption counts once, however often it says it", ("dog dog dog dog", "dog"), "dog",
         0, 1),
    case("the terms of a concept are a set", ("chow chow", "chow line", "chowder"), "chow chow",
         0, 1),
    case("no reading without a tagger: rose the verb", ("the sun rose", "a red rose"), "rose",
         0, 1),
    case("a name is a word", ("Rose, aged four", "ROSE", "prose"), "Rose", 0, 1),
    case("function words are terms", ("the dog", "dog"), "the dog", 0),
    case("single letters are terms", ("vitamin C", "a C major"), "c", 0, 1),
    case("blanks around a concept mean nothing", ("snow leopard",), "  snow   leopard ", 0),
    case("blanks of every kind part words", ("snow\tleopard", "snow\nleopard", "snow\u3000leopard"),
         "snow leopard", 0, 1, 2),
    case("a no-break space parts words", ("snow\u00a0leopard", "snow\u2009leopard"),
         "snow leopard", 0, 1),
    case("a zero-width space does not", ("snow\u200bleopard", "snow leopard"), "snow leopard", 1),
    case("a word at the end of a long caption", ("word " * 12_000 + "tail", "tail"), "tail", 0, 1),
]  # fmt: skip

CASE_AND_FORM = [
    case("case means nothing in captions",
         ("GOLDEN RETRIEVER", "Golden Retriever", "gOlDeN retriever"), "golden retriever", 0, 1, 2),
    case("nor in concepts", ("golden retriever",), "Golden RETRIEVER", 0),
    case("full folding: eszett", ("Straße", "STRASSE", "strasse", "STRAẞE", "strase"),
         "straße", 0, 1, 2, 3),
    case("full folding: ligatures", ("\ufb01sh", "fish", "FISH"), "fish", 0, 1, 2),
    case("full folding on the query", ("fish",), "\ufb01sh", 0),
    case("composed and decomposed are one", ("cafe\u0301", "caf\u00e9", "CAFE\u0301"), "café",
         0, 1, 2),
    case("decomposed in the query", ("caf\u00e9",), "cafe\u0301", 0),
    case("marks in another order", ("e\u0301\u0323", "\u1eb9\u0301"), "e\u0323\u0301", 0, 1),
    case("accents mean something", ("cafe", "café", "crème"), "cafe", 0),
    case("umlauts fold in case only", ("GRÖSSE", "Größe", "grosse"), "größe", 0, 1),
    case("the final sigma is a sigma", ("ΣΑΣ", "σας", "σασ"), "Σας", 0, 1, 2),
    case("a Turkish capital folds to i and a dot", ("İstanbul", "istanbul", "i\u0307stanbul"),
         "istanbul", 1),
    case("the same, asked with the capital", ("İstanbul", "istanbul", "i\u0307stanbul"),
         "İSTANBUL", 0, 2),
    case("the Kelvin sign is a k", ("\u212aelvin", "kelvin"), "Kelvin", 0, 1),
    case("full-width letters are other letters", ("ＤＯＧ", "dog", "ｄｏｇ"), "dog", 1),
    case("full-width letters fold in case", ("ＤＯＧ", "dog", "ｄｏｇ"), "ｄｏｇ", 0, 2),
    case("Cyrillic folds in case", ("СОБАКА", "собака", "cobaka"), "Собака", 0, 1),
    case("a run of Japanese is one term", ("犬と猫", "犬 猫", "犬"), "犬", 1, 2),
    case("and is found as a run", ("犬と猫", "犬 猫"), "犬と猫", 0),
    case("wide punctuation is stripped from the ends", ("「犬」", "犬。", "犬！"), "犬", 0, 1, 2),
    case("Arabic-Indic digits are other digits", ("٣", "3"), "3", 1),
    case("a Roman numeral sign folds in case only", ("Ⅳ", "ⅳ", "IV"), "ⅳ", 0, 1),
]  # fmt: skip

PUNCTUATION = [
    case("punctuation at the ends is no part of a word",
         ("dog.", "(dog)", "“dog”", "dog!!", "…dog…", "¿dog?", "'dog'", "-dog", "dog-"), "dog",
         0, 1, 2, 3, 4, 5, 6, 7, 8),
    case("nor in the query", ("dog",), '"dog!"', 0),
    case("commas part words even without a blank", ("dog,cat,bird",), "cat", 0),
    case("so do dashes", ("dog—cat", "dog–cat", "dog--cat", "dog...cat"), "cat", 0, 1, 2, 3),
    case("and a slash", ("dog/cat", "dog / cat"), "cat", 0, 1),
    case("a bar without blanks does not: it is a symbol", ("dog|cat", "dog | cat"), "cat", 1),
    case("a plus does not", ("dog+cat", "dog + cat"), "cat", 1),
    case("a semicolon does not", ("dog;cat", "dog; cat"), "cat", 1),
    case("an ampersand does not", ("dog&cat", "dog & cat"), "cat", 1),
    case("a full stop parts before a capital only", ("dog.Cat", "dog.cat"), "cat", 0),
    case("a hyphen parts words", ("golf-ball", "golf ball", "golfball"), "golf ball", 0, 1),
    case("in queries too", ("golf-ball", "golf ball", "golfball"), "golf-ball", 0, 1),
    case("any dash will do", ("golf–ball", "golf—ball"), "golf-ball", 0, 1),
    case("T-shirt is two terms", ("T-shirt", "t shirt", "shirt, size T", "tee shirt", "tshirt"),
         "t-shirt", 0, 1, 2),
    case("black-and-white is three terms", ("black-and-white", "white and black", "black white",
         "black & white"), "black-and-white", 0, 1),
    case("an underscore in a concept is a blank", ("snow leopard", "leopard in snow"),
         "snow_leopard", 0, 1),
    case("underscores around a concept vanish", ("a dog", "__dog__"), "__dog__", 0, 1),
    case("an underscore in a caption joins", ("snow_leopard", "snow leopard"), "snow leopard", 1),
    case("so a joined caption cannot be asked with it", ("snow_leopard", "snow leopard"),
         "snow_leopard", 1),
    case("a possessive is the word and an s", ("dog's bowl", "dog’s bowl", "dogs bowl"), "dog's",
         0, 1),
    case("which the bare word finds", ("dog's bowl", "DOG'S BOWL", "the dog"), "dog", 0, 1, 2),
    case("which the letter s finds", ("dog's bowl", "plan S", "s/he"), "s", 0, 1, 2),
    surface("a plural possessive is the plural", ("dogs' bowl", "dogs’ bowl"), "dogs", 0, 1),
    case("an apostrophe within stays", ("o'clock", "o’clock", "oclock"), "o'clock", 0),
    case("contractions are parted", ("don't stop", "do not stop", "do it"), "do", 0, 1, 2),
    case("with or without apostrophe, but n't is not nt", ("don't", "dont"), "don't", 0),
    case("Im is I'm: both are i and m", ("Im here", "I'm here", "I am here"), "I'm", 0, 1),
    case("St. is st", ("St. Bernard", "St Bernard", "ST. BERNARD", "st. bernard", "Saint Bernard"),
         "St. Bernard", 0, 1, 2, 3),
    case("a cathedral with everything", ("St. Basil's Cathedral", "Basil's Cathedral, St",
         "St. Basil Cathedral"), "St. Basil's Cathedral", 0, 1),
    case("stops within stay", ("U.S. Open", "US Open", "u.s. open"), "U.S.", 0, 2),
    case("a.m. is not am", ("10 a.m.", "10am", "10 am"), "10am", 1, 2),
    case("an entity is its name", ("salt &amp; pepper", "salt & pepper", "amp"), "amp", 0, 2),
    case("asked as an entity", ("salt &amp; pepper", "salt & pepper"), "&amp;", 0),
    case("salt and pepper is found either way", ("salt &amp; pepper", "salt & pepper"),
         "salt pepper", 0, 1),
    case("an entity without blanks glues", ("R&amp;B", "R&B", "r & b"), "R&B", 1),
    case("a tag may glue", ("<b>dog</b>", "<dog>"), "dog", 1),
    case("a bracket may glue", ("dog(s)", "(dog)s", "dog (s)"), "dog", 2),
]  # fmt: skip

SYMBOLS = [
    case("C++ is a word of its own", ("C++ primer", "C primer", "c++"), "C++", 0, 2),
    case("and C is another", ("C++ primer", "C primer"), "c", 1),
    case("C# is c, for # is punctuation", ("C# book", "vitamin C", "C++"), "C#", 0, 1),
    case("a hashtag is its word", ("#dog", "dog", "#dogs_of_year"), "dog", 0, 1),
    case("asked as a hashtag", ("#dog", "dog"), "#dog", 0, 1),
    case("glued hashtags are one word", ("#dog#cat", "#dog #cat"), "cat", 1),
    case("a hashtag of two words is one word", ("#goldenretriever", "golden retriever"),
         "goldenretriever", 0),
    case("a mention is its name", ("@user", "user"), "user", 0, 1),
    case("an emoji is a term", ("😀", "cat 😀", "cat"), "😀", 0, 1),
    case("an emoji parts from the word it touches", ("cat🐶dog", "dog"), "dog", 0, 1),
    case("a joined emoji is its parts", ("👨\u200d👩\u200d👧", "👧", "👨 👩 👧"),
         "👨\u200d👩\u200d👧", 0, 2),
    case("a variation selector means nothing", ("❤\ufe0f", "❤", "I ❤\ufe0f NY"), "❤", 0, 1, 2),
    case("a skin tone means nothing", ("👍🏽", "👍"), "👍", 0, 1),
    case("a flag is two letters", ("🇩🇪", "🇪🇩"), "🇩🇪", 0, 1),
    case("signs that are symbols are terms", ("© 2012", "(c) 2012"), "©", 0),
    case("a trade mark parts from its word", ("Dog™ food", "Dog food"), "dog", 0, 1),
    case("currency signs are no terms", ("$4.99", "4.99", "£4.99", "5.99"), "$4.99", 0, 1, 2),
    case("nor are arrows and bullets", ("a → b", "a • b", "a b"), "a → b", 0, 1, 2),
    case("degrees are", ("20°C", "20 °C", "20 C"), "20°C", 0, 1),
    case("a bullet without blanks glues", ("dog•cat", "dog • cat"), "dog", 1),
    case("a fraction is a number", ("½ cup", "1/2 cup"), "½", 0),
]  # fmt: skip

NUMBERS = [
    case("a number is a term", ("Boeing 747", "747", "Boeing 737"), "747", 0, 1),
    case("Boeing 747", ("Boeing 747", "a 747 by Boeing", "Boeing"), "boeing 747", 0, 1),
    case("a hyphen between digits parts", ("Boeing 747-400", "747 400", "747"), "747-400", 0, 1),
    case("so the family is found in the type", ("747-400", "747SP"), "747", 0),
    case("a letter and digits stay together", ("F-16", "F16", "F 16", "f-16"), "F-16", 0, 3),
    case("F/A-18 is parted at the slash", ("F/A-18", "A-18 F", "FA-18"), "F/A-18", 0, 1),
    case("digits and letters alternating", ("A300B4", "a300b4", "A300-B4"), "A300B4", 0, 1),
    case("a unit parts from its number", ("10km run", "10 km run", "10kms run"), "10km", 0, 1),
    case("the number alone is found", ("10km run", "100km run"), "10", 0),
    case("24-inch", ("24-inch", "24 inch", '24"'), "24 inch", 0, 1),
    case("a decimal is one term", ("4.99", "4", "99"), "4.99", 0),
    case("commas in numbers stay", ("1,000", "1000"), "1000", 1),
    case("a per cent sign is punctuation", ("50% off", "50 off", "50 %"), "50%", 0, 1, 2),
    surface("a decade is a word", ("the 90s", "the '90s", "90's", "90"), "90s", 0, 1),
    lemma("a decade is the plural of a number that is a noun",
          ("the 90s", "the '90s", "90's", "90"), "90s", 0, 1, 2, 3),
    case("dimensions are one term", ("4x6 print", "4 x 6 print"), "4x6", 0),
    case("a time is one term", ("10:30", "10 30"), "10:30", 0),
    case("inches and feet", ("5'10\" tall", "510"), "5'10\"", 0),
]  # fmt: skip

ADDRESSES = [
    case("an address is one term", ("see https://example.org/dog.jpg", "dog"), "dog", 1),
    case("and is found as one", ("see https://example.org/dog.jpg",),
         "https://example.org/dog.jpg", 0),
    case("its last slash is punctuation", ("https://example.org/a/", "https://example.org/a"),
         "https://example.org/a", 0, 1),
    case("a file name is one term", ("dog.jpg", "dog jpg"), "dog", 1),
    case("a file name with an underscore cannot be asked", ("IMG_1234.jpg", "img 1234.jpg"),
         "IMG_1234.jpg", 1),
    case("a host name", ("www.example.org", "example"), "www.example.org", 0),
]  # fmt: skip

WORD_FORMS = [
    lemma("plural captions, singular concept", ("dogs", "dog", "DOGS!"), "dog", 0, 1, 2),
    lemma("plural concept, singular captions", ("dogs", "dog"), "dogs", 0, 1),
    surface("no word forms in the surface tier", ("dogs", "dog"), "dog", 1),
    surface("nor on the query", ("dogs", "dog"), "dogs", 0),
    lemma("-ies", ("two puppies", "a puppy"), "puppy", 0, 1),
    lemma("-xes and -ches", ("boxes and churches", "a box by a church"), "box church", 0, 1),
    lemma("-men", ("firemen", "a fireman"), "fireman", 0, 1),
    lemma("women", ("women's shoes", "a woman's shoe", "man's shoe"), "women's shoes", 0, 1),
    lemma("man is not woman", ("women", "men"), "man", 1),
    lemma("children", ("children", "a child", "child's play"), "child", 0, 1, 2),
    lemma("geese, mice, teeth, feet, oxen", ("geese mice teeth feet oxen",),
          "goose mouse tooth foot ox", 0),
    lemma("knives, wolves, loaves", ("knives wolves loaves",), "knife wolf loaf", 0),
    lemma("leaves are of a leaf", ("autumn leaves", "a leaf", "take your leave"), "leaf", 0, 1),
    lemma("whatever he does with them", ("he leaves the house",), "leaf", 0),
    lemma("vases, cookies, buses", ("vases cookies buses", "vase cookie bus"), "vase cookie bus",
          0, 1),
    lemma("irises and iris", ("irises", "iris"), "iris", 0, 1),
    lemma("menus and emus", ("menus for emus", "menu for an emu"), "emu menu", 0, 1),
    lemma("-ss stays", ("glass", "glasses", "glas"), "glasses", 0, 1),
    lemma("dresses", ("dresses", "dress", "dressed"), "dress", 0, 1),
    lemma("jeans and jean are one", ("jeans", "jean jacket"), "jeans", 0, 1),
    lemma("does is not a doe", ("what does it do", "a doe", "three does"), "doe", 1),
    lemma("nor a doe does", ("what does it do", "a doe"), "does", 0),
    lemma("as, was, has, his, us, its stay", ("as was has his us its",), "as was has his us its",
          0),
    lemma("so was is not wa", ("it was", "Seattle, WA"), "wa", 1),
    lemma("verb forms are other words", ("running dogs", "a dog runs", "run, dog"), "running dog",
          0),
    lemma("flies of both kinds", ("fruit flies", "time flies", "a fly"), "fly", 0, 1, 2),
    lemma("sheep is sheep", ("one sheep", "ten sheep"), "sheep", 0, 1),
    lemma("a plural in capitals", ("GOLDEN RETRIEVERS", "Golden Retrievers"), "golden retriever",
          0, 1),
    lemma("plural of a hyphenated word", ("T-shirts", "golf-balls"), "t-shirt", 0),
    lemma("a plural possessive", ("the dogs' bowl", "the dog's bowl"), "dog", 0, 1),
    lemma("a plural in quotes", ("“dogs”", "dogs."), "dog", 0, 1),
    lemma("words that the tables lack keep their s", ("two F-16s", "an F-16"), "F-16", 1),
    lemma("French plurals are left alone", ("deux cafés", "un café"), "café", 1),
    lemma("clothes has no singular", ("clothes", "cloth"), "cloth", 1),
    lemma("high-heeled shoes", ("high-heeled shoe", "shoes, high heeled", "high heels"),
          "high-heeled shoes", 0, 1),
    lemma("every word of a concept has its form", ("sports cars", "sport car"), "sports car", 0, 1),
    lemma("fire trucks", ("fire trucks", "truck on fire"), "fire truck", 0, 1),
]  # fmt: skip

ROWS = ("a dog and a cat", "a dog", "a cat", "a bird", "", None, "   ")

EXPRESSIONS = [
    case("all of is the intersection", ROWS, all_of("dog", "cat"), 0),
    case("any of is the union", ROWS, any_of("dog", "cat"), 0, 1, 2),
    case("none of is the rest of the rows with text, the empty included", ROWS,
         none_of("dog", "cat"), 3, 4, 6),
    case("none of one", ROWS, none_of("dog"), 2, 3, 4, 6),
    case("one operand of all", ROWS, all_of("dog"), 0, 1),
    case("one operand of any", ROWS, any_of("cat"), 0, 2),
    case("an operand twice", ROWS, all_of("dog", "dog"), 0, 1),
    case("operands are concepts of several terms",
         ("golden retriever", "golden cat", "snow leopard"),
         any_of("golden retriever", "snow leopard"), 0, 2),
    case("all of one-word concepts is the concept", ("golden retriever", "golden cat"),
         all_of("golden", "retriever"), 0),
    case("dog without cat", ROWS, all_of("dog", none_of("cat")), 1),
    case("twice none is any, NULL left out", ROWS, none_of(none_of("dog")), 0, 1),
    case("none of all", ROWS, none_of(all_of("dog", "cat")), 1, 2, 3, 4, 6),
    case("any with a complement", ROWS, any_of("bird", none_of("dog", "bird")), 2, 3, 4, 6),
    case("deep nesting", ROWS, all_of(any_of("dog", "cat"), none_of(all_of("dog", "cat"))), 1, 2),
    case("a contradiction", ROWS, all_of("dog", none_of("dog"))),
    case("a tautology is every row with text", ROWS, any_of("dog", none_of("dog")),
         0, 1, 2, 3, 4, 6),
    case("synonyms are any of", ("a sofa", "a couch", "a chair"), any_of("sofa", "couch"), 0, 1),
    case("underscores in operands", ("snow leopard", "dog"), any_of("snow_leopard"), 0),
    lemma("word forms in operands", ("dogs", "cats"), any_of("dog", "cat"), 0, 1),
    case("NULL is no caption", (None, None), none_of("dog")),
    case("empty captions are", ("", ""), none_of("dog"), 0, 1),
    case("NULL keeps its id", (None, "dog", None, "dog"), "dog", 1, 3),
    case("a caption that says null is one", ("null", "NA", None), "null", 0),
]  # fmt: skip

MISSING = [
    case("an unknown word counts zero", ("a dog",), "quokka"),
    case("a concept needs all its words", ("golden dog",), "golden quokka"),
    case("an index without captions", (), "dog"),
    case("an index without terms", ("", "- -", None), "dog"),
    case("any of passes over the unknown", ("a dog", "a cat"), any_of("dog", "quokka"), 0),
    case("all of does not", ("a dog", "a cat"), all_of("dog", "quokka")),
    case("none of the unknown is everything", ("a dog", ""), none_of("quokka"), 0, 1),
    ignoring("an unknown word is dropped", ("golden dog", "dog"), "golden quokka", 0),
    ignoring("several are", ("golden dog", "dog"), "quokka dog okapi", 0, 1),
    ignoring("all dropped is zero, not everything", ("golden dog",), "quokka okapi"),
    ignoring("known words that never meet stay zero", ("golden dog", "cat"), "golden cat"),
    ignoring("any of known and unknown", ("a dog",), any_of("quokka", "dog okapi"), 0),
    ignoring("words are dropped from concepts, never concepts from all of", ("a dog",),
             all_of("dog", "quokka")),
    ignoring("none of what was dropped is everything", ("a dog", None, ""), none_of("quokka"),
             0, 2),
    ignoring("an index without captions", (), "dog"),
]  # fmt: skip

GOLF = (
    "golf ball",
    "golf-ball",
    "ball golf",
    "golf a ball",
    "Golf: ball!",
    "golfball",
    "golf",
    "ball",
    "mini golf balls",
    "GOLF, (ball)",
    "golf ball golf",
    "golf - - ball",
    None,
    "",
)

PHRASES = [
    case("a phrase is its words side by side", ("golden retriever", "retriever golden",
         "golden old retriever", "a golden retriever, golden"), phrase("golden retriever"), 0, 3),
    lemma("what is no term takes no place", GOLF, phrase("golf ball"), 0, 1, 4, 8, 9, 10, 11),
    surface("word forms aside", GOLF, phrase("golf ball"), 0, 1, 4, 9, 10, 11),
    case("a hyphen in a phrase", ("golf ball", "golf-ball", "ball golf"), phrase("golf-ball"), 0,
         1),
    case("an underscore in a phrase", ("snow leopard", "leopard snow", "snow_leopard"),
         phrase("snow_leopard"), 0),
    case("underscores around a phrase", ("snow leopard", "leopard snow"), phrase("_snow__leopard_"),
         0),
    case("punctuation in a phrase", ("salt & pepper", "pepper salt", "salt, pepper"),
         phrase("salt & pepper"), 0, 2),
    case("a phrase of one word is the word", ("a dog", "dogma", "cat"), phrase("dog"), 0),
    case("a phrase keeps repeats", ("chow chow", "chow", "chow, chow!", "chow line chow",
         "chow chow chow"), phrase("chow chow"), 0, 2, 4),
    case("repeats overlap", ("a a", "a a a", "a a b a", "b a a a", "a b a b a", "a a a a"),
         phrase("a a a"), 1, 3, 5),
    case("a repeat that begins anew", ("a a b", "a b a a b", "a b a b", "a a a b"),
         phrase("a a b"), 0, 1, 3),
    case("a repeat with something between", ("new york new jersey", "new jersey new york",
         "new york, new new york"), phrase("new york new"), 0, 2),
    case("order matters", ("cat dog", "dog cat"), phrase("cat dog"), 0),
    case("three words", ("black and white", "white and black", "black and off white",
         "black-and-white", "so black and white it is"), phrase("black-and-white"), 0, 3, 4),
    case("at both ends of a caption", ("big red dog", "red dog big", "red big dog"),
         phrase("red dog"), 0, 1),
    case("far into a caption", ("word " * 12_000 + "red dog", "red " + "word " * 300 + "dog",
         "dog red"), phrase("red dog"), 0),
    case("a word on both sides of 64 others",
         ("dog " + "x " * 63 + "red dog", "red " + "x " * 64 + "dog red"), phrase("red dog"), 0),
    case("a possessive is two terms", ("dog's bowl", "dog bowl", "dog s bowl"),
         phrase("dog's bowl"), 0, 2),
    case("case means nothing in a phrase", ("GOLDEN Retriever", "Golden"),
         phrase("golden RETRIEVER"), 0),
    lemma("plurals in a phrase", ("golden retrievers", "retrievers golden"),
          phrase("golden retriever"), 0),
    lemma("a plural phrase", ("sports cars", "sport car", "cars, sports"), phrase("sports car"), 0,
          1),
    case("blanks of any kind", ("snow\tleopard", "snow\nleopard", "leopard\nsnow"),
         phrase("  snow  leopard "), 0, 1),
    case("what is bound to its neighbour", ("I ca n't", "can't stop", "stop can't"),
         phrase("can't stop"), 1),
    case("an emoji in a phrase", ("cat 😀", "😀 cat"), phrase("cat 😀"), 0),
    case("a missing word", ("golden retriever",), phrase("golden quokka")),
    case("a missing word twice", ("golden retriever",), phrase("quokka quokka")),
    case("an index without captions has no phrase", (), phrase("red dog")),
    case("nor has one without terms", ("", None, "- -"), phrase("red dog")),
    case("words that never meet", ("red", "dog"), phrase("red dog")),
    case("words of two captions do not meet", ("a red", "dog b"), phrase("red dog")),
    case("a phrase and a concept", ("red dog cat", "dog red cat", "red dog"),
         all_of(phrase("red dog"), "cat"), 0),
    case("two phrases", ("red dog", "blue cat", "dog red", "red dog, blue cat"),
         all_of(phrase("red dog"), phrase("blue cat")), 3),
    case("either phrase", ("red dog", "blue cat", "dog red", "cat blue"),
         any_of(phrase("red dog"), phrase("blue cat")), 0, 1),
    case("not the phrase", ("red dog", "dog red", "", None), none_of(phrase("red dog")), 1, 2),
    case("the words but not the phrase", ("red dog", "dog red", "red"),
         all_of("red dog", none_of(phrase("red dog"))), 1),
    case("a phrase within its words", ("red dog", "dog red", "red"),
         all_of("red dog", phrase("red dog")), 0),
]  # fmt: skip

LIMITS = [
    case("a key is cut at 255 bytes, on both sides", ("a" * 300, "a" * 254, "a" * 255), "a" * 256,
         0, 2),
    case("and never within a character", ("é" * 200, "é" * 127, "é" * 126), "é" * 128, 0, 1),
    case("control characters glue", ("dog\x00cat", "dog cat"), "dog", 1),
    case("a byte order mark glues", ("\ufeffdog", "dog"), "dog", 1),
]  # fmt: skip

REFUSED = [
    refused("an empty concept", ""),
    refused("blanks", "   "),
    refused("a hyphen", "-"),
    refused("punctuation", "!!"),
    refused("an underscore", "_"),
    refused("an ampersand", "&"),
    refused("dots", "..."),
    refused("a symbol that is no term", "+"),
    refused("a currency sign", "$"),
    refused("an arrow", "→"),
    refused("a joiner alone", "\u200d"),
    refused("in any of", any_of("dog", "-")),
    refused("in all of, where the rest finds nothing", all_of("quokka", "")),
    refused("an empty phrase", phrase("")),
    refused("a phrase of dashes", phrase("- -")),
    refused("an empty phrase beside what is missing", all_of("quokka", phrase("_"))),
    refused("deep within", none_of(all_of("dog", any_of("cat", "!!")))),
]

CASES: list[Case] = [
    *SETS,
    *CASE_AND_FORM,
    *PUNCTUATION,
    *SYMBOLS,
    *NUMBERS,
    *ADDRESSES,
    *WORD_FORMS,
    *EXPRESSIONS,
    *MISSING,
    *PHRASES,
    *LIMITS,
    *REFUSED,
]
