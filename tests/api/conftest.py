"""A client for each way in, and a ticket with an order to act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from agentdesk.people.tokens import make_token
from tickets.models import Customer, LedgerLine, Order, Person, Product, Ticket
from tickets.operations import Letter, open_ticket


@dataclass
class Caller:
    """A program with a token, or without one."""

    token: str = ""

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        response = Client(raise_request_exception=False).generic(
            method, f"/api/v1/{path}", data, "application/json", headers=headers
        )
        return Answer(response.status_code, json.loads(response.content), dict(response.headers))

    def get(self, path: str) -> Any:
        """The body of a 200."""
        answer = self("GET", path)
        assert answer.status == 200, answer
        return answer.body

    def post(self, path: str, body: Any = None) -> Answer:
        return self("POST", path, body)


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.body["error"]
        assert isinstance(error["code"], str) and isinstance(error["message"], str)
        return error

    @property
    def said(self) -> tuple[int, str]:
        """Status and error code."""
        return self.status, self.error["code"]


MakeCaller = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _nobody_has_called_yet() -> None:
    cache.clear()


@pytest.fixture
def call_as() -> MakeCaller:
    """A caller with a token of this person."""

    def make(person: Person, scopes: Sequence[str] = ()) -> Caller:
        return Caller(make_token(person, scopes=scopes, name="test", by="test", now=timezone.now()))

    return make


@pytest.fixture
def as_rita(call_as: MakeCaller, rita: Person) -> Caller:
    return call_as(rita)


@pytest.fixture
def as_max(call_as: MakeCaller, max_: Person) -> Caller:
    return call_as(max_)


@pytest.fixture
def as_ada(call_as: MakeCaller, ada: Person) -> Caller:
    return call_as(ada)


@pytest.fixture
def as_nobody() -> Caller:
    return Caller()


@pytest.fixture
def order(carla: Customer) -> Order:
    """A pending mug for 12.50, paid with Carla's gift card."""
    mug = Product.objects.create(product_id="9001", name="Mug")
    mug.variants.create(item_id="9101", options={"colour": "red"}, available=True, price=Decimal("12.50"))
    order = Order.objects.create(order_id="#W0000001", customer=carla, status="pending", **carla.address)
    order.lines.create(
        place=0, product=mug, item_id="9101", name="Mug", price=Decimal("12.50"), options={"colour": "red"}
    )
    LedgerLine.objects.create(
        customer=carla, order=order, direction="payment", amount=Decimal("12.50"),
        payment_method_id="gift_card_carla", at=timezone.now(),
    )  # fmt: skip
    return order


@pytest.fixture
def ticket(carla: Customer, order: Order) -> Ticket:
    """Carla wants it cancelled; her identity is proved."""
    letter = Letter(carla.email, "Cancel", "Please cancel #W0000001", identity="verified")
    return open_ticket(letter, now=timezone.now())[0]


CANCEL = {"order_id": "#W0000001", "reason": "no longer needed"}


@pytest.fixture
def propose(as_rita: Caller, ticket: Ticket) -> Callable[..., Any]:
    """Proposes an action on Carla's ticket from outside; the action."""

    def propose_one(kind: str = "cancel_order", key: str = "key-1", **arguments: Any) -> Any:
        body = {"kind": kind, "arguments": arguments or CANCEL, "ticket_id": ticket.pk, "idempotency_key": key}
        answer = as_rita.post("actions", body)
        assert answer.status == 201, answer
        return answer.body

    return propose_one


Propose = Callable[..., Any]
