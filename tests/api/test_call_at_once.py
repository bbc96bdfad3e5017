"""Several calls at the same moment, as several processes make them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from agentdesk.runs.models import Run
from approvals.models import Action, Decision
from tests.api.conftest import CANCEL, Answer, Caller, Propose
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 6


def call_at_once(call: Callable[[int], Answer]) -> list[Answer]:
    """Every caller in a thread and with a connection of its own, let go together."""
    together = Barrier(CALLERS)

    def one(number: int) -> Answer:
        together.wait()
        try:
            return call(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


def letter(**rest: Any) -> dict[str, Any]:
    return {"customer_email": "new@example.com", "subject": "Mug", "body": "It is broken.", **rest}


def test_one_letter_is_one_ticket(as_rita: Caller) -> None:
    answers = call_at_once(lambda _: as_rita.post("tickets", letter(external_id="mail-1")))
    assert sorted(answer.status for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert Ticket.objects.count() == Customer.objects.count() == Run.objects.count() == 1


def test_one_letter_of_several_addresses_is_one_ticket(as_rita: Caller) -> None:
    answers = call_at_once(
        lambda number: as_rita.post("tickets", letter(external_id="m", customer_email=f"{number}@example.com"))
    )
    assert sorted(answer.status for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert Ticket.objects.count() == 1


def test_a_stranger_is_met_once(as_rita: Caller) -> None:
    answers = call_at_once(lambda number: as_rita.post("tickets", letter(external_id=str(number))))
    assert [answer.status for answer in answers] == [201] * CALLERS
    assert (Ticket.objects.count(), Customer.objects.count()) == (CALLERS, 1)


def test_one_key_is_one_action(as_rita: Caller, ticket: Ticket) -> None:
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "k"}
    answers = call_at_once(lambda _: as_rita.post("actions", body))
    assert sorted(answer.status for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert Action.objects.count() == 1


def test_one_key_on_two_tickets_is_a_conflict(as_rita: Caller) -> None:
    tickets = [as_rita.post("tickets", letter(customer_email=f"{n}@example.com")).body["id"] for n in range(CALLERS)]
    note = {"kind": "add_note", "arguments": {"body": "x"}, "idempotency_key": "k"}
    answers = call_at_once(lambda number: as_rita.post("actions", {**note, "ticket_id": tickets[number]}))
    assert sorted(answer.status for answer in answers) == [201] + [409] * (CALLERS - 1)


def test_one_action_is_decided_once(as_max: Caller, as_ada: Caller, propose: Propose) -> None:
    action = propose("send_reply", body="Dear Carla")
    path, digest = f"actions/{action['id']}/decisions", action["preview"]["digest"]
    verdicts = ["approve", "reject"] * (CALLERS // 2)
    answers = call_at_once(
        lambda number: (as_max, as_ada)[number % 2].post(path, {"verdict": verdicts[number], "digest": digest})
    )
    codes = {answer.status for answer in answers}
    assert codes == {200, 409}
    assert {answer.error["code"] for answer in answers if answer.status == 409} == {"already_decided"}
    assert Decision.objects.count() == 1


def test_one_of_several_policies_is_next(as_ada: Caller) -> None:
    shown = as_ada.get("policy")
    body = {name: shown[name] for name in ("kinds", "settings")} | {"base_version": shown["version"], "note": "first"}
    answers = call_at_once(lambda _: as_ada("PUT", "policy", body))
    assert sorted(answer.status for answer in answers) == [200] + [409] * (CALLERS - 1)
