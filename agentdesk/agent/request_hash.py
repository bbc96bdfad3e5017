"""The hash and the size of the requests of one conversation, each entry taken in once: a transcript only grows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.language_model import Entry, Request, entry_to_json


@dataclass(frozen=True)
class Measured:
    """The SHA-256 of a request's canonical bytes, in hex, and how many bytes they are."""

    sha256: str
    size: int


class RequestHasher:
    """Measures the growing requests of one conversation; the result is that of hashing `Request.to_bytes()`."""

    def __init__(self) -> None:
        self._request: Request | None = None
        self._seen: tuple[Entry, ...] = ()
        self._hash = hashlib.sha256()
        self._size = 0

    def measure(self, request: Request) -> Measured:
        """The hash and size of a request; only what is new in it is serialised."""
        if not self._continues(request):
            self._begin(request)
        for place, entry in enumerate(request.transcript[len(self._seen) :], len(self._seen)):
            self._take(("," if place else "") + to_canonical(entry_to_json(entry)))
        self._seen = request.transcript
        whole = self._hash.copy()
        whole.update(b"]}")
        return Measured(whole.hexdigest(), self._size + 2)

    def _continues(self, request: Request) -> bool:
        before = self._request
        if before is None or request.tools is not before.tools or request.system != before.system:
            return False
        told = request.transcript[: len(self._seen)]
        return request.parameters == before.parameters and told == self._seen

    def _begin(self, request: Request) -> None:
        self._request, self._seen, self._hash, self._size = request, (), hashlib.sha256(), 0
        tools = [[tool.name, tool.description, tool.parameters] for tool in request.tools]
        head = to_canonical({"parameters": request.parameters, "system": request.system, "tools": tools})
        self._take(f'{head[:-1]},"transcript":[')

    def _take(self, words: str) -> None:
        piece = words.encode()
        self._hash.update(piece)
        self._size += len(piece)


def to_canonical(value: Any) -> str:
    """JSON as `Request.to_bytes` writes it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
