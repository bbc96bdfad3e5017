"""What can fail in a run, and what comes next: one table, and one function that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Failure(StrEnum):
    """What failed."""

    TURN_UNREADABLE = "turn_unreadable"
    TURN_INVALID = "turn_invalid"
    TURN_EMPTY = "turn_empty"
    TURN_CUT = "turn_cut"
    TURN_REFUSED = "turn_refused"
    TOO_MANY_CALLS = "too_many_calls"
    PROVIDER_BUSY = "provider_busy"
    PROVIDER_DOWN = "provider_down"
    PROVIDER_SLOW = "provider_slow"
    PROVIDER_REJECTS = "provider_rejects"
    PROVIDER_GARBLED = "provider_garbled"
    TOOL_TIMED_OUT = "tool_timed_out"
    TOOL_FAILED = "tool_failed"
    TOOL_GARBLED = "tool_garbled"
    CALL_REPEATED = "call_repeated"
    ASSUMPTION_BROKEN = "assumption_broken"
    DRAFT_REFUSED = "draft_refused"
    BOUND_REACHED = "bound_reached"
    NO_PROGRESS = "no_progress"


class Recovery(StrEnum):
    """What may be done about it: a closed set."""

    RETRY = "retry"
    OTHER_TOOL = "other_tool"
    ASK_CUSTOMER = "ask_customer"
    PARTIAL = "partial"
    ESCALATE = "escalate"


@dataclass(frozen=True)
class Remedy:
    """One rung: what to do, and how, in words for staff."""

    recovery: Recovery
    how: str


WITH_ERROR = Remedy(Recovery.RETRY, "again, with the error, at temperature 0 where the API has one")
SIMPLIFIED = Remedy(Recovery.RETRY, "again, with a simplified prompt")
TO_PEOPLE = Remedy(Recovery.ESCALATE, "to people, with the context")
NEXT_MODEL = Remedy(Recovery.RETRY, "with the next model")
TOOL_AGAIN = Remedy(Recovery.RETRY, "the same tool again, after a pause")
ANOTHER_TOOL = Remedy(Recovery.OTHER_TOOL, "the model is told what was wrong and what to try")
BEST_PARTIAL = Remedy(Recovery.PARTIAL, "the best partial result, and a handover")

TURN_LADDER = (WITH_ERROR, SIMPLIFIED, TO_PEOPLE)
PROVIDER_LADDER = (NEXT_MODEL, TO_PEOPLE)
REMEDIES: Mapping[Failure, tuple[Remedy, ...]] = {
    Failure.TURN_UNREADABLE: TURN_LADDER,
    Failure.TURN_INVALID: TURN_LADDER,
    Failure.TURN_EMPTY: TURN_LADDER,
    Failure.TURN_CUT: TURN_LADDER,
    Failure.TOO_MANY_CALLS: TURN_LADDER,
    Failure.TURN_REFUSED: (TO_PEOPLE,),
    Failure.PROVIDER_BUSY: PROVIDER_LADDER,
    Failure.PROVIDER_DOWN: PROVIDER_LADDER,
    Failure.PROVIDER_SLOW: PROVIDER_LADDER,
    Failure.PROVIDER_REJECTS: PROVIDER_LADDER,
    Failure.PROVIDER_GARBLED: PROVIDER_LADDER,
    Failure.TOOL_TIMED_OUT: (TOOL_AGAIN, TOOL_AGAIN, ANOTHER_TOOL),
    Failure.TOOL_FAILED: (TOOL_AGAIN, TOOL_AGAIN, ANOTHER_TOOL),
    Failure.TOOL_GARBLED: (ANOTHER_TOOL,),
    Failure.CALL_REPEATED: (ANOTHER_TOOL,),
    Failure.ASSUMPTION_BROKEN: (ANOTHER_TOOL,),
    Failure.DRAFT_REFUSED: (WITH_ERROR, WITH_ERROR, TO_PEOPLE),
    Failure.BOUND_REACHED: (BEST_PARTIAL,),
    Failure.NO_PROGRESS: (BEST_PARTIAL,),
}


LAST_RUNG = max(map(len, REMEDIES.values()))
"""As `times`: nothing before the last rung is left to try."""
MALFORMED = frozenset(failure for failure, ladder in REMEDIES.items() if ladder is TURN_LADDER)
"""The failures that make a turn count as malformed."""
TURN_FAILURES = MALFORMED | {Failure.TURN_REFUSED}
"""What is wrong with a turn and not with its provider: another model is not asked for it."""


def choose_remedy(failure: Failure, times: int) -> Remedy:
    """What comes next after a failure that has now happened `times` times in a row, from 1; the last rung lasts."""
    ladder = REMEDIES[failure]
    return ladder[min(times, len(ladder)) - 1]
