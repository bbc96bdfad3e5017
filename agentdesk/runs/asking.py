"""Asking models for a turn, and the event that tells of it. No connection is held while a model answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction

from agentdesk.agent.bounds import Reached, find_reached, output_left, seconds_left
from agentdesk.agent.failures import LAST_RUNG, TURN_FAILURES, Failure, choose_remedy
from agentdesk.agent.language_model import (
    CallLimits,
    LanguageModel,
    ModelFailed,
    Partial,
    Request,
    Turn,
    Usage,
    turn_to_json,
)
from agentdesk.agent.providers import UnknownModel
from agentdesk.agent.request_hash import Measured
from agentdesk.agent.roles import show_partial
from agentdesk.agent.storable import clean, make_storable
from agentdesk.runs.connections import give_connection_back
from agentdesk.runs.instructing import pin_sent
from agentdesk.runs.leases import RENEWAL_SECONDS, renew_lease, renewing
from agentdesk.runs.log import Fact, append_facts, hash_words, to_words
from agentdesk.runs.model_days import costs, daily_money_reached
from agentdesk.runs.models import EventKind
from agentdesk.runs.open_turn import name_of_tool
from agentdesk.runs.partials import partial_sender
from agentdesk.runs.recovering import fact_of_recovery, tell_failure
from agentdesk.runs.work import OutOfBounds, OutOfTime, Paused, Work
from approvals.policies import policy_in_force
from tickets.rows import Raised

BYTES_PER_TOKEN = 4
LONGEST_ANSWER = 8192
"""Output tokens of one turn at most."""
LONGEST_REASON = 1000
"""Characters of what a provider said of its failure."""


@dataclass(frozen=True)
class AskedTurn(Turn):
    """A turn with who was asked for it, how long it took, and the hash of the bytes it was asked with."""

    asked: str = ""
    latency_ms: int = 0
    request_sha256: str = ""


def ask(request: Request, work: Work, *, models: str = "", thread: str = "", role: str = "agent") -> Turn:
    """The turn of the first of the run's models (or of `models`) that gives one, within what is left of the bounds.

    The worker's connection is given back meanwhile. A call that fails is stored at once with what it took.
    Raises: Paused, OutOfTime, OutOfBounds, LeaseLost, ModelFailed (all failed, or the turn itself is unfit).
    """
    if policy_in_force().is_paused():
        raise Paused(Paused.__doc__)
    hold_lease(work)
    measured = work.hasher(thread).measure(request)
    names = work.names(models)
    require_room(work, measured, costs=any(costs(name) for name in names[:1]))
    pin_sent(request)
    failed = []
    for place, name in enumerate(names):
        left = len(names) - place
        try:
            model = find_or_fail(name, work)
            return call_model(model, request, work, limits_of(work, left, role), measured)
        except ModelFailed as failure:
            note_failure(failure, name, work, thread=thread, role=role, is_last=left == 1)
            if failure.failure in TURN_FAILURES:
                raise
            failed.append(f"{name}: {str(failure).removeprefix(f'{name}: ')}")
    require_time(work)
    raise ModelFailed("; ".join(failed), Failure.PROVIDER_DOWN)


def hold_lease(work: Work) -> None:
    """Renews the lease where it is no longer young, and gives the connection back."""
    # A younger lease is long enough to begin with; every write carries the fence anyway.
    if time.monotonic() - work.leased > RENEWAL_SECONDS:
        renew_lease(work.run)
        work.leased = time.monotonic()


def require_room(work: Work, measured: Measured, *, costs: bool) -> None:
    """Raises: OutOfTime, OutOfBounds."""
    reached = find_reached(
        work.spent,
        work.bounds,
        expected_input=measured.size // BYTES_PER_TOKEN,
        wraps_up=work.wraps_up is not None,
        costs=costs,
    )
    reached = reached or (daily_money_reached(work.daily_money, work.clock()) if costs else None)
    if reached is not None:
        raise (OutOfTime if reached.bound == "wall_clock_seconds" else OutOfBounds)(reached)


def limits_of(work: Work, models_left: int, role: str) -> CallLimits:
    """What one call may take. With other models left to ask it gets half the time, so that they have some too.

    Raises: OutOfTime.
    """
    wraps_up = work.wraps_up is not None
    left = require_time(work)
    tokens = output_left(work.spent, work.bounds, wraps_up=wraps_up)
    sender = watched(role, partial_sender(work.run.pk, work.spent.steps + 1))
    return CallLimits(left if models_left == 1 else left / 2, max(1, min(tokens, LONGEST_ANSWER)), sender)


def watched(role: str, send: Callable[[Partial], None]) -> Callable[[Partial], None]:
    """Sends on what a watcher may see of a role's turn."""

    def send_shown(partial: Partial) -> None:
        shown = show_partial(role, partial)
        if shown is not None:
            send(shown)

    return send_shown


def require_time(work: Work) -> float:
    """The seconds that are left for another call. Raises: OutOfTime."""
    left = seconds_left(work.spent, work.bounds, wraps_up=work.wraps_up is not None)
    if left <= 0:
        raise OutOfTime(Reached("wall_clock_seconds", work.bounds.wall_clock_seconds))
    return left


def call_model(model: LanguageModel, request: Request, work: Work, limits: CallLimits, measured: Measured) -> AskedTurn:
    """One model's turn, counted. Raises: ModelFailed."""
    give_connection_back()
    asked = time.monotonic()
    with renewing(work.run):
        turn = make_storable(model.answer(request, limits), request)
    latency_ms = round((time.monotonic() - asked) * 1000)
    work.spend(turn.usage, steps=1)
    own = {field.name: getattr(turn, field.name) for field in fields(Turn)}
    return AskedTurn(**own, asked=model.name, latency_ms=latency_ms, request_sha256=measured.sha256)


def find_or_fail(name: str, work: Work) -> LanguageModel:
    """The model of this name. Raises: ModelFailed, for a name or a key that is not there."""
    try:
        return work.find(name)
    except UnknownModel as error:
        raise ModelFailed(str(error), Failure.PROVIDER_REJECTS) from error


def note_failure(failure: ModelFailed, name: str, work: Work, *, thread: str, role: str, is_last: bool) -> None:
    """Stores a failed call: what it was, what comes next, and what it took all the same. Raises: LeaseLost."""
    work.spend(failure.usage, steps=0)
    if failure.failure in TURN_FAILURES:
        remedy = work.count_unfit(failure.failure, thread)
    else:
        remedy = choose_remedy(failure.failure, LAST_RUNG if is_last else 1)
    told = tell_failure(failure.failure)
    error = clean(str(failure))[:LONGEST_REASON]
    fact = fact_of_recovery(failure.failure, remedy, error=error, told=told, thread=thread, role=role)
    fact.data.update(model=name, request_id=clean(failure.request_id), **usage_to_json(failure.usage))
    store_facts(work, [fact], **tokens_of(failure.usage))


@transaction.atomic
def store_facts(work: Work, facts: Sequence[Fact], **columns: Any) -> None:
    """Appends facts of their own to the run's log, with what is pending. Raises: LeaseLost."""
    told = [*work.take_pending(), *facts]
    columns["working_seconds"] = work.seconds_worked
    work.seq = append_facts(work.run.pk, told, at=work.clock(), fence=work.run.fence, **columns).last_seq


def fact_of_turn(request: Request, turn: Turn, work: Work, *, thread: str = "", role: str = "agent") -> Fact:
    """The event of a model's turn: with what rebuilds its request, and the hash of the bytes sent."""
    own = turn if isinstance(turn, AskedTurn) else AskedTurn(asked=work.names()[0])
    data = {
        "model": own.asked,
        "parameters": request.parameters,
        "versions": {**work.run.versions, **pin_sent(request)},
        "folded_to": work.seq,
        "request_sha256": own.request_sha256 or hash_words(request.to_bytes().decode()),
        **usage_to_json(turn.usage),
        "stop_reason": turn.stop_reason,
        "request_id": turn.request_id,
        "latency_ms": own.latency_ms,
        "tools": [name_of_tool(call) for call in turn.tool_calls],
    }
    data |= {name: value for name, value in (("thread", thread), ("answered_by", turn.model)) if value}
    if role != "agent":
        data["role"] = role
    words = {"turn": to_words(turn_to_json(turn))}
    if turn.reasoning:
        words["reasoning"] = turn.reasoning
    return Fact(EventKind.MODEL_ANSWERED, data, words, actor=f"agent:{own.asked}")


def usage_to_json(usage: Usage) -> dict[str, Any]:
    """What a call took, for its event."""
    return {
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "output_tokens": usage.output_tokens,
        "cost": usage.cost,
    }


def usage_of(turn: Turn) -> dict[str, Any]:
    """A turn's step, tokens and cost as columns to raise."""
    return {"steps": Raised(1), **tokens_of(turn.usage)}


def tokens_of(usage: Usage) -> dict[str, Any]:
    """Tokens and cost as columns to raise; none where nothing was used."""
    raised: dict[str, int | Decimal] = {
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "output_tokens": usage.output_tokens,
        "cost": Decimal(usage.cost),
    }
    return {name: Raised(value) for name, value in raised.items() if value}
