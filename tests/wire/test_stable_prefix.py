"""Each request begins with the bytes of the one before, so that the provider's prompt cache hits."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from agentdesk.agent.language_model import ModelTurn, ToolAnswer, ToolCall, UserTurn
from tests.wire.conftest import TICKET, Connect, request_of
from tests.wire.replies import say

STEPS: tuple[Any, ...] = (
    TICKET,
    ModelTurn("I look.", (ToolCall("c_1", "list_orders", {}),)),
    ToolAnswer("c_1", '{"orders": ["Grüße"]}'),
    ModelTurn(
        "", (ToolCall("c_2", "find_customer", {"email": None}), ToolCall("c_3", "list_orders", {"b": 1, "a": 2}))
    ),
    ToolAnswer("c_2", "{}"),
    ToolAnswer("c_3", "{}"),
    UserTurn("Decisions: none"),
)
ENDS = (1, 3, 6, 7)
"""How much of the transcript each request of a run holds."""


def ask_step_by_step(connect: Connect) -> list[dict[str, Any]]:
    provider = connect([say("ok")] * len(ENDS))
    for step, end in enumerate(ENDS):
        provider.ask(request_of(*STEPS[:end], cache_key="run", step=step))
    return provider.server.bodies


def flat(body: dict[str, Any]) -> list[str]:
    """A request's transcript, block by block, without the marks of where to cache."""
    items = body["input"] if "input" in body else body["messages"]
    blocks: list[tuple[str, Any]] = []
    for item in items:
        content = item.get("content")
        if isinstance(content, list):
            blocks += [(item["role"], {k: v for k, v in part.items() if k != "cache_control"}) for part in content]
        else:
            blocks.append(("", item))
    return [json.dumps(block) for block in blocks]


def test_tools_and_system_are_the_same_bytes_in_every_call(connect: Connect) -> None:
    heads = {
        json.dumps({name: value for name, value in body.items() if name not in ("input", "messages")})
        for body in ask_step_by_step(connect)
    }
    assert len(heads) == 1


def test_every_transcript_begins_with_the_one_before(connect: Connect) -> None:
    transcripts = [flat(body) for body in ask_step_by_step(connect)]
    for earlier, later in pairwise(transcripts):
        assert later[: len(earlier)] == earlier
        assert len(later) > len(earlier)


def test_tools_and_system_come_before_the_transcript(connect: Connect, wire: str) -> None:
    provider = connect([say("ok")])
    provider.ask()
    raw = provider.server.received[0].raw.decode()
    system = {"anthropic": '"system"', "openai": '"instructions"', "openai-chat": '"role":"system"'}[wire]
    assert raw.index('"tools"') < raw.index(system) < raw.index("Where is my order")


def test_the_same_request_is_the_same_bytes(connect: Connect) -> None:
    provider = connect([say("ok")] * 2)
    provider.ask(request_of(*STEPS))
    provider.ask(request_of(*STEPS))
    first, second = provider.server.received
    assert first.raw == second.raw


def test_where_to_cache_is_marked_for_anthropic_alone(connect: Connect, wire: str) -> None:
    bodies = ask_step_by_step(connect)
    if wire != "anthropic":
        assert "cache_control" not in json.dumps(bodies)
        return
    for body in bodies:
        assert body["system"][-1]["cache_control"] == {"type": "ephemeral"}
        assert body["messages"][-1]["content"][-1]["cache_control"] == {"type": "ephemeral"}
        assert json.dumps(body).count("cache_control") <= 4
    # The end of the request before is marked too: a turn of many calls is longer than the API looks back.
    assert bodies[2]["messages"][2]["content"][-1]["cache_control"] == {"type": "ephemeral"}


def test_a_cache_key_goes_where_it_is_known(connect: Connect, wire: str) -> None:
    bodies = ask_step_by_step(connect)
    assert {body.get("prompt_cache_key") for body in bodies} == ({"run"} if wire == "openai" else {None})
