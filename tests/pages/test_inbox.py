"""The inbox: saved views with counts, a search, pages by key, and a fixed number of requests to the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agentdesk.runs.models import Run
from approvals.models import Action
from tickets.models import Customer, Person, Ticket
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def hers(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


def make_ticket(customer: Customer, subject: str = "A matter", **fields: Any) -> Ticket:
    age = timedelta(minutes=fields.pop("minutes", 0))
    return Ticket.objects.create(
        customer=customer, subject=subject, created_at=NOW - age, updated_at=NOW - age, **fields
    )


def make_waiting(ticket: Ticket) -> Action:
    return Action.objects.create(
        ticket=ticket, customer=ticket.customer, origin=uuid4(), kind="send_reply", arguments={}, status="waiting",
        tier="low", verdict="review", policy_version=1, proposer="agent:offline", proposed_at=NOW,
    )  # fmt: skip


def subjects(client: Client, query: str) -> list[str]:
    return [ticket.subject for ticket in client.get(f"/tickets/{query}").context["page"].rows]


@pytest.fixture
def shelf(carla: Customer, otto: Customer, rita: Person) -> dict[str, Ticket]:
    """One ticket for each saved view."""
    return {
        "waiting": make_waiting(make_ticket(carla, "waits", minutes=1)).ticket,
        "escalated": make_ticket(carla, "burns", minutes=2, escalation={"reason": "legal"}),
        "pending": make_ticket(otto, "asked back", minutes=3, status="pending"),
        "solved": make_ticket(otto, "done", minutes=4, status="solved"),
        "closed": make_ticket(otto, "over", minutes=5, status="closed"),
        "mine": make_ticket(otto, "hers", minutes=6, status="pending", assignee=rita),
    }


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("", ["waits", "burns"]),
        ("?view=waiting", ["waits"]),
        ("?view=escalated", ["burns"]),
        ("?view=open", ["waits", "burns"]),
        ("?view=pending", ["asked back", "hers"]),
        ("?view=solved", ["done"]),
        ("?view=all", ["waits", "burns", "asked back", "done", "over", "hers"]),
        ("?view=mine", ["hers"]),
        ("?view=nonsense", ["waits", "burns"]),
    ],
)
def test_a_saved_view_holds_its_tickets_and_no_other(
    hers: Client, shelf: dict[str, Ticket], view: str, expected: list[str]
) -> None:
    assert subjects(hers, view) == expected


def test_the_views_are_counted(hers: Client, shelf: dict[str, Ticket]) -> None:
    make_waiting(shelf["waiting"])
    counts = {value: many for value, _, many in hers.get("/tickets/").context["views"]}
    assert counts == {
        "waiting": 1, "escalated": 1, "open": 2, "pending": 2, "solved": 1, "all": 6, "mine": 1, "called": 0,
        "not_now": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("{number}", ["done"]),
        ("{number_lower}", ["done"]),
        ("BURNS", ["burns"]),
        ("carla silva", ["waits", "burns"]),
        ("silva burns", ["burns"]),
        ("otto@example.com done", ["done"]),
        ("999999999999999999999999", []),
        ("%", []),
        ("nothing like it", []),
        ("' OR 1=1 --", []),
    ],
)
def test_it_searches_number_subject_and_customer(
    hers: Client, shelf: dict[str, Ticket], search: str, expected: list[str]
) -> None:
    number = shelf["solved"].number
    assert subjects(hers, f"?q={search.format(number=number, number_lower=number.lower())}") == expected


@pytest.mark.parametrize("search", ["%23W77", "w7700001", " #W7700001 "])
def test_it_searches_by_a_customers_order(hers: Client, shelf: dict[str, Ticket], carla: Customer, search: str) -> None:
    carla.orders.create(order_id="#W7700001", status="pending", **carla.address)
    mine = {ticket.subject for ticket in shelf.values() if ticket.customer_id == carla.pk}
    found = subjects(hers, f"?q={search.replace('#', '%23')}")
    assert set(found) == (mine if "7700001" in search else set())


def test_a_search_stays_in_the_view_that_was_asked_for(hers: Client, shelf: dict[str, Ticket]) -> None:
    assert subjects(hers, "?q=otto&view=solved") == ["done"]


def test_it_pages_by_key_and_nothing_is_missed_or_doubled(hers: Client, carla: Customer) -> None:
    Ticket.objects.bulk_create(
        Ticket(customer=carla, subject=f"matter {n}", created_at=NOW, updated_at=NOW - timedelta(minutes=n // 7))
        for n in range(120)
    )
    seen, query = [], "?view=all"
    while query:
        response = hers.get(f"/tickets/{query}")
        seen += [ticket.subject for ticket in response.context["page"].rows]
        query = f"?{response.context['older']}" if response.context["page"].next else ""
    assert len(seen) == 120
    assert set(seen) == {f"matter {n}" for n in range(120)}


@pytest.mark.parametrize("cursor", ["nonsense", "bnVsbA==", "WyJ4IiwgMV0=", "é", "W10="])
def test_a_broken_cursor_starts_at_the_newest(hers: Client, shelf: dict[str, Ticket], cursor: str) -> None:
    assert subjects(hers, f"?view=all&cursor={cursor}")[0] == "waits"


def test_it_asks_the_database_as_often_for_fifty_tickets_as_for_one(
    hers: Client, carla: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(50):
        ticket = make_ticket(carla, f"matter {n}")
        Run.objects.create(
            ticket=ticket, status="done", model="offline", policy_version=1, started_by="x", created_at=NOW
        )
    with django_assert_max_num_queries(10):
        assert hers.get("/tickets/").status_code == 200


def test_it_shows_the_newest_live_run(hers: Client, carla: Customer) -> None:
    ticket = make_ticket(carla)
    for minutes, status, mode in ((3, "failed", "live"), (2, "waiting", "live"), (1, "done", "dry_run")):
        Run.objects.create(
            ticket=ticket, status=status, mode=mode, model="offline", policy_version=1, started_by="x",
            created_at=NOW - timedelta(minutes=minutes),
        )  # fmt: skip
    page = hers.get("/tickets/").content.decode()
    assert "Waits for decisions" in page
    assert "Failed" not in page


def test_what_customers_write_is_inert(hers: Client) -> None:
    letter = Letter("eve@example.com", "<script>alert(1)</script> \u202egnp.exe", "x", "<b>Eve</b>")
    open_ticket(letter, now=NOW)
    page = hers.get("/tickets/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Eve</b>" not in page
    assert "\u202e" not in page
    assert "U+202E" in page
