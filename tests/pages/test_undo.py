"""Undo on the pages: what can be taken back says so beforehand, what cannot says why, and what to do instead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from approvals.kinds import CATALOGUE
from approvals.models import Action
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import PENDING, Bench, make_catalogue, make_orders, make_ticket
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Order, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now())


@pytest.fixture
def ritas(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


@pytest.fixture
def moved(bench: Bench, rita: Person) -> Action:
    """An order of Carla's with a new address."""
    return bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)


def page_of(client: Client, action: Action) -> str:
    return client.get(f"/actions/{action.pk}/").content.decode()


def test_the_table_has_every_kind(ritas: Client) -> None:
    page = ritas.get("/policy/undo/").content.decode()
    assert all(f'id="{kind}"' in page and entry.title in page for kind, entry in CATALOGUE.items())
    assert "for 30 days after it is done" in page and "until it leaves, 10 s after it is carried out" in page
    assert page.count("Before it leaves") == 1 and "People have been called" in page


@pytest.mark.parametrize("kind", ["cancel_order", "send_reply", "escalate", "change_order_address"])
def test_the_preview_says_it_before_anybody_approves(bench: Bench, ritas: Client, kind: str) -> None:
    page = page_of(ritas, bench.propose(kind, WISHES[kind]))
    words = {
        "cancel_order": "Can be undone for 30 days after it is done, while the order is still cancelled",
        "send_reply": "Can be withdrawn until it leaves, 10 s after it is carried out",
        "escalate": "Cannot be undone: People have been called",
        "change_order_address": "while the order is still pending and has this address",
    }
    opened = page if words[kind] in page else ritas.post(f"/actions/{Action.objects.get().pk}/preview/", follow=True)
    text = opened if isinstance(opened, str) else opened.content.decode()
    assert words[kind] in text and "/policy/undo/" in text


def test_once_done_it_says_until_which_moment(ritas: Client, moved: Action, bench: Bench) -> None:
    until = bench.now + timedelta(days=30)
    page = page_of(ritas, moved)
    assert f"Can be undone until {until:%Y-%m-%d %H:%M} UTC" in page and "Undo this" in page


def test_one_click_takes_it_back_and_a_second_changes_nothing(ritas: Client, moved: Action) -> None:
    page = ritas.post(f"/actions/{moved.pk}/undo/", follow=True).content.decode()
    assert "Undone." in page and "Undo this" not in page
    assert Order.objects.get(pk=PENDING).city == "Leeds"
    before = read_rows()
    ritas.post(f"/actions/{moved.pk}/undo/")
    assert read_rows() == before and Action.objects.filter(undoes=moved).count() == 1


def test_too_late_it_says_why_and_offers_the_reversing_action(ritas: Client, moved: Action) -> None:
    assert moved.receipt is not None
    moved.receipt["undo"]["until"] = (timezone.now() - timedelta(days=1)).isoformat()
    Action.objects.filter(pk=moved.pk).update(receipt=moved.receipt)
    page = page_of(ritas, moved)
    assert "too late: this was possible for 30 days" in page and "Undo this" not in page
    address = f"/tickets/{moved.ticket_id}/propose/change_order_address/?instead_of={moved.pk}"
    assert address in page
    form = ritas.get(address).content.decode()
    assert "12 Harbour Street" in form and "Leeds" in form
    before = read_rows()
    assert "too late" in ritas.post(f"/actions/{moved.pk}/undo/", follow=True).content.decode()
    assert read_rows() == before


@pytest.mark.parametrize("instead_of", ["nonsense", "6c9a5f0e-0000-4000-8000-000000000000"])
def test_a_form_for_nothing_known_begins_empty(ritas: Client, moved: Action, instead_of: str) -> None:
    address = f"/tickets/{moved.ticket_id}/propose/change_order_address/?instead_of={instead_of}"
    assert "12 Harbour Street" not in ritas.get(address).content.decode()


def test_an_order_on_its_way_says_so(ritas: Client, moved: Action) -> None:
    Order.objects.filter(pk=PENDING).update(status="delivered")
    page = page_of(ritas, moved)
    assert "this can be undone only while it is pending" in page and "Undo this" not in page


def test_who_may_not_is_told_who_can(bench: Bench, ritas: Client, max_: Person, auditor: Person) -> None:
    cancel = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    assert "It can be undone by a manager or an admin." in page_of(ritas, cancel)
    auditors = Client()
    auditors.force_login(auditor)
    before = read_rows()
    assert "This needs a manager." in ritas.post(f"/actions/{cancel.pk}/undo/", follow=True).content.decode()
    assert auditors.post(f"/actions/{cancel.pk}/undo/").status_code == 403
    assert read_rows() == before


def test_an_undo_is_not_undone(bench: Bench, ritas: Client, moved: Action) -> None:
    ritas.post(f"/actions/{moved.pk}/undo/")
    undo = Action.objects.get(undoes=moved)
    page = page_of(ritas, undo)
    assert "An undo cannot be undone; do the original again instead." in page and "Undo this" not in page
