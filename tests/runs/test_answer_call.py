"""Whatever a model sends is answered, stored and survived; nothing it may not see is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.arithmetic import NotArithmetic, calculate
from agentdesk.agent.course import OVERLAID
from agentdesk.agent.language_model import Request, ToolCall, Turn
from agentdesk.runs.answering import end_if_escalated
from agentdesk.runs.leases import take_lease
from agentdesk.runs.models import Event, Run
from agentdesk.runs.open_turn import Answered
from agentdesk.runs.work import Work
from approvals.models import Action
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import KindPolicy
from approvals.presets import preset_policy
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, answers_of, call, kinds_of, say
from tickets.models import Order, Ticket

pytestmark = pytest.mark.django_db

LONG = "x" * 100_000


def nest(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


REPLY = {"body": "Dear Carla, it is cancelled."}
MALFORMED: dict[str, tuple[str, Any]] = {
    "an unknown tool": ("drop_tables", {}),
    "an unknown tool with a long name": (LONG, {}),
    "a hard limit": ("delete_record", {}),
    "a person's kind": ("undo", {"action_id": "1"}),
    "a list for arguments": ("get_order", ["#W0000001"]),
    "a string for arguments": ("send_reply", "Dear Carla"),
    "nothing for arguments": ("cancel_order", None),
    "a missing field": ("get_order", {}),
    "an unknown field": ("list_orders", {"customer_id": "otto_brandt_1002"}),
    "a wrong type": ("get_order", {"order_id": {"$ne": ""}}),
    "an unknown field of a write": ("send_reply", {**REPLY, "to": "otto@example.com"}),
    "too sure": ("send_reply", {**REPLY, "confidence": 1.01}),
    "less than not sure": ("send_reply", {**REPLY, "confidence": -0.1}),
    "not a number": ("send_reply", {**REPLY, "confidence": float("nan")}),
    "a long body": ("send_reply", {"body": LONG}),
    "a long rationale": ("send_reply", {**REPLY, "rationale": LONG}),
    "a long query": ("search_knowledge", {"query": LONG}),
    "a NUL in a body": ("send_reply", {"body": "Dear\0Carla"}),
    "a NUL in a rationale": ("send_reply", {**REPLY, "rationale": "as\0asked"}),
    "a NUL in a query": ("search_knowledge", {"query": "ret\0urn"}),
    "a NUL in a field's name": ("send_reply", {**REPLY, "a\0b": 1}),
    "a lone surrogate in a body": ("send_reply", {"body": "Dear \ud800 Carla"}),
    "a lone surrogate deep inside": ("send_reply", {**REPLY, "citations": [{"source": "tool:call_1\udfff"}]}),
    "a NUL deep inside": ("send_reply", {**REPLY, "citations": [{"source": "tool:call_1", "quote": "\0"}]}),
    "deep": ("send_reply", {**REPLY, "citations": nest(60)}),
    "deeper than any program reads": ("set_ticket", {"tags": nest(100_000)}),
    "a NUL in a product": ("get_product", {"product_id": "90\0"}),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_call_is_answered_counted_and_the_run_goes_on(case: str, play: Play) -> None:
    name, arguments = MALFORMED[case]
    run = play(say(ToolCall("call_1", name, arguments)), call(2, "list_orders"), DONE)
    assert (run.status, run.malformed_calls, run.steps) == ("done", 1, 3), run.reason
    first, second = answers_of(run)
    assert first["error"] == "malformed call"
    assert first["what_was_wrong"] and first["what_to_try"]
    assert [order["order_id"] for order in second["orders"]] == ["#W0000001"]
    assert not Action.objects.filter(origin=run.pk).exists()


def test_words_no_database_keeps_are_kept_readable(play: Play) -> None:
    run = play(Turn("thinking \0 \ud83d", (ToolCall("a\0\udc00" * 90, "li\0st", {}),), stop_reason="\0"), DONE)
    assert run.status == "done", run.reason
    run = Run.objects.get(pk=run.pk)
    assert run.malformed_calls == 1


def test_a_result_no_database_keeps_is_kept_readable(play: Play) -> None:
    run = play(Turn("It is \0 done \ud83d."))
    assert (run.status, run.result) == ("done", "It is \ufffd done \ufffd.")


def test_an_id_used_twice_names_two_calls(play: Play) -> None:
    note = ToolCall("call_0", "add_note", {"body": "first"})
    run = play(
        say(note, ToolCall("call_0", "add_note", {"body": "second"})),
        say(ToolCall("call_0", "add_note", {"body": "third"}), ToolCall("", "list_orders", {})),
        DONE,
    )
    assert run.status == "done", run.reason
    assert [one.arguments["body"] for one in Action.objects.filter(origin=run.pk)] == ["first", "second", "third"]
    assert len(answers_of(run)) == 4


def test_other_customers_are_nobodys_business(ottos_order: Order, play: Play) -> None:
    run = play(
        say(
            ToolCall("call_1", "find_customer", {"email": "otto@example.com"}),
            ToolCall("call_2", "find_customer", {"email": "nobody@example.com"}),
            ToolCall("call_3", "get_order", {"order_id": "#W0000002"}),
            ToolCall("call_4", "get_order", {"order_id": "#W9999999"}),
            ToolCall("call_5", "cancel_order", {"order_id": "#W0000002", "reason": "no longer needed"}),
            ToolCall("call_6", "cancel_order", {"order_id": "#W9999999", "reason": "no longer needed"}),
        ),
        DONE,
    )
    otto, nobody, his, none, cancels, cancels_none = answers_of(run)
    assert otto == nobody
    assert json.dumps(his).replace("#W0000002", "#W9999999") == json.dumps(none)
    assert cancels["outcome"] == cancels_none["outcome"] == "refused"
    assert cancels["reason"].replace("#W0000002", "") == cancels_none["reason"].replace("#W9999999", "")
    assert "Brandt" not in json.dumps(answers_of(run))


def test_records_with_proposals_laid_over_say_so(play: Play) -> None:
    run = play(
        call(1, "get_order", order_id="W0000001"),
        call(2, "cancel_order", **CANCEL),
        call(3, "get_order", order_id="#W0000001"),
        call(4, "list_orders"),
        call(5, "find_customer"),
        DONE,
    )
    before, _, after, orders, customer = answers_of(run)
    assert "note" not in before
    assert (before["status"], after["status"], orders["orders"][0]["status"]) == ("pending", "cancelled", "cancelled")
    assert after["note"] == orders["note"] == customer["note"] == OVERLAID
    assert Order.objects.get(pk="#W0000001").status == "pending"


EXACT = {
    "0.1 + 0.2": "0.3",
    "12.50 * 3 - 0.01": "37.49",
    "-(2 - 5) / 2": "1.5",
    "10000000000000000000000000000000 + 0.01": "10000000000000000000000000000000.01",
}


@pytest.mark.parametrize("expression", EXACT)
def test_arithmetic_is_exact(expression: str) -> None:
    assert str(calculate(expression)) == EXACT[expression]


HOSTILE = [
    "9**9**9", "1 << 9", "__import__('os')", "a", "1/0", "0/0", "1 if 1 else 2", "[1][0]", "True", "1j", "'1'*9",
    "0x10", "1e999999*1e999999", "(" * 99 + "1" + ")" * 99 + "(", "1\0", "()", " ", "~1", "1,2", "f'{1}'", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("expression", HOSTILE)
def test_what_is_not_arithmetic_is_refused_quickly(expression: str) -> None:
    with pytest.raises(NotArithmetic):
        calculate(expression)


@pytest.mark.parametrize("expression", ["9" * 200, "-" * 199 + "1", "(" * 80 + "1" + ")" * 80, "1+" * 99 + "1"])
def test_long_and_deep_expressions_are_worked_out(expression: str, play: Play) -> None:
    run = play(call(1, "calculate", expression=expression), DONE)
    assert "result" in answers_of(run)[0] and len(answers_of(run)[0]["result"]) <= 201


def test_a_refused_proposal_changes_nothing_and_says_why(play: Play) -> None:
    run = play(call(1, "cancel_order", **{**CANCEL, "order_id": "#W5"}), call(2, "list_orders"), DONE)
    refused, orders = answers_of(run)
    assert refused["outcome"] == "refused" and "#W5" in refused["reason"]
    assert "note" not in orders
    assert (run.status, run.malformed_calls) == ("done", 0)


def test_what_the_policy_allows_is_done_and_comes_with_a_receipt(play: Play, ticket: Ticket) -> None:
    run = play(call(1, "set_ticket", priority="high", confidence=0.9), DONE)
    answer = answers_of(run)[0]
    assert answer["outcome"] == "done" and answer["receipt"]["executed_at"] and answer["effects"]
    ticket.refresh_from_db()
    assert ticket.priority == "high"
    assert kinds_of(run).count("action.proposed") == kinds_of(run).count("action.settled") == 1


def test_in_shadow_it_is_told_proposed_and_only_planned(play: Play) -> None:
    publish_policy(
        preset_policy("shadow"), base_version=policy_in_force().version, note="", by=None, now=timezone.now()
    )
    run = play(call(1, "cancel_order", **CANCEL), call(2, "send_reply", **REPLY, confidence=1), DONE)
    assert [answer["outcome"] for answer in answers_of(run)] == ["proposed", "proposed"]
    assert [action.status for action in Action.objects.filter(origin=run.pk)] == ["planned", "planned"]
    assert run.status == "done"


def test_calling_people_ends_the_run_and_overtakes_what_was_undecided(play: Play, ticket: Ticket) -> None:
    run = play(
        call(1, "cancel_order", **CANCEL),
        call(2, "escalate", reason="a lawyer writes", summary="He sues.", urgency="urgent"),
        DONE,
    )
    assert (run.status, run.reason, run.result) == ("escalated", "a lawyer writes", "He sues.")
    cancel, escalate = Action.objects.filter(origin=run.pk)
    assert (cancel.status, escalate.status) == ("superseded", "executed")
    ended = Event.objects.get(run=run, kind="run.ended")
    assert ended.data["superseded"] == [str(cancel.pk)]
    ticket.refresh_from_db()
    assert ticket.escalation["reason"] == "a lawyer writes"
    assert run.steps == 2


def test_no_words_lie_in_the_data_of_events(play: Play) -> None:
    secret = "Zanzibar"

    def third(request: Request) -> Turn:
        return say(
            ToolCall("call_3", f"tool_{secret}", {"x": secret}),
            ToolCall("call_4", "get_order", {"order_id": secret}),
            ToolCall("call_5", "cancel_order", {**CANCEL, "order_id": secret}),
        )

    run = play(
        call(1, "add_note", body=f"note {secret}", rationale=secret),
        call(2, "send_reply", body=f"Dear {secret}", rationale=secret, alternatives=[secret]),
        third,
        call(6, "escalate", reason=f"because {secret}", summary=secret),
    )
    assert run.status == "escalated"
    for event in Event.objects.filter(run=run):
        assert secret not in json.dumps(event.data), event


def test_a_run_that_pins_a_policy_is_judged_by_it_and_the_gate_asks_the_one_in_force(play: Play) -> None:
    pinned = policy_in_force()
    off = KindPolicy(mode="off", tier="low")
    strict = pinned.model_copy(update={"kinds": {**pinned.kinds, "set_ticket": off}})
    publish_policy(strict, base_version=pinned.version, note="", by=None, now=timezone.now())
    set_it = call(1, "set_ticket", priority="high", confidence=0.9)
    run = play(set_it, DONE, pins_policy=True, policy_version=pinned.version)
    assert [answer["outcome"] for answer in answers_of(run)] == ["refused"]
    assert run.status == "done"


def test_people_who_were_not_called_after_all_end_no_run(run: Run) -> None:
    held = take_lease(run.pk)
    assert held is not None
    called = ToolCall("call_1", "escalate", {"reason": "x", "summary": "y"})
    waits = Action(kind="escalate", status="waiting", arguments=called.arguments)
    end_if_escalated(Work(held, timezone.now), [Answered(called, {"outcome": "proposed"}, waits)])
    run.refresh_from_db()
    assert run.status == "running"
