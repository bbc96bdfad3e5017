"""Decisions, single and in bulk: each bound to the digest of the preview it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from agentdesk.api.answers import message_to_json, preview_to_json, show_action
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import ApiError, invalid
from agentdesk.api.schemas import NewDecision, NewDecisions
from agentdesk.api.shapes import ERRORS, ActionShape, BulkResults
from approvals.amending import amend_action
from approvals.deciding import DecisionLost, NotAllowed, Outcome, Verdict, decide_action, decide_many
from approvals.models import Action
from tickets.models import Person
from tickets.queries import last_inbound

router = Router(tags=["decisions"])


@router.post("/actions/{action_id}/decisions", auth=allow("decide"), response={200: ActionShape, **ERRORS})
def decide(request: HttpRequest, action_id: UUID, payload: NewDecision) -> dict[str, Any]:
    """Approves, rejects or amends what was looked at, and answers with the action as it then is.

    409: `already_decided` (`by`, `at`), `preview_changed` (`preview`), `expired`, `superseded` (`new_message`),
    `not_seen`. 403 `not_allowed` (`who_can`). An amended action is planned anew and waits again. The same decision
    again is 200.
    """
    now = timezone.now()
    verdict = Verdict(action_id, payload.verdict, payload.digest, payload.reason)
    with explaining(action_id):
        carry_out(verdict, payload, by=caller_of(request).person, now=now)
    return show_action(action_id, now)


def carry_out(verdict: Verdict, payload: NewDecision, *, by: Person, now: datetime) -> None:
    """The decision a call asks for."""
    if payload.verdict != "amend":
        if payload.arguments is not None:
            raise invalid(arguments=f"go with amend, not with {payload.verdict}")
        decide_action(verdict, by=by, now=now)
        return
    if payload.arguments is None:
        raise invalid(arguments="are required to amend")
    amend_action(verdict, payload.arguments, by=by, now=now)


@contextmanager
def explaining(action_id: UUID) -> Iterator[None]:
    """A decision that was not taken is answered with what the caller needs to decide again."""
    try:
        yield
    except DecisionLost as lost:
        status = 403 if isinstance(lost, NotAllowed) else 409
        raise ApiError(status, str(lost), code=lost.code, **explain(lost, action_id)) from lost


def explain(lost: DecisionLost, action_id: UUID) -> dict[str, Any]:
    """The details of a lost decision: who was first, the new preview, or the customer's new message."""
    action = Action.objects.get(pk=action_id)
    details: dict[str, Any] = {"action_id": str(action_id), "action_status": action.status}
    if lost.code == "preview_changed":
        return {**details, "preview": preview_to_json(action)}
    if lost.code == "superseded":
        message = last_inbound(action.ticket_id)
        return {**details, "new_message": message and message_to_json(message)}
    return {**details, **{name: in_utc(value) for name, value in lost.details.items()}}


def in_utc(value: Any) -> Any:
    """Times as the API writes them."""
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


@router.post("/decisions", auth=allow("decide"), response={200: BulkResults, **ERRORS}, exclude_none=True)
def decide_in_bulk(request: HttpRequest, payload: NewDecisions) -> dict[str, Any]:
    """Decides up to 1,000 actions, each by itself; results are in the order sent, and one failing hides no other."""
    verdicts = [
        Verdict(item.action_id, item.verdict, item.digest, payload.reason, in_bulk=True) for item in payload.items
    ]
    outcomes = decide_many(verdicts, by=caller_of(request).person, now=timezone.now())
    return {"items": [outcome_to_json(outcome) for outcome in outcomes]}


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """What came of one item."""
    result = {"action_id": outcome.action_id, "ok": outcome.ok, "status": outcome.status}
    return result if outcome.ok else {**result, "error": {"code": outcome.code, "message": outcome.message}}
