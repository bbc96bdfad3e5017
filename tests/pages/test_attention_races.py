"""At the same moment: two sweeps remind and lapse once, two people claim and one has it, one link lets one in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from agentdesk.people.links import LinkSpent, make_link, use_link
from agentdesk.people.reminders import send_due_reminders
from approvals.escalations import lapse_due
from approvals.models import AuditEntry, Escalation
from tests.approvals.shop import make_ticket
from tickets.attention import ClaimedByOther, claim_ticket, note_looking, snooze_ticket, wake_due
from tickets.models import Claim, Customer, Person, Presence, Ticket, TicketEvent

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return make_ticket(carla)


def at_once(deed: Callable[[int], Any]) -> list[Any]:
    """The deed of everybody at the same moment: what came of each, errors among it."""
    start = Barrier(MANY)

    def do(number: int) -> Any:
        start.wait(60)
        try:
            return deed(number)
        except (ClaimedByOther, LinkSpent) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as everybody:
        return list(everybody.map(do, range(MANY)))


def escalate(ticket: Ticket, hours: int) -> None:
    """Managers were called this many hours ago, for eight."""
    begun = timezone.now() - timedelta(hours=hours)
    times = {"opened_at": begun, "remind_at": begun + timedelta(hours=4), "due_at": begun + timedelta(hours=8)}
    Escalation.objects.create(ticket=ticket, role="manager", **times)


def test_sweeps_remind_once(ticket: Ticket, max_: Person, settings: Any) -> None:
    settings.MAIL_CONFIGURED = True
    escalate(ticket, hours=5)
    assert sorted(at_once(lambda _: send_due_reminders(now=timezone.now()))) == [0] * (MANY - 1) + [1]
    assert len(mail.outbox) == AuditEntry.objects.filter(kind="escalation.reminded").count() == 1


def test_sweeps_call_the_next_role_once(ticket: Ticket) -> None:
    escalate(ticket, hours=9)
    assert sorted(at_once(lambda _: lapse_due(now=timezone.now()))) == [0] * (MANY - 1) + [1]
    assert list(Escalation.objects.values_list("role", flat=True)) == ["manager", "admin"]


def test_sweeps_bring_back_once(ticket: Ticket, rita: Person) -> None:
    now = timezone.now()
    snooze_ticket(ticket.pk, now + timedelta(minutes=1), by=rita, now=now)
    assert sum(at_once(lambda _: wake_due(now=now + timedelta(hours=1)))) == 1
    assert TicketEvent.objects.filter(ticket=ticket, kind="ticket.woken").count() == 1


def test_of_all_who_claim_one_has_it(ticket: Ticket) -> None:
    people = [Person.objects.create_user(f"person{number}") for number in range(MANY)]
    came = at_once(lambda number: claim_ticket(ticket.pk, by=people[number], now=timezone.now()).person_id)
    assert came.count(ClaimedByOther) == MANY - 1
    assert Claim.objects.get().person_id in came


def test_a_page_open_in_many_tabs_is_one_person_looking(ticket: Ticket, rita: Person) -> None:
    at_once(lambda _: note_looking(ticket.pk, by=rita))
    assert Presence.objects.get().person == rita


def test_a_link_lets_one_in(max_: Person) -> None:
    now = timezone.now()
    _, raw = make_link(max_, "/queue/", expires_at=now + timedelta(hours=1), now=now)
    came = at_once(lambda _: use_link(raw, now=now).pk)
    assert came.count(LinkSpent) == MANY - 1
