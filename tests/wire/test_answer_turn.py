"""A turn is asked for and read in each wire format; what was sent is what the format wants."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from agentdesk.agent.language_model import ModelTurn, Request, ToolAnswer, ToolCall, ToolSpec, Usage, UserTurn
from agentdesk.agent.providers import find_model
from agentdesk.environment import BASE_DIR
from tests.wire.conftest import SYSTEM, TICKET, Connect, request_of
from tests.wire.replies import Call, Fault, Reply, Tokens, call, say, tools_in
from tests.wire.server import WireServer


def test_a_turn_comes_whole(connect: Connect) -> None:
    reply = Reply(
        "One moment.", (Call("list_orders", tool_call_id="c_1"),), Tokens(1000, 50, 400, 100), reasoning="Hm."
    )
    turn = connect([reply]).ask()
    assert turn.text == "One moment."
    assert turn.tool_calls == (ToolCall("c_1", "list_orders", {}),)
    assert turn.stop_reason == "tool_use"
    assert turn.request_id == "req_1"
    assert turn.reasoning == "Hm."
    assert turn.usage == Usage(1000, 50, turn.usage.cost, 400, 100)


def test_a_server_that_does_not_stream_is_understood_too(connect: Connect) -> None:
    reply = Reply(
        "One moment.",
        (Call("list_orders", tool_call_id="c_1"),),
        Tokens(900, 50, 400, 100),
        reasoning="Hm.",
        plain=True,
    )
    turn = connect([reply]).ask()
    assert (turn.text, turn.reasoning, turn.stop_reason) == ("One moment.", "Hm.", "tool_use")
    assert turn.tool_calls == (ToolCall("c_1", "list_orders", {}),)
    assert turn.usage == Usage(900, 50, turn.usage.cost, 400, 100)
    assert connect([Reply("No.", stop="refusal", plain=True)]).ask().stop_reason == "refusal"
    assert connect([Reply("Too lo", stop="length", plain=True)]).ask().stop_reason == "length"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (say("Done."), "end"),
        (Reply("Too lo", stop="length"), "length"),
        (Reply("I cannot.", stop="refusal"), "refusal"),
        (Reply(), "end"),
    ],
)
def test_why_a_turn_ends_is_said_in_the_house_s_words(connect: Connect, reply: Reply, reason: str) -> None:
    turn = connect([reply]).ask()
    assert turn.stop_reason == reason
    assert turn.text == reply.text


def test_text_of_all_languages_survives(connect: Connect) -> None:
    words = 'Grüße, 你好, 👋🏽 “quoted” \\ " \n\t end'
    provider = connect([Reply(words, (Call("send_reply", {"body": words, "rationale": "because"}),))])
    turn = provider.ask(request_of(UserTurn(words)))
    assert turn.text == words
    assert turn.tool_calls[0].arguments["body"] == words
    assert sent_texts(provider.server.bodies[0])[-1] == words


def sent_texts(body: dict[str, Any]) -> list[str]:
    """The texts of a request's user turns, in any format."""
    texts = []
    for item in body["input"] if "input" in body else body["messages"]:
        if item.get("role") == "user":
            content = item["content"]
            texts += [content] if isinstance(content, str) else [part["text"] for part in content if "text" in part]
    return texts


EARLIER = (
    TICKET,
    ModelTurn("I look.", (ToolCall("c_1", "list_orders", {}), ToolCall("c_2", "find_customer", {"email": "a@b.c"}))),
    ToolAnswer("c_1", '{"orders": []}'),
    ToolAnswer("c_2", '{"error": "nobody"}'),
    UserTurn("Decisions: none"),
)


def test_the_transcript_is_sent_as_the_format_has_it(connect: Connect, wire: str) -> None:
    provider = connect([say("ok")])
    provider.ask(request_of(*EARLIER))
    body = provider.server.bodies[0]
    if wire == "anthropic":
        assert body["system"][0]["text"] == SYSTEM
        assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
        assert [block["type"] for block in body["messages"][1]["content"]] == ["text", "tool_use", "tool_use"]
        assert [block["type"] for block in body["messages"][2]["content"]] == ["tool_result", "tool_result", "text"]
        assert body["messages"][1]["content"][2]["input"] == {"email": "a@b.c"}
    elif wire == "openai":
        assert body["instructions"] == SYSTEM
        assert body["store"] is False
        kinds = [item.get("type", item.get("role")) for item in body["input"]]
        assert kinds == ["user", "assistant", *["function_call"] * 2, *["function_call_output"] * 2, "user"]
        assert json.loads(body["input"][3]["arguments"]) == {"email": "a@b.c"}
    else:
        roles = [message["role"] for message in body["messages"]]
        assert roles == ["system", "user", "assistant", "tool", "tool", "user"]
        assert [called["id"] for called in body["messages"][2]["tool_calls"]] == ["c_1", "c_2"]
        assert body["messages"][4]["tool_call_id"] == "c_2"


def test_tools_keep_their_names_and_are_strict(connect: Connect) -> None:
    provider = connect([say("ok")])
    provider.ask()
    body = provider.server.bodies[0]
    assert tools_in(body) == ["find_customer", "list_orders", "send_reply"]
    for tool in body["tools"]:
        stated = tool.get("function", tool)
        schema = stated["input_schema"] if "input_schema" in stated else stated["parameters"]
        assert stated["strict"] is True
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


def test_a_null_for_an_optional_field_is_left_out_again(connect: Connect) -> None:
    provider = connect([call("find_customer", {"email": None}), call("find_customer", {"email": "a@b.c"})])
    assert provider.ask().tool_calls[0].arguments == {}
    assert provider.ask().tool_calls[0].arguments == {"email": "a@b.c"}


def test_a_tool_no_strict_mode_takes_is_sent_as_it_is(connect: Connect, wire: str) -> None:
    free = ToolSpec("note", "Keeps notes.", {"type": "object", "additionalProperties": {"type": "string"}})
    provider = connect([call("note", {"colour": None})])
    turn = provider.ask(Request(SYSTEM, (free,), (TICKET,)))
    sent = provider.server.bodies[0]["tools"][0]
    stated = sent.get("function", sent)
    assert stated["input_schema" if wire == "anthropic" else "parameters"] == free.parameters
    assert not stated.get("strict", False)
    assert turn.tool_calls[0].arguments == {"colour": None}


@pytest.mark.parametrize("text", ['{"a": ', "prose", "[1, 2]", '"text"'])
def test_arguments_that_are_no_object_come_through_as_they_are(connect: Connect, text: str) -> None:
    provider = connect([call("list_orders", text), say("ok")])
    turn = provider.ask()
    try:
        expected = json.loads(text)
    except ValueError:
        expected = text
    assert turn.tool_calls[0].arguments == expected
    # They are part of the transcript from then on, and no format may choke on them.
    answer = ToolAnswer(turn.tool_calls[0].tool_call_id, '{"error": "malformed"}')
    assert provider.ask(request_of(TICKET, ModelTurn("", turn.tool_calls), answer)).text == "ok"


def test_arguments_cut_off_by_the_limit_are_never_taken_for_whole(connect: Connect) -> None:
    cut_within = Reply(tool_calls=(Call("send_reply", '{"body": "We refund you 100'),), stop="length")
    cut_before = Reply(tool_calls=(Call("list_orders", ""),), stop="length")
    provider = connect([cut_within, cut_before])
    turn = provider.ask()
    assert turn.stop_reason == "length"
    assert turn.tool_calls[0].arguments == '{"body": "We refund you 100'
    assert provider.ask().tool_calls[0].arguments == ""


def test_a_call_without_arguments_has_none(connect: Connect) -> None:
    assert connect([call("list_orders", "")]).ask().tool_calls[0].arguments == {}


def test_twelve_calls_come_through_whole(connect: Connect) -> None:
    turn = connect([Reply(tool_calls=tuple(Call("list_orders") for _ in range(12)))]).ask()
    assert len({called.tool_call_id for called in turn.tool_calls}) == 12


SCHEMA = {
    "type": "object",
    "properties": {"category": {"type": "string"}, "note": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
    "required": ["category"],
    "additionalProperties": False,
}


def test_an_answer_schema_becomes_structured_output(connect: Connect, wire: str) -> None:
    provider = connect([say('{"category": "order", "note": null}'), say("no JSON")])
    request = request_of(answer_schema=SCHEMA)
    assert json.loads(provider.ask(request).text) == {"category": "order"}
    assert provider.ask(request).text == "no JSON"
    body = provider.server.bodies[0]
    stated = {
        "anthropic": lambda: body["output_config"]["format"],
        "openai": lambda: body["text"]["format"],
        "openai-chat": lambda: body["response_format"]["json_schema"],
    }[wire]()
    assert stated["schema"]["required"] == ["category", "note"]


@pytest.mark.parametrize(("model", "takes_it"), [("gpt-4.1", True), ("o3", False), ("gpt-5.5", False)])
def test_temperature_goes_only_where_the_api_has_it(connect: Connect, wire: str, model: str, takes_it: bool) -> None:
    provider = connect([say("ok")], model)
    provider.ask(request_of(temperature=0))
    # A compatible server takes it for whatever model it serves.
    expected = {"anthropic": False, "openai": takes_it, "openai-chat": True}[wire]
    assert ("temperature" in provider.server.bodies[0]) is expected


def test_the_house_s_own_parameters_are_not_sent(connect: Connect) -> None:
    provider = connect([say("ok")])
    provider.ask(request_of(allowed=["list_orders"], step=3))
    assert not {"allowed", "step", "parameters"} & provider.server.bodies[0].keys()


@pytest.mark.parametrize(("tier", "formats"), [("flex", {"openai"}), ("standard_only", {"anthropic"}), ("odd", set())])
def test_a_service_tier_goes_where_it_is_known(connect: Connect, wire: str, tier: str, formats: set[str]) -> None:
    provider = connect([say("ok")])
    provider.ask(request_of(service_tier=tier))
    assert ("service_tier" in provider.server.bodies[0]) is (wire in formats)


def run_alone(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python program in a process of its own."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=BASE_DIR, env={"PATH": "", **environment}, capture_output=True, text=True)


def test_offline_needs_no_key_and_no_sdk() -> None:
    done = run_alone(
        "import sys\n"
        "from agentdesk.agent.providers import find_model\n"
        "assert find_model('offline').name == 'offline'\n"
        "assert not {'openai', 'anthropic', 'httpx2', 'genai_prices'} & sys.modules.keys()\n"
    )
    assert done.returncode == 0, done.stderr


def test_only_the_sdk_that_is_configured_is_imported() -> None:
    done = run_alone(
        "import sys\n"
        "from agentdesk.agent.providers import find_model\n"
        "find_model('openai:gpt-5.5')\n"
        "assert 'openai' in sys.modules and 'anthropic' not in sys.modules\n",
        OPENAI_API_KEY="any",
    )
    assert done.returncode == 0, done.stderr


FIRST = {"index": 0, "id": "a", "name": "x"}
ODD_CALLS = [
    # No place at all, and the same place for every call: servers that send calls whole.
    ([{"id": "a", "name": "x"}, {"id": "b", "name": "y"}], ["x{}", "y{}"]),
    ([FIRST, {"index": 0, "id": "b", "name": "y"}], ["x{}", "y{}"]),
    # The id again with every piece, and pieces without a place.
    ([{**FIRST, "arguments": '{"p":'}, {"index": 0, "id": "a", "arguments": "1}"}], ["x{'p': 1}"]),
    ([{"id": "a", "name": "x", "arguments": '{"p":'}, {"arguments": "1}"}], ["x{'p': 1}"]),
    ([{"name": "x", "arguments": "{}"}], ["x{}"]),
]


@pytest.mark.parametrize(("pieces", "calls"), ODD_CALLS)
def test_calls_of_servers_that_are_nearly_compatible_are_told_apart(
    pieces: list[dict[str, Any]], calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks: list[dict[str, Any]] = []
    for piece in pieces:
        function = {name: piece[name] for name in ("name", "arguments") if name in piece}
        stated = {name: piece[name] for name in ("index", "id") if name in piece}
        chunks.append({"choices": [{"delta": {"tool_calls": [{**stated, "function": function}]}}]})
    chunks.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    body = "".join(f"data: {json.dumps(chunk)}\r\n\r\n" for chunk in chunks) + "data: [DONE]\n\n"
    with WireServer([Fault(200, {"content-type": "text/event-stream"}, body.encode())]) as server:
        for name, value in server.environment("openai-chat").items():
            monkeypatch.setenv(name, value)
        turn = find_model("openai-chat:own").answer(request_of())
    assert [f"{called.name}{called.arguments}" for called in turn.tool_calls] == calls
    assert turn.stop_reason == "tool_use"
