"""The order: the one that the letter describes, by what it holds or how far it has come, and none that is to stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.checks.asked.segments import Segment
from agentdesk.agent.checks.asked.values import names_value
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.products import find_mentions
from agentdesk.agent.offline.tokens import tokenize

ALONE = re.compile(r"\b(?:nothing else|alone|(?:with|has|is|contains) (?:only|just)|by itself|on its own)\b")
ARRIVED = re.compile(
    r"\b(?:arrived|i(?:'ve| have) (?:got|received)|has come|came|was delivered|already here|got here)\b"
)
COMING = re.compile(
    r"\b(?:still to come|on (?:its|the) way|not (?:yet )?(?:arrived|come|here)|hasn't (?:arrived|come)|to come)\b"
)
ORDER_WORD = re.compile(r"\b(?:order|orders|one|purchase|parcel)\b")
STATES = (("delivered", ARRIVED), ("pending", COMING))


def check_which_order(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """An order that is to stay as it is, or another one than the letter describes."""
    order_id = str(arguments.get("order_id", ""))
    held = names_held(asked)
    if not order_id or order_id not in held:
        return
    segments = asked.segments
    meant = {one for segment in segments if not segment.is_kept for one in orders_meant(segment, asked, held)}
    kept = {one for segment in segments if segment.is_kept for one in orders_meant(segment, asked, held)}
    named = order_id in {one for segment in segments if not segment.is_kept for one in segment.orders}
    if order_id in meant or named:
        return
    if order_id in kept:
        yield Finding("other_order", f"“{order_id}” is to stay as it is, as the customer writes.", order_id)
    elif meant and not asked.orders:
        said = ", ".join(sorted(meant))
        yield Finding("other_order", f"“{order_id}” is not the order that the customer describes: {said}.", order_id)


def names_held(asked: Asked) -> dict[str, frozenset[str]]:
    """The products in each of the customer's orders, as far as they were looked up or listed."""
    held = {order_id: frozenset(order.names) for order_id, order in looked_up(asked).items()}
    for order in listed(asked):
        held.setdefault(str(order.get("order_id")), frozenset(map(str, order.get("items") or ())))
    return held


def listed(asked: Asked) -> list[Mapping[str, Any]]:
    """The customer's orders in short, where the run had them listed."""
    return asked.lookups.orders()


def looked_up(asked: Asked) -> Mapping[str, Any]:
    """The orders that the run looked up."""
    ids = [str(one.answer.get("order_id")) for one in asked.case.answered if one.call.name == "get_order"]
    return {one: order for one in ids if (order := asked.order(one)) is not None}


def orders_meant(segment: Segment, asked: Asked, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The one order that a segment can be about; none where it can be about several."""
    if segment.orders:
        return frozenset(segment.orders)
    known = set[str]().union(*held.values())
    mentions = [one for one in find_mentions(tokenize(segment.words), known) if one.names]
    names = [one.names for one in mentions]
    found = {one for one, items in held.items() if all(any(name in items for name in alike) for alike in names)}
    if ALONE.search(segment.low) and ORDER_WORD.search(segment.low):
        found = {one for one in found if len(held[one]) == max(1, len(names))}
    elif not names and not (ORDER_WORD.search(segment.low) and states_of(segment)):
        return frozenset()
    found = as_described(segment.words, found, names, asked)
    states = states_of(segment)
    if states and (names or ORDER_WORD.search(segment.low)):
        found = {one for one in found if state_of(one, asked) in {*states, ""}}
    return frozenset(found) if len(found) == 1 else frozenset()


def as_described(words: str, found: set[str], names: list[frozenset[str]], asked: Asked) -> set[str]:
    """Of several orders that hold what is named, those that hold it with a value that words name: the yellow one."""
    known = looked_up(asked)
    lines = [
        (one, line)
        for one in found
        if one in known
        for line in known[one].lines
        if any(line.name in alike for alike in names)
    ]
    told = {one for one, line in lines if any(names_value(words, value) for value in line.options.values())}
    return told if told and len(lines) > 1 and found <= set(known) else found


def states_of(segment: Segment) -> set[str]:
    """How far the order of a segment has come, in its own words."""
    return {state for state, said in STATES if said.search(segment.low)}


def state_of(order_id: str, asked: Asked) -> str:
    """How far an order has come; empty where that is not known."""
    short = {str(order.get("order_id")): str(order.get("status") or "") for order in listed(asked)}
    order = looked_up(asked).get(order_id)
    return order.status if order is not None else short.get(order_id, "")
