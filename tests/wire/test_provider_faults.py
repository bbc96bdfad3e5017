"""Whatever a provider does, a call ends within its time as a turn or as a `ModelFailed` that says what it was."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time

import httpx2
import pytest

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import CallLimits, ModelFailed
from agentdesk.agent.providers import budget, find_model
from agentdesk.agent.providers.budget import clamp_wait
from agentdesk.agent.providers.growing import count
from tests.wire.conftest import PATIENCE, Connect, Provider, request_of
from tests.wire.replies import (
    Answer,
    Call,
    Fault,
    Reply,
    Tokens,
    answer_at_length,
    answer_half_json,
    answer_prose,
    break_off,
    call,
    cut,
    fail,
    fall_silent,
    refuse,
    say,
    stall,
    trickle,
)
from tests.wire.server import KEY

SHORT = 0.3
LONG_WORDS = say("All is well. " * 100)


def fail_with(provider: Provider, seconds: float = PATIENCE) -> ModelFailed:
    with pytest.raises(ModelFailed) as raised:
        provider.ask(seconds=seconds)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(provider.model.name)
    return raised.value


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_request_the_provider_rejects_is_not_tried_again(connect: Connect, status: int) -> None:
    provider = connect([fail(status)])
    failed = fail_with(provider)
    assert failed.failure == Failure.PROVIDER_REJECTS
    assert f"{status}: scripted status {status}" in str(failed)
    assert failed.request_id == "req_1"
    assert len(provider.server.received) == 1


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (408, Failure.PROVIDER_SLOW),
        (409, Failure.PROVIDER_BUSY),
        (429, Failure.PROVIDER_BUSY),
        (500, Failure.PROVIDER_DOWN),
        (503, Failure.PROVIDER_DOWN),
        (529, Failure.PROVIDER_BUSY),
    ],
)
def test_a_passing_error_is_tried_twice_more(connect: Connect, status: int, failure: Failure) -> None:
    provider = connect([fail(status, 0.01)] * 3)
    assert fail_with(provider).failure == failure
    assert len(provider.server.received) == 3
    provider.server.follow([fail(status, 0.01), say("ok")])
    assert provider.ask().text == "ok"


def test_without_retry_after_the_sdk_backs_off(connect: Connect) -> None:
    provider = connect([fail(429)] * 3)
    assert fail_with(provider).failure == Failure.PROVIDER_BUSY
    assert len(provider.server.received) == 3


def test_a_long_retry_after_does_not_hang_a_worker(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "LONGEST_WAIT", 0.2)
    provider = connect([fail(429, 500), say("ok")])
    began = time.monotonic()
    assert provider.ask().text == "ok"
    assert time.monotonic() - began < 400


@pytest.mark.parametrize(
    ("headers", "left", "wait"),
    [
        ({"retry-after": "500"}, 600.0, 20.0),
        ({"retry-after": "500"}, 40.0, 10.0),
        ({"retry-after": "2"}, 40.0, 2.0),
        ({"retry-after-ms": "1500"}, 40.0, 1.5),
        ({"retry-after-ms": "900000", "retry-after": "1"}, 40.0, 10.0),
        ({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}, 40.0, 10.0),
        ({"retry-after": "1e300"}, 40.0, 10.0),
        ({"retry-after": "Wed, 21 Oct 1998 07:28:00 GMT"}, 40.0, None),
        ({"retry-after": "soon"}, 40.0, None),
        ({"retry-after": "-5"}, 40.0, None),
        ({"retry-after": "nan"}, 40.0, None),
        ({}, 40.0, None),
    ],
)
def test_retry_after_is_clamped_to_what_is_left(headers: dict[str, str], left: float, wait: float | None) -> None:
    response = httpx2.Response(503, headers=headers)
    clamp_wait(response, left)
    assert response.headers.get("retry-after") == (None if wait is None else f"{wait:.3f}")
    assert "retry-after-ms" not in response.headers
    assert "x-should-retry" not in response.headers


def test_with_hardly_any_time_left_nothing_is_tried_again() -> None:
    response = httpx2.Response(503, headers={"x-should-retry": "true"})
    clamp_wait(response, 0.5)
    assert response.headers["x-should-retry"] == "false"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (answer_prose(), Failure.PROVIDER_GARBLED),
        (answer_half_json(), Failure.PROVIDER_GARBLED),
        (Fault(200, {"content-type": "text/event-stream"}, b"data: {half\n\n"), Failure.PROVIDER_GARBLED),
        (Fault(200, {"content-type": "text/event-stream"}, b"data: [1]\n\n"), Failure.PROVIDER_GARBLED),
        (Fault(200, {"content-type": "text/event-stream"}, b'data: {"type": 1}\n\n'), Failure.TURN_CUT),
        (Fault(200, {"content-type": "text/event-stream"}, b""), Failure.TURN_CUT),
        (Fault(204), Failure.PROVIDER_GARBLED),
        (cut(LONG_WORDS), Failure.TURN_CUT),
        (cut(call("send_reply", {"body": "All is well. " * 30, "rationale": "so"})), Failure.TURN_CUT),
        (answer_at_length(), Failure.PROVIDER_GARBLED),
        (call("send_reply", {"body": "x" * 2_000_000, "rationale": "so"}), Failure.PROVIDER_GARBLED),
    ],
)
def test_an_answer_that_is_none_fails(connect: Connect, answer: Answer, failure: Failure) -> None:
    assert fail_with(connect([answer])).failure == failure


SHAPES = {
    "anthropic": {
        "type": "content_block_delta",
        "index": 7,
        "delta": {"type": "input_json_delta", "partial_json": "x"},
    },
    "openai": {"type": "response.output_text.delta", "delta": {"not": "text"}},
    "openai-chat": {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": {"a": 1}}}]}}]},
}


def test_events_of_an_unknown_shape_fail_and_do_not_crash(connect: Connect, wire: str) -> None:
    event = f"data: {json.dumps(SHAPES[wire])}\n\n".encode()
    provider = connect([Fault(200, {"content-type": "text/event-stream"}, event)])
    assert fail_with(provider).failure == Failure.PROVIDER_GARBLED


@pytest.mark.parametrize("depth", [5_000, 100_000])
def test_arguments_nested_without_end_stay_text(connect: Connect, depth: int) -> None:
    deep = f'{{"email": {"[" * depth}{"]" * depth}}}'
    assert connect([call("find_customer", deep)]).ask().tool_calls[0].arguments == deep


@pytest.mark.parametrize("stated", ["12", -5, 1.5, None, [1], {}])
def test_tokens_that_are_no_number_count_as_none(stated: object) -> None:
    assert count(stated) == 0
    assert count(12) == 12


def test_an_error_event_within_the_stream_is_the_provider_s(connect: Connect, wire: str) -> None:
    failed = fail_with(connect([break_off(LONG_WORDS)]))
    assert failed.failure == (Failure.PROVIDER_BUSY if wire == "anthropic" else Failure.PROVIDER_DOWN)


@pytest.mark.parametrize("answer", [stall(), fall_silent(LONG_WORDS), trickle(say("All is well. " * 1000), 0.1)])
def test_a_call_ends_at_its_deadline(connect: Connect, answer: Reply) -> None:
    provider = connect([answer] * 3)
    began = time.monotonic()
    assert fail_with(provider, SHORT).failure == Failure.PROVIDER_SLOW
    assert time.monotonic() - began < 60
    # Asked once; not even that where the machine gave this process no time until then.
    assert len(provider.server.received) <= 1


@pytest.mark.parametrize("head", [b"HTTP/1.1 400 Bad\r\ncontent-length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nx-slow:"])
def test_what_trickles_into_the_sdk_s_own_hands_ends_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """The body of an error, and headers: nothing of ours reads them."""
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(head)
            while not over.wait(0.05):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
        with pytest.raises(ModelFailed) as raised:
            find_model("openai:gpt-5.5").answer(request_of(), CallLimits(SHORT))
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert raised.value.failure == Failure.PROVIDER_SLOW


def test_nobody_listening_is_a_provider_that_is_down(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "BACK_OFF", 2 * PATIENCE)
    provider = connect([])
    provider.server.close()
    assert fail_with(provider).failure == Failure.PROVIDER_DOWN


def test_a_connection_closed_while_it_was_idle_is_no_failure(connect: Connect) -> None:
    provider = connect([cut(say("a" * 100)), say("ok")])
    fail_with(provider)
    assert provider.ask().text == "ok"


def test_a_failed_call_tells_what_it_took(connect: Connect, wire: str) -> None:
    failed = fail_with(connect([cut(Reply("word " * 50, tokens=Tokens(900, 30)))]))
    # Only Messages says what the input was before the end.
    assert failed.usage.input_tokens == (900 if wire == "anthropic" else 0)
    assert failed.request_id == "req_1"


@pytest.mark.parametrize("reply", [Reply(), refuse(), Reply(tool_calls=(Call("no_such_tool"),))])
def test_an_odd_turn_is_a_turn(connect: Connect, reply: Reply) -> None:
    turn = connect([reply]).ask()
    assert turn.text == reply.text
    assert [called.name for called in turn.tool_calls] == [called.name for called in reply.tool_calls]


def test_threads_share_a_model(connect: Connect) -> None:
    provider = connect(lambda body: say(body["model"]))
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(provider.ask().text)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 12


def test_a_json_object_that_is_no_turn_is_garbled(connect: Connect) -> None:
    assert fail_with(connect([Fault(200, body=b'{"hello": "world"}')])).failure == Failure.PROVIDER_GARBLED
