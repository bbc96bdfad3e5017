"""What the tests of earned autonomy have in common: a kind that runs by itself, and what people make of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from approvals.models import Action, AuditSample, Decision
from tests.approvals.shop import NEW_ADDRESS, NOW, Bench
from tickets.models import Person, Ticket

KIND = "change_customer_address"
SINCE = NOW - timedelta(days=1)
FACTS = {
    "kind": KIND, "amount": "0.00", "confidence": "0.99", "findings": [], "identity": "verified", "proposer": "agent",
    "moves_money": False, "reaches_customer": False, "changes_records": True, "category": "", "draw": "0.0500",
}  # fmt: skip


def address(number: int = 1) -> dict[str, Any]:
    """Arguments of the kind; another number is another wish."""
    return {"address": {**NEW_ADDRESS, "address1": f"{number} Hill Road"}}


NUMBERS = count(1)


def soon(**later: int) -> datetime:
    """A moment after all that happens here, never the same twice: a version is known by its number and its moment."""
    return NOW + timedelta(hours=8, microseconds=next(NUMBERS), **later)


def by_itself(bench: Bench, number: int | None = None) -> Action:
    """One more action of the kind through the gate, by itself where the policy says so."""
    return bench.execute(bench.propose(KIND, address(number or next(NUMBERS))))


def find(action: Action, finding: str, share: str = "0.1", *, at: datetime | None = None) -> AuditSample:
    """An audit sample that somebody has looked at."""
    return AuditSample.objects.create(
        action=action,
        share=Decimal(share),
        drawn_at=NOW,
        finding=finding,
        found_at=at or NOW + timedelta(seconds=1),
    )


def make_rows(ticket: Ticket, number: int, *, version: int, first: int = 0, **fields: Any) -> list[Action]:
    """Many actions of the kind as rows alone, a minute apart; `fields` are theirs."""
    facts = {**FACTS, "category": fields.get("category", "")}
    wanted: dict[str, Any] = {
        "kind": KIND, "arguments": {}, "tier": "medium", "verdict": "allow", "facts": facts, "status": "executed",
        "confidence": Decimal("0.99"), "proposer": "agent:scripted", "policy_version": version, **fields,
    }  # fmt: skip
    rows = [
        Action(ticket=ticket, customer_id=ticket.customer_id, origin=uuid4(), **moments(first + place), **wanted)
        for place in range(number)
    ]
    return Action.objects.bulk_create(rows)


def moments(place: int) -> dict[str, datetime]:
    """When the action in this place was proposed and settled."""
    at = NOW + timedelta(minutes=1 + place)
    return {"proposed_at": at, "settled_at": at}


def audited(actions: Iterable[Action], wrong: int, share: str = "0.1") -> None:
    """Somebody looked at all of these; the last so many were wrong."""
    rows = list(actions)
    AuditSample.objects.bulk_create(
        AuditSample(
            action=action,
            share=Decimal(share),
            drawn_at=action.proposed_at,
            finding="wrong" if place >= len(rows) - wrong else "right",
            found_at=action.proposed_at,
        )
        for place, action in enumerate(rows)
    )


def decided(actions: Iterable[Action], verdict: str, by: Person) -> None:
    """One person said the same of all of these."""
    Decision.objects.bulk_create(
        Decision(action=action, person=by, verdict=verdict, digest="", revision=1, at=action.proposed_at)
        for action in actions
    )
