"""The whole path as a program walks it: the real server, a token from the command line, and nothing but calls."""

import json
import re
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest

from agentdesk.api.api import LARGEST_BODY
from tests.running_server import RunningServer
from tests.tickets.test_load_shop import ORDER, SHOP

ORDER_ID = "#W1000001"
PREPARE = """
from django.core.management import call_command
call_command("load_shop", {0!r}, verbosity=0)
call_command("createsuperuser", "--noinput", "--username=ada", "--email=ada@example.com", verbosity=0)
call_command("make_token", "ada")
"""
"""Three commands of the command line in one process: starting Django takes longer than they do."""
SECONDS = 180.0
"""Of patience: the reply alone waits out its undo window, and the machine may be busy."""


@pytest.fixture
def api(start_server: Callable[..., RunningServer], tmp_path: Path) -> Iterator[httpx.Client]:
    """Ada's token, on a shop with one pending order of Carla's."""
    server = start_server(DJANGO_SUPERUSER_PASSWORD="only-for-this-test")
    for name, records in {**deepcopy(SHOP), "orders.json": {ORDER_ID: {**ORDER, "status": "pending"}}}.items():
        (tmp_path / name).write_text(json.dumps(records), encoding="utf-8")
    (tmp_path / "policy.md").write_text("# House rules\n\nBe kind.\n", encoding="utf-8")
    token = server.manage("shell", "--no-imports", "-c", PREPARE.format(str(tmp_path))).splitlines()[-1]
    assert re.fullmatch(r"ad_[\w-]{40,}", token)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{server.url}/api/v1/", headers=headers, timeout=SECONDS) as client:
        yield client


def ask_until(ask: Callable[[], dict[str, Any]], is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Asks again and again, as a client without a socket does."""
    give_up_at = time.monotonic() + SECONDS
    while not is_so(answer := ask()):
        assert time.monotonic() < give_up_at, answer
        time.sleep(0.05)
    return answer


def test_a_message_becomes_an_executed_action(api: httpx.Client) -> None:
    refuse_what_is_too_large(api)
    letter = {
        "customer_email": "carla@example.com", "identity": "verified", "subject": "Cancel",
        "body": f"Please cancel my order {ORDER_ID}, I no longer need it.",
    }  # fmt: skip
    opened = api.post("tickets", json=letter)
    assert opened.status_code == 201
    path = f"runs/{opened.json()['runs'][0]}"
    run = ask_until(lambda: dict(api.get(path).json()), lambda run: run["status"] not in ("queued", "running"))
    assert run["status"] == "waiting", run
    for action in run["actions"]:
        approve(api, action)
    run = ask_until(lambda: dict(api.get(path).json()), lambda run: run["status"] != "waiting")
    assert run["status"] == "done", run
    assert {action["status"] for action in run["actions"]} == {"executed"}
    order = api.get(f"orders/{ORDER_ID.replace('#', '%23')}").json()
    assert (order["status"], order["cancel_reason"]) == ("cancelled", "no longer needed")
    events = api.get(f"{path}/events").json()["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def approve(api: httpx.Client, action: dict[str, Any]) -> None:
    if action["status"] != "waiting":
        return
    digest = action["preview"]["digest"]
    if action["tier"] == "high":
        api.post(f"actions/{action['id']}/seen", json={"digest": digest}).raise_for_status()
    answer = api.post(f"actions/{action['id']}/decisions", json={"verdict": "approve", "digest": digest})
    assert answer.status_code == 200, answer.text


def refuse_what_is_too_large(api: httpx.Client) -> None:
    """A body without a Content-Length is measured too."""
    parts = (b" " * 65536 for _ in range(LARGEST_BODY // 65536 + 1))
    answer = api.post("tickets", content=parts, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
