"""A model under a provider's kind of name that plays every role by a script of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agentdesk.agent.language_model import UNHURRIED, CallLimits, Request, Turn
from agentdesk.agent.roles import ROLES
from agentdesk.agent.scripted import ScriptedModel, ScriptedTurn
from agentdesk.runs.instructing import read_prompt

NAME = "scripted:troupe"
REPLY = "Hello Carla, a refund to a gift card is there at once. Kind regards"
CITED = {"source": "article:refunds@1", "quote": "A refund to a gift card is there at once."}


class Troupe:
    """A `LanguageModel`: the prompt tells the role, and each role has its script. `asked` keeps the roles' names."""

    def __init__(self, name: str = NAME, **scripts: Sequence[ScriptedTurn]) -> None:
        self.asked: list[str] = []
        self.requests: list[Request] = []
        self._name = name
        self._scripts: Mapping[str, ScriptedModel] = {
            role: ScriptedModel(turns, name) for role, turns in scripts.items()
        }

    @property
    def name(self) -> str:
        """How the model is labelled wherever it acts."""
        return self._name

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        """The turn of the role that is asked, at its place in the thread."""
        role = next(name for name, role in ROLES.items() if request.system.startswith(read_prompt(role.prompt)))
        self.asked.append(role)
        self.requests.append(request)
        return self._scripts[role].answer(request, limits)


def draft(body: str = REPLY, *citations: Mapping[str, str], **fields: Any) -> Turn:
    """A writer's turn."""
    value = {"answerable": True, "body": body, "citations": list(citations), "confidence": 0.9, "missing": ""}
    return Turn(json.dumps(value | fields))


def review(*objections: str, score: float = 0.9) -> Turn:
    """A reviewer's turn: approval, or objections."""
    return Turn(json.dumps({"approved": not objections, "score": score, "objections": list(objections)}))
