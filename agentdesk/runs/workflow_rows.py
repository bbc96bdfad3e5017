"""What a run's rows say of a workflow: the steps it took, what it looked up, what its AI decisions drafted."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db.models import Count

from agentdesk.agent.roles import Draft
from agentdesk.agent.workflows.definition import Workflow
from agentdesk.agent.workflows.facts import Facts, Looked, read_ticket_words
from agentdesk.runs.gathering import gather_evidence, load_course
from agentdesk.runs.models import Event, EventKind, Run, Text
from agentdesk.runs.role_threads import ticket_words, without_fence
from agentdesk.runs.work import Work
from approvals.models import Action

RUNS_COUNTED = 1000


def thread_of(workflow: Workflow) -> str:
    """The thread a workflow's own look-ups, decisions and proposals are in."""
    return f"workflow:{workflow.name}"


def steps_taken(work: Work) -> list[Event]:
    """The steps taken so far, in order."""
    return list(Event.objects.filter(run=work.run, kind=EventKind.WORKFLOW_STEPPED).order_by("seq"))


def gather_facts(workflow: Workflow, work: Work) -> Facts:
    """The run as a workflow's functions see it."""
    words = ticket_words(work)
    ticket = read_ticket_words(words)
    triaged = Event.objects.filter(run=work.run, kind=EventKind.TICKET_TRIAGED).order_by("-seq").first()
    bodies = bodies_of(work)
    reasons = json.loads(bodies.get(triaged.data.get("reasons", ""), "") or "[]") if triaged else []
    actions = list(Action.objects.filter(origin=work.run.pk).order_by("place"))
    return Facts(
        ticket=ticket,
        reasons=tuple(reasons),
        urgency=triaged.data["urgency"] if triaged else "normal",
        looked=tuple(looked_up(workflow, work)),
        drafts=drafts_of(workflow, work, bodies),
        evidence=gather_evidence(load_course(work.run.pk), ticket, actions),
    )


def bodies_of(work: Work) -> dict[str, str]:
    """The run's words by their hashes."""
    return dict(Text.objects.filter(run=work.run).values_list("sha256", "body"))


def looked_up(workflow: Workflow, work: Work) -> list[Looked]:
    """What the workflow's calls were answered so far, in order."""
    bodies = bodies_of(work)
    answered = Event.objects.filter(run=work.run, kind=EventKind.TOOL_ANSWERED).order_by("seq")
    names = {f"{workflow.name}_{step.name}_": step.name for step in workflow.steps}
    return [
        Looked(
            step=next((name for prefix, name in names.items() if call_id.startswith(prefix)), ""),
            tool_call_id=call_id,
            tool=event.data["tool"],
            answer=json.loads(bodies.get(event.data["answer"], "") or "{}"),
        )
        for event in answered
        if event.data.get("thread") == thread_of(workflow)
        for call_id in [event.data["tool_call_id"]]
    ]


def drafts_of(workflow: Workflow, work: Work, bodies: Mapping[str, str]) -> dict[str, Draft]:
    """What AI decisions said, by step, in order."""
    heard = Event.objects.filter(run=work.run, kind=EventKind.ROLE_ANSWERED).order_by("seq")
    return {
        workflow.steps[event.data["place"]].name: Draft.model_validate_json(without_fence(bodies[event.data["answer"]]))
        for event in heard
        if event.data["thread"] == thread_of(workflow) and bodies.get(event.data.get("answer", ""))
    }


def count_branches(limit: int = RUNS_COUNTED) -> dict[tuple[str, str, str], int]:
    """How often each (workflow, step, outcome) was taken by the newest runs, so many of them."""
    newest = Run.objects.order_by("-created_at").values("pk")[:limit]
    taken = Event.objects.filter(run__in=newest, kind=EventKind.WORKFLOW_STEPPED).order_by()
    rows = taken.values_list("data__workflow", "data__step", "data__outcome").annotate(times=Count("pk"))
    return {(workflow, step, outcome): times for workflow, step, outcome, times in rows}
