"""Confidence: findings only lower it, it is never above what was stated, and absent means none."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.agent.confidence import WEIGHTS, combine_confidence
from agentdesk.agent.findings import Finding

SHARES = st.decimals(min_value=0, max_value=1, places=2)
CHECKS = st.sampled_from([*WEIGHTS, "reviewer_placeholder", "legal"])
FINDINGS = st.lists(CHECKS.map(lambda check: Finding(check, "a reason")), max_size=6)


def test_absent_is_none_whatever_else_is_said() -> None:
    assert combine_confidence(None, [], Decimal(1)) is None
    assert combine_confidence(None, [Finding("ungrounded_amount", "a reason")]) is None


def test_without_findings_it_is_what_was_stated() -> None:
    assert combine_confidence(Decimal("0.95"), []) == Decimal("0.95")


def test_the_reviewer_can_only_lower_it() -> None:
    assert combine_confidence(Decimal("0.9"), [], Decimal("0.4")) == Decimal("0.40")
    assert combine_confidence(Decimal("0.4"), [], Decimal("0.9")) == Decimal("0.40")


def test_a_grave_finding_weighs_more_than_a_slight_one() -> None:
    grave = combine_confidence(Decimal(1), [Finding("contradicts_action", "a reason")])
    slight = combine_confidence(Decimal(1), [Finding("uncited_claim", "a reason")])
    assert (grave, slight) == (Decimal("0.20"), Decimal("0.90"))


def test_what_is_no_share_is_cut_to_one() -> None:
    assert combine_confidence(Decimal(7), []) == Decimal("1.00")
    assert combine_confidence(Decimal(-1), []) == Decimal("0.00")
    assert combine_confidence(Decimal("NaN"), []) == Decimal("0.00")


@given(SHARES, FINDINGS, st.none() | SHARES, CHECKS)
def test_one_more_finding_never_raises_it(
    stated: Decimal, findings: list[Finding], reviewer: Decimal | None, check: str
) -> None:
    fewer = combine_confidence(stated, findings, reviewer)
    more = combine_confidence(stated, [*findings, Finding(check, "another reason")], reviewer)
    assert fewer is not None
    assert more is not None
    assert more <= fewer <= stated


@given(SHARES, SHARES, FINDINGS, st.none() | SHARES)
def test_less_stated_never_raises_it(
    one: Decimal, other: Decimal, findings: list[Finding], reviewer: Decimal | None
) -> None:
    low, high = (combine_confidence(stated, findings, reviewer) for stated in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert low <= high


@given(SHARES, FINDINGS, SHARES, SHARES)
def test_a_less_sure_reviewer_never_raises_it(
    stated: Decimal, findings: list[Finding], one: Decimal, other: Decimal
) -> None:
    low, high = (combine_confidence(stated, findings, reviewer) for reviewer in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert low <= high
