"""What callers get of batches, the policy and its samples: the shapes of the gate's part of the surface."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from agentdesk.api.shapes import Money, PreviewShape, Time


class ExposureShape(Schema):
    """What is at stake in one currency."""

    currency: str
    total: Money
    largest: Money


class SelectedShape(Schema):
    """A batch without its outliers."""

    count: int
    totals: list[ExposureShape]


class BatchShape(Schema):
    """What waits together: the actions of a kind, reason and tier, or those of one run."""

    id: Annotated[str, Field(description="`kind~reason_key~tier`, or the origin", examples=["return_items~amount~low"])]
    by: Literal["group", "run"]
    kind: str | None
    reason_key: str | None
    reason: Annotated[str | None, Field(description="what they wait for, in words")]
    tier: Literal["low", "medium", "high"] | None
    origin: Annotated[UUID | None, Field(description="the run, or one proposal from outside")]
    count: int
    totals: Annotated[list[ExposureShape], Field(description="of all of them, where anything is at stake")]
    oldest_at: Time
    outliers: Annotated[int, Field(description="how many stand out and are left out of the selection")]
    selected: SelectedShape


class BatchItemShape(Schema):
    """One action of a batch, with what a decision on it needs."""

    action_id: UUID
    ticket_id: int
    kind: str
    summary: str
    digest: str
    amount: Money
    currency: str
    confidence: float | None
    tier: Literal["low", "medium", "high"]
    reasons: list[str]
    approver: str
    approvals_needed: int
    proposed_at: Time
    expires_at: Time | None
    is_outlier: bool
    outlier_reasons: Annotated[list[str], Field(description="why it stands out from its group, in words")]


class OneBatchShape(BatchShape):
    """A batch with a page of its actions, in order; its figures are those of all of it."""

    items: list[BatchItemShape]
    next: str | None


class PolicyShape(Schema):
    """One published policy."""

    version: int
    kinds: dict[str, dict[str, Any]]
    settings: dict[str, Any]
    note: str
    author: str | None
    at: Time | None


class PolicyDraftShape(Schema):
    """A policy that loosens, and what became of it; `version` once another admin has published it."""

    draft: int
    status: str
    waiting_for: str | None
    base_version: int
    differences: list[dict[str, Any]]
    loosens: list[str]
    note: str
    author: str
    at: Time
    decided_by: str | None
    version: int | None


class AuditSampleShape(Schema):
    """An action that ran by itself and was drawn to be looked at; it does not say what the policy made of it."""

    id: int
    action_id: UUID
    ticket_id: int
    kind: str
    preview: PreviewShape
    executed_at: Time | None
    share: Annotated[str, Field(description="the chance it had to be drawn", examples=["0.1000"])]
    drawn_at: Time
    status: Literal["open", "right", "wrong", "unclear"]
    note: str
    found_by: str | None
    found_at: Time | None
