"""One run: its steps in words, what its socket sends, and what staff can do with it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn, Usage
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.pages.live import render_queue_news, render_run_news
from agentdesk.runs.engine import advance_run
from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.models import Run
from agentdesk.runs.queries import events_after, queue_news
from approvals.deciding import Verdict, decide_action
from approvals.models import Action
from tests.approvals.shop import PENDING, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db

CANCEL = {"order_id": PENDING, "reason": "no longer needed", "confidence": 0.9, "rationale": "She asks."}


def turn(number: int, name: str, **arguments: object) -> Turn:
    return Turn("I look first.", (ToolCall(f"call_{number}", name, arguments),), Usage(1200, 80, "0.0031"))


SCRIPT = [
    turn(1, "get_order", order_id=PENDING),
    turn(2, "read_minds", whose="<script>hers</script>"),
    turn(3, "cancel_order", **CANCEL),
    turn(4, "send_reply", body="Dear Carla, it is cancelled.", confidence=0.9),
    Turn("Cancelled as asked."),
]


@pytest.fixture
def ticket(carla: Customer, otto: Customer) -> Ticket:
    make_catalogue()
    make_orders(carla, otto)
    return make_ticket(carla)


@pytest.fixture
def run(ticket: Ticket) -> Run:
    run = Run.objects.get(ticket=ticket)
    advance_run(run.pk, model=ScriptedModel(SCRIPT))
    run.refresh_from_db()
    return run


@pytest.fixture
def dry(ticket: Ticket, max_: Person) -> Run:
    Run.objects.filter(ticket=ticket).update(status="cancelled")
    run = start_run(ticket.pk, started_by="person:max", now=timezone.now(), mode="dry_run")
    advance_run(run.pk, model=ScriptedModel(SCRIPT))
    run.refresh_from_db()
    return run


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def seqs_in(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'data-seq="(\d+)"', page)]


def test_it_shows_every_step_in_order(maxs: Client, run: Run) -> None:
    page = maxs.get(f"/runs/{run.pk}/").content.decode()
    assert seqs_in(page) == list(range(1, run.last_seq + 1))
    assert "I look first." in page and "1200 + 80 tokens" in page and "0.0031 USD" in page
    assert "the call did not fit" in page
    assert "waits for a manager or an admin" in page and 'aria-label="Steps used: 5 of 20"' in page
    assert "<script>hers" not in page and "&lt;script&gt;hers" in page


def test_the_offline_model_is_labelled_as_such(maxs: Client, run: Run) -> None:
    assert "Offline model: rules, no language model" in maxs.get(f"/runs/{run.pk}/").content.decode()


def test_an_unknown_run_is_not_found(maxs: Client) -> None:
    assert maxs.get("/runs/6c9a5f0e-0000-4000-8000-000000000000/").status_code == 404


def test_its_news_are_the_steps_after_a_seq_and_where_it_stands(run: Run) -> None:
    news = render_run_news(run.pk, events_after(run.pk, 3))
    assert seqs_in(news) == list(range(4, run.last_seq + 1))
    assert 'hx-swap-oob="beforeend:#timeline"' in news
    assert 'id="run-state"' in news and 'id="run-actions"' in news
    assert "csrf" not in news and "<form" not in news


def test_the_news_of_the_queue_say_who_decided(run: Run, max_: Person) -> None:
    cursor = queue_news(None).cursor
    reply = Action.objects.get(kind="send_reply")
    decide_action(Verdict(reply.pk, "approve", reply.digest), by=max_, now=timezone.now())
    news = render_queue_news(queue_news(cursor))
    assert f'data-id="{reply.pk}" data-status="approved"' in news and "Max approved this" in news
    assert 'data-waiting="1"' in news


def test_it_is_paused_goes_on_and_is_cancelled(maxs: Client, run: Run) -> None:
    for deed, status in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        maxs.post(f"/runs/{run.pk}/{deed}/")
        run.refresh_from_db()
        assert run.status == status
    maxs.post(f"/runs/{run.pk}/pause/")
    assert "This run has ended." in maxs.get(f"/runs/{run.pk}/").content.decode()


def test_an_auditor_steers_nothing(client: Client, auditor: Person, run: Run) -> None:
    client.force_login(auditor)
    assert "Cancel the run" not in client.get(f"/runs/{run.pk}/").content.decode()
    for deed in ("pause", "resume", "cancel", "submit"):
        assert client.post(f"/runs/{run.pk}/{deed}/").status_code == 403


def test_a_dry_run_shows_what_it_would_do(maxs: Client, dry: Run) -> None:
    page = maxs.get(f"/runs/{dry.pk}/").content.decode()
    assert "What I would do" in page and "Nothing is executed" in page
    assert "Dear Carla, it is cancelled." in page and "65.00" in page
    assert "Approve and execute" in page


def shown_on(page: str) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page)


def test_its_plan_is_executed_as_shown(maxs: Client, dry: Run) -> None:
    shown = shown_on(maxs.get(f"/runs/{dry.pk}/").content.decode())
    answer = maxs.post(f"/runs/{dry.pk}/submit/", {"how": "execute", "shown": shown})
    live = Run.objects.get(copied_from=dry)
    assert answer["Location"] == f"/runs/{live.pk}/"
    assert set(Action.objects.filter(origin=live.pk).values_list("status", flat=True)) == {"approved"}
    assert "See the live run made of it" in maxs.get(f"/runs/{dry.pk}/").content.decode()


def test_a_plan_that_was_not_all_shown_is_not_executed(maxs: Client, dry: Run) -> None:
    shown = shown_on(maxs.get(f"/runs/{dry.pk}/").content.decode())
    assert len(shown) == 2
    for tokens in ([], shown[:1], [shown[0], shown[1].replace(shown[1][-6:], "000000")], ["nonsense"]):
        maxs.post(f"/runs/{dry.pk}/submit/", {"how": "execute", "shown": tokens})
        assert not Run.objects.filter(copied_from=dry).exists()
    assert "not what you were shown" in maxs.get(f"/runs/{dry.pk}/").content.decode()


def test_who_may_not_approve_all_submits_it(client: Client, rita: Person, dry: Run) -> None:
    client.force_login(rita)
    assert "Approve and execute" not in client.get(f"/runs/{dry.pk}/").content.decode()
    shown = [f"{action.pk} {action.digest}" for action in Action.objects.filter(origin=dry.pk)]
    client.post(f"/runs/{dry.pk}/submit/", {"how": "execute", "shown": shown})
    assert not Run.objects.filter(copied_from=dry).exists()
    client.post(f"/runs/{dry.pk}/submit/", {"how": "submit"})
    live = Run.objects.get(copied_from=dry)
    assert set(Action.objects.filter(origin=live.pk).values_list("status", flat=True)) == {"waiting"}
