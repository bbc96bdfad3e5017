"""Grounding of an action's arguments: ids, amounts, addresses, methods and items must come from somewhere.

What a model puts into an action is as easily invented as what it writes. Each part has to stand in the ticket or in a
tool result of the run; words that only people read (a reason, a note, a summary) may hold no unknown id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agentdesk.agent.checks.amounts import to_decimal
from agentdesk.agent.checks.facts import SAID, Facts, read_facts
from agentdesk.agent.checks.ids import ORDER, normal_id, read_ids
from agentdesk.agent.checks.places import holds_part, holds_state, normal_place
from agentdesk.agent.checks.sums import derived_from
from agentdesk.agent.checks.wording import quoted
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding

CHECKS = ("ungrounded_argument", "other_order")
NOWHERE = "but neither the ticket nor a tool result of this run names it."
FREE_TEXT = ("reason", "summary", "body", "tags")


def check_arguments(kind: str, arguments: Mapping[str, Any], evidence: Evidence) -> tuple[Finding, ...]:
    """Every id, amount, address part, method and item that neither the ticket nor a tool result of the run names.

    Also marks an order that the ticket does not mention while it mentions another one. The words of a reply are the
    business of `check_grounding`.
    """
    if kind == "send_reply":
        return ()
    facts = read_facts(evidence)
    found = [finding for check in PARTS for finding in check(arguments, facts)]
    return tuple(dict.fromkeys(found))


def is_known(value: str, facts: Facts) -> bool:
    """Whether an id stands in the ticket, an article or a tool result; what an action says proves nothing."""
    return any(not name.startswith("action:") for name in facts.ids.get(normal_id(value), ()))


def check_order(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The order: known, and one the ticket is about where it names any."""
    order_id = arguments.get("order_id")
    if not isinstance(order_id, str):
        return
    if not is_known(order_id, facts):
        yield quoted("ungrounded_argument", order_id, f"is the order, {NOWHERE}")
        return
    said = said_orders(facts)
    if said and normal_id(order_id) not in {normal_id(one) for one in said}:
        yield quoted("other_order", order_id, f"is not mentioned in the ticket, which speaks of {', '.join(said)}.")


def said_orders(facts: Facts) -> list[str]:
    """The orders that the ticket names, in its spelling."""
    text = facts.texts.get(SAID, "")
    return list(dict.fromkeys(match.group().upper() for match in ORDER.finditer(text)))


def check_method(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The payment method: one of the customer's."""
    method_id = arguments.get("payment_method_id")
    if not isinstance(method_id, str) or method_id in facts.methods:
        return
    if not is_known(method_id, facts):
        yield quoted("ungrounded_argument", method_id, f"is the payment method, {NOWHERE}")
    elif facts.methods:
        yield quoted("ungrounded_argument", method_id, "is the payment method, but none of the customer's.")
    elif facts.ids[normal_id(method_id)] == {SAID}:
        yield quoted("ungrounded_argument", method_id, "is the payment method, and only the ticket names it.")


def check_items(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The items: in the order named, no more often than it holds them; new ones: variants of the same product."""
    order = facts.orders.get(normal_id(str(arguments.get("order_id", ""))))
    changes = [change for change in listed(arguments.get("changes")) if isinstance(change, Mapping)]
    wanted = [str(item) for item in listed(arguments.get("item_ids"))]
    wanted += [str(change.get("item_id", "")) for change in changes]
    held = Counter(line.item_id for line in order.held) if order else None
    for item_id, count in Counter(wanted).items():
        if not is_known(item_id, facts):
            yield quoted("ungrounded_argument", item_id, f"is an item, {NOWHERE}")
        elif held and item_id not in held and (order is None or item_id not in order.lines):
            yield quoted("ungrounded_argument", item_id, f"is no item of order {arguments.get('order_id')}.")
        elif held and item_id in held and count > held[item_id]:
            yield quoted(
                "ungrounded_argument", item_id, f"is named {count} times, but the order holds {held[item_id]}."
            )
    for change in changes:
        yield from check_variant(change, facts)


def check_variant(change: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The new item of a change: looked up, and of the product it takes the place of."""
    old, new = str(change.get("item_id", "")), str(change.get("new_item_id", ""))
    if not is_known(new, facts):
        yield quoted("ungrounded_argument", new, f"is the new item, {NOWHERE}")
        return
    names = {line.item_id: line.name for order in facts.orders.values() for line in order.lines.values()}
    if new in facts.variants and old in names and facts.variants[new].name != names[old]:
        yield quoted("ungrounded_argument", new, f"is a {facts.variants[new].name}, not a {names[old]}.")


def listed(value: Any) -> Sequence[Any]:
    """A JSON list; anything else is none."""
    return value if isinstance(value, list | tuple) else ()


def check_amount(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The amount: one that the ticket or a tool result names, or that follows from an order's."""
    if arguments.get("amount") is None:
        return
    value = to_decimal(str(arguments["amount"]))
    places = facts.amounts.get(value, set()) if value is not None else set()
    if value is None or not (
        {name for name, _ in places if not name.startswith("action:")} or derived_from(value, facts)
    ):
        yield quoted("ungrounded_argument", str(arguments["amount"]), f"is the amount, {NOWHERE}")


def check_address(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """The address, part by part: each in the ticket, or as a record has it."""
    address = arguments.get("address")
    if not isinstance(address, Mapping):
        return
    raw = said_raw(facts)
    said = normal_place(raw)
    known = known_places(facts)
    for name, value in address.items():
        text = str(value)
        if not text.strip() or any(normal_place(str(place.get(name, ""))) == normal_place(text) for place in known):
            continue
        if holds_part(text, said) or (name == "state" and holds_state(text, said, raw)):
            continue
        yield quoted("ungrounded_argument", text, f"is the {name} of the address, {NOWHERE}")


def said_raw(facts: Facts) -> str:
    """The ticket's words, in their own spelling."""
    return "\n".join(texts_in(source.value) for source in facts.evidence.sources if source.kind == "ticket")


def texts_in(value: Any) -> str:
    """Every text of a JSON value, a line each."""
    if isinstance(value, Mapping):
        return "\n".join(texts_in(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(texts_in(part) for part in value)
    return str(value) if isinstance(value, str | int) else ""


def known_places(facts: Facts) -> list[Mapping[str, Any]]:
    """The addresses on record: of the orders and of the customer."""
    places: list[Mapping[str, Any]] = [place for order in facts.orders.values() for place in order.addresses]
    own = [facts.evidence.customer or {}]
    own += [
        source.value for source in facts.evidence.sources if source.kind == "tool" and isinstance(source.value, Mapping)
    ]
    return places + [one["address"] for one in own if isinstance(one.get("address"), Mapping)]


def check_words(arguments: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    """Words for people to read: no id in them that is known from nowhere."""
    for name in FREE_TEXT:
        value = arguments.get(name)
        for text in value if isinstance(value, list | tuple) else (value,):
            for named in read_ids(text) if isinstance(text, str) else ():
                if named.kind != "ending" and not is_known(named.text, facts):
                    yield quoted("ungrounded_argument", named.text, f"stands in the {name}, {NOWHERE}")


PARTS: tuple[Callable[[Mapping[str, Any], Facts], Iterator[Finding]], ...] = (
    check_order,
    check_method,
    check_items,
    check_amount,
    check_address,
    check_words,
)
