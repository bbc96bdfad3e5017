"""Letters that answer us, and runs that go on after people decided: the offline model takes up what was before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentdesk.agent.language_model import UserTurn
from tests.agent.test_offline_desk import Worked, work_ticket
from tests.agent.test_offline_shops import small_desk


def answer_after(first: str, answer: str) -> Worked:
    """The customer's answer to whatever the model wrote to a first letter that changed nothing."""
    asked = work_ticket(small_desk(), first)
    assert asked.actions == [] and asked.status == "pending"
    return work_ticket(small_desk(), answer, thread=[("inbound", first), ("outbound", asked.reply)])


@pytest.mark.parametrize(
    ("first", "answer", "kind", "telling"),
    [
        ("Cancel my order please.", "#W1000001, I don't need it", "cancel_order", {"reason": "no longer needed"}),
        ("Please cancel #W9999999, not needed", "Sorry, it is #W1000001", "cancel_order", {"order_id": "#W1000001"}),
        ("Change the bottle in #W1000001", "The red one please.", "change_order_items", {"order_id": "#W1000001"}),
        ("Change the bottle in #W1000001 to red 1000ml", "Then red 500ml", "change_order_items", {}),
        (
            "Pay #W1000001 with my gift card instead",
            "PayPal then",
            "change_order_payment",
            {"payment_method_id": "paypal_2"},
        ),
        ("Return the lamp from #W1000002 to my visa", "ok, PayPal", "return_items", {"payment_method_id": "paypal_2"}),
        ("Return a t-shirt from #W1000002", "both", "return_items", {"item_ids": ["2000000001", "2000000001"]}),
        ("Return a t-shirt from #W1000002", "just one", "return_items", {"item_ids": ["2000000001"]}),
        ("Return the blender from #W1000002", "I meant the lamp", "return_items", {"item_ids": ["3000000001"]}),
        ("Cancel the water bottle from #W1000001", "Yes, cancel the whole order", "cancel_order", {}),
        ("I want a refund for #W1000001", "Yes please", "cancel_order", {}),
        ("Ship #W1000001 to my new place", "5 Oak Street, Apt 4, Austin, TX 78701", "change_order_address", {}),
    ],
)
def test_an_answer_is_read_with_what_it_answers(first: str, answer: str, kind: str, telling: dict[str, Any]) -> None:
    worked = answer_after(first, answer)
    assert [name for name, _ in worked.actions] == [kind]
    assert telling.items() <= worked.actions[0][1].items()


def test_a_question_is_not_asked_twice() -> None:
    worked = answer_after("Please change the bottle in #W1000001", "hm, dunno")
    assert worked.actions == [] and worked.escalation and not worked.reply


def test_a_new_wish_after_our_answer_stands_alone() -> None:
    thread = [("inbound", "Please cancel #W1000001, not needed"), ("outbound", "Done.")]
    worked = work_ticket(small_desk(), "Now return the lamp from #W1000002 please", thread=thread)
    assert [name for name, _ in worked.actions] == ["return_items"]


def decide(worked: Worked, **outcomes: str) -> Worked:
    """The run goes on after decisions: the outcome for each kind, `executed` where none is given."""
    decisions = [
        {
            "action_id": answer["action_id"],
            "kind": name,
            "outcome": outcomes.get(name, "executed"),
            "reason": "Max does not trust this customer",
        }
        for name, _, answer in worked.calls
        if "action_id" in answer
    ]
    told = UserTurn(f"Decisions:\n{json.dumps(decisions)}")
    return work_ticket(small_desk(), "", transcript=[*worked.transcript, told])


BOTH = "Cancel #W1000004, not needed, and return the lamp from #W1000002."


def test_a_rejected_action_is_mended_with_a_reply_that_fits() -> None:
    mended = decide(
        work_ticket(small_desk(), BOTH), return_items="rejected", send_reply="superseded", set_ticket="superseded"
    )
    assert [name for name, _, _ in mended.calls] == ["send_reply", "set_ticket"]
    assert "I have cancelled order #W1000004" in mended.reply
    assert "not able to register the return" in mended.reply
    assert "Max" not in mended.reply and "trust" not in mended.reply
    assert mended.status == "pending"


def test_a_failed_action_goes_to_people() -> None:
    mended = decide(
        work_ticket(small_desk(), BOTH), cancel_order="failed", send_reply="superseded", set_ticket="superseded"
    )
    assert mended.escalation and not mended.reply


def test_a_rejected_reply_goes_to_people() -> None:
    mended = decide(work_ticket(small_desk(), BOTH), send_reply="rejected", set_ticket="superseded")
    assert mended.escalation and not mended.reply
    assert "Happened: cancel_order, return_items" in mended.escalation["summary"]


def test_a_mended_reply_that_is_rejected_goes_to_people() -> None:
    first = decide(
        work_ticket(small_desk(), BOTH), return_items="rejected", send_reply="superseded", set_ticket="superseded"
    )
    second = decide(first, send_reply="rejected", set_ticket="superseded")
    assert second.escalation and not second.reply


def test_ids_stay_unique_after_decisions() -> None:
    first = work_ticket(small_desk(), BOTH)
    mended = decide(first, return_items="rejected", send_reply="superseded", set_ticket="superseded")
    ids = [call.tool_call_id for worked in (first, mended) for turn in worked.turns for call in turn.tool_calls]
    assert len(ids) == len(set(ids))
