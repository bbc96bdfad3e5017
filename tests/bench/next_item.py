"""From the key that decides to the next item, as felt: until its heading has the focus and the frame with it is drawn.

The answer is timed beside it, until the decided row says what came of it: what one would wait for, were the focus to.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from tests.bench.event_to_browser import sign_in
from tests.chromium import find_chromium
from tests.running_server import RunningServer

ITEMS = 30
TARGET = 100.0
WATCH = """() => {
  window.felt = [];
  window.answered = [];
  let pressed = 0;
  addEventListener("keydown", (event) => { pressed = event.key === "a" ? performance.now() : 0; }, true);
  addEventListener("focusin", (event) => {
    if (!event.target.matches(".action h3") || !pressed) return;
    const begun = pressed;
    pressed = 0;
    requestAnimationFrame(() => setTimeout(() => window.felt.push(performance.now() - begun)));
    const answer = () => window.answered.push(performance.now() - begun);
    document.addEventListener("htmx:afterRequest", answer, { once: true });
  });
}"""


def wait_for_replies(api: httpx.Client) -> None:
    """Until the agent has proposed as many replies on the demo's tickets: of low risk, decided by one key."""
    give_up_at = time.monotonic() + 300
    while time.monotonic() < give_up_at:
        found = api.get("actions", params={"status": "waiting", "kind": "send_reply"}).raise_for_status()
        if len(found.json()["items"]) >= ITEMS:
            return
        time.sleep(1)
    raise SystemExit("the agent did not come so far")


def decide_all(page: Page, url: str) -> None:
    """One after the other by `a`, each once the one before has been answered."""
    page.goto(f"{url}/queue/?kind=send_reply")
    page.locator("#queue-news[data-waiting]").wait_for(state="attached")
    page.evaluate(WATCH)
    page.keyboard.press("j")
    for place in range(1, ITEMS):
        page.keyboard.press("a")
        page.wait_for_function("(many) => window.felt.length >= many && window.answered.length >= many", arg=place)


def main() -> None:
    """Prints p50 and p95 of both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = RunningServer.start(Path(folder), {"DEMO": "1", "LOAD": "demo"})
        token = server.manage("make_token", "max").split()[-1]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{server.url}/api/v1/", headers=headers, timeout=60) as api:
            wait_for_replies(api)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        sign_in(page, server.url)
        decide_all(page, server.url)
        felt, answered = (sorted(map(float, page.evaluate(f"window.{name}"))) for name in ("felt", "answered"))
        browser.close()
        server.stop()
    p95 = felt[int(len(felt) * 0.95)]
    print(
        f"decision to next item: p50 {statistics.median(felt):.0f} ms, p95 {p95:.0f} ms over {len(felt)} decisions "
        f"(target {TARGET:.0f} ms); its answer was there after p50 {statistics.median(answered):.0f} ms"
    )


if __name__ == "__main__":
    main()
