"""Dry run reports: listed, made, followed, read, submitted, taken along as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from agentdesk.pages.keyset import Page
from agentdesk.pages.report_files import as_file, report_csv, report_markdown
from agentdesk.pages.report_forms import ReportForm, ScheduleForm
from agentdesk.pages.report_words import (
    TICKET_TONES,
    figures_of,
    judged_words,
    live_words,
    rhythm_words,
    selection_words,
    sentences,
    why_no_plan,
)
from agentdesk.people.roles import EDITORS, STAFF, needs_role, signed_in
from agentdesk.runs.models import ACTIVE, DryRunReport, DryRunSchedule
from agentdesk.runs.reading import TicketPlan, add_up, read_report
from agentdesk.runs.reports import Submitted, make_report, submit_report
from agentdesk.runs.schedules import runs_by_itself

PAGE = 30
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
    """Makes a report of what the form selects; the same form sent twice is one report."""
    if request.method == "GET":
        return redirect("reports")
    form = ReportForm(request.POST)
    if not form.is_valid():
        return render_list(request, form, ScheduleForm(auto_id=FOR_SCHEDULE), status=422)
    report = make_report(form.order(), by=signed_in(request), now=timezone.now())
    return redirect("report", report.pk)


@require_safe
def show_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report, the riskiest tickets first; it is the same page for everyone who is signed in."""
    return render_report(request, get_report(report_id), {})


def get_report(report_id: UUID) -> DryRunReport:
    """The report, or a 404."""
    return get_object_or_404(DryRunReport.objects.select_related("person", "schedule"), pk=report_id)


def render_report(request: HttpRequest, report: DryRunReport, results: dict[UUID, Submitted]) -> HttpResponse:
    """A report with what came of submitting, if that was just done."""
    plans = read_report(report)
    context = state_of(report, plans) | {
        "rows": [row_of(plan, results) for plan in plans],
        "results": by_words(one for one in results.values() if not one.is_ok),
        "submitted": sum(one.live_run_id is not None for one in results.values()),
        "was_submitted": bool(results),
        "can_submit": sum(plan.can_be_submitted for plan in plans),
        "selection": selection_words(report.selection),
        "judged": judged_words(report),
    }
    return render(request, "reports/report.html", context)


def by_words(results: Iterable[Submitted]) -> list[tuple[str, list[Submitted]]]:
    """What did not go as it was shown, those with the same words together."""
    found: dict[str, list[Submitted]] = {}
    for one in results:
        found.setdefault(one.words, []).append(one)
    return list(found.items())


def state_of(report: DryRunReport, plans: Sequence[TicketPlan]) -> dict[str, Any]:
    """How far a report is, and what it comes to so far."""
    totals = add_up(plans)
    return {"report": report, "totals": totals, "figures": figures_of(totals), "shown": totals.done}


def row_of(plan: TicketPlan, results: dict[UUID, Submitted]) -> dict[str, Any]:
    """One ticket's row."""
    return {
        "plan": plan,
        "tone": TICKET_TONES[plan.outcome],
        "sentences": list(sentences(plan)),
        "note": why_no_plan(plan),
        "live": live_words(plan),
        "result": results.get(plan.run.pk) if plan.run else None,
    }


@require_GET
def show_progress(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """How far it is now, for a page that asks again and again; `shown` is how many of its plans that page shows."""
    report = get_report(report_id)
    context = state_of(report, read_report(report))
    shown = request.GET.get("shown", "")
    context["shown"] = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else 0
    return render(request, "reports/_state.html", context)


@require_http_methods(["GET", "POST"])
@needs_role(*STAFF)
def submit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Submits all plans, or the chosen ones: approved as shown, or for others to decide. Says what came of each."""
    if request.method == "GET":
        return redirect("report", report_id)
    report, how = get_report(report_id), request.POST.get("how", "")
    if how.endswith("_all"):
        run_ids = [plan.run.pk for plan in read_report(report) if plan.run and plan.can_be_submitted]
    else:
        run_ids = [run_id for run_id in map(read_id, request.POST.getlist("run")) if run_id is not None]
    execute = how.startswith("execute")
    done = submit_report(report.pk, run_ids, execute=execute, by=signed_in(request), now=timezone.now())
    return render_report(request, report, {one.run_id: one for one in done})


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
