"""Submitting plans of a report: noted at once, worked off in the background, each plan answered by itself.

It is safe to work off twice, by two at once, and again after a crash: a plan has one live run, whose first event names
the submission that made it, so that whoever takes up the work finishes what was begun.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agentdesk.doorbell import ring
from agentdesk.runs.lifecycle import RunActive, TakenOver
from agentdesk.runs.models import DryRunReport, ReportSubmission, Run, RunMode, RunStatus
from agentdesk.runs.submitting import MayNotApproveAll, NotADryRun, submit_run
from approvals import audit
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus
from tickets.models import Person

logger = logging.getLogger(__name__)

STRETCH = 5
"""Plans submitted before their results are kept and told."""
AS_SHOWN = frozenset({"approved", "submitted"})
"""Codes of plans that are on their way as they were shown."""


class NothingToSubmit(Exception):
    """No plan of this report was chosen that could be submitted."""


@dataclass(frozen=True)
class Submitted:
    """What came of one ticket's plan: the live run made of it, or why there is none."""

    run_id: UUID
    ticket_id: int | None
    live_run_id: UUID | None
    code: str
    words: str

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        live = str(self.live_run_id) if self.live_run_id else None
        return {"ticket_id": self.ticket_id, "live_run_id": live, "code": self.code, "words": self.words}


@transaction.atomic
def submit_report(
    report_id: UUID, run_ids: Iterable[UUID], *, execute: bool, by: Person, now: datetime
) -> tuple[ReportSubmission, bool]:
    """Notes which plans of a report are submitted, and rings for a worker.

    A second press joins the first while that is worked off: what it adds is added, nothing is done twice.
    Returns: the submission, and whether it is new. Raises: DryRunReport.DoesNotExist, NothingToSubmit.
    """
    # The report's row lets one press of many in at a time.
    report = DryRunReport.objects.select_for_update().get(pk=report_id)
    wanted = list(dict.fromkeys(str(run_id) for run_id in run_ids))
    if not wanted:
        raise NothingToSubmit(NothingToSubmit.__doc__)
    facts = {"asked": len(wanted), "execute": execute}
    entry = audit.record(
        "report.submitted", actor=f"person:{by.username}", subject=f"report:{report.pk}", at=now, **facts
    )
    submission, is_new = find_open(report, execute=execute, by=by, token=entry.data.get("token") or 0, now=now)
    submission.run_ids = list(dict.fromkeys([*submission.run_ids, *wanted]))
    submission.asked = len(submission.run_ids)
    submission.save(update_fields=["run_ids", "asked"])
    ring_for_submission(submission.pk)
    ring_watchers(report.pk)
    return submission, is_new


def find_open(
    report: DryRunReport, *, execute: bool, by: Person, token: int, now: datetime
) -> tuple[ReportSubmission, bool]:
    """This person's submission of the same sort that is still worked off, locked; or a new one, and that it is new."""
    sort = {"report": report, "person": by, "execute": execute, "token": token}
    known = ReportSubmission.objects.select_for_update(of=("self",)).filter(**sort, finished_at=None).first()
    return (known, False) if known is not None else (ReportSubmission.objects.create(**sort, at=now), True)


def ring_for_submission(submission_id: UUID) -> None:
    """After the commit, wakes whoever works submissions off; the sweep finds what a lost bell forgot."""
    from agentdesk.runs.tasks import work_submission_task

    ring_after_commit(work_submission_task, str(submission_id))


def ring_watchers(report_id: UUID) -> None:
    """After the commit, wakes those who have the report open."""
    transaction.on_commit(lambda: ring(f"report.{report_id}", {}))


def work_submission(submission_id: UUID, *, now: datetime) -> ReportSubmission:
    """Submits the next plans and keeps what came of them. Raises: ReportSubmission.DoesNotExist."""
    submission = ReportSubmission.objects.select_related("person").get(pk=submission_id)
    if submission.finished_at is not None:
        return submission
    # A context of its own: what this thread does next is not done by the submission's token.
    done = copy_context().run(submit_stretch, submission, now)
    return keep_results(submission_id, done, now)


def submit_stretch(submission: ReportSubmission, now: datetime) -> list[Submitted]:
    """The next plans, submitted as by the call that asked for it: their audit entries name the same token."""
    audit.note_token(submission.token or None)
    left = [UUID(name) for name in submission.run_ids if name not in submission.results][:STRETCH]
    runs = {run.pk: run for run in Run.objects.filter(report=submission.report_id, pk__in=left).only("pk", "ticket_id")}
    return [submit_one(runs.get(run_id), run_id, submission, now) for run_id in left]


def submit_one(run: Run | None, run_id: UUID, submission: ReportSubmission, now: datetime) -> Submitted:
    """One plan of a report; what stands in its way is an answer, not an error."""
    if run is None:
        return Submitted(run_id, None, None, "not_found", "There is no such run in this report.")
    by = submission.person
    if not (by.is_active and by.may_decide):
        return Submitted(run.pk, run.ticket_id, None, "not_allowed", f"{by} may not submit it any more.")
    try:
        live, is_new = submit_run(run.pk, execute=submission.execute, by=by, now=now, submission=submission.pk)
    except MayNotApproveAll as refusal:
        return Submitted(run.pk, run.ticket_id, None, "not_allowed", str(refusal))
    except NotADryRun:
        return Submitted(run.pk, run.ticket_id, None, "not_done", "It has no plan that could be submitted.")
    except (RunActive, TakenOver) as refusal:
        return Submitted(run.pk, run.ticket_id, None, "conflict", str(refusal))
    except Exception:
        # One plan that nobody foresaw does not keep all others from their answer.
        logger.exception("the plan of run %s could not be submitted", run.pk)
        return Submitted(run.pk, run.ticket_id, None, "failed", "An unexpected error; it was logged.")
    code, words = came_to(live, is_new=is_new, execute=submission.execute)
    return Submitted(run.pk, run.ticket_id, live.pk, code, words)


def came_to(live: Run, *, is_new: bool, execute: bool) -> tuple[str, str]:
    """Where a submitted plan stands: approved as shown, waiting, or changed since the dry run."""
    if not is_new:
        return "submitted_before", "It was submitted before; this is its live run."
    actions = list(Action.objects.filter(origin=live.pk).only("status", "previous_effects", "status_reason"))
    changed = sum(action.previous_effects is not None for action in actions)
    refused = sum(action.status == ActionStatus.REFUSED for action in actions)
    waiting = sum(action.status == ActionStatus.WAITING for action in actions)
    if changed or refused:
        parts = [f"{changed} changed since the dry run"] if changed else []
        return "changed", " and ".join([*parts, *([f"{refused} refused now"] if refused else [])]) + "; look at it."
    if execute and waiting:
        return "waiting", f"{waiting} not approved: open the preview of what is high risk first."
    if execute:
        return "approved", "Approved as shown."
    return "submitted", f"{waiting} wait{'s' if waiting == 1 else ''} for a decision."


@transaction.atomic
def keep_results(submission_id: UUID, done: Iterable[Submitted], now: datetime) -> ReportSubmission:
    """Adds results to a submission's own; of two that worked on the same plan, the first one's word is kept."""
    submission = ReportSubmission.objects.select_for_update().get(pk=submission_id)
    if submission.finished_at is not None:
        return submission
    submission.results = {str(one.run_id): one.to_json() for one in done} | submission.results
    submission.answered = len(submission.results)
    if submission.answered == submission.asked:
        submission.finished_at = now
        tell_ended(submission, now)
    submission.save(update_fields=["results", "answered", "finished_at"])
    ring_watchers(submission.report_id)
    return submission


def tell_ended(submission: ReportSubmission, now: datetime) -> None:
    """The audit entry of a submission that is worked off: how many plans came to what."""
    codes = [result["code"] for result in submission.results.values()]
    counts = {code: codes.count(code) for code in sorted(set(codes))}
    audit.record(
        "report.worked_off", actor="agent", subject=f"report:{submission.report_id}", at=now,
        submission=str(submission.pk), **counts,
    )  # fmt: skip


def plans_to_submit(report: DryRunReport) -> list[UUID]:
    """The dry runs of a report whose plans nobody submitted yet, in the order of their tickets."""
    runs = Run.objects.filter(report=report, mode=RunMode.DRY_RUN, status=RunStatus.DONE, live_copy__isnull=True)
    planned = set(
        Action.objects.filter(origin__in=runs.values("pk"), status=ActionStatus.PLANNED).values_list(
            "origin", flat=True
        )
    )
    return [run_id for run_id in runs.order_by("created_at", "pk").values_list("pk", flat=True) if run_id in planned]


def open_submissions() -> list[UUID]:
    """Submissions with plans that nobody has answered yet, oldest first."""
    return list(ReportSubmission.objects.filter(finished_at=None).order_by("at").values_list("pk", flat=True))
