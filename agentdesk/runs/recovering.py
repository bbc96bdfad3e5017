"""The event of a recovery: what failed, what comes next, and what the model is told of it."""

from __future__ import annotations

from typing import Any

from agentdesk.agent.failures import Failure, Recovery, Remedy
from agentdesk.runs.log import Fact
from agentdesk.runs.models import EventKind

TOLD = {
    Failure.TURN_UNREADABLE: "Your last turn could not be read. Say it again: plain text, or well-formed tool calls.",
    Failure.TURN_CUT: "Your last turn was cut off before its end. Say it again, shorter.",
    Failure.TURN_EMPTY: (
        "Your last turn was empty. Call a tool, or, if all is done, end with two or three sentences for your "
        "colleagues."
    ),
}
"""What the model is told where no tool answer can tell it."""


def tell_failure(failure: Failure) -> str:
    """What the model is told of an unfit turn; "" where nothing but the answers to its calls need be said."""
    return TOLD.get(failure, "")


def fact_of_recovery(
    failure: Failure, remedy: Remedy, *, error: str = "", told: str = "", thread: str = "", role: str = "agent"
) -> Fact:
    """What failed and what comes next, for the log; a model that is asked again hears of it."""
    data: dict[str, Any] = {"failure": failure, "recovery": remedy.recovery, "how": remedy.how}
    if thread:
        data["thread"] = thread
    if role != "agent":
        data["role"] = role
    words = {"error": error} if error else {}
    if told and remedy.recovery != Recovery.ESCALATE:
        words["told"] = told
    return Fact(EventKind.RECOVERY_CHOSEN, data, words)
