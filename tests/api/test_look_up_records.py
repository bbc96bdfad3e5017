"""The shop's records, as they are now."""

import pytest

from tests.api.conftest import Caller
from tickets.models import Customer, Order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["%23W0000001", "W0000001"])
def test_an_order_is_found_with_and_without_its_sign(as_rita: Caller, order: Order, carla: Customer, name: str) -> None:
    assert as_rita.get(f"orders/{name}") == {
        "order_id": "#W0000001",
        "user_id": carla.pk,
        "address": carla.address,
        "items": [
            {"name": "Mug", "product_id": "9001", "item_id": "9101", "price": "12.50", "options": {"colour": "red"}}
        ],
        "status": "pending",
        "fulfillments": [],
        "payment_history": [{"transaction_type": "payment", "amount": "12.50", "payment_method_id": "gift_card_carla"}],
    }


def test_what_was_exchanged_or_returned_is_there(as_rita: Caller, order: Order) -> None:
    Order.objects.update(return_facts={"items": ["9101"]}, cancel_reason="no longer needed")
    shown = as_rita.get("orders/W0000001")
    assert (shown["return"], shown["cancel_reason"]) == ({"items": ["9101"]}, "no longer needed")


def test_a_customer_is_shown_with_what_they_own(as_rita: Caller, order: Order, carla: Customer) -> None:
    shown = as_rita.get(f"customers/{carla.pk}")
    assert shown["orders"] == ["#W0000001"]
    assert shown["payment_methods"]["gift_card_carla"]["balance"] == "100.00"
    assert (shown["name"], shown["email"]) == ({"first_name": "Carla", "last_name": "Silva"}, carla.email)


@pytest.mark.parametrize("path", ["orders/%23W9", "orders/%00", "orders/a%2Fb", "customers/nobody", "customers/%00"])
def test_unknown_records(as_rita: Caller, path: str) -> None:
    assert as_rita("GET", path).said == (404, "not_found")
