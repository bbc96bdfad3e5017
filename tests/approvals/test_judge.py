"""The policy's pure function: total, monotone, and never past a hard limit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from approvals.judging import Facts, judge
from approvals.kinds import CATALOGUE
from approvals.policies import PolicyMoved, PolicyUnfit, policy_in_force, publish_policy, require_fit
from approvals.policy import (
    ALWAYS_ALLOWED,
    HARD_LIMITS,
    LADDER,
    AmountStep,
    KindPolicy,
    Policy,
    PolicySettings,
    Rung,
    TierRule,
    suffices,
)
from approvals.presets import PRESETS, preset_policy
from tests.approvals.proof import search, searching
from tests.approvals.shop import NOW, publish
from tickets.models import Person

MONEY = st.decimals(0, 5000, places=2, allow_nan=False)
SHARE = st.decimals(0, 1, places=3, allow_nan=False)
FINDINGS = st.sampled_from(
    ["legal", "safety", "injection", "injection:body", "unsupported_claim", "tone", "account_access"]
)
KINDS = st.sampled_from([*CATALOGUE, *HARD_LIMITS, "no_such_kind"])
FACTS = st.builds(
    Facts,
    kind=KINDS,
    amount=MONEY,
    confidence=st.none() | SHARE,
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    identity=st.sampled_from(["claimed", "verified"]),
    proposer=st.sampled_from(["agent", "outside", "person", "system"]),
    moves_money=st.booleans(),
    reaches_customer=st.booleans(),
    changes_records=st.booleans(),
    category=st.sampled_from(["", "return", "question"]),
    draw=st.decimals(0, "0.9999", places=4, allow_nan=False),
)
LIKELY = st.builds(replace, FACTS, confidence=st.just(Decimal(1)), findings=st.just(()), proposer=st.just("agent"))
RUNGS = st.builds(Rung, mode=st.sampled_from(LADDER), share=SHARE)
STEPS = st.just(()) | st.builds(lambda over: (AmountStep(over=over), AmountStep(over=over + 1, approvals=2)), MONEY)
RULES = st.builds(
    KindPolicy,
    share=st.just(Decimal(1)) | SHARE,
    categories=st.just({}) | st.fixed_dictionaries({"return": RUNGS}),
    amount_steps=STEPS,
    mode=st.sampled_from(["off", "shadow", "draft", "review", "auto", "auto", "auto"]),
    min_confidence=st.none() | SHARE,
    max_amount=st.none() | MONEY,
    approvals=st.sampled_from([1, 1, 1, 2]),
    approver=st.sampled_from(["support", "manager", "admin"]),
)
SETTINGS = st.builds(
    PolicySettings,
    paused=st.sampled_from([False, False, True]),
    paused_kinds=st.lists(st.sampled_from(sorted(CATALOGUE)), max_size=2).map(tuple),
    tiers=st.just({}) | st.just({"medium": TierRule(approver="admin", approvals=2)}),
)
POLICIES = st.sampled_from([preset_policy(name) for name in PRESETS]) | st.builds(
    lambda rules, chosen: Policy(
        kinds={name: rules[n % len(rules)] for n, name in enumerate(CATALOGUE)}, settings=chosen
    ),
    st.lists(RULES, min_size=1, max_size=4),
    SETTINGS,
)
STRICTNESS = {"allow": 0, "review": 1, "refuse": 2}


@given(FACTS, POLICIES, SHARE, MONEY, FINDINGS)
def check_monotone(facts: Facts, policy: Policy, share: Decimal, more: Decimal, finding: str) -> None:
    outcome = STRICTNESS[judge(facts, policy).outcome]
    worse = [
        replace(facts, confidence=None),
        replace(facts, confidence=min(share, facts.confidence) if facts.confidence is not None else None),
        replace(facts, amount=facts.amount + more),
        replace(facts, findings=(*facts.findings, finding)),
        replace(facts, identity="claimed"),
    ]
    for other in worse:
        assert STRICTNESS[judge(other, policy).outcome] >= outcome, other


@given(FACTS, POLICIES)
def check_reasons(facts: Facts, policy: Policy) -> None:
    judgement = judge(facts, policy)
    assert judgement.reasons and all(reason.endswith(".") for reason in judgement.reasons)
    if facts.kind in HARD_LIMITS or facts.kind not in CATALOGUE:
        assert judgement.outcome == "refuse"
    assert Facts.from_json(facts.to_json()) == facts


@given(FACTS | LIKELY, POLICIES)
def check_allow(facts: Facts, policy: Policy) -> None:
    if judge(facts, policy).outcome != "allow" or facts.kind in ALWAYS_ALLOWED:
        return
    rules = policy.of(facts.kind)
    rung, tier, step = rules.rung(facts.category), policy.settings.tier(rules.tier), rules.step_for(facts.amount)
    assert rung.mode == "auto" and facts.draw < rung.share
    assert rules.approvals == tier.approvals == 1 and (step is None or step.approvals == 1)
    assert rules.min_confidence is not None
    assert facts.confidence is not None and facts.confidence >= rules.min_confidence
    assert rules.max_amount is None or facts.amount <= rules.max_amount
    assert facts.proposer != "person" and facts.findings == () and not policy.is_paused(facts.kind)
    assert facts.identity == "verified" or not (facts.moves_money or facts.changes_records)


@pytest.mark.parametrize("profile", searching(150, 5000))
@pytest.mark.parametrize("check", [check_monotone, check_reasons, check_allow])
def test_worse_facts_never_turn_review_into_allow(profile: settings, check: Any) -> None:
    search(profile, check)


def facts_of(kind: str, **changes: Any) -> Facts:
    """What an agent that is quite sure of itself proposes for a proved customer."""
    entry = CATALOGUE[kind]
    given_facts: dict[str, Any] = {
        "kind": kind, "amount": Decimal("10.00"), "confidence": Decimal(1), "findings": (), "identity": "verified",
        "proposer": "agent", "moves_money": entry.moves_money, "reaches_customer": entry.reaches_customer,
        "changes_records": entry.changes_records,
    }  # fmt: skip
    return Facts(**{**given_facts, **changes})


@pytest.mark.parametrize("kind", CATALOGUE)
def test_careful_lets_nothing_out_by_itself(kind: str) -> None:
    outcome = judge(facts_of(kind), preset_policy("careful")).outcome
    entry = CATALOGUE[kind]
    touches = entry.moves_money or entry.reaches_customer or entry.changes_records
    assert outcome == ("review" if touches else "allow")


@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_money_moves_none(kind: str) -> None:
    if CATALOGUE[kind].moves_money and kind != "undo":
        assert judge(facts_of(kind), preset_policy("no_money")).outcome == "refuse"


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", sorted(ALWAYS_ALLOWED))
def test_calling_people_is_always_allowed(preset: str, kind: str) -> None:
    policy = preset_policy(preset)
    paused = policy.model_copy(update={"settings": PolicySettings(paused=True)})
    facts = facts_of(kind, confidence=None, findings=("legal", "injection"), identity="claimed")
    assert judge(facts, paused).outcome == "allow"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_fit_to_publish(preset: str) -> None:
    policy = preset_policy(preset)
    require_fit(policy)
    assert set(policy.kinds) == set(CATALOGUE)


def test_balanced_stops_at_its_ceiling() -> None:
    policy = preset_policy("balanced")
    assert judge(facts_of("return_items", amount=Decimal("50.00")), policy).outcome == "allow"
    assert judge(facts_of("return_items", amount=Decimal("50.01")), policy).outcome == "review"
    assert judge(facts_of("return_items", confidence=Decimal("0.949")), policy).outcome == "review"


@pytest.mark.parametrize("limit", HARD_LIMITS)
def test_a_policy_that_allows_a_hard_limit_is_none(limit: str) -> None:
    for mode in ("auto", "review", "draft", "shadow"):
        with pytest.raises(ValidationError, match=limit):
            Policy(kinds={**preset_policy("careful").kinds, limit: KindPolicy(mode=mode)})


@pytest.mark.parametrize(
    "rules",
    [{"min_confidence": 2}, {"min_confidence": -1}, {"max_amount": -1}, {"approvals": 3}, {"approvals": 0},
     {"approver": "auditor"}, {"expires_after": 5}, {"undo_seconds": -1}, {"mode": "yolo"}, {"colour": "red"},
     {"max_amount": "NaN"}, {"max_amount": "1.001"}],
)  # fmt: skip
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        KindPolicy(**rules)


@pytest.mark.parametrize(
    ("role", "may"),
    [("support", {"support"}), ("manager", {"support", "manager"}), ("admin", {"support", "manager", "admin"}),
     ("auditor", set())],
)  # fmt: skip
def test_a_role_suffices_for_itself_and_below(role: str, may: set[str]) -> None:
    assert {approver for approver in ("support", "manager", "admin") if suffices(role, approver)} == may


@pytest.mark.django_db
class TestPublishing:
    """A new version, from the one that was looked at."""

    def test_a_fresh_install_is_careful(self) -> None:
        policy = policy_in_force()
        assert policy.version == 1 and policy.kinds == preset_policy("careful").kinds

    def test_a_stale_base_hears_what_differs(self, ada: Person) -> None:
        publish(ada, give_credit={"max_amount": Decimal("5.00")})
        with pytest.raises(PolicyMoved) as moved:
            publish_policy(preset_policy("careful"), base_version=1, note="", by=ada, now=NOW)
        assert moved.value.differences == [{"field": "give_credit.max_amount", "before": "5.00", "after": None}]
        assert policy_in_force().version == 2

    @pytest.mark.parametrize("kind", sorted(ALWAYS_ALLOWED))
    def test_calling_people_cannot_be_switched_off(self, ada: Person, kind: str) -> None:
        with pytest.raises(PolicyUnfit):
            publish(ada, **{kind: {"mode": "off"}})

    def test_every_kind_must_be_named(self, ada: Person) -> None:
        kinds = {name: rules for name, rules in preset_policy("careful").kinds.items() if name != "escalate"}
        with pytest.raises(PolicyUnfit):
            publish_policy(Policy(kinds=kinds), base_version=1, note="", by=ada, now=NOW)


def test_each_finding_is_a_reason_once_and_keeps_its_words() -> None:
    found = (
        "injection: It gives orders: “as admin_user”.",
        "ungrounded_id: “credit_card_5051208” stands nowhere.",
        "tone",
    )
    reasons = judge(facts_of("send_reply", findings=found), preset_policy("careful")).reasons
    assert "Waits: injection is always reviewed: It gives orders: “as admin_user”." in reasons
    assert "Waits: ungrounded id: “credit_card_5051208” stands nowhere." in reasons
    assert "Waits: tone." in reasons
    assert sum("injection" in reason for reason in reasons) == 1
