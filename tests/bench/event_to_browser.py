"""From an event's time stamp to the browser that watches its run: p50 and p95 in milliseconds, one watcher."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from tests.chromium import find_chromium
from tests.running_server import RunningServer

EVENTS = 200
TARGET = 30.0
WATCH = """([url]) => {
  window.heard = [];
  const socket = new WebSocket(url);
  socket.onmessage = (message) => window.heard.push([Date.now(), JSON.parse(message.data).at]);
  return new Promise((resolve) => { socket.onopen = () => resolve(true); });
}"""
DELAYS = "() => window.heard.map(([heard, at]) => heard - Date.parse(at))"


def open_run(api: httpx.Client) -> str:
    """A run that stands still until somebody does something: it waits for a decision."""
    letter = {"customer_email": "watcher@example.com", "subject": "Hello", "body": "How long do refunds take?"}
    ticket = api.post("tickets", json=letter).raise_for_status().json()["id"]
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        runs = api.get(f"tickets/{ticket}").json()["runs"]
        if runs and api.get(f"runs/{runs[0]}").json()["status"] == "waiting":
            return str(runs[0])
        time.sleep(0.1)
    raise SystemExit("the run did not come to wait")


def sign_in(page: Page, url: str) -> None:
    """As the manager of the demo."""
    page.goto(f"{url}/sign-in/")
    page.get_by_role("button", name="max").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def measure(page: Page, api: httpx.Client, url: str, run: str) -> list[float]:
    """The delay of each event, in ms. Pausing and resuming is the cheapest way to make a run say something."""
    page.evaluate(WATCH, [f"{url.replace('http', 'ws')}/ws/runs/{run}/?after=0&format=json"])
    page.wait_for_timeout(500)
    known = len(page.evaluate(DELAYS))
    for place in range(EVENTS):
        api.post(f"runs/{run}/{'resume' if place % 2 else 'pause'}").raise_for_status()
        time.sleep(0.02)
    page.wait_for_timeout(500)
    return [float(delay) for delay in page.evaluate(DELAYS)[known:]]


def main() -> None:
    """Prints p50 and p95."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = RunningServer.start(Path(folder), {"DEMO": "1", "LOAD": "demo"})
        token = server.manage("make_token", "max").split()[-1]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{server.url}/api/v1/", headers=headers, timeout=60) as api:
            run = open_run(api)
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            page = browser.new_page()
            sign_in(page, server.url)
            delays = sorted(measure(page, api, server.url, run))
            browser.close()
        server.stop()
    p95 = delays[int(len(delays) * 0.95)]
    print(
        f"event to browser: p50 {statistics.median(delays):.0f} ms, p95 {p95:.0f} ms "
        f"over {len(delays)} events (target p50 {TARGET:.0f} ms)"
    )


if __name__ == "__main__":
    main()
