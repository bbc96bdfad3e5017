"""What waits together, over the API: figures, outliers with their reasons, and what a decision on it needs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from approvals.models import Action
from tests.api.conftest import Caller
from tests.approvals.batches.crowd import make_crowd, planted
from tests.approvals.batches.rows import store_crowd
from tests.approvals.shop import NEW_ADDRESS, PENDING, Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db

CANCEL = {"order_id": PENDING, "reason": "no longer needed"}


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now() - timedelta(hours=3))


def read_all(caller: Caller, path: str) -> list[dict[str, Any]]:
    items, cursor = [], ""
    while True:
        answer = caller.get(f"{path}{'&' if '?' in path else '?'}limit=200{cursor}")
        items += answer["items"]
        if answer["next"] is None:
            return items
        cursor = f"&cursor={answer['next']}"


def test_of_three_hundred_all_fifteen_planted_are_out_and_five_others_at_most(
    as_max: Caller, max_: Person, bench: Bench
) -> None:
    crowd = make_crowd(11)
    store_crowd(bench, crowd, max_)
    [batch] = as_max.get("batches")["items"]
    items = read_all(as_max, f"batches/{quote(batch['id'])}")
    out = {UUID(item["action_id"]).int - 1 for item in items if item["is_outlier"]}
    assert planted(crowd) <= out and len(out) <= 20
    assert [UUID(item["action_id"]).int for item in items] == list(range(1, 301))
    assert (batch["count"], batch["outliers"], batch["selected"]["count"]) == (300, len(out), 300 - len(out))
    amounts = [wish.amount for wish in crowd]
    kept = [wish.amount for place, wish in enumerate(crowd) if place not in out]
    assert batch["totals"] == [{"currency": "USD", "total": str(sum(amounts)), "largest": str(max(amounts))}]
    assert batch["selected"]["totals"] == [{"currency": "USD", "total": str(sum(kept)), "largest": str(max(kept))}]
    assert all(bool(item["outlier_reasons"]) == item["is_outlier"] for item in items)


def test_what_a_batch_holds_is_what_a_bulk_takes(as_max: Caller, bench: Bench) -> None:
    for street in ("1 Quay", "2 Quay"):
        moved = {"order_id": PENDING, "address": {**NEW_ADDRESS, "address1": street}}
        bench.propose("change_order_address", moved)
    [batch] = as_max.get("batches")["items"]
    items = as_max.get(f"batches/{quote(batch['id'])}")["items"]
    sent = [{"action_id": item["action_id"], "verdict": "approve", "digest": item["digest"]} for item in items]
    answer = as_max.post("decisions", {"items": sent})
    assert [one["ok"] for one in answer.body["items"]] == [True, True]
    assert as_max.get("batches")["items"] == []
    assert as_max("GET", f"batches/{quote(batch['id'])}").said == (404, "not_found")


def test_groups_go_across_runs_and_runs_hold_what_they_proposed(as_max: Caller, bench: Bench) -> None:
    runs = [uuid4(), uuid4()]
    for origin in runs:
        bench.propose("cancel_order", CANCEL, origin=origin)
        bench.propose("send_reply", {"body": "It is cancelled."}, origin=origin)
    groups = as_max.get("batches")["items"]
    assert [(one["kind"], one["tier"], one["count"], one["reason"]) for one in groups] == [
        ("cancel_order", "high", 2, "always reviewed"),
        ("send_reply", "low", 2, "always reviewed"),
    ]
    first = as_max.get("batches?by=run&limit=1")
    second = as_max.get(f"batches?by=run&limit=1&cursor={first['next']}")
    shown = [page["items"][0] for page in (first, second)]
    assert {one["origin"] for one in shown} == set(map(str, runs)) and second["next"] is None
    assert [one["kind"] for one in as_max.get(f"batches/{runs[0]}")["items"]] == ["cancel_order", "send_reply"]
    assert as_max.get(f"batches/{runs[0]}")["totals"][0]["total"] == "65.00"


def test_pages_of_groups_hold_each_once(as_max: Caller, bench: Bench) -> None:
    bench.propose("cancel_order", CANCEL)
    bench.propose("send_reply", {"body": "Dear Carla."})
    bench.propose("change_order_address", {"order_id": PENDING, "address": NEW_ADDRESS})
    whole = as_max.get("batches")["items"]
    first = as_max.get("batches?limit=2")
    rest = as_max.get(f"batches?limit=2&cursor={first['next']}")
    assert first["items"] + rest["items"] == whole and len(whole) == 3 and rest["next"] is None


def test_what_was_put_off_is_left_out_unless_asked_for(as_max: Caller, bench: Bench) -> None:
    bench.propose("cancel_order", CANCEL)
    Ticket.objects.filter(pk=bench.ticket.pk).update(snoozed_until=timezone.now() + timedelta(hours=1))
    assert as_max.get("batches")["items"] == []
    [batch] = as_max.get("batches?snoozed=true")["items"]
    assert as_max("GET", f"batches/{quote(batch['id'])}").status == 404
    assert len(as_max.get(f"batches/{quote(batch['id'])}?snoozed=true")["items"]) == 1
    Ticket.objects.filter(pk=bench.ticket.pk).update(snoozed_until=timezone.now() - timedelta(seconds=1))
    assert len(as_max.get("batches")["items"]) == 1


def test_currencies_are_never_added_up(as_max: Caller, bench: Bench) -> None:
    bench.propose("cancel_order", CANCEL)
    euros = bench.propose("cancel_order", CANCEL)
    Action.objects.filter(pk=euros.pk).update(currency="EUR", amount=Decimal("70.00"))
    [batch] = as_max.get("batches")["items"]
    assert [(one["currency"], one["total"]) for one in batch["totals"]] == [("EUR", "70.00"), ("USD", "65.00")]


@pytest.mark.parametrize("name", ["x", "a~b", "a~b~c", "a~b~low", str(uuid4()), "return_items~~high", "%00~a~low"])
def test_a_batch_that_is_none_is_not_found(as_max: Caller, name: str) -> None:
    assert as_max("GET", f"batches/{name}").said == (404, "not_found")


@pytest.mark.parametrize("query", ["by=week", "limit=0", "cursor=x", "by=run&cursor=WyIyMDI2IiwieCJd", "snoozed=y3"])
def test_what_does_not_fit_is_named(as_max: Caller, query: str) -> None:
    assert as_max("GET", f"batches?{query}").said == (422, "invalid")


def test_an_auditor_may_look_and_nobody_may_not(call_as: Any, as_nobody: Caller, auditor: Person) -> None:
    assert call_as(auditor).get("batches")["items"] == []
    assert as_nobody("GET", "batches").said == (401, "unauthenticated")
    assert as_nobody("GET", "batches/x").said == (401, "unauthenticated")
