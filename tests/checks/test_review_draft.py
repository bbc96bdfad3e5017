"""The deterministic reviewer: form, manners, and what a draft leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.agent.checks.reviewing import CHECKS, review_draft
from agentdesk.agent.evidence import Evidence
from tests.checks.cases.evidence import CUSTOMER, DESKS


def names(body: str, desk: str = "cancelled") -> set[str]:
    return {finding.check for finding in review_draft(body, DESKS[desk])}


def test_a_good_draft_passes() -> None:
    assert names("Hi Carla,\n\nyour order #W4410001 is cancelled, and 134.50 USD goes back to your card.") == set()


def test_money_that_moves_has_to_be_told() -> None:
    assert names("Hi Carla, your order #W4410001 is cancelled now.") == {"reviewer_omits"}


def test_what_was_refused_is_not_done() -> None:
    assert "reviewer_not_done" in names("Hi Carla, I have cancelled order #W4410001.", "refused")


@pytest.mark.parametrize("greeting", ["Hi Carla,", "Dear Ms Silva,", "Hello,", "Dear customer,", "Hi there,"])
def test_a_greeting_may_be_formal_or_not(greeting: str) -> None:
    assert "reviewer_wrong_name" not in names(f"{greeting}\n\nyour order is pending.", "untouched")


def test_who_signed_the_message_may_be_greeted() -> None:
    source = DESKS["untouched"].sources[0]
    value = {**source.value, "messages": [{"direction": "inbound", "body": "Where is it?\n\nOtto"}]}
    evidence = Evidence((type(source)("ticket", "ticket", value),), (), CUSTOMER)
    assert review_draft("Hi Otto,\n\nwe are looking for your parcel.", evidence) == ()


def test_an_order_number_that_was_found_is_not_asked_for() -> None:
    assert names("Hi Carla, what is your order number?", "status") == {"reviewer_asks_known"}


def test_one_that_was_not_found_may_be_asked_for() -> None:
    assert names("Hi Carla, I could not find that order. Could you check the order number?", "question") == set()


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_text_at_all_breaks_it(body: str) -> None:
    assert names(body) <= set(CHECKS)


@pytest.mark.parametrize("body", ["[" * 100_000, "the return of the " * 5000, "{" * 50_000, "have been now " * 7000])
def test_a_body_made_to_be_slow_is_read_to_the_end(body: str) -> None:
    assert "reviewer_length" in names(body)
