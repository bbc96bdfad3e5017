"""Straight to people: nothing is drafted first, and no model is asked."""

from agentdesk.agent.workflows.definition import Ending, Step, StepKind

TITLE = "Escalate"
STEPS = [
    Step(
        name="call",
        kind=StepKind.ACTION,
        does="propose_escalation",
        title="Call people, with the reasons and the customer's words",
        next={"done": Ending.DONE, "failed": Ending.LOOP},
    ),
]
