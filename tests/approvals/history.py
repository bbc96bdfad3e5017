"""A past to try policies on: actions as agents proposed them, and what people made of each; the seed is fixed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from approvals.judging import Facts, draw_lot
from approvals.kinds import CATALOGUE
from approvals.models import Action, AuditSample, Decision, Finding
from tickets.models import Person, Ticket

KINDS = ("send_reply", "return_items", "exchange_items", "change_order_address", "give_credit", "cancel_order")
WITHOUT_MONEY = frozenset({"send_reply", "change_order_address"})
FATES = ("by_itself", "approved", "approved", "approved", "edited", "rejected", "undone", "taken_back", "expired")
CONFIDENCES = (None, *(Decimal(number) / 100 for number in range(50, 101)))
STATUSES = {"undone": "undone", "taken_back": "undone", "rejected": "rejected", "expired": "expired"}
VERDICTS = {"approved": ("approve",), "edited": ("amend", "approve"), "rejected": ("reject",), "undone": ("approve",)}


def past_action(
    ticket: Ticket, place: int, *, kind: str, at: datetime, status: str = "executed", **changes: Any
) -> Action:
    """One action of the past, not yet stored; `changes` are fields of its facts."""
    entry, origin = CATALOGUE[kind], UUID(int=(place + 1) << 16)
    given: dict[str, Any] = {
        "kind": kind, "amount": Decimal("10.00"), "confidence": Decimal("0.95"), "findings": (), "proposer": "agent",
        "identity": "verified", "moves_money": entry.moves_money, "reaches_customer": entry.reaches_customer,
        "changes_records": entry.changes_records, "category": "", "draw": draw_lot(origin, kind), **changes,
    }  # fmt: skip
    facts = Facts(**given)
    return Action(
        id=origin, origin=origin, ticket=ticket, customer=ticket.customer, kind=kind, arguments={}, status=status,
        summary=f"{entry.title} {place}", digest=f"{place:064x}", tier="medium", amount=facts.amount,
        facts=facts.to_json(), confidence=facts.confidence, verdict="review", policy_version=1,
        proposer=f"{facts.proposer}:scripted", category=facts.category, proposed_at=at,
    )  # fmt: skip


def decisions_on(action: Action, fate: str, by: Person, seconds: float | None) -> Iterator[Decision]:
    """What people said of it, one minute after it was proposed."""
    for verdict in VERDICTS.get(fate, ()):
        yield Decision(
            action=action, person=by, verdict=verdict, digest=action.digest, revision=1, seconds_on_screen=seconds,
            at=action.proposed_at + timedelta(minutes=1),
        )  # fmt: skip


def make_history(ticket: Ticket, by: Person, *, size: int, until: datetime, days: int, seed: int = 7) -> None:
    """So many actions, evenly over the days before `until`, with every fate among them; one in five audited."""
    dice = random.Random(seed)
    actions: list[Action] = []
    decisions: list[Decision] = []
    samples: list[AuditSample] = []
    for place in range(size):
        kind, fate = dice.choice(KINDS), dice.choice(FATES)
        at = until - timedelta(days=days) * ((place + 0.5) / size)
        amount = Decimal(0) if kind in WITHOUT_MONEY else Decimal(dice.randint(1, 20_000)) / 100
        action = past_action(
            ticket, place, kind=kind, at=at, status=STATUSES.get(fate, "executed"),
            amount=amount.quantize(Decimal("0.01")), confidence=dice.choice(CONFIDENCES),
            findings=dice.choice(((), (), (), (), ("tone",))), category=dice.choice(("", "return", "question")),
        )  # fmt: skip
        actions.append(action)
        decisions += decisions_on(action, fate, by, dice.choice((None, 12.5, 40.0)))
        if fate == "by_itself" and dice.random() < 0.2:
            finding = dice.choice((*[Finding.RIGHT] * 8, Finding.WRONG, Finding.UNCLEAR))
            samples.append(AuditSample(action=action, share=Decimal("0.2"), drawn_at=at, finding=finding))
    Action.objects.bulk_create(actions, batch_size=500)
    Decision.objects.bulk_create(decisions, batch_size=500)
    AuditSample.objects.bulk_create(samples, batch_size=500)
