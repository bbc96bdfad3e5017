"""Making a tool's answer fit for the model: a JSON object, without bank data, cut where it is too long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from typing import Any

from agentdesk.agent.storable import DEEPEST, clean
from agentdesk.runs.log import to_words

LONGEST_ANSWER = 20_000
"""Characters of one answer's JSON."""
CUTS = tuple(product((200, 50, 20, 5), (4000, 1000, 200)))
"""How many items of a list or object are kept, and how many characters of a text: the first pair that fits is taken."""


class NotJson(Exception):
    """The tool answered something that is no JSON value."""


def fit_answer(value: Any) -> dict[str, Any]:
    """A tool's value as a JSON object of at most about 20,000 characters; what is not one is put into one.

    Raises: NotJson.
    """
    plain = read_plain(value)
    answer = plain if isinstance(plain, dict) else {"text" if isinstance(plain, str) else "value": plain}
    length = len(to_words(answer))
    if length <= LONGEST_ANSWER:
        return answer
    note = f"This answer had {length} characters; only a part of it is shown. Ask for less at once."
    for items, characters in CUTS:
        shorter = {**shorten(answer, items, characters), "cut": note}
        if len(to_words(shorter)) <= LONGEST_ANSWER:
            return shorter
    return {"text": to_words(answer)[: LONGEST_ANSWER // 2], "cut": note}


def read_plain(value: Any) -> Any:
    """A value as plain JSON that a database keeps: NUL and lone surrogates replaced. Raises: NotJson."""
    if isinstance(value, str):
        return clean(value)
    try:
        plain = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise NotJson(NotJson.__doc__) from error
    return clean_value(plain, DEEPEST)


def clean_value(value: Any, depth: int) -> Any:
    """A JSON value with every text storable. Raises: NotJson where it is nested beyond all measure."""
    if depth < 0:
        raise NotJson(NotJson.__doc__)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): clean_value(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [clean_value(part, depth - 1) for part in value]
    return value


def shorten(value: Any, items: int, characters: int) -> Any:
    """A JSON value with so many items of each list and object, and so many characters of each text."""
    if isinstance(value, str):
        return value if len(value) <= characters else f"{value[:characters]}…"
    if isinstance(value, Mapping):
        return {name: shorten(part, items, characters) for name, part in list(value.items())[:items]}
    if isinstance(value, list):
        return [shorten(part, items, characters) for part in value[:items]]
    return value
