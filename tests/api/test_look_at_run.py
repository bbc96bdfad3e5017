"""Looking at a run: itself, its events, its trace."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from agentdesk.agent.language_model import Request, ToolCall, Turn, Usage, UserTurn, turn_to_json
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import pin_sent
from agentdesk.runs.log import Fact, append_facts, hash_words, to_words
from agentdesk.runs.models import EventKind, Run, Text
from tests.api.conftest import CANCEL, Caller
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def call(number: int, name: str, **arguments: object) -> Turn:
    return Turn(tool_calls=(ToolCall(f"call_{number}", name, arguments),), usage=Usage(100, 7, "0.0021"))


SCRIPT = [
    call(1, "get_order", order_id="#W0000001"),
    call(2, "cancel_order", **CANCEL, confidence=0.9, rationale="asked for"),
    call(3, "send_reply", body="Dear Carla, it is cancelled.", confidence=0.9),
    Turn("Cancelled as asked."),
]


@pytest.fixture
def run(ticket: Ticket) -> Run:
    """The agent has proposed to cancel and to reply."""
    run = Run.objects.get(ticket=ticket)
    advance_run(run.pk, model=ScriptedModel(SCRIPT))
    return run


def test_it_shows_what_it_came_to_and_its_actions(as_rita: Caller, run: Run) -> None:
    shown = as_rita.get(f"runs/{run.pk}")
    assert (shown["id"], shown["ticket_id"], shown["mode"], shown["status"]) == (
        str(run.pk), run.ticket_id, "live", "waiting",
    )  # fmt: skip
    assert (shown["steps"], shown["tokens"], shown["cost"]) == (4, 321, "0.006300")
    assert (shown["cached_tokens"], shown["malformed_turns"], shown["agent_version"]) == (0, 0, 0)
    assert shown["category"] == "order_change" and shown["bounds"]["steps"] == 20
    assert shown["spent"].keys() == {"steps", "input_tokens", "output_tokens", "money", "wall_clock_seconds"}
    assert (shown["spent"]["steps"], shown["spent"]["money"]) == (4, "0.006300")
    assert shown["result"] == "Cancelled as asked."
    assert shown["made_by"].keys() == {"versions", "model", "policy_version"}
    cancel, reply = shown["actions"]
    assert (cancel["kind"], reply["kind"]) == ("cancel_order", "send_reply")
    assert cancel["run_id"] == str(run.pk) and reply["depends_on"] == [cancel["id"]]
    assert reply["preview"]["effects"][0].keys() == {"op", "text", "channel", "to", "subject", "body"}


def test_its_events_are_gapless_and_paged(as_rita: Caller, run: Run) -> None:
    everything = as_rita.get(f"runs/{run.pk}/events")
    seqs = [event["seq"] for event in everything["items"]]
    assert seqs == list(range(1, len(seqs) + 1)) and everything["next"] is None
    assert everything["items"][0].keys() == {"seq", "kind", "at", "actor", "data"}
    page = as_rita.get(f"runs/{run.pk}/events?after=2&limit=3")
    assert [event["seq"] for event in page["items"]] == [3, 4, 5]
    rest = as_rita.get(f"runs/{run.pk}/events?cursor={page['next']}")
    assert [event["seq"] for event in rest["items"]] == seqs[5:]
    assert as_rita.get(f"runs/{run.pk}/events?after=2147483647")["items"] == []


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=201", "cursor=x", "after=99999999999999"])
def test_a_bad_place_is_named(as_rita: Caller, run: Run, query: str) -> None:
    answer = as_rita("GET", f"runs/{run.pk}/events?{query}")
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == [query.partition("=")[0]]


def test_its_trace_rebuilds_every_request(as_rita: Caller, run: Run) -> None:
    entries = as_rita.get(f"runs/{run.pk}/trace")["entries"]
    calls = [entry for entry in entries if entry["type"] == "model_call"]
    assert len(calls) == 4 and all(one["request_is_exact"] for one in calls)
    assert [len(one["request"]["transcript"]) for one in calls] == [1, 3, 5, 7]
    assert (calls[0]["input_tokens"], calls[0]["output_tokens"], calls[0]["cost"]) == (100, 7, "0.0021")
    assert calls[0]["latency_ms"] >= 0
    assert calls[1]["response"]["tool_calls"][0]["name"] == "cancel_order"
    tools = [entry for entry in entries if entry["type"] == "tool_call"]
    assert [one["tool"] for one in tools] == ["get_order", "cancel_order", "send_reply"]
    assert tools[0]["arguments"] == {"order_id": "#W0000001"}
    assert tools[0]["answer"]["order"]["status"] == "pending" if "order" in tools[0]["answer"] else tools[0]["answer"]
    assert tools[1]["outcome"] == "proposed" and tools[1]["action_id"]


def test_its_trace_says_what_was_erased(as_rita: Caller, run: Run) -> None:
    Text.objects.filter(run=run).update(body="")
    calls = [one for one in as_rita.get(f"runs/{run.pk}/trace")["entries"] if one["type"] == "model_call"]
    assert [(one["request"], one["response"], one["request_is_exact"]) for one in calls] == [(None, None, False)] * 4


def store(run: Run, kind: EventKind, words: dict[str, str] | None = None, **data: object) -> None:
    """An event as the agent's inner life leaves it."""
    with transaction.atomic():
        append_facts(run.pk, [Fact(kind, data, words or {})], at=timezone.now())


def last_entry(caller: Caller, run: Run) -> dict[str, Any]:
    entry: dict[str, Any] = caller.get(f"runs/{run.pk}/trace")["entries"][-1]
    return entry


INNER_LIFE = [
    (EventKind.AGENDA_MADE, "agenda", {"agenda": '{"steps": [{"id": "s1", "text": "look"}]}'}, {"source": "model"}),
    (EventKind.STEP_ASSESSED, "assessment", {}, {"score": "0.8", "new_facts": 3, "drops": ["s2"]}),
    (EventKind.DRAFT_VERIFIED, "verification", {"findings": '[{"check": "legal"}]'}, {"passed": ["injection"]}),
    (EventKind.RECOVERY_CHOSEN, "recovery", {"error": "429"}, {"failure": "provider_busy", "recovery": "retry"}),
    (EventKind.ROLE_ASKED, "role", {"brief": "Find out."}, {"thread": "call_1", "role": "analyst"}),
    (EventKind.ROLE_ANSWERED, "role", {"answer": "Found."}, {"thread": "call_1", "role": "analyst"}),
    (EventKind.WORKFLOW_STEPPED, "workflow_step", {"told": "Looked."}, {"workflow": "order_status", "step": "look"}),
    (EventKind.BOUND_REACHED, "bound", {}, {"bound": "steps", "limit": 20}),
]


@pytest.mark.parametrize(("kind", "named", "words", "data"), INNER_LIFE, ids=[str(row[0]) for row in INNER_LIFE])
def test_its_trace_tells_its_inner_life_with_the_words(
    as_rita: Caller, run: Run, kind: EventKind, named: str, words: dict[str, str], data: dict[str, Any]
) -> None:
    store(run, kind, words, **data)
    entry = last_entry(as_rita, run)
    read = {name: json.loads(text) if name in ("agenda", "findings") else text for name, text in words.items()}
    assert (entry["type"], entry["kind"], entry["data"]) == (named, str(kind), {**data, **read})
    Text.objects.filter(run=run).update(body="")
    assert last_entry(as_rita, run)["data"] == {**data, **dict.fromkeys(words)}


def test_its_trace_rebuilds_what_a_role_was_asked(as_rita: Caller, run: Run) -> None:
    request = Request("You are the analyst.", (), (UserTurn("Find out."),), {"temperature": 0})
    thread: dict[str, Any] = {"thread": "call_1", "role": "analyst"}
    store(run, EventKind.ROLE_ASKED, {"brief": "Find out."}, **thread)
    run.refresh_from_db()
    answer = {"turn": to_words(turn_to_json(Turn("Found."))), "reasoning": "I looked."}
    called = {"request_sha256": hash_words(request.to_bytes().decode()), "versions": pin_sent(request)}
    usage = {"input_tokens": 9, "cached_tokens": 4, "output_tokens": 2, "cost": "0.1", "latency_ms": 3}
    named = {"model": "openai:small", "request_id": "req_1", "stop_reason": "end", "folded_to": run.last_seq}
    parameters = {"parameters": request.parameters}
    store(run, EventKind.MODEL_ANSWERED, answer, **thread, **called, **usage, **named, **parameters)
    entry = last_entry(as_rita, run)
    assert entry["request_is_exact"] and entry["request"]["system"] == "You are the analyst."
    assert entry["request"]["transcript"] == [{"role": "user", "text": "Find out."}]
    assert (entry["thread"], entry["role"], entry["reasoning"]) == ("call_1", "analyst", "I looked.")
    assert (entry["cached_tokens"], entry["request_id"], entry["model"]) == (4, "req_1", "openai:small")


@pytest.mark.parametrize("what", ["", "/events", "/trace"])
def test_unknown_runs(as_rita: Caller, what: str) -> None:
    assert as_rita("GET", f"runs/00000000-0000-4000-8000-000000000000{what}").said == (404, "not_found")
    assert as_rita("GET", f"runs/17{what}").said == (422, "invalid")


def test_actions_are_listed_in_their_order_and_filtered(as_rita: Caller, run: Run) -> None:
    everything = as_rita.get(f"actions?run={run.pk}")["items"]
    assert [action["kind"] for action in everything] == ["cancel_order", "send_reply"]
    first = as_rita.get("actions?limit=1&status=waiting")
    rest = as_rita.get(f"actions?limit=1&status=waiting&cursor={first['next']}")
    assert [*first["items"], *rest["items"]] == everything and rest["next"] is None
    assert as_rita.get(f"actions?ticket={run.ticket_id}&kind=send_reply")["items"] == everything[1:]
    assert as_rita.get("actions?status=executed")["items"] == []
    assert as_rita.get("actions?status=&kind=&run=&ticket=&cursor=&limit=")["items"] == everything


@pytest.mark.parametrize(
    "query",
    ["status=sleeping", "kind=fly", "run=x", "ticket=0", f"ticket={10**30}", "limit=1000", "cursor=%00", "cursor=W10",
     "cursor=WyIyMDI2LTAxLTAxIiwgImEiLCAxXQ", "cursor=bnVsbA"],
)  # fmt: skip
def test_a_bad_filter_is_named(as_rita: Caller, query: str) -> None:
    answer = as_rita("GET", f"actions?{query}")
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == [query.partition("=")[0]]


def test_a_list_takes_a_fixed_number_of_queries(
    as_rita: Caller, run: Run, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        as_rita.get("actions")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        as_rita.get("tickets")
