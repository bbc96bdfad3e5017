"""What callers get: the shapes of the public surface."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T09:30:00Z"]})]
Money = Annotated[str, Field(examples=["12.50"])]
TRACE_TYPES = (
    "model_call", "tool_call", "message", "triage", "agenda", "assessment", "verification", "recovery", "role",
    "workflow_step", "bound", "event",
)  # fmt: skip
TraceEntry = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "One event with its words; what else it has depends on its type, as docs/api.md tells.",
            "required": ["type", "seq", "at", "actor"],
            "properties": {
                "type": {"enum": list(TRACE_TYPES)},
                "seq": {"type": "integer"},
                "at": {"type": "string", "format": "date-time"},
                "actor": {"type": "string"},
            },
            "additionalProperties": True,
        }
    ),
]
Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """One page of a list; `next` is the cursor of the next, null on the last."""

    items: list[Item]
    next: str | None


class ErrorBody(Schema):
    """What went wrong; some codes carry more, such as `by` and `at`, or the new `preview`."""

    model_config = ConfigDict(extra="allow")

    code: Annotated[str, Field(examples=["invalid"])]
    message: str
    fields: Annotated[dict[str, str], Field(description="each wrong field, with what is wrong")] | None = None


class Error(Schema):
    """Every error has this shape."""

    error: ErrorBody


class CustomerShape(Schema):
    """Who a ticket is about."""

    id: str
    email: str
    name: str
    identity: Literal["claimed", "verified"]


class MessageShape(Schema):
    """One utterance in a ticket."""

    id: int
    direction: Literal["inbound", "outbound", "note"]
    author: str
    body: str
    at: Time


class TicketShape(Schema):
    """One matter of one customer."""

    id: int
    number: str
    subject: str
    status: Literal["open", "pending", "solved", "closed"]
    priority: Literal["low", "normal", "high", "urgent"]
    tags: list[str]
    assignee: str | None
    customer: CustomerShape
    messages: list[MessageShape]
    runs: list[UUID]
    created_at: Time
    updated_at: Time


class ChangeShape(Schema):
    """A field of a record goes from one value to another."""

    op: Literal["change"]
    text: str
    record: str
    field: str
    before: Any
    after: Any


class AddShape(Schema):
    """A record that did not exist."""

    op: Literal["add"]
    text: str
    record: str
    fields: dict[str, Any]


class MoneyShape(Schema):
    """An amount that moves."""

    op: Literal["money"]
    text: str
    record: str
    direction: Literal["payment", "refund", "credit"]
    amount: Money
    currency: str
    payment_method_id: str | None


class LetterShape(Schema):
    """A message that leaves the house."""

    op: Literal["message"]
    text: str
    channel: str
    to: str
    subject: str
    body: str


Effect = Annotated[ChangeShape | AddShape | MoneyShape | LetterShape, Field(discriminator="op")]


class PreviewShape(Schema):
    """Exactly what would change; a decision is bound to its digest."""

    summary: str
    effects: list[Effect]
    digest: str


class DecisionShape(Schema):
    """What one person decided about which preview."""

    by: str
    verdict: Literal["approve", "reject", "amend", "withdraw"]
    digest: str
    reason: str
    at: Time


class UndoShape(Schema):
    """Whether an action can be taken back."""

    possible: bool
    until: Time | None
    why_not: str | None


class ReceiptShape(Schema):
    """What was done, when, and how to take it back."""

    executed_at: Time
    idempotency_key: str
    effects: list[Effect]
    undo: UndoShape


class ActionShape(Schema):
    """Something an agent or a person wants done, from proposal to receipt."""

    id: UUID
    run_id: UUID | None
    ticket_id: int
    kind: str
    arguments: dict[str, Any]
    status: str
    status_reason: str
    tier: Literal["low", "medium", "high"]
    confidence: float | None
    amount: Money
    currency: str
    verdict: Literal["allow", "review", "refuse"]
    reasons: list[str]
    preview: PreviewShape
    previous_effects: Annotated[list[Effect] | None, Field(description="what was shown before it went stale")]
    depends_on: list[UUID]
    decisions: list[DecisionShape]
    receipt: ReceiptShape | None
    proposer: str
    rationale: str
    alternatives: list[str]
    revision: int
    approver: str
    approvals_needed: int
    policy_version: int
    proposed_at: Time
    expires_at: Time | None
    settled_at: Time | None


class MadeByShape(Schema):
    """What made a run."""

    versions: dict[str, str]
    model: str
    policy_version: int


class SpentShape(Schema):
    """What a run has used of its bounds, under the bounds' own names."""

    steps: int
    input_tokens: int
    output_tokens: int
    money: Annotated[str, Field(description="US dollars", examples=["0.012300"])]
    wall_clock_seconds: Annotated[float, Field(description="working, waiting for people not counted")]


class RunShape(Schema):
    """One attempt by the agent to advance a ticket."""

    id: UUID
    ticket_id: int
    mode: Literal["live", "dry_run"]
    status: str
    steps: int
    tokens: int
    input_tokens: int
    cached_tokens: Annotated[int, Field(description="the part of input_tokens that came from a prompt cache")]
    output_tokens: int
    cost: Annotated[str, Field(description="US dollars", examples=["0.012300"])]
    malformed_turns: int
    category: Annotated[str, Field(description="what triage made of the ticket; empty before", examples=["return"])]
    agent_version: Annotated[int, Field(description="the guidance and bounds it was started under; 0: the built-in")]
    bounds: Annotated[dict[str, Any], Field(description="how far it may go, as it was when it started")]
    spent: SpentShape
    result: str
    reason: str
    made_by: MadeByShape
    actions: list[ActionShape]
    started_by: str
    copied_from: UUID | None
    created_at: Time
    ended_at: Time | None


class EventShape(Schema):
    """A fact of a run; words are named by their hash and lie in the trace."""

    seq: int
    kind: str
    at: Time
    actor: str
    data: dict[str, Any]


class TraceShape(Schema):
    """Everything that passed between the run, its models, roles and tools, in order."""

    run_id: UUID
    entries: list[TraceEntry]


class BulkError(Schema):
    """Why one item of a bulk was not taken."""

    code: str
    message: str


class BulkResult(Schema):
    """What came of one item of a bulk."""

    action_id: UUID
    ok: bool
    status: str
    error: BulkError | None = None


class BulkResults(Schema):
    """What came of each item, in the order sent."""

    items: list[BulkResult]


class OrderShape(Schema):
    """An order as it is now, in load_shop's format; the last three where there is something to say."""

    order_id: str
    user_id: str
    status: str
    address: dict[str, str]
    items: list[dict[str, Any]]
    fulfillments: list[dict[str, Any]]
    payment_history: list[dict[str, Any]]
    cancel_reason: str | None = None
    returned: Annotated[dict[str, Any] | None, Field(alias="return", description="items and method")] = None
    exchange: Annotated[dict[str, Any] | None, Field(description="items, new items, method, difference")] = None


class CustomerRecordShape(Schema):
    """A customer as they are now, in load_shop's format, with the credit on their account."""

    user_id: str
    name: dict[str, str]
    email: str
    address: dict[str, str]
    payment_methods: dict[str, dict[str, Any]]
    orders: list[str]
    credit: Money


ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 413, 422, 429}): Error}
"""What any call may answer with instead."""
