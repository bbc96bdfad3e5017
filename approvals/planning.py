"""From what is asked to what would happen: arguments validated, the view loaded, the plan made, the policy asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from approvals.digest import compute_digest
from approvals.judging import Facts, draw_lot
from approvals.kinds import CATALOGUE
from approvals.kinds.catalogue_entry import ActionKind, Arguments, Refusal
from approvals.models import Action, ActionStatus
from tickets.effects import ChangeField, Effect, MoveMoney, effect_from_json, touched_records
from tickets.queries import load_view
from tickets.records import DeskView, TicketRecord


class UnknownKind(Exception):
    """There is no such kind of action."""


class ArgumentsInvalid(Exception):
    """The arguments do not fit the kind; `fields` names each with what is wrong."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class Plan:
    """What an action would do, and what is at stake."""

    effects: tuple[Effect, ...]
    digest: str
    amount: Decimal
    summary: str
    currency: str = "USD"


def kind_named(name: str) -> ActionKind:
    """The kind of this name. Raises UnknownKind."""
    if name not in CATALOGUE:
        raise UnknownKind(f"There is no action kind {name}.")
    return CATALOGUE[name]


def read_arguments(kind: ActionKind, arguments: Any) -> Arguments:
    """The arguments as the kind's own model. Raises ArgumentsInvalid."""
    try:
        return kind.arguments.model_validate(arguments)
    except ValidationError as error:
        fields = {".".join(map(str, fault["loc"])) or "arguments": fault["msg"] for fault in error.errors()}
        raise ArgumentsInvalid(fields) from error


def arguments_to_json(arguments: Arguments) -> dict[str, Any]:
    """Arguments as they are stored and hashed: JSON values, money as strings, unset optional fields left out."""
    return arguments.model_dump(mode="json", exclude_none=True)


def view_for(
    arguments: Arguments, ticket_id: int, earlier: Iterable[Action] = (), receipt: Mapping[str, Any] | None = None
) -> DeskView:
    """The view a plan with these arguments reads, with the effects of earlier unexecuted actions laid over it."""
    effects = [effect for action in earlier for effect in stored_effects(action)]
    undone = [effect_from_json(effect) for effect in receipt["effects"]] if receipt else []
    changes = getattr(arguments, "changes", ())
    order_ids = {order_id for effect in (*effects, *undone) for order_id in orders_named(effect)}
    order_ids |= {arguments.order_id} if hasattr(arguments, "order_id") else set()
    view = load_view(ticket_id, order_ids=order_ids, item_ids={change.new_item_id for change in changes})
    view = view.lay_over(effects)
    return replace(view, receipt=receipt)


def orders_named(effect: Effect) -> set[str]:
    """The orders an effect changes."""
    if isinstance(effect, ChangeField) and effect.record.startswith("order:"):
        return {effect.record.removeprefix("order:").partition("/")[0]}
    if isinstance(effect, MoveMoney) and effect.order_id:
        return {effect.order_id}
    return set()


def make_plan(kind: ActionKind, arguments: Arguments, view: DeskView) -> Plan:
    """What would happen. Raises Refusal; changes nothing."""
    if view.ticket.status == "closed" and not kind.takes_closed_tickets:
        raise Refusal("This ticket is closed.")
    effects = tuple(kind.plan(arguments, view))
    digest = compute_digest(
        kind=kind.name,
        ticket_id=view.ticket.ticket_id,
        arguments=arguments_to_json(arguments),
        effects=effects,
        last_message_id=view.ticket.last_message_id,
    )
    amount = kind.amount(arguments, view) if kind.name != "undo" else moved_amount(effects)
    return Plan(effects, digest, amount, kind.summary(arguments, view))


def moved_amount(effects: Sequence[Effect]) -> Decimal:
    """What an undo moves: the larger of what goes out and what comes back."""
    moves = [effect for effect in effects if isinstance(effect, MoveMoney)]
    paid = sum((effect.amount for effect in moves if effect.direction == "payment"), Decimal("0.00"))
    refunded = sum((effect.amount for effect in moves if effect.direction != "payment"), Decimal("0.00"))
    return max(paid, refunded)


def stored_effects(action: Action) -> list[Effect]:
    """An action's effects as values."""
    return [effect_from_json(effect) for effect in action.effects]


AHEAD = frozenset({ActionStatus.PLANNED, ActionStatus.WAITING, ActionStatus.APPROVED})
"""Statuses of actions whose effects are planned on but not yet in the rows."""


def unexecuted(actions: Iterable[Action]) -> list[Action]:
    """Those whose effects are planned on but not yet in the rows."""
    return [action for action in actions if action.status in AHEAD]


def find_dependencies(
    kind: ActionKind, arguments: Arguments, effects: Iterable[Effect], earlier: Iterable[Action]
) -> list[str]:
    """The ids of earlier actions of the same origin that must be executed first.

    A reply depends on all of them; calling people and leaving a note on none; another action on those whose effects
    touch a record it reads or changes.
    """
    open_before = [action for action in earlier if not action.is_executed and not action.is_settled]
    if kind.name in ("escalate", "add_note"):
        return []
    if kind.reaches_customer:
        return [str(action.pk) for action in open_before if action.kind not in ("escalate", "add_note")]
    wanted = kind.reads(arguments).union(*(touched_records(effect) for effect in effects))
    return [
        str(action.pk)
        for action in open_before
        if wanted & frozenset().union(*(touched_records(effect) for effect in stored_effects(action)))
    ]


def gather_facts(
    kind: ActionKind,
    plan_amount: Decimal,
    *,
    confidence: Decimal | None,
    findings: Sequence[str],
    ticket: TicketRecord,
    proposer: str,
    origin: UUID,
) -> Facts:
    """What the policy judges by."""
    sort = proposer.partition(":")[0]
    known = sort if sort in ("agent", "person", "system") else "outside"
    return Facts(
        kind=kind.name,
        amount=plan_amount,
        confidence=confidence,
        findings=tuple(findings),
        identity=ticket.identity,
        proposer=known,  # type: ignore[arg-type]
        moves_money=kind.moves_money,
        reaches_customer=kind.reaches_customer,
        changes_records=kind.changes_records,
        category=ticket.category,
        draw=draw_lot(origin, kind.name),
    )
