"""Where it is too late for an undo: the action that does the opposite, ready to be proposed like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.kinds import CATALOGUE
from approvals.kinds.catalogue_entry import Refusal
from approvals.models import Action
from approvals.planning import ArgumentsInvalid, make_plan, read_arguments, view_for
from tickets.effects import ChangeField, Effect, MoveMoney, effect_from_json

WORDS_FIRST = frozenset({"send_reply", "add_note"})
"""Kinds of which only a person knows the words."""


@dataclass(frozen=True)
class Reversal:
    """A kind and what of its arguments is known."""

    kind: str
    arguments: Mapping[str, Any]


def find_reversal(original: Action) -> Reversal | None:
    """What could be proposed now to do the opposite of an executed action; None where the rules allow nothing."""
    name = CATALOGUE[original.kind].reversed_by
    if not name or original.receipt is None:
        return None
    effects = [effect_from_json(effect) for effect in original.receipt["effects"]]
    arguments = dict(arguments_back(original.arguments, effects))
    if name in WORDS_FIRST:
        open_enough = original.ticket.status != "closed" or CATALOGUE[name].takes_closed_tickets
        return Reversal(name, {}) if open_enough else None
    return Reversal(name, arguments) if is_possible(name, arguments, original.ticket_id) else None


def arguments_back(arguments: Mapping[str, Any], effects: Iterable[Effect]) -> Iterable[tuple[str, Any]]:
    """The arguments that lead back: each field's value before, and the method that was refunded."""
    if "order_id" in arguments:
        yield "order_id", arguments["order_id"]
    for effect in effects:
        if isinstance(effect, ChangeField) and effect.field in ("address", "status", "priority", "tags"):
            yield effect.field, effect.before
        if isinstance(effect, MoveMoney) and effect.direction == "refund":
            yield "payment_method_id", effect.payment_method_id


def is_possible(kind: str, arguments: Mapping[str, Any], ticket_id: int) -> bool:
    """Whether the rules would let it be proposed as things stand."""
    try:
        read = read_arguments(CATALOGUE[kind], arguments)
        make_plan(CATALOGUE[kind], read, view_for(read, ticket_id))
    except (ArgumentsInvalid, Refusal):
        return False
    return True
