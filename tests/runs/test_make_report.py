"""A report: a dry run for each ticket of a selection, made once, read riskiest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pydantic import ValidationError

from agentdesk.agent.language_model import Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs import tasks
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, Run
from agentdesk.runs.reading import add_up, read_report
from agentdesk.runs.reports import Order as Wanted
from agentdesk.runs.reports import (
    ReportIdTaken,
    UnknownPolicyVersion,
    fill_report,
    fill_reports,
    make_report,
)
from agentdesk.runs.selecting import MOST_TICKETS, Selection, select_tickets
from approvals.models import AuditEntry
from tests.approvals.shop import publish
from tests.runs.script import CANCEL, DONE, call
from tickets.models import Customer, Message, Order, Person, Ticket
from tickets.operations import Letter, open_ticket

Make = Callable[..., DryRunReport]
NOTE = call(9, "add_note", body="She asked.")


@pytest.fixture
def tickets(carla: Customer, order: Order) -> list[Ticket]:
    """Three of Carla's, nobody at work on them."""
    subjects = ("Cancel", "A question", "Thanks")
    found = [open_ticket(Letter(carla.email, subject, "Please."), now=timezone.now())[0] for subject in subjects]
    Run.objects.update(status="cancelled")
    return found


@pytest.fixture
def make(tickets: list[Ticket], max_: Person) -> Make:
    def make_one(**selection: Any) -> DryRunReport:
        report, _ = make_report(Wanted("Look", Selection(**selection)), by=max_, now=timezone.now())
        fill_report(report.pk, now=timezone.now())
        return report

    return make_one


def play(report: DryRunReport, scripts: dict[str, list[Turn]]) -> None:
    """Advances each dry run of a report by the script of its ticket's subject."""
    for run in Run.objects.filter(report=report).select_related("ticket"):
        advance_run(run.pk, model=ScriptedModel(scripts.get(run.ticket.subject, [DONE])))


SCRIPTS = {"Cancel": [call(1, "cancel_order", **CANCEL), NOTE, DONE], "A question": [NOTE, DONE]}


# --- Selecting ---


def test_it_takes_what_fits_all_of_a_selection(tickets: list[Ticket]) -> None:
    one, two, three = (ticket.pk for ticket in tickets)
    Ticket.objects.filter(pk=one).update(tags=["vip", "late"], priority="high", category="return")
    Ticket.objects.filter(pk=two).update(tags=["vip"], updated_at=timezone.now() - timedelta(days=3))
    Ticket.objects.filter(pk=three).update(status="solved")

    def chosen(**fields: Any) -> set[int]:
        return {entry["ticket_id"] for entry in select_tickets(Selection(**fields), timezone.now())}

    assert chosen() == {one, two} and chosen(status=()) == {one, two, three}
    assert chosen(tags=["vip"]) == {one, two} and chosen(tags=["vip", "late"]) == {one}
    assert chosen(priority=["high"]) == chosen(category=["return"]) == chosen(updated_within=24) == {one}
    assert chosen(updated_since=timezone.now() - timedelta(days=1)) == {one}
    assert chosen(limit=1) == {one}


@pytest.mark.parametrize(
    "fields",
    [
        {"limit": MOST_TICKETS + 1}, {"limit": 0}, {"status": ["lost"]}, {"category": ["x"]}, {"tags": [""]},
        {"priority": ["asap"]}, {"updated_within": 0}, {"updated_since": "2026-01-01T00:00"}, {"customer": "carla"},
    ],
)  # fmt: skip
def test_a_selection_out_of_range_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Selection(**fields)


def test_what_the_agent_has_nothing_to_do_on_is_skipped_with_the_reason(tickets: list[Ticket], make: Make) -> None:
    Ticket.objects.filter(pk=tickets[0].pk).update(status="closed")
    Message.objects.filter(ticket=tickets[1]).update(direction="note")
    report = make(status=())
    skipped = {entry["ticket_id"]: entry["skipped"] for entry in report.tickets}
    assert skipped == {
        tickets[0].pk: "It is closed.",
        tickets[1].pk: "The customer has not written in it.",
        tickets[2].pk: "",
    }
    assert [run.ticket_id for run in Run.objects.filter(report=report)] == [tickets[2].pk]
    assert {plan.outcome for plan in read_report(report)} == {"skipped", "working"}


# --- Made once ---


def test_made_twice_it_is_the_same_report(tickets: list[Ticket], max_: Person) -> None:
    wanted = Wanted("Look", Selection(), report_id=uuid4())
    (first, is_new), (again, is_another) = (make_report(wanted, by=max_, now=timezone.now()) for _ in range(2))
    assert (first.pk, is_new, is_another) == (again.pk, True, False) and DryRunReport.objects.count() == 1
    assert AuditEntry.objects.filter(kind="report.made", subject=f"report:{first.pk}").count() == 1
    assert [fill_report(first.pk, now=timezone.now()) for _ in range(2)] == [3, 0]


def test_the_sweep_makes_what_a_lost_bell_left_out(make: Make) -> None:
    report = make()
    lost = Run.objects.filter(report=report).order_by("pk")[0]
    Run.objects.filter(pk=lost.pk).update(report=None)
    fill_reports(now=timezone.now())
    assert Run.objects.filter(report=report).values("ticket").distinct().count() == 3
    fill_reports(now=timezone.now())
    assert Run.objects.filter(report=report).count() == 3


def test_its_runs_are_dry_and_wait_until_nobody_else_is_in_a_hurry(
    make: Make, carla: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = make()
    assert set(Run.objects.filter(report=report).values_list("mode", flat=True)) == {"dry_run"}
    open_ticket(Letter(carla.email, "Later, and first", "Hello"), now=timezone.now())
    rung: list[tuple[str, int]] = []
    monkeypatch.setattr(tasks, "ring", lambda task, run_id, priority: rung.append((run_id, priority)))
    tasks.sweep_runs()
    assert [Run.objects.get(pk=run_id).report_id for run_id, _ in rung] == [None, report.pk, report.pk, report.pk]
    assert [priority for _, priority in rung] == [0, tasks.LATER, tasks.LATER, tasks.LATER]


def test_it_is_judged_by_the_version_it_names(make: Make, tickets: list[Ticket], max_: Person, ada: Person) -> None:
    version = publish(ada, cancel_order={"mode": "off"}).version
    publish(ada, cancel_order={"mode": "review"})
    wanted = Wanted("Under the old one", Selection(), policy_version=version)
    report, _ = make_report(wanted, by=max_, now=timezone.now())
    fill_report(report.pk, now=timezone.now())
    play(report, SCRIPTS)
    assert add_up(read_report(report)).actions == {"refused": 1, "by_itself": 2}
    with pytest.raises(UnknownPolicyVersion):
        make_report(Wanted("x", Selection(), policy_version=999), by=max_, now=timezone.now())


def test_another_wish_under_the_same_id_is_refused(tickets: list[Ticket], max_: Person, rita: Person) -> None:
    wanted = Wanted("Look", Selection(), report_id=uuid4())
    make_report(wanted, by=max_, now=timezone.now())
    for other, by in ((replace(wanted, selection=Selection(limit=1)), max_), (wanted, rita)):
        with pytest.raises(ReportIdTaken):
            make_report(other, by=by, now=timezone.now())
    assert DryRunReport.objects.count() == 1


# --- Read ---


def test_it_adds_up_and_puts_the_riskiest_first(make: Make) -> None:
    report = make()
    play(report, SCRIPTS)
    plans = read_report(report)
    assert [(plan.ticket.subject, plan.outcome) for plan in plans] == [
        ("Cancel", "waits"), ("A question", "by_itself"), ("Thanks", "nothing"),
    ]  # fmt: skip
    totals = add_up(plans)
    assert (totals.tickets, totals.is_finished) == (3, True)
    assert totals.actions == {"waits": 1, "by_itself": 2}
    assert {kind: str(amount) for (kind, _), amount in totals.stakes.items()} == {"cancel_order": "12.50"}
    Run.objects.filter(report=report, ticket__subject="Thanks").update(status="escalated", reason="No model.")
    assert [plan.outcome for plan in read_report(report)] == ["no_plan", "waits", "by_itself"]


def test_reading_takes_as_many_queries_for_three_as_for_one(make: Make) -> None:
    counts = []
    for limit in (1, 3):
        report = make(limit=limit)
        play(report, SCRIPTS)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_report(report)
        counts.append(len(queries))
    assert counts[0] == counts[1]
