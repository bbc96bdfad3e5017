"""The server on loopback speaks what the official SDKs understand: their own helpers read what it was told to say."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest

from tests.wire.replies import Call, Reply, Tokens, by_place, call, place_in, say
from tests.wire.server import KEY, WireServer

CALL = Call("get_order", {"order_id": "#W1"}, "c_1")
REPLY = Reply("One moment, “Carla”. " * 5, (CALL,), Tokens(100, 20, 50, 10), reasoning="Hm.")


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer([REPLY, REPLY]) as server:
        yield server


ASKED: list[Any] = [{"role": "user", "content": "Hello"}]


def test_messages(server: WireServer) -> None:
    with anthropic.Anthropic(api_key=KEY, base_url=server.url) as client:
        with client.messages.stream(model="claude-sonnet-5", max_tokens=100, messages=ASKED) as stream:
            streamed = stream.get_final_message().model_dump()
        plain = client.messages.create(model="claude-sonnet-5", max_tokens=100, messages=ASKED).model_dump()
    for message in (streamed, plain):
        thinking, text, tool = message["content"]
        assert (thinking["thinking"], text["text"], tool["input"]) == ("Hm.", REPLY.text, {"order_id": "#W1"})
        assert message["stop_reason"] == "tool_use"
        assert (message["usage"]["input_tokens"], message["usage"]["cache_read_input_tokens"]) == (40, 50)
        assert message["usage"]["output_tokens"] == 20


def test_responses(server: WireServer) -> None:
    with openai.OpenAI(api_key=KEY, base_url=f"{server.url}/v1") as client:
        with client.responses.stream(model="gpt-5.5", input="Hello") as stream:
            streamed = stream.get_final_response().model_dump()
        plain = client.responses.create(model="gpt-5.5", input="Hello").model_dump()
    for response in (streamed, plain):
        reasoning, message, called = response["output"]
        assert reasoning["summary"][0]["text"] == "Hm."
        assert message["content"][0]["text"] == REPLY.text
        assert json.loads(called["arguments"]) == {"order_id": "#W1"}
        assert response["usage"]["input_tokens_details"]["cached_tokens"] == 50


def test_chat_completions(server: WireServer) -> None:
    with openai.OpenAI(api_key=KEY, base_url=f"{server.url}/v1") as client:
        with client.chat.completions.stream(model="gpt-5.5", messages=ASKED) as stream:
            streamed = stream.get_final_completion().model_dump()
        plain = client.chat.completions.create(model="gpt-5.5", messages=ASKED).model_dump()
    for completion in (streamed, plain):
        message = completion["choices"][0]["message"]
        assert message["content"] == REPLY.text
        assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"order_id": "#W1"}
        assert completion["usage"]["prompt_tokens"] == 100


def test_it_keeps_what_it_was_sent_and_says_when_the_script_has_ended() -> None:
    with WireServer([]) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("POST", "/v1/responses?x=1", b'{"model": "m"}', {"X-Mark": "here"})
        answer = connection.getresponse()
        assert (answer.status, b"the script has ended" in answer.read()) == (400, True)
        connection.close()
        received = server.received[0]
    assert (received.path, received.body, received.headers["x-mark"]) == ("/v1/responses", {"model": "m"}, "here")


def test_a_script_by_place_keeps_nothing() -> None:
    choose = by_place([call("list_orders"), say("Done.")])
    assistant = {"role": "assistant", "content": "I look."}
    asked = [{"role": "user", "content": "Hello"}]
    assert choose({"messages": asked}) == choose({"messages": asked}) == call("list_orders")
    assert choose({"messages": [*asked, assistant]}) == say("Done.")
    # In the Responses format one turn is several items.
    items = [*asked, assistant, {"type": "function_call"}, {"type": "function_call"}, {"type": "function_call_output"}]
    assert place_in({"input": items}) == 1
