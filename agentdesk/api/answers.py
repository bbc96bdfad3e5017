"""From rows to the shapes callers get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from agentdesk.runs.models import Event, Run
from approvals.models import Action, ActionStatus, Decision, OutboxMessage, OutboxStatus
from tickets.effects import describe, effect_from_json
from tickets.models import Message, Ticket

EFFECT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "change": ("record", "field", "before", "after"),
    "add": ("record", "fields"),
    "money": ("record", "direction", "amount", "currency", "payment_method_id"),
    "message": ("channel", "to", "subject", "body"),
}


def show_time(at: datetime) -> str:
    """RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def show_time_or_none(at: datetime | None) -> str | None:
    """RFC 3339, in UTC, where there is a time."""
    return None if at is None else show_time(at)


def message_to_json(message: Message) -> dict[str, Any]:
    """One utterance."""
    return {
        "id": message.pk,
        "direction": message.direction,
        "author": message.author,
        "body": message.body,
        "at": show_time(message.at),
    }


def tickets_to_show() -> QuerySet[Ticket]:
    """Tickets with all that their shape needs, in a fixed number of requests."""
    messages = Message.objects.filter(withdrawn=False).order_by("id")
    runs = Run.objects.only("pk", "ticket_id").order_by("created_at", "pk")
    return Ticket.objects.select_related("customer", "assignee").prefetch_related(
        Prefetch("messages", queryset=messages), Prefetch("runs", queryset=runs)
    )


def ticket_to_json(ticket: Ticket) -> dict[str, Any]:
    """A ticket from `tickets_to_show`."""
    customer = ticket.customer
    return {
        "id": ticket.pk,
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "tags": ticket.tags,
        "assignee": ticket.assignee.username if ticket.assignee else None,
        "customer": {
            "id": customer.pk,
            "email": customer.email,
            "name": customer.name,
            "identity": ticket.identity,
        },
        "messages": [message_to_json(message) for message in ticket.messages.all()],
        "runs": [run.pk for run in ticket.runs.all()],
        "created_at": show_time(ticket.created_at),
        "updated_at": show_time(ticket.updated_at),
    }


def effect_to_show(effect: Mapping[str, Any]) -> dict[str, Any]:
    """A stored effect with its sentence, and the fields of its op."""
    fields = {name: effect[name] for name in EFFECT_FIELDS[effect["op"]]}
    return {"op": effect["op"], "text": describe(effect_from_json(effect)), **fields}


def effects_to_show(effects: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored effects as callers see them."""
    return [effect_to_show(effect) for effect in effects]


def preview_to_json(action: Action) -> dict[str, Any]:
    """What an action would change, and the digest a decision is bound to."""
    return {"summary": action.summary, "effects": effects_to_show(action.effects), "digest": action.digest}


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """What one person decided."""
    return {
        "by": decision.person.username,
        "verdict": decision.verdict,
        "digest": decision.digest,
        "reason": decision.reason,
        "at": show_time(decision.at),
    }


def receipt_to_json(action: Action, now: datetime) -> dict[str, Any] | None:
    """What was done, and whether it can be taken back now."""
    receipt = action.receipt
    if receipt is None:
        return None
    return {
        "executed_at": show_time(datetime.fromisoformat(receipt["executed_at"])),
        "idempotency_key": receipt["idempotency_key"],
        "effects": effects_to_show(receipt["effects"]),
        "undo": undo_to_json(action, receipt["undo"], now),
    }


def undo_to_json(action: Action, stored: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Whether, until when, and why not: as it is now, not as it was at execution."""
    until = datetime.fromisoformat(stored["until"]) if stored["until"] else None
    why_not = stored["why_not"]
    if action.status == ActionStatus.EXECUTING:
        queued = [message.due_at for message in action.outbox.all() if message.status == OutboxStatus.QUEUED]
        until, why_not = (min(queued), None) if queued else (None, "The message is being sent already.")
    elif action.status != ActionStatus.EXECUTED:
        why_not = f"There is nothing to undo: the action is {action.status}."
    elif until is not None and until < now:
        why_not = "It is too late."
    return {"possible": why_not is None, "until": show_time_or_none(until), "why_not": why_not}


def actions_to_show() -> QuerySet[Action]:
    """Actions with all that their shape needs, in a fixed number of requests."""
    return Action.objects.prefetch_related(
        Prefetch("decisions", queryset=Decision.objects.select_related("person").order_by("id")),
        Prefetch("outbox", queryset=OutboxMessage.objects.only("action_id", "status", "due_at")),
    )


def find_run_ids(actions: Iterable[Action]) -> frozenset[UUID]:
    """Which of the actions' origins are runs."""
    origins = {action.origin for action in actions}
    return frozenset(Run.objects.filter(pk__in=origins).values_list("pk", flat=True))


def actions_to_json(actions: Sequence[Action], now: datetime) -> list[dict[str, Any]]:
    """Actions from `actions_to_show`."""
    runs = find_run_ids(actions)
    return [action_to_json(action, runs, now) for action in actions]


def action_to_json(action: Action, runs: frozenset[UUID], now: datetime) -> dict[str, Any]:
    """One action; `runs` are the origins that are runs."""
    previous = action.previous_effects
    return {
        "id": action.pk,
        "run_id": action.origin if action.origin in runs else None,
        "ticket_id": action.ticket_id,
        "kind": action.kind,
        "arguments": action.arguments,
        "status": action.status,
        "status_reason": action.status_reason,
        "tier": action.tier,
        "confidence": None if action.confidence is None else float(action.confidence),
        "amount": f"{action.amount:.2f}",
        "currency": action.currency,
        "verdict": action.verdict,
        "reasons": action.reasons,
        "preview": preview_to_json(action),
        "previous_effects": None if previous is None else effects_to_show(previous),
        "depends_on": action.depends_on,
        "decisions": [decision_to_json(decision) for decision in action.decisions.all()],
        "receipt": receipt_to_json(action, now),
        "proposer": action.proposer,
        "rationale": action.rationale,
        "alternatives": action.alternatives,
        "revision": action.revision,
        "approver": action.approver,
        "approvals_needed": action.approvals_needed,
        "policy_version": action.policy_version,
        "proposed_at": show_time(action.proposed_at),
        "expires_at": show_time_or_none(action.expires_at),
        "settled_at": show_time_or_none(action.settled_at),
    }


def show_action(action_id: UUID, now: datetime) -> dict[str, Any]:
    """One action as it is now. Raises: Action.DoesNotExist."""
    return actions_to_json([actions_to_show().get(pk=action_id)], now)[0]


def run_to_json(run: Run, now: datetime) -> dict[str, Any]:
    """A run with its actions, in their order."""
    actions = list(actions_to_show().filter(origin=run.pk).order_by("place"))
    made_by = {"versions": run.versions, "model": run.model, "policy_version": run.policy_version}
    return {
        "id": run.pk,
        "ticket_id": run.ticket_id,
        "mode": run.mode,
        "status": run.status,
        "steps": run.steps,
        "tokens": run.input_tokens + run.output_tokens,
        "input_tokens": run.input_tokens,
        "cached_tokens": run.cached_tokens,
        "output_tokens": run.output_tokens,
        "cost": f"{run.cost:.6f}",
        "malformed_turns": run.malformed_turns,
        "category": run.category,
        "agent_version": run.agent_version,
        "bounds": run.bounds,
        "spent": spent_to_json(run),
        "result": run.result,
        "reason": run.reason,
        "made_by": made_by,
        "actions": [action_to_json(action, frozenset({run.pk}), now) for action in actions],
        "started_by": run.started_by,
        "copied_from": run.copied_from_id,
        "created_at": show_time(run.created_at),
        "ended_at": show_time_or_none(run.ended_at),
    }


def spent_to_json(run: Run) -> dict[str, Any]:
    """What a run has used of its bounds, under the bounds' own names."""
    return {
        "steps": run.steps,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "money": f"{run.cost:.6f}",
        "wall_clock_seconds": round(run.working_seconds, 3),
    }


def show_run(run_id: UUID, now: datetime) -> dict[str, Any]:
    """One run as it is now. Raises: Run.DoesNotExist."""
    return run_to_json(Run.objects.get(pk=run_id), now)


def event_to_json(event: Event) -> dict[str, Any]:
    """An event, with its time as the API writes times."""
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": show_time(event.at),
        "actor": event.actor,
        "data": event.data,
    }
