"""Who looks, who is at work, what is put off: told by the queue's socket at once, and by rows alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.utils import timezone

from agentdesk import doorbell
from agentdesk.people.tokens import make_token
from agentdesk.runs.attention_news import attention_changes
from tests.runs.test_follow_run import PATIENCE, knock
from tickets.attention import claim_ticket, note_looking, snooze_ticket
from tickets.models import Person, Presence, Ticket
from tickets.onlookers import Attention

pytestmark = pytest.mark.django_db(transaction=True)

Deed = Callable[[], Any]


@pytest.fixture
def token(rita: Person) -> str:
    return make_token(rita, scopes=["read"], name="follow", by="system", now=timezone.now())


async def next_attention(socket: WebsocketCommunicator) -> list[dict[str, Any]]:
    """The next news of attention; news of actions pass by."""
    while True:
        news = json.loads(await socket.receive_from(timeout=PATIENCE))
        if "attention" in news:
            return list(news["attention"])


@async_to_sync
async def follow(token: str, deeds: list[Deed], *, with_bell: bool) -> list[tuple[float, list[dict[str, Any]]]]:
    """After each deed, the seconds until a watcher was told, and what."""
    if with_bell:
        doorbell.capture_loop(asyncio.get_running_loop())
    socket = knock("/ws/queue/?format=json", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    await socket.receive_from(timeout=PATIENCE)
    told = []
    for deed in deeds:
        begun = time.monotonic()
        await sync_to_async(deed)()
        news = await next_attention(socket)
        told.append((time.monotonic() - begun, news))
    await socket.disconnect(timeout=PATIENCE)
    doorbell.capture_loop(None)
    return told


def deeds_on(ticket: Ticket, person: Person) -> list[Deed]:
    now = timezone.now()
    return [
        lambda: note_looking(ticket.pk, by=person),
        lambda: claim_ticket(ticket.pk, by=person, now=now),
        lambda: snooze_ticket(ticket.pk, now + timedelta(hours=1), by=person, now=now),
        lambda: Presence.objects.all().delete(),
    ]


@pytest.mark.parametrize("with_bell", [True, False])
def test_watchers_are_told_of_each_deed(ticket: Ticket, max_: Person, token: str, with_bell: bool) -> None:
    told = follow(token, deeds_on(ticket, max_)[: 3 if with_bell else 4], with_bell=with_bell)
    looking, claimed, snoozed = (news[0] for _, news in told[:3])
    assert (looking["ticket_id"], looking["looking"], looking["claimed_by"]) == (ticket.pk, ["max"], None)
    assert (claimed["looking"], claimed["claimed_by"]) == (["max"], "max") and claimed["claimed_until"]
    assert (snoozed["claimed_by"], snoozed["claimed_until"]) == (None, None) and snoozed["snoozed_until"]


@pytest.mark.prove
def test_watchers_are_told_within_a_second(ticket: Ticket, max_: Person, token: str) -> None:
    told = follow(token, deeds_on(ticket, max_)[:3], with_bell=True)
    assert median(seconds for seconds, _ in told) < 1.0


def test_a_browser_is_told_in_names_that_cannot_break_out(ticket: Ticket, max_: Person, rita: Person) -> None:
    from agentdesk.pages.live import render_attention_news

    state = Attention((("max", 'Max "><script>|'),), ("rita", "Rita <b>"), timezone.now(), None)
    page = render_attention_news({ticket.pk: state})
    assert f'data-ticket="{ticket.pk}"' in page and 'hx-swap-oob="true"' in page
    assert "<script>" not in page and "<b>" not in page and "%7C" in page and 'data-claimer="Rita &lt;b&gt;"' in page


def test_at_first_what_is_only_put_off_is_not_told() -> None:
    asleep, looked_at = Attention(snoozed_until=timezone.now()), Attention(looking=(("max", "Max"),))
    assert attention_changes(None, {1: asleep, 2: looked_at}) == {2: looked_at}
    assert attention_changes({1: asleep, 2: looked_at}, {1: asleep}) == {2: Attention()}


def test_the_inbox_follows_the_same_socket(client: Client, rita: Person) -> None:
    client.force_login(rita)
    assert 'ws-connect="/ws/queue/"' in client.get("/tickets/").content.decode()
