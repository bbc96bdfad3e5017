"""A run pins what it is made of when it starts: any past request is rebuilt from rows alone, files or no files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import DEFAULT_BOUNDS, Bounds
from agentdesk.agent.categories import Category
from agentdesk.agent.language_model import Request, Turn
from agentdesk.agent.request_hash import RequestHasher
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.agent.tools import TOOLS
from agentdesk.runs import instructing
from agentdesk.runs.agent_versions import publish_agent
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import read_prompt, rebuild_request, tools_pinned
from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, PinnedText, Run
from agentdesk.runs.pins import pin, pinned
from agentdesk.runs.transcript import fold_transcript
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db

SCRIPT = [call(1, "get_order", order_id="#W0000001"), call(2, "cancel_order", **CANCEL), Turn(""), DONE]


def start(ticket: Ticket) -> Run:
    return start_run(ticket.pk, mode="dry_run", started_by="system", now=timezone.now())


def publish(**values: object) -> AgentSettings:
    settings = AgentSettings().model_copy(update=values)
    return publish_agent(settings, base_version=0, note="", by=None, now=timezone.now())


def test_a_ticket_is_sorted_when_its_run_starts(run: Run, ticket: Ticket) -> None:
    assert kinds_of(run)[:2] == ["run.started", "ticket.triaged"]
    sorted_as = Event.objects.get(run=run, kind="ticket.triaged").data
    assert (sorted_as["category"], sorted_as["wished"][0], sorted_as["by"]) == (
        "order_change", "cancel_order", "rules",
    )  # fmt: skip
    ticket.refresh_from_db()
    assert run.category == ticket.category == "order_change"
    told = TicketEvent.objects.filter(ticket=ticket, kind="ticket.sorted")
    assert [event.data for event in told] == [{"category": "order_change"}]
    start(ticket)
    assert TicketEvent.objects.filter(ticket=ticket, kind="ticket.sorted").count() == 1


def test_a_run_is_bound_to_what_was_published_when_it_started(ticket: Ticket) -> None:
    own = Bounds(steps=7, wall_clock_seconds=33, tools=("get_order", "send_reply", "escalate"))
    settings = publish(guidance="We say hello.", bounds={**DEFAULT_BOUNDS, Category.ORDER_CHANGE: own})
    run = start(ticket)
    assert (run.agent_version, run.step_limit, run.wall_clock_seconds) == (settings.version, 7, 33)
    assert Bounds.model_validate(run.bounds) == own
    assert "<guidance>\nWe say hello.\n</guidance>" in pinned(run.versions["system"])
    assert [tool.name for tool in tools_pinned(run.versions["tools"])] == ["get_order", "send_reply", "escalate"]
    publish_agent(AgentSettings(), base_version=settings.version, note="", by=None, now=timezone.now())
    run.refresh_from_db()
    assert run.agent_version == settings.version


def test_a_request_offers_ten_tools_and_the_run_keeps_them(play: Play) -> None:
    seen: list[Request] = []

    def look(request: Request) -> Turn:
        seen.append(request)
        return SCRIPT[len(seen) - 1]

    run = play(look, look)
    assert len(seen[0].tools) == 10
    assert seen[0].tools is seen[1].tools
    assert seen[0].parameters == {"cache_key": run.pk.hex}


def test_the_offline_model_is_told_all_that_is_allowed(run: Run) -> None:
    seen: list[Request] = []

    def look(request: Request) -> Turn:
        seen.append(request)
        return DONE

    advance_run(run.pk, model=ScriptedModel([look], "offline"))
    assert seen[0].parameters["allowed"] == run.bounds["tools"]


@pytest.fixture
def changed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another release: other prompts, and tools of another description."""
    for name in ("agent.md", "simple.md"):
        (tmp_path / name).write_text("All is different now.", encoding="utf-8")
    monkeypatch.setattr(instructing, "PROMPTS", tmp_path)
    monkeypatch.setattr(instructing, "TOOLS", TOOLS[:1])
    read_prompt.cache_clear()
    yield
    read_prompt.cache_clear()


def require_rebuilt(run: Run) -> None:
    answered = Event.objects.filter(run=run, kind="model.answered")
    assert answered.count() == run.steps > 0
    for event in answered:
        request = rebuild_request(event, fold_transcript(run.pk, until=event.data["folded_to"]).entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]


def test_requests_are_rebuilt_from_rows_after_the_files_changed(play: Play, request: pytest.FixtureRequest) -> None:
    run = play(*SCRIPT)
    assert (run.status, run.steps) == ("waiting", 4)
    request.getfixturevalue("changed_files")
    pinned.cache_clear()
    tools_pinned.cache_clear()
    require_rebuilt(run)


def test_a_run_goes_on_with_what_it_started_with(play: Play, request: pytest.FixtureRequest, run: Run) -> None:
    before = pinned(run.versions["system"])
    request.getfixturevalue("changed_files")
    seen: list[Request] = []

    def look(asked: Request) -> Turn:
        seen.append(asked)
        return DONE

    play(look)
    assert (seen[0].system, len(seen[0].tools)) == (before, 10)


def test_a_pin_is_stored_once() -> None:
    count = PinnedText.objects.count()
    assert pin("Be kind.") == pin("Be kind.") == hash_words("Be kind.")
    assert PinnedText.objects.count() == count + 1
    assert pinned(hash_words("Be kind.")) == "Be kind."


def test_a_growing_transcript_is_hashed_as_a_whole_one(run: Run, play: Play) -> None:
    run = play(*SCRIPT)
    entries = fold_transcript(run.pk).entries
    hasher = RequestHasher()
    for place in (1, 3, len(entries), 2):
        request = Request("sys", TOOLS, entries[:place], {"cache_key": "ü"})
        measured = hasher.measure(request)
        assert measured.sha256 == hash_words(request.to_bytes().decode())
        assert measured.size == len(request.to_bytes())
    cooler = Request("sys", TOOLS, entries, {"cache_key": "ü", "temperature": 0})
    assert hasher.measure(cooler).sha256 == hash_words(cooler.to_bytes().decode())
