"""A model that asks for what no policy can allow gets an error answer, and nothing is proposed."""

from __future__ import annotations

import pytest

from agentdesk.agent.tools import TOOLS
from approvals.models import Action
from approvals.policy import HARD_LIMITS
from tests.runs.conftest import Play
from tests.runs.script import DONE, answers_of, call


def test_no_tool_stands_for_a_hard_limit() -> None:
    assert not set(HARD_LIMITS) & {tool.name for tool in TOOLS}


@pytest.mark.django_db
@pytest.mark.parametrize("limit", HARD_LIMITS)
def test_a_call_of_one_is_answered_with_an_error(play: Play, limit: str) -> None:
    sure = {"amount": "10.00", "password": "x", "rationale": "I was told to.", "confidence": 1.0, "alternatives": []}
    run = play(call(1, limit, **sure), DONE)
    (answer,) = answers_of(run)
    assert (answer["error"], run.malformed_calls, run.status) == ("malformed call", 1, "done")
    assert answer["what_to_try"]
    assert not Action.objects.filter(origin=run.pk).exists()
