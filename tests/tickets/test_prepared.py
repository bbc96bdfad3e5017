"""A prepared question answers as the ORM does, is compiled once, and refuses what it cannot hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals.models import AuditEntry, Decision
from tickets.models import Customer, Order, OrderLine, Person, Product, Ticket
from tickets.prepared import prepared
from tickets.rows import Raised, insert_row, insert_rows, update_row

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def orders(carla: Customer) -> list[Order]:
    """Three orders of Carla's with a line each."""
    mug = Product.objects.create(product_id="1", name="Mug")
    made = [Order.objects.create(order_id=f"#W{place}", customer=carla, status="pending") for place in range(3)]
    for order in made:
        options = {"size": "L", "colour": "gr\u00fcn"}
        OrderLine.objects.create(
            order=order, place=0, product=mug, item_id="9", name="Mug", price=Decimal("12.50"), options=options
        )
    return made


def columns_of(row: Model) -> dict[str, Any]:
    """What an instance holds of its own columns."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@prepared
def lines_with_orders(customer_id: str) -> QuerySet[OrderLine]:
    """Instances with a related one."""
    return OrderLine.objects.select_related("order").filter(order__customer_id=customer_id).order_by("id")


@prepared
def some_orders(order_ids: tuple[str, ...], before: dt.datetime) -> QuerySet[Order]:
    """A sequence and a time."""
    return Order.objects.filter(pk__in=order_ids, created_at__lt=before).order_by("pk")


def test_it_gives_what_the_orm_gives(carla: Customer, orders: list[Order]) -> None:
    own = lines_with_orders(carla.pk)
    theirs = OrderLine.objects.select_related("order").order_by("id")
    assert [columns_of(line) for line in own] == [columns_of(line) for line in theirs]
    assert [columns_of(line.order) for line in own] == [columns_of(order) for order in orders]
    assert own[0]._state.db == "default"
    assert not own[0]._state.adding


def test_related_rows_take_no_second_statement(carla: Customer, orders: list[Order]) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert [line.order.status for line in lines_with_orders(carla.pk)] == ["pending"] * 3
    assert len(seen) == 1


def test_each_asking_has_its_own_values(orders: list[Order]) -> None:
    later = timezone.now() + dt.timedelta(hours=1)
    asked = [("#W0",), ("#W1", "#W2"), ("#W2", "#W0"), ("#W7",), ()]
    found = [[order.pk for order in some_orders(names, later)] for names in asked]
    assert found == [["#W0"], ["#W1", "#W2"], ["#W0", "#W2"], [], []]
    assert some_orders(("#W0",), NOW - dt.timedelta(days=4000)) == []


def test_it_gives_values_as_the_orm_does(carla: Customer, orders: list[Order]) -> None:
    @prepared
    def prices(customer_id: str) -> QuerySet[OrderLine, tuple[Any, ...]]:
        return OrderLine.objects.filter(order__customer_id=customer_id).values_list("order_id", "price", "options")

    @prepared
    def ids(customer_id: str) -> QuerySet[Order, str]:
        return Order.objects.filter(customer_id=customer_id).order_by("pk").values_list("pk", flat=True)

    options = {"size": "L", "colour": "gr\u00fcn"}
    assert sorted(prices(carla.pk)) == [(f"#W{place}", Decimal("12.50"), options) for place in range(3)]
    assert ids(carla.pk) == ["#W0", "#W1", "#W2"]


def test_a_lock_is_taken_in_a_transaction_only(transactional_db: None, carla: Customer) -> None:
    @prepared
    def locked(customer_id: str) -> QuerySet[Customer, str]:
        return Customer.objects.select_for_update().filter(pk=customer_id).values_list("pk", flat=True)

    with transaction.atomic():
        assert locked(carla.pk) == [carla.pk]
    with pytest.raises(transaction.TransactionManagementError):
        locked(carla.pk)


def test_a_value_that_would_be_lost_is_refused(orders: list[Order]) -> None:
    @prepared
    def lines(order_ids: tuple[str, ...]) -> QuerySet[OrderLine]:
        return OrderLine.objects.filter(order_id__in=order_ids)

    with pytest.raises(ValueError, match="lines"):
        lines(("#W0",))


@pytest.mark.parametrize("value", [None, 1.5, ["#W0"]])
def test_a_value_of_another_sort_is_refused(value: Any, carla: Customer) -> None:
    with pytest.raises(TypeError):
        lines_with_orders(value)


def test_a_row_is_inserted_as_the_orm_would(carla: Customer, rita: Person) -> None:
    entry = AuditEntry(kind="a.b", actor="x", subject="y", data={"b": 1, "a": "\u00e9"}, at=NOW)
    insert_row(entry)
    assert columns_of(AuditEntry.objects.get(pk=entry.pk)) == columns_of(entry)
    order = Order(order_id="#W9", customer=carla, status="pending", fulfillments=[{"a": 1}])
    insert_row(order)
    assert columns_of(Order.objects.get(pk="#W9")) == columns_of(order)
    assert not order._state.adding


def test_a_row_is_updated_where_it_holds_what_is_said(carla: Customer) -> None:
    ticket = Ticket.objects.create(customer=carla, subject="a", tags=["x"], created_at=NOW, updated_at=NOW)
    where = {"id": ticket.pk, "tags": ["x"], "escalation": None}
    changed = update_row(Ticket, where, {"tags": ["y"], "last_event_seq": Raised(2)}, ("last_event_seq",))
    assert changed == (2,)
    assert update_row(Ticket, where, {"tags": ["z"]}, ("id",)) is None
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.last_event_seq) == (["y"], 2)


def test_what_is_there_already_is_left(carla: Customer) -> None:
    columns = ("product_id", "name")
    insert_rows(Product, columns, [("7", "Mug"), ("8", "Cup")], once=False)
    insert_rows(Product, columns, [("7", "Jar"), ("9", "Pot")], once=True)
    assert dict(Product.objects.values_list("product_id", "name")) == {"7": "Mug", "8": "Cup", "9": "Pot"}
    assert Decision.objects.count() == 0
