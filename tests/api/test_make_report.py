"""Dry run reports over the API: made once, read, submitted in the background; and their schedules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, DryRunSchedule, Run
from agentdesk.runs.reports import fill_reports
from agentdesk.runs.submissions import open_submissions, work_submission
from approvals.models import Action, AuditEntry
from tests.api.conftest import CANCEL, Caller
from tickets.models import Order, Person, Ticket

pytestmark = pytest.mark.django_db

WISHES = {**CANCEL, "confidence": 0.9, "rationale": "She asks."}
DONE = Turn("Cancelled as asked.")
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make(as_max: Caller, ticket: Ticket) -> Make:
    """A finished report over Carla's ticket, in which the agent would cancel her order."""

    def make_one(**fields: Any) -> dict[str, Any]:
        Run.objects.filter(mode="live").update(status="cancelled")
        answer = as_max.post("reports", {"name": "Look", **fields})
        assert answer.status == 202, answer
        fill_reports(now=timezone.now())
        for run in Run.objects.filter(report=answer.body["id"]):
            call = ToolCall("call_1", "cancel_order", WISHES)
            advance_run(run.pk, model=ScriptedModel([Turn("Cancel it.", (call,)), DONE]))
        report: dict[str, Any] = answer.body
        return report

    return make_one


def work_off() -> None:
    for submission_id in open_submissions():
        while work_submission(submission_id, now=timezone.now()).finished_at is None:
            pass


# --- Made and read ---


def test_it_is_made_over_a_selection_and_read_with_its_plans(as_max: Caller, make: Make, ticket: Ticket) -> None:
    made = make(selection={"status": ["open", "pending"], "limit": 5})
    assert (made["tickets"], made["looked_at"], made["is_finished"], made["made_by"]) == (1, 0, False, "max")
    report = as_max.get(f"reports/{made['id']}")
    assert (report["looked_at"], report["is_finished"]) == (1, True)
    assert report["selection"]["limit"] == 5 and report["next"] is None
    assert report["figures"]["tickets"] == {"waits": 1} and report["figures"]["actions"] == {"waits": 1}
    assert report["figures"]["at_stake"] == [{"kind": "cancel_order", "currency": "USD", "amount": "12.50"}]
    [plan] = report["items"]
    assert (plan["ticket_id"], plan["outcome"], plan["can_be_submitted"]) == (ticket.pk, "waits", True)
    [action] = plan["actions"]
    assert (action["kind"], action["would"], action["tier"]) == ("cancel_order", "waits", "high")
    assert as_max.get(f"actions/{action['action_id']}")["preview"]["digest"] == action["digest"]


def test_the_same_id_again_is_the_same_report(as_max: Caller, as_rita: Caller, ticket: Ticket) -> None:
    body = {"name": "Look", "report_id": str(uuid4())}
    first, again = (as_max.post("reports", body) for _ in range(2))
    assert (first.status, again.status) == (202, 200) and first.body == again.body
    assert as_max.post("reports", {**body, "name": "Another"}).said == (409, "report_id_taken")
    assert as_rita.post("reports", body).said == (409, "report_id_taken")
    assert DryRunReport.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "selection": {"limit": 201}}, "selection.limit"),
        ({"name": "x", "selection": {"status": ["lost"]}}, "selection.status.0"),
        ({"name": "x", "selection": {"tags": ["\0"]}}, "selection.tags.0"),
        ({"name": "x", "selection": {"updated_since": "0001-01-01T00:00:00+14:00"}}, "selection.updated_since"),
        ({"name": "x", "selection": {"customer": "carla"}}, "selection.customer"),
        ({"name": "x", "policy_version": 999}, "policy_version"),
        ({"name": "x", "model": "nobody:knows"}, "model"),
        ({"name": "x", "report_id": "mine"}, "report_id"),
    ],
)
def test_what_does_not_fit_is_named(as_max: Caller, body: dict[str, Any], field: str) -> None:
    answer = as_max.post("reports", body)
    assert answer.said == (422, "invalid") and list(answer.error["fields"]) == [field]
    assert not DryRunReport.objects.exists()


def test_reports_and_their_plans_come_in_pages(as_max: Caller, make: Make, ticket: Ticket, max_: Person) -> None:
    now = timezone.now()
    names = [f"Report {number}" for number in range(5)]
    DryRunReport.objects.bulk_create(DryRunReport(name=name, person=max_, created_at=now) for name in names)
    seen, path = [], "reports?limit=2"
    while path:
        page = as_max.get(path)
        seen += [report["name"] for report in page["items"]]
        path = f"reports?limit=2&cursor={page['next']}" if page["next"] else ""
    assert sorted(seen) == names
    Ticket.objects.create(customer=ticket.customer, subject="Thanks", created_at=now, updated_at=now)
    report = make()["id"]
    first = as_max.get(f"reports/{report}?limit=1")
    rest = as_max.get(f"reports/{report}?limit=1&cursor={first['next']}")
    assert [plan["outcome"] for plan in first["items"] + rest["items"]] == ["waits", "skipped"]
    assert rest["items"][0]["note"] == "The customer has not written in it." and rest["next"] is None
    for path in ("reports", f"reports/{report}"):
        assert as_max("GET", f"{path}?cursor=W10").said == (422, "invalid")


# --- Submitted ---


def test_it_is_submitted_in_the_background_and_each_plan_answered(as_max: Caller, as_rita: Caller, make: Make) -> None:
    report = make()["id"]
    answer = as_rita.post(f"reports/{report}/submit")
    assert answer.status == 202
    assert (answer.body["total"], answer.body["answered"], answer.body["answers"]) == (1, 0, [])
    assert not Run.objects.filter(copied_from__isnull=False).exists()
    joined = as_rita.post(f"reports/{report}/submit")
    assert joined.status == 200 and joined.body["id"] == answer.body["id"]
    work_off()
    submission = as_max.get(f"reports/{report}/submissions/{answer.body['id']}")
    assert (submission["is_finished"], submission["ok"], submission["by"]) == (True, 1, "rita")
    [one] = submission["answers"]
    assert (one["code"], one["ok"]) == ("submitted", True)
    assert as_max.get(f"runs/{one['live_run_id']}")["status"] == "waiting"
    read = as_max.get(f"reports/{report}")
    assert read["items"][0]["answer"] == one and read["items"][0]["live_run_id"] == one["live_run_id"]
    assert [each["id"] for each in read["submissions"]] == [submission["id"]]
    assert as_rita.post(f"reports/{report}/submit").said == (409, "nothing_to_submit")


def test_approve_and_execute_takes_what_was_seen(as_max: Caller, make: Make) -> None:
    report = make()["id"]
    [plan] = as_max.get(f"reports/{report}")["items"]
    [action] = plan["actions"]
    assert as_max.post(f"actions/{action['action_id']}/seen", {"digest": action["digest"]}).status == 200
    strangers = [plan["run_id"], str(uuid4())]
    noted = as_max.post(f"reports/{report}/submit", {"execute": True, "run_ids": strangers}).body
    work_off()
    answers = as_max.get(f"reports/{report}/submissions/{noted['id']}")["answers"]
    assert [one["code"] for one in answers] == ["approved", "not_found"]
    live = Action.objects.get(origin=answers[0]["live_run_id"])
    assert live.status == "approved"
    token = AuditEntry.objects.get(kind="report.submitted").data["token"]
    decided = AuditEntry.objects.get(kind="action.decided", subject=f"action:{live.pk}")
    assert decided.data["token"] == token, "who decided in the background came by the same token"


def test_who_may_not_is_refused(
    as_max: Caller, call_as: Any, make: Make, rita: Person, auditor: Person, as_nobody: Caller
) -> None:
    report = make()["id"]
    writer, looker = call_as(rita, ["tickets"]), call_as(auditor)
    assert writer.post(f"reports/{report}/submit", {"execute": True}).error["scope"] == "decide"
    assert writer("GET", "reports").error["scope"] == "read"
    assert looker.get(f"reports/{report}")["id"] == report
    for path in ("reports", f"reports/{report}/submit", "schedules"):
        assert looker.post(path, {"name": "x", "every": "day", "at_minute": 0}).status in (403, 422)
        assert as_nobody.post(path, {}).said == (401, "unauthenticated")
    assert not DryRunReport.objects.exclude(pk=report).exists()
    assert as_max("GET", f"reports/{uuid4()}").said == (404, "not_found")
    assert as_max("GET", f"reports/{report}/submissions/{uuid4()}").said == (404, "not_found")
    assert as_max.post(f"reports/{uuid4()}/submit").said == (404, "not_found")


# --- On schedule ---

WEEKLY = {"name": "Mondays", "every": "week", "at_minute": 390, "time_zone": "Europe/Berlin"}


def test_a_manager_adds_and_switches_a_schedule(as_max: Caller, as_rita: Caller) -> None:
    added = as_max.post("schedules", {**WEEKLY, "selection": {"category": ["return"]}})
    assert (added.status, added.body["person"], added.body["runs"]) == (201, "max", True)
    assert added.body["selection"]["category"] == ["return"]
    path = f"schedules/{added.body['id']}"
    for is_on in (False, True):
        assert as_max.post(path, {"is_on": is_on}).body["is_on"] == is_on
    again = as_max.post(path, {"is_on": True}).body
    assert as_rita.get("schedules")["items"] == [again]
    for refused in (as_rita.post("schedules", WEEKLY), as_rita.post(path, {"is_on": False})):
        assert refused.said == (403, "not_allowed") and refused.error["who_can"] == "manager"
    assert as_max.post("schedules/999", {"is_on": True}).said == (404, "not_found")


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"time_zone": "Mars"}, "time_zone"), ({"every": "month"}, "every"), ({"every": "hour"}, "at_minute")],
)
def test_a_schedule_that_cannot_be_kept_is_refused(as_max: Caller, fields: dict[str, Any], named: str) -> None:
    answer = as_max.post("schedules", {**WEEKLY, **fields})
    assert answer.said == (422, "invalid") and list(answer.error["fields"]) == [named]
    assert not DryRunSchedule.objects.exists()


def test_what_is_submitted_is_what_was_shown(as_max: Caller, make: Make, order: Order) -> None:
    report = make()["id"]
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    as_max.post(f"reports/{report}/submit", {"execute": True})
    work_off()
    [plan] = as_max.get(f"reports/{report}")["items"]
    assert (plan["answer"]["code"], plan["answer"]["ok"]) == ("changed", False)
