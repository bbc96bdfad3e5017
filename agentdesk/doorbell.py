"""The doorbell: wakes open sockets after a commit, from any thread of any process.

It carries no news that is not in rows already. A bell that is lost costs a watcher at most one fallback poll, so
nothing here ever raises.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import Future

from channels.layers import InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)

MESSAGE_TYPE = "doorbell.rang"


class Loops:
    """The event loop that carries bells in this process: the server's own, or one started for the purpose."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: asyncio.AbstractEventLoop | None = None
        self._own: asyncio.AbstractEventLoop | None = None
        self._pid = os.getpid()

    def capture(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._server = loop

    @property
    def server(self) -> asyncio.AbstractEventLoop | None:
        loop = self._server
        return loop if loop is not None and not loop.is_closed() and self._pid == os.getpid() else None

    def own(self) -> asyncio.AbstractEventLoop:
        """One background loop for each process, so that its Redis connections are kept, not opened per bell."""
        with self._lock:
            # A thread does not live on in a forked child: a child starts its own.
            if self._own is None or self._pid != os.getpid():
                self._own, self._pid = start_background_loop(), os.getpid()
            return self._own


def start_background_loop() -> asyncio.AbstractEventLoop:
    """A new event loop on a daemon thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="doorbell", daemon=True).start()
    return loop


loops = Loops()


def capture_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Called by the process that holds the sockets, with the loop they live on."""
    loops.capture(loop)


def ring(group: str, payload: dict[str, object]) -> None:
    """Send `payload` to a channel group; consumers get it in `doorbell_rang(message)`, beside `type`.

    Call it in `on_commit`. It returns at once and never raises: what it could not deliver, the poll finds.
    """
    carry(group, {"type": MESSAGE_TYPE, **payload})


def carry(group: str, message: dict[str, object]) -> None:
    """Send a message, with its `type`, to a channel group; returns at once and never raises."""
    try:
        loop = find_loop()
        if loop is None:
            return
        sending = asyncio.run_coroutine_threadsafe(send(group, message), loop)
        sending.add_done_callback(note_failure)
    except Exception:
        logger.exception("the doorbell for %s did not ring", group)


def find_loop() -> asyncio.AbstractEventLoop | None:
    """The loop to ring on; None where nobody can hear."""
    if loops.server is not None:
        return loops.server
    # In process, with no server here: nobody in this process is listening, and no other can hear.
    return None if isinstance(get_channel_layer(), InMemoryChannelLayer) else loops.own()


async def send(group: str, message: dict[str, object]) -> None:
    """One message to everybody in a group."""
    layer = get_channel_layer()
    await layer.group_send(group, message)


def note_failure(sending: Future[None]) -> None:
    """Logs a bell that was not heard; the poll finds what it told of."""
    error = None if sending.cancelled() else sending.exception()
    if error is not None:
        logger.warning("a doorbell was not heard: %s", error)
