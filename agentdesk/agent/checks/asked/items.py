"""The items: those that the letter names, and no others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentdesk.agent.checks.asked.described import kept_places
from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.changes import plain_tokens
from agentdesk.agent.offline.item_wishes import EVERYTHING, ORDER_ITSELF
from agentdesk.agent.offline.items import (
    agrees,
    is_denied,
    mentions_in,
    phrases_in,
    spots_of,
    vocabularies,
    vocabulary_of,
)
from agentdesk.agent.offline.outcomes import Proposal
from agentdesk.agent.offline.records import Line, Order, options_in_words

ELSE = re.compile(r"\b(?:everything|all) else\b|\brest\b")
ONE_OF = re.compile(r"\b(?:one|smaller|larger|bigger) of\b", re.I)
THAT = re.compile(r"\b(?:apart from|besides|other than) (?:that|this|it)\b", re.I)
"""What only leads on to the next matter, and leaves nothing out."""


def check_items(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """Items that the letter does not name while it names others of the order; those it names that are left out."""
    chosen = chosen_ids(arguments)
    order = asked.order(str(arguments.get("order_id", "")))
    if not chosen or order is None:
        return
    named, kept = named_lines(asked, order)
    whole = kind == "return_items" and takes_all(words_about(asked, order.order_id).lower())
    picked = [line for line in order.lines if line.item_id in chosen]
    unnamed = [line for line in picked if line.place not in named and (named or line.place in kept)]
    if unnamed and not whole:
        yield of_line(unnamed[0], "is none of the items that the customer names for this.")
    elif not unnamed:
        yield from check_reading(kind, arguments, asked, order, named)


def words_about(asked: Asked, order_id: str) -> str:
    """The words that may be about an order: all of them, where the letter names no order."""
    return asked.about(order_id) if asked.orders else asked.low


def takes_all(words: str) -> bool:
    """Whether words mean all of an order: `everything`, `my order`; not `everything else the same`."""
    return bool(EVERYTHING.search(ELSE.sub(" ", words)) or ORDER_ITSELF.search(words))


def chosen_ids(arguments: Mapping[str, Any]) -> Counter[str]:
    """The items an action takes up, each as often as it does."""
    ids = [str(one) for one in as_list(arguments.get("item_ids"))]
    return Counter([*ids, *(old for old, _ in pairs_of(arguments))])


def as_list(value: Any) -> Sequence[Any]:
    """A JSON list; anything else is none."""
    return value if isinstance(value, list | tuple) else ()


def pairs_of(arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The items to change, each with what takes its place."""
    changes = [change for change in as_list(arguments.get("changes")) if isinstance(change, Mapping)]
    return [(str(change.get("item_id", "")), str(change.get("new_item_id", ""))) for change in changes]


def named_lines(asked: Asked, order: Order) -> tuple[set[int], set[int]]:
    """The places of the lines that the words about an order name, and of those they name as staying."""
    products = asked.products(order)
    words = vocabularies(order.lines, products)
    tokens = plain_tokens(THAT.sub(" ", words_about(asked, order.order_id)))
    mentions = mentions_in(tokens, order.lines, products)
    named: set[int] = set()
    kept: set[int] = set()
    for phrase in phrases_in(tokens, mentions, words):
        alike = [line for line in order.lines if line.name in phrase.mention.names]
        if phrase.mention.item_id:
            alike = [line for line in alike if line.item_id == phrase.mention.item_id]
        spots = spots_of(tokens, mentions, vocabulary_of(alike, products))
        own = [spot for spot in spots if spot.start in phrase.places]
        fitting = [line for line in alike if agrees(line, own)] or alike
        (kept if is_denied(tokens, phrase) else named).update(line.place for line in fitting)
    return named, kept - named


def of_line(line: Line, what: str) -> Finding:
    """A finding about a line of an order."""
    said = f"{line.name} ({options_in_words(line.options)})"
    return Finding("other_item", f"“{said}” {what}", line.name)


def check_reading(
    kind: str, arguments: Mapping[str, Any], asked: Asked, order: Order, named: set[int]
) -> Iterator[Finding]:
    """Items that a reading of the letter takes up as well, and the action leaves out; or the other way round."""
    proposal = proposal_like(kind, order.order_id, asked)
    if proposal is None:
        return
    chosen, wanted = chosen_ids(arguments), chosen_ids(proposal.arguments)
    left_out, too_many = wanted - chosen, chosen - wanted
    is_one, kept = bool(ONE_OF.search(words_about(asked, order.order_id))), kept_places(asked, order)
    for line in order.lines if not is_one else ():
        if line.place in kept:
            continue
        if line.item_id in left_out and line.place in named | {one.place for one in order.lines if not named}:
            yield of_line(line, "is named by the customer as well, and left out here.")
            return
    if too_many and sum(chosen.values()) > sum(wanted.values()) and not left_out:
        line = next(line for line in order.lines if line.item_id in too_many)
        yield of_line(line, "is not asked for, as far as the letter can be read.")


def proposal_like(kind: str, order_id: str, asked: Asked) -> Proposal | None:
    """What a reading of the letter would do of this kind to this order; None where that is nothing, or unclear."""
    found = [one for one in asked.proposals if one.kind == kind and one.arguments.get("order_id") == order_id]
    return found[0] if len(found) == 1 else None
