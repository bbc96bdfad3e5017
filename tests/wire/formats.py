"""The three wire formats: a neutral reply as the JSON body or the stream of events a provider sends.

Shapes are those of the types and stream classes in the installed `anthropic` and `openai` packages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.wire.replies import Call, Reply

Event = tuple[str, Any]
"""An SSE event: its name (empty where the format has none) and its data."""


@dataclass(frozen=True)
class WireFormat:
    """How one provider writes a turn, plain and streamed, and an error."""

    plain: Callable[[Reply, str, int], dict[str, Any]]
    stream: Callable[[Reply, str, int], Iterator[Event]]
    error: Callable[[int], dict[str, Any]]
    broken: Callable[[], Event]


def pieces(text: str) -> Iterator[str]:
    """A text in the pieces it is streamed in: at least 24 characters, and at most some 64 pieces."""
    size = max(24, len(text) // 64 + 1)
    return (text[start : start + size] for start in range(0, len(text), size))


def arguments_of(call: Call) -> str:
    """A call's arguments as the JSON text that travels."""
    return call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments, ensure_ascii=False)


def id_of(call: Call, number: int, place: int, prefix: str) -> str:
    """A call's id: its own, or one by request and place."""
    return call.tool_call_id or f"{prefix}_{number}_{place}"


# --- Anthropic Messages ---
MESSAGES_STOPS = {
    "end": "end_turn",
    "tool_use": "tool_use",
    "length": "max_tokens",
    "refusal": "refusal",
    "context": "model_context_window_exceeded",
}
MESSAGES_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def messages_usage(reply: Reply) -> dict[str, Any]:
    """Tokens; `input_tokens` is what was neither read from a cache nor put there."""
    tokens = reply.tokens
    return {
        "input_tokens": tokens.input - tokens.cached - tokens.written,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation_input_tokens": tokens.written,
        "output_tokens": tokens.output,
        "service_tier": "standard",
    }


def messages_blocks(reply: Reply, number: int) -> list[dict[str, Any]]:
    """The content blocks of a reply; a tool's input is still text."""
    blocks: list[dict[str, Any]] = []
    if reply.reasoning:
        blocks.append({"type": "thinking", "thinking": reply.reasoning, "signature": "c2lnbmVk"})
    if reply.text:
        blocks.append({"type": "text", "text": reply.text, "citations": None})
    for place, call in enumerate(reply.tool_calls):
        call_id = id_of(call, number, place, "toolu")
        blocks.append({"type": "tool_use", "id": call_id, "name": call.name, "input": arguments_of(call)})
    return blocks


def read_leniently(text: str) -> Any:
    """JSON where it is some; else the text, which a plain message can only carry as such."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def messages_plain(reply: Reply, model: str, number: int) -> dict[str, Any]:
    """A whole message."""
    blocks = [
        {**block, "input": read_leniently(block["input"])} if "input" in block else block
        for block in messages_blocks(reply, number)
    ]
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": blocks,
        "stop_reason": MESSAGES_STOPS[reply.stop_reason],
        "stop_sequence": None,
        "usage": messages_usage(reply),
    }


def messages_stream(reply: Reply, model: str, number: int) -> Iterator[Event]:
    """A message, event by event."""
    whole = messages_plain(Reply(tokens=reply.tokens), model, number)
    start = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"], "output_tokens": 1}}
    yield "message_start", {"type": "message_start", "message": start}
    yield "ping", {"type": "ping"}
    for index, block in enumerate(messages_blocks(reply, number)):
        yield from messages_block_events(block, index)
    delta = {"stop_reason": MESSAGES_STOPS[reply.stop_reason], "stop_sequence": None}
    yield "message_delta", {"type": "message_delta", "delta": delta, "usage": {"output_tokens": reply.tokens.output}}
    yield "message_stop", {"type": "message_stop"}


def messages_block_events(block: dict[str, Any], index: int) -> Iterator[Event]:
    """One content block, event by event."""
    kind, key, delta_type = {
        "text": ("text", "text", "text_delta"),
        "thinking": ("thinking", "thinking", "thinking_delta"),
        "tool_use": ("input", "partial_json", "input_json_delta"),
    }[block["type"]]
    empty = {**block, kind: {} if kind == "input" else ""}
    yield "content_block_start", {"type": "content_block_start", "index": index, "content_block": empty}
    for piece in pieces(block[kind]):
        delta = {"type": delta_type, key: piece}
        yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
    yield "content_block_stop", {"type": "content_block_stop", "index": index}


def messages_error(status: int) -> dict[str, Any]:
    """An error body."""
    error = {"type": MESSAGES_ERRORS.get(status, "api_error"), "message": f"scripted status {status}"}
    return {"type": "error", "error": error, "request_id": "req_scripted"}


def messages_broken() -> Event:
    """The event of an error within a stream."""
    return "error", {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


# --- OpenAI Responses ---
def responses_usage(reply: Reply) -> dict[str, Any]:
    """Tokens."""
    tokens = reply.tokens
    return {
        "input_tokens": tokens.input,
        "input_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": tokens.written},
        "output_tokens": tokens.output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens.input + tokens.output,
    }


def responses_items(reply: Reply, number: int) -> list[dict[str, Any]]:
    """The output items of a reply."""
    items: list[dict[str, Any]] = []
    if reply.reasoning:
        summary = [{"type": "summary_text", "text": reply.reasoning}]
        items.append({"type": "reasoning", "id": f"rs_{number}", "summary": summary})
    if reply.text:
        part: dict[str, Any] = {"type": "output_text", "text": reply.text, "annotations": []}
        if reply.stop_reason == "refusal":
            part = {"type": "refusal", "refusal": reply.text}
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed"}
        items.append({**message, "content": [part]})
    for place, call in enumerate(reply.tool_calls):
        ids = {"id": f"fc_{number}_{place}", "call_id": id_of(call, number, place, "call")}
        stated = {"name": call.name, "arguments": arguments_of(call), "status": "completed"}
        items.append({"type": "function_call", **ids, **stated})
    return items


def responses_plain(reply: Reply, model: str, number: int) -> dict[str, Any]:
    """A whole response."""
    is_cut = reply.stop_reason in ("length", "context")
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1_760_000_000,
        "model": model,
        "status": "incomplete" if is_cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
        "error": None,
        "output": responses_items(reply, number),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": responses_usage(reply),
    }


def responses_stream(reply: Reply, model: str, number: int) -> Iterator[Event]:
    """A response, event by event."""
    whole = responses_plain(reply, model, number)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    events.append({"type": "response.in_progress", "response": begun})
    for index, item in enumerate(whole["output"]):
        events.extend(responses_item_events(item, index))
    events.append({"type": f"response.{whole['status']}", "response": whole})
    for sequence, event in enumerate(events):
        yield event["type"], {**event, "sequence_number": sequence}


def responses_item_events(item: dict[str, Any], index: int) -> Iterator[dict[str, Any]]:
    """One output item, event by event."""
    where = {"item_id": item["id"], "output_index": index}
    empty: dict[str, Any] = {**item}
    empty.update({name: type(item[name])() for name in ("content", "arguments", "summary") if name in item})
    yield {"type": "response.output_item.added", "output_index": index, "item": empty}
    if item["type"] == "function_call":
        for piece in pieces(item["arguments"]):
            yield {"type": "response.function_call_arguments.delta", **where, "delta": piece}
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield {"type": "response.function_call_arguments.done", **where, **done}
    for place, part in enumerate(item.get("content", ())):
        key, kind = ("refusal", "refusal") if part["type"] == "refusal" else ("text", "output_text")
        within = {**where, "content_index": place}
        yield {"type": "response.content_part.added", **within, "part": {**part, key: ""}}
        for piece in pieces(part[key]):
            yield {"type": f"response.{kind}.delta", **within, "delta": piece}
        yield {"type": f"response.{kind}.done", **within, key: part[key]}
        yield {"type": "response.content_part.done", **within, "part": part}
    for place, part in enumerate(item.get("summary", ())):
        within = {**where, "summary_index": place}
        yield {"type": "response.reasoning_summary_part.added", **within, "part": {**part, "text": ""}}
        yield {"type": "response.reasoning_summary_text.delta", **within, "delta": part["text"]}
        yield {"type": "response.reasoning_summary_text.done", **within, "text": part["text"]}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def openai_error(status: int) -> dict[str, Any]:
    """An error body."""
    return {"error": {"message": f"scripted status {status}", "type": "scripted", "param": None, "code": None}}


def responses_broken() -> Event:
    """The event of an error within a stream."""
    error = {"code": "server_error", "message": "The server had an error."}
    return "error", {"type": "error", **error, "param": None, "sequence_number": 9}


# --- Chat Completions ---
CHAT_STOPS = {
    "end": "stop",
    "tool_use": "tool_calls",
    "length": "length",
    "refusal": "stop",
    "context": "length",
}


def chat_usage(reply: Reply) -> dict[str, Any]:
    """Tokens."""
    tokens = reply.tokens
    return {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": tokens.written},
    }


def chat_calls(reply: Reply, number: int) -> list[dict[str, Any]]:
    """The tool calls of a reply."""
    return [
        {
            "id": id_of(call, number, place, "call"),
            "type": "function",
            "function": {"name": call.name, "arguments": arguments_of(call)},
        }
        for place, call in enumerate(reply.tool_calls)
    ]


def chat_plain(reply: Reply, model: str, number: int) -> dict[str, Any]:
    """A whole completion."""
    key = "refusal" if reply.stop_reason == "refusal" else "content"
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None, key: reply.text or None}
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    if reply.tool_calls:
        message["tool_calls"] = chat_calls(reply, number)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": CHAT_STOPS[reply.stop_reason]}
    return {**chat_head(model, number, "chat.completion"), "choices": [choice], "usage": chat_usage(reply)}


def chat_head(model: str, number: int, kind: str) -> dict[str, Any]:
    """What a completion and each of its chunks begin with."""
    return {"id": f"chatcmpl_{number}", "object": kind, "created": 1_760_000_000, "model": model}


def chat_stream(reply: Reply, model: str, number: int) -> Iterator[Event]:
    """A completion, chunk by chunk; the usage comes last, as `include_usage` has it."""
    head = {**chat_head(model, number, "chat.completion.chunk"), "usage": None}

    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> Event:
        return "", {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(reply.reasoning):
        yield chunk({"reasoning_content": piece})
    key = "refusal" if reply.stop_reason == "refusal" else "content"
    for piece in pieces(reply.text):
        yield chunk({key: piece})
    for place, call in enumerate(chat_calls(reply, number)):
        begun = {**call, "index": place, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield chunk({"tool_calls": [begun]})
        for piece in pieces(call["function"]["arguments"]):
            yield chunk({"tool_calls": [{"index": place, "function": {"arguments": piece}}]})
    yield chunk({}, CHAT_STOPS[reply.stop_reason])
    yield "", {**head, "choices": [], "usage": chat_usage(reply)}
    yield "", "[DONE]"


def chat_broken() -> Event:
    """The chunk of an error within a stream."""
    return "", openai_error(500)


WIRE_FORMATS: Mapping[str, WireFormat] = {
    "/messages": WireFormat(messages_plain, messages_stream, messages_error, messages_broken),
    "/responses": WireFormat(responses_plain, responses_stream, openai_error, responses_broken),
    "/chat/completions": WireFormat(chat_plain, chat_stream, openai_error, chat_broken),
}
"""By how the path ends."""


def find_format(path: str) -> WireFormat | None:
    """The wire format a path belongs to."""
    return next((wire for ending, wire in WIRE_FORMATS.items() if path.endswith(ending)), None)


def event_bytes(event: Event) -> bytes:
    """An event as it travels."""
    name, data = event
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode() if name else f"data: {text}\n\n".encode()
