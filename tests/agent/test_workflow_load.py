"""Workflows are checked before anything runs them: what cannot work is refused, and the refusal names the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agentdesk.agent.bounds import WAYS
from agentdesk.agent.roles import ROLES
from agentdesk.agent.workflows import WORKFLOWS, WorkflowInvalid, load_workflow
from agentdesk.agent.workflows.checking import check_workflow
from agentdesk.agent.workflows.definition import Ending, Step, StepKind, Workflow, version_of
from agentdesk.agent.workflows.functions import DECISIONS, TABLES, outcomes_of

ENDS = {"done": Ending.DONE, "failed": Ending.LOOP}


def act(name: str, does: str = "list_orders", **branches: str) -> Step:
    return Step(name, StepKind.ACTION, does, "Look", {**ENDS, **branches})


def ask(name: str, branches: Mapping[str, str]) -> Step:
    return Step(name, StepKind.CONDITION, "order_is_clear", "Is it clear?", branches)


def refusal(*steps: Step) -> str:
    with pytest.raises(WorkflowInvalid) as refused:
        load_workflow("tried", "Tried", steps)
    return str(refused.value)


def test_a_sound_one_loads_under_its_version() -> None:
    workflow = load_workflow("tried", "Tried", [act("look", done="ask"), ask("ask", {"yes": "done", "no": "people"})])
    assert workflow.version == version_of(workflow) and len(workflow.version) == 12
    assert [step.name for step in workflow.steps] == ["look", "ask"]


def test_an_unknown_next_is_refused() -> None:
    assert refusal(act("look", done="nowhere")) == (
        "The workflow tried, step look: the branch done leads to nowhere, which is unknown."
    )


def test_a_missing_branch_is_refused() -> None:
    assert refusal(ask("ask", {"yes": Ending.DONE})) == "The workflow tried, step ask: the branch no is missing."


def test_a_branch_that_never_comes_is_refused() -> None:
    assert "never comes to perhaps" in refusal(ask("ask", {"yes": "done", "no": "done", "perhaps": "done"}))


def test_an_unreachable_step_is_refused() -> None:
    assert refusal(act("look"), act("idle")) == "The workflow tried, step idle: no branch leads to it."


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ([act("look", done="look")], "look → look"),
        ([act("look", done="again"), act("again", done="look")], "look → again → look"),
        ([act("look", done="a"), act("a", done="b"), act("b", failed="a")], "a → b → a"),
    ],
)
def test_a_cycle_is_refused_because_nothing_would_end_it(steps: list[Step], way: str) -> None:
    assert way in refusal(*steps)


def test_an_unknown_function_is_refused() -> None:
    assert refusal(act("look", "guess")) == "The workflow tried, step look: there is no action named guess."
    decides = Step("draft", StepKind.DECISION, "list_orders", "Draft", {"fits": "done", "unfit": "loop"})
    assert refusal(decides) == "The workflow tried, step draft: there is no AI decision named list_orders."


def test_two_steps_of_one_name_are_refused() -> None:
    assert "2 steps have this name" in refusal(act("look"), act("look"))


@pytest.mark.parametrize("name", ["", "done", "loop", "people"])
def test_a_name_that_means_something_else_is_refused(name: str) -> None:
    assert "cannot be a step's name" in refusal(act(name))


def test_a_workflow_without_steps_is_refused() -> None:
    assert "has no steps" in refusal()


def test_its_version_changes_with_every_word() -> None:
    shipped = WORKFLOWS["order_status"]
    first, *rest = shipped.steps
    for other in (
        replace(shipped, title="Another title"),
        replace(shipped, steps=(replace(first, title="Another title"), *rest)),
        replace(shipped, steps=(replace(first, next={**first.next, "failed": "people"}), *rest)),
        replace(shipped, steps=(*rest, first)),
    ):
        assert version_of(other) != shipped.version


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=str)
def test_those_that_ship_are_sound_and_say_so_in_sentences(workflow: Workflow) -> None:
    check_workflow(workflow)
    for step in workflow.steps:
        assert step.title[0].isupper() and not step.title.endswith(".")
        assert set(step.next) == set(outcomes_of(step))


def test_every_function_is_used_and_every_default_way_ships() -> None:
    used = {(step.kind, step.does) for workflow in WORKFLOWS.values() for step in workflow.steps}
    assert used == {(kind, name) for kind, table in TABLES.items() for name in table}
    assert set(WAYS.values()) <= WORKFLOWS.keys()
    assert {decision.role for decision in DECISIONS.values()} <= ROLES.keys()


def test_only_escalating_asks_no_model() -> None:
    assert [name for name, workflow in WORKFLOWS.items() if not workflow.asks_model] == ["escalate"]
