"""Amounts of money and shares in prose, and whether one is an exact sum or difference of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS_WORDS = "|".join(TENS.split())
NUMBER_WORDS = {word: place for place, word in enumerate(UNITS.split())}
NUMBER_WORDS |= {word: (place + 2) * 10 for place, word in enumerate(TENS.split())}
ONE_WORD = "|".join([*sorted(NUMBER_WORDS, key=len, reverse=True), "hundred", "thousand"])
SPELT = rf"(?>(?:an?\s+(?=hundred|thousand))?(?:{ONE_WORD})(?:[\s-]+(?:and\s+)?(?:{ONE_WORD})){{0,6}})"
"""A number in words; taken as a whole or not at all, so that a long row of them costs no more than its length."""
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+,\d{2}|\d{1,9}(?:[.,]\d{1,2})?)(?!\d)"
NAMED = r"USD|EUR|GBP|CAD|US[ -]?dollars?|dollars?|bucks?|euros?|cents?"
MONEY = re.compile(
    rf"(?:US)?[$€£]\s?(?P<signed>{NUMBER})"
    rf"|(?<![\w.,])(?P<named>{NUMBER})(?:\s?[$€£]|[\s-]?(?P<unit>{NAMED})\b)"
    rf"(?:(?<=dollars)\s+and\s+(?P<and_digits>\d{{1,2}})\s+cents?\b)?"
    rf"|\b(?:USD|EUR|GBP|CAD)\s?(?P<after>{NUMBER})"
    rf"|(?<![\w.,:/-])(?P<bare>\d{{1,3}}(?:,\d{{3}})+\.\d{{2}}|\d{{1,9}}\.\d{{2}})(?![\w:/-]|[.,]\d)"
    rf"|\b(?P<spelt>{SPELT})[\s-](?P<coin>{NAMED})\b"
    rf"(?:\s+and\s+(?P<and_cents>{SPELT})\s+cents?\b|\s+(?P<cents>{SPELT})(?:\s+cents?)?\b(?!\s+(?:\w+\s+)?(?:days?|weeks?)))?",
    re.I,
)
ROUNDED = re.compile(
    r"\b(?:about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|just (?:under|over|above|"
    r"below|shy of)|"
    r"(?:a (?:little|bit|touch)|slightly) (?:over|under|above|below|more than|less than))\s+$",
    re.I,
)
SHARE = re.compile(
    rf"(?<![\w.,])(?P<share>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?(?:%|per ?cent\b)|\b(?P<spelt>{SPELT}) per ?cent\b", re.I
)
MOST_TERMS = 6
"""Of one order that a sum is tried over."""


@dataclass(frozen=True)
class Stated:
    """An amount in a text: its value, its words, and where they stand."""

    value: Decimal
    text: str
    start: int
    end: int
    is_rounded: bool = False
    """`About 172 dollars`: any amount less than a whole one away is meant."""

    def means(self, value: Decimal) -> bool:
        """Whether this is a way to say an amount."""
        return self.value == value or (self.is_rounded and abs(self.value - value) < 1)


@lru_cache(maxsize=4096)
def read_amounts(text: str) -> tuple[Stated, ...]:
    """Every amount of money in a text."""
    if not any(character.isdigit() for character in text) and not MAY_BE_SPELT.search(text):
        return ()
    return tuple(
        Stated(value, match.group().strip(), match.start(), match.end(), is_rounded(text, match.start(), value))
        for match in MONEY.finditer(text)
        if (value := value_of(match)) is not None
    )


MAY_BE_SPELT = re.compile(r"dollar|euro|cent|buck", re.I)


LISTED = re.compile(
    r"(?<![\w.,$])((?:\d{1,6}(?:\.\d\d)?,? (?:and |or |to )?)+)\d{1,6}(?:\.\d\d)? (?:USD|EUR|"
    r"GBP|dollars)\b"
)


def listed_amounts(text: str) -> Iterator[Decimal]:
    """The amounts of `25, 50 and 100 USD` that have no unit of their own."""
    for match in LISTED.finditer(text):
        yield from (Decimal(number) for number in re.findall(r"\d+(?:\.\d\d)?", match[1]))


def is_rounded(text: str, start: int, value: Decimal) -> bool:
    """Whether an amount is a whole one that the words before it call rounded."""
    return value == value.to_integral_value() and ROUNDED.search(text[max(0, start - 25) : start]) is not None


def value_of(match: re.Match[str]) -> Decimal | None:
    """The value of a match, in whole units of its currency."""
    named = match.groupdict()
    spelt = named.get("spelt")
    number = (
        Decimal(spelt_number(spelt))
        if spelt
        else to_decimal(named.get("signed") or named.get("named") or named.get("after") or named.get("bare") or "")
    )
    unit = (named.get("unit") or named.get("coin") or "").lower()
    if number is not None and unit.startswith("cent"):
        return number / 100
    cents = named.get("and_digits") or named.get("and_cents") or named.get("cents")
    if number is not None and cents:
        return number + Decimal(int(cents) if cents.isdigit() else spelt_number(cents)) / 100
    return number


def to_decimal(text: str) -> Decimal | None:
    """`1,234.50`, `1234.5` and `1.234,50` alike."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{2}|\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    return Decimal(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def spelt_number(text: str) -> int:
    """`forty-five` is 45, `one hundred and twenty` 120."""
    total, part = 0, 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        else:
            part += NUMBER_WORDS.get(word, 0)
    return total + part


def read_shares(text: str) -> list[Stated]:
    """Every percentage in a text."""
    found: list[Stated] = []
    if "%" not in text and "cent" not in text:
        return found
    for match in SHARE.finditer(text):
        value = to_decimal(match["share"]) if match["share"] else Decimal(spelt_number(match["spelt"]))
        if value is not None:
            found.append(Stated(value, match.group().strip(), match.start(), match.end()))
    return found


def is_sum(value: Decimal, terms: Sequence[Decimal]) -> bool:
    """Whether a value is exactly the sum of some of these terms, or such a sum less one of them."""
    return value in sums_of(tuple(terms)[:MOST_TERMS])


@lru_cache(maxsize=4096)
def sums_of(terms: tuple[Decimal, ...]) -> frozenset[Decimal]:
    """Every sum of some of a few terms, and every such sum less one term."""
    sums = {sum(chosen, Decimal(0)) for chosen in subsets(terms)}
    return frozenset(sums | {one - term for one in sums for term in terms})


def subsets(terms: Sequence[Decimal]) -> Iterator[tuple[Decimal, ...]]:
    """Every choice of one or more terms."""
    for size in range(1, len(terms) + 1):
        yield from combinations(terms, size)
