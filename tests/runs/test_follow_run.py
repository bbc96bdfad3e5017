"""Following a run by socket: what the client sends is not read, nonsense in the address does no harm, and a turn being
written is shown while it is, and kept nowhere."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import transaction
from django.utils import timezone

from agentdesk import doorbell
from agentdesk.agent.language_model import Partial
from agentdesk.asgi import application
from agentdesk.people.tokens import make_token
from agentdesk.runs.lifecycle import pause_run
from agentdesk.runs.log import Fact, append_facts
from agentdesk.runs.models import Event, EventKind, Run, Text
from agentdesk.runs.partials import partial_sender
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call
from tickets.models import Person, Ticket

PATIENCE = 60.0
"""Seconds for what takes a few milliseconds on a machine that is not busy."""
pytestmark = pytest.mark.django_db(transaction=True)


def knock(address: str, token: str = "") -> WebsocketCommunicator:
    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    return WebsocketCommunicator(application, address, headers=headers)


async def read_seqs(socket: WebsocketCommunicator, count: int) -> list[int]:
    return [json.loads(await socket.receive_from(timeout=PATIENCE))["seq"] for _ in range(count)]


async def read_close_code(socket: WebsocketCommunicator) -> int:
    assert (await socket.connect(timeout=PATIENCE))[0]
    closed = await socket.receive_output(timeout=PATIENCE)
    assert closed["type"] == "websocket.close"
    return int(closed["code"])


@pytest.fixture
def token(rita: Person) -> str:
    return make_token(rita, scopes=["read"], name="follow", by="system", now=timezone.now())


@async_to_sync
async def follow_and_chatter(run: Run, token: str, by: Person) -> list[int]:
    """The seqs that came before and after the client talked, and after the run was paused."""
    socket = knock(f"/ws/runs/{run.pk}/?format=json&after=1", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    seqs = await read_seqs(socket, run.last_seq - 1)
    await socket.send_to(text_data=json.dumps({"type": "doorbell.rang", "after": 0}))
    await socket.send_to(text_data="{not json")
    await socket.send_to(bytes_data=b"\x00\xff" * 1000)
    await sync_to_async(pause_run)(run.pk, by=by, now=timezone.now())
    seqs += await read_seqs(socket, 1)
    assert await socket.receive_nothing(timeout=0.1)
    await socket.disconnect(timeout=PATIENCE)
    return seqs


def test_what_the_client_sends_is_not_read(ticket: Ticket, play: Play, token: str, max_: Person) -> None:
    run = play(call(1, "cancel_order", **CANCEL), DONE)
    assert follow_and_chatter(run, token, max_) == list(range(2, run.last_seq + 2))


@async_to_sync
async def follow_from(run: Run, token: str, after: str) -> list[int]:
    socket = knock(f"/ws/runs/{run.pk}/?format=json&after={after}", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    seqs = await read_seqs(socket, run.last_seq)
    await socket.disconnect(timeout=PATIENCE)
    return seqs


@pytest.mark.parametrize("after", ["", "-1", "1e3", "9" * 40, "%00", "%ff", "all"])
def test_a_seq_that_is_none_replays_all(after: str, run: Run, token: str) -> None:
    run.refresh_from_db()
    assert follow_from(run, token, after) == list(range(1, run.last_seq + 1))


@async_to_sync
async def knock_in_vain(address: str, token: str = "") -> int:
    return await read_close_code(knock(address, token))


def test_strangers_and_unknown_runs_are_closed_with_a_code(run: Run, token: str) -> None:
    assert knock_in_vain(f"/ws/runs/{run.pk}/") == 4403
    assert knock_in_vain(f"/ws/runs/{run.pk}/", "not-a-token") == 4403
    assert knock_in_vain(f"/ws/runs/{uuid4()}/", token) == 4404
    assert knock_in_vain("/ws/runs/1/", token) == 4404


async def join(socket: WebsocketCommunicator) -> None:
    """Until the last event of the log has come: whoever gets it hears the bell."""
    assert (await socket.connect(timeout=PATIENCE))[0]
    await socket.receive_from(timeout=PATIENCE)


async def read_partial(socket: WebsocketCommunicator) -> str:
    return str(await socket.receive_from(timeout=PATIENCE))


@async_to_sync
async def watch_being_written(run: Run, token: str, ending: str) -> list[str]:
    """What a watcher gets of two partials, then of one that comes after the turn was stored."""
    doorbell.capture_loop(asyncio.get_running_loop())
    socket = knock(f"/ws/runs/{run.pk}/?after={run.last_seq - 1}{ending}", token)
    await join(socket)
    got = []
    for text in ("Dear <b>", "Dear <b>Carla</b>, \u202e"):
        await asyncio.to_thread(partial_sender(run.pk, 3), Partial(text, "call_3", "send_reply"))
        got.append(await read_partial(socket))
    await socket.disconnect(timeout=PATIENCE)
    doorbell.capture_loop(None)
    return got


def test_a_reply_being_written_is_shown_and_stored_nowhere(run: Run, token: str) -> None:
    run.refresh_from_db()
    before = Event.objects.count(), Text.objects.count()
    got = watch_being_written(run, token, "&format=json")
    assert json.loads(got[1]) == {"partial": {"step": 3, "tool_call_id": "call_3", "text": "Dear <b>Carla</b>, \u202e"}}
    assert (Event.objects.count(), Text.objects.count()) == before


def test_a_browser_gets_it_inert(run: Run, token: str) -> None:
    run.refresh_from_db()
    page = watch_being_written(run, token, "")[1]
    assert 'id="writing"' in page and 'hx-swap-oob="true"' in page and 'dir="auto"' in page
    assert "Dear &lt;b&gt;Carla&lt;/b&gt;" in page and "U+202E" in page and "data-seq" not in page


@async_to_sync
async def watch_past_the_turn(run: Run, token: str) -> list[dict[str, Any]]:
    """A partial, the turn's event, a partial of the same turn that comes late, and one of the next."""
    doorbell.capture_loop(asyncio.get_running_loop())
    socket = knock(f"/ws/runs/{run.pk}/?format=json&after={run.last_seq - 1}", token)
    await join(socket)
    got: list[dict[str, Any]] = []
    for step in (1, 0, 1, 2):
        if step:
            await asyncio.to_thread(partial_sender(run.pk, step), Partial(f"step {step}"))
        else:
            await sync_to_async(store_turn)(run)
        if (step, len(got)) != (1, 2):
            got.append(json.loads(await socket.receive_from(timeout=PATIENCE)))
    await socket.disconnect(timeout=PATIENCE)
    doorbell.capture_loop(None)
    return got


def store_turn(run: Run) -> None:
    with transaction.atomic():
        append_facts(run.pk, [Fact(EventKind.MODEL_ANSWERED, {"model": "scripted"})], at=timezone.now())


def test_a_stored_turn_is_not_shown_again_as_unfinished(run: Run, token: str) -> None:
    run.refresh_from_db()
    first, stored, next_one = watch_past_the_turn(run, token)
    assert (first["partial"]["text"], next_one["partial"]["text"]) == ("step 1", "step 2")
    assert (stored["kind"], stored["seq"]) == ("model.answered", run.last_seq + 1)


@async_to_sync
async def hear_fine_stream(run_id: UUID) -> list[int]:
    """How long each text is that is heard of 128 in one second."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(f"run.{run_id}", channel)
    doorbell.capture_loop(asyncio.get_running_loop())
    ticks = count()
    send = partial_sender(run_id, 1, clock=lambda: next(ticks) / 128)
    for number in range(128):
        await asyncio.to_thread(send, Partial("x" * number))
    heard: list[int] = []
    while not heard or heard[-1] < 117:
        heard.append(len((await asyncio.wait_for(layer.receive(channel), PATIENCE))["partial"]["text"]))
    doorbell.capture_loop(None)
    return heard


def test_a_stream_cut_finely_comes_at_most_ten_times_a_second() -> None:
    assert hear_fine_stream(uuid4()) == list(range(0, 128, 13))


def test_a_partial_nobody_can_carry_does_no_harm() -> None:
    partial_sender(uuid4(), 1)(Partial("\ud800 half a character\0"))
