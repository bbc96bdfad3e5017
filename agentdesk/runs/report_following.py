"""What is new of a report for somebody who has it open: how many tickets are looked at, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agentdesk.runs.models import ACTIVE, DryRunReport, ReportSubmission, Run
from agentdesk.runs.reports import tickets_to_run
from agentdesk.runs.submissions import AS_SHOWN
from tickets.models import Person


@dataclass(frozen=True)
class Mark:
    """How far a report is: a cheap reading of its rows, another one as soon as there is news."""

    ended: int
    submissions: tuple[tuple[UUID, int, int, bool], ...]

    @property
    def page(self) -> str:
        """What a page was rendered at: another one is worth loading once more tickets or submissions have ended."""
        return f"{self.ended}.{sum(is_finished for *_, is_finished in self.submissions)}"


def mark_of(report_id: UUID) -> Mark:
    """How far a report is now."""
    ended = Run.objects.filter(report=report_id).exclude(status__in=ACTIVE).count()
    rows = ReportSubmission.objects.filter(report=report_id).order_by("at", "pk")
    found = rows.values_list("pk", "asked", "answered", "finished_at")
    return Mark(ended, tuple((pk, asked, answered, at is not None) for pk, asked, answered, at in found))


@dataclass(frozen=True)
class Answer:
    """What came of one ticket's plan when somebody last submitted it."""

    ticket_id: int
    run_id: UUID
    live_run_id: UUID | None
    code: str
    words: str
    by: Person
    at: datetime

    @property
    def is_ok(self) -> bool:
        """Whether all of the plan is on its way as it was shown."""
        return self.code in AS_SHOWN


def answers_in(submissions: Iterable[ReportSubmission]) -> dict[int, Answer]:
    """The newest answer for each ticket; submissions come oldest first.

    That a plan was submitted before says less than what came of it then.
    """
    found: dict[int, Answer] = {}
    for submission in submissions:
        for run_id, result in submission.results.items():
            ticket_id = result["ticket_id"]
            if ticket_id is not None and (result["code"] != "submitted_before" or ticket_id not in found):
                found[ticket_id] = answer_of(submission, run_id, result)
    return found


def answer_of(submission: ReportSubmission, run_id: str, result: dict[str, Any]) -> Answer:
    """One stored result."""
    live = result["live_run_id"]
    return Answer(
        ticket_id=result["ticket_id"],
        run_id=UUID(run_id),
        live_run_id=UUID(live) if live else None,
        code=result["code"],
        words=result["words"],
        by=submission.person,
        at=submission.at,
    )


def submissions_of(report_id: UUID) -> list[ReportSubmission]:
    """All submissions of a report, oldest first."""
    return list(ReportSubmission.objects.filter(report=report_id).select_related("person").order_by("at", "pk"))


def progress_to_json(
    report: DryRunReport, mark: Mark, submissions: Iterable[ReportSubmission], answers: Iterable[Answer]
) -> dict[str, Any]:
    """The same for a program: how far the report is, how far each submission is, and the answers that are new."""
    looked_at = mark.ended + len(report.tickets) - len(tickets_to_run(report))
    return {
        "report": {"tickets": len(report.tickets), "looked_at": looked_at},
        "submissions": [submission_to_json(submission) for submission in submissions],
        "answers": [answer_to_json(answer) for answer in answers],
    }


def submission_to_json(submission: ReportSubmission) -> dict[str, Any]:
    """How far a submission is."""
    return {
        "id": str(submission.pk),
        "answered": submission.answered,
        "total": submission.asked,
        "ok": sum(result["code"] in AS_SHOWN for result in submission.results.values()),
        "is_finished": submission.finished_at is not None,
    }


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """One answer on the wire."""
    return {
        "ticket_id": answer.ticket_id,
        "run_id": str(answer.run_id),
        "live_run_id": str(answer.live_run_id) if answer.live_run_id else None,
        "ok": answer.is_ok,
        "code": answer.code,
        "message": answer.words,
    }
