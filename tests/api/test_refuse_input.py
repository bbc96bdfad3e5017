"""What cannot be read, is too large, or has no address: always the one shape of error."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from agentdesk.api import tickets
from agentdesk.api.api import LARGEST_BODY
from agentdesk.asgi import application
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db

LETTER = {"customer_email": "carla@example.com", "subject": "Mug", "body": "It is broken."}


@pytest.mark.parametrize(
    "body",
    [b"{", b"nonsense", b'{"subject": NaN}', b'{"a": "\xff"}', b"[" * 100_000, b'{"subject": ' + b"1" * 5000 + b"}"],
)
def test_broken_json(as_rita: Caller, body: bytes) -> None:
    assert as_rita.post("tickets", body).said == (400, "unreadable")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"17"])
def test_another_value_than_an_object(as_rita: Caller, body: bytes) -> None:
    answer = as_rita.post("tickets", body)
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == ["body"]


def test_a_body_that_is_too_large(as_rita: Caller) -> None:
    fits = json.dumps({**LETTER, "body": "x"}).encode()
    largest = json.dumps({**LETTER, "body": "x" * (LARGEST_BODY - len(fits) + 1)}).encode()
    assert as_rita.post("tickets", largest).status == 201
    assert as_rita.post("tickets", largest + b" ").said == (413, "too_large")


@pytest.mark.parametrize("length", [b"10", None])
def test_a_large_body_whose_length_is_a_lie(length: bytes | None) -> None:
    """As the server hands it over: the header says little or nothing, the stream is long."""
    answer = async_to_sync(send_raw)(application, b"x" * (LARGEST_BODY + 1), length)
    assert answer[0]["status"] == 413
    assert json.loads(answer[1]["body"])["error"]["code"] == "too_large"


async def send_raw(application: Any, body: bytes, length: bytes | None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    headers += [(b"content-length", length)] if length is not None else []
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/api/v1/tickets", "raw_path": b"",
        "query_string": b"", "headers": headers, "scheme": "http", "server": ("localhost", 80), "client": ("::1", 1),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        for part in parts:
            return part
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    "path",
    ["", "nowhere", "tickets/", "tickets/x/y/z", "runs//events", "tickets%0A", f"tickets/{'9' * 5000}x"],
)
def test_unknown_addresses(as_rita: Caller, path: str) -> None:
    answer = as_rita("GET", path)
    assert answer.status in (404, 422)
    assert answer.error["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "tickets", "POST, GET"), ("POST", "policy", "GET, PUT"), ("PATCH", "decisions", "POST")],
)
def test_other_methods(as_rita: Caller, method: str, path: str, allowed: str) -> None:
    answer = as_rita(method, path, {})
    assert answer.said == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == set(allowed.split(", "))


@pytest.mark.parametrize("ticket_id", ["0", "-1", "x", str(2**63), "9" * 400])
def test_ids_no_row_can_have(as_rita: Caller, ticket_id: str) -> None:
    assert as_rita("GET", f"tickets/{ticket_id}").said in ((404, "not_found"), (422, "invalid"))


def test_our_own_fault_shows_no_trace(as_rita: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "tickets_to_show", lambda: 1 / 0)
    answer = as_rita("GET", "tickets")
    assert answer.said == (500, "internal_error")
    assert "Zero" not in str(answer.body)
