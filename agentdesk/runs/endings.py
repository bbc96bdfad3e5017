"""How a run this worker holds comes to rest: it waits, is done, or is given to people with the reason."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from agentdesk.agent.bounds import Reached
from agentdesk.agent.loop import AgendaComplete
from agentdesk.agent.storable import clean
from agentdesk.runs.asking import fact_of_turn, usage_of
from agentdesk.runs.lifecycle import conclude, end_run, lock_run
from agentdesk.runs.log import Fact, LeaseLost, append_facts
from agentdesk.runs.models import EventKind, RunMode, RunStatus
from agentdesk.runs.summing_up import sum_up
from agentdesk.runs.work import Work
from approvals.gate import execute_action
from approvals.models import Action
from approvals.proposing import Proposal, propose_action
from tickets.queries import lock_customer_of_ticket

logger = logging.getLogger(__name__)

NO_ANSWER = "The model gave no usable answer"
"""How the reason begins where every model failed."""
LONGEST_REASON = 1000
"""Characters of what a model said of its failure."""


@transaction.atomic
def finish(
    work: Work, status: RunStatus, *, reason: str, result: str = "", facts: Sequence[Fact] = (), **columns: Any
) -> None:
    """Ends the run this worker holds; a bound that was reached is named. Raises: LeaseLost."""
    run, now = lock_run(work.run.pk), work.clock()
    if (run.fence, run.status) != (work.run.fence, RunStatus.RUNNING):
        raise LeaseLost(LeaseLost.__doc__)
    if work.wraps_up is not None and work.wraps_up.words not in reason:
        reason = f"{reason} ({name_bound(work.wraps_up)})"
    told = [*work.take_pending(), *facts]
    append_facts(run.pk, told, at=now, **columns, working_seconds=work.seconds_worked)
    end_run(run, status, now=now, reason=reason, result=result)
    work.run.status = run.status


@transaction.atomic
def stop_asking(work: Work, result: str, facts: list[Fact], **columns: Any) -> None:
    """The agenda is complete: the run waits for what is undecided, or is done. Raises: LeaseLost."""
    run, now = work.run, work.clock()
    lock_customer_of_ticket(run.ticket_id)
    facts = [*work.take_pending(), *facts]
    columns = {**columns, "result": result, "working_seconds": work.seconds_worked, "leased_until": None}
    if run.mode == RunMode.DRY_RUN:
        append_facts(run.pk, facts, at=now, fence=run.fence, **columns)
        end_run(run, RunStatus.DONE, now=now)
        return
    waiting = Fact(EventKind.RUN_WAITING)
    append_facts(run.pk, [*facts, waiting], at=now, fence=run.fence, **columns, status=RunStatus.WAITING)
    run.status = RunStatus.WAITING
    conclude(run, now=now)


def complete_agenda(work: Work, end: AgendaComplete) -> None:
    """Stores the last turn. The run waits for what is undecided, or is done; at a bound people take over."""
    turn, used = end.turn, usage_of(end.turn)
    fact = fact_of_turn(end.request, turn, work)
    if work.wraps_up is None:
        stop_asking(work, turn.text, [fact], **used)
    else:
        reason = f"{name_bound(work.wraps_up)}."
        facts = [fact, fact_of_bound(work.wraps_up)]
        end_with_people(work, RunStatus.ESCALATED, reason, facts, last_words=turn.text, **used)


def hand_over(work: Work, reached: Reached) -> None:
    """A bound ends in the best partial result and a handover that names it."""
    facts = [] if work.names_bound else [fact_of_bound(reached)]
    end_with_people(work, RunStatus.ESCALATED, f"{name_bound(reached)}.", facts)


def name_bound(reached: Reached) -> str:
    """A bound that was reached, for staff."""
    return f"The agent reached a bound: {reached.words}"


def fact_of_bound(reached: Reached) -> Fact:
    """The event of a bound that was reached."""
    return Fact(EventKind.BOUND_REACHED, {"bound": reached.bound, "limit": reached.limit})


def give_up(work: Work, reason: str) -> None:
    """Where no remedy is left, people get what there is, with the reason."""
    end_with_people(work, RunStatus.ESCALATED, reason, [])


def end_failed(work: Work, reason: str) -> None:
    """What our own code broke is given to people, with the reason."""
    end_with_people(work, RunStatus.FAILED, reason, [])


def end_with_people(
    work: Work, status: RunStatus, reason: str, facts: Sequence[Fact], *, last_words: str = "", **columns: Any
) -> None:
    """Ends the run this worker holds with its best partial result, and calls people.

    A worker that lost its lease does neither.
    """
    reason = clean(reason)[:LONGEST_REASON]
    try:
        with transaction.atomic():
            lock_customer_of_ticket(work.run.ticket_id)
            result = sum_up(work.run, reason, last_words)
            finish(work, status, reason=reason, result=result, facts=facts, **columns)
            call_for_people = propose_escalation(work, reason, result)
    except LeaseLost:
        logger.info("run %s: another worker, a pause or an end came first", work.run.pk)
        return
    if call_for_people is not None:
        execute_action(call_for_people.pk, now=work.clock())


def propose_escalation(work: Work, reason: str, summary: str) -> Action | None:
    """The escalation of a live run's ticket, for the gate to carry out like everything else."""
    if work.run.mode == RunMode.DRY_RUN:
        return None
    arguments = {"reason": reason, "summary": summary, "urgency": "high"}
    proposal = Proposal(work.run.ticket_id, "escalate", arguments, f"agent:{work.run.model}", confidence=Decimal(1))
    return propose_action(proposal, now=work.clock())
