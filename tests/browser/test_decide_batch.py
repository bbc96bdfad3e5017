"""Each of the three decides a batch in a real browser, and watches its run go on to the end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, looks, require_fit, require_followed, take_look
from tests.consoles import Console
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Route

    NewContext = Callable[..., BrowserContext]

pytestmark = pytest.mark.browser

UNTIL_SENT = 120_000
"""Milliseconds: the page's 5 s for `z`, a reply's 10 s, and the sweeps between, on a machine that is busy."""

TAKEN = re.compile("^(approved|executing|executed)$")
"""As an approved action stands, be its grace over or not."""
OPEN_WHAT_IS_SHOWN = "all => all.filter((one) => one.checkVisibility()).forEach((one) => { one.open = true; })"


def seqs_on(page: Page) -> list[int]:
    return [int(seq) for seq in page.locator("#timeline > li").evaluate_all("all => all.map(one => one.dataset.seq)")]


@dataclass
class Seat:
    """One person with the queue in one tab and a run in another."""

    queue: Page
    run: Page
    scene: dict[str, Any]
    console: Console
    steps_before: list[int]


def take_seat(new_context: NewContext, server: RunningServer, name: str, scene: dict[str, Any]) -> Seat:
    context = new_context()
    queue, run = context.new_page(), context.new_page()
    console = Console()
    for page in (queue, run):
        console.listen_to(page)
    enter(queue, server, name)
    run.goto(f"{server.url}/runs/{scene['run']}/")
    queue.goto(f"{server.url}/queue/")
    return Seat(queue, run, scene, console, seqs_on(run))


def approve_all(seat: Seat) -> None:
    batch = seat.queue.locator(".batch", has=seat.queue.locator(f"#action-{seat.scene['actions'][0]}"))
    batch.get_by_role("button", name="Approve all 2").click()
    # The bar that says so goes after five seconds, which a busy machine may spend elsewhere; the rows stay.
    for action in seat.scene["actions"]:
        expect(seat.queue.locator(f"#action-{action}")).to_have_attribute("data-status", TAKEN)


def test_each_of_the_three_decides_a_batch_and_its_run_goes_on_live(
    new_context: NewContext, server: RunningServer, stage: Stage
) -> None:
    scenes = {name: stage("batch", number) for name, number in (("rita", "1"), ("max", "2"), ("ada", "3"))}
    seats = [take_seat(new_context, server, name, scene) for name, scene in scenes.items()]
    for seat in seats:
        approve_all(seat)
    for seat in seats:
        seat.run.locator('#run-state[data-status="done"]').wait_for(timeout=UNTIL_SENT)
        expect(seat.run.locator("#run-actions")).to_contain_text("Done")
        after = seqs_on(seat.run)
        assert after == list(range(1, len(after) + 1))
        assert len(after) > len(seat.steps_before)
        assert seat.console.errors == []
        seat.queue.context.close()


def test_by_keys_alone(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    scene, page = stage("batch", "9"), browser_page
    enter(page, server, "max")
    page.goto(f"{server.url}/queue/")
    cancel, reply = (page.locator(f"#action-{action}") for action in scene["actions"])
    walk_to(page, scene["actions"][0])
    expect(cancel.locator("button.approve").first).to_be_disabled()
    page.keyboard.press("p")
    cancel.get_by_text("Can be undone for 30 days").wait_for()
    expect(cancel.locator("button.approve").first).to_be_enabled()
    page.keyboard.press("a")
    expect(reply.locator("h3")).to_be_focused()
    page.keyboard.press("z")
    has_status(cancel, "waiting").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("r")
    cancel.get_by_label("The facts are wrong").wait_for()
    page.keyboard.press("3")
    cancel.get_by_text("Against our rules").wait_for()
    reply.get_by_text("Overtaken").wait_for()
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Keys").wait_for(state="hidden")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/tickets/**")


def walk_to(page: Page, action: str) -> None:
    """Down the rows with `j` to this one."""
    rows = page.locator(".action").evaluate_all("all => all.map((one) => one.id)")
    for _ in range(rows.index(f"action-{action}") + 1):
        page.keyboard.press("j")
    expect(page.locator(f"#action-{action}")).to_have_class(re.compile(r"\bcurrent\b"))


def has_status(row: Locator, status: str) -> Locator:
    """The row once it stands so; its words alone may have stood there before."""
    return row.and_(row.page.locator(f'[data-status="{status}"]'))


def wait_until(page: Page, heard: list[Route]) -> None:
    """Until the browser has been heard of; its events come only while the page is waited for."""
    give_up_at = time.monotonic() + 60
    while not heard:
        assert time.monotonic() < give_up_at
        page.wait_for_timeout(20)


@pytest.mark.prove
def test_keys_typed_while_answers_are_on_their_way_are_not_lost(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    scene, page = stage("batch", "91"), browser_page
    under_way: list[Route] = []
    enter(page, server, "max")
    page.goto(f"{server.url}/queue/")
    cancel, reply = (page.locator(f"#action-{action}") for action in scene["actions"])
    walk_to(page, scene["actions"][0])
    page.keyboard.press("p")
    cancel.get_by_text("Can be undone for 30 days").wait_for()
    expect(cancel.locator("button.approve").first).to_be_enabled()
    page.route("**/queue/decide/", lambda route: under_way.append(route), times=1)
    page.keyboard.press("a")
    wait_until(page, under_way)
    for key in ("z", "k", "r", "3"):
        page.keyboard.press(key)
    under_way[0].continue_()
    has_status(cancel, "rejected").get_by_text("Against our rules").wait_for()
    reply.get_by_text("Overtaken").wait_for()


def test_a_row_that_was_swapped_keeps_the_focus(browser_page: Page, server: RunningServer, stage: Stage) -> None:
    scene, page = stage("batch", "92"), browser_page
    enter(page, server, "max")
    page.goto(f"{server.url}/queue/")
    reply = page.locator(f"#action-{scene['actions'][1]}")
    walk_to(page, scene["actions"][1])
    page.keyboard.press("a")
    has_status(reply, "approved").wait_for()
    reply.get_by_role("button", name="Undo").click()
    has_status(reply, "waiting").wait_for()
    expect(reply.locator("h3")).to_be_focused()


def test_a_reply_is_edited_in_place_and_its_new_preview_comes_back(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    scene, page = stage("batch", "4"), browser_page
    enter(page, server, "rita")
    page.goto(f"{server.url}/queue/")
    reply = page.locator(f"#action-{scene['actions'][1]}")
    reply.locator("details.preview > summary").click()
    reply.get_by_text("Edit", exact=True).click()
    reply.get_by_label("Words", exact=True).fill("Dear Carla,\nit goes to York.")
    reply.get_by_role("button", name="Save and plan anew").click()
    reply.get_by_text("edited by you").wait_for()
    expect(reply.locator(".letter")).to_contain_text("it goes to York.")
    reply.get_by_role("button", name="Approve").click()
    has_status(reply, "approved").get_by_text("by you").wait_for()


def test_what_another_decides_greys_and_what_is_new_is_announced(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    scene, page = stage("batch", "5"), browser_page
    enter(page, server, "rita")
    page.goto(f"{server.url}/queue/")
    row = page.locator(f"#action-{scene['actions'][0]}")
    row.wait_for()
    require_followed(page)
    stage("decide", scene["actions"][0], "max", "approve")
    row.get_by_text("Max approved this").wait_for()
    expect(row).to_have_class(re.compile(r"\bgone\b"))
    stage("batch", "6")
    page.locator("#new-bar").get_by_text("Show 2 new").wait_for()


@pytest.mark.parametrize(("theme", "width"), looks(("dark", 360)))
def test_every_page_is_fit(browser_page: Page, server: RunningServer, stage: Stage, theme: str, width: int) -> None:
    scene, page = stage("batch", f"9{width}{len(theme)}"), browser_page
    take_look(page, theme, width)
    enter(page, server, "max")
    page.goto(f"{server.url}/queue/")
    require_fit(page)
    row = page.locator(f"#action-{scene['actions'][0]}")
    row.locator("details.preview > summary").click()
    row.get_by_text("Reject", exact=True).first.click()
    row.get_by_text("Edit", exact=True).click()
    row.get_by_role("button", name="Save and plan anew").wait_for()
    row.locator(".pick input").check()
    require_fit(page)
    for address in (
        f"/runs/{scene['run']}/",
        f"/actions/{scene['actions'][0]}/",
        f"/actions/{scene['actions'][1]}/edit/",
    ):
        page.goto(f"{server.url}{address}")
        require_fit(page)
    page.goto(f"{server.url}/tickets/{scene['ticket']}/")
    page.get_by_text("Propose an action").click()
    page.get_by_role("link", name="Change order address").click()
    page.get_by_label("Street").wait_for()
    page.locator("details.disclosure:not([open])").evaluate_all(OPEN_WHAT_IS_SHOWN)
    expect(page.locator("details.preview[open] .preview-body > button")).to_have_count(0)
    require_fit(page)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()
    require_fit(page)


def test_a_ticket_s_page_follows_what_becomes_of_its_actions(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    scene, page = stage("batch", "7"), browser_page
    enter(page, server, "ada")
    page.goto(f"{server.url}/tickets/{scene['ticket']}/")
    page.get_by_role("button", name="Approve all 2").click()
    moved = page.locator(f"#action-{scene['actions'][0]}")
    moved.get_by_text("by you").wait_for()
    moved.get_by_text("→ Done").wait_for(timeout=UNTIL_SENT)
