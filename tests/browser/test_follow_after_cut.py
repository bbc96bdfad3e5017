"""Following through a cut: what happened meanwhile arrives once the line is back, nothing missed, nothing doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import enter, play
from tests.running_server import RunningServer, find_steady_port, start_process

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

NEXT_LINE = 120_000
"""Milliseconds: the page's next try, on a machine that is busy."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of this file's own, because it is killed and started again."""
    running = RunningServer.start(tmp_path_factory.mktemp("cut"), {"DEMO": "1"}, port=find_steady_port())
    play(running, "people")
    yield running
    running.stop()


def start_again(desk: RunningServer) -> None:
    """The same desk at the same address."""
    port = desk.url.rpartition(":")[2]
    desk.process = start_process(desk.environment, "serve", "--port", port)
    assert desk.wait_for_address() == desk.url


def seqs_on(page: Page) -> list[int]:
    return [int(seq) for seq in page.locator("#timeline > li").evaluate_all("all => all.map(one => one.dataset.seq)")]


def test_a_page_catches_up_after_the_server_was_killed(desk: RunningServer, page: Page) -> None:
    scene = play(desk, "batch", "1")
    enter(page, desk, "rita")
    with page.expect_websocket():
        page.goto(f"{desk.url}/runs/{scene['run']}/")
    before = seqs_on(page)
    desk.kill()
    page.get_by_text("Not connected.").wait_for()
    play(desk, "decide", scene["actions"][0], "max", "reject")
    start_again(desk)
    page.locator(f"#event-{before[-1] + 1}").wait_for(timeout=NEXT_LINE)
    expect(page.get_by_text("Not connected.")).to_be_hidden()
    page.get_by_text("Max rejected").wait_for()
    after = seqs_on(page)
    assert after == list(range(1, len(after) + 1))


def read(socket: ClientConnection, count: int) -> list[dict[str, Any]]:
    return [json.loads(socket.recv(timeout=60)) for _ in range(count)]


def test_a_program_resumes_by_seq(desk: RunningServer) -> None:
    scene = play(desk, "batch", "2")
    token = play(desk, "token", "olga")["token"]
    address = f"{desk.url.replace('http', 'ws')}/ws/runs/{scene['run']}/?format=json"
    headers = {"Authorization": f"Bearer {token}"}
    with connect(f"{address}&after=0", additional_headers=headers, open_timeout=60, close_timeout=1) as socket:
        first = read(socket, 4)
    play(desk, "decide", scene["actions"][0], "max", "reject")
    after = first[-1]["seq"]
    with connect(f"{address}&after={after}", additional_headers=headers, open_timeout=60, close_timeout=1) as socket:
        later = read(socket, 6)
    assert [event["seq"] for event in [*first, *later]] == list(range(1, 11))
