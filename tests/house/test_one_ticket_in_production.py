"""One ticket from message to executed action, across two web processes, two workers and beat."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.serializers.json import DjangoJSONEncoder

from tests.house.production_shape import PATIENCE, Installation, wait_for
from tickets.demo.shop import build_shop

pytestmark = pytest.mark.services

Api = httpx.Client


def load_demo_shop(installation: Installation, folder: Path) -> dict[str, Any]:
    """Loads the shop, and not the demo's people and tickets; one pending order of it."""
    shop = build_shop()
    for name, records in shop.items():
        (folder / f"{name}.json").write_text(json.dumps(records, cls=DecimalEncoder), encoding="utf-8")
    (folder / "policy.md").write_text("# Shop rules\n\nPending orders can be cancelled.\n", encoding="utf-8")
    installation.manage("load_shop", str(folder))
    orders = shop["orders"].values()
    return next(order for order in orders if order["status"] == "pending" and len(order["payment_history"]) == 1)


class DecimalEncoder(DjangoJSONEncoder):
    """Amounts as numbers, which is what the shop's files have."""

    def default(self, o: Any) -> Any:
        return float(o)


@pytest.fixture
def apis(installation: Installation, webs: list[str]) -> Iterator[tuple[Api, Api]]:
    """The API of either web process, for the first administrator."""
    password = {"DJANGO_SUPERUSER_PASSWORD": "a-long-enough-password"}
    installation.manage("createsuperuser", "--no-input", "--username=ada", "--email=ada@example.com", **password)
    token = installation.manage("make_token", "ada").splitlines()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    first, second = (Api(base_url=f"{url}/api/v1/", headers=headers, timeout=60) for url in webs)
    with first, second:
        yield first, second


def read(api: Api, path: str, **parameters: str) -> Any:
    answer = api.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(api: Api, path: str, body: dict[str, Any]) -> Any:
    answer = api.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def write_as_customer(api: Api, installation: Installation, folder: Path) -> tuple[str, str]:
    """A customer asks to cancel an order of hers; the ticket's id and the order's."""
    order = load_demo_shop(installation, folder)
    customer = build_shop()["users"][order["user_id"]]
    body = f"Hello, please cancel my order {order['order_id']}, I ordered it by mistake. Thank you."
    ticket = write(
        api,
        "tickets",
        {"customer_email": customer["email"], "identity": "verified", "subject": "Cancel my order", "body": body},
    )
    return str(ticket["id"]), str(order["order_id"])


def list_actions(api: Api, ticket_id: str, **parameters: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = read(api, "actions", ticket=ticket_id, **parameters)["items"]
    return items


def approve(api: Api, action: dict[str, Any]) -> None:
    digest = action["preview"]["digest"]
    write(api, f"actions/{action['id']}/seen", {"digest": digest})
    write(api, f"actions/{action['id']}/decisions", {"verdict": "approve", "digest": digest})


def read_order_status(api: Api, order_id: str) -> str:
    return str(read(api, f"orders/{order_id.replace('#', '%23')}")["status"])


def test_a_message_becomes_an_executed_action(
    installation: Installation, apis: tuple[Api, Api], tmp_path: Path
) -> None:
    first, second = apis
    ticket_id, order_id = write_as_customer(first, installation, tmp_path)
    wait_for(lambda: bool(list_actions(second, ticket_id, status="waiting")), PATIENCE, installation.read_logs())
    wait_for(
        lambda: read(second, f"runs/{run_of(second, ticket_id)}")["status"] == "waiting", PATIENCE, "still running"
    )
    waiting = list_actions(second, ticket_id, status="waiting")
    assert "cancel_order" in {action["kind"] for action in waiting}
    for api, action in zip(itertools.cycle(apis), waiting, strict=False):
        approve(api, action)
    wait_for(lambda: read_order_status(first, order_id) == "cancelled", PATIENCE, installation.read_logs())
    wait_for(
        lambda: read(first, f"runs/{run_of(first, ticket_id)}")["status"] == "done", PATIENCE, installation.read_logs()
    )
    assert_it_happened_once(second, ticket_id)


def run_of(api: Api, ticket_id: str) -> str:
    return str(read(api, f"tickets/{ticket_id}")["runs"][-1])


def assert_it_happened_once(api: Api, ticket_id: str) -> None:
    assert {action["status"] for action in list_actions(api, ticket_id)} == {"executed"}
    messages = read(api, f"tickets/{ticket_id}")["messages"]
    assert [message["direction"] for message in messages if message["direction"] != "note"] == ["inbound", "outbound"]
    events = read(api, f"runs/{run_of(api, ticket_id)}/events", after="0")
    items = events["items"] if isinstance(events, dict) else events
    assert [event["seq"] for event in items] == list(range(1, len(items) + 1))
