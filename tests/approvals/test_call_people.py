"""Escalations: a role is called with a deadline, and at its end the policy says what follows; by any clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from approvals.escalations import due_reminders, lapse_due, last_open_escalation, people_called, what_follows
from approvals.expiring import expire_waiting
from approvals.models import Action, AuditEntry, Escalation
from approvals.policy import EscalationRule
from approvals.proposing import Proposal, propose_action
from tests.approvals.shop import NOW, PENDING, Bench, publish
from tickets.attention import snooze_ticket
from tickets.models import Person, Ticket, TicketEvent
from tickets.operations import close_escalation, hand_back_ticket, take_over_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ESCALATE = {"reason": "law", "summary": "She has a lawyer.", "urgency": "high"}


def call_people(bench: Bench, *, at: datetime = NOW, **rule: Any) -> Escalation:
    """The agent gives the ticket to people, who have eight hours by default."""
    if rule:
        publish(settings={"escalation": EscalationRule(**rule).model_dump()})
    bench.now = at
    bench.execute(bench.propose("escalate", ESCALATE))
    return Escalation.objects.get(closed_at=None, lapsed_at=None)


def entries(kind: str) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(kind=kind).order_by("pk").values_list("subject", "actor"))


def test_managers_have_eight_hours_and_a_reminder_at_half(bench: Bench) -> None:
    row = call_people(bench)
    assert (row.role, row.remind_at, row.due_at) == ("manager", NOW + 4 * HOUR, NOW + 8 * HOUR)
    assert due_reminders(now=NOW + 4 * HOUR - timedelta(microseconds=1)) == []
    assert due_reminders(now=NOW + 4 * HOUR) == [row]
    assert due_reminders(now=NOW + 8 * HOUR) == []
    assert entries("escalation.opened") == [(f"ticket:{bench.ticket.pk}", "gate")]


def test_called_twice_it_is_called_once(bench: Bench) -> None:
    first = call_people(bench)
    assert call_people(bench, at=NOW + HOUR) == first


def test_an_action_that_expires_calls_people(bench: Bench) -> None:
    action = bench.propose("cancel_order", {"order_id": PENDING, "reason": "no longer needed"})
    assert action.expires_at is not None
    expire_waiting(now=action.expires_at)
    bench.now = action.expires_at
    bench.execute(Action.objects.get(kind="escalate"))
    assert Escalation.objects.get().opened_at == action.expires_at


def test_it_goes_up_role_by_role_and_then_is_urgent(bench: Bench) -> None:
    call_people(bench, role="support", deadline=3600, on_deadline="raise")
    for hour in (1, 2, 3):
        assert [lapse_due(now=NOW + hour * HOUR) for _ in range(2)] == [1, 0]
    called = list(Escalation.objects.values_list("role", "opened_at", "due_at"))
    assert called == [
        (role, NOW + n * HOUR, NOW + (n + 1) * HOUR) for n, role in enumerate(("support", "manager", "admin"))
    ]
    ticket = Ticket.objects.get(pk=bench.ticket.pk)
    assert ticket.priority == "urgent" and ticket.escalation is not None
    assert len(entries("escalation.lapsed")) == 3
    assert lapse_due(now=NOW + 100 * HOUR) == 0


def test_at_the_deadline_it_is_urgent_and_stays_theirs(bench: Bench) -> None:
    call_people(bench, on_deadline="urgent", deadline=3600)
    lapse_due(now=NOW + HOUR)
    ticket = Ticket.objects.get(pk=bench.ticket.pk)
    assert ticket.priority == "urgent" and ticket.escalation == ESCALATE
    told = TicketEvent.objects.filter(ticket=ticket, kind="ticket.prioritised").get()
    assert (told.actor, told.data) == ("system", {"priority": "urgent", "why": "nobody came in time"})
    assert Escalation.objects.get().closed_at is None


def test_at_the_deadline_people_are_no_longer_called(bench: Bench) -> None:
    call_people(bench, on_deadline="close", deadline=3600)
    lapse_due(now=NOW + HOUR)
    row = Escalation.objects.get()
    assert (row.lapsed_at, row.closed_at, row.closed_by) == (NOW + HOUR, NOW + HOUR, "system")
    assert Ticket.objects.get(pk=bench.ticket.pk).escalation is None


def test_what_follows_is_the_policys_of_that_moment(bench: Bench) -> None:
    call_people(bench, on_deadline="close", deadline=3600)
    publish(settings={"escalation": EscalationRule(on_deadline="urgent").model_dump()})
    lapse_due(now=NOW + HOUR)
    assert Ticket.objects.get(pk=bench.ticket.pk).priority == "urgent"
    assert what_follows("admin", EscalationRule(on_deadline="raise")) == "urgent"


@pytest.mark.parametrize("verb", [close_escalation, hand_back_ticket])
def test_any_of_the_staff_says_that_it_is_taken_care_of(bench: Bench, rita: Person, verb: Any) -> None:
    row = call_people(bench)
    verb(bench.ticket.pk, by=rita, now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.closed_at, row.closed_by) == (NOW + HOUR, "person:rita")
    assert lapse_due(now=NOW + 9 * HOUR) == 0
    assert entries("escalation.closed") == [(f"ticket:{bench.ticket.pk}", "person:rita")]


def test_who_takes_over_is_the_help_asked_for_only_in_the_role_called(bench: Bench, rita: Person, ada: Person) -> None:
    call_people(bench)
    take_over_ticket(bench.ticket.pk, by=rita, now=NOW)
    assert last_open_escalation(bench.ticket.pk) is not None
    take_over_ticket(bench.ticket.pk, by=ada, now=NOW)
    assert last_open_escalation(bench.ticket.pk) is None
    assert Ticket.objects.get(pk=bench.ticket.pk).escalation == ESCALATE


def test_who_replies_is_the_help_asked_for(bench: Bench, max_: Person) -> None:
    call_people(bench)
    wish = Proposal(bench.ticket.pk, "send_reply", {"body": "Dear Carla, I see to it."}, "person:max", person=max_)
    propose_action(wish, now=NOW)
    assert Escalation.objects.get().closed_by == "person:max"


def test_a_solved_ticket_needs_nobody(bench: Bench, max_: Person) -> None:
    call_people(bench)
    bench.carry_out(bench.propose("set_ticket", {"status": "solved"}), max_)
    assert last_open_escalation(bench.ticket.pk) is None


def test_a_ticket_solved_otherwise_is_not_raised(bench: Bench) -> None:
    call_people(bench)
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="closed")
    assert lapse_due(now=NOW + 8 * HOUR) == 0
    assert Escalation.objects.get().closed_by == "system"


def test_a_ticket_put_off_comes_back_with_it(bench: Bench, rita: Person) -> None:
    snooze_ticket(bench.ticket.pk, NOW + HOUR, by=rita, now=NOW)
    call_people(bench)
    assert Ticket.objects.get(pk=bench.ticket.pk).snoozed_until is None


def test_after_it_was_taken_care_of_it_can_begin_anew(bench: Bench, max_: Person) -> None:
    call_people(bench)
    close_escalation(bench.ticket.pk, by=max_, now=NOW)
    call_people(bench, at=NOW + HOUR)
    assert Escalation.objects.filter(closed_at=None).count() == 1


def test_who_can_be_written_to_is_called_else_the_role_above(
    bench: Bench, rita: Person, max_: Person, ada: Person
) -> None:
    assert people_called("support") == [rita]
    Person.objects.filter(pk=rita.pk).update(is_active=False)
    assert people_called("support") == [max_]
    Person.objects.filter(pk=max_.pk).update(email="")
    assert people_called("support") == [ada]
    Person.objects.filter(pk=ada.pk).update(role="auditor")
    assert people_called("support") == []


def test_a_clock_that_jumps_ends_nothing_early_and_nothing_twice(bench: Bench) -> None:
    call_people(bench, deadline=3600, on_deadline="urgent")
    jumps = (-48 * HOUR, HOUR - timedelta(seconds=1), 5 * HOUR, -5 * HOUR, HOUR)
    assert [lapse_due(now=NOW + jump) for jump in jumps] == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-03-28T22:00+01:00", "2026-03-29T07:00+02:00"),
        ("2026-10-24T22:00+02:00", "2026-10-25T05:00+01:00"),
        ("2026-10-25T02:30+02:00", "2026-10-25T09:30+01:00"),
    ],
)
def test_eight_hours_are_eight_hours_when_the_clocks_are_changed(bench: Bench, opened: str, due: str) -> None:
    at = datetime.fromisoformat(opened).astimezone(ZoneInfo("Europe/Berlin"))
    row = call_people(bench, at=at.astimezone(UTC))
    assert row.due_at - at.astimezone(UTC) == 8 * HOUR
    assert row.due_at == datetime.fromisoformat(due)
    assert lapse_due(now=row.due_at.astimezone(ZoneInfo("Europe/Berlin")) - timedelta(seconds=1)) == 0
    assert lapse_due(now=row.due_at) == 1
