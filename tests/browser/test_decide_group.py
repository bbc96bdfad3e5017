"""A manager decides a group by keys: some of it at once, all of it in the background, the odd one only by hand."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, looks, require_fit, require_followed, take_look
from tests.browser.test_not_now import press
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route, WebSocketRoute

    from tests.browser.test_not_now import NewContext

pytestmark = pytest.mark.browser

GROUPS = "/queue/?view=groups"
CROWD = 32
LEFT = CROWD - 3
"""Without the odd one and two others: more than the page's rows of a group, and more than a page waits for."""

QUIET = 10.0
"""Seconds after which a page asks for a bulk that the socket says nothing of."""

TAKEN = re.compile("^(approved|executing|executed)$")
"""As an approved action stands: on a machine that is busy, its grace may be over before anybody looks."""


class Line:
    """The queue's socket, which the test can cut and mend."""

    def __init__(self) -> None:
        self.is_up = True
        self.routes: list[WebSocketRoute] = []

    def take(self, route: WebSocketRoute) -> None:
        """The page wants a line."""
        self.routes.append(route)
        if self.is_up:
            route.connect_to_server()
        else:
            route.close(code=1012)

    def cut(self) -> None:
        self.is_up = False
        self.routes[-1].close(code=1012)

    def mend(self) -> None:
        self.is_up = True


def group_of(page: Page) -> Locator:
    return page.locator(".group", has=page.get_by_role("heading", name="Change order address"))


def open_groups(page: Page, server: RunningServer) -> Locator:
    enter(page, server, "max")
    page.goto(f"{server.url}{GROUPS}")
    require_followed(page)
    return group_of(page)


def has_status(page: Page, action: str, status: re.Pattern[str]) -> None:
    expect(page.locator(f"#action-{action}")).to_have_attribute("data-status", status)


def test_by_keys_alone(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    actions = stage("crowd", "81", CROWD)["actions"]
    page, odd = browser_page, actions[-1]
    group = open_groups(page, server)
    expect(group.get_by_text("1 left out of the selection")).to_be_visible()
    expect(group.locator(".left-out .action")).to_have_attribute("id", f"action-{odd}")
    expect(group.get_by_text("confidence 0.30; the middle one has 0.90")).to_be_visible()

    # Whoever is at work on a ticket is named on each of its rows, also on those that come later.
    whose = page.locator(f"#action-{actions[0]} [data-attention]")
    press(page, f"/tickets/{whose.get_attribute('data-attention')}/claim/")
    expect(whose).to_contain_text("Yours until")

    # Two by `x`, then both at once; the rows answer in place.
    first, second = actions[:2]
    for action in (first, second):
        page.keyboard.press("j")
        expect(page.locator(f"#action-{action}")).to_have_class(re.compile(r"\bcurrent\b"))
        page.keyboard.press("x")
        expect(page.locator(f"#action-{action} .pick input")).to_be_checked()
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_contain_text("2 selected")
    expect(bar).to_contain_text("no money at stake")
    page.keyboard.press("Shift+A")
    expect(page.locator("#undo-bar")).to_contain_text("2 approved.")
    has_status(page, first, TAKEN)
    expect(bar).to_be_hidden()

    # All of the group, also what is not on the page; the odd one is not among them.
    group.get_by_role("button", name=f"Select all {CROWD - 1}").press("Enter")
    expect(bar).to_contain_text(f"{LEFT} selected")
    group.get_by_role("link", name=re.compile("Show more of")).press("Enter")
    last = page.locator(f"#action-{actions[-2]} .pick input")
    expect(last).to_be_checked()
    expect(page.locator(f"#action-{actions[-2]} [data-attention]")).to_contain_text("Yours until")
    expect(page.locator(f"#action-{odd} .pick input")).not_to_be_checked()
    expect(bar).to_contain_text(f"{LEFT} selected")
    page.locator(f"#action-{second} h3").focus()
    page.keyboard.press("Shift+A")
    bulk = page.get_by_role("region", name="Decided together")
    expect(bulk.get_by_role("heading", name=f"Approved {LEFT} of {LEFT}")).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("Approved")
    expect(bar).to_be_hidden()
    expect(page.locator(f"#action-{actions[5]}")).to_have_class(re.compile(r"\bgone\b"))

    # The odd one, by hand.
    has_status(page, odd, re.compile("^waiting$"))
    page.locator(f"#action-{odd} h3").focus()
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 selected")
    page.keyboard.press("Shift+A")
    has_status(page, odd, TAKEN)


@pytest.mark.prove
def test_what_happened_while_the_line_was_cut_is_told(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    line, page = Line(), browser_page
    page.route_web_socket(re.compile("/ws/queue/"), line.take)
    actions = stage("crowd", "83", CROWD)["actions"]
    group = open_groups(page, server)
    line.cut()
    expect(page.get_by_text("Not connected.")).to_be_visible()
    group.get_by_role("button", name="Select all").click()
    kept = page.locator(f"#action-{actions[0]} .pick input")
    expect(kept).to_be_checked()
    kept.uncheck()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Approve selected").click()
    bulk = page.get_by_role("region", name="Decided together")
    expect(bulk.locator("progress")).to_be_attached()
    stage("decide", actions[0], "rita", "approve")
    new = stage("batch", "88")["actions"]
    line.mend()
    expect(page.get_by_text("Not connected.")).to_be_hidden()
    first = page.locator(f"#action-{actions[0]}")
    expect(first).to_have_class(re.compile(r"\bgone\b"))
    expect(first).to_contain_text("Rita approved this")
    expect(bulk.get_by_role("heading", name=re.compile(r"^Approved (\d+) of \1$"))).to_be_visible()
    expect(page.locator("#new-bar")).to_contain_text(f"Show {len(new)} new")


@pytest.mark.prove
def test_a_bulk_is_followed_by_the_socket_alone(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    stage("crowd", "84", CROWD)
    page, begun = browser_page, time.monotonic()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/queue/bulks/" in request.url else None)
    group = open_groups(page, server)
    group.get_by_role("button", name="Select all").click()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Approve selected").click()
    bulk = page.get_by_role("region", name="Decided together")
    expect(bulk.get_by_role("heading", name=re.compile(r"^Approved \d+ of \d+$"))).to_be_visible()
    assert len(asked) <= 1 + (time.monotonic() - begun) // QUIET


@pytest.mark.prove
@pytest.mark.parametrize("is_lost", [False, True])
def test_the_next_row_has_the_focus_before_the_answer(
    new_context: NewContext, server: RunningServer, stage: Stage, is_lost: bool
) -> None:
    """And the decided one has it again where there is no answer."""
    stage("crowd", "86" if is_lost else "85", 3)
    page = new_context().new_page()
    open_groups(page, server)
    held: list[Route] = []
    page.route("**/queue/decide/", lambda route: held.append(route), times=1)
    page.keyboard.press("j")
    first, second = (page.locator(".action").nth(place) for place in (0, 1))
    expect(first.locator("h3")).to_be_focused()
    page.keyboard.press("a")
    expect(second.locator("h3")).to_be_focused()
    expect(first).to_have_attribute("aria-busy", "true")
    expect(first).to_have_attribute("data-status", "waiting")
    if is_lost:
        held[0].abort()
        expect(first.locator("h3")).to_be_focused()
    else:
        held[0].continue_()
        expect(first).to_have_attribute("data-status", TAKEN)
        expect(second.locator("h3")).to_be_focused()
    expect(first).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize(("theme", "width"), looks(("light", 360)))
def test_groups_and_bulks_are_fit(
    browser_page: Page, server: RunningServer, stage: Stage, theme: str, width: int
) -> None:
    stage("crowd", f"82{width}{len(theme)}", CROWD)
    page = browser_page
    take_look(page, theme, width)
    group = open_groups(page, server)
    expect(group.locator(".left-out .action").first).to_be_attached()
    require_fit(page)
    group.get_by_role("button", name="Select all").click()
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_be_visible()
    require_fit(page)
    bar.get_by_text("Reject selected").first.click()
    bar.get_by_label("Against our rules").check()
    require_fit(page)
    bar.get_by_role("button", name="Approve selected").click()
    bulk = page.get_by_role("region", name="Decided together").first
    expect(bulk.get_by_role("heading", name=re.compile(r"^Approved \d+ of \d+$"))).to_be_visible()
    require_fit(page)
    bulk.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Decided together", level=1)).to_be_visible()
    require_fit(page)


@pytest.mark.prove
def test_many_are_rejected_with_a_reason(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    """The last of this file: what resembles a rejected one stands out from then on."""
    actions = stage("crowd", "89", CROWD)["actions"]
    page = browser_page
    open_groups(page, server).get_by_role("button", name="Select all").click()
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_text("Reject selected").first.click()
    bar.get_by_label("Against our rules").check()
    bar.get_by_role("button", name="Reject selected").click()
    bulk = page.get_by_role("region", name="Decided together")
    expect(bulk.get_by_role("heading", name=re.compile(r"^Rejected \d+ of \d+$"))).to_be_visible()
    expect(bulk).to_contain_text("Against our rules")
    has_status(page, actions[-1], re.compile("^waiting$"))
