"""The edge of the sockets: strangers' pages are refused, unknown addresses close with a code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.running_server import RunningServer


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = RunningServer.start(tmp_path_factory.mktemp("sockets"), {})
    yield running.url.replace("http://", "ws://")
    running.stop()


def read_close_code(url: str, origin: Origin | None = None) -> int:
    with connect(url, origin=origin, open_timeout=60) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=60)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_an_unknown_address_closes_with_4404_and_a_strangers_page_is_refused(address: str) -> None:
    assert read_close_code(f"{address}/ws/nothing/") == 4404
    assert read_close_code(f"{address}/ws/nothing/", origin=Origin(address.replace("ws://", "http://"))) == 4404
    with (
        pytest.raises(InvalidStatus),
        connect(f"{address}/ws/queue/", origin=Origin("https://evil.example"), open_timeout=60),
    ):
        pass


def test_nobody_follows_the_queue_unsigned(address: str) -> None:
    assert read_close_code(f"{address}/ws/queue/") == 4403
