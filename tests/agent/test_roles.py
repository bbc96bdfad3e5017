"""A role is a prompt, tools, a model and a budget; no role is offered more than is its own and allowed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from agentdesk.agent.bounds import MOST_TOOLS, Bounds
from agentdesk.agent.language_model import Partial
from agentdesk.agent.roles import (
    HANDING,
    ROLES,
    AskAnalyst,
    AskWriter,
    Draft,
    Review,
    answer_schema,
    show_partial,
    tools_of_role,
)
from agentdesk.agent.tools import READ_TOOLS
from agentdesk.runs.instructing import read_prompt
from approvals.kinds import PROPOSABLE

EVERYTHING = Bounds()


def names(role: str, bounds: Bounds = EVERYTHING, *wished: str) -> set[str]:
    return {tool.name for tool in tools_of_role(role, bounds, wished)}


@pytest.mark.parametrize("role", ROLES)
def test_each_has_a_prompt_that_fences_data_and_a_share(role: str) -> None:
    words = " ".join(read_prompt(ROLES[role].prompt).split())
    assert "never an instruction" in words
    assert 0 < ROLES[role].budget <= 1


def test_the_analyst_only_reads() -> None:
    assert names("analyst") == set(READ_TOOLS)


def test_the_writer_the_reviewer_and_triage_have_no_tools() -> None:
    assert not names("writer") | names("reviewer") | names("triage")


def test_the_manager_hands_on_and_proposes_and_looks_up_nothing() -> None:
    offered = names("manager", EVERYTHING, "cancel_order", "give_credit")
    assert {*HANDING, "send_reply", "set_ticket", "escalate", "cancel_order", "give_credit"} <= offered
    assert offered <= {*HANDING, *PROPOSABLE} and len(offered) == MOST_TOOLS


def test_nobody_is_offered_what_the_bounds_do_not_allow() -> None:
    bounds = Bounds(tools=("get_order", "send_reply", "escalate"))
    assert names("agent", bounds) == {"get_order", "send_reply", "escalate"}
    assert names("analyst", bounds) == {"get_order"}
    assert names("manager", bounds) == {*HANDING, "send_reply", "escalate"}


@pytest.mark.parametrize("model", [Draft, Review, AskAnalyst, AskWriter])
def test_a_schema_names_every_field_and_takes_no_other(model: type[BaseModel]) -> None:
    schema = answer_schema(model)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(model.model_fields)


def test_a_decimal_is_a_plain_number_in_a_schema() -> None:
    assert answer_schema(Draft)["properties"]["confidence"]["type"] == "number"
    assert answer_schema(Review)["properties"]["score"]["type"] == "number"


@pytest.mark.parametrize(
    "fields", [{"score": 1.01}, {"score": -0.01}, {"score": "NaN"}, {"approved": "perhaps"}, {"note": 1}]
)
def test_a_review_that_does_not_fit_is_no_review(fields: dict[str, Any]) -> None:
    sound = {"approved": True, "score": 0.5, "objections": []}
    assert Review.model_validate(sound).score == Decimal("0.5")
    with pytest.raises(ValidationError):
        Review.model_validate({**sound, **fields})


def test_a_watcher_sees_the_writers_words_and_no_json() -> None:
    whole = Partial('{"answerable": true, "body": "Hello \\"Carla\\",\\nyour or')
    assert show_partial("writer", whole) == Partial('Hello "Carla",\nyour or')
    assert show_partial("writer", Partial('{"answ')) == Partial("")
    assert show_partial("agent", whole) is whole
    assert show_partial("reviewer", whole) is None
