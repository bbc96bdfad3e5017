"""Fifty offline runs at once in one process: all finish, every event in order."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import httpx

from tests.running_server import RunningServer

RUNS = 50
ACTIVE = {"queued", "running"}


def post_tickets(api: httpx.Client) -> list[int]:
    """Fifty strangers ask something at the same moment."""
    tickets = []
    for place in range(RUNS):
        letter = {
            "customer_email": f"stranger{place}@example.com",
            "subject": "Returns",
            "body": "Hello, how long do I have to return something, and how long does the refund take?",
        }
        tickets.append(api.post("tickets", json=letter).raise_for_status().json()["id"])
    return tickets


def wait_for(api: httpx.Client, tickets: list[int]) -> list[str]:
    """The runs' ids once none of them has a step to take."""
    give_up_at = time.monotonic() + 300
    while time.monotonic() < give_up_at:
        runs = [api.get(f"tickets/{ticket}").json()["runs"] for ticket in tickets]
        ids = [run for ticket_runs in runs for run in ticket_runs]
        statuses = [api.get(f"runs/{run}").json()["status"] for run in ids]
        if len(ids) == RUNS and not ACTIVE.intersection(statuses):
            return ids
        time.sleep(0.2)
    raise SystemExit("the runs did not finish in 300 s")


def count_events(api: httpx.Client, runs: list[str]) -> int:
    """All events, or the end of the program where a run's are not gapless."""
    total = 0
    for run in runs:
        seqs = [event["seq"] for event in api.get(f"runs/{run}/events").json()["items"]]
        if seqs != list(range(1, len(seqs) + 1)):
            raise SystemExit(f"the events of {run} are not in order: {seqs}")
        total += len(seqs)
    return total


def main() -> None:
    """Prints how long fifty runs took, and how many events they left."""
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer.start(Path(folder), {"DEMO": "1", "LOAD": "demo"})
        token = server.manage("make_token", "max").split()[-1]
        with httpx.Client(
            base_url=f"{server.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as api:
            began_at = time.perf_counter()
            runs = wait_for(api, post_tickets(api))
            taken = time.perf_counter() - began_at
            events = count_events(api, runs)
        server.stop()
    print(f"fifty runs: {taken:.1f} s beside the demo's own 40, {events} events, every one in order")


if __name__ == "__main__":
    main()
