"""Schedules of dry run reports: added, switched on and off by managers and admins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agentdesk.pages.answers import go_back
from agentdesk.pages.report_forms import ReportForm, ScheduleForm
from agentdesk.pages.reports import FOR_SCHEDULE, render_list
from agentdesk.people.roles import EDITORS, needs_role, signed_in
from agentdesk.runs.models import DryRunSchedule
from agentdesk.runs.schedules import add_schedule, switch_schedule


@require_http_methods(["GET", "POST"])
@needs_role(*EDITORS)
def add(request: HttpRequest) -> HttpResponse:
    """A new schedule, in the name of whoever adds it."""
    if request.method == "GET":
        return redirect("reports")
    form = ScheduleForm(request.POST, auto_id=FOR_SCHEDULE)
    if not form.is_valid():
        return render_list(request, ReportForm(), form, status=422)
    add_schedule(form.order(), form.rhythm(), by=signed_in(request), now=timezone.now())
    return go_back(request, "/reports/", done="It will be made at its time, in your name.")


@require_POST
@needs_role(*EDITORS)
def switch(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """On, in the name of whoever presses it, or off."""
    get_object_or_404(DryRunSchedule, pk=schedule_id)
    is_on = request.POST.get("on") == "yes"
    switch_schedule(schedule_id, is_on=is_on, by=signed_in(request), now=timezone.now())
    return go_back(request, "/reports/", done="It is on, in your name." if is_on else "It is off.")
