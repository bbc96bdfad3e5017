"""The page that draws the workflows: their steps, their versions, and which branches runs took lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agentdesk.agent.categories import CATEGORY_TITLES, Category
from agentdesk.agent.workflows import WORKFLOWS
from agentdesk.agent.workflows.definition import ENDING_TITLES, Ending, Step, Workflow
from agentdesk.pages.workflow_drawing import Drawing, draw_workflow
from agentdesk.runs.agent_versions import agent_in_force
from agentdesk.runs.workflow_rows import RUNS_COUNTED, count_branches

Taken = Mapping[tuple[str, str, str], int]


@dataclass(frozen=True)
class Branch:
    """One branch in words: the outcome, where it leads, and how often runs took it lately."""

    outcome: str
    leads_to: str
    count: int


@dataclass(frozen=True)
class Shown:
    """One workflow on the page: its drawing, its steps in words, how many runs it began on, and for what."""

    workflow: Workflow
    drawing: Drawing
    steps: tuple[tuple[Step, tuple[Branch, ...]], ...]
    runs: int
    categories: tuple[str, ...]


@require_safe
def show_workflows(request: HttpRequest) -> HttpResponse:
    """All workflows, for everyone on staff."""
    taken = count_branches()
    shown = [show_workflow(workflow, taken) for workflow in WORKFLOWS.values()]
    return render(request, "workflows/workflows.html", {"shown": shown, "runs_counted": RUNS_COUNTED})


def show_workflow(workflow: Workflow, taken: Taken) -> Shown:
    """One workflow with the branches that runs took."""
    counts = {(step, outcome): times for (name, step, outcome), times in taken.items() if name == workflow.name}
    bounds = agent_in_force().bounds_of
    used = [CATEGORY_TITLES[category] for category in Category if bounds(category).way == workflow.name]
    first = workflow.steps[0].name
    return Shown(
        workflow=workflow,
        drawing=draw_workflow(workflow, counts),
        steps=tuple((step, tuple(branches_of(step, workflow, counts))) for step in workflow.steps),
        runs=sum(times for (step, _), times in counts.items() if step == first),
        categories=tuple(used),
    )


def branches_of(step: Step, workflow: Workflow, counts: Mapping[tuple[str, str], int]) -> list[Branch]:
    """A step's branches in words."""
    return [
        Branch(outcome, title_of(target, workflow), counts.get((step.name, outcome), 0))
        for outcome, target in step.next.items()
    ]


def title_of(target: str, workflow: Workflow) -> str:
    """A step or an ending, in words."""
    endings = {ending.value: title for ending, title in ENDING_TITLES.items()}
    return endings[target] if target in list(Ending) else workflow.step(target).title
