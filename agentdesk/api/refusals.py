"""What the verbs refuse, as status, code and words: one table for all calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from agentdesk.agent.providers import UnknownModel
from agentdesk.runs.lifecycle import RunActive, RunOver, TakenOver
from agentdesk.runs.reports import ReportIdTaken, UnknownPolicyVersion
from agentdesk.runs.schedules import ScheduleUnfit
from agentdesk.runs.submissions import NothingToSubmit
from agentdesk.runs.submitting import MayNotApproveAll, NotADryRun
from approvals.amending import AmendmentRefused
from approvals.autonomy.auditing import AlreadyFound, NotYours
from approvals.deciding import BulkTooLarge, DecisionLost, NotAllowed
from approvals.drafts import DraftSettled, NeedsAnotherAdmin
from approvals.models.actions import IllegalMove
from approvals.planning import ArgumentsInvalid, UnknownKind
from approvals.policies import PolicyMoved, PolicyUnfit
from approvals.proposing import KeyReused
from approvals.shadowing import InTheShadow
from approvals.undoing import CannotUndo
from tickets.operations import TicketClosed


@dataclass(frozen=True)
class Refusal:
    """An anticipated error on the wire."""

    status: int
    code: str
    message: str
    fields: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


CONFLICTS: dict[type[Exception], str] = {
    RunActive: "run_active",
    TakenOver: "taken_over",
    RunOver: "run_over",
    NotADryRun: "not_a_dry_run",
    TicketClosed: "ticket_closed",
    CannotUndo: "cannot_undo",
    KeyReused: "key_reused",
    DraftSettled: "draft_settled",
    AlreadyFound: "already_found",
    ReportIdTaken: "report_id_taken",
    NothingToSubmit: "nothing_to_submit",
    IllegalMove: "conflict",
}
"""409s without details, each with its code."""

WRONG_FIELDS: dict[type[Exception], str] = {
    UnknownKind: "kind",
    UnknownModel: "model",
    UnknownPolicyVersion: "policy_version",
    BulkTooLarge: "items",
}
"""422s about one field."""


def describe_refusal(error: Exception) -> Refusal | None:
    """The answer to an anticipated exception; None where nobody anticipated it."""
    words = str(error)
    if isinstance(error, ObjectDoesNotExist | Http404):
        return Refusal(404, "not_found", "There is no such thing here.")
    if isinstance(error, DecisionLost):
        return Refusal(403 if isinstance(error, NotAllowed) else 409, error.code, words, details=error.details)
    if isinstance(error, NotYours):
        return Refusal(403, "not_allowed", words, details={"who_can": "support"})
    if isinstance(error, NeedsAnotherAdmin):
        return Refusal(403, "not_allowed", words, details={"who_can": "another admin"})
    if isinstance(error, InTheShadow):
        return Refusal(403, "not_allowed", words, details={"who_can": "admin"})
    if isinstance(error, MayNotApproveAll):
        return Refusal(403, "not_allowed", words)
    if isinstance(error, PolicyMoved):
        newest = error.newest.version if error.newest else 0
        return Refusal(409, "policy_moved", words, details={"version": newest, "differences": error.differences})
    if isinstance(error, CannotUndo) and error.instead is not None:
        instead = {"kind": error.instead.kind, "arguments": dict(error.instead.arguments)}
        return Refusal(409, CONFLICTS[CannotUndo], words, details={"instead": instead})
    return describe_conflict(error, words) or describe_wrong_fields(error, words)


def describe_conflict(error: Exception, words: str) -> Refusal | None:
    """A plain 409."""
    code = next((code for sort, code in CONFLICTS.items() if isinstance(error, sort)), None)
    return Refusal(409, code, words) if code else None


def describe_wrong_fields(error: Exception, words: str) -> Refusal | None:
    """A 422 that names what is wrong."""
    if isinstance(error, ArgumentsInvalid):
        named = {name if name == "arguments" else f"arguments.{name}": why for name, why in error.fields.items()}
        return Refusal(422, "invalid", words, fields=named)
    if isinstance(error, PolicyUnfit | ScheduleUnfit):
        return Refusal(422, "invalid", words, fields=error.fields)
    if isinstance(error, AmendmentRefused):
        return Refusal(422, "refused", words, fields={"arguments": words})
    name = next((name for sort, name in WRONG_FIELDS.items() if isinstance(error, sort)), None)
    return Refusal(422, "invalid", words, fields={name: words}) if name else None
