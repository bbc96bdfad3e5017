"""The doorbell wakes sockets from any thread, and never hurts who rings it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from channels.layers import get_channel_layer
from django.conf import settings

from agentdesk import doorbell


@pytest.fixture(autouse=True)
def no_server_here() -> Iterator[None]:
    doorbell.capture_loop(None)
    yield
    doorbell.capture_loop(None)


def test_it_wakes_a_listener_on_the_servers_loop_from_another_thread() -> None:
    async def listen() -> dict[str, object]:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("queue", channel)
        doorbell.capture_loop(asyncio.get_running_loop())
        threading.Thread(target=doorbell.ring, args=("queue", {"waiting": 3})).start()
        heard: dict[str, object] = await asyncio.wait_for(layer.receive(channel), 60)
        return heard

    assert asyncio.run(listen()) == {"type": "doorbell.rang", "waiting": 3}


def test_with_nobody_listening_it_does_nothing() -> None:
    doorbell.ring("queue", {"waiting": 3})


def test_a_loop_that_is_closed_is_not_an_error(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    doorbell.capture_loop(loop)
    doorbell.ring("queue", {"waiting": 3})
    assert caplog.records == []


@pytest.mark.services
@pytest.mark.skipif(settings.IS_EMBEDDED, reason="needs REDIS_URL; `make test` sets it in its second pass")
def test_with_redis_it_is_heard_in_another_process() -> None:
    async def listen() -> dict[str, object]:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("queue", channel)
        with ringing_process():
            heard: dict[str, object] = await asyncio.wait_for(layer.receive(channel), 60)
        await layer.flush()
        return heard

    assert asyncio.run(listen()) == {"type": "doorbell.rang", "waiting": 3}


@contextmanager
def ringing_process() -> Iterator[None]:
    """Rings once, and goes on living until it was heard: a bell is carried by a thread of the process that rang it."""
    program = "import sys, django; django.setup(); from agentdesk.doorbell import ring; "
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "agentdesk.settings"}
    command = [sys.executable, "-c", program + "ring('queue', {'waiting': 3}); sys.stdin.read()"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE):
        yield
