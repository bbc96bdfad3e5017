"""Ready policies. A fresh install has *Careful*: whatever reaches a customer, a record or money waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from approvals.policy import KindPolicy, Policy

MONEY_KINDS = ("cancel_order", "change_order_items", "change_order_payment", "give_credit")

CAREFUL: Mapping[str, KindPolicy] = {
    "cancel_order": KindPolicy(tier="high", approver="manager"),
    "change_order_items": KindPolicy(tier="medium", approver="support"),
    "change_order_address": KindPolicy(tier="medium", approver="support"),
    "change_order_payment": KindPolicy(tier="medium", approver="manager"),
    "return_items": KindPolicy(tier="medium", approver="support"),
    "exchange_items": KindPolicy(tier="medium", approver="support"),
    "change_customer_address": KindPolicy(tier="medium", approver="support"),
    "give_credit": KindPolicy(tier="high", approver="manager", editor_may_approve=False),
    "send_reply": KindPolicy(tier="low", approver="support", undo_seconds=10),
    "add_note": KindPolicy(mode="auto", tier="low", min_confidence=Decimal(0)),
    "set_ticket": KindPolicy(mode="auto", tier="low", min_confidence=Decimal("0.5")),
    "escalate": KindPolicy(mode="auto", tier="low", min_confidence=Decimal(0)),
    "undo": KindPolicy(tier="medium", approver="support"),
}

LOOKED_AT: Mapping[str, Any] = {"mode": "auto", "audit_share": Decimal("0.1")}
"""What runs by itself is looked at afterwards, one in ten."""


def careful() -> dict[str, KindPolicy]:
    """Whatever reaches a customer, a record or money waits for a person."""
    return dict(CAREFUL)


def balanced() -> dict[str, KindPolicy]:
    """Small, sure and reversible things run by themselves; the rest waits."""
    by_itself: dict[str, dict[str, Any]] = {
        "send_reply": {"min_confidence": Decimal("0.9")},
        "change_order_address": {"min_confidence": Decimal("0.95")},
        "change_customer_address": {"min_confidence": Decimal("0.95")},
        "return_items": {"min_confidence": Decimal("0.95"), "max_amount": Decimal(50), "daily_amount": Decimal(500)},
        "exchange_items": {"min_confidence": Decimal("0.95"), "max_amount": Decimal(25), "daily_amount": Decimal(250)},
        "change_order_items": {
            "min_confidence": Decimal("0.95"), "max_amount": Decimal(25), "daily_amount": Decimal(250),
        },
    }  # fmt: skip
    return {
        name: rules.model_copy(update={**LOOKED_AT, **by_itself[name]}) if name in by_itself else rules
        for name, rules in CAREFUL.items()
    }


def shadow() -> dict[str, KindPolicy]:
    """The agent works, people do not see it: whatever would wait is only planned."""
    return {
        name: rules.model_copy(update={"mode": "shadow"}) if rules.mode == "review" and name != "undo" else rules
        for name, rules in CAREFUL.items()
    }


def no_money() -> dict[str, KindPolicy]:
    """As *Careful*, with every kind that moves money switched off."""
    return {
        name: rules.model_copy(update={"mode": "off"}) if name in MONEY_KINDS else rules
        for name, rules in CAREFUL.items()
    }


PRESETS: Mapping[str, tuple[str, Callable[[], dict[str, KindPolicy]]]] = {
    "careful": ("Careful", careful),
    "balanced": ("Balanced", balanced),
    "shadow": ("Shadow", shadow),
    "no_money": ("No money", no_money),
}


def preset_policy(name: str) -> Policy:
    """The policy of a preset, not yet published. Raises KeyError for an unknown name."""
    return Policy(kinds=PRESETS[name][1]())
