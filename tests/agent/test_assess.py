"""An answer is assessed by what it brings: nothing is asked of a model for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agentdesk.agent.agenda import Agenda, Assumption, Step
from agentdesk.agent.assessing import assess_answer, settle, tell_broken

ORDER: dict[str, Any] = {
    "order_id": "#W1",
    "status": "pending",
    "address": {"zip": "LS1 4AP"},
    "items": [{"item_id": "9101", "product_id": "9001", "price": "12.50", "options": {"colour": "red"}}],
}
CUSTOMER = {"customer_id": "carla_1", "credit": "0.00", "orders": ["#W1"]}


def agenda_of(**stated: object) -> Agenda:
    assumption = Assumption.model_validate({"id": "a1", "text": "it is so", **stated})
    steps = (Step(id="s1", text="do it", tool="cancel_order", rests_on=("a1",)), Step(id="s2", text="write"))
    return Agenda(steps=steps, assumptions=(assumption,))


def score(answer: dict[str, Any], *, is_write: bool = False) -> Decimal:
    return assess_answer(answer, seen=set(), is_write=is_write).score


def test_the_score_says_how_far_it_brought_the_run() -> None:
    nothing_new = assess_answer({}, seen=set()).score
    rising = [
        score({"error": "no such order"}),
        score({"outcome": "refused"}, is_write=True),
        nothing_new,
        score(ORDER),
        score({"outcome": "proposed"}, is_write=True),
        score({"outcome": "done"}, is_write=True),
    ]
    assert rising == sorted(rising) and len(set(rising)) == len(rising)
    assert (rising[0], rising[-1]) == (Decimal(0), Decimal(1))


def test_a_tools_own_word_outcome_makes_it_no_proposal() -> None:
    assert score({"outcome": "done"}) == score(ORDER)


def test_records_and_fields_count_once_and_again_where_they_changed() -> None:
    seen: set[str] = set()
    first = assess_answer(ORDER, seen=seen)
    assert first.records == ("#W1", "9101") and first.new_facts == 7
    again = assess_answer(ORDER, seen=seen)
    assert (again.records, again.new_facts) == ((), 0)
    changed = assess_answer({**ORDER, "status": "cancelled"}, seen=seen)
    assert (changed.records, changed.new_facts) == ((), 1)


def test_what_the_house_adds_is_no_fact() -> None:
    seen: set[str] = set()
    assess_answer(ORDER, seen=seen)
    told = {**ORDER, "same_as": "call_1", "cut": "long", "assumption_broken": [{"expected": "x"}]}
    assert assess_answer(told, seen=seen).new_facts == 0


BORNE_OUT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a word": (ORDER, {"record": "#W1", "field": "status", "expected": " Pending"}),
    "without its #": (ORDER, {"record": "order:w1", "field": "status", "expected": "pending"}),
    "nested": (ORDER, {"record": "W1", "field": "address.zip", "expected": "ls1 4ap"}),
    "a number": (ORDER, {"record": "9101", "field": "price", "expected": 12.5}),
    "of an item": (ORDER, {"record": "9101", "field": "options.colour", "expected": "red"}),
    "the customer": (CUSTOMER, {"record": "customer", "field": "credit", "expected": 0}),
    "a truth": ({"item_id": "9101", "available": True}, {"record": "9101", "field": "available", "expected": True}),
}


@pytest.mark.parametrize("case", BORNE_OUT)
def test_an_assumption_is_borne_out(case: str) -> None:
    answer, stated = BORNE_OUT[case]
    found = assess_answer(answer, seen=set(), agenda=agenda_of(**stated))
    assert (found.confirmed, len(found.broken), found.score) == (("a1",), 0, Decimal(1))


@pytest.mark.parametrize("case", BORNE_OUT)
def test_the_contrary_breaks_it_and_drops_the_steps_on_it(case: str) -> None:
    answer, stated = BORNE_OUT[case]
    agenda = agenda_of(**{**stated, "expected": "otherwise"})
    found = assess_answer(answer, seen=set(), agenda=agenda)
    assert (found.confirmed, found.dropped) == ((), ("s1",))
    assert found.score < score(ORDER)
    told = tell_broken(found.broken[0])
    assert (told["expected"], told["steps_dropped"]) == ("otherwise", ["do it"]) and told["found"] is not None
    assert found.to_data()["breaks"] == ["a1"]


SILENT: dict[str, dict[str, Any]] = {
    "no record": {"field": "status", "expected": "pending"},
    "no field": {"record": "#W1", "expected": "pending"},
    "nothing expected": {"record": "#W1", "field": "status"},
    "another record": {"record": "#W2", "field": "status", "expected": "pending"},
    "an unknown field": {"record": "#W1", "field": "mood", "expected": "good"},
    "below a scalar": {"record": "#W1", "field": "status.word", "expected": "pending"},
    "an object": {"record": "#W1", "field": "address", "expected": "LS1 4AP"},
    "a list": {"record": "#W1", "field": "items", "expected": "9101"},
}


@pytest.mark.parametrize("case", SILENT)
def test_an_answer_that_does_not_speak_of_it_settles_nothing(case: str) -> None:
    agenda = agenda_of(**SILENT[case])
    assert settle(agenda.assumptions[0], ORDER) is None
    found = assess_answer(ORDER, seen=set(), agenda=agenda)
    assert found.confirmed == found.dropped == ()
    assert found.to_data().keys() == {"score", "new_facts", "records"}


def test_what_is_settled_and_what_this_run_has_proposed_settle_nothing() -> None:
    agenda = agenda_of(record="#W1", field="status", expected="delivered")
    assert assess_answer(ORDER, seen=set(), agenda=agenda, settled={"a1"}).broken == ()
    assert assess_answer(ORDER, seen=set(), agenda=agenda, is_overlaid=True).broken == ()
    assert assess_answer({"error": "x", **ORDER}, seen=set(), agenda=agenda).broken == ()
