"""Take back an executed action by inverting what its receipt says was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Refusal
from tickets.effects import CannotInvert, ChangeField, Effect, MoveMoney, effect_from_json, invert, touched_records
from tickets.records import DeskView, field_value


class Undo(Arguments):
    """Which action to take back."""

    action_id: UUID


def plan(arguments: Undo, view: DeskView) -> list[Effect]:
    """The inverted effects of the receipt the view carries, last first; refused where the world has moved on."""
    receipt = view.receipt
    if receipt is None:
        raise Refusal("There is nothing to undo: the action was not executed.")
    effects = inverted(receipt["effects"], receipt["created"])
    require_not_shipped(effects, view)
    ahead = view
    for effect in effects:
        require_unchanged(effect, ahead)
        ahead = ahead.lay_over([effect])
    return effects


def require_not_shipped(effects: Sequence[Effect], view: DeskView) -> None:
    """An order that the action left pending must still be: on its way, no address and no payment is changed back."""
    changes = [effect for effect in effects if isinstance(effect, ChangeField)]
    moved = {effect.record for effect in changes if effect.field == "status"}
    touched = {record for effect in effects for record in touched_records(effect) if record.startswith("order:")}
    for record in sorted(touched - moved):
        order = view.orders[record.removeprefix("order:")]
        if order.status != "pending":
            raise Refusal(f"Order {order.order_id} is {order.status}; this can be undone only while it is pending.")


def inverted(effects: Sequence[Mapping[str, Any]], created: Mapping[str, str]) -> list[Effect]:
    """Each effect inverted, in the opposite order."""
    try:
        return [invert(effect_from_json(effect), created) for effect in reversed(effects)]
    except CannotInvert as refusal:
        raise Refusal(str(refusal)) from refusal


def require_unchanged(effect: Effect, view: DeskView) -> None:
    """A field must still hold what the action left there; a balance must cover what goes back."""
    if isinstance(effect, ChangeField) and field_value(view, effect.record, effect.field) != effect.before:
        raise Refusal(f"{effect.record}: {effect.field.replace('_', ' ')} has changed since.")
    if isinstance(effect, MoveMoney) and effect.direction == "payment":
        require_balance(effect, view)


def require_balance(effect: MoveMoney, view: DeskView) -> None:
    """What was refunded or credited must still be there to take back."""
    if effect.payment_method_id is None:
        balance = view.customer.credit
    else:
        held = view.customer.methods[effect.payment_method_id].balance
        if held is None:
            return
        balance = held
    if balance < effect.amount:
        raise Refusal(f"Of the {effect.amount:.2f} to take back only {balance:.2f} is left.")


def summary(arguments: Undo, view: DeskView) -> str:
    """One sentence for the queue."""
    what = (view.receipt or {}).get("summary", "the action")
    return f"Undo: {what}"


KIND = ActionKind(
    name="undo",
    title="Undo",
    description="Take back an executed action.",
    arguments=Undo,
    plan=plan,
    summary=summary,
    moves_money=True,
    changes_records=True,
    cannot_undo="An undo cannot be undone; do the original again instead.",
    is_proposable=False,
    takes_closed_tickets=True,
)
