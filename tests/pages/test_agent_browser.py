"""The agent's page in a real browser: fit for both themes, compared in place, published and taken back by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import enter, looks, require_fit, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "width"), looks(("light", 1280)))
def test_its_pages_are_fit(demo: RunningServer, browser_page: Page, theme: str, width: int) -> None:
    page = browser_page
    take_look(page, theme, width)
    for name in ("ada", "rita"):
        page.context.clear_cookies()
        enter(page, demo, name)
        page.goto(f"{demo.url}/agent/")
        page.locator("#tools-question > summary").click()
        page.locator("#prompt-agent > summary").click()
        require_fit(page)
    for address in ("versions/", "versions/0/"):
        page.goto(f"{demo.url}/agent/{address}")
        require_fit(page)


def test_an_admin_compares_publishes_and_returns_by_keyboard(demo: RunningServer, browser_page: Page) -> None:
    page = browser_page
    take_look(page, "dark", 360)
    enter(page, demo, "ada")
    page.goto(f"{demo.url}/agent/")
    page.get_by_role("textbox", name="Guidance").fill("Say hello first.")
    page.get_by_label("Steps: Return or exchange").fill("0")
    page.get_by_role("button", name="Show the changes").press("Enter")
    page.get_by_text("Nothing was published.").wait_for()
    page.get_by_label("Steps: Return or exchange").fill("12")
    page.get_by_role("button", name="Show the changes").press("Enter")
    page.locator("#would-change ins", has_text="12").wait_for()
    page.locator("#would-change ins", has_text="Say hello first.").wait_for()
    require_fit(page)
    page.get_by_label("Why this change").fill("A friendlier start")
    page.get_by_role("button", name="Publish as version 1").press("Enter")
    page.get_by_text("Version 1 is in force.").wait_for()
    page.get_by_role("link", name="All versions").press("Enter")
    page.wait_for_url("**/agent/versions/")
    page.goto(f"{demo.url}/agent/versions/0/")
    page.get_by_role("button", name="Return to version 0").press("Enter")
    page.get_by_text("is in force again, as version 2.").wait_for()
    require_fit(page)
