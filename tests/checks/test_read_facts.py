"""Reading evidence: what a run's next proposal shares with the one before is not read again, and is not mixed up."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from agentdesk.agent.checks.facts import read_facts
from agentdesk.agent.checks.sources import LARGEST_KEPT, readings_of
from agentdesk.agent.evidence import Evidence, Source
from tests.checks.cases.evidence import CUSTOMER, DESKS, LAMP_ORDER

CANCELLED = DESKS["cancelled"]


def again(evidence: Evidence) -> Evidence:
    """The same evidence built anew, as each proposal does."""
    sources = tuple(replace(one, value=json.loads(json.dumps(one.value))) for one in evidence.sources)
    return replace(evidence, sources=sources)


def test_the_same_answer_is_read_once() -> None:
    assert readings_of("tool:call_2", LAMP_ORDER) is readings_of("tool:call_2", json.loads(json.dumps(LAMP_ORDER)))


def test_an_answer_is_known_by_its_own_name() -> None:
    first, second = readings_of("tool:call_2", LAMP_ORDER)[-1], readings_of("tool:call_9", LAMP_ORDER)[-1]
    assert (first.name, second.name) == ("tool:call_2", "tool:call_9")
    assert second.ids["w4410001"] == {"tool:call_9"}


def test_evidence_built_anew_says_the_same() -> None:
    first, second = read_facts(CANCELLED), read_facts(again(CANCELLED))
    assert first is not second
    assert (first.orders, first.texts, first.words) == (second.orders, second.texts, second.words)


def test_a_later_snapshot_of_an_order_adds_to_what_was_known_of_it() -> None:
    later = Source("tool:call_7", "tool", {**LAMP_ORDER, "status": "cancelled"}, "get_order")
    both = read_facts(replace(CANCELLED, sources=(*CANCELLED.sources, later)))
    assert both.orders["w4410001"].statuses == ["pending", "cancelled"]
    assert read_facts(again(CANCELLED)).orders["w4410001"].statuses == ["pending"]


def test_an_amount_stands_in_every_source_that_names_it() -> None:
    later = Source("tool:call_7", "tool", LAMP_ORDER, "get_order")
    both = read_facts(replace(CANCELLED, sources=(*CANCELLED.sources, later)))
    assert {name for name, _ in both.amounts[Decimal("89.50")]} == {"tool:call_2", "tool:call_7"}
    assert Decimal("89.51") not in both.amounts


def test_an_article_found_and_named_counts_once() -> None:
    hit = {"slug": "refunds", "revision": 3, "title": "Refunds", "passage": "A gift card has its balance back at once."}
    search = Source("tool:call_3", "tool", {"hits": [hit]}, "search_knowledge")
    alone = read_facts(Evidence((search,), (), CUSTOMER))
    named = read_facts(Evidence((Source("article:refunds@3", "article", hit), search), (), CUSTOMER))
    assert "article:refunds@3" in alone.names
    assert alone.texts["article:refunds@3"] == named.texts["article:refunds@3"]
    assert len(named.passages) == len(alone.passages)


def test_a_huge_answer_is_read_and_not_kept() -> None:
    huge = {"passage": "The refund takes 5 days. " * (LARGEST_KEPT // 20)}
    assert readings_of("tool:call_2", huge) is not readings_of("tool:call_2", huge)
