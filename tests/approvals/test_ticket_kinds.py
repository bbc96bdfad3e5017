"""Notes, ticket fields and calling people: what stays in the house."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.planning import ArgumentsInvalid
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import Bench
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db
ESCALATION = {"reason": "law", "summary": "A lawyer wrote.", "urgency": "high"}


def fresh(bench: Bench) -> Ticket:
    return Ticket.objects.get(pk=bench.ticket.pk)


def test_a_note_is_for_staff_only(bench: Bench) -> None:
    action = bench.propose("add_note", {"body": "Be kind."})
    assert action.status == "approved" and bench.execute(action).status == "executed"
    note = Message.objects.get(action=action.pk)
    assert (note.direction, note.body, note.author) == ("note", "Be kind.", "agent:scripted")


@pytest.mark.parametrize("kind", ["add_note", "escalate", "set_ticket"])
def test_a_closed_ticket_still_takes_what_is_always_allowed(bench: Bench, kind: str) -> None:
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="closed")
    arguments = {"add_note": {"body": "late"}, "escalate": ESCALATION, "set_ticket": {"status": "open"}}[kind]
    action = bench.propose(kind, arguments)
    assert action.status == "approved" and bench.execute(action).status == "executed"


def test_it_sets_only_what_is_named(bench: Bench) -> None:
    action = bench.propose("set_ticket", {"priority": "high", "tags": ["b", "a", "b"]})
    assert bench.execute(action).status == "executed"
    ticket = fresh(bench)
    assert (ticket.status, ticket.priority, ticket.tags) == ("open", "high", ["a", "b"])


@pytest.mark.parametrize(
    "arguments",
    [{}, {"status": "lost"}, {"priority": "yesterday"}, {"tags": [""]}, {"tags": ["x"] * 31}, {"subject": "x"},
     {"status": None}, {"tags": ["y" * 51]}],
)  # fmt: skip
def test_what_does_not_fit_a_ticket_is_invalid(bench: Bench, arguments: dict[str, Any]) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("set_ticket", arguments)


def test_what_is_so_already_is_refused(bench: Bench) -> None:
    before = read_rows()
    assert bench.propose("set_ticket", {"status": "open", "priority": "normal"}).status == "refused"
    assert read_rows() == before


def test_an_escalation_calls_people_and_raises_the_priority(bench: Bench) -> None:
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="solved")
    assert bench.execute(bench.propose("escalate", ESCALATION, confidence=None)).status == "executed"
    ticket = fresh(bench)
    assert (ticket.status, ticket.priority, ticket.escalation) == ("open", "high", ESCALATION)


def test_an_escalation_never_lowers_the_priority(bench: Bench) -> None:
    Ticket.objects.filter(pk=bench.ticket.pk).update(priority="urgent")
    bench.execute(bench.propose("escalate", ESCALATION))
    assert fresh(bench).priority == "urgent"


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"summary": " "}, {"urgency": "now"}, {"reason": "x" * 2001}, {"to": "ceo"}]
)
def test_what_is_no_escalation_is_invalid(bench: Bench, change: dict[str, str]) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("escalate", {**ESCALATION, **change})
