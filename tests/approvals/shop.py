"""A small shop to propose actions in: two products, an order of Carla's in every status, one order of Otto's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.gate import execute_action
from approvals.models import Action
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import KindPolicy, Policy, PolicySettings
from approvals.proposing import Proposal, propose_action
from tickets.models import Customer, LedgerLine, Order, OrderLine, OrderStatus, Person, Product, Ticket, Variant
from tickets.operations import Letter, open_ticket

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
VARIANTS = (
    ("9001", "Mug", "9101", "12.50", True, {"colour": "red", "size": "small"}),
    ("9001", "Mug", "9102", "12.50", True, {"colour": "blue", "size": "small"}),
    ("9001", "Mug", "9103", "20.10", True, {"colour": "green", "size": "large"}),
    ("9001", "Mug", "9104", "30.00", False, {"colour": "gold", "size": "large"}),
    ("9001", "Mug", "9105", "8.00", True, {"colour": "white", "size": "small"}),
    ("9002", "Lamp", "9201", "40.00", True, {"bulb": "warm"}),
    ("9002", "Lamp", "9202", "250.00", True, {"bulb": "cold"}),
)
ITEMS = ("9101", "9101", "9201")
PENDING, DELIVERED, OTTOS = "#W1000000", "#W1000002", "#W2000000"
NEW_ADDRESS = {
    "address1": "7 Hill Road", "address2": "", "city": "York", "country": "UK", "state": "Yorkshire", "zip": "YO1 7HH",
}  # fmt: skip


def make_catalogue() -> None:
    """Two products with their variants."""
    names = {product_id: name for product_id, name, *_ in VARIANTS}
    Product.objects.bulk_create(Product(product_id=product_id, name=name) for product_id, name in names.items())
    Variant.objects.bulk_create(
        Variant(product_id=product_id, item_id=item_id, options=options, available=available, price=Decimal(price))
        for product_id, _, item_id, price, available, options in VARIANTS
    )


def make_order(
    customer: Customer,
    order_id: str,
    *,
    status: str = "pending",
    items: Sequence[str] = ITEMS,
    paid_with: str = "credit_card",
) -> Order:
    """An order at catalogue prices, paid in full with one of the customer's methods."""
    order = Order(order_id=order_id, customer=customer, status=status, **customer.address)
    place_orders([order], items=items, paid_with=paid_with)
    return order


def place_orders(orders: Sequence[Order], *, items: Sequence[str] = ITEMS, paid_with: str = "credit_card") -> None:
    """Stores orders of the same items, in one statement a table: nearly every test begins with eight of them."""
    known = Variant.objects.select_related("product").in_bulk(set(items))
    variants = [known[item_id] for item_id in items]
    total = sum((variant.price for variant in variants), Decimal(0))
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, place=place, product=variant.product, item_id=variant.item_id, name=variant.product.name,
            price=variant.price, options=variant.options,
        )
        for order in orders for place, variant in enumerate(variants)
    )  # fmt: skip
    LedgerLine.objects.bulk_create(
        make_payment(order, total, f"{paid_with}_{order.customer.first_name.lower()}") for order in orders
    )


def pay(order: Order, amount: Decimal, payment_method_id: str, direction: str = "payment") -> LedgerLine:
    """One more line of an order's payment history, as a shop would load it."""
    line = make_payment(order, amount, payment_method_id, direction)
    line.save()
    return line


def make_payment(order: Order, amount: Decimal, payment_method_id: str, direction: str = "payment") -> LedgerLine:
    """A line of an order's payment history, not stored yet."""
    return LedgerLine(
        customer=order.customer, order=order, direction=direction, amount=amount,
        payment_method_id=payment_method_id, at=NOW,
    )  # fmt: skip


def order_in(status: str) -> str:
    """The id of Carla's order in this status."""
    return f"#W100000{list(OrderStatus.values).index(status)}"


def make_orders(carla: Customer, otto: Customer) -> None:
    """Carla's seven orders, one in each status, and Otto's one."""
    hers = [Order(order_id=order_in(one), customer=carla, status=one, **carla.address) for one in OrderStatus.values]
    place_orders([*hers, Order(order_id=OTTOS, customer=otto, status="pending", **otto.address)])


def make_ticket(customer: Customer, **letter: Any) -> Ticket:
    """A ticket of a customer whose identity was verified."""
    words = {"subject": "A wish", "body": "Please help.", "identity": "verified", **letter}
    return open_ticket(Letter(customer.email, **words), now=NOW)[0]


@dataclass
class Bench:
    """One ticket and the people around it; each method is one thing somebody does."""

    ticket: Ticket
    now: datetime = NOW
    origin: UUID | None = None
    people: dict[str, Person] = field(default_factory=dict)

    def propose(self, kind: str, arguments: dict[str, Any] | None = None, **fields: Any) -> Action:
        """What an agent wants, quite sure of itself; `fields` are the proposal's."""
        if self.origin is not None:
            fields.setdefault("origin", self.origin)
        wanted = {"proposer": "agent:scripted", "confidence": Decimal("0.99"), **fields}
        proposal = Proposal(self.ticket.pk, kind, arguments or {}, **wanted)
        return propose_action(proposal, now=self.now)

    def approve(self, action: Action, by: Person, **fields: Any) -> Action:
        """One approval of what the action shows now, after having looked at it."""
        fresh = Action.objects.get(pk=action.pk)
        mark_seen(action.pk, fresh.digest, by=by, now=self.now)
        return decide_action(Verdict(action.pk, "approve", fresh.digest, **fields), by=by, now=self.now)

    def execute(self, action: Action) -> Action:
        """The gate, asked once."""
        return execute_action(action.pk, now=self.now)

    def carry_out(self, action: Action, by: Person) -> Action:
        """Approved where it waits, then executed."""
        if Action.objects.get(pk=action.pk).status == "waiting":
            self.approve(action, by)
        return self.execute(action)


def publish(by: Person | None = None, settings: dict[str, Any] | None = None, **kinds: dict[str, Any]) -> Policy:
    """Publishes the policy in force with some rules changed."""
    now = policy_in_force()
    rules = {name: KindPolicy(**{**rule.model_dump(), **kinds.get(name, {})}) for name, rule in now.kinds.items()}
    changed = PolicySettings(**{**now.settings.model_dump(), **(settings or {})})
    at = NOW + timedelta(microseconds=next(MOMENTS))
    return publish_policy(Policy(kinds=rules, settings=changed), base_version=now.version, note="", by=by, now=at)


MOMENTS = count()
"""A version is known by its number and its moment; tests roll back, so each of theirs has a moment of its own."""

BY_ITSELF = {"mode": "auto", "min_confidence": Decimal("0.5")}
