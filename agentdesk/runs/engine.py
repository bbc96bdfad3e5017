"""The engine: takes a run under a lease, drives the loop, and stores each turn with what it led to.

A turn is stored in one transaction with the proposals it made, so that a killed worker leaves all of a step or none of
it. No transaction is open, and no connection held, while a model answers.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agentdesk.agent.language_model import Entry, LanguageModel, ModelFailed, ModelTurn
from agentdesk.agent.loop import AgendaComplete, Need, Setting, run_loop
from agentdesk.agent.progress import Progress
from agentdesk.runs.answering import answer_left_over
from agentdesk.runs.endings import NO_ANSWER, complete_agenda, end_failed, give_up, hand_over, stop_asking
from agentdesk.runs.hands import at_work
from agentdesk.runs.instructing import setting_of
from agentdesk.runs.leases import release_lease, take_lease
from agentdesk.runs.lifecycle import conclude, lock_run
from agentdesk.runs.log import LeaseLost
from agentdesk.runs.models import Run, RunStatus
from agentdesk.runs.resuming import Past, read_past
from agentdesk.runs.transcript import fold_transcript
from agentdesk.runs.triaging import refine_triage
from agentdesk.runs.turns import take_turn
from agentdesk.runs.work import Clock, GivenUp, OutOfBounds, Paused, Work
from agentdesk.runs.workflow_runs import run_workflow
from approvals.policies import policy_in_force

logger = logging.getLogger(__name__)


def advance_run(
    run_id: UUID,
    *,
    model: LanguageModel | Sequence[LanguageModel] | None = None,
    clock: Clock = timezone.now,
) -> None:
    """Takes a run as far as it goes; safe to call at any time and any number of times.

    A run that is leased to another worker, paused, waiting or over is left alone. `model` is asked instead of those
    the run was started with; several are asked in order.
    """
    with at_work():
        take_forward(run_id, model, clock)


def take_forward(run_id: UUID, model: LanguageModel | Sequence[LanguageModel] | None, clock: Clock) -> None:
    """Takes the lease and drives the run to where it rests."""
    if policy_in_force().is_paused():
        return
    run = take_lease(run_id)
    if run is None:
        settle_waiting(run_id, clock())
        return
    work = Work(run, clock, model)
    try:
        drive(work)
    except LeaseLost:
        logger.info("run %s: another worker, a pause or an end came first", run_id)
    except Paused:
        release_lease(run, working_seconds=work.seconds_worked)
    except OutOfBounds as end:
        hand_over(work, end.reached)
    except GivenUp as end:
        give_up(work, str(end))
    except ModelFailed as failure:
        give_up(work, f"{NO_ANSWER}: {failure}")
    except Exception:
        logger.exception("run %s failed", run_id)
        end_failed(work, "An unexpected error; the log has it.")


def settle_waiting(run_id: UUID, now: datetime) -> None:
    """Concludes a waiting run whose actions are all settled, where the bell for it was lost."""
    if Run.objects.filter(pk=run_id, status=RunStatus.WAITING).exists():
        with transaction.atomic():
            conclude(lock_run(run_id), now=now)


def drive(work: Work) -> None:
    """Goes on from the run's log until the agenda is complete. Raises: whatever else ends a run."""
    transcript = fold_transcript(work.run.pk)
    work.seq = transcript.last_seq
    if transcript.is_complete:
        stop_asking(work, work.run.result, [])
        return
    entries = (*transcript.entries, *answer_left_over(work, transcript))
    if work.run.status != RunStatus.RUNNING:
        return
    past = take_up(work)
    told = work.seq
    if not any(isinstance(entry, ModelTurn) for entry in entries) and comes_to_rest(work):
        return
    if work.seq != told:
        # A workflow that goes no further tells the loop what it did.
        entries = fold_transcript(work.run.pk).entries
    follow(entries, setting_of(work.run, work.bounds, work.names()), past, work)


def comes_to_rest(work: Work) -> bool:
    """Whether a fresh run needs no loop: a workflow brought it to rest. A small model, if there is one, sorts first."""
    if settings.AGENTDESK_SMALL_MODEL:
        refine_triage(work)
    return run_workflow(work, work.bounds.way)


def take_up(work: Work) -> Past:
    """What the log says of the unfit turns and the bounds before this worker. Raises: OutOfBounds."""
    past = read_past(work.run)
    work.unfit[""] = past.unfit
    work.wraps_up = past.wraps_up
    work.names_bound = past.has_wrapped_up
    if past.has_wrapped_up and past.wraps_up is not None:
        raise OutOfBounds(past.wraps_up)
    return past


def follow(entries: tuple[Entry, ...], setting: Setting, past: Past, work: Work) -> None:
    """Gives the loop what it asks for, until the run is at rest."""
    loop: Generator[Need, Any, AgendaComplete] = run_loop(entries, setting, past.standing)
    progress = Progress(entries)
    need = next(loop)
    while work.run.status == RunStatus.RUNNING:
        try:
            need = loop.send(take_turn(need, progress, work))
        except StopIteration as stop:
            complete_agenda(work, stop.value)
            return
