"""OpenAI's Responses: how a request is written, how its stream is read.

Nothing is stored there (`store` is off), so every request carries the whole transcript, in the same order and bytes as
the one before: that and `prompt_cache_key` make the prompt cache hit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import CallLimits, Entry, Request, ToolAnswer, ToolCall, UserTurn
from agentdesk.agent.providers.growing import Broken, GrowingCall, GrowingTurn, count
from agentdesk.agent.providers.provider_model import Body
from agentdesk.agent.providers.tool_schemas import strict_form_of, strict_tools

MOST_UNIONS = 1000
TIERS = frozenset({"auto", "default", "flex", "priority", "scale"})
REASONING = re.compile(r"(o\d|gpt-[5-9])")
"""Models that reason; they take no temperature."""
LONGEST_CACHE_KEY = 64
BUSY = frozenset({"rate_limit_exceeded", "server_overloaded"})
CUTS = {"max_output_tokens": "length", "content_filter": "refusal"}


class ResponsesWire:
    """The wire format for one model."""

    def __init__(self, model: str) -> None:
        self._model = model

    def write(self, request: Request, limits: CallLimits) -> Body:
        """The body of a streaming request."""
        body: Body = {"model": self._model, "stream": True, "store": False}
        body["max_output_tokens"] = limits.output_tokens
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": form.schema,
                    "strict": form.is_strict,
                }
                for tool, form in strict_tools(request.tools, MOST_UNIONS)
            ]
        if request.system:
            body["instructions"] = request.system
        body["input"] = [item for entry in request.transcript for item in write_items(entry)]
        if schema := request.parameters.get("answer_schema"):
            form = strict_form_of(schema)
            stated = {"name": "answer", "schema": form.schema, "strict": form.is_strict}
            body["text"] = {"format": {"type": "json_schema", **stated}}
        return body | write_options(request.parameters, self._model)

    def read(self, event: dict[str, Any], turn: GrowingTurn) -> None:
        """Takes one event into the turn."""
        kind = event.get("type")
        if kind == "response.output_text.delta":
            turn.say(event["delta"])
        elif kind == "response.function_call_arguments.delta":
            turn.argue(event["output_index"], event["delta"])
        elif kind == "response.output_item.added" and event["item"]["type"] == "function_call":
            turn.calls[event["output_index"]] = GrowingCall(event["item"].get("call_id"), event["item"]["name"])
        elif kind == "response.refusal.delta":
            turn.is_refusal = True
            turn.say(event["delta"])
        elif kind == "response.reasoning_summary_text.delta":
            turn.think(event["delta"])
        elif kind in ("response.completed", "response.incomplete"):
            read_end(event["response"], turn)
        elif kind in ("response.failed", "error") or event.get("status") == "failed":
            raise_error(event)
        elif event.get("object") == "response":
            read_whole(event, turn)


def read_whole(response: dict[str, Any], turn: GrowingTurn) -> None:
    """A whole response, from a server that does not stream."""
    for place, item in enumerate(response["output"]):
        if item["type"] == "function_call":
            turn.calls[place] = GrowingCall(item.get("call_id"), item["name"])
            turn.argue(place, item["arguments"])
        for part in item.get("content") or ():
            turn.is_refusal = turn.is_refusal or part["type"] == "refusal"
            turn.say(part.get("text") or part.get("refusal") or "")
        for part in item.get("summary") or ():
            turn.think(part["text"])
    read_end(response, turn)


def write_items(entry: Entry) -> Iterator[Body]:
    """One entry as input items."""
    if isinstance(entry, ToolAnswer):
        yield {"type": "function_call_output", "call_id": entry.tool_call_id, "output": entry.content}
    elif isinstance(entry, UserTurn):
        yield {"role": "user", "content": entry.text}
    else:
        if entry.text:
            yield {"role": "assistant", "content": entry.text}
        for call in entry.tool_calls:
            stated = {"call_id": call.tool_call_id, "name": call.name, "arguments": arguments_text(call)}
            yield {"type": "function_call", **stated}


def arguments_text(call: ToolCall) -> str:
    """A call's arguments as the JSON text the model wrote, or as it wrote them where they are none."""
    if isinstance(call.arguments, str):
        return call.arguments
    return json.dumps(call.arguments, ensure_ascii=False, separators=(",", ":"))


def write_options(parameters: dict[str, Any], model: str) -> Body:
    """The parameters OpenAI's own APIs know, where this model takes them."""
    options: Body = {}
    if "temperature" in parameters and not REASONING.match(model):
        options["temperature"] = parameters["temperature"]
    if key := parameters.get("cache_key"):
        options["prompt_cache_key"] = str(key)[:LONGEST_CACHE_KEY]
    if (tier := parameters.get("service_tier")) in TIERS:
        options["service_tier"] = tier
    return options


def read_end(response: dict[str, Any], turn: GrowingTurn) -> None:
    """The end of a response: why, and its tokens."""
    turn.is_whole = True
    if response.get("status") == "incomplete":
        reason = (response.get("incomplete_details") or {}).get("reason", "length")
        turn.stop = CUTS.get(reason, reason)
    usage = response.get("usage") or {}
    details = usage.get("input_tokens_details") or {}
    turn.input_tokens = count(usage.get("input_tokens"))
    turn.output_tokens = count(usage.get("output_tokens"))
    turn.cached_tokens = count(details.get("cached_tokens"))
    turn.cache_write_tokens = count(details.get("cache_write_tokens"))


def raise_error(event: dict[str, Any]) -> None:
    """An error within the stream: an event of its own, or a response that failed."""
    error = (event.get("response") or {}).get("error") or event.get("error") or event
    failure = Failure.PROVIDER_BUSY if error.get("code") in BUSY else Failure.PROVIDER_DOWN
    raise Broken(failure, str(error.get("message") or "no reason given"))
