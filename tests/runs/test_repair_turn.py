"""What was malformed may be repaired in form; another deed, or another key argument, goes to people."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.repairing import find_differences
from agentdesk.runs.models import Run
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, say
from tickets.models import Order, Ticket

ADDRESS = {"address1": "1 Quay", "address2": "", "city": "Leeds", "country": "UK", "state": "WY", "zip": "LS1"}
RETURN = {"order_id": "#W1", "item_ids": ["9101", "9102"], "payment_method_id": "paypal_1"}
CHANGE = {"order_id": "#W1", "changes": [{"item_id": "9101", "new_item_id": "9102"}], "payment_method_id": "paypal_1"}

Case = tuple[str, Any, str, Any]
SAME: dict[str, Case] = {
    "the form only": ("cancel_order", {**CANCEL, "extra": 1}, "cancel_order", CANCEL),
    "free text": ("cancel_order", {**CANCEL, "rationale": 5}, "cancel_order", {**CANCEL, "rationale": "as asked"}),
    "no # and other case": ("cancel_order", {"order_id": "w0000001"}, "cancel_order", CANCEL),
    "the order of items": ("return_items", {**RETURN, "item_ids": ["9102", "9101"]}, "return_items", RETURN),
    "a key it had not": ("return_items", {"order_id": "#W1"}, "return_items", RETURN),
    "a key that was null": ("return_items", {**RETURN, "order_id": None}, "return_items", RETURN),
    "an amount's zeros": ("give_credit", {"amount": 5.5}, "give_credit", {"amount": "5.50"}),
    "an address in one line": (
        "change_order_address", {"address": "1 Quay, Leeds, WY LS1, UK"}, "change_order_address", {"address": ADDRESS},
    ),
    "text cut off": ("cancel_order", '{"order_id": "#W0000001", "reason": "no lon', "cancel_order", CANCEL),
    "text with single quotes": ("return_items", str(RETURN), "return_items", RETURN),
    "text without a key": ("return_items", "return 9101 and 9102 of #W1 to paypal_1", "return_items", RETURN),
    "text without ids": ("cancel_order", "cancel it", "cancel_order", CANCEL),
    "nested values": ("change_order_items", str(CHANGE), "change_order_items", CHANGE),
    "an amount in mere words": ("give_credit", "give 5 to her", "give_credit", {"amount": "5", "reason": "x"}),
    "an empty list in a text": ("return_items", '{"item_ids": [], "order_id": "#W1", ', "return_items", RETURN),
    "nothing": ("cancel_order", None, "cancel_order", CANCEL),
    "a list": ("cancel_order", ["#W0000001"], "cancel_order", CANCEL),
    "people called instead": ("cancel_order", {}, "escalate", {"reason": "x"}),
    "a question instead": ("cancel_order", {}, "send_reply", {"body": "Which one?"}),
    "words that came to nothing": ("send_reply", {}, "cancel_order", CANCEL),
    "an unknown tool": ("look_around", {}, "cancel_order", CANCEL),
    "a tool without a name": ("", {"order_id": "#W0000001"}, "cancel_order", CANCEL),
}  # fmt: skip
OTHER: dict[str, Case] = {
    "another tool": ("cancel_order", CANCEL, "return_items", RETURN),
    "another order for an unknown tool": ("refund_all", {"order_id": "#W0000002"}, "cancel_order", CANCEL),
    "another order": ("cancel_order", {**CANCEL, "order_id": "#W0000002"}, "cancel_order", CANCEL),
    "one item less": ("return_items", {**RETURN, "item_ids": ["9101"]}, "return_items", RETURN),
    "one item more": ("return_items", RETURN, "return_items", {**RETURN, "item_ids": ["9101"]}),
    "another new item": (
        "change_order_items", {"changes": [{"item_id": "9101", "new_item_id": "9103"}]}, "change_order_items", CHANGE,
    ),
    "another method": ("return_items", {**RETURN, "payment_method_id": "paypal_2"}, "return_items", RETURN),
    "another amount": ("give_credit", {"amount": 5}, "give_credit", {"amount": "50"}),
    "another address": (
        "change_order_address", {"address": {**ADDRESS, "zip": "LS2"}}, "change_order_address", {"address": ADDRESS},
    ),
    "another address in a text": (
        "change_order_address", '{"address": {"address1": "2 Quay", ', "change_order_address", {"address": ADDRESS},
    ),
    "another e-mail": ("give_credit", {"email": "otto@example.com"}, "give_credit", {"email": "carla@example.com"}),
    "another order in a text": ("cancel_order", '{"order_id": "#W0000002", "rea', "cancel_order", CANCEL),
    "another order in mere words": ("cancel_order", "cancel #W0000002 now", "cancel_order", CANCEL),
    "another list in a text": ("return_items", '{"item_ids": ["9101", "9103"', "return_items", RETURN),
}  # fmt: skip


def differences(case: Case) -> list[str]:
    before, malformed, tool, sound = case
    found = find_differences(ToolCall("2", tool, sound), [ToolCall("1", before, malformed)], [tool])
    assert {finding.check for finding in found} <= {"repaired_differently"}
    return [finding.reason for finding in found]


@pytest.mark.parametrize("case", SAME)
def test_the_same_deed_is_no_finding(case: str) -> None:
    assert differences(SAME[case]) == []


@pytest.mark.parametrize("case", OTHER)
def test_another_deed_is_a_finding_with_both_values(case: str) -> None:
    reasons = differences(OTHER[case])
    assert reasons and all(reason.count("“") == reason.count("”") == 2 for reason in reasons)


def test_a_long_value_is_quoted_in_short() -> None:
    reason = differences(("cancel_order", {"order_id": "“" * 900}, "cancel_order", CANCEL))[0]
    assert len(reason) < 250


def test_nothing_to_repair_is_no_finding() -> None:
    assert find_differences(ToolCall("1", "cancel_order", CANCEL), [], ["cancel_order"]) == ()


def test_the_namesake_repairs_it_and_other_calls_of_the_turn_are_their_own() -> None:
    malformed = [ToolCall("1", "cancel_order", "#W0000001"), ToolCall("2", "cancel_order", "#W0000009")]
    tools = ["cancel_order", "give_credit"]
    assert find_differences(ToolCall("3", "cancel_order", CANCEL), malformed, tools) == ()
    assert find_differences(ToolCall("4", "give_credit", {"amount": 5}), malformed, tools) == ()


def findings_of(run: Run) -> list[list[str]]:
    """The names of each action's findings."""
    actions = Action.objects.filter(origin=run.pk).order_by("place")
    return [[finding.partition(":")[0] for finding in action.findings] for action in actions]


@pytest.fixture
def ottos_too(ticket: Ticket, ottos_order: Order) -> None:
    """Carla has two orders, so that two can be mixed up."""
    Order.objects.filter(pk=ottos_order.pk).update(customer=ticket.customer)


BAD_CANCEL = ToolCall("call_2", "cancel_order", {**CANCEL, "reason": 5})
LOOK = call(1, "list_orders")


@pytest.mark.django_db
def test_a_repaired_form_is_proposed_unmarked(play: Play) -> None:
    run = play(LOOK, say(BAD_CANCEL), call(3, "cancel_order", **CANCEL), DONE)
    assert findings_of(run) == [[]]


@pytest.mark.django_db
@pytest.mark.usefixtures("ottos_too")
def test_a_repair_with_another_order_goes_to_people_looked_up_between_or_not(play: Play) -> None:
    other = {**CANCEL, "order_id": "#W0000002"}
    run = play(LOOK, say(BAD_CANCEL), call(3, "get_order", order_id="W0000002"), call(4, "cancel_order", **other), DONE)
    assert "repaired_differently" in findings_of(run)[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("ottos_too")
def test_after_the_repair_there_is_nothing_to_repair(play: Play) -> None:
    other = {**CANCEL, "order_id": "#W0000002"}
    second = call(4, "cancel_order", **other)
    run = play(LOOK, say(BAD_CANCEL), call(3, "cancel_order", **CANCEL), second, DONE)
    assert ["repaired_differently" in names for names in findings_of(run)] == [False, False]


@pytest.mark.django_db
def test_text_that_is_no_json_is_compared_too(play: Play) -> None:
    said = ToolCall("call_2", "cancel_order", '{"order_id": "#W0000007", "reason": "no lo')
    run = play(LOOK, say(said), call(3, "cancel_order", **CANCEL), DONE)
    assert run.malformed_calls == 1
    assert "repaired_differently" in findings_of(run)[0]


@pytest.mark.django_db
def test_twelve_calls_at_once_propose_nothing_and_are_compared_with_what_follows(play: Play) -> None:
    note = [ToolCall(f"call_{number}", "list_orders", {}) for number in range(2, 13)]
    cancel = ToolCall("call_20", "cancel_order", {**CANCEL, "order_id": "#W0000007"})
    run = play(say(cancel, *note), call(30, "cancel_order", **CANCEL), DONE)
    assert run.malformed_calls == 1
    assert [names.count("repaired_differently") for names in findings_of(run)] == [1]


@pytest.mark.django_db
def test_what_was_not_proposed_for_too_many_calls_is_no_repetition(play: Play) -> None:
    looks = [ToolCall(f"call_{number}", "list_orders", {}) for number in range(2, 12)]
    note = ToolCall("call_12", "add_note", {"body": "He insists."})
    run = play(say(ToolCall("call_1", "cancel_order", CANCEL), *looks, note), call(20, "cancel_order", **CANCEL), DONE)
    assert [action.kind for action in Action.objects.filter(origin=run.pk)] == ["add_note", "cancel_order"]
    assert findings_of(run) == [[], []]
