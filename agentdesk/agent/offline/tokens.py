"""Words in one normal form, so that `13"`, `13 inch` and `13-inch`, or `Grey` and `gray`, are the same word.

Punctuation stays as tokens of its own: it tells where one description ends and the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

UNITS: Mapping[str, str] = {
    "ml": r"ml|millilit(?:er|re)s?",
    "l": r"l|lit(?:er|re)s?|ltr",
    "gb": r"gb|gigs?|gigabytes?|go",
    "tb": r"tb|terabytes?",
    "mah": r"mah",
    "mm": r"mm|millimet(?:er|re)s?",
    "cm": r"cm|centimet(?:er|re)s?",
    "inch": r"inch(?:es)?|\"|''",
    "ft": r"ft|feet|foot|'",
    "hour": r"hours?|hrs?",
    "lb": r"lbs?|pounds?",
    "watt": r"w|watts?",
    "cup": r"cups?",
    "bar": r"bars?",
    "degree": r"degrees?|deg|°",
    "piece": r"pieces?|pcs?",
    "oz": r"oz|ounces?",
    "mp": r"mp|megapixels?",
    "lux": r"lux",
    "%": r"%|percent",
    "x": r"x",
}
UNIT_OF = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)[\s-]?(?:"
    + "|".join(f"(?P<u{place}>{form})" for place, form in enumerate(UNITS.values()))
    + r")(?![\w%])",
    re.I,
)
UNIT_NAMES = tuple(UNITS)
NUMBER_WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
]  # fmt: skip
WORDED_UNIT = re.compile(
    rf"\b({'|'.join(NUMBER_WORDS)})[\s-](?=(?:piece|inch|foot|feet|cup|liter|litre|hour|pound|bar|degree)s?\b)", re.I
)
SIZE_LETTER = re.compile(r"(?<![\w'.&-])(XXS|XS|S|M|L|XL|XXL|XXXL|[23]XL)(?![\w'&])")
NAMED_SIZE_LETTER = re.compile(r"\bsizes?\s*[:=]?\s*\"?(xxs|xs|s|m|l|xl|xxl)\b", re.I)
LOOSE_SIZE_LETTER = re.compile(r"(?<![\w'])(xxs|xs|xl|xxl|[23]xl)(?![\w'])", re.I)
LISTED_ANSWER = re.compile(r"(?<=[,(/|;])(\s*)(yes|no|none)(?=\s*(?:[,)/|;.\n]|$|\band\b|-->|->))", re.I)
ONE_WORD = (
    (re.compile(r"\bt[\s-]?shirt", re.I), "tshirt"),
    (re.compile(r"\be[\s-]?reader", re.I), "ereader"),
    (re.compile(r"\bwi[\s-]?fi\b", re.I), "wifi"),
    (re.compile(r"\bv[\s-]?neck\b", re.I), "vneck"),
    (re.compile(r"\bcolour", re.I), "color"),
    (re.compile(r"\bgray\b", re.I), "grey"),
    (re.compile(r"\bback[\s-]pack", re.I), "backpack"),
    (re.compile(r"\bsmart[\s-]phone", re.I), "smartphone"),
    (re.compile(r"\bsmartwatch", re.I), "smart watch"),
    (re.compile(r"\bear[\s-]bud", re.I), "earbud"),
    (re.compile(r"\bwrist[\s-]watch", re.I), "wristwatch"),
    (re.compile(r"\bhead[\s-]phone", re.I), "headphone"),
    (re.compile(r"\bnote[\s-]book", re.I), "notebook"),
    (re.compile(r"\bbook[\s-]shel(?:f|ves)", re.I), "bookshelf"),
    (re.compile(r"\btooth[\s-]brush", re.I), "toothbrush"),
    (re.compile(r"\blight[\s-]?bulb", re.I), "light bulb"),
    (re.compile(r"\bsun[\s-]glass", re.I), "sunglass"),
)
ARROW = re.compile(r"\s*(?:-+>|=+>|→|⇒|➔|»|>>)\s*")
TOKEN = re.compile(
    r"=[a-z0-9]+|#w\d+|[a-z]+\d[a-z0-9]*|\d+(?:\.\d+)?[a-z%]*|[a-z]+(?:_\w+)*(?:'[a-z]+)?|->|[,;:.()/\n?!]"
)
TIED = ["is", "us", "as", "this", "his", "was", "has", "its", "lens'", "bus", "gas", "plus"]


@dataclass(frozen=True)
class Token:
    """A word as it stands (`raw`, lower case) and without its plural ending (`stem`)."""

    raw: str
    stem: str


@lru_cache(maxsize=512)
def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text in their normal form."""
    for pattern, replacement in ONE_WORD:
        text = pattern.sub(replacement, text)
    text = re.sub(r"(?<!\w)['\"](\w[\w -]*)['\"](?!\w)", r"\1", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = ARROW.sub(" -> ", text)
    text = WORDED_UNIT.sub(lambda match: f"{NUMBER_WORDS.index(match[1].lower())} ", text)
    text = UNIT_OF.sub(lambda match: f" {match[1]}{unit_name(match)} ", text)
    text = mark_sizes(text)
    text = LISTED_ANSWER.sub(lambda match: f"{match[1]}={match[2].lower()}", text)
    text = re.sub(r"\s-\s", " , ", text.lower()).replace("-", " ") if "->" not in text else spare_arrows(text.lower())
    return tuple(Token(raw, stem(raw)) for raw in TOKEN.findall(text))


def spare_arrows(text: str) -> str:
    """Hyphens become spaces, arrows stay."""
    return " -> ".join(re.sub(r"\s-\s", " , ", part).replace("-", " ") for part in text.split("->"))


def unit_name(match: re.Match[str]) -> str:
    """The normal name of the unit that matched."""
    return next(UNIT_NAMES[place] for place in range(len(UNIT_NAMES)) if match[f"u{place}"] is not None)


def mark_sizes(text: str) -> str:
    """Letter sizes become `=l`, so that no stray letter is taken for one."""
    text = NAMED_SIZE_LETTER.sub(lambda match: f"size ={match[1].lower()}", text)
    text = LOOSE_SIZE_LETTER.sub(lambda match: f"={plain_size(match[1])}", text)
    return SIZE_LETTER.sub(lambda match: f"={plain_size(match[1])}", text)


def plain_size(letters: str) -> str:
    """`2XL` is `xxl`."""
    letters = letters.lower()
    return letters.replace("2xl", "xxl").replace("3xl", "xxxl")


def stem(word: str) -> str:
    """The word without its plural ending; crude, but the same for catalogue and customer."""
    if len(word) < 4 or not word.isalpha() or word in TIED:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=8192)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a short text without its punctuation: a name, a value."""
    return tuple(token.stem for token in tokenize(text) if token.raw[0].isalnum() or token.raw[0] in "=")
