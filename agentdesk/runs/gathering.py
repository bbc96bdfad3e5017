"""Gathering what a run knows for a fact: from its transcript, for the checks of a draft or an action's arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from agentdesk.agent.assessing import is_failed
from agentdesk.agent.checks.incoming import check_incoming
from agentdesk.agent.course import HOUSE_ERRORS, AnsweredCall, Course, CourseReader
from agentdesk.agent.evidence import Evidence, ProposedAction, Source
from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import Entry, ToolCall, model_turn_from_json
from agentdesk.agent.roles import HANDING
from agentdesk.runs.models import Event, EventKind, Text
from agentdesk.runs.read_tools import ANSWERS
from approvals.models import Action
from tickets.effects import describe, effect_from_json

ERASED = '{"text": "", "tool_calls": []}'
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SMALLEST_TELLING = 100
"""Whole numbers below this are counts and shares; a calculation may bring them in by itself."""
TOLD_OF_ANSWERS = frozenset({"injection"})
"""What is looked for in tool answers and articles: their own data is no wish of the customer's."""


def load_course(run_id: UUID) -> Course:
    """The course of a run from its log: its main transcript, and what the tools answered in all of its threads."""
    told = (EventKind.RUN_STARTED, EventKind.MODEL_ANSWERED, EventKind.TOOL_ANSWERED, EventKind.RUN_RESUMED)
    events = list(Event.objects.filter(run_id=run_id, kind__in=told).order_by("seq"))
    bodies = dict(Text.objects.filter(run_id=run_id).values_list("sha256", "body"))
    course = Course()
    for event in events:
        note_event(event, bodies, course)
    return course


def note_event(event: Event, bodies: Mapping[str, str], course: Course) -> None:
    """Tells a course of one event."""
    if event.kind == EventKind.MODEL_ANSWERED:
        turn = model_turn_from_json(
            json.loads(bodies.get(event.data.get("turn", ""), '{"text": "", "tool_calls": []}'))
        )
        if event.data.get("thread"):
            course.expect(turn.tool_calls)
        else:
            course.note_turn(turn.text, turn.tool_calls)
    elif event.kind == EventKind.TOOL_ANSWERED:
        words = bodies.get(event.data.get("answer", ""), "")
        course.note_stored(event.data["tool_call_id"], words, event.data["tool"], event.data.get("thread", ""))
    else:
        name = "brief" if event.kind == EventKind.RUN_STARTED else "decisions"
        course.note_told(bodies.get(event.data.get(name, ""), ""))


def read_ticket(brief: str) -> dict[str, Any]:
    """The ticket as a run was told of it; empty where its words were erased."""
    place = brief.find("{")
    try:
        return cast(dict[str, Any], json.JSONDecoder().raw_decode(brief[place:])[0]) if place >= 0 else {}
    except ValueError:
        return {}


def gather_evidence(course: Course, ticket: Mapping[str, Any], actions: Sequence[Action]) -> Evidence:
    """All a claim can rest on: the ticket, the tools' own answers, the articles, and this run's actions.

    What an earlier run came to, what a role said and what a model calculated from numbers of its own are a model's
    words, and prove nothing.
    """
    said = {name: value for name, value in ticket.items() if name != "findings"}
    sources = [Source("ticket", "ticket", said), *sources_of(course.calls, said)]
    return Evidence(tuple(sources), tuple(proposed_of(action) for action in actions), customer_of(course, ticket))


def sources_of(calls: Iterable[AnsweredCall], ticket: Mapping[str, Any]) -> Iterator[Source]:
    """The sources the answers are, each under the names a citation gives it."""
    known = [json.dumps(ticket, ensure_ascii=False)]
    for one in calls:
        if one.call.name not in ANSWERS or is_failed(one.value) or not rests_on(one.call, known):
            continue
        for hit in hits_of(one.call.name, one.value):
            yield Source(f"article:{hit['slug']}@{hit['revision']}", "article", hit)
        yield Source(f"tool:{one.call.tool_call_id}", "tool", one.value, one.call.name)
        known.append(json.dumps(one.value, ensure_ascii=False))


def rests_on(call: ToolCall, known: Iterable[str]) -> bool:
    """Whether a calculation only takes numbers that stand in what is known; anything else always does."""
    if call.name != "calculate" or not isinstance(call.arguments, Mapping):
        return True
    numbers = NUMBER.findall(str(call.arguments.get("expression", "")))
    telling = [number for number in numbers if "." in number or int(number) >= SMALLEST_TELLING]
    stated = {number for words in known for number in NUMBER.findall(words)} if telling else set()
    return stated.issuperset(telling)


def hits_of(tool: str, value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The articles a search found."""
    return list(value.get("hits", ())) if tool == "search_knowledge" else []


def knowledge_of(tool: str, value: Mapping[str, Any]) -> list[str]:
    """The articles in a search's answer as `slug@revision`, each once."""
    return list(dict.fromkeys(f"{hit['slug']}@{hit['revision']}" for hit in hits_of(tool, value)))


def proposed_of(action: Action) -> ProposedAction:
    """An action of this run as the checks know it."""
    effects = tuple(describe(effect_from_json(effect)) for effect in action.effects)
    return ProposedAction(action.kind, action.arguments, effects, action.status, f"{action.amount:.2f}")


def customer_of(course: Course, ticket: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ticket's customer, with what the last look-up told of them."""
    found = [one.value for one in course.calls if one.call.name == "find_customer" and not is_failed(one.value)]
    return {**ticket.get("customer", {}), **(found[-1] if found else {})}


def find_incoming(course: Course, ticket: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the checks of incoming text find in the customer's messages and the tools' answers, each check once."""
    customer = json.dumps(ticket.get("customer", {}), sort_keys=True)
    found: dict[str, Finding] = {}
    for text in texts_of_ticket(ticket):
        for one in check_text(text, customer):
            found.setdefault(one.check, one)
    for answered in course.calls:
        if not answered.is_write and not is_house_word(answered):
            for one in check_text("\n".join(strings_of(answered.value)), customer):
                if one.check in TOLD_OF_ANSWERS:
                    found.setdefault(one.check, one)
    return tuple(found.values())


def is_house_word(answered: AnsweredCall) -> bool:
    """Whether an answer is an error in the house's own words, which name tools as else only an attack would."""
    tool = ANSWERS.get(answered.call.name)
    is_ours = tool is None or not tool.leaves_process or answered.value.get("error") in HOUSE_ERRORS
    return is_failed(answered.value) and is_ours


def texts_of_ticket(ticket: Mapping[str, Any]) -> Iterator[str]:
    """The subject, and what the customer wrote."""
    yield str(ticket.get("ticket", {}).get("subject", ""))
    for message in ticket.get("messages", ()):
        if message.get("direction") == "inbound":
            yield str(message.get("body", ""))


def strings_of(value: Any) -> Iterator[str]:
    """Every text in a JSON value that can hold an instruction: one word cannot."""
    open_parts = [value]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, str):
            if " " in part:
                yield part
        elif isinstance(part, Mapping):
            open_parts += part.values()
        elif isinstance(part, list | tuple):
            open_parts += part


@lru_cache(maxsize=512)
def check_text(text: str, customer: str) -> tuple[Finding, ...]:
    """The checks of one text of one customer (as JSON), once: a run asks of the same texts with every proposal."""
    return check_incoming(text, json.loads(customer)) if text.strip() else ()


def course_of(run_id: UUID, entries: Sequence[Entry] | None, reader: CourseReader | None = None) -> Course:
    """The course that a transcript shows, where no role has looked things up beside it; else that of the whole log.

    `reader` has read earlier parts of the same transcript, if any.
    """
    course = (reader or CourseReader()).read(entries) if entries is not None else None
    if course is None or any(is_handed(one.call) for one in course.calls):
        return load_course(run_id)
    return course


def is_handed(call: ToolCall) -> bool:
    """Whether a call goes to a role."""
    return call.name in HANDING
