"""Before a run acts, its agenda stands in the log: the model's own, or the one its calls tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.runs.models import Event, Run, Text
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of, say

pytestmark = pytest.mark.django_db

STATED: dict[str, Any] = {
    "steps": [
        {"id": "look up", "text": "look at the order", "tool": "get_order"},
        {"id": "cancel", "text": "cancel it", "tool": "cancel_order", "rests_on": ["still open"]},
    ],
    "constraints": ["only what is pending"],
    "assumptions": [
        {"id": "still open", "text": "it is pending", "record": "#W1", "field": "status", "expected": "pending"}
    ],
}
LOOK = ToolCall("call_1", "get_order", {"order_id": "#W0000001"})


def stating(agenda: object, *calls: ToolCall) -> Turn:
    """A turn that begins with an agenda."""
    return Turn(f"```agenda\n{json.dumps(agenda)}\n```", calls)


def agendas_of(run: Run) -> list[dict[str, Any]]:
    """Each agenda of a run: its data and its words."""
    bodies = dict(Text.objects.filter(run=run).values_list("sha256", "body"))
    made = Event.objects.filter(run=run, kind="agenda.made")
    return [{**event.data, "words": json.loads(bodies[event.data["agenda"]])} for event in made]


def test_the_models_own_stands_before_anything_is_done(play: Play) -> None:
    run = play(stating(STATED, LOOK, ToolCall("call_2", "cancel_order", CANCEL)), DONE)
    kinds = kinds_of(run)
    assert kinds[kinds.index("model.answered") + 1] == "agenda.made"
    agenda = agendas_of(run)[0]
    assert (agenda["source"], agenda["steps"], agenda["constraints"]) == ("model", ["s1", "s2"], 1)
    assert agenda["assumptions"] == ["a1"]
    assert agenda["words"]["steps"][1]["rests_on"] == ["a1"]
    assert agenda["words"]["assumptions"][0]["text"] == "it is pending"


def test_without_one_its_calls_tell_it(play: Play) -> None:
    run = play(say(LOOK, ToolCall("call_2", "list_orders", {})), call(3, "cancel_order", **CANCEL), DONE)
    agendas = agendas_of(run)
    assert [agenda["source"] for agenda in agendas] == ["derived"]
    assert [step["tool"] for step in agendas[0]["words"]["steps"]] == ["get_order", "list_orders"]


def test_one_that_does_not_fit_is_none(play: Play) -> None:
    assert agendas_of(play(stating({"steps": []}, LOOK), DONE))[0]["source"] == "derived"


def test_a_later_one_stands_instead(play: Play) -> None:
    run = play(say(LOOK), stating(STATED, ToolCall("call_2", "list_orders", {})), DONE)
    assert [agenda["source"] for agenda in agendas_of(run)] == ["derived", "model"]


def test_a_run_that_does_nothing_needs_none(play: Play) -> None:
    assert agendas_of(play(DONE)) == []


def test_its_words_lie_apart_from_the_log(play: Play) -> None:
    run = play(stating(STATED, LOOK), DONE)
    for event in Event.objects.filter(run=run):
        assert "pending" not in json.dumps(event.data) and "still open" not in json.dumps(event.data)
