"""A turn while it streams in, whatever the wire format, and the turn it becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import Partial
from agentdesk.agent.providers.schemas import drop_nulls

LARGEST_TURN = 1024 * 1024
"""Characters of text and arguments in one turn; beyond, the answer is not read on."""
WATCHED_TOOL = "send_reply"
BODY = re.compile(r'"body"\s*:\s*"((?:[^"\\]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)')


class Garbled(Exception):
    """The provider sent something that is no answer."""


class Broken(Exception):
    """The provider's own error within a stream."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass
class GrowingCall:
    """A tool call whose arguments are still being written."""

    tool_call_id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> str:
        """The JSON text so far."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""


@dataclass
class GrowingTurn:
    """What has been read of a turn. `stop` is the house's word for why it ended; `is_whole` once the provider said so.

    Tokens are the provider's, as `agentdesk.agent.language_model.Usage` counts them.
    """

    texts: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: dict[int, GrowingCall] = field(default_factory=dict)
    stop: str = ""
    is_whole: bool = False
    is_refusal: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    size: int = 0

    def say(self, piece: str) -> None:
        """More text."""
        self.texts.append(self.measured(piece))

    def think(self, piece: str) -> None:
        """More of the summary of the model's thinking."""
        self.reasoning.append(self.measured(piece))

    def argue(self, place: int, piece: str) -> None:
        """More of a call's arguments."""
        self.calls[place].pieces.append(self.measured(piece))

    def measured(self, piece: str) -> str:
        """The piece, counted. Raises: Garbled where it is not text, or too much."""
        if not isinstance(piece, str):
            raise Garbled("a piece of the answer is not text")
        self.size += len(piece)
        if self.size > LARGEST_TURN:
            raise Garbled(f"the answer is longer than {LARGEST_TURN} characters")
        return piece

    @property
    def stop_reason(self) -> str:
        """Why it ended, as `Turn.stop_reason` has it."""
        if self.is_refusal:
            return "refusal"
        return self.stop or ("tool_use" if self.calls else "end")

    def partial(self) -> Partial:
        """What of it can be shown now: the newest reply's body, else the text."""
        for call in reversed(self.calls.values()):
            if call.name == WATCHED_TOOL:
                return Partial(read_body(call.arguments), call.tool_call_id, call.name)
        return Partial("".join(self.texts))


def read_body(arguments: str) -> str:
    """The body in the JSON text of a reply's arguments, as far as it is written."""
    found = BODY.search(arguments)
    if found is None:
        return ""
    text: str = json.loads(f'"{found[0].partition(":")[2].lstrip()[1:]}"', strict=False)
    return text.encode("utf-8", "ignore").decode()


def read_arguments(text: str, schema: Mapping[str, Any], *, is_cut: bool) -> Any:
    """A call's arguments as its tool's schema has them; the text itself where it is no JSON, or nested without end.

    Nothing at all is an empty object, unless the turn was cut.
    """
    if not text.strip() and not is_cut:
        return {}
    try:
        return drop_nulls(schema, json.loads(text))
    except (ValueError, RecursionError):
        return text


def count(stated: Any) -> int:
    """A number of tokens a provider states; 0 where it is none."""
    return stated if isinstance(stated, int) and stated > 0 else 0
