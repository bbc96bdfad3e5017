"""Addresses and amounts: the ones in the letter, not others that happen to be on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.amounts import read_amounts, to_decimal
from agentdesk.agent.checks.asked.letter import Asked, without_money
from agentdesk.agent.checks.places import normal_place
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline import phrases

MOST_AMOUNTS = 6
"""So many amounts in a letter can be added up; in a longer list no sum says anything."""


def check_place(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """An address on record while the letter brings one of its own, and does not speak of the one on record."""
    address = arguments.get("address")
    if not isinstance(address, Mapping) or not asked.addresses:
        return
    words, order_id = without_money(asked.low), str(arguments.get("order_id", "")).lower()
    others = [match[1] for match in phrases.OTHER_ORDER_PLACE.finditer(words) if match[1] != order_id]
    if phrases.OWN_PLACE.search(words) or others:
        return
    street = normal_place(str(address.get("address1", "")))
    if not any(street == normal_place(one.address1) for one in asked.addresses):
        named, brought = str(address.get("address1", "")), asked.addresses[0].address1
        reason = f"“{named}” is not the address that the customer names; that is {brought}."
        yield Finding("other_address", reason, named)


def check_sum(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """An amount above all those that the letter names, be they taken together."""
    amount = to_decimal(str(arguments.get("amount", "")))
    said = [stated.value for stated in read_amounts(asked.low)][:MOST_AMOUNTS]
    if amount is not None and said and amount not in said and amount > max(said) and amount != sum(said):
        named = f"{amount:.2f}"
        yield Finding("other_amount", f"“{named}” is more than the customer names, {max(said):.2f}.", named)
