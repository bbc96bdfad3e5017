"""Values of options as letters put them: in words, by their numbers, sizes by letter, larger and smaller."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentdesk.agent.offline.tokens import NUMBER_WORDS

NUMBER = re.compile(r"\d+(?:\.\d+)?")
CODE = re.compile(r"[A-Za-z]\d")
"""A name that ends in a figure, `A5` or `IPX4`: the figure alone does not name it."""
IS_OR_NOT = re.compile(r"^(?:yes|no|none|without|not|non)\b", re.I)
"""A value that only says whether there is something, for which a letter has many words."""
SIZES: Mapping[str, str] = {"XS": "extra small", "S": "small", "M": "medium", "L": "large", "XL": "extra large"}
LARGER = re.compile(r"\b(?:bigger|larger|longer|taller|wider|greater|more room|size up|stronger)\b")
SMALLER = re.compile(r"\b(?:smaller|shorter|narrower|lower|less|size down|weaker)\b")


def names_value(words: str, value: str) -> bool:
    """Whether words name an option's value: in full, by its numbers, or a size by its letter in capitals."""
    low = " ".join(words.lower().split())
    if value in SIZES:
        letter = re.search(rf"(?<![\w'.&]){value}(?![\w'])", words)
        return bool(letter or re.search(rf"\b{SIZES[value]}\b", low))
    if re.search(rf"(?<![\w.]){re.escape(value.lower())}(?!\w)", low):
        return True
    said, numbers = numbers_in(low), NUMBER.findall(value)
    return bool(numbers) and not CODE.search(value) and all(number in said for number in numbers)


def numbers_in(low: str) -> list[str]:
    """The numbers that words name, as figures; `four` counts before a word it counts: `four-person`."""
    worded = (str(place) for place, word in enumerate(NUMBER_WORDS) if re.search(rf"\b{word}[ -](?!of\b)", low))
    return [*NUMBER.findall(low), *worded]


def is_larger(value: str, other: str) -> bool | None:
    """Whether a value is larger than another; None where they cannot be compared."""
    order = list(SIZES)
    if value in SIZES and other in SIZES:
        return order.index(value) > order.index(other)
    one, two = NUMBER.search(value), NUMBER.search(other)
    return float(one.group()) > float(two.group()) if one and two else None
