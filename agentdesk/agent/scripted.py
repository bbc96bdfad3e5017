"""A language model that says what a script tells it to: for tests, and for showing a run without a model.

It keeps nothing: its place in the script is the number of its turns in the transcript, so a run that was killed and
taken up again goes on where it was, and many threads can share one script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from agentdesk.agent.language_model import UNHURRIED, CallLimits, ModelFailed, ModelTurn, Request, ToolCall, Turn

ScriptedTurn = Turn | Callable[[Request], Turn]


class ScriptedModel:
    """A `LanguageModel` that answers with the given turns in order.

    A turn may be a function of the request. Raises `ModelFailed` where the script has ended.
    """

    def __init__(self, turns: Iterable[ScriptedTurn], name: str = "scripted") -> None:
        self._turns: Sequence[ScriptedTurn] = tuple(turns)
        self._name = name

    @property
    def name(self) -> str:
        """How the model is labelled wherever it acts."""
        return self._name

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        """The script's turn for this place in the transcript."""
        place = sum(isinstance(entry, ModelTurn) for entry in request.transcript)
        if place >= len(self._turns):
            raise ModelFailed(
                f"The script has ended: it holds {len(self._turns)} turns, and turn {place + 1} was asked for."
            )
        turn = self._turns[place]
        return turn if isinstance(turn, Turn) else turn(request)


def script_from_json(value: Sequence[Mapping[str, Any]], name: str = "scripted") -> ScriptedModel:
    """A script from JSON: a list of turns `{"text", "tool_calls": [{"name", "arguments", "tool_call_id"?}]}`.

    A call without an id is numbered through the script: `call_1`, `call_2` and so on.
    """
    turns, count = [], 0
    for stated in value:
        calls = []
        for call in stated.get("tool_calls", ()):
            count += 1
            calls.append(ToolCall(call.get("tool_call_id", f"call_{count}"), call["name"], call.get("arguments", {})))
        turns.append(Turn(text=stated.get("text", ""), tool_calls=tuple(calls)))
    return ScriptedModel(turns, name)
