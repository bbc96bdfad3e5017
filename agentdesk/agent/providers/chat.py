"""Chat Completions, as OpenAI and compatible servers speak it: how a request is written, how its stream is read.

A compatible server (one at a base URL of the operator's) is sent only what nearly all of them know.
"""

from __future__ import annotations

from typing import Any

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import CallLimits, Entry, Request, ToolAnswer, UserTurn
from agentdesk.agent.providers.growing import Broken, GrowingCall, GrowingTurn, count
from agentdesk.agent.providers.provider_model import Body
from agentdesk.agent.providers.responses import MOST_UNIONS, arguments_text, write_options
from agentdesk.agent.providers.tool_schemas import strict_form_of, strict_tools

STOPS = {
    "stop": "",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "length": "length",
    "content_filter": "refusal",
}


class ChatWire:
    """The wire format for one model."""

    def __init__(self, model: str, *, is_compatible: bool) -> None:
        self._model = model
        self._is_compatible = is_compatible

    def write(self, request: Request, limits: CallLimits) -> Body:
        """The body of a streaming request."""
        body: Body = {"model": self._model, "stream": True, "stream_options": {"include_usage": True}}
        body["max_tokens" if self._is_compatible else "max_completion_tokens"] = limits.output_tokens
        if request.tools:
            body["tools"] = [
                {"type": "function", "function": function}
                for function in (
                    {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": form.schema,
                        "strict": form.is_strict,
                    }
                    for tool, form in strict_tools(request.tools, MOST_UNIONS)
                )
            ]
        system = [{"role": "system", "content": request.system}] if request.system else []
        body["messages"] = system + [write_message(entry) for entry in request.transcript]
        if schema := request.parameters.get("answer_schema"):
            form = strict_form_of(schema)
            stated = {"name": "answer", "schema": form.schema, "strict": form.is_strict}
            body["response_format"] = {"type": "json_schema", "json_schema": stated}
        return body | self._options(request.parameters)

    def _options(self, parameters: dict[str, Any]) -> Body:
        if not self._is_compatible:
            return write_options(parameters, self._model)
        return {"temperature": parameters["temperature"]} if "temperature" in parameters else {}

    def read(self, event: dict[str, Any], turn: GrowingTurn) -> None:
        """Takes one chunk into the turn, or a whole completion from a server that does not stream."""
        if error := event.get("error"):
            raise Broken(Failure.PROVIDER_DOWN, error.get("message", "") if isinstance(error, dict) else str(error))
        for choice in event.get("choices") or ():
            read_delta(choice.get("delta") or choice.get("message") or {}, turn)
            if finish := choice.get("finish_reason"):
                turn.stop = STOPS.get(finish, finish)
                turn.is_whole = True
        if usage := event.get("usage"):
            read_usage(usage, turn)


def write_message(entry: Entry) -> Body:
    """One entry as a message."""
    if isinstance(entry, ToolAnswer):
        return {"role": "tool", "tool_call_id": entry.tool_call_id, "content": entry.content}
    if isinstance(entry, UserTurn):
        return {"role": "user", "content": entry.text}
    message: Body = {"role": "assistant", "content": entry.text}
    if entry.tool_calls:
        message["tool_calls"] = [
            {
                "id": call.tool_call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": arguments_text(call)},
            }
            for call in entry.tool_calls
        ]
    return message


def read_delta(delta: dict[str, Any], turn: GrowingTurn) -> None:
    """More of the message."""
    if piece := delta.get("content"):
        turn.say(piece)
    if piece := delta.get("refusal"):
        turn.is_refusal = True
        turn.say(piece)
    if piece := delta.get("reasoning_content") or delta.get("reasoning"):
        turn.think(piece)
    for call in delta.get("tool_calls") or ():
        read_call(call, turn)


def read_call(call: dict[str, Any], turn: GrowingTurn) -> None:
    """More of a tool call."""
    function = call.get("function") or {}
    place = place_of(call, turn)
    if place not in turn.calls:
        turn.calls[place] = GrowingCall(call.get("id") or "", function.get("name") or "")
    if piece := function.get("arguments"):
        turn.argue(place, piece)


def place_of(call: dict[str, Any], turn: GrowingTurn) -> int:
    """Which of the turn's calls this is more of. Servers that send calls whole give them no place, or all the same."""
    call_id, index = call.get("id"), call.get("index")
    for place, known in turn.calls.items():
        if call_id and known.tool_call_id == call_id:
            return place
    last = max(turn.calls, default=-1)
    if index is None:
        return last + 1 if call_id or last < 0 else last
    return last + 1 if call_id and index in turn.calls else int(index)


def read_usage(usage: dict[str, Any], turn: GrowingTurn) -> None:
    """Tokens of the whole turn."""
    details = usage.get("prompt_tokens_details") or {}
    turn.input_tokens = count(usage.get("prompt_tokens"))
    turn.output_tokens = count(usage.get("completion_tokens"))
    turn.cached_tokens = count(details.get("cached_tokens"))
    turn.cache_write_tokens = count(details.get("cache_write_tokens"))
