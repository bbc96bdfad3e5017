"""Which lines of an order a piece of a letter describes, and which it says are to stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.checks.asked.segments import without_denied
from agentdesk.agent.checks.asked.values import NUMBER, names_value
from agentdesk.agent.offline.products import find_mentions
from agentdesk.agent.offline.records import Line, Order
from agentdesk.agent.offline.tokens import tokenize

LITTLE = re.compile(r"\b(?:the |my )(?:smaller|small|little|shorter|short)\b")
BIG = re.compile(r"\b(?:the |my )(?:bigger|big|larger|large|longer|long)\b")
BY_ORDER = re.compile(r"\b(?:orders?|one) (?:with|of|for|containing|(?:that|which) (?:also )?(?:has|holds)) .*", re.I)


def kept_places(asked: Asked, order: Order) -> set[int]:
    """The places of the lines that the letter says are to stay."""
    return {place for one in asked.segments if one.is_kept for place in described(one.words, order)}


def described(words: str, order: Order) -> set[int]:
    """The places of the lines that words tell from the others: by product, by a value, by being the smaller."""
    bare = BY_ORDER.sub(" ", without_denied(words))
    names = {name for one in find_mentions(tokenize(bare), order.names) for name in one.names}
    lines = [line for line in order.lines if not names or line.name in names]
    told = [line for line in lines if any(names_value(bare, value) for value in telling_values(line, lines))]
    if told:
        return {line.place for line in told}
    if degree := by_degree(bare.lower(), lines):
        return degree
    return {line.place for line in lines} if names and len(lines) < len(order.lines) else set()


def telling_values(line: Line, lines: Sequence[Line]) -> list[str]:
    """The values of a line's options that not every line of its company has."""
    return [
        value
        for option, value in line.options.items()
        if not all(other.options.get(option) == value for other in lines) and len(lines) > 1
    ]


def by_degree(low: str, lines: Sequence[Line]) -> set[int]:
    """The smallest or the largest of lines of one product, where words call it so."""
    if len({line.name for line in lines}) != 1 or len(lines) < 2:
        return set()
    sizes = {line.place: size for line in lines if (size := size_of(line.options)) is not None}
    if len(set(sizes.values())) < 2:
        return set()
    wanted = min(sizes.values()) if LITTLE.search(low) else max(sizes.values()) if BIG.search(low) else None
    return {place for place, size in sizes.items() if size == wanted}


def size_of(options: Mapping[str, str]) -> float | None:
    """The number that stands for an item's size; None where none does."""
    found = [NUMBER.search(value) for value in options.values()]
    numbers = [float(one.group()) for one in found if one]
    return numbers[0] if len(numbers) == 1 else None
