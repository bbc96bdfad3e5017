"""The policy page in a real browser: a kind opened in place, changes counted, published with a second admin's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import looks, require_fit, settle, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TWO_ADMINS = """
from tickets.models import Person
for name in ("ada", "eve"):
    Person.objects.create_user(name, password=f"{name}-is-an-admin", first_name=name.title(), role="admin")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One desk for all of these, with two admins and no work."""
    running = RunningServer.start(tmp_path_factory.mktemp("desk"), {})
    running.manage("shell", "-c", TWO_ADMINS)
    yield running
    running.stop()


def come_in(page: Page, server: RunningServer, name: str) -> None:
    """Signs in by password, to the policy."""
    page.context.clear_cookies()
    page.goto(f"{server.url}/sign-in/?next=/policy/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(f"{name}-is-an-admin")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/policy/")


@pytest.mark.parametrize(("theme", "width"), looks(("dark", 360)))
def test_its_pages_are_fit(server: RunningServer, browser_page: Page, theme: str, width: int) -> None:
    page = browser_page
    take_look(page, theme, width)
    come_in(page, server, "ada")
    for address in ("?preset=balanced", "versions/", "shadow/send_reply/"):
        page.goto(f"{server.url}/policy/{address}")
        if page.locator("#kind-return_items").count():
            page.locator("#kind-return_items > summary").click()
        require_fit(page)


def test_what_loosens_is_counted_shown_and_published_by_two(server: RunningServer, browser_page: Page) -> None:
    from playwright.sync_api import expect

    page = browser_page
    take_look(page, "light", 1280)
    come_in(page, server, "ada")
    count = page.locator("[data-changes]")
    expect(count).to_have_text("No change")
    page.get_by_label("What loosens takes a second admin").check()
    expect(count).to_have_text("1 change")
    page.get_by_label("Why this change").fill("Two of us")
    page.get_by_role("button", name="Publish as version 2").click()
    expect(page.locator("#would-change")).to_contain_text("Nothing is published yet")
    settle(page)
    page.get_by_role("button", name="Publish as version 2").click()
    page.get_by_text("Version 2 is in force.").wait_for()
    settle(page)

    kind = page.locator("#kind-send_reply")
    kind.locator("summary").first.click()
    settle(page)
    kind.get_by_label("All tickets: Rung").select_option("auto")
    settle(page)
    kind.get_by_role("textbox", name="Least confidence").fill("0.9")
    expect(count).to_have_text("2 changes")
    expect(kind.locator("[data-changed]")).to_have_text("2 changes")
    settle(page)
    kind.get_by_label("All tickets: Rung").select_option("review")
    expect(count).to_have_text("1 change")
    settle(page)
    kind.get_by_label("All tickets: Rung").select_option("auto")
    settle(page)
    page.get_by_role("button", name="What it would do").click()
    expect(page.locator("#would-change")).to_contain_text("once another admin says so too")
    require_fit(page)
    page.get_by_label("Why this change").fill("Sure replies leave by themselves")
    settle(page)
    page.get_by_role("button", name="Publish as version 3").click()
    page.get_by_text("it waits for another admin").wait_for()
    settle(page)

    come_in(page, server, "eve")
    page.get_by_role("link", name="Look at it").click()
    page.get_by_role("button", name="Publish as version 3").wait_for()
    require_fit(page)
    page.get_by_role("button", name="Publish as version 3").click()
    page.get_by_text("Version 3 is in force.").wait_for()
    settle(page)
    page.goto(f"{server.url}/policy/versions/3/")
    expect(page.locator("main")).to_contain_text("Eve said so too")
