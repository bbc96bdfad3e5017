"""The OpenAPI document: valid, complete, and true."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from agentdesk.api import schemas
from agentdesk.api.fields import Body
from tests.api.conftest import Caller

CALLS = {
    ("post", "tickets"),
    ("get", "tickets"),
    ("get", "tickets/{ticket_id}"),
    ("post", "tickets/{ticket_id}/messages"),
    ("post", "tickets/{ticket_id}/runs"),
    ("get", "tickets/{ticket_id}/attention"),
    ("post", "tickets/{ticket_id}/claim"),
    ("post", "tickets/{ticket_id}/release"),
    ("post", "tickets/{ticket_id}/snooze"),
    ("post", "tickets/{ticket_id}/wake"),
    ("post", "tickets/{ticket_id}/hand-over"),
    ("get", "runs/{run_id}"),
    ("get", "runs/{run_id}/events"),
    ("post", "runs/{run_id}/cancel"),
    ("post", "runs/{run_id}/pause"),
    ("post", "runs/{run_id}/resume"),
    ("post", "runs/{run_id}/submit"),
    ("get", "runs/{run_id}/trace"),
    ("post", "reports"),
    ("get", "reports"),
    ("get", "reports/{report_id}"),
    ("post", "reports/{report_id}/submit"),
    ("get", "reports/{report_id}/submissions/{submission_id}"),
    ("get", "schedules"),
    ("post", "schedules"),
    ("post", "schedules/{schedule_id}"),
    ("get", "audit-log"),
    ("get", "audit-log/head"),
    ("post", "audit-log/export.{form}"),
    ("get", "actions"),
    ("get", "actions/{action_id}"),
    ("post", "actions/{action_id}/seen"),
    ("post", "actions"),
    ("post", "actions/{action_id}/decisions"),
    ("post", "decisions"),
    ("get", "batches"),
    ("get", "batches/{batch_id}"),
    ("post", "actions/{action_id}/undo"),
    ("get", "policy"),
    ("put", "policy"),
    ("get", "policy/versions"),
    ("post", "policy/backtest"),
    ("get", "policy/drafts"),
    ("post", "policy/drafts/{draft_id}"),
    ("get", "audits"),
    ("post", "audits/{sample_id}"),
    ("get", "orders/{order_id}"),
    ("get", "customers/{customer_id}"),
}

FILES = {"application/x-ndjson", "text/csv"}


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    """Read without signing in, as generators of clients do."""
    described: dict[str, Any] = Caller().get("openapi.json")
    return described


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_it_names_every_call_and_no_other(document: dict[str, Any]) -> None:
    named = {
        (method, path.removeprefix("/api/v1/")) for path, methods in document["paths"].items() for method in methods
    }
    assert named == CALLS


def test_every_call_says_what_it_does_needs_and_may_answer(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            where = f"{method} {path}"
            assert call["description"], where
            assert {"TokenAuth": []} in call["security"] and {"SessionAuth": []} in call["security"], where
            assert {"401", "403", "404", "422", "429"} <= set(call["responses"]), where
            for status, response in call["responses"].items():
                if FILES.issuperset(response["content"]):
                    continue
                name = response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert (name == "Error") == (int(status) >= 400), where


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [call["operationId"] for methods in document["paths"].values() for call in methods.values()]
    assert len(names) == len(set(names)) == len(CALLS)
    assert not any(name.startswith("agentdesk") for name in names)


def test_its_examples_are_what_the_calls_take() -> None:
    bodies = [body for body in vars(schemas).values() if isinstance(body, type) and issubclass(body, Body)]
    given = [(body, example) for body in bodies for example in body.model_json_schema().get("examples", [])]
    assert len(given) >= 6
    for body, example in given:
        body.model_validate(example)
