"""What loosens, field by field; and where nothing does, no action is judged less strictly than before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from approvals.judging import Facts, judge
from approvals.loosening import loosens
from approvals.policy import RANKS, KindPolicy, Policy, PolicySettings
from approvals.presets import preset_policy
from tests.approvals.proof import search, searching
from tests.approvals.test_judge import FACTS, LIKELY, POLICIES, STRICTNESS

KIND = "give_credit"
BASE: dict[str, Any] = {
    "mode": "auto", "share": "0.5", "min_confidence": "0.8", "max_amount": "50", "daily_amount": "500",
    "tier": "medium", "approver": "manager", "approvals": 2, "editor_may_approve": False, "audit_share": "0.1",
    "max_wrong": "0.02", "undo_seconds": 60, "amount_steps": ({"over": "20", "approver": "admin", "approvals": 2},),
    "categories": {"return": {"mode": "review"}},
}  # fmt: skip
BASE_SETTINGS: dict[str, Any] = {
    "daily_amount": "1000", "second_admin": True, "tiers": {"low": {"approver": "admin"}}, "always_review": ("legal",),
}  # fmt: skip


def policy(rules: dict[str, Any] | None = None, settings: dict[str, Any] | None = None) -> Policy:
    """The careful one with one kind in the middle of everything, and what is changed about that."""
    kinds = {**preset_policy("careful").kinds, KIND: KindPolicy(**{**BASE, **(rules or {})})}
    return Policy(kinds=kinds, settings=PolicySettings(**{**BASE_SETTINGS, **(settings or {})}))


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"share": "0.6"}, "share"),
        ({"min_confidence": "0.7"}, "min_confidence"),
        ({"max_amount": "51"}, "max_amount"),
        ({"max_amount": None}, "max_amount"),
        ({"daily_amount": "501"}, "daily_amount"),
        ({"daily_amount": None}, "daily_amount"),
        ({"approver": "support"}, "approver"),
        ({"approvals": 1}, "approvals"),
        ({"tier": "low", "approver": "admin"}, "tier"),
        ({"editor_may_approve": True}, "editor_may_approve"),
        ({"on_expiry": "approve"}, "on_expiry"),
        ({"audit_share": "0.05"}, "audit_share"),
        ({"max_wrong": "0.05"}, "max_wrong"),
        ({"undo_seconds": 0}, "undo_seconds"),
        ({"amount_steps": ()}, "amount_steps"),
        ({"amount_steps": ({"over": "30", "approver": "admin", "approvals": 2},)}, "amount_steps"),
        ({"categories": {"return": {"mode": "auto", "share": "0.01"}}}, "categories.return.mode"),
        ({"categories": {}}, "categories.return.mode"),
        ({"categories": {**BASE["categories"], "question": {"mode": "auto"}}}, "categories.question.share"),
    ],
)
def test_each_field_of_a_kind_that_loosens_is_named(rules: dict[str, Any], field: str) -> None:
    assert loosens(policy(), policy(rules)) == (f"{KIND}.{field}",)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"always_review": ()}, "always_review"),
        ({"daily_amount": None}, "daily_amount"),
        ({"daily_amount": "1001"}, "daily_amount"),
        ({"second_admin": False}, "second_admin"),
        ({"tiers": {"low": {"approver": "manager"}}}, "tiers.low.approver"),
    ],
)
def test_each_field_for_all_kinds_that_loosens_is_named(settings: dict[str, Any], field: str) -> None:
    assert loosens(policy(), policy(settings=settings)) == (f"settings.{field}",)


@pytest.mark.parametrize(
    "rules",
    [
        {"mode": "review", "share": "1"}, {"mode": "off"}, {"share": "0.1"}, {"min_confidence": None},
        {"min_confidence": "0.9"}, {"max_amount": "10"}, {"daily_amount": "0"}, {"approver": "admin"}, {"tier": "high"},
        {"on_expiry": "reject"}, {"expires_after": 60}, {"audit_share": "1"}, {"undo_seconds": 90},
        {"amount_steps": ({"over": "10", "approver": "admin", "approvals": 2},)},
        {"categories": {"return": {"mode": "off"}}},
    ],
)  # fmt: skip
def test_what_is_stricter_or_the_same_loosens_nothing(rules: dict[str, Any]) -> None:
    assert loosens(policy(), policy(rules)) == ()
    assert loosens(policy(), policy()) == ()


def test_a_pause_is_a_switch() -> None:
    paused = policy(settings={"paused": True, "paused_kinds": (KIND,)})
    assert loosens(paused, policy()) == loosens(policy(), paused) == ()


def test_silence_that_approves_sooner_loosens() -> None:
    quiet = {"tier": "low", "on_expiry": "approve", "approver": "admin"}
    before = policy({**quiet, "expires_after": 7200})
    assert loosens(before, policy({**quiet, "expires_after": 3600})) == (f"{KIND}.on_expiry",)
    assert loosens(before, policy({**quiet, "expires_after": 9000})) == ()


def test_a_riskier_tier_whose_rule_asks_for_less_loosens() -> None:
    settings = {"tiers": {"medium": {"approver": "admin"}}}
    assert loosens(policy(settings=settings), policy({"tier": "high"}, settings)) == (f"{KIND}.tier",)


def test_a_kind_the_old_policy_did_not_know_was_off() -> None:
    before = Policy(kinds={name: rules for name, rules in policy().kinds.items() if name != KIND})
    assert f"{KIND}.mode" in loosens(before, policy())
    assert loosens(policy(), before.model_copy(update={"settings": policy().settings})) == ()


def only(policy: Policy, kinds: Collection[str]) -> Policy:
    """The same policy for some kinds."""
    return policy.model_copy(update={"kinds": {kind: policy.of(kind) for kind in kinds}})


def tighten(before: Policy, other: Policy) -> Policy:
    """Whatever of another policy can be taken over, field by field, without loosening; who is paused stays."""
    now = before
    for kind in before.kinds:
        for name in KindPolicy.model_fields:
            rules = now.of(kind).model_copy(update={name: getattr(other.of(kind), name)})
            now = taken_over(before, now, now.model_copy(update={"kinds": {**now.kinds, kind: rules}}))
    for name in ("always_review", "daily_amount", "tiers"):
        chosen = now.settings.model_copy(update={name: getattr(other.settings, name)})
        now = taken_over(before, now, now.model_copy(update={"settings": chosen}))
    return now


def taken_over(before: Policy, now: Policy, candidate: Policy) -> Policy:
    """The candidate, if it loosens nothing."""
    return now if loosens(before, candidate) else candidate


@given(st.lists(FACTS | LIKELY, min_size=1, max_size=3), POLICIES, POLICIES)
def check_at_least_as_strict(many: list[Facts], before: Policy, other: Policy) -> None:
    before, other = (only(policy, {facts.kind for facts in many}) for policy in (before, other))
    after = tighten(before, other)
    assume(after != before)
    for facts in many:
        for one in (facts, replace(facts, amount=facts.amount + Decimal("0.01"))):
            was, now = judge(one, before), judge(one, after)
            assert STRICTNESS[now.outcome] >= STRICTNESS[was.outcome], (one, loosens(before, after))
            assert RANKS[now.approver] >= RANKS[was.approver] and now.approvals >= was.approvals
            assert not after.editor_may_approve(one.kind) or before.editor_may_approve(one.kind)


@pytest.mark.parametrize("profile", searching(30, 1500))
def test_where_nothing_loosens_nothing_is_judged_less_strictly(profile: settings) -> None:
    search(profile, check_at_least_as_strict)
