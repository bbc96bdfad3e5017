"""The policy compiled for the past: on all facts and policies it answers as `judge` does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from approvals.backtest.rules import compile_rule, facts_from_json
from approvals.judging import Facts, judge
from approvals.policy import Policy
from tests.approvals.proof import search, searching
from tests.approvals.test_judge import FACTS, LIKELY, POLICIES


@given(FACTS | LIKELY, POLICIES)
def check_same_answer(facts: Facts, policy: Policy) -> None:
    rule = compile_rule(policy, facts.kind, facts.category)
    judged = judge(facts, policy)
    assert rule.judge(facts_from_json(json.loads(json.dumps(facts.to_json())))) == judged.outcome
    assert rule.mode == judged.mode


@pytest.mark.parametrize("profile", searching(300, 10_000))
def test_it_answers_as_the_judge_does(profile: settings) -> None:
    search(profile, check_same_answer)


def test_facts_of_older_rows_are_read_as_the_judge_reads_them() -> None:
    older: dict[str, Any] = {
        "kind": "give_credit", "amount": "5.00", "confidence": None, "findings": [], "identity": "verified",
        "proposer": "agent", "moves_money": True, "reaches_customer": False, "changes_records": False,
    }  # fmt: skip
    facts: dict[str, Any] = facts_from_json(older)._asdict()
    read = Facts.from_json(older)
    assert (facts["category"], facts["draw"], facts["amount"]) == (read.category, read.draw, read.amount)
    assert facts["confidence"] is None and not facts["is_held"]
