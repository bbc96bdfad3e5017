"""A crowd as rows: one real proposal's plan, repeated for as many customers, each with what makes it odd or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from approvals.deciding import Verdict, decide_action
from approvals.models import Action
from tests.approvals.batches.crowd import Wish
from tests.approvals.shop import DELIVERED, Bench
from tickets.models import Customer, Person, Ticket

RETURN = {"order_id": DELIVERED, "item_ids": ["9101"], "payment_method_id": "credit_card_carla"}
OTHER_ITEM = {**RETURN, "item_ids": ["9201"]}


def copy_row(row: Any, **changed: Any) -> Any:
    """The same row again, with some columns changed."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**columns, **changed})


def store_crowd(bench: Bench, crowd: Sequence[Wish], reviewer: Person) -> list[Action]:
    """The waiting actions of a crowd, in its order; an action about the other item was rejected the day before."""
    template = bench.propose("return_items", RETURN, origin=uuid4())
    reject(bench, bench.propose("return_items", OTHER_ITEM, origin=uuid4()), reviewer)
    customers = Customer.objects.bulk_create(
        copy_row(bench.ticket.customer, customer_id=f"c_{place}", email=f"c{place}@example.com")
        for place in range(len(crowd))
    )
    known = [place for place, wish in enumerate(crowd) if wish.sort != "new customer"]
    Ticket.objects.bulk_create(copy_row(bench.ticket, id=None, customer_id=f"c_{place}") for place in known)
    tickets = Ticket.objects.bulk_create(
        copy_row(bench.ticket, id=None, customer_id=customer.pk, identity=identity_of(wish))
        for customer, wish in zip(customers, crowd, strict=True)
    )
    rows = [
        copy_row(
            template, id=UUID(int=place + 1), origin=uuid4(), ticket_id=ticket.pk, customer_id=ticket.customer_id,
            amount=wish.amount, confidence=wish.confidence, proposed_at=bench.now + timedelta(seconds=place),
            arguments=OTHER_ITEM if wish.sort == "rejected" else RETURN,
        )
        for place, (wish, ticket) in enumerate(zip(crowd, tickets, strict=True))
    ]  # fmt: skip
    Action.objects.filter(pk=template.pk).update(status="superseded")
    return Action.objects.bulk_create(rows)


def identity_of(wish: Wish) -> str:
    return "claimed" if wish.sort == "identity" else "verified"


def reject(bench: Bench, action: Action, by: Person) -> None:
    decide_action(Verdict(action.pk, "reject", action.digest), by=by, now=bench.now - timedelta(days=1))
