"""A run's events fold into its main transcript, and into one for each thread beside it."""

from __future__ import annotations

from django.utils import timezone

from agentdesk.agent.language_model import ModelTurn, ToolAnswer, ToolCall, Turn, UserTurn, turn_to_json
from agentdesk.runs.log import Fact, append_facts, to_words
from agentdesk.runs.models import EventKind, Run
from agentdesk.runs.transcript import fold_thread, fold_transcript

LOOK = Turn("look", (ToolCall("call_1", "list_orders", {}),))


def tell(run: Run, *facts: Fact) -> int:
    return append_facts(run.pk, facts, at=timezone.now()).last_seq


def turn(said: Turn, **data: str) -> Fact:
    return Fact(EventKind.MODEL_ANSWERED, data, {"turn": to_words(turn_to_json(said))})


def answer(tool_call_id: str, **data: str) -> Fact:
    return Fact(EventKind.TOOL_ANSWERED, {"tool_call_id": tool_call_id, **data}, {"answer": "{}"})


def test_a_thread_is_kept_out_of_the_main_transcript(run: Run) -> None:
    brief = fold_transcript(run.pk).entries
    asked = Fact(EventKind.ROLE_ASKED, {"thread": "ask_1", "role": "analyst"}, {"brief": "What was ordered?"})
    tell(run, asked, turn(LOOK, thread="ask_1"), answer("call_1", thread="ask_1"))
    assert fold_transcript(run.pk).entries == brief
    assert fold_thread(run.pk, "ask_1").entries == (
        UserTurn("What was ordered?"), ModelTurn("look", LOOK.tool_calls), ToolAnswer("call_1", "{}"),
    )  # fmt: skip
    assert fold_thread(run.pk, "ask_2").entries == ()


def test_what_recovery_and_a_workflow_say_is_told_as_a_user(run: Run) -> None:
    brief = fold_transcript(run.pk).entries
    tell(
        run,
        Fact(EventKind.RECOVERY_CHOSEN, {"recovery": "retry"}, {"told": "Again, please."}),
        Fact(EventKind.WORKFLOW_STEPPED, {"step": "search"}),
        Fact(EventKind.WORKFLOW_STEPPED, {"step": "loop"}, {"told": "No passage was found."}),
    )
    assert fold_transcript(run.pk).entries == (*brief, UserTurn("Again, please."), UserTurn("No passage was found."))


def test_a_person_resuming_a_run_adds_nothing(run: Run) -> None:
    brief = fold_transcript(run.pk).entries
    tell(run, Fact(EventKind.RUN_RESUMED))
    assert fold_transcript(run.pk).entries == brief


def test_an_answer_nobody_called_for_is_left_out(run: Run) -> None:
    thread = "workflow:order_status"
    tell(run, answer("step_1", thread=thread), Fact(EventKind.ROLE_ASKED, {"thread": thread}, {"brief": "Write."}))
    assert fold_thread(run.pk, thread).entries == (UserTurn("Write."),)


def test_it_folds_up_to_an_event_and_knows_what_is_open(run: Run) -> None:
    asked = Fact(EventKind.ROLE_ASKED, {"thread": "ask_1"}, {"brief": "What was ordered?"})
    until = tell(run, asked, turn(LOOK, thread="ask_1"))
    tell(run, answer("call_1", thread="ask_1"))
    before, after = fold_thread(run.pk, "ask_1", until=until), fold_thread(run.pk, "ask_1")
    assert before.unanswered == LOOK.tool_calls and before.last_seq == until
    assert not after.unanswered and after.last_seq == until + 1
