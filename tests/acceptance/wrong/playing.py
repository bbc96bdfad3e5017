"""Plays plans through real runs: a scripted agent looks up what it needs and proposes; what it did is rolled back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from approvals.models import Action
from tests.acceptance.retail.perfect_agent import Call, call_for
from tests.acceptance.retail.shop import Shop
from tests.acceptance.wrong.errors import Credit, Deed
from tests.acceptance.wrong.post import Plan
from tickets.operations import Letter, open_ticket


@dataclass(frozen=True)
class Played:
    """What became of a plan's last deed when it was proposed."""

    plan: Plan
    kind: str
    status: str
    verdict: str
    facts: dict[str, Any]
    reasons: tuple[str, ...]

    @property
    def marks(self) -> frozenset[str]:
        """The checks that found something in it."""
        return frozenset(finding.partition(":")[0] for finding in self.facts["findings"])


def play_plan(plan: Plan, shop: Shop, *, is_thorough: bool) -> Played:
    """A ticket, its run, and the plan's deeds proposed in it; nothing of it stays."""
    with transaction.atomic():
        played = play(plan, shop, is_thorough)
        transaction.set_rollback(True)
    return played


def play(plan: Plan, shop: Shop, is_thorough: bool) -> Played:
    """As `play_plan`, and it stays."""
    letter = plan.letter
    email = shop.users[letter.user_id]["email"]
    ticket, _ = open_ticket(Letter(email, letter.subject, letter.body, identity="verified"), now=timezone.now())
    run = Run.objects.get(ticket=ticket)
    advance_run(run.pk, model=script(plan, shop, is_thorough=is_thorough))
    action = Action.objects.filter(origin=run.pk).order_by("place")[len(plan.deeds) - 1]
    reasons = tuple(str(reason) for reason in action.reasons)
    return Played(plan, action.kind, action.status, action.verdict, action.facts, reasons)


def script(plan: Plan, shop: Shop, *, is_thorough: bool) -> ScriptedModel:
    """First the look-ups, then a turn for each deed, then the end."""
    looks = list(look_ups(plan, shop, is_thorough))
    calls = [call_of(deed) for deed in plan.deeds]
    stated = {"confidence": str(plan.confidence), "rationale": "The customer asks for it."}
    first = Turn(tool_calls=tuple(ToolCall(f"look_{at}", name, given) for at, (name, given) in enumerate(looks)))
    deeds = [
        Turn(tool_calls=(ToolCall(f"deed_{at}", name, {**arguments, **stated}),))
        for at, (name, arguments) in enumerate(calls)
    ]
    return ScriptedModel([first, *deeds, Turn("All proposed.")])


def call_of(deed: Deed) -> Call:
    """The tool call of a deed."""
    if isinstance(deed, Credit):
        return "give_credit", {"amount": deed.amount, "reason": deed.reason}
    return call_for(deed)


def look_ups(plan: Plan, shop: Shop, is_thorough: bool) -> Iterator[Call]:
    """The customer, and the orders and products of what is done; a thorough agent looks at all of the letter's, too."""
    yield "find_customer", {}
    if is_thorough:
        yield "list_orders", {}
    deeds = (*plan.deeds, *plan.letter.deeds) if is_thorough else plan.deeds
    products: dict[str, None] = {}
    for order_id in dict.fromkeys(str(deed.order_id) for deed in deeds if hasattr(deed, "order_id")):
        yield "get_order", {"order_id": order_id}
        products |= dict.fromkeys(products_for(order_id, deeds, shop))
    for product_id in products:
        yield "get_product", {"product_id": product_id}


def products_for(order_id: str, deeds: Sequence[Deed], shop: Shop) -> Iterator[str]:
    """The products of the items of an order that are to become others."""
    pairs = [pair for deed in deeds if getattr(deed, "order_id", "") == order_id for pair in getattr(deed, "pairs", ())]
    changed = {old for old, _ in pairs}
    for item in shop.orders[order_id]["items"]:
        if item["item_id"] in changed:
            yield str(item["product_id"])
