"""One need of the loop at a time: a model's turn within the bounds, or a turn stored with what it led to."""

from __future__ import annotations

import json

from agentdesk.agent.bounds import Reached, find_reached
from agentdesk.agent.failures import TURN_FAILURES, Failure, Recovery, Remedy, choose_remedy
from agentdesk.agent.language_model import Entry, ModelFailed, ModelTurn, Request, ToolAnswer, Turn, UserTurn
from agentdesk.agent.loop import AnswerCalls, AskModel, HouseWord, Need, is_malformed
from agentdesk.agent.progress import MOST_IDLE_STEPS, Progress
from agentdesk.runs.answering import answer_turn
from agentdesk.runs.asking import ask, fact_of_turn, store_facts, usage_of
from agentdesk.runs.endings import fact_of_bound
from agentdesk.runs.models import RunStatus
from agentdesk.runs.recovering import fact_of_recovery, tell_failure
from agentdesk.runs.work import GivenUp, OutOfBounds, Work

MAIN = ""
"""The main transcript, as a thread."""
WRAP_UP = (
    "You have reached a limit of this run ({bound}). This is your last turn: use it to leave the ticket in good order. "
    "Add a note with what you found and what is left to do, or escalate; propose nothing that is not certain."
)
IDLE = Reached("steps_without_progress", MOST_IDLE_STEPS)


def take_turn(need: Need, progress: Progress, work: Work) -> Turn | HouseWord | tuple[Entry, ...]:
    """What the loop needs. Raises: OutOfBounds, GivenUp, ModelFailed, Paused, LeaseLost."""
    if isinstance(need, AskModel):
        return ask_for_turn(need.request, progress, work)
    told = store_turn(need, work)
    progress.take((ModelTurn(need.turn.text, need.turn.tool_calls), *told))
    return told


def ask_for_turn(request: Request, progress: Progress, work: Work) -> Turn | HouseWord:
    """The model's turn; or the house's word, where a bound is near or the turn was unfit."""
    if work.wraps_up is None and progress.idle_steps >= MOST_IDLE_STEPS:
        return wrap_up(IDLE, Failure.NO_PROGRESS, work)
    try:
        return ask(request, work)
    except OutOfBounds as end:
        return wrap_up(end.reached, Failure.BOUND_REACHED, work)
    except ModelFailed as failed:
        if work.wraps_up is not None:
            raise OutOfBounds(work.wraps_up) from failed
        if failed.failure not in TURN_FAILURES:
            raise
        require_retry(choose_remedy(failed.failure, work.unfit[MAIN]), str(failed))
        return HouseWord(tell_failure(failed.failure), is_unfit=True)


def wrap_up(reached: Reached, failure: Failure, work: Work) -> HouseWord:
    """Gives the agent its one last turn, out of the reserve. Raises: OutOfBounds, where not even that is left."""
    over = find_reached(work.spent, work.bounds, wraps_up=True)
    if work.wraps_up is not None or over is not None or reached.bound == "daily_money":
        raise OutOfBounds(reached)
    told = WRAP_UP.format(bound=reached.words)
    fact = fact_of_recovery(failure, choose_remedy(failure, 1), told=told)
    fact.data.update(bound=reached.bound, limit=reached.limit)
    store_facts(work, [fact])
    work.wraps_up = reached
    return HouseWord(told, wraps_up=True)


def store_turn(need: AnswerCalls, work: Work) -> tuple[Entry, ...]:
    """Stores a turn with the answers to its calls. Raises: OutOfBounds after the last one, GivenUp, LeaseLost."""
    turn, fault = need.turn, need.fault
    facts = [*work.take_pending(), fact_of_turn(need.request, turn, work)]
    remedy = None if fault is None else work.count_unfit(fault, MAIN)
    word = "" if fault is None or turn.tool_calls else tell_failure(fault)
    if fault is not None and remedy is not None:
        facts.append(fact_of_recovery(fault, remedy, told=word))
    if work.wraps_up is not None:
        facts.append(fact_of_bound(work.wraps_up))
        work.names_bound = True
    calls = () if fault == Failure.TURN_REFUSED else turn.tool_calls
    answers = answer_turn(need, work, facts, calls=calls, **usage_of(turn), working_seconds=work.seconds_worked)
    if work.run.status == RunStatus.RUNNING:
        judge_turn(fault, remedy, answers, work)
    return (*answers, UserTurn(word)) if word else answers


def judge_turn(fault: Failure | None, remedy: Remedy | None, answers: tuple[ToolAnswer, ...], work: Work) -> None:
    """Counts a stored turn as sound or unfit. Raises: OutOfBounds, GivenUp."""
    if work.wraps_up is not None:
        raise OutOfBounds(work.wraps_up)
    unfit = [answer for answer in answers if is_malformed(answer)]
    if fault is None and unfit:
        remedy = work.count_unfit(Failure.TURN_INVALID, MAIN)
        work.pending.append(fact_of_recovery(Failure.TURN_INVALID, remedy))
    if remedy is None:
        work.unfit[MAIN] = 0
    else:
        require_retry(remedy, error_in(unfit[0]) if unfit else str(fault).replace("_", " "))


def error_in(answer: ToolAnswer) -> str:
    """What an answer says was wrong."""
    return str(json.loads(answer.content).get("what_was_wrong", ""))


def require_retry(remedy: Remedy, what_was_wrong: str) -> None:
    """Raises: GivenUp, where the table leaves it to people."""
    if remedy.recovery == Recovery.ESCALATE:
        raise GivenUp(f"The model's turns were of no use; what was wrong with the last: {what_was_wrong}")
