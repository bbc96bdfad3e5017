"""What a workflow's steps decide and do, from a run's facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agentdesk.agent.evidence import Evidence, Source
from agentdesk.agent.roles import Citation, Draft
from agentdesk.agent.workflows.facts import Facts, Looked, read_ticket_words
from agentdesk.agent.workflows.functions import (
    MOST_SEARCHES,
    draft_answers,
    draft_is_grounded,
    order_meant,
    passage_was_found,
    propose_escalation,
    propose_reply,
    propose_solved,
    search_articles,
)

PASSAGE = "A refund to a gift card is there at once."


def facts(*bodies: str, subject: str = "Hello", **rest: Any) -> Facts:
    messages = [{"direction": "inbound", "body": body} for body in bodies]
    return Facts({"ticket": {"subject": subject, "status": "open"}, "messages": messages}, **rest)


def looked(tool: str, answer: Mapping[str, Any]) -> tuple[Looked, ...]:
    return (Looked("step", "call_1", tool, answer),)


def orders(*pairs: tuple[str, str]) -> tuple[Looked, ...]:
    return looked("list_orders", {"orders": [{"order_id": order_id, "status": status} for order_id, status in pairs]})


def drafted(body: str = "It is there at once.", *, answerable: bool = True) -> dict[str, Draft]:
    cited = (Citation(source="article:refunds@1", quote=PASSAGE),)
    return {"draft": Draft(answerable=answerable, body=body, citations=cited, confidence="0.8", missing="")}


TWO = (("#W1000001", "pending"), ("#W1000002", "delivered"))


@pytest.mark.parametrize(
    ("words", "known", "meant"),
    [
        ("Where is #W1000002?", TWO, "#W1000002"),
        ("Where is W1000002?", TWO, "#W1000002"),
        ("Where is my order?", TWO, "#W1000001"),
        ("Where are #W1000001 and #W1000002?", TWO, None),
        ("Where is #W9999999?", TWO, None),
        ("Where are #W1000001 and #W9999999?", TWO, None),
        ("Where is my order?", (("#W1000001", "pending"), ("#W1000003", "processed")), None),
        ("Where is my order?", (("#W1000001", "cancelled"),), None),
        ("Where is my order?", (), None),
    ],
)
def test_an_order_is_meant_where_one_alone_can_be(words: str, known: tuple[Any, ...], meant: str | None) -> None:
    assert order_meant(facts(words, looked=orders(*known))) == meant


@pytest.mark.parametrize("answer", [{"orders": "prose"}, {"orders": [1, None]}, {"error": "tool failed"}, {}])
def test_what_is_no_list_of_orders_means_none(answer: dict[str, Any]) -> None:
    assert order_meant(facts("Where is my order?", looked=looked("list_orders", answer))) is None


def test_a_passage_has_to_share_the_questions_words() -> None:
    hits = {"hits": [{"slug": "refunds", "title": "Refunds", "passage": PASSAGE}]}
    asked = "When does a refund to my gift card come?"
    assert passage_was_found(facts(asked, looked=looked("search_knowledge", hits))) == "yes"
    assert passage_was_found(facts("Do zeppelins yodel?", looked=looked("search_knowledge", hits))) == "no"
    assert passage_was_found(facts(asked, looked=looked("search_knowledge", {"hits": "prose"}))) == "no"
    assert passage_was_found(facts(asked)) == "no"


def test_it_searches_for_the_words_and_for_each_question() -> None:
    calls = search_articles(facts("How hot can I wash it? May it go into the dryer? Which sizes are there? And when?"))
    assert 1 < len(calls) <= MOST_SEARCHES
    assert all(call.tool == "search_knowledge" and call.arguments["query"] for call in calls)
    assert search_articles(facts("", subject="")) == ()


def test_only_the_newest_words_are_answered() -> None:
    ticket = {
        "ticket": {"subject": "Mug"},
        "messages": [
            {"direction": "inbound", "body": "Where is it?"},
            {"direction": "outbound", "body": "On its way."},
            {"direction": "inbound", "body": "And the spoon?"},
        ],
    }
    assert Facts(ticket).newest_words == "And the spoon?"
    assert facts("Where is it?", subject="Mug").newest_words == "Mug\n\nWhere is it?"


def test_a_draft_counts_where_it_answers_and_says_something() -> None:
    assert draft_answers(facts("?", drafts=drafted())) == "yes"
    assert draft_answers(facts("?", drafts=drafted("", answerable=True))) == "no"
    assert draft_answers(facts("?", drafts=drafted(answerable=False))) == "no"
    assert draft_answers(facts("?")) == "no"


def test_a_draft_is_checked_against_the_evidence() -> None:
    evidence = Evidence((Source("article:refunds@1", "article", {"passage": PASSAGE}),))
    assert not draft_is_grounded(facts("?", drafts=drafted(PASSAGE), evidence=evidence))
    assert draft_is_grounded(facts("?", drafts=drafted("It takes 99 days."), evidence=evidence))
    assert draft_is_grounded(facts("?", evidence=evidence))


def test_what_it_proposes_states_why_and_how_sure_it_is() -> None:
    (reply,) = propose_reply(facts("?", drafts=drafted()))
    assert (reply.tool, reply.arguments["confidence"]) == ("send_reply", 0.8)
    assert reply.arguments["rationale"] and reply.arguments["alternatives"]
    assert propose_reply(facts("?")) == ()
    (solved,) = propose_solved(facts("?", drafts=drafted()))
    assert (solved.tool, solved.arguments["status"]) == ("set_ticket", "solved")
    assert propose_solved(Facts({"ticket": {"status": "solved"}})) == ()


def test_people_are_told_the_reasons_and_the_words() -> None:
    (called,) = propose_escalation(facts("My lawyer!", reasons=("Law is spoken of.",), urgency="high"))
    assert called.arguments["reason"] == "Law is spoken of." and called.arguments["urgency"] == "high"
    assert "My lawyer!" in called.arguments["summary"]
    assert propose_escalation(facts("?"))[0].arguments["reason"]


@pytest.mark.parametrize("brief", ["", "no JSON", "{broken", "[1]"])
def test_a_brief_that_is_none_is_an_empty_ticket(brief: str) -> None:
    assert read_ticket_words(brief) == {}
