"""Undoing: a message that has not left does not leave; anything else is an action of its own through the gate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from approvals.deciding import NotAllowed, Verdict, lock_action, store_decision
from approvals.gate import execute_action
from approvals.kinds import CATALOGUE
from approvals.kinds.catalogue_entry import Refusal
from approvals.models import Action, ActionStatus, DecisionVerdict, OutboxMessage, OutboxStatus
from approvals.models.actions import UNDECIDED
from approvals.planning import make_plan, read_arguments, view_for
from approvals.policy import suffices
from approvals.proposing import Proposal, propose_action
from approvals.receipts import UNDO_DAYS
from approvals.reversing import Reversal, find_reversal
from approvals.settling import withdraw_unsent
from tickets.models import LedgerLine, Person

CORRECTION = """Dear {name},

In our last message we told you of this: {what}. We have since had to take it back, so it does not hold any more.
We are sorry for the confusion. Please write to us if you have any question.

The support team"""


class CannotUndo(Exception):
    """The action cannot be taken back; the message says why, and `instead` what could be proposed to the same end."""

    instead: Reversal | None = None


def undo_action(action_id: UUID, *, by: Person, now: datetime) -> Action:
    """Takes an executed action back, for whoever may approve it. Twice is once.

    Returns: the original, undone. Raises: CannotUndo, NotAllowed, Action.DoesNotExist.
    """
    try:
        return take_back(action_id, by=by, now=now)
    except CannotUndo as refusal:
        original = Action.objects.select_related("ticket").get(pk=action_id)
        refusal.instead = find_reversal(original) if original.is_executed else None
        raise


def take_back(action_id: UUID, *, by: Person, now: datetime) -> Action:
    """Proposes the undo and carries it out, each in a transaction of its own."""
    undo = prepare_undo(action_id, by=by, now=now)
    if undo is None:
        return Action.objects.get(pk=action_id)
    undo = execute_action(undo.pk, now=now)
    if not undo.is_executed:
        raise CannotUndo(undo.status_reason or f"The undo is {undo.status}.")
    return Action.objects.get(pk=action_id)


def why_not_undo(original: Action, *, now: datetime) -> str:
    """Why an action cannot be taken back as things stand, in words; empty where it can. Asks, and changes nothing."""
    if original.status == ActionStatus.EXECUTING:
        return ""
    try:
        require_undoable(original, now)
        arguments = read_arguments(CATALOGUE["undo"], {"action_id": str(original.pk)})
        view = view_for(arguments, original.ticket_id, receipt=original.receipt)
        make_plan(CATALOGUE["undo"], arguments, view)
    except (CannotUndo, Refusal) as refusal:
        return str(refusal)
    return ""


def draft_correction(original: Action, *, now: datetime) -> Action | None:
    """Where a reply that announced it may have left, a draft that corrects it waits for a person; drafted once."""
    later = Action.objects.filter(origin=original.origin, place__gt=original.place, kind="send_reply")
    left = [reply for reply in later if str(original.pk) in reply.depends_on and may_have_left(reply)]
    key = f"correction:{original.pk}"
    if not left or original.ticket.status == "closed" or Action.objects.filter(idempotency_key=key).exists():
        return None
    name = original.customer.first_name or "customer"
    return propose_action(
        Proposal(
            ticket_id=original.ticket_id,
            kind="send_reply",
            arguments={"body": CORRECTION.format(name=name, what=original.summary)},
            proposer="system",
            rationale="The customer was told of something that has since been taken back.",
            idempotency_key=key,
        ),
        now=now,
    )


def may_have_left(reply: Action) -> bool:
    """Whether the customer may have read a reply."""
    is_sending = OutboxMessage.objects.filter(action=reply, status=OutboxStatus.SENDING).exists()
    return is_sending or reply.status in (ActionStatus.EXECUTED, ActionStatus.UNKNOWN)


@transaction.atomic
def prepare_undo(action_id: UUID, *, by: Person, now: datetime) -> Action | None:
    """The undo of an action, approved or begun before; None when it is undone, or its message was here to withdraw."""
    original = lock_action(action_id)
    if not by.is_active or not suffices(by.role, original.approver):
        raise NotAllowed("not_allowed", f"This needs a {original.approver}.", who_can=original.approver)
    if original.status == ActionStatus.UNDONE:
        return None
    reason = f"{by} withdrew it before it left"
    if original.status == ActionStatus.EXECUTING:
        if withdraw_unsent(original, reason=reason, actor=f"person:{by.username}", now=now):
            return None
        raise CannotUndo("The message is being sent already.")
    begun = Action.objects.filter(undoes=original, status__in=UNDECIDED).first()
    if begun is not None:
        return begun
    require_undoable(original, now)
    return propose_undo(original, by=by, now=now)


def require_undoable(original: Action, now: datetime) -> None:
    """Only what was executed, can be inverted, and nothing later rests on."""
    if original.status != ActionStatus.EXECUTED:
        raise CannotUndo(f"There is nothing to undo: the action is {original.status}.")
    if CATALOGUE[original.kind].cannot_undo:
        raise CannotUndo(CATALOGUE[original.kind].cannot_undo)
    until = (original.receipt or {}).get("undo", {}).get("until")
    if until and now > datetime.fromisoformat(until):
        raise CannotUndo(f"It is too late: this was possible for {UNDO_DAYS} days.")
    later = Action.objects.filter(origin=original.origin, place__gt=original.place, status=ActionStatus.EXECUTED)
    for other in later.exclude(kind__in=("send_reply", "set_ticket")):
        if str(original.pk) in other.depends_on:
            raise CannotUndo(f"A later {other.kind.replace('_', ' ')} rests on it; undo that first.")
    require_last_on_orders(original)


def require_last_on_orders(original: Action) -> None:
    """Money of an order goes back last move first: fields show what came later, a ledger shows it by its lines."""
    own = LedgerLine.objects.filter(action=original.pk, order__isnull=False)
    newest = own.order_by("-pk").first()
    if newest is None:
        return
    later = LedgerLine.objects.filter(order__in=own.values("order"), pk__gt=newest.pk).values("action")
    standing = Action.objects.filter(pk__in=later, status=ActionStatus.EXECUTED).exclude(kind="undo").first()
    if standing is not None:
        raise CannotUndo(f"A later {standing.kind.replace('_', ' ')} moved this order's money; undo that first.")


def propose_undo(original: Action, *, by: Person, now: datetime) -> Action:
    """The undo as a proposal that its author approves with the same click, since he may approve the original."""
    proposal = Proposal(
        ticket_id=original.ticket_id,
        kind="undo",
        arguments={"action_id": str(original.pk)},
        proposer=f"person:{by.username}",
        person=by,
        undoes=original,
        rationale=f"{by} takes it back",
    )
    undo = propose_action(proposal, now=now)
    if undo.status != ActionStatus.WAITING:
        raise CannotUndo(undo.status_reason or f"The undo is {undo.status}.")
    undo.move(ActionStatus.WAITING, ActionStatus.APPROVED, approver=original.approver, approvals_needed=1)
    store_decision(undo, Verdict(undo.pk, DecisionVerdict.APPROVE, undo.digest), by=by, now=now)
    return undo
