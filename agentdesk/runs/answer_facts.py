"""The events of a turn's inner life: its agenda, what was verified, proposed and answered, and what that brought."""

from __future__ import annotations

from typing import Any

from agentdesk.agent.agenda import Agenda
from agentdesk.agent.language_model import ToolAnswer
from agentdesk.runs.gathering import knowledge_of
from agentdesk.runs.log import Fact, to_words
from agentdesk.runs.models import EventKind
from agentdesk.runs.open_turn import Answered, name_of_tool
from agentdesk.runs.recovering import fact_of_recovery
from agentdesk.runs.tool_running import Trouble
from agentdesk.runs.verifying import fact_of_verification


def fact_of_agenda(agenda: Agenda) -> Fact:
    """The event of an agenda: ids and counts; its words lie apart."""
    data = {
        "source": agenda.source,
        "steps": [step.id for step in agenda.steps],
        "constraints": len(agenda.constraints),
        "assumptions": [assumption.id for assumption in agenda.assumptions],
    }
    return Fact(EventKind.AGENDA_MADE, data, {"agenda": to_words(agenda.to_json())})


def facts_of_proposal(answered: Answered, thread: str) -> list[Fact]:
    """The events of a new proposal: that it was verified, and that it was made; none for one a killed worker made."""
    verification = answered.verification
    if verification is None:
        return []
    action = answered.proposed
    data = {
        "action_id": str(action.pk),
        "kind": action.kind,
        "status": action.status,
        "verdict": action.verdict,
        "digest": action.digest,
        "tool_call_id": answered.call.tool_call_id,
    }
    verified = fact_of_verification(answered.call, verification)
    return [in_thread(verified, thread), in_thread(Fact(EventKind.ACTION_PROPOSED, data), thread)]


def facts_of_answer(answered: Answered, thread: str) -> list[Fact]:
    """The events of an answer: what failed on the way, the answer itself, and what it brought."""
    troubles = [fact_of_trouble(answered, trouble) for trouble in answered.troubles]
    data = {"tool_call_id": answered.call.tool_call_id, **answered.assessment.to_data()}
    facts = [*troubles, fact_of_answer(answered), Fact(EventKind.STEP_ASSESSED, data)]
    return [in_thread(fact, thread) for fact in facts]


def fact_of_trouble(answered: Answered, trouble: Trouble) -> Fact:
    """What failed while a call was answered, and what was chosen to do about it."""
    wrong = str(answered.told.get("what_was_wrong", ""))
    fact = fact_of_recovery(trouble.failure, trouble.remedy, error=wrong)
    told = {"tool_call_id": answered.call.tool_call_id, "tool": name_of_tool(answered.call), "times": trouble.times}
    fact.data.update(told)
    return fact


def fact_of_answer(answered: Answered) -> Fact:
    """The event of a tool's answer."""
    answer = answered.told
    data: dict[str, Any] = {"tool_call_id": answered.call.tool_call_id, "tool": name_of_tool(answered.call)}
    if answered.is_malformed:
        data["malformed"] = True
    if answered.same_as:
        data["same_as"] = answered.same_as
    if knowledge := knowledge_of(answered.call.name, answer):
        data["knowledge"] = knowledge
    if answered.action is not None:
        data |= {"action_id": str(answered.action.pk), "outcome": answer.get("outcome")}
    return Fact(EventKind.TOOL_ANSWERED, data, {"answer": to_words(answer)}, actor="tool")


def in_thread(fact: Fact, thread: str) -> Fact:
    """The fact as one of a thread, where it is not of the main one."""
    if thread:
        fact.data["thread"] = thread
    return fact


def tell(answered: Answered) -> ToolAnswer:
    """The answer as the model reads it: the very words that were stored."""
    return ToolAnswer(answered.call.tool_call_id, to_words(answered.told))
