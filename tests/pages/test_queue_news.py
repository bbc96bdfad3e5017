"""What a page asks for when its line is up again: every action that changed meanwhile, and how its tickets stand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.pages.queue_news import AGAIN, LONGEST, NOT_NEW
from approvals.models import AuditEntry
from tests.approvals.shop import NEW_ADDRESS, PENDING, Bench, make_catalogue, make_orders, make_ticket
from tickets.attention import claim_ticket, note_looking, snooze_ticket
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<i data-id="([0-9a-f-]{36})" data-status="(\w+)"[^>]*?( data-old)?></i>')
MOVED = {"order_id": PENDING, "address": NEW_ADDRESS}


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now() - timedelta(hours=3))


@pytest.fixture
def ritas(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


def ask(client: Client, ago: timedelta, **more: Any) -> str:
    """What is told since so long ago."""
    since = int((timezone.now() - ago).timestamp())
    answer = client.get("/queue/news/", {"since": since, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def told(news: str) -> dict[str, tuple[str, bool]]:
    return {name: (status, bool(old)) for name, status, old in ROW.findall(news)}


def test_what_was_decided_meanwhile_and_what_came_are_told_apart(ritas: Client, max_: Person, bench: Bench) -> None:
    earlier = bench.propose("change_order_address", MOVED)
    other = Client()
    other.force_login(max_)
    other.post("/queue/decide/", {"reject": f"{earlier.pk} {earlier.digest}"})
    come = bench.propose("add_note", {"body": "She called."}, proposer="person:max")
    credit = Bench(bench.ticket, now=timezone.now()).propose("give_credit", {"amount": "5.00", "reason": "sorry"})
    news = ask(ritas, timedelta(minutes=5))
    assert told(news)[str(earlier.pk)] == ("rejected", True) and "Max rejected this" in news
    assert told(news)[str(credit.pk)] == ("waiting", False)
    assert str(come.pk) not in told(news) and 'data-waiting="1"' in news


def test_it_reaches_back_a_minute_and_no_further_than_half_a_day(ritas: Client, bench: Bench) -> None:
    action = bench.propose("change_order_address", MOVED)
    at = AuditEntry.objects.get(subject=f"action:{action.pk}").at
    assert str(action.pk) in told(ask(ritas, timezone.now() - at))
    assert told(ask(ritas, timezone.now() - at - AGAIN - NOT_NEW)) == {}
    long_ago = Bench(bench.ticket, now=timezone.now() - LONGEST - AGAIN - NOT_NEW).propose(
        "change_order_address", MOVED
    )
    assert {str(action.pk), str(long_ago.pk)} & told(ask(ritas, timedelta(days=400))).keys() == {str(action.pk)}


def test_every_ticket_of_the_page_is_answered_for(ritas: Client, max_: Person, rita: Person, bench: Bench) -> None:
    ticket, others = bench.ticket, [make_ticket(bench.ticket.customer) for _ in range(2)]
    claim_ticket(ticket.pk, by=max_, now=timezone.now())
    note_looking(ticket.pk, by=max_)
    snooze_ticket(others[0].pk, timezone.now() + timedelta(hours=1), by=rita, now=timezone.now())
    news = ask(ritas, timedelta(0), ticket=[ticket.pk, *(one.pk for one in others)])
    rows = {int(name): rest for name, rest in re.findall(r'<i data-ticket="(\d+)"([^>]*)>', news)}
    assert 'data-looking="max Max" data-claimed="max"' in rows[ticket.pk]
    assert re.search(r'data-looking="" data-claimed="".* data-snoozed="2', rows[others[0].pk])
    assert re.search(r'data-looking="" data-claimed="".* data-snoozed=""', rows[others[1].pk])


def test_what_is_no_moment_and_no_ticket_is_told_nothing_of(ritas: Client) -> None:
    hostile: list[dict[str, Any]] = [{}, {"since": "x"}, {"since": "9" * 30}, {"since": "-1"}]
    for asked in (*hostile, {"ticket": ["x", "9" * 18]}):
        answer = ritas.get("/queue/news/", asked)
        assert answer.status_code == 200 and told(answer.content.decode()) == {}
    assert Client().get("/queue/news/").status_code == 302
