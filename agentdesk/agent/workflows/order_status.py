"""Telling where an order stands: find the one that is meant, look at it, draft, check, propose."""

from agentdesk.agent.workflows.definition import Ending, Step, StepKind

TITLE = "Order status"
STEPS = [
    Step(
        name="orders",
        kind=StepKind.ACTION,
        does="list_orders",
        title="Look at the customer's orders",
        next={"done": "which", "failed": Ending.LOOP},
    ),
    Step(
        name="which",
        kind=StepKind.CONDITION,
        does="order_is_clear",
        title="Is it clear which order is meant?",
        next={"yes": "look", "no": Ending.LOOP},
    ),
    Step(
        name="look",
        kind=StepKind.ACTION,
        does="look_up_order",
        title="Look up the order, and what holds for deliveries",
        next={"done": "draft", "failed": Ending.LOOP},
    ),
    Step(
        name="draft",
        kind=StepKind.DECISION,
        does="tell_order_status",
        title="Draft where the order stands",
        next={"fits": "answerable", "unfit": Ending.LOOP},
    ),
    Step(
        name="answerable",
        kind=StepKind.CONDITION,
        does="draft_answers",
        title="Does the record answer all of it?",
        next={"yes": "grounded", "no": Ending.LOOP},
    ),
    Step(
        name="grounded",
        kind=StepKind.VERIFY,
        does="draft_is_grounded",
        title="Check every claim against the record",
        next={"passed": "reply", "failed": Ending.LOOP},
    ),
    Step(
        name="reply",
        kind=StepKind.ACTION,
        does="propose_reply",
        title="Propose the reply",
        next={"done": "solve", "failed": Ending.LOOP},
    ),
    Step(
        name="solve",
        kind=StepKind.ACTION,
        does="propose_solved",
        title="Propose that the ticket is solved",
        next={"done": Ending.DONE, "failed": Ending.PEOPLE},
    ),
]
