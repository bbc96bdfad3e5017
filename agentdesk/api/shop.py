"""The shop's records as they are now, in load_shop's format."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from agentdesk.api.auth import allow
from agentdesk.api.errors import ApiError
from agentdesk.api.shapes import ERRORS, CustomerRecordShape, OrderShape
from tickets.models import Customer, Order
from tickets.queries import customer_record, customer_to_json, load_orders, order_to_json

router = Router(tags=["shop"])
OrderId = Annotated[str, Path(description="with or without its #, which is %23 in an address")]


@router.get(
    "/orders/{order_id}",
    auth=allow("read"),
    response={200: OrderShape, **ERRORS},
    by_alias=True,
    exclude_unset=True,
)
def get_order(request: HttpRequest, order_id: OrderId) -> dict[str, Any]:
    """One order, with what was returned or exchanged."""
    names = [require_id(order_id)] if order_id.startswith("#") else [require_id(order_id), f"#{order_id}"]
    found = Order.objects.filter(pk__in=names).values_list("pk", "customer_id").first()
    if found is None:
        raise ApiError(404, "There is no such order.")
    pk, customer_id = found
    return order_to_json(load_orders(customer_id, [pk])[pk], customer_id)


@router.get("/customers/{customer_id}", auth=allow("read"), response={200: CustomerRecordShape, **ERRORS})
def get_customer(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    """One customer, with payment methods, balances and the ids of their orders."""
    customer = Customer.objects.filter(pk=require_id(customer_id)).first()
    if customer is None:
        raise ApiError(404, "There is no such customer.")
    order_ids = Order.objects.filter(customer=customer).order_by("place", "order_id").values_list("pk", flat=True)
    return customer_to_json(customer_record(customer), order_ids)


def require_id(name: str) -> str:
    """An id a row can have; PostgreSQL cannot even be asked about NUL."""
    if "\0" in name:
        raise ApiError(404, "There is no such thing here.")
    return name
