"""A provider on loopback in a process of its own, so that its work is not counted as ours.

Arguments: how many tool calls a run makes, and the seconds it waits before each answer. Prints the port it listens on,
and ends with its standard input.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.wire.replies import Answer, Call, Reply, Tokens, place_in
from tests.wire.server import KEY, WireServer


def answer(body: dict[str, Any], calls: int, wait: float) -> Answer:
    """A sum to work out, another one each step, then the end."""
    place = place_in(body)
    if place >= calls:
        return Reply("All sums are worked out.", tokens=Tokens(3000, 12), wait=wait)
    asked = Call("calculate", {"expression": f"{place} + 1.25"}, f"call_{place}")
    return Reply(tool_calls=(asked,), tokens=Tokens(3000, 24), wait=wait)


def point_at(port: int) -> None:
    """Makes this process ask the provider on this port, in whichever format: the path of a request tells."""
    url = f"http://127.0.0.1:{port}"
    os.environ.update(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=url, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=f"{url}/v1")


@contextmanager
def run_provider(calls: int, wait: float = 0.0) -> Iterator[int]:
    """The port of a provider that answers so."""
    command = [sys.executable, "-m", "tests.bench.answering", str(calls), str(wait)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdin is None or process.stdout is None:
        raise SystemExit("the provider has no pipes")
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def main() -> None:
    """Serves until nobody needs it."""
    calls, wait = int(sys.argv[1]), float(sys.argv[2])
    with WireServer(lambda body: answer(body, calls, wait)) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
