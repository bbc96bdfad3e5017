"""Dry run reports: made over a selection of tickets, read, submitted together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from agentdesk.api.auth import allow, caller_of
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.report_answers import report_to_json, whole_report_to_json, whole_submission_to_json
from agentdesk.api.report_shapes import OneReportShape, OneSubmissionShape, ReportShape
from agentdesk.api.schemas import NewReport, NewSubmission
from agentdesk.api.shapes import ERRORS, Page
from agentdesk.runs.models import ACTIVE, DryRunReport, ReportSubmission
from agentdesk.runs.reading import read_report
from agentdesk.runs.report_following import answers_in, mark_of, submissions_of
from agentdesk.runs.reports import Order, make_report
from agentdesk.runs.selecting import MOST_TICKETS
from agentdesk.runs.submissions import plans_to_submit, submit_report

router = Router(tags=["reports"])
ALL_FOR_APPROVAL = NewSubmission()


@router.post("/reports", auth=allow("tickets"), response={202: ReportShape, 200: ReportShape, **ERRORS})
def make_a_report(request: HttpRequest, payload: NewReport) -> Status[dict[str, Any]]:
    """A dry run for each ticket of a selection; nothing is executed. 200: this `report_id` is known.

    409 `report_id_taken` where another selection, name, policy, model or person has it.
    """
    order = Order(payload.name, payload.selection, payload.policy_version, payload.model or "", payload.report_id)
    report, is_new = make_report(order, by=caller_of(request).person, now=timezone.now())
    return Status(202 if is_new else 200, report_to_json(report, mark_of(report.pk).ended))


@router.get("/reports", auth=allow("read"), response={200: Page[ReportShape], **ERRORS})
def list_reports(request: HttpRequest, limit: Limit, cursor: Cursor) -> dict[str, Any]:
    """Reports, newest first."""
    reports = DryRunReport.objects.select_related("person").order_by("-created_at", "-pk")
    reports = reports.annotate(ended=Count("runs", filter=~Q(runs__status__in=ACTIVE)))
    if cursor is not None:
        at, last = read_key(cursor)
        reports = reports.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=last))
    page, more = split_page(list(reports[: limit + 1]), limit)
    return {
        "items": [report_to_json(report, report.ended) for report in page],
        "next": write_cursor([page[-1].created_at.isoformat(), page[-1].pk]) if more else None,
    }


def read_key(cursor: str) -> tuple[datetime, UUID]:
    """The time and the id a page of reports ended with."""
    try:
        at, last = read_cursor(cursor)
        key = datetime.fromisoformat(at), UUID(last)
    except (AttributeError, TypeError, ValueError) as error:
        raise bad_cursor() from error
    if key[0].tzinfo is None:
        raise bad_cursor()
    return key


@router.get("/reports/{report_id}", auth=allow("read"), response={200: OneReportShape, **ERRORS})
def get_report(request: HttpRequest, report_id: UUID, limit: Limit, cursor: Cursor) -> dict[str, Any]:
    """One report with its plans, the riskiest first, a page at a time; the figures are those of all of it.

    While it is under way the order may change from page to page.
    """
    report = DryRunReport.objects.select_related("person").get(pk=report_id)
    place = read_place(cursor)
    plans, submissions = read_report(report), submissions_of(report.pk)
    page, more = split_page(plans[place : place + limit + 1], limit)
    shown = whole_report_to_json(report, plans, page, submissions, answers_in(submissions))
    return {**shown, "next": write_cursor([place + limit]) if more else None}


def read_place(cursor: str | None) -> int:
    """How many of a report's tickets lie before the page."""
    if cursor is None:
        return 0
    match read_cursor(cursor):
        case [int(place)] if 0 <= place <= MOST_TICKETS:
            return place
    raise bad_cursor()


@router.post(
    "/reports/{report_id}/submit",
    auth=allow("tickets"),
    response={202: OneSubmissionShape, 200: OneSubmissionShape, **ERRORS},
)
def submit_plans(
    request: HttpRequest, report_id: UUID, payload: NewSubmission = ALL_FOR_APPROVAL
) -> Status[dict[str, Any]]:
    """Submits the plans of these dry runs, or all that nobody submitted yet, in the background.

    `execute` approves as well what was shown, plan by plan, where you may approve all of it (scope `decide`); of high
    tier only what you said was seen. 200: it joined what you had sent before and is still worked off. 409
    `nothing_to_submit`.
    """
    caller = caller_of(request)
    if payload.execute:
        caller.require("decide")
    report = DryRunReport.objects.get(pk=report_id)
    run_ids = plans_to_submit(report) if payload.run_ids is None else payload.run_ids
    noted, is_new = submit_report(report.pk, run_ids, execute=payload.execute, by=caller.person, now=timezone.now())
    return Status(202 if is_new else 200, whole_submission_to_json(noted))


@router.get(
    "/reports/{report_id}/submissions/{submission_id}",
    auth=allow("read"),
    response={200: OneSubmissionShape, **ERRORS},
)
def get_submission(request: HttpRequest, report_id: UUID, submission_id: UUID) -> dict[str, Any]:
    """How far a submission is, with what came of each plan so far."""
    submissions = ReportSubmission.objects.select_related("person")
    return whole_submission_to_json(submissions.get(pk=submission_id, report=report_id))
