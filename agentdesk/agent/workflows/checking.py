"""Checking a workflow before anything runs it: what cannot work is refused, naming the step."""

from __future__ import annotations

from collections import Counter

from agentdesk.agent.workflows.definition import Ending, Step, Workflow
from agentdesk.agent.workflows.functions import TABLES, outcomes_of


class WorkflowInvalid(Exception):
    """A workflow cannot work; the message names it, the step, and what is wrong."""


def check_workflow(workflow: Workflow) -> None:
    """Refuses what cannot work. Raises: WorkflowInvalid, for the first fault found."""
    if not workflow.steps:
        raise WorkflowInvalid(f"The workflow {workflow.name} has no steps.")
    check_names(workflow)
    for step in workflow.steps:
        check_function(workflow, step)
        check_branches(workflow, step)
    check_cycles(workflow)
    check_reach(workflow)


def refuse(workflow: Workflow, step: str, fault: str) -> WorkflowInvalid:
    """The refusal, in one line."""
    return WorkflowInvalid(f"The workflow {workflow.name}, step {step}: {fault}.")


def check_names(workflow: Workflow) -> None:
    """Every step has a name of its own, and none that of an ending."""
    for name, count in Counter(step.name for step in workflow.steps).items():
        if not name or name in [ending.value for ending in Ending]:
            raise refuse(workflow, name or "without a name", "this cannot be a step's name")
        if count > 1:
            raise refuse(workflow, name, f"{count} steps have this name")


def check_function(workflow: Workflow, step: Step) -> None:
    """What a step does is in the table of its kind."""
    if step.does not in TABLES[step.kind]:
        raise refuse(workflow, step.name, f"there is no {step.kind} named {step.does}")


def check_branches(workflow: Workflow, step: Step) -> None:
    """Every outcome leads somewhere that exists, and nothing else does."""
    known = {ending.value for ending in Ending} | {one.name for one in workflow.steps}
    for outcome in outcomes_of(step):
        if outcome not in step.next:
            raise refuse(workflow, step.name, f"the branch {outcome} is missing")
    for outcome, target in step.next.items():
        if outcome not in outcomes_of(step):
            raise refuse(workflow, step.name, f"{step.does} never comes to {outcome}")
        if target not in known:
            raise refuse(workflow, step.name, f"the branch {outcome} leads to {target}, which is unknown")


def check_cycles(workflow: Workflow) -> None:
    """No step leads back to itself, over however many others: a workflow takes every step once at most."""
    done: set[str] = set()
    for step in workflow.steps:
        follow_step(workflow, step, (), done)


def follow_step(workflow: Workflow, step: Step, path: tuple[str, ...], done: set[str]) -> None:
    """Follows every branch of a step down to the endings."""
    if step.name in path:
        way = " → ".join((*path[path.index(step.name) :], step.name))
        raise refuse(workflow, step.name, f"it leads back to itself: {way}")
    if step.name in done:
        return
    for target in step.next.values():
        if target not in [ending.value for ending in Ending]:
            follow_step(workflow, workflow.step(target), (*path, step.name), done)
    done.add(step.name)


def check_reach(workflow: Workflow) -> None:
    """Every step can be reached from the first."""
    reached, left = set(), [workflow.steps[0].name]
    while left:
        name = left.pop()
        if name not in reached and name not in [ending.value for ending in Ending]:
            reached.add(name)
            left += workflow.step(name).next.values()
    for step in workflow.steps:
        if step.name not in reached:
            raise refuse(workflow, step.name, "no branch leads to it")
