"""Whatever is sent, no call answers 500, and every error has the one shape."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.api.policy import show_unpublished
from agentdesk.people.tokens import make_token
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from agentdesk.runs.reports import Order, make_report
from agentdesk.runs.selecting import Selection
from approvals.models import Action
from approvals.policies import policy_in_force
from tests.api.conftest import CANCEL
from tests.api.test_look_at_run import SCRIPT
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = ["", "\0", "\ud800", "x" * 300, "#W0000001", "carla@example.com", "cancel_order", "waiting", "NaN", "١"]
NUMBERS = [0, -1, 1, 2**31, 2**63, 10**40, 1.5, -0.0, 1e308]
scalars = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.integers(), st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=20),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=12), scalars)
words = st.one_of(st.sampled_from(HOSTILE[:1] + HOSTILE[1:2] + HOSTILE[3:]), st.text(max_size=12))

BODIES: dict[str, dict[str, Any]] = {
    "POST tickets": {"customer_email": "carla@example.com", "subject": "s", "body": "b", "external_id": "e"},
    "POST tickets/{ticket}/messages": {"body": "b", "external_id": "e"},
    "POST tickets/{ticket}/runs": {"mode": "dry_run"},
    "POST tickets/{ticket}/claim": {},
    "POST tickets/{ticket}/snooze": {"until": "2026-12-24T09:00:00Z"},
    "POST tickets/{ticket}/hand-over": {"to": "ada", "note": "n"},
    "POST runs/{run}/cancel": {},
    "POST runs/{run}/pause": {},
    "POST runs/{run}/resume": {},
    "POST runs/{run}/submit": {"execute": True},
    "POST reports": {
        "name": "n",
        "selection": {"status": ["open"], "tags": ["t"], "updated_since": "2026-01-01T00:00:00Z", "limit": 2},
        "policy_version": 1,
        "model": "offline",
        "report_id": "{run}",
    },
    "POST reports/{report}/submit": {"execute": False, "run_ids": ["{run}"]},
    "POST schedules": {"name": "n", "every": "week", "at_minute": 3, "time_zone": "Europe/Berlin", "model": "offline"},
    "POST schedules/1": {"is_on": False},
    "POST actions": {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": 1, "idempotency_key": "k"},
    "POST actions/{action}/seen": {"digest": "d"},
    "POST actions/{action}/decisions": {"verdict": "amend", "digest": "d", "reason": "r", "arguments": CANCEL},
    "POST decisions": {"items": [{"action_id": "{action}", "verdict": "approve", "digest": "d"}], "reason": ""},
    "POST actions/{action}/undo": {},
    "PUT policy": {"base_version": 1, "kinds": {"cancel_order": {"mode": "auto"}}, "settings": {}, "note": ""},
}
READS = [
    "tickets", "tickets/{ticket}", "runs/{run}", "runs/{run}/events", "runs/{run}/trace", "actions",
    "actions/{action}", "batches", "batches/{run}", "policy", "policy/versions", "orders/W0000001",
    "customers/carla_silva_1001", "reports", "reports/{report}", "reports/{report}/submissions/{run}", "schedules",
    "audit-log", "audit-log/head",
]  # fmt: skip
PARAMETERS = [
    "limit",
    "cursor",
    "after",
    "status",
    "kind",
    "run",
    "ticket",
    "by",
    "snoozed",
    "actor",
    "subject",
    "words",
    "since",
    "until",
]
UNHURRIED = settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_sent(policy: dict[str, Any]) -> dict[str, Any]:
    return {name: policy[name] for name in ("kinds", "settings")}


class Prober:
    """An admin's token, and a ticket with a run that has proposed actions."""

    def __init__(self, ada: Person, ticket: Ticket) -> None:
        token = make_token(ada, scopes=[], name="fuzz", by="test", now=timezone.now())
        self.headers = {"Authorization": f"Bearer {token}"}
        self.browser = Client(raise_request_exception=False)
        run = Run.objects.get(ticket=ticket)
        advance_run(run.pk, model=ScriptedModel(SCRIPT))
        action = Action.objects.filter(origin=run.pk).first()
        assert action is not None
        self.bodies = {**BODIES, "PUT policy": {**as_sent(show_unpublished(policy_in_force())), "base_version": 1}}
        report, _ = make_report(Order("Look", Selection()), by=ada, now=timezone.now())
        self.names = {"{ticket}": ticket.pk, "{run}": run.pk, "{action}": action.pk, "{report}": report.pk}

    def fill(self, template: str) -> str:
        for name, value in self.names.items():
            template = template.replace(name, str(value))
        return template

    def send(self, method: str, path: str, body: bytes = b"") -> None:
        address = f"/api/v1/{path}"
        response = self.browser.generic(method, address, body, "application/json", headers=self.headers)
        assert response.status_code < 500, (method, path, body)
        answer = json.loads(response.content)
        assert (response.status_code < 400) == ("error" not in answer), (method, path, body, answer)
        if response.status_code == 422:
            assert answer["error"]["fields"] or answer["error"]["code"] == "refused", (method, path, body, answer)


def spoil(value: Any, data: st.DataObject) -> None:
    """Puts something else in one place, however deep, of an object or a list."""
    places = [*value, "x"] if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    inner = value.get(place) if isinstance(value, dict) else value[place]
    if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
        spoil(inner, data)
    else:
        value[place] = data.draw(text if isinstance(inner, str) else values)


@pytest.fixture
def prober(ada: Person, ticket: Ticket, settings: Any) -> Prober:
    settings.API_CALLS_PER_MINUTE = 10**9
    return Prober(ada, ticket)


def test_no_value_of_any_field_is_our_fault(prober: Prober) -> None:
    @UNHURRIED
    @given(st.sampled_from(sorted(BODIES)), st.data())
    def probe(call: str, data: st.DataObject) -> None:
        method, path = call.split(" ")
        body = json.loads(prober.fill(json.dumps(prober.bodies[call])))
        for _ in range(data.draw(st.integers(1, 2))):
            spoil(body, data)
        prober.send(method, prober.fill(path), json.dumps(body).encode())

    probe()


def test_no_body_is_our_fault(prober: Prober) -> None:
    @UNHURRIED
    @given(st.sampled_from(sorted(BODIES)), st.one_of(st.binary(max_size=40), values.map(json.dumps).map(str.encode)))
    def probe(call: str, body: bytes) -> None:
        method, path = call.split(" ")
        prober.send(method, prober.fill(path), body)

    probe()


def test_no_address_is_our_fault(prober: Prober) -> None:
    @UNHURRIED
    @given(st.sampled_from(READS), words, st.sampled_from(PARAMETERS), st.one_of(words, st.integers().map(str)))
    def probe(template: str, part: str, name: str, value: str) -> None:
        spoiled = "/".join(quote(part, safe="") if one.startswith("{") else one for one in template.split("/"))
        prober.send("GET", f"{prober.fill(template)}?{name}={quote(value)}")
        prober.send("GET", spoiled or "x")
        prober.send("GET", f"{template.split('/')[0]}/{quote(part, safe='')}")

    probe()
