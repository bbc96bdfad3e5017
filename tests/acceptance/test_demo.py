"""The demo's forty tickets, worked off by the offline model: what is clear is proposed, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.runs.models import Run, RunStatus
from approvals.models import Action, ActionStatus
from tests.acceptance.retail.driving import Api, advance_runs, work_off
from tickets.demo.opening import open_demo
from tickets.models import Order, Person, Ticket

pytestmark = pytest.mark.django_db

Proposal = tuple[str, Mapping[str, Any]]
TO_SISTER = {
    "address1": "31 Weaver Street", "address2": "Apt 2", "city": "Madison", "country": "USA", "state": "WI",
    "zip": "53703",
}  # fmt: skip
NEW_HOME = {
    "address1": "7 Pond View", "address2": "Unit 3", "city": "Boise", "country": "USA", "state": "ID", "zip": "83702",
}  # fmt: skip


def cancel(order_id: str, reason: str) -> Proposal:
    return "cancel_order", {"order_id": order_id, "reason": reason}


def items(kind: str, order_id: str, method: str, *pairs: tuple[str, str]) -> Proposal:
    changes = [{"item_id": old, "new_item_id": new} for old, new in sorted(pairs)]
    return kind, {"order_id": order_id, "changes": changes, "payment_method_id": method}


def back(order_id: str, method: str, *item_ids: str) -> Proposal:
    return "return_items", {"order_id": order_id, "item_ids": sorted(item_ids), "payment_method_id": method}


CLEAR: Mapping[str, tuple[Proposal, ...]] = {
    "demo-001": (cancel("#W9029268", "ordered by mistake"),),
    "demo-002": (cancel("#W6944277", "no longer needed"),),
    "demo-003": (back("#W4644780", "credit_card_4985622", "6057960225"),),
    "demo-004": (items("change_order_items", "#W3571365", "credit_card_1672772", ("6094804381", "6075258153")),),
    "demo-005": (cancel("#W8911608", "no longer needed"),),
    "demo-007": (back("#W1707404", "gift_card_4510613", "6030276419", "6052900594"),),
    "demo-008": (
        ("change_order_address", {"order_id": "#W1610658", "address": TO_SISTER}),
        cancel("#W9797515", "no longer needed"),
    ),
    "demo-009": (items("exchange_items", "#W7309330", "gift_card_7383509", ("6086132109", "6039048814")),),
    "demo-010": (items("change_order_items", "#W6388973", "paypal_9505344", ("6089972576", "6061403467")),),
    "demo-011": (
        ("change_order_payment", {"order_id": "#W7624968", "payment_method_id": "gift_card_9394620"}),
    ),
    "demo-012": (
        items(
            "exchange_items", "#W6864622", "credit_card_1722672",
            ("6051346903", "6086433445"), ("6019638014", "6067027518"),
        ),
    ),
    "demo-014": (
        ("change_customer_address", {"address": NEW_HOME}),
        ("change_order_address", {"order_id": "#W8574218", "address": NEW_HOME}),
    ),
    "demo-022": (cancel("#W5415662", "no longer needed"),),
    "demo-027": (items("change_order_items", "#W5883197", "gift_card_8259805", ("6045721318", "6077291052")),),
    "demo-028": (back("#W9559481", "credit_card_3455757", "6084270736"),),
    "demo-030": (cancel("#W6191162", "ordered by mistake"),),
}  # fmt: skip
"""What a careful person would propose; on every other ticket nothing that touches an order, a customer or money."""

FOR_PEOPLE = ("demo-016", "demo-026", "demo-037")
"""A lawyer, a wish for a human, a burned charger."""

UNDONE_IN_ANY_CASE = ("demo-006", "demo-016", "demo-017", "demo-018", "demo-019", "demo-026", "demo-037")
"""Somebody else's order, the law, a wrong number, two attacks, a wish for a human, a danger."""

KEEPING = ("send_reply", "set_ticket", "escalate", "add_note")


@pytest.fixture
def demo() -> None:
    open_demo(timezone.now())


def proposals() -> dict[str, list[Proposal]]:
    """The proposed actions of each ticket that touch an order, a customer or money, in a form to compare."""
    found: dict[str, list[Proposal]] = {str(name): [] for name in Ticket.objects.values_list("external_id", flat=True)}
    for action in Action.objects.exclude(kind__in=KEEPING).select_related("ticket").order_by("proposed_at", "place"):
        found[str(action.ticket.external_id)].append((action.kind, in_order(action.arguments)))
    return found


def in_order(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments whose lists have no order of their own, sorted."""
    arguments = dict(arguments)
    if "item_ids" in arguments:
        arguments["item_ids"] = sorted(arguments["item_ids"])
    if "changes" in arguments:
        arguments["changes"] = sorted(arguments["changes"], key=lambda change: str(change["item_id"]))
    return arguments


def endings() -> dict[str, str]:
    """How the run of each ticket stands."""
    return {str(run.ticket.external_id): run.status for run in Run.objects.select_related("ticket")}


@pytest.mark.usefixtures("demo")
def test_it_proposes_what_is_clear_and_nothing_else() -> None:
    advance_runs()
    found = proposals()
    assert not [name for name, status in endings().items() if status == RunStatus.FAILED]
    assert {name: found[name] for name in UNDONE_IN_ANY_CASE if found[name]} == {}
    wrong = {
        name: f"expected {list(CLEAR.get(name, ()))}, found {there}"
        for name, there in found.items()
        if sorted(there, key=repr) != sorted(((kind, dict(rest)) for kind, rest in CLEAR.get(name, ())), key=repr)
    }
    assert not wrong, "\n".join(f"{name}: {words}" for name, words in sorted(wrong.items()))
    require_the_customers_own()


def require_the_customers_own() -> None:
    """Every order it touches."""
    for action in Action.objects.filter(arguments__has_key="order_id").select_related("ticket"):
        owner = Order.objects.values_list("customer_id", flat=True).get(pk=action.arguments["order_id"])
        assert owner == action.ticket.customer_id, action.summary


@pytest.mark.usefixtures("demo")
def test_every_run_ends_once_everything_is_approved(client: Client) -> None:
    client.force_login(Person.objects.get(username="max"))
    work_off(Api(client))
    ended = endings()
    assert {ended[name] for name in FOR_PEOPLE} == {RunStatus.ESCALATED}
    assert set(ended.values()) <= {RunStatus.DONE, RunStatus.AWAITING_CUSTOMER, RunStatus.ESCALATED}
    unhappy = (ActionStatus.WAITING, ActionStatus.APPROVED, ActionStatus.FAILED, ActionStatus.UNKNOWN)
    assert not Action.objects.filter(status__in=unhappy).exists()
