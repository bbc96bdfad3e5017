"""A provider on loopback: Anthropic Messages, OpenAI Responses and Chat Completions over real sockets.

It knows nothing of AgentDesk: it is told what to answer, speaks the provider's format, and keeps what it was sent.

    with WireServer([call("list_orders"), say("Done.")]) as server:
        os.environ.update(server.environment("openai"))     # AGENTDESK_MODEL, the key, the base URL
        ...
        server.received[0].body["tools"]

A script is a list, one answer per request (a retry is a request too), or a function of the request's JSON body, called
from several threads. Where a list has ended it answers 400, saying so.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Self

from tests.wire.formats import Event, WireFormat, event_bytes, find_format
from tests.wire.replies import Answer, Fault, Reply, Script

MODELS = {
    "anthropic": "anthropic:claude-sonnet-5",
    "openai": "openai:gpt-5.5",
    "openai-chat": "openai-chat:gpt-5.5",
}
KEY = "sk-loopback-0123456789abcdef"
PORTS_HAD: set[int] = set()
LONGEST_HOLD = 80.0
"""Seconds a reply waits at most for what it is held `until`: less than a model's patience with silence."""
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}


@dataclass(frozen=True)
class Received:
    """A request as it came; header names in lower case, `at` in seconds of the monotonic clock."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    raw: bytes
    at: float


def listen_where_none_was() -> socket.socket:
    """A listener on a free port that no server of this process has had.

    A model is known by its address and remembers how it failed there: on a port that came back it would be skipped.
    """
    refused = []
    while True:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        port = int(listener.getsockname()[1])
        if port not in PORTS_HAD:
            PORTS_HAD.add(port)
            break
        refused.append(listener)
    for one in refused:
        one.close()
    return listener


class WireServer:
    """Listens on 127.0.0.1, on a free port, one thread per connection; starts at once, ends with `close`."""

    def __init__(self, script: Script) -> None:
        self.received: list[Received] = []
        self._script = script
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = listen_where_none_was()
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(target=self._accept, name="wire", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies received so far."""
        return [received.body for received in self.received]

    def environment(self, wire: str) -> dict[str, str]:
        """The variables that make AgentDesk use this server in that format, one of `FORMATS`."""
        if wire == "anthropic":
            keys = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": self.url}
        else:
            keys = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{self.url}/v1"}
        return {"AGENTDESK_MODEL": MODELS[wire], **keys}

    def follow(self, script: Script) -> None:
        """Another script from now on; what was received is forgotten."""
        with self._lock:
            self._script = script
            self.received = []

    def close(self) -> None:
        """Ends every connection, also those that stall, and the threads."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            threads = list(self._threads)
        for thread in threads:
            thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), name="wire-call", daemon=True)
            with self._lock:
                self._connections.add(connection)
                self._threads = [*(other for other in self._threads if other.is_alive()), thread]
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while (received := read_request(stream)) is not None:
                    answer, number = self._choose(received)
                    if not self._send(connection, received, answer, number):
                        return
        except OSError:
            pass  # the caller went away, or this server is closing
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _choose(self, received: Received) -> tuple[Answer, int]:
        """The script's answer, and the request's number from 1."""
        with self._lock:
            self.received.append(received)
            number = len(self.received)
            script = self._script
        if callable(script):
            return script(received.body), number
        if number > len(script):
            return Fault(400, body=b'{"error": {"message": "the script has ended"}}'), number
        return script[number - 1], number

    def _send(self, connection: socket.socket, received: Received, answer: Answer, number: int) -> bool:
        """Sends an answer; False where the connection is to end with it."""
        if answer.wait and self._closing.wait(answer.wait):
            return False
        wire = find_format(received.path)
        if wire is None or isinstance(answer, Fault):
            connection.sendall(fault_bytes(answer if isinstance(answer, Fault) else Fault(404), wire, number))
            return True
        model = str(received.body.get("model", ""))
        if answer.plain or not received.body.get("stream"):
            body = json.dumps(wire.plain(answer, model, number), ensure_ascii=False).encode()
            connection.sendall(head_bytes(200, number, {"content-length": str(len(body))}) + body)
            return True
        return self._stream(connection, answer, wire, list(wire.stream(answer, model, number)), number)

    def _stream(
        self, connection: socket.socket, reply: Reply, wire: WireFormat, events: list[Event], number: int
    ) -> bool:
        head = {"content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked"}
        chunks = [chunk_bytes(event_bytes(event)) for event in to_send(events, reply, wire)]
        chunks[0] = head_bytes(200, number, head) + chunks[0]
        if reply.ending in ("whole", "error"):
            chunks[-1] += b"0\r\n\r\n"
        if not reply.pause and reply.until is None:
            connection.sendall(b"".join(chunks))
        else:
            for place, chunk in enumerate(chunks):
                if reply.until is not None and place == len(chunks) // 2:
                    reply.until.wait(LONGEST_HOLD)
                connection.sendall(chunk)
                if self._closing.wait(reply.pause):
                    return False
        if reply.ending == "silent":
            self._closing.wait()
        return reply.ending in ("whole", "error")


def to_send(events: list[Event], reply: Reply, wire: WireFormat) -> list[Event]:
    """The events that travel before the stream ends as the reply says."""
    if reply.ending == "whole":
        return events
    half = events[: max(1, len(events) // 2)]
    return [*half, wire.broken()] if reply.ending == "error" else half


def read_request(stream: BinaryIO) -> Received | None:
    """The next request of a connection; None where it has ended."""
    line = stream.readline()
    if not line:
        return None
    path = line.split(b" ", 2)[1].decode("ascii")
    headers = dict(read_headers(stream))
    raw = stream.read(int(headers.get("content-length", 0)))
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = {}
    return Received(path.partition("?")[0], headers, body, raw, time.monotonic())


def read_headers(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Header names, in lower case, and values."""
    while (line := stream.readline()) not in (b"\r\n", b"\n", b""):
        name, _colon, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


def head_bytes(status: int, number: int, headers: dict[str, str]) -> bytes:
    """The status line and headers; the request's id as both providers give it."""
    stated = {"content-type": "application/json", "request-id": f"req_{number}", "x-request-id": f"req_{number}"}
    lines = [f"{name}: {value}" for name, value in {**stated, **headers}.items()]
    return "\r\n".join([f"HTTP/1.1 {status} {REASONS.get(status, 'Scripted')}", *lines, "", ""]).encode("latin-1")


def fault_bytes(fault: Fault, wire: WireFormat | None, number: int) -> bytes:
    """A fault as it travels."""
    body = fault.body
    if body is None:
        body = json.dumps(wire.error(fault.status) if wire else {"error": {"message": "no such path"}}).encode()
    return head_bytes(fault.status, number, {**fault.headers, "content-length": str(len(body))}) + body


def chunk_bytes(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
