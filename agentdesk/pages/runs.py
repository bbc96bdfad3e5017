"""One run: its steps as they happen, and what staff can do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from agentdesk.agent.categories import CATEGORY_TITLES
from agentdesk.pages.agent_fields import WAY_WORDS
from agentdesk.pages.answers import go_back
from agentdesk.pages.plans import plan_steps
from agentdesk.pages.report_files import as_file, run_markdown
from agentdesk.pages.run_state import run_state
from agentdesk.pages.timeline import steps_of
from agentdesk.pages.verdicts import read_token
from agentdesk.people.roles import STAFF, needs_role, signed_in
from agentdesk.runs.lifecycle import RunActive, RunOver, TakenOver, cancel_run, pause_run, resume_run
from agentdesk.runs.models import Event, Run, RunMode
from agentdesk.runs.submitting import MayNotApproveAll, NotADryRun, submit_run, why_not_alone
from approvals.deciding import mark_seen
from approvals.models import Action, ActionStatus, Tier
from approvals.policies import policy_in_force
from approvals.shadowing import WHO_SEES, InTheShadow, require_visible
from tickets.models import Person


@require_GET
def show_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The run's timeline up to now; the socket brings what follows."""
    run = get_object_or_404(Run.objects.select_related("ticket__customer"), pk=run_id)
    try:
        require_visible(signed_in(request), Action.objects.filter(origin=run.pk))
    except InTheShadow as hidden:
        return render(request, "403.html", {"exception": f"{hidden} {WHO_SEES}"}, status=403)
    events = list(Event.objects.filter(run=run, seq__lte=run.last_seq).order_by("seq"))
    state = run_state(run)
    context = {"steps": steps_of(run.pk, events)} | rights_over(state, signed_in(request))
    return render(request, "runs/run.html", state | context | sorted_as(run))


def sorted_as(run: Run) -> dict[str, str]:
    """What triage made of the ticket, and the way the run works, in words."""
    way = run.bounds.get("way", "")
    title = next((title for name, title in CATEGORY_TITLES.items() if name == run.category), run.category)
    return {"category": title, "way": WAY_WORDS.get(way, way)}


def rights_over(state: dict[str, Any], viewer: Person) -> dict[str, Any]:
    """Whether this person may approve all of a dry run's plan, and why not."""
    policy = policy_in_force()
    planned = [action for action, _ in state["proposed"] if action.status == ActionStatus.PLANNED]
    missing = next((why for action in planned if (why := why_not_alone(action, viewer, policy))), "")
    return {"may_execute": bool(planned) and not missing, "why_not_execute": missing if state["is_dry"] else ""}


def run_deed(verb: Callable[[UUID, Person], Any], done: str) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """The view of a verb on a run."""

    @require_POST
    @needs_role(*STAFF)
    def do(request: HttpRequest, run_id: UUID) -> HttpResponse:
        get_object_or_404(Run, pk=run_id)
        try:
            verb(run_id, signed_in(request))
        except RunOver as over:
            return go_back(request, f"/runs/{run_id}/", fault=str(over))
        return go_back(request, f"/runs/{run_id}/", done=done)

    return do


def cancel_by_hand(run_id: UUID, by: Person) -> None:
    """Ends a run, saying who did."""
    cancel_run(run_id, actor=f"person:{by.username}", reason=f"{by} cancelled it", now=timezone.now())


pause = run_deed(lambda run_id, by: pause_run(run_id, by=by, now=timezone.now()), "Paused.")
resume = run_deed(lambda run_id, by: resume_run(run_id, by=by, now=timezone.now()), "It goes on.")
cancel = run_deed(cancel_by_hand, "Cancelled.")


@require_POST
@needs_role(*STAFF)
def submit(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Makes a live run of a dry run's plan: approved as shown, or for others to decide."""
    run = get_object_or_404(Run, pk=run_id)
    execute, by, now = request.POST.get("how") == "execute", signed_in(request), timezone.now()
    if execute and not note_shown(run, request.POST.getlist("shown"), by, now):
        return go_back(request, f"/runs/{run_id}/", fault="The plan is not what you were shown; look at it again.")
    try:
        live, _ = submit_run(run_id, execute=execute, by=by, now=now)
    except (NotADryRun, MayNotApproveAll, RunActive, TakenOver) as refusal:
        return go_back(request, f"/runs/{run_id}/", fault=str(refusal))
    return redirect("run", live.pk)


def note_shown(run: Run, tokens: list[str], by: Person, now: datetime) -> bool:
    """Records that the previews stood open where *Approve and execute* was pressed; whether they are the whole plan."""
    planned = Action.objects.filter(origin=run.pk, status=ActionStatus.PLANNED)
    shown = {token for token in map(read_token, tokens) if token is not None}
    if shown != {(action.pk, action.digest) for action in planned}:
        return False
    for action in planned:
        mark_seen(action.pk, action.digest, by=by, now=now)
    return True


@require_POST
@needs_role(*STAFF)
def open_plan(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A dry run's plan in its place on a report; that this person had open what is high risk is recorded."""
    run = get_object_or_404(Run.objects.select_related("ticket"), pk=run_id, mode=RunMode.DRY_RUN)
    actions = list(Action.objects.filter(origin=run.pk).select_related("customer").order_by("place"))
    for action in actions:
        if action.tier == Tier.HIGH and action.status == ActionStatus.PLANNED:
            mark_seen(action.pk, action.digest, by=signed_in(request), now=timezone.now())
    if not getattr(request, "htmx", None):
        return redirect("run", run_id)
    return render(request, "runs/_plan.html", {"run": run, "plan": plan_steps(actions)})


@require_safe
def download_plan(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A dry run's report as Markdown."""
    run = get_object_or_404(Run.objects.select_related("ticket"), pk=run_id, mode=RunMode.DRY_RUN)
    actions = list(Action.objects.filter(origin=run.pk).select_related("customer").order_by("place"))
    text = run_markdown(run, actions, request.build_absolute_uri(f"/runs/{run.pk}/"))
    return as_file(text, "text/markdown", f"dry-run-{run.ticket.number}.md")
