"""Two people on one ticket: each is told of the other at once; and one of them puts it off from the list."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, looks, require_fit, require_followed, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    NewContext = Callable[..., BrowserContext]

pytestmark = pytest.mark.browser

KATHMANDU = ZoneInfo("Asia/Kathmandu")
"""5:45 before UTC: no other clock is mistaken for its own."""
TOLD = """async (ticket) => {
  const place = document.querySelector(`[data-attention="${ticket}"]`);
  while (!place.textContent.includes("is at work")) await new Promise((go) => { setTimeout(go, 10); });
  return performance.timeOrigin + performance.now();
}"""
"""When somebody's claim shows on this page, by the machine's clock."""


def seat(new_context: NewContext, server: RunningServer, name: str, path: str, **options: str) -> Page:
    page = new_context(**options).new_page()
    enter(page, server, name)
    page.goto(f"{server.url}{path}")
    require_followed(page)
    return page


def press(page: Page, path: str) -> None:
    """A deed as the page's own form does it."""
    script = """async (path) => {
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
      await fetch(path, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
    }"""
    page.evaluate(script, path)


def test_each_is_told_of_the_other(new_context: NewContext, server: RunningServer, stage: Stage) -> None:
    ticket = stage("batch", "81")["ticket"]
    ritas = seat(new_context, server, "rita", f"/tickets/{ticket}/", timezone_id=KATHMANDU.key)
    maxs = seat(new_context, server, "max", f"/tickets/{ticket}/")
    place = ritas.locator(f'[data-attention="{ticket}"]')
    expect(place).to_have_text("Max is looking")
    press(maxs, f"/tickets/{ticket}/claim/")
    expect(place).to_contain_text("Max is at work")
    expect(ritas.get_by_role("button", name="Claim")).to_be_hidden()
    press(maxs, f"/tickets/{ticket}/release/")
    expect(place).not_to_contain_text("is at work")
    press(maxs, f"/tickets/{ticket}/claim/")
    until = place.locator("time")
    expect(until).to_have_text(re.compile(r"\d\d:\d\d$"))
    at = datetime.fromisoformat(str(until.get_attribute("datetime")))
    expect(until).to_have_text(re.compile(f"{at.astimezone(KATHMANDU):%H:%M}$"))
    maxs.close()
    expect(place).not_to_contain_text("is looking")


@pytest.mark.prove
def test_a_claim_shows_within_a_second(new_context: NewContext, server: RunningServer, stage: Stage) -> None:
    ticket = stage("batch", "86")["ticket"]
    ritas = seat(new_context, server, "rita", f"/tickets/{ticket}/")
    maxs = seat(new_context, server, "max", f"/tickets/{ticket}/")
    place = ritas.locator(f'[data-attention="{ticket}"]')
    seconds = []
    for _ in range(5):
        begun = time.time()
        press(maxs, f"/tickets/{ticket}/claim/")
        seconds.append(ritas.evaluate(TOLD, ticket) / 1000 - begun)
        press(maxs, f"/tickets/{ticket}/release/")
        expect(place).not_to_contain_text("is at work")
    assert median(seconds) < 1.0, seconds


def test_a_key_puts_it_off_and_the_next_one_has_the_focus(
    new_context: NewContext, server: RunningServer, stage: Stage
) -> None:
    scenes = [stage("batch", number) for number in ("82", "83")]
    first, second = (scene["ticket"] for scene in scenes)
    page = seat(new_context, server, "rita", "/queue/")
    row = page.locator(f"#action-{scenes[0]['actions'][1]}")
    row.locator("h3").focus()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Not now: T-{first}")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(row.locator("h3")).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.press("2")
    expect(dialog).to_be_hidden()
    expect(row).to_have_class(re.compile("gone"))
    expect(page.locator(f'[data-attention="{first}"]')).to_contain_text("09:00")
    expect(page.locator("#announcer")).to_contain_text("comes back")
    expect(page.locator(f"#action-{scenes[1]['actions'][0]} h3")).to_be_focused()
    page.reload()
    expect(page.locator(f'[data-attention="{second}"]')).to_be_attached()
    expect(page.locator(f'[data-attention="{first}"]')).to_have_count(0)


@pytest.mark.prove
def test_in_a_group_a_key_puts_off_the_row_s_own_ticket(
    new_context: NewContext, server: RunningServer, stage: Stage
) -> None:
    scenes = [stage("batch", number) for number in ("87", "88")]
    page = seat(new_context, server, "rita", "/queue/?view=groups")
    (row, reply), (other, _) = ([page.locator(f"#action-{name}") for name in one["actions"]] for one in scenes)
    row.locator("h3").focus()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Not now: T-{scenes[0]['ticket']}")
    page.keyboard.press("1")
    expect(dialog).to_be_hidden()
    for gone in (row, reply):
        expect(gone).to_have_class(re.compile("gone"))
        expect(gone.locator("[data-attention]")).to_contain_text("ack")
    expect(page.locator(".action.current:not(.gone) h3")).to_be_focused()
    expect(other).not_to_have_class(re.compile("gone"))
    expect(other.locator("[data-attention]")).to_be_empty()


@pytest.mark.prove
def test_in_a_group_each_is_told_of_the_other(new_context: NewContext, server: RunningServer, stage: Stage) -> None:
    scenes = [stage("batch", number) for number in ("89", "90")]
    ritas, maxs = (seat(new_context, server, name, "/queue/?view=groups") for name in ("rita", "max"))
    mine, other = (ritas.locator(f"#action-{one['actions'][1]} [data-attention]") for one in scenes)
    maxs.locator(f"#action-{scenes[0]['actions'][1]} details.preview > summary").click()
    expect(mine).to_have_text("Max is looking")
    expect(other).to_be_empty()
    press(maxs, f"/tickets/{scenes[0]['ticket']}/claim/")
    expect(mine).to_contain_text("Max is at work")
    late = seat(new_context, server, "ada", "/queue/?view=groups")
    expect(late.locator(f"#action-{scenes[0]['actions'][1]} [data-attention]")).to_contain_text("Max is at work")
    maxs.close()
    expect(mine).not_to_contain_text("is looking")


def test_a_key_goes_to_anything(new_context: NewContext, server: RunningServer, stage: Stage) -> None:
    ticket = stage("batch", "85")["ticket"]
    page = seat(new_context, server, "rita", "/queue/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("searchbox", name="A room, a ticket, an order or a customer")
    expect(field).to_be_focused()
    field.fill("know")
    expect(page.locator("#anything li")).to_have_count(1)
    field.fill("#w7700085")
    expect(page.locator("#anything li a").filter(has_text=f"T-{ticket} ")).to_be_visible()
    field.fill(f"T-{ticket}")
    expect(page.locator("#anything li")).to_have_count(1)
    expect(page.locator("#anything li")).to_contain_text(f"T-{ticket} ")
    field.press("Enter")
    page.wait_for_url(f"**/tickets/{ticket}/")


@pytest.mark.parametrize(("theme", "width"), looks(("dark", 360)))
def test_the_pages_fit(new_context: NewContext, server: RunningServer, stage: Stage, theme: str, width: int) -> None:
    ticket = stage("batch", f"84{width // 10}{len(theme)}")["ticket"]
    page = seat(new_context, server, "max", f"/tickets/{ticket}/")
    take_look(page, theme, width)
    press(page, f"/tickets/{ticket}/claim/")
    for path in (f"/tickets/{ticket}/", "/tickets/", "/people/rights/", f"/tickets/{ticket}/not-now/"):
        page.goto(f"{server.url}{path}")
        require_fit(page)
    page.goto(f"{server.url}/tickets/")
    page.locator("[data-put-off]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    require_fit(page)
