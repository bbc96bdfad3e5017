"""The same call is answered from the log, then not at all, until something has changed what would be seen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall
from agentdesk.runs.models import Event, Run
from approvals.deciding import Verdict, decide_action
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, answers_of, call, say
from tickets.models import Order, Person

pytestmark = pytest.mark.django_db

ORDER = {"order_id": "#W0000001"}


def sources(run: Run) -> list[str | None]:
    """The call whose answer was given again, for each answer; None where it was looked up."""
    return [event.data.get("same_as") for event in Event.objects.filter(run=run, kind="tool.answered")]


def test_the_second_time_is_answered_from_the_log(play: Play) -> None:
    run = play(call(1, "get_order", **ORDER), call(2, "get_order", order_id=" W0000001 "), DONE)
    first, second = answers_of(run)
    assert second == {**first, "same_as": "call_1"}
    assert sources(run) == [None, "call_1"]


def test_it_costs_no_look_at_the_records(play: Play) -> None:
    with CaptureQueriesContext(connection) as seen:
        play(call(1, "list_orders"), call(2, "list_orders"), DONE)
    assert sum("tickets_orderline" in query["sql"] for query in seen.captured_queries) == 1


def test_a_third_time_is_not_answered_and_says_what_to_try(play: Play) -> None:
    run = play(*[call(number, "list_orders") for number in (1, 2, 3)], DONE)
    answer = answers_of(run)[-1]
    assert answer["error"] == "call repeated" and "call_1" in answer["what_was_wrong"] and answer["what_to_try"]
    chosen = Event.objects.filter(run=run, kind="recovery.chosen", data__tool="list_orders").get()
    assert (chosen.data["failure"], chosen.data["recovery"], chosen.data["times"]) == ("call_repeated", "other_tool", 3)
    assert run.malformed_calls == 0


def test_in_one_turn_too(play: Play) -> None:
    run = play(say(*[ToolCall(f"call_{number}", "list_orders", {}) for number in (1, 2, 3)]), DONE)
    assert sources(run) == [None, "call_1", None]
    assert answers_of(run)[2]["error"] == "call repeated"


def test_another_question_is_another_call(play: Play) -> None:
    run = play(
        call(1, "get_order", **ORDER), call(2, "search_knowledge", query="return"), call(3, "list_orders"),
        call(4, "search_knowledge", query="refund"), DONE,
    )  # fmt: skip
    assert sources(run) == [None] * 4


def test_an_action_in_between_is_seen(play: Play) -> None:
    run = play(
        call(1, "get_order", **ORDER), call(2, "get_order", **ORDER), call(3, "cancel_order", **CANCEL),
        call(4, "get_order", **ORDER), call(5, "get_order", **ORDER), DONE,
    )  # fmt: skip
    statuses = [answer.get("status") for answer in answers_of(run)]
    assert statuses == ["pending", "pending", None, "cancelled", "cancelled"]
    assert sources(run) == [None, "call_1", None, None, "call_4"]


def test_one_carried_out_at_once_is_seen_in_the_same_turn(play: Play) -> None:
    note = ToolCall("call_2", "add_note", {"body": "seen"})
    look = [ToolCall(name, "list_orders", {}) for name in ("call_1", "call_3")]
    run = play(say(look[0], note, look[1]), DONE)
    assert Action.objects.get().status == "executed"
    assert sources(run) == [None] * 3


def test_what_people_decided_in_between_is_seen(play: Play, max_: Person) -> None:
    script = (
        call(1, "get_order", **ORDER), call(2, "cancel_order", **CANCEL), DONE, call(4, "get_order", **ORDER),
        call(5, "get_order", **ORDER), DONE,
    )  # fmt: skip
    play(*script)
    action = Action.objects.get()
    decide_action(Verdict(action.pk, "reject", action.digest, reason="not so"), by=max_, now=timezone.now())
    run = play(*script)
    assert sources(run) == [None, None, None, "call_4"]
    assert answers_of(run)[2]["status"] == "pending"


def test_a_malformed_call_repeats_nothing(play: Play) -> None:
    run = play(call(1, "get_order"), call(2, "list_orders"), call(3, "get_order"), DONE)
    assert [answer.get("error") for answer in answers_of(run)] == ["malformed call", None, "malformed call"]
    assert run.malformed_calls == 2


def test_an_identical_proposal_is_a_finding_and_a_third_is_none(play: Play) -> None:
    note = {"body": "He called."}
    run = play(
        call(1, "get_order", **ORDER), call(2, "cancel_order", **CANCEL),
        call(3, "cancel_order", **{**CANCEL, "confidence": 0.8}), call(4, "add_note", **note),
        call(5, "cancel_order", **{**CANCEL, "rationale": "he insists"}), DONE,
    )  # fmt: skip
    first, second, _ = Action.objects.filter(origin=run.pk).order_by("place")
    assert first.findings == []
    assert [finding.partition(":")[0] for finding in second.findings] == ["repeated_proposal"]
    assert answers_of(run)[-1]["error"] == "call repeated"
    assert Order.objects.get().status == "pending"


def test_people_may_be_called_and_notes_left_again_and_again(play: Play) -> None:
    run = play(*[call(number, "add_note", body="the same") for number in (1, 2, 3)], DONE)
    assert [answer["outcome"] for answer in answers_of(run)] == ["done"] * 3
