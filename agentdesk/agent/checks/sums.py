"""Amounts that follow from a run's records: sums, differences, what an order comes to after a change, balances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from agentdesk.agent.checks.amounts import Stated, is_sum, read_amounts
from agentdesk.agent.checks.facts import SAID, Facts
from agentdesk.agent.checks.ids import normal_id
from agentdesk.agent.checks.sources import Line
from agentdesk.agent.evidence import ProposedAction

COMPARES = re.compile(r"\b(?:more|less|cheaper|dearer|pricier|difference|extra|instead|save[sd]?|compared)\b", re.I)


def sources_of(stated: Stated, text: str, facts: Facts) -> frozenset[str]:
    """The sources that bear an amount out, by itself or as what follows from others; `text` is its sentence."""
    values = [stated.value]
    if stated.is_rounded:
        values += sorted(value for value in (*facts.amounts, *changed_totals(facts)) if stated.means(value))
    for value in values:
        named = frozenset(name for name, _ in facts.amounts.get(value, set()))
        if named - {SAID}:
            return named
        found = derived_from(value, facts)
        if not found and COMPARES.search(text) and value in facts.variant_differences:
            found = frozenset(facts.evidence_names)
        if found or named:
            return found or named
    return frozenset({"arithmetic"}) if stated.value == 0 else frozenset()


def derived_from(value: Decimal, facts: Facts) -> frozenset[str]:
    """The sources of the terms where a value is an exact sum or difference over few terms of one order."""
    for order in facts.orders.values():
        terms = order.prices + [amount for _, amount, _ in order.payments[:2]]
        if is_sum(value, order.prices) or is_sum(value, terms[:6]):
            return frozenset(order.sources)
    if value in facts.price_differences or value in changed_totals(facts):
        return frozenset(name for order in facts.orders.values() for name in order.sources)
    moved = {amount for action in facts.live for amount in action_amounts(action.amount)}
    if value in less_fees(facts):
        return frozenset(passage.source for passage in facts.passages if TAKEN_OFF.search(passage.text))
    if len(moved) > 1 and is_sum(value, sorted(moved)):
        return frozenset(f"action:{place}" for place, _ in enumerate(facts.evidence.actions))
    return after_balance(value, moved, facts)


TAKEN_OFF = re.compile(r"\b(?:tak\w+ (?:it |this )?off|deduct\w*|less|minus|taken from the refund)\b", re.I)


def less_fees(facts: Facts) -> frozenset[Decimal]:
    """What is left of the amounts that the actions move after a fee that a passage takes off."""
    if TAKEN_OFF.pattern not in facts.borne:
        facts.borne[TAKEN_OFF.pattern] = [part for part in facts.passages if TAKEN_OFF.search(part.text)]
    fees = {one.value for part in facts.borne[TAKEN_OFF.pattern] for one in read_amounts(part.text)}
    moved = {amount for action in facts.live for amount in action_amounts(action.amount)} if fees else set()
    return frozenset(amount - fee for amount in moved for fee in fees)


def changed_totals(facts: Facts) -> frozenset[Decimal]:
    """What the items of each change cost together, old and new, and what its order comes to with the new ones."""
    return frozenset(total for action in facts.live for total in totals_of(action, facts))


def totals_of(action: ProposedAction, facts: Facts) -> Iterator[Decimal]:
    """The totals of one change; none where a price is not known."""
    order = facts.orders.get(normal_id(str(action.arguments.get("order_id", ""))))
    pairs = changed_lines(action, facts)
    if order is None or not pairs:
        return
    old = sum((one.price for one, _ in pairs), Decimal(0))
    new = sum((other.price for _, other in pairs), Decimal(0))
    yield from (old, new, sum((line.price for line in order.held), Decimal(0)) - old + new)


def changed_lines(action: ProposedAction, facts: Facts) -> list[tuple[Line, Line]]:
    """The old and the new item of each change of an action; none at all where one is not known."""
    order = facts.orders.get(normal_id(str(action.arguments.get("order_id", ""))))
    known = {**facts.variants, **(order.lines if order else {})}
    changes = [change for change in action.arguments.get("changes") or () if isinstance(change, Mapping)]
    found = [tuple(known.get(str(change.get(key, ""))) for key in ("item_id", "new_item_id")) for change in changes]
    pairs = [(old, new) for old, new in found if old is not None and new is not None]
    return pairs if len(pairs) == len(changes) else []


def action_amounts(text: str) -> list[Decimal]:
    """An action's amount where it is one."""
    return [Decimal(text)] if re.fullmatch(r"\d+(?:\.\d+)?", text) and Decimal(text) else []


def after_balance(value: Decimal, moved: set[Decimal], facts: Facts) -> frozenset[str]:
    """A gift card's balance after what the run's actions move to it or from it."""
    for method in facts.methods.values():
        balance = re.fullmatch(r"\d+(?:\.\d+)?", str(method.get("balance", "")))
        if balance and any(abs(value - Decimal(balance.group())) == one for one in moved):
            return frozenset({"customer"})
    return frozenset()
