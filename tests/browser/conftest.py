"""A server with the cast in it, and somebody at a browser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.running_server import BASE_DIR, RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

Stage = Callable[..., dict[str, Any]]


def looks(*everyday: tuple[str, int]) -> list[Any]:
    """Themes and widths as pytest parameters: all that matter; those not named only where `prove` is asked for."""
    every = [(theme, width) for theme in ("light", "dark") for width in (1280, 768, 360)]
    return [pytest.param(*look, marks=() if look in everyday else pytest.mark.prove) for look in every]


def take_look(page: Page, theme: str, width: int) -> None:
    """From now on the page is seen so."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One desk for the tests of a file; each brings its own tickets."""
    running = RunningServer.start(tmp_path_factory.mktemp("desk"), {"DEMO": "1"})
    play(running, "people")
    yield running
    running.stop()


def play(server: RunningServer, *scene: str) -> dict[str, Any]:
    """One scene in the server's database."""
    if not server.beside:
        server.beside.append(start_stage(server))
    (process,) = server.beside
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(scene) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    assert line, f"the stage ended with {process.wait(60)}"
    answer: dict[str, Any] = json.loads(line)
    return answer


def start_stage(server: RunningServer) -> subprocess.Popen[str]:
    """Plays every scene of this server: starting Django takes longer than most scenes."""
    command = [sys.executable, "-m", "tests.browser.stage"]
    return subprocess.Popen(
        command, cwd=BASE_DIR, env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def stage(server: RunningServer) -> Stage:
    return lambda *scene: play(server, *scene)


def enter(page: Page, server: RunningServer, name: str) -> None:
    """The demo's one click."""
    page.goto(f"{server.url}/sign-in/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


SETTLED = """() => document.readyState === "complete"
    && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    && document.getAnimations().every((one) => one.playState !== "running")"""
"""Loaded, nothing asked for that has not come and been put in, nothing on the move."""


def settle(page: Page) -> None:
    """Until its scripts are there and what they asked for has come: keys typed before that are lost."""
    page.wait_for_function(SETTLED)


def require_fit(page: Page) -> None:
    """Nothing for axe, and nothing wider than the window."""
    settle(page)
    found = [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in Axe().run(page).response["violations"]]
    assert found == [], page.url
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, page.url


def require_followed(page: Page) -> None:
    """Until the queue's socket has brought its first news: what changes from now on is told."""
    page.locator("#queue-news[data-waiting]").wait_for(state="attached")
