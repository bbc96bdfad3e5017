"""The workflows, one file each; all are checked when this room is entered, and what cannot work is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentdesk.agent.workflows import answer_from_knowledge, escalate, order_status
from agentdesk.agent.workflows.checking import WorkflowInvalid, check_workflow
from agentdesk.agent.workflows.definition import Step, Workflow, version_of

__all__ = ["WORKFLOWS", "WorkflowInvalid", "load_workflow"]


def load_workflow(name: str, title: str, steps: Sequence[Step]) -> Workflow:
    """A workflow under its version, checked. Raises: WorkflowInvalid."""
    workflow = Workflow(name, title, tuple(steps))
    check_workflow(workflow)
    return replace(workflow, version=version_of(workflow))


WORKFLOWS: Mapping[str, Workflow] = {
    name: load_workflow(name, module.TITLE, module.STEPS)
    for name, module in (
        ("answer_from_knowledge", answer_from_knowledge),
        ("order_status", order_status),
        ("escalate", escalate),
    )
}
"""All that ship, by name: the value of a category's `way`."""
