"""A model that proposes exactly what a letter wishes for: what then goes wrong is not the agent's doing."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from tests.acceptance.retail.wishes import (
    Cancel,
    Case,
    ChangeItems,
    Move,
    Pairs,
    Redirect,
    Repay,
    SendBack,
    Swap,
)

Call = tuple[str, dict[str, Any]]
SURE = {"confidence": 0.95, "rationale": "The customer asks for it."}


def script(case: Case) -> ScriptedModel:
    """The wishes in the order of the letter, a reply, and the end."""
    calls = [call_for(wish) for wish in case.wishes] + [("send_reply", {"body": "It is all done."})]
    turns = [
        Turn(tool_calls=(ToolCall(f"call_{place}", name, {**arguments, **SURE}),))
        for place, (name, arguments) in enumerate(calls)
    ]
    return ScriptedModel([*turns, Turn("All proposed as asked.")])


@singledispatch
def call_for(wish: object) -> Call:
    """The one tool call that grants a wish."""
    raise TypeError(f"no tool for {wish!r}")


@call_for.register
def cancel(wish: Cancel) -> Call:
    """Calls an order off."""
    return "cancel_order", {"order_id": wish.order_id, "reason": wish.reason}


@call_for.register
def redirect(wish: Redirect) -> Call:
    """Sends an order elsewhere."""
    return "change_order_address", {"order_id": wish.order_id, "address": dict(wish.address)}


@call_for.register
def move(wish: Move) -> Call:
    """Notes a new home."""
    return "change_customer_address", {"address": dict(wish.address)}


@call_for.register
def repay(wish: Repay) -> Call:
    """Pays in another way."""
    return "change_order_payment", {"order_id": wish.order_id, "payment_method_id": wish.method_id}


@call_for.register
def send_back(wish: SendBack) -> Call:
    """Takes items back."""
    arguments = {"order_id": wish.order_id, "item_ids": list(wish.item_ids), "payment_method_id": wish.method_id}
    return "return_items", arguments


@call_for.register
def change_items(wish: ChangeItems) -> Call:
    """Changes what is to be sent."""
    return "change_order_items", paired(wish.order_id, wish.pairs, wish.method_id)


@call_for.register
def swap(wish: Swap) -> Call:
    """Changes what was sent."""
    return "exchange_items", paired(wish.order_id, wish.pairs, wish.method_id)


def paired(order_id: str, pairs: Pairs, method_id: str) -> dict[str, Any]:
    """The arguments of both kinds that put one item in another's place."""
    changes = [{"item_id": old, "new_item_id": new} for old, new in pairs]
    return {"order_id": order_id, "changes": changes, "payment_method_id": method_id}
