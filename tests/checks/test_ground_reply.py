"""Grounding a reply: what it claims has to stand in the run's evidence, and be cited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.agent.checks.grounding import CHECKS, check_grounding
from agentdesk.agent.evidence import Evidence
from tests.checks.cases.evidence import DESKS

CANCELLED = DESKS["cancelled"]
CITED = [{"source": "tool:call_2", "quote": "134.50"}, {"source": "article:refunds@3", "quote": "5 to 7 working days"}]
WELL = "I have cancelled order #W4410001. The 134.50 USD goes back to your card. This takes 5 to 7 working days."


def names(body: str, citations: list[dict[str, str]] = CITED, evidence: Evidence = CANCELLED) -> set[str]:
    return {finding.check for finding in check_grounding(body, citations, evidence)}


def test_a_cited_reply_about_what_the_run_does_has_no_findings() -> None:
    assert names(WELL) == set()


@pytest.mark.parametrize("amount", ["$134.50", "134.5 USD", "USD 134.50", "134.50", "134,50 €", "134.50 dollars"])
def test_an_amount_may_be_spelt_in_many_ways(amount: str) -> None:
    assert "ungrounded_amount" not in names(f"You get back {amount}.")


def test_a_thousand_has_a_comma_or_none() -> None:
    assert names("You owe us 1,234.50 USD.") >= {"ungrounded_amount"}


@pytest.mark.parametrize("span", ["5 to 7 working days", "5-7 business days", "five to seven working days"])
def test_a_length_of_time_may_be_spelt_in_many_ways(span: str) -> None:
    assert names(f"The refund to your card takes {span}.") == set()


def test_fewer_days_than_the_article_has_are_marked() -> None:
    assert "ungrounded_duration" in names("The refund to your card takes 5 to 7 days.")


def test_the_days_of_another_method_are_marked() -> None:
    assert "ungrounded_duration" in names("A gift card has its money back after 5 to 7 working days.")


@pytest.mark.parametrize("order", ["#W4410001", "W4410001", "#w4410001"])
def test_an_order_may_be_written_with_or_without_its_sign(order: str) -> None:
    assert names(f"I have cancelled order {order}.") == set()


def test_a_source_of_another_run_is_no_citation() -> None:
    citations = [*CITED, {"source": "article:refunds@2", "quote": ""}]
    assert names(WELL, citations) == {"unknown_citation"}


def test_words_that_do_not_stand_in_the_source_are_no_citation() -> None:
    citations = [*CITED, {"source": "article:refunds@3", "quote": "within 2 hours"}]
    assert names(WELL, citations) == {"unsupported_citation"}


def test_a_claim_whose_source_is_not_cited_is_marked() -> None:
    assert names(WELL, CITED[:1]) == {"uncited_claim"}


def test_the_words_in_question_stand_between_quotes() -> None:
    (finding,) = check_grounding("You get 99.99 USD.", CITED, CANCELLED)
    assert finding.quote == "99.99 USD"
    assert f"“{finding.quote}”" in finding.reason


def test_a_quote_is_cut_to_what_a_page_can_mark() -> None:
    body = f"We guarantee {'a very long promise ' * 20}."
    assert all(len(finding.quote) <= 80 for finding in check_grounding(body, CITED, CANCELLED))


def test_what_only_the_customer_said_is_no_amount_of_ours() -> None:
    untouched = DESKS["untouched"]
    assert "ungrounded_amount" in names("You get 80.00 USD off.", evidence=untouched)
    assert "ungrounded_amount" not in names("You mention 80.00 USD off; I see no such offer.", evidence=untouched)


def test_every_finding_is_one_of_the_named_checks() -> None:
    bodies = [
        "We refunded 12.00 USD to PayPal by Friday, see www.elsewhere.example.",
        "Order #W9999999 was delivered. We guarantee a free gift.",
        "Ask Mr. Smith for a 10 % voucher; we deliver within 2 hours.",
    ]
    found = {finding.check for body in bodies for finding in check_grounding(body, [{"source": "x"}], CANCELLED)}
    assert found <= set(CHECKS)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_text_at_all_breaks_it(body: str) -> None:
    check_grounding(body, [{"source": body[:40], "quote": body}], CANCELLED)


@pytest.mark.parametrize("body", ["$ 1 " * 25_000, "#W1 " * 25_000, "a." * 50_000, "1-" * 50_000, "\n" * 100_000])
def test_a_body_made_to_be_slow_is_read_to_the_end(body: str) -> None:
    check_grounding(body, [], CANCELLED)


def test_empty_evidence_grounds_nothing() -> None:
    assert "ungrounded_amount" in names("You get 5.00 USD back.", [], Evidence())
