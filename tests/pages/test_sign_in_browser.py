"""The door and the other rooms in a real browser: no console error, nothing for axe to find, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import enter, looks, require_fit, settle, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOMS = (
    "/tickets/?view=all",
    "/policy/?preset=balanced",
    "/policy/versions/1/",
    "/people/",
    "/tokens/",
    "/knowledge/",
    "/knowledge/cancel-an-order/",
    "/knowledge/cancel-an-order/edit/",
    "/sent/",
    "/audit/",
    "/write/",
    "/write/?new=1",
    "/password/",
)


@pytest.mark.parametrize(("theme", "width"), looks(("light", 1280)))
def test_every_other_room_is_fit(demo: RunningServer, browser_page: Page, theme: str, width: int) -> None:
    walk_through(browser_page, demo, theme, width, ROOMS)


def test_some_rooms_are_fit_in_the_dark_on_a_telephone(demo: RunningServer, browser_page: Page) -> None:
    walk_through(browser_page, demo, "dark", 360, ROOMS[::3])


def walk_through(page: Page, demo: RunningServer, theme: str, width: int, rooms: Sequence[str]) -> None:
    take_look(page, theme, width)
    page.goto(f"{demo.url}/sign-in/")
    require_fit(page)
    enter(page, demo, "ada")
    for room in rooms:
        answer = page.goto(f"{demo.url}{room}")
        assert answer is not None
        assert answer.status == 200, room
        require_fit(page)


def test_an_admin_publishes_pauses_and_returns(demo: RunningServer, browser_page: Page) -> None:
    page = browser_page
    enter(page, demo, "ada")
    page.goto(f"{demo.url}/policy/")
    page.locator("#kind-give_credit > summary").click()
    settle(page)
    page.locator('[id="give_credit.max_amount"]').fill("12.50")
    page.get_by_label("Why this change").fill("Small credits")
    publish = page.get_by_role("button", name="Publish as version 2")
    for pressed, words in (
        (publish, "Nothing is published yet."),
        (publish, "Version 2 is in force."),
        (page.get_by_role("button", name="Pause the agent"), "The agent is paused"),
    ):
        pressed.click()
        page.get_by_text(words).wait_for()
        settle(page)
    page.get_by_role("button", name="Resume the agent").click()
    page.get_by_role("button", name="Pause the agent").wait_for()
    settle(page)
    page.get_by_role("link", name="Version 1", exact=True).click()
    page.wait_for_url("**/policy/versions/1/")
    page.get_by_role("button", name="Return to version 1").click()
    page.get_by_text("The rules of version 1 are in force again, as version 5.").wait_for()
    require_fit(page)


def test_support_finds_a_customer_while_typing_and_writes_as_her(demo: RunningServer, browser_page: Page) -> None:
    page = browser_page
    enter(page, demo, "rita")
    expect(page).to_have_url(f"{demo.url}/tickets/")
    page.get_by_role("link", name="Write as a customer").first.click()
    page.wait_for_url("**/write/")
    page.get_by_label("Search customers").press_sequentially("carla brook")
    expect(page.locator("#customers li")).to_have_count(1)
    settle(page)
    page.locator("#customers a").click()
    page.wait_for_url("**/write/?customer=*")
    page.get_by_label("Subject").fill("A new matter of mine")
    page.get_by_label("What they write").fill("Where is my order?")
    page.get_by_role("button", name="Send as the customer").click()
    page.wait_for_url("**/tickets/*/")
    page.goto(f"{demo.url}/tickets/?view=all")
    page.get_by_label("Search tickets").press_sequentially("matter of mine")
    expect(page.locator("#tickets tbody tr")).to_have_count(1)
    expect(page.locator("#tickets tbody")).to_contain_text("A new matter of mine")
    page.keyboard.press("Escape")
    settle(page)
    page.keyboard.press("j")
    expect(page.locator("[data-rows] [data-open]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/*/")


def test_someone_invited_chooses_a_password_first(demo: RunningServer, browser_page: Page) -> None:
    page = browser_page
    enter(page, demo, "ada")
    page.goto(f"{demo.url}/people/")
    page.get_by_label("Username").fill("nina")
    page.get_by_role("button", name="Invite").click()
    secret = page.locator(".secret code").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Password").fill(secret)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/password/")
    require_fit(page)
    page.get_by_label("Current password").fill(secret)
    page.get_by_label("New password", exact=True).fill("a-long-enough-one")
    page.get_by_label("New password, again").fill("a-long-enough-one")
    page.get_by_role("button", name="Save the new password").click()
    page.wait_for_url("**/tickets/")
