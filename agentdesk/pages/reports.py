"""Dry run reports: listed, made, followed, read, submitted, taken along as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agentdesk.pages.answers import go_back
from agentdesk.pages.keyset import Page
from agentdesk.pages.report_files import as_file, report_csv, report_markdown
from agentdesk.pages.report_forms import ReportForm, ScheduleForm
from agentdesk.pages.report_news import cards_of, state_of
from agentdesk.pages.report_words import (
    TICKET_TONES,
    judged_words,
    live_words,
    rhythm_words,
    selection_words,
    sentences,
    why_no_plan,
)
from agentdesk.people.roles import EDITORS, STAFF, needs_role, signed_in
from agentdesk.runs.models import ACTIVE, DryRunReport, DryRunSchedule
from agentdesk.runs.reading import SKIPPED, WORKING, TicketPlan, read_report
from agentdesk.runs.report_following import Answer, answers_in, mark_of, submissions_of
from agentdesk.runs.reports import ReportIdTaken, make_report
from agentdesk.runs.schedules import runs_by_itself
from agentdesk.runs.submissions import NothingToSubmit, plans_to_submit, submit_report

PAGE = 30
WITHOUT_PLAN = (WORKING, SKIPPED)
"""Outcomes of tickets of which there is nothing to read: a page names them, and no more."""
FOR_SCHEDULE = "schedule_%s"
"""How the fields of the second form on the page are told from those of the first."""


@require_safe
def list_reports(request: HttpRequest) -> HttpResponse:
    """The newest reports, a form for another, and the schedules."""
    return render_list(request, ReportForm(), ScheduleForm(auto_id=FOR_SCHEDULE))


def render_list(request: HttpRequest, form: ReportForm, schedule_form: ScheduleForm, status: int = 200) -> HttpResponse:
    """The page of all reports, with both forms as they stand."""
    viewer = signed_in(request)
    page = page_reports(request.GET.get("before", ""))
    kept = DryRunSchedule.objects.select_related("person").order_by("pk")
    context = {
        "page": page,
        "reports": [(report, selection_words(report.selection)) for report in page.rows],
        "form": form,
        "schedule_form": schedule_form,
        "schedules": [(one, rhythm_words(one), selection_words(one.selection), runs_by_itself(one)) for one in kept],
        "may_schedule": viewer.role in EDITORS,
    }
    return render(request, "reports/reports.html", context, status=status)


def page_reports(before: str) -> Page[DryRunReport]:
    """The newest reports, or those before one; each with how many of its runs have ended."""
    reports = DryRunReport.objects.select_related("person", "schedule").order_by("-created_at", "-pk")
    reports = reports.annotate(ended=Count("runs", filter=~Q(runs__status__in=ACTIVE)))
    known = read_id(before)
    last = DryRunReport.objects.filter(pk=known).first() if known else None
    if last is not None:
        reports = reports.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found: list[DryRunReport] = [*reports[: PAGE + 1]]
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def read_id(text: str) -> UUID | None:
    """A UUID, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@needs_role(*STAFF)
def make(request: HttpRequest) -> HttpResponse:
    """Makes a report of what the form selects; the same form sent twice is one report, a changed one another."""
    if request.method == "GET":
        return redirect("reports")
    form = ReportForm(request.POST)
    if not form.is_valid():
        return render_list(request, form, ScheduleForm(auto_id=FOR_SCHEDULE), status=422)
    by, now = signed_in(request), timezone.now()
    try:
        report, _ = make_report(form.order(), by=by, now=now)
    except ReportIdTaken:
        report, _ = make_report(replace(form.order(), report_id=None), by=by, now=now)
    return redirect("report", report.pk)


@require_safe
def show_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report, the riskiest tickets first; it is the same page for everyone who is signed in."""
    report = get_report(report_id)
    # The mark is read first: what happens meanwhile is news to the page's socket.
    mark = mark_of(report.pk)
    submissions, plans = submissions_of(report.pk), read_report(report)
    under_way = {name for one in submissions if one.finished_at is None for name in one.run_ids}
    answers = answers_in(submissions)
    rows = [row_of(plan, answers.get(plan.ticket.pk), under_way) for plan in plans]
    context = state_of(report, plans, mark) | {
        "rows": [row for row in rows if row["plan"].outcome not in WITHOUT_PLAN],
        "rest": [(TICKET_TONES[name], some) for name in WITHOUT_PLAN if (some := rows_of(rows, name))],
        "cards": cards_of(submissions),
        "can_submit": sum(row["can_submit"] for row in rows),
        "selection": selection_words(report.selection),
        "judged": judged_words(report),
    }
    return render(request, "reports/report.html", context)


def get_report(report_id: UUID) -> DryRunReport:
    """The report, or a 404."""
    return get_object_or_404(DryRunReport.objects.select_related("person", "schedule"), pk=report_id)


def rows_of(rows: list[dict[str, Any]], outcome: str) -> list[dict[str, Any]]:
    """The rows of the tickets that came to this."""
    return [row for row in rows if row["plan"].outcome == outcome]


def row_of(plan: TicketPlan, answer: Answer | None, under_way: set[str]) -> dict[str, Any]:
    """One ticket's row."""
    is_under_way = plan.run is not None and plan.live is None and str(plan.run.pk) in under_way
    return {
        "plan": plan,
        "tone": TICKET_TONES[plan.outcome],
        "sentences": list(sentences(plan)),
        "note": why_no_plan(plan),
        "live": live_words(plan),
        "answer": answer,
        "is_under_way": is_under_way,
        "can_submit": plan.can_be_submitted and not is_under_way,
    }


@require_http_methods(["GET", "POST"])
@needs_role(*STAFF)
def submit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Has all plans submitted, or the chosen ones: approved as shown, or for others to decide. The page follows it."""
    if request.method == "GET":
        return redirect("report", report_id)
    report, how = get_report(report_id), request.POST.get("how", "")
    chosen = [run_id for run_id in map(read_id, request.POST.getlist("run")) if run_id is not None]
    run_ids = plans_to_submit(report) if how.endswith("_all") else chosen
    execute = how.startswith("execute")
    try:
        submit_report(report.pk, run_ids, execute=execute, by=signed_in(request), now=timezone.now())
    except NothingToSubmit as nothing:
        return go_back(request, f"/reports/{report.pk}/", fault=str(nothing))
    return redirect("report", report.pk)


@require_safe
def download_markdown(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report to read elsewhere."""
    report = get_report(report_id)
    address = request.build_absolute_uri(f"/reports/{report.pk}/")
    return as_file(report_markdown(report, read_report(report), address), "text/markdown", f"report-{report.pk}.md")


@require_safe
def download_csv(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report for a spreadsheet."""
    report = get_report(report_id)
    return as_file(report_csv(read_report(report)), "text/csv", f"report-{report.pk}.csv")
