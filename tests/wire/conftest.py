"""Each test of a provider runs three times, once in each wire format, against a server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from agentdesk.agent.language_model import CallLimits, Partial, Request, ToolSpec, Turn, UserTurn
from agentdesk.agent.providers import find_model
from agentdesk.agent.providers.provider_model import ProviderModel
from agentdesk.agent.tools import TOOLS
from tests.wire.replies import FORMATS, Script
from tests.wire.server import WireServer

SYSTEM = "You answer the customers of a shop."
TICKET = UserTurn("Where is my order #W1?")


def tools_named(*names: str) -> tuple[ToolSpec, ...]:
    return tuple(tool for tool in TOOLS if tool.name in names)


def request_of(*transcript: Any, **parameters: Any) -> Request:
    """A request of the desk's, with three of its tools."""
    tools = tools_named("find_customer", "list_orders", "send_reply")
    return Request(SYSTEM, tools, transcript or (TICKET,), parameters)


PATIENCE = 60.0
"""Seconds for a call that takes a fraction of one: the machine may be busy."""


@dataclass
class Provider:
    """A server, and the model that is configured to use it; `is_watched` once somebody has seen a part of a turn."""

    wire: str
    server: WireServer
    model: ProviderModel
    partials: list[Partial] = field(default_factory=list)
    is_watched: threading.Event = field(default_factory=threading.Event)

    def ask(self, request: Request | None = None, seconds: float = PATIENCE) -> Turn:
        return self.model.answer(request or request_of(), CallLimits(seconds, on_partial=self.see))

    def see(self, partial: Partial) -> None:
        self.partials.append(partial)
        self.is_watched.set()


Connect = Callable[..., Provider]


@pytest.fixture(params=FORMATS)
def wire(request: pytest.FixtureRequest) -> str:
    """The prefix of the model's name."""
    return str(request.param)


@pytest.fixture
def connect(wire: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Starts a server with a script; `model` is another name than the usual one."""
    servers = []

    def start(script: Script, model: str = "") -> Provider:
        server = WireServer(script)
        servers.append(server)
        environment = server.environment(wire)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        found = find_model(f"{wire}:{model}" if model else environment["AGENTDESK_MODEL"])
        assert isinstance(found, ProviderModel)
        return Provider(wire, server, found)

    yield start
    for server in servers:
        server.close()
