"""/readyz names what is missing, and does not keep its asker waiting."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from django.test import Client

from agentdesk import health
from tests.running_server import RunningServer, find_steady_port

StartServer = Callable[..., RunningServer]


@pytest.mark.django_db
def test_it_is_ready_once_a_worker_was_seen(client: Client) -> None:
    health.note_worker_seen()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"


@pytest.mark.django_db
def test_a_worker_not_seen_for_a_minute_is_missed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health.note_worker_seen()
    monkeypatch.setattr(health, "WORKER_MUST_BE_SEEN_WITHIN", -1.0)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "last seen" in answer.json()["checks"]["worker"]


def test_a_broker_that_is_gone_is_named(start_server: StartServer) -> None:
    server = start_server(REDIS_URL=f"redis://127.0.0.1:{find_steady_port()}/0")
    answer = httpx.get(f"{server.url}/readyz", timeout=60)
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "does not answer"
    assert httpx.get(f"{server.url}/healthz", timeout=60).status_code == 200


def test_health_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
