"""Two at once: a due time is one report, a ticket one run of it, a plan one live run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, ReportSubmission, Run
from agentdesk.runs.reports import Order as Wanted
from agentdesk.runs.reports import fill_report
from agentdesk.runs.schedules import Rhythm, add_schedule, make_due_reports
from agentdesk.runs.selecting import Selection
from agentdesk.runs.submissions import submit_report, work_submission
from approvals.models import AuditEntry
from tests.runs.script import CANCEL, DONE, call
from tickets.models import Person, Ticket

HANDS = 4


def at_once(deed: Callable[[], Any]) -> list[Any]:
    """The deed, done by several at the same moment, each on a connection of its own."""
    start, came = threading.Barrier(HANDS), []

    def do() -> None:
        start.wait(30)
        try:
            came.append(deed())
        finally:
            connection.close()

    threads = [threading.Thread(target=do) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(came) == HANDS
    return came


@pytest.mark.django_db(transaction=True)
def test_several_at_once_do_each_thing_once(ticket: Ticket, max_: Person) -> None:
    Run.objects.update(status="cancelled")
    now = timezone.now()
    add_schedule(Wanted("Look", Selection()), Rhythm("hour", 0), by=max_, now=now)
    later = now + timedelta(hours=3)
    made = [report for reports in at_once(lambda: make_due_reports(now=later)) for report in reports]
    assert len(made) == DryRunReport.objects.count() == 1
    assert sum(at_once(lambda: fill_report(made[0].pk, now=later))) == Run.objects.filter(report=made[0]).count() == 1
    dry = Run.objects.get(report=made[0])
    advance_run(dry.pk, model=ScriptedModel([call(1, "cancel_order", **CANCEL), DONE]))
    pressed = at_once(lambda: submit_report(made[0].pk, [dry.pk], execute=True, by=max_, now=later)[1])
    assert sorted(pressed) == [False] * (HANDS - 1) + [True]
    noted = ReportSubmission.objects.get()
    at_once(lambda: work_submission(noted.pk, now=later))
    noted.refresh_from_db()
    live = Run.objects.get(copied_from=dry)
    assert (noted.answered, noted.finished_at) == (1, later)
    assert noted.results[str(dry.pk)]["live_run_id"] == str(live.pk)
    assert noted.results[str(dry.pk)]["code"] in ("approved", "waiting")
    assert AuditEntry.objects.filter(kind="report.worked_off").count() == 1
