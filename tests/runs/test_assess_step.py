"""After each answer the log says what it brought; an assumption it breaks takes the steps on it along."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.runs.models import Event, Run
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, answers_of, call, kinds_of, say
from tests.runs.test_make_agenda import stating
from tickets.models import Order

pytestmark = pytest.mark.django_db

ORDER = {"order_id": "#W0000001"}
LOOK = ToolCall("call_1", "get_order", ORDER)


def planned(expected: str, *more: dict[str, Any], record: str = "#W0000001") -> Turn:
    """A first turn that assumes a status of the order, means to cancel it, and looks it up."""
    steps = [{"id": "1", "text": "cancel #W0000001", "tool": "cancel_order", "rests_on": ["A"]}, *more]
    assumption = {"id": "A", "text": "as I recall", "record": record, "field": "status", "expected": expected}
    return stating({"steps": steps, "assumptions": [assumption]}, LOOK)


def assessments(run: Run) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(run=run, kind="step.assessed")]


def marks(run: Run) -> list[bool]:
    """Whether each action is marked as resting on what is not so."""
    actions = Action.objects.filter(origin=run.pk).order_by("place")
    return [any(finding.startswith("rests_on_broken_assumption") for finding in one.findings) for one in actions]


def test_every_answer_is_assessed_once_right_after_it(play: Play) -> None:
    run = play(
        say(LOOK, ToolCall("call_2", "cancel_order", CANCEL)), call(3, "set_ticket", priority="high", confidence=0.9),
        call(4, "get_product", product_id="none"), DONE,
    )  # fmt: skip
    kinds = kinds_of(run)
    after = [kinds[place + 1] for place, kind in enumerate(kinds) if kind == "tool.answered"]
    assert after == ["step.assessed"] * 4
    found = assessments(run)
    assert [data["tool_call_id"] for data in found] == ["call_1", "call_2", "call_3", "call_4"]
    read, proposed, done, failed = (Decimal(data["score"]) for data in found)
    assert failed == 0 < read < proposed < done == 1
    assert "#W0000001" in found[0]["records"] and found[0]["new_facts"] > 5


def test_what_was_seen_before_is_nothing_new(play: Play) -> None:
    run = play(say(LOOK), call(2, "get_order", **ORDER), DONE)
    first, second = assessments(run)
    assert (second["new_facts"], "records" in second) == (0, False)
    assert Decimal(second["score"]) < Decimal(first["score"])


def test_it_confirms_what_the_agenda_assumed(play: Play) -> None:
    run = play(planned("pending"), call(2, "cancel_order", **CANCEL), DONE)
    assert assessments(run)[0]["confirms"] == ["a1"]
    assert "assumption_broken" not in answers_of(run)[0]
    assert marks(run) == [False]


def test_a_planted_false_assumption_breaks_and_the_model_is_told(play: Play) -> None:
    rest = {"id": "2", "text": "tell them it is cancelled", "tool": "send_reply", "rests_on": ["1"]}
    alone = {"id": "3", "text": "leave a note", "tool": "add_note"}
    body = {"body": "Dear Carla, it is cancelled.", "confidence": 0.9}
    run = play(
        planned("delivered", rest, alone), call(2, "cancel_order", **CANCEL), call(3, "send_reply", **body),
        call(4, "add_note", body="It was pending."), DONE,
    )  # fmt: skip
    data = assessments(run)[0]
    assert (data["breaks"], data["drops"]) == (["a1"], ["s1", "s2"])
    told = answers_of(run)[0]["assumption_broken"][0]
    assert (told["assumption"], told["expected"], told["found"]) == ("as I recall", "delivered", "pending")
    assert told["steps_dropped"] == ["cancel #W0000001", "tell them it is cancelled"]
    assert marks(run) == [True, True, False]
    cancel = Action.objects.get(kind="cancel_order")
    assert cancel.verdict == "review" and cancel.confidence is not None and cancel.confidence < Decimal("0.9")


def test_the_models_own_words_about_it_ground_nothing(play: Play) -> None:
    run = play(planned("#W7654321"), call(2, "cancel_order", **{**CANCEL, "order_id": "#W7654321"}), DONE)
    found = [finding.partition(":")[0] for finding in Action.objects.get().findings]
    assert run.status == "done" and "ungrounded_argument" in found


def test_a_new_agenda_sets_it_right_and_hears_of_what_was_seen_before(play: Play) -> None:
    right = [{"id": "1", "text": "cancel", "tool": "cancel_order", "rests_on": ["B"]}]
    wrong_again = {"id": "B", "text": "x", "record": "w0000001", "field": "status", "expected": "delivered"}
    said = {"id": "B", "text": "x", "record": "w0000001", "field": "status", "expected": "pending"}
    look = ToolCall("call_2", "list_orders", {})
    mended = play(
        planned("delivered"),
        stating({"steps": right, "assumptions": [said]}, look),
        call(3, "cancel_order", **CANCEL),
        stating({"steps": right, "assumptions": [wrong_again]}, ToolCall("call_4", "find_customer", {})),
        call(5, "cancel_order", **{**CANCEL, "reason": "ordered by mistake"}), DONE,
    )  # fmt: skip
    assert marks(mended) == [False, True]


def test_a_step_that_stands_beside_it_is_not_dropped(play: Play, ottos_order: Order) -> None:
    Order.objects.filter(pk=ottos_order.pk).update(customer=Order.objects.get(pk="#W0000001").customer)
    other = {"id": "2", "text": "cancel the other one", "tool": "cancel_order"}
    run = play(
        planned("delivered", other), call(2, "list_orders"), call(3, "cancel_order", **CANCEL),
        call(4, "cancel_order", **{**CANCEL, "order_id": "#W0000002"}), DONE,
    )  # fmt: skip
    assert marks(run) == [True, False]


def test_records_with_this_runs_own_proposals_settle_nothing(play: Play) -> None:
    cancel = {"id": "1", "text": "cancel", "tool": "cancel_order", "rests_on": ["A"]}
    agenda = {
        "steps": [cancel],
        "assumptions": [{"id": "A", "text": "x", "record": "#W0000001", "field": "status", "expected": "pending"}],
    }
    run = play(
        stating(agenda, ToolCall("call_1", "cancel_order", CANCEL)), call(2, "get_order", **ORDER), DONE
    )  # fmt: skip
    assert answers_of(run)[1]["status"] == "cancelled"
    assert "assumption_broken" not in answers_of(run)[1]


def test_a_call_of_no_agenda_rests_on_nothing(play: Play) -> None:
    run = play(say(LOOK), call(2, "cancel_order", **CANCEL), DONE)
    assert marks(run) == [False]
