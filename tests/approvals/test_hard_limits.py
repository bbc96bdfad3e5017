"""Hard limits hold even against a policy that came around its own validation, whoever asks and however sure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest

from approvals.judging import Facts, judge
from approvals.policy import HARD_LIMITS, KindPolicy, Policy, PolicySettings
from approvals.presets import preset_policy

ALLOWING = KindPolicy(mode="auto", tier="low", min_confidence=Decimal(0))


@pytest.mark.parametrize("limit", HARD_LIMITS)
@pytest.mark.parametrize("proposer", ["agent", "outside", "person", "system"])
def test_they_are_refused_first(limit: str, proposer: Literal["agent", "outside", "person", "system"]) -> None:
    kinds: dict[str, Any] = {**preset_policy("balanced").kinds, limit: ALLOWING}
    policy = Policy.model_construct(version=1, kinds=kinds, settings=PolicySettings())
    facts = Facts(
        kind=limit, amount=Decimal(0), confidence=Decimal(1), findings=(), identity="verified", proposer=proposer,
        moves_money=False, reaches_customer=False, changes_records=False,
    )  # fmt: skip
    judgement = judge(facts, policy)
    assert (judgement.outcome, judgement.reasons) == ("refuse", (f"Refused: {HARD_LIMITS[limit]}",))


@pytest.mark.parametrize("kind", ["cancel_order", "change_customer_address", "give_credit"])
def test_who_only_claims_to_be_the_customer_moves_nothing(kind: str) -> None:
    kinds: dict[str, Any] = {**preset_policy("balanced").kinds, kind: ALLOWING}
    facts = Facts(
        kind=kind, amount=Decimal(1), confidence=Decimal(1), findings=(), identity="claimed", proposer="agent",
        moves_money=kind != "change_customer_address", reaches_customer=False, changes_records=True,
    )  # fmt: skip
    judgement = judge(facts, Policy(kinds=kinds))
    assert (judgement.outcome, judgement.reasons) == ("review", ("Waits: the customer's identity is only claimed.",))
