"""A run's inner life on its page: how it was sorted, its agenda, what was assessed, checked, recovered, handed on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn, turn_to_json
from agentdesk.pages.live import render_run_news
from agentdesk.runs.log import Fact, append_facts
from agentdesk.runs.models import EventKind, Run
from agentdesk.runs.queries import events_after
from tests.approvals.shop import make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

AGENDA = {
    "steps": [
        {"id": "s1", "text": "look <b>up</b> the order", "tool": "get_order"},
        {"id": "s2", "text": "cancel it", "tool": "cancel_order", "rests_on": ["a1"]},
    ],
    "constraints": ["only pending orders can be cancelled"],
    "assumptions": [{"id": "a1", "text": "the order is pending"}, {"id": "a2", "text": "it is hers"}],
}
BROKEN = {"assumption": "the order is pending", "record": "#W1", "field": "status", "found": "delivered"}


@pytest.fixture
def run(carla: Customer, otto: Customer) -> Run:
    make_catalogue()
    make_orders(carla, otto)
    return Run.objects.get(ticket=make_ticket(carla))


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def store(run: Run, kind: EventKind, data: dict[str, Any] | None = None, **words: Any) -> None:
    """An event as the engine stores it."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in words.items()}
    with transaction.atomic():
        append_facts(run.pk, [Fact(kind, data or {}, texts)], at=timezone.now())


def show(client: Client, run: Run) -> str:
    answer = client.get(f"/runs/{run.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_the_ticket_was_sorted_and_why(maxs: Client, run: Run) -> None:
    data = {"category": "return", "wished": ["return_items"], "urgency": "normal", "by": "rules"}
    store(run, EventKind.TICKET_TRIAGED, data, reasons=["says “send it <i>back</i>”"])
    page = show(maxs, run)
    assert "Sorted: return or exchange" in page and "by rules" in page
    assert "says “send it &lt;i&gt;back&lt;/i&gt;”" in page


def make_agenda(run: Run) -> None:
    data = {"source": "model", "steps": ["s1", "s2"], "constraints": 1, "assumptions": ["a1", "a2"]}
    store(run, EventKind.AGENDA_MADE, data, agenda=AGENDA)


def test_it_shows_the_agenda_and_strikes_out_what_fell_away_with_the_reason(maxs: Client, run: Run) -> None:
    make_agenda(run)
    page = show(maxs, run)
    assert "Agenda: 2 steps, 1 constraint, 2 assumptions" in page and "as the model stated it" in page
    assert "look &lt;b&gt;up&lt;/b&gt; the order" in page and "only pending orders" in page and "dropped" not in page
    answered = {"tool_call_id": "call_1", "tool": "get_order"}
    store(run, EventKind.TOOL_ANSWERED, answered, answer={"order": {}, "assumption_broken": [BROKEN]})
    assessed = {"score": "0.4", "new_facts": 3, "breaks": ["a1"], "drops": ["s2"], "confirms": ["a2"]}
    store(run, EventKind.STEP_ASSESSED, {"tool_call_id": "call_1", **assessed})
    page = show(maxs, run)
    assert '<del dir="auto">cancel it</del>' in page and ">dropped</span>" in page
    assert "“the order is pending” is false: status is delivered" in page
    assert "Assessed 0.4" in page and "3 new facts" in page and "drops s2" in page
    assert '<span class="badge ok">confirmed</span>' in page


def test_a_newer_agenda_takes_the_place_of_the_old_one(maxs: Client, run: Run) -> None:
    make_agenda(run)
    newer = {"steps": [{"id": "s1", "text": "ask her back"}]}
    store(run, EventKind.AGENDA_MADE, {"source": "derived", "steps": ["s1"]}, agenda=newer)
    page = show(maxs, run)
    panel = page[page.index('id="run-agenda"') : page.index('id="run-actions"')]
    assert "ask her back" in panel and "cancel it" not in panel


def test_it_tells_passed_and_failed_checks_and_what_lowered_the_confidence(maxs: Client, run: Run) -> None:
    data = {"kind": "send_reply", "passed": ["legal", "injection"], "failed": ["ungrounded_amount"]}
    findings = [{"check": "ungrounded_amount", "reason": "“62.00” stands in no source.", "quote": "62.00"}]
    store(run, EventKind.DRAFT_VERIFIED, {**data, "stated": "0.90", "confidence": "0.36"}, findings=findings)
    page = show(maxs, run)
    assert "Checked: " in page
    assert "2 checks passed, 1 found something" in page and "sure 0.90, with the findings 0.36" in page
    assert "“62.00” stands in no source." in page and "legal, injection" in page


def test_it_tells_what_failed_and_what_was_chosen(maxs: Client, run: Run) -> None:
    data = {"failure": "provider_busy", "recovery": "retry", "how": "with the next model", "model": "openai:small"}
    store(run, EventKind.RECOVERY_CHOSEN, data, error="429 <slow down>", told="Say it again.")
    page = show(maxs, run)
    assert "Provider busy: again" in page and "With the next model." in page and "openai:small" in page
    assert "429 &lt;slow down&gt;" in page and "Say it again." in page


def test_a_role_s_thread_is_set_apart_under_its_role(maxs: Client, run: Run) -> None:
    thread = {"thread": "call_7", "role": "analyst"}
    store(run, EventKind.ROLE_ASKED, thread, brief="Find out.")
    store(run, EventKind.TOOL_ANSWERED, {"thread": "call_7", "tool": "get_order", "tool_call_id": "x"}, answer={})
    store(run, EventKind.ROLE_ANSWERED, thread, answer="Found.")
    page = show(maxs, run)
    assert page.count("in-thread") == 3 and page.count('<span class="badge">analyst</span>') == 3
    assert "Asked the analyst" in page and "The analyst answered" in page
    run.refresh_from_db()
    news = render_run_news(run.pk, events_after(run.pk, run.last_seq - 2))
    assert news.count('<span class="badge">analyst</span>') == 2


def test_a_workflow_s_steps_say_where_they_led(maxs: Client, run: Run) -> None:
    step = {"workflow": "order_status", "version": "abc", "step": "which", "kind": "condition", "outcome": "no"}
    store(run, EventKind.WORKFLOW_STEPPED, {**step, "next": "loop", "failed": ["x"]}, findings=["x: two orders"])
    page = show(maxs, run)
    assert "Is it clear which order is meant? → no" in page and "workflow Order status abc" in page
    assert "then: loop" in page and "x: two orders" in page


def test_a_model_call_tells_what_it_took_and_why_it_did_what_it_did(maxs: Client, run: Run) -> None:
    stated = {"order_id": "#W1", "rationale": "She asks.", "alternatives": ["an exchange"], "confidence": 0.9}
    turn = Turn(f"```agenda\n{json.dumps(AGENDA)}\n```\nI look.", (ToolCall("c1", "cancel_order", stated),))
    took = {"input_tokens": 1000, "cached_tokens": 250, "output_tokens": 40, "cost": "0.0021", "latency_ms": 1520}
    data = {"model": "openai:small", "request_id": "req_77", "stop_reason": "length", **took}
    store(run, EventKind.MODEL_ANSWERED, data, turn=turn_to_json(turn), reasoning="First I thought.")
    page = show(maxs, run)
    for words in ("1000 + 40 tokens", "25 % from cache", "0.0021 USD", "1.5 s", "req_77", "stopped: length", "I look."):
        assert words in page
    assert "She asks." in page and "an exchange" in page and "sure 0.9" in page and "First I thought." in page
    assert "```agenda" not in page and "&quot;rationale&quot;" not in page


def test_its_bounds_are_meters_that_move_with_the_news(maxs: Client, run: Run) -> None:
    columns = {"steps": 19, "input_tokens": 400_000, "output_tokens": 10, "cost": "0.25"}
    Run.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
    news = render_run_news(run.pk, events_after(run.pk, run.last_seq - 1))
    for text in (show(maxs, run), news):
        assert 'aria-label="Steps used: 19 of 20"' in text and "only the reserve is left" in text
        assert "400,000 of 400,000" in text and "used up" in text and "0.2500 of 1.0000 USD" in text


def test_a_bound_that_was_reached_names_itself(maxs: Client, run: Run) -> None:
    store(run, EventKind.BOUND_REACHED, {"bound": "wall_clock_seconds", "limit": 600})
    assert "600 seconds" in show(maxs, run)


def test_a_run_from_before_bounds_were_pinned_shows_what_it_has(maxs: Client, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(bounds={}, category="", versions={"prompt": "abc"})
    page = show(maxs, run)
    assert 'aria-label="Steps used: 0 of 20"' in page and "Tokens in used" not in page


def test_erased_words_leave_the_log_readable(maxs: Client, run: Run) -> None:
    make_agenda(run)
    store(run, EventKind.DRAFT_VERIFIED, {"kind": "send_reply", "passed": [], "failed": ["legal"]}, findings=["x"])
    store(run, EventKind.ROLE_ANSWERED, {"thread": "call_7", "role": "writer"}, answer="{}")
    run.texts.update(body="")
    page = show(maxs, run)
    assert "Agenda: 2 steps" in page and "cancel it" not in page
