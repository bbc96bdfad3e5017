"""Reading a stream of server-sent events with as little as possible: the JSON of each, in order.

A server that does not stream answers with one JSON object, which is then the only event.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2

from agentdesk.agent.providers.growing import Garbled

LARGEST_STREAM = 32 * 1024 * 1024
"""Bytes: events weigh many times what they say, and one format says everything three times."""


def read_events(response: httpx2.Response) -> Iterator[list[dict[str, Any]]]:
    """The events of each chunk that arrives. Raises: Garbled, and what the transport raises."""
    kind = response.headers.get("content-type", "")
    if kind.startswith("application/json"):
        yield [read_event(b"".join(read_chunks(response)))]
        return
    if not kind.startswith("text/event-stream"):
        raise Garbled(f"the answer is {kind.partition(';')[0] or 'of no type'}, not a stream of events")
    rest, pending = b"", list[bytes]()
    for chunk in read_chunks(response):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        events = []
        for line in lines:
            if line.startswith(b"data:"):
                pending.append(line[5:].strip())
            elif pending and not line.strip():
                events.append(read_event(b"\n".join(pending)))
                pending.clear()
        yield events
    if pending:
        yield [read_event(b"\n".join(pending))]


def read_chunks(response: httpx2.Response) -> Iterator[bytes]:
    """The body as it arrives. Raises: Garbled where there is no end to it."""
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > LARGEST_STREAM:
            raise Garbled(f"the answer is longer than {LARGEST_STREAM} bytes")
        yield chunk


def read_event(data: bytes) -> dict[str, Any]:
    """One event's JSON object; the end mark of Chat Completions is an empty one. Raises: Garbled."""
    if data == b"[DONE]":
        return {}
    try:
        event = json.loads(data)
    except ValueError:
        raise Garbled("an event of the answer is not JSON") from None
    if not isinstance(event, dict):
        raise Garbled("an event of the answer is not an object")
    return event
