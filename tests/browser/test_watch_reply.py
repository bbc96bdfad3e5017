"""A reviewer watches a reply being written by a provider on loopback; once it is stored, the log has it alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import enter, play, require_fit
from tests.running_server import RunningServer
from tests.wire.replies import Answer, Call, Reply, place_in, say, trickle
from tests.wire.server import WireServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BODY = "Dear Carla,\n<b>thank you</b> for writing. " + "We look into it and write again as soon as we know more. " * 4
WRITING = Reply("", (Call("send_reply", {"body": BODY, "rationale": "She asks.", "confidence": 0.9}),))
IS_WATCHED = 80.0
"""Seconds the provider waits at most for somebody to watch: less than a model's patience with silence."""
UNTIL_STORED = 120_000
"""Milliseconds: the rest of the reply and the run's next step, on a machine that is busy."""


class Provider:
    """Writes its reply once somebody watches, and the end of it once they have seen the beginning."""

    def __init__(self) -> None:
        self.is_watched = threading.Event()
        self.is_seen = threading.Event()

    def __call__(self, body: dict[str, Any]) -> Answer:
        if place_in(body):
            return say("I have answered her.")
        self.is_watched.wait(IS_WATCHED)
        return trickle(replace(WRITING, until=self.is_seen), 0.15)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[RunningServer]:
    """A desk whose model is the provider on loopback."""
    with WireServer(provider) as wire:
        changes = {"DEMO": "1", **wire.environment("openai")}
        running = RunningServer.start(tmp_path_factory.mktemp("watched"), changes)
        play(running, "people")
        yield running
        running.stop()


def write_as_carla(page: Page, desk: RunningServer) -> None:
    """Carla writes, and the agent starts; the page is then her ticket's."""
    page.goto(f"{desk.url}/write/")
    page.get_by_label("Search customers").press_sequentially("carla")
    page.locator("#customers a", has_text="Carla").click()
    page.wait_for_url(re.compile(r"\?customer="))
    page.get_by_label("Subject").fill("Please cancel my order")
    page.get_by_label("What they write").fill("Please cancel my order, I ordered it by mistake.")
    page.get_by_role("button", name="Send as the customer").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/"))


def open_live_run(page: Page) -> None:
    """Her run's page, once its socket is open: what is written from then on is seen."""
    with page.expect_websocket(lambda socket: "/ws/runs/" in socket.url):
        page.get_by_role("link", name="Live run").click()
    page.locator("#timeline > li").first.wait_for()


def test_a_reply_is_watched_while_it_is_written(desk: RunningServer, provider: Provider, browser_page: Page) -> None:
    page = browser_page
    enter(page, desk, "rita")
    write_as_carla(page, desk)
    open_live_run(page)
    provider.is_watched.set()
    writing = page.locator("#writing")
    writing.get_by_text("The reply, being written").wait_for()
    expect(writing.locator(".words")).to_contain_text("<b>thank you</b>")
    expect(writing.locator(".words")).to_have_attribute("dir", "auto")
    expect(writing.locator("b")).to_have_count(0)
    require_fit(page)
    provider.is_seen.set()
    page.locator("#timeline .call").get_by_text("send_reply").wait_for(timeout=UNTIL_STORED)
    page.locator('#run-state[data-status="waiting"]').wait_for(timeout=UNTIL_STORED)
    expect(writing).to_be_hidden()
    page.reload()
    page.locator("#timeline .call").get_by_text("send_reply").wait_for()
    expect(writing).to_be_hidden()
