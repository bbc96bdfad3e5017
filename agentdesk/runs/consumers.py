"""The sockets: join, replay what came after the client's seq, then follow. Nothing is accepted from the client.

Rows are the truth; the channel layer is a doorbell, and a poll each second hears what no bell told.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from agentdesk.pages.live import (
    render_attention_news,
    render_bulk_news,
    render_partial,
    render_queue_news,
    render_run_news,
)
from agentdesk.people.tokens import find_reader
from agentdesk.runs.attention_news import Told, attention_changes, attention_to_json
from agentdesk.runs.models import Event, EventKind, Run
from agentdesk.runs.queries import QueueCursor, event_to_json, events_after, queue_news
from approvals.models import Action
from approvals.shadowing import is_hidden_from
from tickets.models import Person
from tickets.onlookers import attention_now

NOT_ALLOWED = 4403
UNKNOWN_RUN = 4404
POLL_SECONDS = 1.0
QUEUE_PAUSE_SECONDS = 0.2
"""Between two news of the queue: a bulk of a thousand decisions is told in some, not in a thousand."""


class FollowingConsumer(AsyncWebsocketConsumer):
    """Follows rows past a cursor for one signed-in viewer."""

    group = ""
    pause_seconds = 0.0
    is_over = False

    async def connect(self) -> None:
        """Accepts, then closes with a code where the viewer may not look or there is nothing to see."""
        await self.accept()
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        self.is_json = query.get("format") == ["json"]
        code = await self.admit(query)
        if code is not None:
            await self.close(code=code)
            return
        self.rang = asyncio.Event()
        await self.channel_layer.group_add(self.group, self.channel_name)
        self.following = asyncio.create_task(self.follow())

    async def admit(self, query: dict[str, list[str]]) -> int | None:
        """The code to close with, or None. Sets `group` and the cursor."""
        raise NotImplementedError

    async def send_news(self) -> None:
        """Sends what lies past the cursor, and moves it."""
        raise NotImplementedError

    async def may_read(self) -> bool:
        """Whether the session or the token in the header belongs to someone who may look."""
        return await self.find_reader() is not None

    async def find_reader(self) -> Person | None:
        """Who is looking: by the session, or by the token in the header."""
        headers = {name: value for name, value in self.scope["headers"] if name == b"authorization"}
        header = headers.get(b"authorization", b"").decode(errors="replace")
        reader: Person | None = await database_sync_to_async(find_reader)(self.scope["user"], header)
        return reader

    async def follow(self) -> None:
        """Replays, then waits for the bell or the poll, over and over.

        A cancellation can get lost in a database call that is under way: what ends this for certain is `is_over`.
        """
        while not self.is_over:
            self.rang.clear()
            await self.send_news()
            await asyncio.sleep(self.pause_seconds)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.rang.wait(), POLL_SECONDS)

    async def doorbell_rang(self, message: dict[str, Any]) -> None:
        """There may be news."""
        self.rang.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Sockets take no writes; what is sent is not read."""

    async def disconnect(self, code: int) -> None:
        """Stops following."""
        self.is_over = True
        if hasattr(self, "following"):
            self.following.cancel()
            await self.channel_layer.group_discard(self.group, self.channel_name)


class RunConsumer(FollowingConsumer):
    """`/ws/runs/{id}/?after=SEQ`: the events of one run, in order, none missed, none twice."""

    async def admit(self, query: dict[str, list[str]]) -> int | None:
        """Only those who may read, only runs that exist, and what the shadow plans only where it may be seen."""
        reader = await self.find_reader()
        if reader is None:
            return NOT_ALLOWED
        self.run_id = read_uuid(self.scope["url_route"]["kwargs"]["run_id"])
        if self.run_id is None or not await Run.objects.filter(pk=self.run_id).aexists():
            return UNKNOWN_RUN
        self.reader, self.actions = reader, Action.objects.filter(origin=self.run_id)
        if await self.is_hidden():
            return NOT_ALLOWED
        after = query.get("after", ["0"])[0]
        self.seq = int(after) if after.isdecimal() and len(after) < 10 else 0
        self.group = f"run.{self.run_id}"
        self.step_written = self.step_stored = 0
        return None

    async def is_hidden(self) -> bool:
        """Whether the run plans in the shadow, and this viewer is one of those who may not see that."""
        hidden: bool = await database_sync_to_async(is_hidden_from)(self.reader, self.actions)
        return hidden

    async def send_news(self) -> None:
        """The events after the cursor: as JSON one message each, for browsers as rendered regions.

        A run may plan in the shadow from its next event on: whoever may not see that is told no more.
        """
        events = await database_sync_to_async(events_after)(self.run_id, self.seq)
        if not events:
            return
        self.seq = events[-1].seq
        if any(event.kind == EventKind.MODEL_ANSWERED for event in events):
            self.step_stored = self.step_written
        news = "" if self.is_json else await database_sync_to_async(render_run_news)(self.run_id, events)
        if await self.is_hidden():
            self.is_over = True
            await self.close(code=NOT_ALLOWED)
        elif self.is_json:
            await self.send_each(events)
        else:
            await self.send(text_data=news)

    async def partial_came(self, message: dict[str, Any]) -> None:
        """The turn being written, as far as it is; one that is stored meanwhile is not shown again as unfinished."""
        partial = message["partial"]
        self.step_written = max(self.step_written, partial["step"])
        shown = json.dumps({"partial": partial}) if self.is_json else await asyncio.to_thread(render_partial, partial)
        if partial["step"] > self.step_stored:
            await self.send(text_data=shown)

    async def send_each(self, events: list[Event]) -> None:
        """One message for each event."""
        for event in events:
            await self.send(text_data=json.dumps(event_to_json(event)))


class QueueConsumer(FollowingConsumer):
    """`/ws/queue/`: how much waits, which actions changed since the viewer was last told, and how far bulks are."""

    group = "queue"
    pause_seconds = QUEUE_PAUSE_SECONDS

    async def admit(self, query: dict[str, list[str]]) -> int | None:
        """Only those who may read."""
        if not await self.may_read():
            return NOT_ALLOWED
        self.cursor: QueueCursor | None = None
        self.told: Told | None = None
        return None

    async def send_news(self) -> None:
        """What is new of actions, then of people's attention to tickets."""
        await self.send_changes()
        await self.send_attention()

    async def send_attention(self) -> None:
        """Who looks at what, who is at work and what is put off, where that is another matter than was told."""
        now = await database_sync_to_async(attention_now)()
        changed, self.told = attention_changes(self.told, now), now
        if changed and self.is_json:
            await self.send(text_data=json.dumps({"attention": attention_to_json(changed)}))
        elif changed:
            await self.send(text_data=await asyncio.to_thread(render_attention_news, changed))

    async def send_changes(self) -> None:
        """The count and the changed actions, where anything changed; once at the start."""
        news = await database_sync_to_async(queue_news)(self.cursor)
        self.cursor = news.cursor
        if not news.is_new:
            return
        if self.is_json:
            await self.send(text_data=json.dumps({"waiting": news.waiting, "changed": news.changed}))
        else:
            await self.send(text_data=await database_sync_to_async(render_queue_news)(news))

    async def bulk_moved(self, message: dict[str, Any]) -> None:
        """A bulk has come further."""
        bulk = message["bulk"]
        shown = json.dumps({"bulk": bulk}) if self.is_json else await asyncio.to_thread(render_bulk_news, bulk)
        await self.send(text_data=shown)


def read_uuid(text: str) -> UUID | None:
    """A UUID, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
