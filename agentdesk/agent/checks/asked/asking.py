"""Whether an action is what the customer asked for, part by part; what is unclear is not marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.deeds import check_deed
from agentdesk.agent.checks.asked.items import check_items
from agentdesk.agent.checks.asked.letter import Asked, read_asked
from agentdesk.agent.checks.asked.methods import check_method
from agentdesk.agent.checks.asked.named import check_count, check_staying, check_value
from agentdesk.agent.checks.asked.orders import check_which_order
from agentdesk.agent.checks.asked.places import check_place, check_sum
from agentdesk.agent.checks.asked.ruled_out import (
    check_other_cues,
    check_reason,
    check_return_wanted,
    check_ruled_out,
)
from agentdesk.agent.checks.asked.variants import check_variants
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding

CHECKS = ("other_deed", "other_order", "other_item", "other_variant", "other_method", "other_address", "other_amount")
PARTS: tuple[Callable[[str, Mapping[str, Any], Asked], Iterator[Finding]], ...] = (
    check_deed,
    check_ruled_out,
    check_other_cues,
    check_return_wanted,
    check_reason,
    check_which_order,
    check_items,
    check_staying,
    check_count,
    check_variants,
    check_value,
    check_method,
    check_place,
    check_sum,
)
KINDS = frozenset(
    {
        "cancel_order", "return_items", "exchange_items", "change_order_items", "change_order_address",
        "change_customer_address", "change_order_payment", "give_credit",
    }
)  # fmt: skip
"""Kinds that grant a wish: what people only read is checked elsewhere."""


def check_asked(kind: str, arguments: Mapping[str, Any], evidence: Evidence) -> tuple[Finding, ...]:
    """What tells an action from what the customer asked for, in the customer's own words."""
    asked = read_asked(evidence) if kind in KINDS else None
    if asked is None:
        return ()
    found = [finding for part in PARTS for finding in part(kind, arguments, asked)]
    return tuple({finding.check: finding for finding in reversed(found)}.values())
