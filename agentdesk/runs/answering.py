"""Storing a turn with the answers to its calls and what it proposes, in one transaction; then asking the gate.

What leaves the process is asked before that transaction, when the turn itself has been stored.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from agentdesk.agent.agenda import Agenda
from agentdesk.agent.assessing import tell_broken
from agentdesk.agent.checks.masking import mask_value
from agentdesk.agent.course import Course
from agentdesk.agent.language_model import Entry, ToolAnswer, ToolCall
from agentdesk.agent.loop import AnswerCalls
from agentdesk.agent.roles import HANDING
from agentdesk.runs.answer_facts import fact_of_agenda, facts_of_answer, facts_of_proposal, tell
from agentdesk.runs.endings import finish
from agentdesk.runs.gathering import course_of
from agentdesk.runs.log import Fact, append_facts
from agentdesk.runs.models import Run, RunStatus
from agentdesk.runs.open_turn import Answered, OpenTurn, ToolBroke, is_write
from agentdesk.runs.outside import answer_outside, leaves
from agentdesk.runs.tool_calls import answer_call
from agentdesk.runs.transcript import Transcript
from agentdesk.runs.work import Work
from agentdesk.runs.write_calls import outcome_of
from approvals.gate import execute_action
from approvals.models import ActionStatus
from approvals.policies import policy_in_force, policy_version
from approvals.policy import Policy
from approvals.proposing import Held, actions_of
from tickets.queries import lock_customer_of_ticket
from tickets.rows import Raised

logger = logging.getLogger(__name__)


def answer_turn(
    need: AnswerCalls,
    work: Work,
    before: Sequence[Fact],
    *,
    calls: Sequence[ToolCall],
    **columns: Any,
) -> tuple[ToolAnswer, ...]:
    """Stores a turn of the main transcript with the answers to its calls; then asks the gate for what is allowed.

    Args:
        before: the facts of the turn itself.
        calls: those of its calls that are answered.
        columns: columns of the run to set with the turn.
    Raises: LeaseLost.
    """
    course = course_of(work.run.pk, need.request.transcript, work.courses)
    agenda = course.note_turn(need.turn.text, calls)
    return answer_open(calls, work, course, [*before, *facts_of_agenda(agenda)], columns)


def facts_of_agenda(agenda: Agenda | None) -> list[Fact]:
    """The event of the agenda a turn made, if it made one."""
    return [fact_of_agenda(agenda)] if agenda is not None else []


def answer_left_over(work: Work, transcript: Transcript) -> tuple[ToolAnswer, ...]:
    """Answers the calls a killed worker left open."""
    if not transcript.unanswered:
        return ()
    course = course_of(work.run.pk, transcript.entries, work.courses)
    return answer_open(transcript.unanswered, work, course, [], {}, is_resumed=True)


def answer_calls(
    calls: Sequence[ToolCall],
    work: Work,
    before: Sequence[Fact],
    *,
    thread: str = "",
    entries: Sequence[Entry] | None = None,
    tools: Collection[str] | None = None,
    **columns: Any,
) -> tuple[ToolAnswer, ...]:
    """Answers calls that no turn of the main transcript asked for: a role's, or a workflow's.

    Args:
        before: facts to store before the answers, such as the turn that asks.
        thread: which thread of the run they are part of; "" is the main one.
        entries: the main transcript, where it is at hand; else the run's log is read.
        tools: the only tools that may be called; None: all that the run's bounds allow.
        columns: columns of the run to set with the answers.
    Raises: LeaseLost.
    """
    course = course_of(work.run.pk, entries)
    course.expect(calls)
    return answer_open(calls, work, course, before, columns, thread=thread, tools=tools)


def answer_open(
    calls: Sequence[ToolCall],
    work: Work,
    course: Course,
    before: Sequence[Fact],
    columns: Mapping[str, Any],
    *,
    thread: str = "",
    tools: Collection[str] | None = None,
    is_resumed: bool = False,
) -> tuple[ToolAnswer, ...]:
    """The phase outside, then one transaction for proposals and most answers; then the gate, and what came of it."""
    turn = OpenTurn(work.run, course, work.clock(), tuple(calls), allowed_in(work), tools, thread=thread)
    if any(leaves(call) for call in calls):
        store_facts(work, before, columns)
        before, columns = (), {}
        turn = replace(turn, ready=answer_outside(turn, work, is_resumed=is_resumed))
    turn, answered = store_safely(turn, work, before, columns)
    left = [one for one in answered if one.answer is None]
    told = [tell(one) for one in answered if one.answer is not None]
    if left:
        carried = [settle(carry_out(one, work), turn) for one in left]
        store_facts(work, [fact for one in carried for fact in facts_of_answer(one, turn.thread)], {})
        told += [tell(one) for one in carried]
        end_if_escalated(work, carried)
    return tuple(told)


def allowed_in(work: Work) -> tuple[str, ...]:
    """The tools the run's bounds allow; those that hand work to roles where it is done so."""
    return (*work.bounds.tools, *HANDING) if work.bounds.way == "roles" else work.bounds.tools


@transaction.atomic
def store_facts(work: Work, facts: Sequence[Fact], columns: Mapping[str, Any]) -> None:
    """Appends facts with what is pending. Raises: LeaseLost."""
    facts = [*work.take_pending(), *facts]
    work.seq = append_facts(work.run.pk, facts, at=work.clock(), fence=work.run.fence, **columns).last_seq


def store_safely(
    turn: OpenTurn, work: Work, before: Sequence[Fact], columns: Mapping[str, Any]
) -> tuple[OpenTurn, list[Answered]]:
    """Stores the turn; where one of the desk's own tools broke, once more from the start with an error for its answer.

    A savepoint for each look-up would cost every one of them two statements. Where the connection broke too,
    another is taken; where there is none to be had, that error flies.
    """
    pending = work.take_pending()
    course = turn.course
    while True:
        attempt = replace(turn, course=course.copy(), proposed=[])
        try:
            return attempt, store_answers(attempt, work, [*pending, *before], columns)
        except ToolBroke as broke:
            turn = replace(turn, ready={**turn.ready, broke.answered.call.tool_call_id: broke.answered})


@transaction.atomic
def store_answers(turn: OpenTurn, work: Work, before: Sequence[Fact], columns: Mapping[str, Any]) -> list[Answered]:
    """Answers every call and stores it all; a lost lease rolls the proposals back with it.

    Raises: LeaseLost, ToolBroke.
    """
    run = work.run
    if any(is_write(call) for call in turn.calls):
        customer_id = lock_customer_of_ticket(run.ticket_id)
        # A workflow may have proposed what no call of the transcript shows.
        turn.proposed = actions_of(run.pk)
        turn.held = Held(customer_id, turn.proposed, judging_policy(run))
    answered = [settle(answer_call(call, turn), turn) for call in turn.calls]
    facts = [*before]
    facts += [fact for one in answered for fact in facts_of_proposal(one, turn.thread)]
    facts += [fact for one in answered if one.answer is not None for fact in facts_of_answer(one, turn.thread)]
    malformed = sum(one.is_malformed for one in answered)
    if malformed:
        columns = {**columns, "malformed_calls": Raised(malformed)}
    work.seq = append_facts(run.pk, facts, at=turn.now, fence=run.fence, **columns).last_seq
    return answered


def settle(answered: Answered, turn: OpenTurn) -> Answered:
    """The answer as the model is to read it: masked, assessed, and with what it breaks of the model's own agenda."""
    course = turn.course
    if answered.answer is None:
        course.note_proposal()
        return answered
    answer: dict[str, Any] = mask_value(answered.answer)
    assessment = course.note_answer(answered.call, answer, turn.thread)
    # Only an agenda the model stated assumes anything.
    if assessment.broken:
        answer = {**answer, "assumption_broken": [tell_broken(one) for one in assessment.broken]}
    return replace(answered, answer=answer, assessment=assessment)


def judging_policy(run: Run) -> Policy:
    """The policy in force, or the one a dry run was asked to be judged by."""
    return policy_version(run.policy_version) if run.pins_policy else policy_in_force()


def carry_out(answered: Answered, work: Work) -> Answered:
    """Asks the gate for an action the policy allows, in a transaction of its own."""
    action = execute_action(answered.proposed.pk, now=work.clock())
    return replace(answered, answer=outcome_of(action), action=action)


def end_if_escalated(work: Work, carried: Sequence[Answered]) -> None:
    """Calling people ends the run."""
    for one in carried:
        if one.call.name == "escalate" and one.proposed.status == ActionStatus.EXECUTED:
            said = one.proposed.arguments
            finish(work, RunStatus.ESCALATED, reason=said["reason"], result=said["summary"])
            return
