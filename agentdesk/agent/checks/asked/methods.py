"""The way to pay: the one the letter names, else the one the order was paid with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.items import proposal_like, words_about
from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.methods import fitting, means_original, method_in_words, read_methods
from agentdesk.agent.offline.spelling import mend_spelling

NEW = frozenset({"new"})
PAID = frozenset({"new", "paid"})
"""What is wanted, and that with what an order was paid, or should have been: `if it was paid with my card`."""


def check_method(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A method of the customer's that the letter does not name for this."""
    method_id, order = arguments.get("payment_method_id"), asked.order(str(arguments.get("order_id", "")))
    if not isinstance(method_id, str) or method_id not in asked.methods or order is None:
        return
    original = order.original_method
    read = proposal_like(kind, order.order_id, asked)
    wanted = read.arguments.get("payment_method_id") if read else None
    loose = meant(words_about(asked, order.order_id), asked, original, PAID)
    if method_id == wanted or (method_id in loose and wanted is None):
        return
    strict = words_about(asked, order.order_id) if len(asked.orders) < 2 else asked.only_about(order.order_id)
    said = meant(strict, asked, original, NEW) | ({wanted} if wanted else set())
    named = method_in_words(asked.methods[method_id]).removeprefix("your ")
    if said:
        others = " or ".join(method_in_words(asked.methods[one]).removeprefix("your ") for one in sorted(said))
        yield Finding("other_method", f"“{named}” is not what the customer names; that is the {others}.", named)
    elif method_id != original and not meant(asked.low, asked, original, PAID):
        yield Finding("other_method", f"“{named}” is named nowhere, and the order was paid another way.", named)


def meant(words: str, asked: Asked, original: str, roles: frozenset[str]) -> set[str]:
    """The customer's methods that some words can mean in one of these roles."""
    low = mend_spelling(words.lower())
    found = {
        method_id
        for word in read_methods(low)
        if word.role in roles
        for method_id in fitting(word, asked.methods, original)
    }
    return found | ({original} if means_original(low) else set())
