"""A dry run report in a real browser: made, followed until it is finished, a plan opened, all of it submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, require_fit, settle
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
