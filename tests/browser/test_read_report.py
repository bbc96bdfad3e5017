"""A dry run report in a real browser: made, followed until it is finished, a plan opened, all of it submitted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, play, require_fit, settle
from tests.browser.test_follow_after_cut import NEXT_LINE, start_again
from tests.running_server import RunningServer, find_steady_port

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def test_it_is_made_followed_opened_and_submitted(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    page, ticket = browser_page, stage("batch", "91", "Please cancel it")["ticket"]
    enter(page, server, "Max")
    page.goto(f"{server.url}/reports/")
    page.get_by_text("New report").click()
    require_fit(page)
    page.get_by_role("button", name="Make the report").click()
    # It may be finished before its page is there; else the socket says so, and offers to show it.
    page.locator("#report-state[data-finished]").wait_for()
    if not page.locator(".report-row").count():
        page.get_by_role("link", name="Show it as it is now").click()
    settle(page)
    row = page.locator(".report-row").filter(has=page.get_by_role("link", name=f"T-{ticket}", exact=True))
    page.keyboard.press("j")
    expect(row.get_by_role("link", name=f"T-{ticket}", exact=True)).to_be_focused()
    row.get_by_text("Open the plan").click()
    expect(row.locator(".plan-step").first).to_contain_text("It would")
    require_fit(page)
    page.set_viewport_size({"width": 360, "height": 800})
    require_fit(page)
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit the chosen for approval").click()
    expect(page.locator("[data-submission][data-finished]")).to_contain_text("of 1 plan submitted for approval")
    expect(row.locator(".came strong")).to_be_visible()
    require_fit(page)


def make_report(page: Page, desk: RunningServer) -> str:
    """A report over all there is, finished; its address."""
    page.goto(f"{desk.url}/reports/")
    page.get_by_text("New report").click()
    page.get_by_role("button", name="Make the report").click()
    page.locator("#report-state[data-finished]").wait_for()
    return page.url


def test_after_a_cut_it_says_what_was_submitted_meanwhile(
    page: Page, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    desk = RunningServer.start(tmp_path, {"DEMO": "1"}, port=find_steady_port())
    try:
        play(desk, "people")
        play(desk, "batch", "92", "Please cancel it")
        enter(page, desk, "Max")
        address = make_report(page, desk)
        page.goto(address)
        other = new_context().new_page()
        enter(other, desk, "Rita")
        other.goto(address)
        desk.kill()
        page.get_by_text("Not connected.").wait_for()
        start_again(desk)
        other.get_by_role("button", name="Submit all for approval").click()
        page.locator("[data-submission][data-finished]").wait_for(timeout=NEXT_LINE)
        expect(page.get_by_text("Not connected.")).to_be_hidden()
        expect(page.locator(".came strong")).to_have_count(1)
        expect(page.get_by_role("link", name="Show it as it is now")).to_be_visible()
    finally:
        desk.stop()
