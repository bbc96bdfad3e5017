"""What callers send and get of dry run reports, their submissions and schedules."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from agentdesk.api.shapes import Money, Time

Outcome = Literal["by_itself", "waits", "refused", "shadow", "working", "no_plan", "skipped", "nothing"]


class ReportShape(Schema):
    """Dry runs over a selection of tickets, and how far they are."""

    id: UUID
    name: str
    selection: Annotated[dict[str, Any], Field(description="as it was asked for")]
    policy_version: Annotated[int | None, Field(description="judged by this version; null: by the one in force")]
    model: str
    made_by: str
    schedule_id: int | None
    scheduled_for: Time | None
    created_at: Time
    tickets: Annotated[int, Field(description="how many were selected")]
    looked_at: Annotated[int, Field(description="how many of them are done with, or were skipped")]
    is_finished: bool


class StakeShape(Schema):
    """The money at stake in the plans, by kind."""

    kind: str
    currency: str
    amount: Money


class FiguresShape(Schema):
    """What a report comes to so far."""

    tickets: Annotated[dict[str, int], Field(description="by outcome")]
    actions: Annotated[dict[str, int], Field(description="by what would become of them")]
    at_stake: list[StakeShape]
    cost: Annotated[str, Field(description="of the models, in US dollars")]


class PlannedActionShape(Schema):
    """One action of a plan, with what is needed to say that it was seen."""

    action_id: UUID
    kind: str
    summary: str
    would: Annotated[str, Field(description="what the policy would do with it: by_itself, waits, refused, shadow")]
    reasons: list[str]
    tier: Literal["low", "medium", "high"]
    amount: Money
    currency: str
    confidence: float | None
    digest: str


class AnswerShape(Schema):
    """What came of one plan when somebody submitted it."""

    ticket_id: int | None
    run_id: UUID
    live_run_id: Annotated[UUID | None, Field(description="the live run made of the plan")]
    ok: Annotated[bool, Field(description="whether all of it is on its way as it was shown")]
    code: Annotated[
        str,
        Field(
            description="approved, submitted; waiting, changed, submitted_before: there is a live run, look at it; "
            "not_allowed, not_done, conflict, not_found, failed: there is none"
        ),
    ]
    message: str


class SubmissionShape(Schema):
    """One person's word to submit plans of a report, and how far it is worked off."""

    id: UUID
    report_id: UUID
    by: str
    execute: bool
    at: Time
    finished_at: Time | None
    total: int
    answered: int
    ok: int
    is_finished: bool


class OneSubmissionShape(SubmissionShape):
    """A submission with what came of each plan so far, in the order sent."""

    answers: list[AnswerShape]


class TicketPlanShape(Schema):
    """What the agent would do on one ticket of a report, or why there is no plan."""

    ticket_id: int
    number: str
    outcome: Outcome
    note: Annotated[str, Field(description="why it was skipped, or why there is no plan")]
    run_id: UUID | None
    can_be_submitted: bool
    actions: list[PlannedActionShape]
    live_run_id: UUID | None
    answer: Annotated[AnswerShape | None, Field(description="what came of it when it was last submitted")]


class OneReportShape(ReportShape):
    """A report with a page of its tickets, the riskiest first; its figures are those of all of it."""

    figures: FiguresShape
    submissions: list[SubmissionShape]
    items: list[TicketPlanShape]
    next: str | None


class ScheduleShape(Schema):
    """When a report is made again and again, and in whose name."""

    id: int
    name: str
    selection: dict[str, Any]
    every: Literal["hour", "day", "week"]
    at_minute: int
    time_zone: str
    policy_version: int | None
    model: str
    person: str
    is_on: bool
    runs: Annotated[bool, Field(description="whether it is on and its person may still have it run")]
    next_at: Time
