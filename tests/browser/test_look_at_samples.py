"""Somebody on staff looks at what ran by itself, one key each, and an admin reads a kind's record where it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, looks, require_fit, settle, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_key_for_each_and_the_next_one_opens(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    page, drawn = browser_page, stage("samples", "71")["samples"]
    enter(page, server, "rita")
    page.goto(f"{server.url}/audits/")
    require_fit(page)
    page.keyboard.press("1")
    expect(page.get_by_text("Noted: right.")).to_be_visible()
    expect(page.locator("[data-findings]")).to_have_attribute("action", f"/audits/{drawn[1]}/find/")
    settle(page)
    page.get_by_label("Note", exact=True).press_sequentially("1")
    expect(page.get_by_label("Note", exact=True)).to_have_value("1")
    expect(page.locator("[data-findings]")).to_have_attribute("action", f"/audits/{drawn[1]}/find/")
    page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_text("Noted: wrong.")).to_be_visible()
    settle(page)
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="Nothing to look at.")).to_be_visible()
    settle(page)
    page.goto(f"{server.url}/audits/found/")
    expect(page.locator("tbody tr")).to_have_count(3)
    require_fit(page)


@pytest.mark.parametrize(("theme", "width"), looks(("light", 1280)))
def test_the_record_opens_where_the_policy_is_set(
    browser_page: Page, server: RunningServer, theme: str, width: int
) -> None:
    page = browser_page
    take_look(page, theme, width)
    enter(page, server, "ada")
    page.goto(f"{server.url}/policy/")
    kind = page.locator("#kind-return_items")
    kind.locator("summary").first.click()
    settle(page)
    kind.locator(".record > summary").click()
    expect(kind.get_by_text("stated confidence against what came of it")).to_be_visible()
    require_fit(page)
