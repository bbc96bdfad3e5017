"""The offline model: a deterministic planner that answers as a language model would, from the transcript alone."""

from __future__ import annotations

from agentdesk.agent.language_model import UNHURRIED, CallLimits, Request, ToolCall, Turn
from agentdesk.agent.offline.case import Case, read_case
from agentdesk.agent.offline.mending import mend
from agentdesk.agent.offline.steps import Step, next_step


class OfflineModel:
    """A `LanguageModel` without a model: words to wishes to look-ups to proposals, each turn worked out anew.

    It keeps nothing between turns, knows no clock and rolls no dice: the same transcript gives the same turn.
    """

    @property
    def name(self) -> str:
        """How the model is labelled wherever it acts."""
        return "offline"

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        """The next turn. Raises: ModelFailed where the transcript does not begin with a ticket."""
        case = read_case(request)
        return as_turn(mend(case) if case.rounds else next_step(case), case)


def as_turn(step: Step, case: Case) -> Turn:
    """A step as a turn, its calls numbered through the run."""
    calls = tuple(
        ToolCall(f"call_{case.calls_made + number}", name, arguments)
        for number, (name, arguments) in enumerate(step.calls, start=1)
        if name in case.tools
    )
    return Turn(text=step.text, tool_calls=calls)
