"""A policy whose fields belie each other is refused as a whole, with each field named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from approvals.policies import PolicyUnfit, require_fit
from approvals.policy import KindPolicy, Policy, PolicySettings
from approvals.presets import preset_policy

STEPS = ({"over": "20"}, {"over": "50", "approver": "admin", "approvals": 2})


def faults(kind: str, rules: dict[str, Any], **settings: Any) -> dict[str, str]:
    careful = preset_policy("careful")
    changed = KindPolicy(**{**careful.of(kind).model_dump(), **rules})
    policy = Policy(kinds={**careful.kinds, kind: changed}, settings=PolicySettings(**settings))
    try:
        require_fit(policy)
    except PolicyUnfit as unfit:
        return unfit.fields
    return {}


@pytest.mark.parametrize(
    ("kind", "rules", "field"),
    [
        ("give_credit", {"max_amount": "50", "daily_amount": "49.99"}, "daily_amount"),
        ("give_credit", {"max_amount": "200"}, "max_amount"),
        ("give_credit", {"max_amount": "60", "amount_steps": STEPS}, "max_amount"),
        ("give_credit", {"amount_steps": ({"over": "20", "approver": "support"},)}, "amount_steps"),
        ("give_credit", {"approvals": 2, "amount_steps": ({"over": "20"},)}, "amount_steps"),
        ("give_credit", {"mode": "auto", "share": "0.5"}, "min_confidence"),
        ("give_credit", {"categories": {"return": {"mode": "auto", "share": "0.1"}}}, "min_confidence"),
        ("set_ticket", {"on_expiry": "approve", "approvals": 2}, "on_expiry"),
        ("set_ticket", {"on_expiry": "approve", "mode": "draft"}, "on_expiry"),
        ("send_reply", {"on_expiry": "approve"}, "on_expiry"),
        ("escalate", {"categories": {"people": {"mode": "off"}}}, "mode"),
    ],
)
def test_each_contradiction_names_its_field(kind: str, rules: dict[str, Any], field: str) -> None:
    assert list(faults(kind, rules, daily_amount="100")) == [f"{kind}.{field}"]


@pytest.mark.parametrize(
    "rules",
    [
        {"max_amount": "50", "daily_amount": "0"},
        {"max_amount": "50", "amount_steps": STEPS},
        {"mode": "auto", "approvals": 2, "min_confidence": "0.9"},
        {"mode": "auto"},
        {"mode": "review", "share": "0.5"},
    ],
)
def test_what_precedence_settles_is_no_contradiction(rules: dict[str, Any]) -> None:
    assert faults("give_credit", rules) == {}


@pytest.mark.parametrize(
    "steps",
    [
        ({"over": "50"}, {"over": "20"}),
        ({"over": "20"}, {"over": "20", "approvals": 2}),
        ({"over": "20", "approver": "admin"}, {"over": "50"}),
        ({"over": "-1"},),
    ],
)
def test_steps_out_of_order_are_no_steps(steps: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ValidationError, match="amount_steps"):
        KindPolicy(amount_steps=steps)
