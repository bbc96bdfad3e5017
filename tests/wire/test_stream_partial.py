"""Whoever watches sees the text so far, and of a reply its body, before the turn is whole."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from agentdesk.agent.language_model import CallLimits
from agentdesk.agent.providers.growing import read_body
from tests.wire.conftest import Connect, Provider, request_of
from tests.wire.replies import Call, Reply, say

BODY = "Dear Carla,\nyour “order” is on its way: it left us on Monday.\nKind regards — 👋"
REPLY = Call("send_reply", {"body": BODY, "rationale": "it says so"}, "c_1")


def test_text_grows_up_to_the_turn_s(connect: Connect) -> None:
    provider: Provider = connect(lambda _body: replace(say(BODY), until=provider.is_watched))
    turn = provider.ask()
    texts = [partial.text for partial in provider.partials]
    assert len(set(texts)) > 1
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert texts[-1] == turn.text


def test_a_reply_shows_its_body_with_its_call(connect: Connect) -> None:
    provider: Provider = connect(lambda _body: Reply("", (REPLY,), until=provider.is_watched))
    provider.ask()
    replies = [partial for partial in provider.partials if partial.tool == "send_reply"]
    assert len({partial.text for partial in replies}) > 1
    assert {partial.tool_call_id for partial in replies} == {"c_1"}
    assert all(BODY.startswith(partial.text) for partial in replies)
    assert replies[-1].text == BODY


def test_a_turn_that_comes_at_once_is_shown_whole(connect: Connect) -> None:
    provider = connect([Reply("", (REPLY,))])
    provider.ask()
    assert provider.partials[-1].text == BODY


def test_arguments_of_other_tools_are_not_shown(connect: Connect) -> None:
    provider = connect([Reply("I look.", (Call("find_customer", {"email": "a@b.c"}),))])
    provider.ask()
    assert {partial.text for partial in provider.partials} == {"I look."}


def test_nobody_has_to_watch(connect: Connect) -> None:
    assert connect([say("ok")]).model.answer(request_of(), CallLimits(60)).text == "ok"


@pytest.mark.parametrize("is_ascii", [True, False])
def test_every_beginning_of_the_arguments_shows_a_beginning_of_the_body(is_ascii: bool) -> None:
    arguments = json.dumps({"rationale": 'not "body": "this"', "body": BODY, "citations": []}, ensure_ascii=is_ascii)
    for end in range(len(arguments) + 1):
        shown = read_body(arguments[:end])
        assert BODY.startswith(shown)
        assert shown == shown.encode("utf-8", "ignore").decode()
    assert read_body(arguments) == BODY
