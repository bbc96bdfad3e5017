"""Actions: proposed from outside, looked at, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from agentdesk.api.answers import actions_to_json, actions_to_show, show_action
from agentdesk.api.auth import Caller, allow, caller_of
from agentdesk.api.decisions import explaining
from agentdesk.api.errors import invalid
from agentdesk.api.fields import TicketFilter
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.schemas import NewAction, SeenBody
from agentdesk.api.shapes import ERRORS, ActionShape, Page
from approvals.deciding import mark_seen
from approvals.kinds import CATALOGUE, PROPOSABLE
from approvals.models import Action, ActionStatus
from approvals.proposing import Proposal, propose_action
from approvals.settling import ring_for
from approvals.shadowing import require_visible, visible_to
from approvals.undoing import CannotUndo, undo_action
from tickets.models import Ticket

router = Router(tags=["actions"])
StatusName = Literal[
    "planned", "waiting", "approved", "executing", "executed", "rejected",
    "expired", "undone", "refused", "failed", "unknown", "superseded",
]  # fmt: skip
Run = Annotated[UUID | None, Query(None, description="the run that proposed it")]


@router.get("/actions", auth=allow("read"), response={200: Page[ActionShape], **ERRORS})
def list_actions(
    request: HttpRequest,
    limit: Limit,
    cursor: Cursor,
    run: Run,
    ticket: TicketFilter,
    status: StatusName | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Actions, oldest first; those of one run in the order they were proposed."""
    actions = visible_to(caller_of(request).person, actions_to_show()).order_by("proposed_at", "origin", "place")
    if kind is not None and kind not in CATALOGUE:
        raise invalid(kind="there is no such kind")
    wanted = {"status": status, "kind": kind, "origin": run, "ticket_id": ticket}
    actions = actions.filter(**{name: value for name, value in wanted.items() if value is not None})
    page, more = split_page(list(begin_after(actions, cursor)[: limit + 1]), limit)
    last = [page[-1].proposed_at.isoformat(), page[-1].origin, page[-1].place] if more else None
    return {"items": actions_to_json(page, timezone.now()), "next": write_cursor(last) if last else None}


def begin_after(actions: QuerySet[Action], cursor: str | None) -> QuerySet[Action]:
    """The actions after a page's last one."""
    if cursor is None:
        return actions
    at, origin, place = read_action_cursor(cursor)
    later = Q(proposed_at=at, origin__gt=origin) | Q(proposed_at=at, origin=origin, place__gt=place)
    # The first condition is the one an index can use.
    return actions.filter(proposed_at__gte=at).filter(Q(proposed_at__gt=at) | later)


def read_action_cursor(cursor: str) -> tuple[datetime, UUID, int]:
    """Time, origin and place of a page's last action."""
    try:
        at, origin, place = read_cursor(cursor)
        key = datetime.fromisoformat(at), UUID(origin), int(place)
    except (TypeError, ValueError, AttributeError) as error:
        raise bad_cursor() from error
    if key[0].tzinfo is None or not 0 <= key[2] < 2**31:
        raise bad_cursor()
    return key


@router.get("/actions/{action_id}", auth=allow("read"), response={200: ActionShape, **ERRORS})
def get_action(request: HttpRequest, action_id: UUID) -> dict[str, Any]:
    """One action with its preview, decisions and receipt. Looking at it here is not having seen it."""
    require_visible(caller_of(request).person, Action.objects.filter(pk=action_id))
    return show_action(action_id, timezone.now())


@router.post("/actions", auth=allow("propose"), response={201: ActionShape, 200: ActionShape, **ERRORS})
def propose_an_action(request: HttpRequest, payload: NewAction) -> Status[dict[str, Any]]:
    """Proposes an action; the policy says whether it waits, runs or is refused. 200: the key and contents are known."""
    if payload.kind not in PROPOSABLE:
        raise invalid(kind=f"must be one of {', '.join(PROPOSABLE)}")
    now = timezone.now()
    action = propose_once(proposal_of(payload, caller_of(request)), now)
    if action.status == ActionStatus.APPROVED:
        ring_for([action.pk])
    return Status(201 if action.proposed_at == now else 200, show_action(action.pk, now))


def proposal_of(payload: NewAction, caller: Caller) -> Proposal:
    """The proposal of an outside agent, or of the signed-in person."""
    return Proposal(
        ticket_id=payload.ticket_id,
        kind=payload.kind,
        arguments=payload.arguments,
        proposer=caller.proposer,
        person=caller.person,
        confidence=payload.confidence,
        rationale=payload.rationale,
        idempotency_key=payload.idempotency_key,
    )


def propose_once(proposal: Proposal, now: datetime) -> Action:
    """Proposes; where another process took the key at the same moment, on another ticket, it is found now."""
    if not Ticket.objects.filter(pk=proposal.ticket_id).exists():
        raise invalid(ticket_id="there is no such ticket")
    try:
        return propose_action(proposal, now=now)
    except IntegrityError:
        return propose_action(proposal, now=now)


@router.post("/actions/{action_id}/seen", auth=allow("decide"), response={200: ActionShape, **ERRORS})
def note_seen(request: HttpRequest, action_id: UUID, payload: SeenBody) -> dict[str, Any]:
    """Says that this person had this preview open; needed before approving what is of high tier."""
    now = timezone.now()
    with explaining(action_id):
        mark_seen(action_id, payload.digest, by=caller_of(request).person, now=now)
    return show_action(action_id, now)


@router.post("/actions/{action_id}/undo", auth=allow("decide"), response={200: ActionShape, **ERRORS})
def undo_an_action(request: HttpRequest, action_id: UUID) -> dict[str, Any]:
    """Takes an executed action back, or keeps a message from leaving; 409 says why it cannot be."""
    now = timezone.now()
    try:
        undo_action(action_id, by=caller_of(request).person, now=now)
    except IntegrityError as error:
        raise CannotUndo("An undo of this action is under way.") from error
    return show_action(action_id, now)
