"""What callers send."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from agentdesk.api.fields import (
    LARGEST_ID,
    Body,
    Confidence,
    Digest,
    Email,
    JsonObject,
    Key,
    Line,
    Reason,
    Text,
    Words,
)
from agentdesk.runs.selecting import MOST_TICKETS, Selection
from approvals.deciding import LARGEST_BULK

ACTION = "3f0c2a9e-5d0b-4a57-9d38-0a3f0f6f6c11"
DIGEST = "5ffdbd64b7861b7591982a8088ece769453d3920bacff633a6e02ef62847d515"
"""Of the examples."""


class NewTicket(Body):
    """A customer's letter, as the channel it came by tells it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer_email": "carla@example.com",
                    "customer_name": "Carla Silva",
                    "identity": "verified",
                    "subject": "Cancel my order",
                    "body": "Please cancel order #W2378156, I no longer need it.",
                    "external_id": "mail-20261121-0007",
                }
            ]
        }
    )

    customer_email: Email
    customer_name: Annotated[Text, Field(max_length=200)] = ""
    identity: Annotated[Literal["claimed", "verified"], Field(description="whether the channel proved who writes")] = (
        "claimed"
    )
    subject: Line
    body: Words
    external_id: Annotated[Key | None, Field(description="the same one again is the same ticket")] = None


class NewMessage(Body):
    """The customer's next message."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "Any news?", "external_id": "mail-20261122-0003"}]}
    )

    body: Words
    external_id: Annotated[Key | None, Field(description="the same one again is the same message")] = None


class NewRun(Body):
    """How the agent is to work on the ticket."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mode": "dry_run"}]})

    mode: Annotated[
        Literal["live", "dry_run"], Field(description="a dry run plans and proposes, and executes nothing")
    ] = "live"
    model: (
        Annotated[
            Text,
            Field(max_length=200, description="`offline` or `provider:name`; several with commas are asked in order"),
        ]
        | None
    ) = None
    policy_version: Annotated[
        int | None, Field(ge=1, le=2**31 - 1, description="judge a dry run by this version instead of the one in force")
    ] = None


class Snooze(Body):
    """Until when a ticket waits for nobody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2026-11-23T09:00:00Z"}]})

    until: Annotated[AwareDatetime, Field(description="still to come, at most 90 days away")]


class HandOver(Body):
    """Who is to take a ticket, and what they should know."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "max", "note": "She wants the blue one; it is back on Monday."}]}
    )

    to: Annotated[str, Field(min_length=1, max_length=150, description="the colleague's username")]
    note: Annotated[Words, Field(max_length=20_000, description="an internal note on the ticket")]


class Submission(Body):
    """What becomes of a dry run's plan."""

    execute: Annotated[
        bool, Field(strict=True, description="approve as well what was shown, where you may approve all of it")
    ] = False


class NewAction(Body):
    """An action an outside agent, or a person, wants done on a ticket."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "cancel_order",
                    "arguments": {"order_id": "#W2378156", "reason": "no longer needed"},
                    "ticket_id": 12,
                    "confidence": 0.9,
                    "rationale": "The customer asks for it and the order is pending.",
                    "idempotency_key": "triage-12-cancel",
                }
            ]
        }
    )

    kind: Annotated[Text, Field(max_length=40)]
    arguments: JsonObject
    ticket_id: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    confidence: Confidence | None = None
    rationale: Reason = ""
    idempotency_key: Key


class SeenBody(Body):
    """Which preview was open."""

    digest: Digest


class NewDecision(Body):
    """What a person says of exactly the preview they saw."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"verdict": "approve", "digest": DIGEST},
                {"verdict": "reject", "digest": DIGEST, "reason": "Not this order."},
            ]
        }
    )

    verdict: Literal["approve", "reject", "amend"]
    digest: Digest
    reason: Reason = ""
    arguments: Annotated[JsonObject | None, Field(description="with amend: all the arguments as they are to be")] = None


class BulkItem(Body):
    """One decision among many."""

    action_id: UUID
    verdict: Literal["approve", "reject"]
    digest: Digest


class NewDecisions(Body):
    """Many decisions with one reason."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"action_id": ACTION, "verdict": "approve", "digest": DIGEST}]}]}
    )

    items: Annotated[list[BulkItem], Field(max_length=LARGEST_BULK)]
    reason: Reason = ""


class NewPolicy(Body):
    """A whole policy, made from the version it replaces."""

    base_version: Annotated[int, Field(ge=0, le=2**31 - 1, description="the version this was made from")]
    kinds: Annotated[JsonObject, Field(description="every kind's rules; the fields are those GET policy answers with")]
    settings: JsonObject
    note: Annotated[Reason, Field(description="why; a version without one is refused")] = ""


class DraftWord(Body):
    """What an admin says of a policy another one wrote."""

    verdict: Literal["publish", "refuse"]
    note: Reason = ""


class NewFinding(Body):
    """What a person found of an action that ran by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"finding": "right", "note": ""}]})

    finding: Literal["right", "wrong", "unclear"]
    note: Annotated[Reason, Field(description="what was wrong, or what one would have to know")] = ""


class NewReport(Body):
    """Which tickets the agent is to look at, without anything being executed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Monday's returns", "selection": {"category": ["return"], "limit": 100}}]
        }
    )

    name: Annotated[Line, Field(max_length=200)]
    selection: Annotated[Selection, Field(description="what is left out does not narrow")] = Selection()
    policy_version: Annotated[
        int | None, Field(ge=1, le=2**31 - 1, description="judge by this version instead of the one in force")
    ] = None
    model: Annotated[Text, Field(max_length=200, description="instead of the one that works on tickets")] | None = None
    report_id: Annotated[UUID | None, Field(description="an id of your own: sent again it is the same report")] = None


class NewSubmission(Body):
    """What becomes of a report's plans."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"execute": True, "run_ids": [ACTION]}]})

    execute: Annotated[bool, Field(strict=True, description="approve as well what was shown")] = False
    run_ids: Annotated[
        list[UUID] | None, Field(max_length=MOST_TICKETS, description="null: all that nobody submitted yet")
    ] = None


class NewSchedule(Body):
    """A report that is made again and again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Every morning", "every": "day", "at_minute": 390, "time_zone": "Europe/Berlin"}]
        }
    )

    name: Annotated[Line, Field(max_length=200)]
    selection: Selection = Selection()
    every: Literal["hour", "day", "week"]
    at_minute: Annotated[int, Field(ge=0, le=7 * 24 * 60 - 1, description="of the hour, the day, or the week")]
    time_zone: Annotated[Text, Field(max_length=60)] = "UTC"
    policy_version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    model: Annotated[Text, Field(max_length=200)] | None = None


class Switch(Body):
    """On or off."""

    is_on: Annotated[bool, Field(strict=True)]


class AuditFilters(Schema):
    """What is looked for in the audit log, as on its page; what is left out does not narrow."""

    kind: Annotated[Text, Field(max_length=200, description="a kind, a group of kinds, or how kinds begin")] = ""
    actor: Annotated[Text, Field(max_length=200, description="how the actor begins, such as person:ada")] = ""
    subject: Annotated[Text, Field(max_length=200, description="how the subject begins")] = ""
    ticket: Annotated[Text, Field(max_length=30, description="a ticket's number: it, and its actions")] = ""
    words: Annotated[Text, Field(max_length=200, description="all of these, anywhere in an entry")] = ""
    since: Annotated[date | None, Field(description="from this day on, UTC")] = None
    until: Annotated[date | None, Field(description="up to this day, UTC")] = None


class AuditExport(AuditFilters):
    """The same for a file; nothing is the whole log."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "policy", "since": "2026-11-01"}]}
    )
