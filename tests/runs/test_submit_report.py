"""Plans of a report submitted together: noted at once, worked off in the background, each answered by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from agentdesk.agent.language_model import Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs import tasks
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, ReportSubmission, Run
from agentdesk.runs.reports import Order as Wanted
from agentdesk.runs.reports import fill_report, make_report
from agentdesk.runs.selecting import Selection
from agentdesk.runs.submissions import NothingToSubmit, plans_to_submit, submit_report, work_submission
from agentdesk.runs.submitting import copy_plan, submit_run
from approvals import audit
from approvals.deciding import mark_seen
from approvals.gate import execute_action
from approvals.models import Action, AuditEntry, Decision
from tests.approvals.shop import publish
from tests.runs.script import CANCEL, DONE, call
from tickets.models import Customer, Order, Person, Ticket
from tickets.operations import Letter, open_ticket

Make = Callable[..., DryRunReport]
NOTE = call(9, "add_note", body="She asked.")
SCRIPTS = {"Cancel": [call(1, "cancel_order", **CANCEL), NOTE, DONE], "A question": [NOTE, DONE]}


@pytest.fixture
def report(carla: Customer, order: Order, max_: Person) -> DryRunReport:
    """Three of Carla's tickets, looked at: a cancellation, a note, and nothing to do."""
    for subject in ("Cancel", "A question", "Thanks"):
        open_ticket(Letter(carla.email, subject, "Please."), now=timezone.now())
    Run.objects.update(status="cancelled")
    report, _ = make_report(Wanted("Look", Selection()), by=max_, now=timezone.now())
    fill_report(report.pk, now=timezone.now())
    for run in Run.objects.filter(report=report).select_related("ticket"):
        script: list[Turn] = SCRIPTS.get(run.ticket.subject, [DONE])
        advance_run(run.pk, model=ScriptedModel(script))
    return report


def runs_of(report: DryRunReport) -> dict[UUID, str]:
    runs = Run.objects.filter(report=report).select_related("ticket").order_by("pk")
    return {run.pk: run.ticket.subject for run in runs}


def finish(submission: ReportSubmission) -> ReportSubmission:
    while (found := work_submission(submission.pk, now=timezone.now())).finished_at is None:
        pass
    return found


def submit(
    report: DryRunReport, by: Person, *, execute: bool, runs: Iterable[UUID] | None = None
) -> dict[str, dict[str, Any]]:
    """What came of each, by its ticket's subject."""
    names = runs_of(report)
    noted, _ = submit_report(report.pk, names if runs is None else runs, execute=execute, by=by, now=timezone.now())
    return {names.get(UUID(name), name): result for name, result in finish(noted).results.items()}


def codes(results: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: result["code"] for name, result in results.items()}


def test_each_plan_is_approved_by_whoever_may_and_saw_it(report: DryRunReport, rita: Person, max_: Person) -> None:
    by_rita = submit(report, rita, execute=True)
    assert codes(by_rita) == {"Cancel": "not_allowed", "A question": "approved", "Thanks": "approved"}
    cancel = Action.objects.get(kind="cancel_order")
    assert cancel.status == "planned" and "needs a manager" in by_rita["Cancel"]["words"]
    mark_seen(cancel.pk, cancel.digest, by=max_, now=timezone.now())
    by_max = submit(report, max_, execute=True)
    assert codes(by_max) == {"Cancel": "approved", "A question": "submitted_before", "Thanks": "submitted_before"}
    for action in Action.objects.filter(status="approved"):
        execute_action(action.pk, now=timezone.now())
    assert Order.objects.get().status == "cancelled"


def test_what_is_of_high_tier_and_was_not_opened_waits(report: DryRunReport, max_: Person, ada: Person) -> None:
    publish(ada, cancel_order={"tier": "high"})
    done = submit(report, max_, execute=True)["Cancel"]
    live = Action.objects.get(kind="cancel_order", origin=done["live_run_id"])
    assert (done["code"], live.status, live.tier) == ("waiting", "waiting", "high")


def test_what_has_changed_since_waits_marked(report: DryRunReport, max_: Person) -> None:
    Ticket.objects.filter(subject="Cancel").update(last_message_id=None)
    done = submit(report, max_, execute=True)["Cancel"]
    live = Action.objects.get(kind="cancel_order", origin=done["live_run_id"])
    assert (done["code"], live.status) == ("changed", "waiting") and live.previous_effects is not None
    assert "changed since the dry run" in done["words"]


def test_submitted_for_approval_it_waits_and_later_it_is_the_same(report: DryRunReport, rita: Person) -> None:
    first, again = (submit(report, rita, execute=False) for _ in range(2))
    assert [one["live_run_id"] for one in first.values()] == [again[name]["live_run_id"] for name in first]
    assert set(codes(again).values()) == {"submitted_before"}
    assert Run.objects.filter(mode="live", copied_from__isnull=False).count() == 3
    assert Action.objects.get(kind="cancel_order", status="waiting").verdict == "review"
    ended = AuditEntry.objects.filter(kind="report.worked_off").order_by("pk").values_list("data", flat=True)
    assert [entry.get("submitted", 0) for entry in ended] == [3, 0]


def test_strangers_and_what_has_no_plan_are_answered(report: DryRunReport, max_: Person) -> None:
    runs = {subject: run_id for run_id, subject in runs_of(report).items()}
    Run.objects.filter(pk=runs["A question"]).update(status="escalated")
    stranger = uuid4()
    results = submit(report, max_, execute=False, runs=[stranger, *runs.values(), stranger])
    assert codes(results) == {
        str(stranger): "not_found", "Cancel": "submitted", "A question": "not_done", "Thanks": "submitted",
    }  # fmt: skip
    with pytest.raises(DryRunReport.DoesNotExist):
        submit_report(uuid4(), [stranger], execute=False, by=max_, now=timezone.now())


def test_one_that_breaks_keeps_no_other_from_its_answer(
    report: DryRunReport, max_: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = {subject: run_id for run_id, subject in runs_of(report).items()}

    def break_one(run_id: UUID, **rest: Any) -> Any:
        if run_id == runs["A question"]:
            raise ZeroDivisionError
        return submit_run(run_id, **rest)

    monkeypatch.setattr("agentdesk.runs.submissions.submit_run", break_one)
    results = submit(report, max_, execute=False)
    assert codes(results) == {"Cancel": "submitted", "A question": "failed", "Thanks": "submitted"}


# --- In the background ---


def test_it_is_noted_and_nothing_is_done_yet(report: DryRunReport, max_: Person) -> None:
    noted, is_new = submit_report(report.pk, runs_of(report), execute=True, by=max_, now=timezone.now())
    assert (is_new, noted.asked, noted.answered, noted.finished_at) == (True, 3, 0, None)
    assert not Run.objects.filter(copied_from__isnull=False).exists()
    assert AuditEntry.objects.get(kind="report.submitted").data == {"asked": 3, "execute": True}
    with pytest.raises(NothingToSubmit):
        submit_report(report.pk, [], execute=True, by=max_, now=timezone.now())


def test_a_second_press_joins_the_first(report: DryRunReport, max_: Person, rita: Person) -> None:
    one, two, three = runs_of(report)
    now = timezone.now()
    noted, _ = submit_report(report.pk, [one, two], execute=False, by=max_, now=now)
    joined, is_new = submit_report(report.pk, [two, three], execute=False, by=max_, now=now)
    assert (joined.pk, is_new, joined.asked) == (noted.pk, False, 3)
    others = [(True, max_), (False, rita)]
    apart = {submit_report(report.pk, [one], execute=execute, by=by, now=now)[0].pk for execute, by in others}
    assert noted.pk not in apart and len(apart) == 2
    assert finish(noted).answered == 3
    later, is_new = submit_report(report.pk, [one], execute=False, by=max_, now=now)
    assert is_new and later.pk != noted.pk


def test_who_was_let_go_meanwhile_submits_nothing(report: DryRunReport, max_: Person) -> None:
    noted, _ = submit_report(report.pk, runs_of(report), execute=False, by=max_, now=timezone.now())
    Person.objects.filter(pk=max_.pk).update(is_active=False)
    assert {result["code"] for result in finish(noted).results.values()} == {"not_allowed"}
    assert not Run.objects.filter(copied_from__isnull=False).exists()


def test_what_a_worker_had_begun_when_it_died_is_finished_by_the_next(report: DryRunReport, max_: Person) -> None:
    """It had copied the plan, and neither approved what was shown nor kept what came of it."""
    run_id = Action.objects.get(kind="cancel_order").origin
    cancel = Action.objects.get(kind="cancel_order")
    mark_seen(cancel.pk, cancel.digest, by=max_, now=timezone.now())
    noted, _ = submit_report(report.pk, [run_id], execute=True, by=max_, now=timezone.now())
    live, _ = copy_plan(run_id, execute=True, by=max_, now=timezone.now(), submission=noted.pk)
    assert Action.objects.get(kind="cancel_order", origin=live.pk).status == "waiting"
    result = finish(noted).results[str(run_id)]
    assert (result["code"], result["live_run_id"]) == ("approved", str(live.pk))
    assert Action.objects.get(kind="cancel_order", origin=live.pk).status == "approved"
    assert Decision.objects.filter(person=max_, verdict="approve").count() == 1


def test_the_sweep_takes_up_what_nobody_is_at(
    report: DryRunReport, max_: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted, _ = submit_report(report.pk, plans_to_submit(report), execute=False, by=max_, now=timezone.now())
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: task(*ids))
    cache.set(f"submission-{noted.pk}", 1, 60)
    tasks.sweep_reports()
    assert ReportSubmission.objects.get(pk=noted.pk).answered == 0, "another worker is at it"
    cache.delete(f"submission-{noted.pk}")
    tasks.sweep_reports()
    tasks.sweep_reports()
    noted.refresh_from_db()
    assert noted.finished_at is not None and noted.answered == noted.asked == 2
    assert AuditEntry.objects.filter(kind="report.worked_off").count() == 1
    assert plans_to_submit(report) == []


def test_what_is_done_later_names_the_token_of_the_call(report: DryRunReport, max_: Person) -> None:
    audit.note_token(7)
    noted, _ = submit_report(report.pk, runs_of(report), execute=True, by=max_, now=timezone.now())
    audit.note_token(None)
    by_hand, is_new = submit_report(report.pk, runs_of(report), execute=True, by=max_, now=timezone.now())
    assert is_new and by_hand.pk != noted.pk, "what a program asks for is not joined with a person's own press"
    finish(noted)
    named = AuditEntry.objects.filter(kind="action.proposed", data__has_key="token").values_list("data", flat=True)
    assert {entry["token"] for entry in named} == {7}
    assert audit.record("token.made", actor="x", subject="x", at=timezone.now()).data == {}
