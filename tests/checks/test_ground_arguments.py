"""Grounding an action's arguments: each part stands in the ticket or in a tool result of the run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.agent.checks.arguments import CHECKS, check_arguments
from agentdesk.agent.evidence import Evidence, ProposedAction
from tests.checks.cases.evidence import DESKS, NEW_HOME

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=10), parts, max_size=3),
    max_leaves=8,
)


def found(kind: str, arguments: dict[str, Any], desk: str) -> list[str]:
    return [finding.check for finding in check_arguments(kind, arguments, DESKS[desk])]


def test_an_id_is_known_whole_or_not_at_all() -> None:
    for order_id in ("#W441000", "#W44100011", "W4410007"):
        assert found("cancel_order", {"order_id": order_id, "reason": "no longer needed"}, "cancelled") == [
            "ungrounded_argument"
        ]


def test_an_order_the_ticket_does_not_name_is_said_so_in_words() -> None:
    arguments = {"order_id": "#W4410002", "reason": "no longer needed"}
    (finding,) = check_arguments("cancel_order", arguments, DESKS["cancelled"])
    assert finding.check == "other_order"
    assert "#W4410001" in finding.reason


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("address1", "7 pond  view."),
        ("address2", "unit #3"),
        ("state", "Idaho"),
        ("country", "United States of America"),
    ],
)
def test_an_address_may_be_written_in_another_way(part: str, value: str) -> None:
    arguments = {"order_id": "#W4410004", "address": {**NEW_HOME, part: value}}
    assert found("change_order_address", arguments, "moved") == []


@pytest.mark.parametrize(("part", "value"), [("address1", "77 Pond View"), ("zip", "83701"), ("city", "Bois")])
def test_a_changed_part_of_an_address_is_marked(part: str, value: str) -> None:
    arguments = {"order_id": "#W4410004", "address": {**NEW_HOME, part: value}}
    assert found("change_order_address", arguments, "moved") == ["ungrounded_argument"]


def test_what_an_earlier_action_was_asked_for_proves_nothing() -> None:
    earlier = ProposedAction("cancel_order", {"order_id": "#W5555555"}, ("Order #W5555555: cancelled.",), "waiting")
    evidence = Evidence(DESKS["question"].sources, (earlier,), DESKS["question"].customer)
    assert [one.check for one in check_arguments("cancel_order", {"order_id": "#W5555555"}, evidence)] == [
        "ungrounded_argument"
    ]


def test_free_words_are_no_ids() -> None:
    arguments = {"reason": "The customer is angry.", "summary": "Wants 3 things at once.", "urgency": "high"}
    assert found("escalate", arguments, "question") == []


def test_the_words_of_a_reply_are_grounding_s_business() -> None:
    assert found("send_reply", {"body": "Order #W0000000 is gone."}, "question") == []


@given(st.dictionaries(st.sampled_from(["order_id", "item_ids", "changes", "address", "amount", "body"]), JSON))
@settings(max_examples=150, deadline=None)
def test_no_arguments_at_all_break_it(arguments: dict[str, Any]) -> None:
    assert {one.check for one in check_arguments("return_items", arguments, DESKS["returned"])} <= set(CHECKS)
