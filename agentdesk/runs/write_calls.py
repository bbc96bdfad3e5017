"""Answering write calls: each is verified, then proposed, and the model is told where it stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from pydantic import ValidationError

from agentdesk.agent.course import MOST_EXECUTIONS
from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.tools import Statement, split_statement
from agentdesk.runs.gathering import find_incoming, gather_evidence, is_handed
from agentdesk.runs.models import Run, RunMode
from agentdesk.runs.open_turn import Answered, OpenTurn, faults_in_words, malformed, repeated
from agentdesk.runs.verifying import Verification, check_origin, verify
from approvals.models import Action, ActionStatus
from approvals.planning import ArgumentsInvalid, arguments_to_json, kind_named, read_arguments
from approvals.policy import ALWAYS_ALLOWED
from approvals.proposing import Proposal, propose_action
from tickets.effects import describe, effect_from_json


def answer_write(call: ToolCall, turn: OpenTurn) -> Answered:
    """Proposes the action a write tool stands for, once it is verified; the same call again is the same action."""
    known = turn.find_action(call)
    if known is not None:
        return replace(told_of(call, known), is_known=True)
    own, stated = split_statement(call.arguments)
    try:
        statement = Statement.model_validate(stated)
        arguments = arguments_to_json(read_arguments(kind_named(call.name), own))
    except ArgumentsInvalid as error:
        return malformed(call, str(error))
    except ValidationError as error:
        return malformed(call, faults_in_words(error))
    before = turn.course.same_writes(call)
    if len(before) >= MOST_EXECUTIONS and call.name not in ALWAYS_ALLOWED:
        return repeated(call, before)
    verification = verify_call(call, arguments, statement, turn)
    proposal = proposal_of(call, own, statement, verification, turn.run)
    action = propose_action(proposal, now=turn.now, held=turn.held)
    turn.note_proposal(action)
    return replace(told_of(call, action), verification=verification)


def verify_call(call: ToolCall, arguments: dict[str, Any], statement: Statement, turn: OpenTurn) -> Verification:
    """The checks of a write call, against all this run knows."""
    must_reason = ":" in turn.run.model
    own = check_origin(call, statement, turn.course, tools=turn.writes, must_reason=must_reason)
    evidence = gather_evidence(turn.course, turn.ticket, turn.proposed)
    reviewer, objections = heard_of_reviewer(call, arguments, turn)
    found = (*find_incoming(turn.course, turn.ticket), *own, *objections)
    return verify(call, arguments, statement, evidence, found, reviewer)


def heard_of_reviewer(
    call: ToolCall, arguments: dict[str, Any], turn: OpenTurn
) -> tuple[Decimal | None, tuple[Finding, ...]]:
    """How sure the reviewer is of a reply, and what it objects to; nothing where no role has worked in the run."""
    has_roles = turn.thread or any(is_handed(one.call) for one in turn.course.calls)
    if call.name != "send_reply" or not has_roles:
        return None, ()
    # A role has its own calls answered by this room, so its room is known here only when it is needed.
    from agentdesk.runs.handing import reviewer_findings, reviewer_score

    body = str(arguments["body"])
    return reviewer_score(turn.run.pk, body), reviewer_findings(turn.run.pk, body)


def told_of(call: ToolCall, action: Action) -> Answered:
    """The answer to a proposal; none yet where the policy allows it, because the gate is asked first."""
    return Answered(call, None if action.status == ActionStatus.APPROVED else outcome_of(action), action)


def proposal_of(
    call: ToolCall, arguments: dict[str, Any], statement: Statement, verification: Verification, run: Run
) -> Proposal:
    """The proposal of a run."""
    return Proposal(
        ticket_id=run.ticket_id,
        kind=call.name,
        arguments=arguments,
        proposer=f"agent:{run.model}",
        origin=run.pk,
        confidence=verification.confidence,
        rationale=statement.rationale,
        alternatives=statement.alternatives,
        findings=[str(finding) for finding in verification.findings],
        tool_call_id=call.tool_call_id,
        is_dry=run.mode == RunMode.DRY_RUN,
    )


REFUSED = frozenset({ActionStatus.REFUSED, ActionStatus.FAILED, ActionStatus.SUPERSEDED, ActionStatus.REJECTED})


def outcome_of(action: Action) -> dict[str, Any]:
    """What the model is told of its proposal."""
    answer: dict[str, Any] = {"action_id": str(action.pk)}
    if action.status in REFUSED:
        return {**answer, "outcome": "refused", "reason": action.status_reason}
    effects = [describe(effect_from_json(effect)) for effect in action.effects]
    if action.status == ActionStatus.EXECUTED:
        return {**answer, "outcome": "done", "effects": effects, "receipt": receipt_in_short(action)}
    return {**answer, "outcome": "proposed", "effects": effects}


def receipt_in_short(action: Action) -> dict[str, Any]:
    """When it was done, and under which key."""
    receipt = cast(dict[str, Any], action.receipt)
    return {name: receipt.get(name) for name in ("executed_at", "idempotency_key")}
