"""A shop with one order of Carla's and one of Otto's, and a ticket of Carla's whose run has just been queued."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel, ScriptedTurn
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from tickets.models import Customer, LedgerLine, Order, Product, Ticket
from tickets.operations import Letter, open_ticket

Play = Callable[..., Run]


def add_order(order_id: str, customer: Customer, mug: Product) -> Order:
    order = Order.objects.create(order_id=order_id, customer=customer, status="pending", **customer.address)
    order.lines.create(
        place=0, product=mug, item_id="9101", name="Mug", price=Decimal("12.50"), options={"colour": "red"}
    )
    method = customer.payment_methods.get(source="gift_card").payment_method_id
    LedgerLine.objects.create(
        customer=customer, order=order, direction="payment", amount=Decimal("12.50"),
        payment_method_id=method, at=timezone.now(),
    )  # fmt: skip
    return order


@pytest.fixture
def mug(db: None) -> Product:
    mug = Product.objects.create(product_id="9001", name="Mug")
    mug.variants.create(item_id="9101", options={"colour": "red"}, available=True, price=Decimal("12.50"))
    return mug


@pytest.fixture
def order(mug: Product, carla: Customer) -> Order:
    return add_order("#W0000001", carla, mug)


@pytest.fixture
def ottos_order(mug: Product, otto: Customer) -> Order:
    return add_order("#W0000002", otto, mug)


@pytest.fixture
def ticket(order: Order, carla: Customer) -> Ticket:
    return open_ticket(Letter(carla.email, "Cancel", "Please cancel #W0000001"), now=timezone.now())[0]


@pytest.fixture
def run(ticket: Ticket) -> Run:
    """The live run that Carla's letter queued."""
    return Run.objects.get(ticket=ticket)


@pytest.fixture
def play(run: Run) -> Play:
    """Advances the ticket's run by a script; answers with the run as it then is."""

    def play_turns(*turns: ScriptedTurn, **columns: Any) -> Run:
        if columns:
            Run.objects.filter(pk=run.pk).update(**columns)
        advance_run(run.pk, model=ScriptedModel(turns))
        run.refresh_from_db()
        return run

    return play_turns
