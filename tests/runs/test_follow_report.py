"""Following a report by socket: all of it at first, then what changes; after a cut nothing is missed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.people.tokens import make_token
from agentdesk.runs import consumers
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, ReportSubmission, Run
from agentdesk.runs.reports import Order as Wanted
from agentdesk.runs.reports import fill_report, make_report
from agentdesk.runs.selecting import Selection
from agentdesk.runs.submissions import submit_report, work_submission
from tests.runs.script import CANCEL, DONE, call
from tests.runs.test_follow_run import PATIENCE, knock, knock_in_vain
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db(transaction=True)

News = dict[str, Any]


@pytest.fixture(autouse=True)
def _the_poll_comes_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bell is heard in this process."""
    monkeypatch.setattr(consumers, "POLL_SECONDS", 0.05)


@pytest.fixture
def token(rita: Person) -> str:
    return make_token(rita, scopes=["read"], name="follow", by="system", now=timezone.now())


@pytest.fixture
def report(ticket: Ticket, max_: Person) -> DryRunReport:
    """Over Carla's ticket, whose dry run is queued."""
    Run.objects.update(status="cancelled")
    report, _ = make_report(Wanted("Look", Selection()), by=max_, now=timezone.now())
    fill_report(report.pk, now=timezone.now())
    return report


def look(report: DryRunReport) -> None:
    advance_run(Run.objects.get(report=report).pk, model=ScriptedModel([call(1, "cancel_order", **CANCEL), DONE]))


def press(report: DryRunReport) -> ReportSubmission:
    run_ids = list(Run.objects.filter(report=report).values_list("pk", flat=True))
    return submit_report(report.pk, run_ids, execute=False, by=report.person, now=timezone.now())[0]


def work_off(report: DryRunReport) -> None:
    work_submission(ReportSubmission.objects.get(report=report).pk, now=timezone.now())


async def read_until(socket: WebsocketCommunicator, is_there: Callable[[News], bool]) -> News:
    """The first news of which this holds."""
    while True:
        news: News = json.loads(await socket.receive_from(timeout=PATIENCE))
        if is_there(news):
            return news


@async_to_sync
async def follow_all_along(report: DryRunReport, token: str) -> list[News]:
    """What is told at first, once the ticket is looked at, once a submission is begun, and once it is answered."""
    socket = knock(f"/ws/reports/{report.pk}/?format=json", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    told = [await read_until(socket, lambda news: True)]
    await sync_to_async(look)(report)
    told.append(await read_until(socket, lambda news: bool(news["report"]["looked_at"])))
    await sync_to_async(press)(report)
    told.append(await read_until(socket, lambda news: bool(news["submissions"])))
    await sync_to_async(work_off)(report)
    told.append(await read_until(socket, lambda news: bool(news["submissions"][0]["is_finished"])))
    await socket.disconnect(timeout=PATIENCE)
    return told


@async_to_sync
async def read_first(report: DryRunReport, token: str, query: str = "?format=json") -> str:
    socket = knock(f"/ws/reports/{report.pk}/{query}", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    first: str = await socket.receive_from(timeout=PATIENCE)
    await socket.disconnect(timeout=PATIENCE)
    return first


def test_it_is_told_as_it_goes_on(report: DryRunReport, token: str) -> None:
    first, looked, begun, ended = follow_all_along(report, token)
    assert first == {"report": {"tickets": 1, "looked_at": 0}, "submissions": [], "answers": []}
    assert looked["report"] == {"tickets": 1, "looked_at": 1}
    assert begun["submissions"][0] | {"id": ""} == {
        "id": "", "answered": 0, "total": 1, "ok": 0, "is_finished": False,
    }  # fmt: skip
    assert ended["submissions"][0]["ok"] == 1
    [answer] = ended["answers"]
    live = Run.objects.get(copied_from__isnull=False)
    assert (answer["code"], answer["live_run_id"], answer["ok"]) == ("submitted", str(live.pk), True)


def test_who_comes_back_after_a_cut_misses_nothing(report: DryRunReport, token: str) -> None:
    assert json.loads(read_first(report, token))["submissions"] == []
    look(report)
    press(report)
    work_off(report)
    back = json.loads(read_first(report, token))
    assert back["report"]["looked_at"] == back["submissions"][0]["ok"] == len(back["answers"]) == 1


def test_a_browser_gets_regions(report: DryRunReport, token: str) -> None:
    look(report)
    press(report)
    work_off(report)
    news = read_first(report, token, "")
    for region in ("report-state", "report-submissions", f"came-{report.tickets[0]['ticket_id']}"):
        assert f'id="{region}"' in news
    assert news.count('hx-swap-oob="true"') == 3


def test_strangers_and_unknown_reports_are_closed_with_a_code(report: DryRunReport, token: str) -> None:
    assert knock_in_vain(f"/ws/reports/{report.pk}/") == 4403
    assert knock_in_vain(f"/ws/reports/{uuid4()}/", token) == 4404
    assert knock_in_vain("/ws/reports/1/", token) == 4404
