"""The page that draws the workflows: every step and branch, drawn and listed, with how often runs took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from playwright.sync_api import expect
from pytest_django import DjangoAssertNumQueries

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.agent.workflows import WORKFLOWS, load_workflow
from agentdesk.agent.workflows.definition import Ending, Step, StepKind, Workflow
from agentdesk.pages.workflow_drawing import EXIT_HEIGHT, WIDTH, Drawing, draw_workflow
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from tests.browser.conftest import enter, looks, require_fit, take_look
from tests.running_server import RunningServer
from tickets.models import Customer, Person
from tickets.operations import Letter, open_ticket

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATH = "/agent/workflows/"


@pytest.fixture
def as_rita(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


def call_people(carla: Customer) -> None:
    ticket, *_ = open_ticket(Letter(carla.email, "Law", "My lawyer will hear of this."), now=timezone.now())
    advance_run(Run.objects.get(ticket=ticket).pk, model=ScriptedModel([]))


def test_it_shows_every_workflow_with_its_version(as_rita: Client) -> None:
    page = as_rita.get(PATH).content.decode()
    for workflow in WORKFLOWS.values():
        assert workflow.title in page and workflow.version in page
        assert all(escape(step.title) in page for step in workflow.steps)


def test_it_counts_the_branches_that_runs_took(as_rita: Client, carla: Customer) -> None:
    assert "done · 0" in as_rita.get(PATH).content.decode()
    call_people(carla)
    shown = {one.workflow.name: one for one in as_rita.get(PATH).context["shown"]}
    assert shown["escalate"].runs == 1 and shown["order_status"].runs == 0
    (_, branches) = shown["escalate"].steps[0]
    assert [(branch.outcome, branch.count) for branch in branches] == [("done", 1), ("failed", 0)]


def test_it_says_which_tickets_take_which_way(as_rita: Client) -> None:
    shown = {one.workflow.name: one.categories for one in as_rita.get(PATH).context["shown"]}
    assert shown["answer_from_knowledge"] == ("Question the articles answer",)


def test_the_number_of_queries_is_fixed(
    as_rita: Client, carla: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        call_people(carla)
    with django_assert_max_num_queries(16):
        as_rita.get(PATH)


@pytest.mark.parametrize("who", ["max_", "ada", "auditor"])
def test_all_of_staff_may_look(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(PATH).status_code == 200


@pytest.mark.django_db
def test_nobody_else_may(client: Client) -> None:
    assert client.get(PATH).status_code == 302


# --- The drawing ---


def test_nothing_in_a_drawing_overlaps_and_every_branch_is_there() -> None:
    for workflow in WORKFLOWS.values():
        drawing = draw_workflow(workflow, {})
        require_apart(drawing)
        drawn = [arrow.outcome for arrow in drawing.arrows] + [one.outcome for one in drawing.exits]
        assert len(drawn) == sum(len(step.next) for step in workflow.steps)


def require_apart(drawing: Drawing) -> None:
    for above, below in zip(drawing.boxes, drawing.boxes[1:], strict=False):
        assert above.bottom < below.top
    for number, one in enumerate(drawing.exits[1:]):
        assert drawing.exits[number].top + EXIT_HEIGHT <= one.top
    for box in drawing.boxes:
        assert all(len(line) * 7 <= WIDTH for _, line in box.lines)
    assert drawing.height > drawing.boxes[-1].bottom


def test_a_branch_past_other_steps_goes_along_the_margin() -> None:
    drawing = draw_workflow(skipping(), {("first", "no"): 3})
    (past,) = [arrow for arrow in drawing.arrows if "C" in arrow.line]
    assert (past.outcome, past.count) == ("no", 3)


def skipping() -> Workflow:
    """The first step's `no` leads past the second."""
    acts = {"done": "third", "failed": Ending.PEOPLE}
    return load_workflow(
        "skipping",
        "Skipping",
        [
            Step("first", StepKind.CONDITION, "order_is_clear", "Clear?", {"yes": "second", "no": "third"}),
            Step("second", StepKind.ACTION, "list_orders", "Look", acts),
            Step("third", StepKind.CONDITION, "order_is_clear", "And now?", {"yes": Ending.LOOP, "no": Ending.PEOPLE}),
        ],
    )


# --- In a browser ---


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "width"), looks(("dark", 360)))
def test_it_fits_every_window_in_both_themes(demo: RunningServer, browser_page: Page, theme: str, width: int) -> None:
    page = browser_page
    take_look(page, theme, width)
    enter(page, demo, "rita")
    page.goto(f"{demo.url}{PATH}")
    expect(page.locator("svg.workflow-drawing")).to_have_count(len(WORKFLOWS))
    require_fit(page)
    wide = page.evaluate("Math.max(...[...document.querySelectorAll('.step')].map(step => step.getBBox().width))")
    assert wide <= WIDTH - 2 * 14 - 100, "words run out of a step's box"
