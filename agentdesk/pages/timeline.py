"""A run's events as steps a person can follow: what the model said and asked, what tools answered, who decided what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agentdesk.agent.agenda import BLOCK as AGENDA_BLOCK
from agentdesk.agent.tools import split_statement
from agentdesk.pages.inner_life import INNER_LIFE, Bodies, Fold, Parts, fold, pretty, read_json
from agentdesk.pages.presenting import STATUS_TONES
from agentdesk.runs.models import Event, EventKind, RunStatus
from agentdesk.runs.queries import words_of
from approvals.kinds import CATALOGUE
from approvals.models import Action

WORDED = (
    "turn",
    "answer",
    "brief",
    "decisions",
    "reason",
    "agenda",
    "findings",
    "reasons",
    "error",
    "reasoning",
    "told",
)
ICONS: Mapping[str, str] = {
    EventKind.RUN_STARTED: "play",
    EventKind.TICKET_TRIAGED: "inbox",
    EventKind.AGENDA_MADE: "list",
    EventKind.MODEL_ANSWERED: "cpu",
    EventKind.TOOL_ANSWERED: "tool",
    EventKind.STEP_ASSESSED: "eye",
    EventKind.DRAFT_VERIFIED: "shield",
    EventKind.RECOVERY_CHOSEN: "undo",
    EventKind.ROLE_ASKED: "people",
    EventKind.ROLE_ANSWERED: "people",
    EventKind.WORKFLOW_STEPPED: "forward",
    EventKind.ACTION_PROPOSED: "queue",
    EventKind.ACTION_DECIDED: "person",
    EventKind.ACTION_SETTLED: "check",
    EventKind.RUN_WAITING: "hourglass",
    EventKind.RUN_RESUMED: "play",
    EventKind.RUN_PAUSED: "pause",
    EventKind.BOUND_REACHED: "alert",
    EventKind.RUN_ENDED: "stop",
}
BRIEF_NAME = "What the agent was told"
VERDICT_WORDS = {
    "approve": "approved",
    "reject": "rejected",
    "amend": "edited",
    "withdraw": "took back",
}


@dataclass(frozen=True)
class Call:
    """A tool call as it was asked for; why, what was passed over, and how sure, stand apart from its arguments."""

    name: str
    arguments: str
    rationale: str = ""
    alternatives: tuple[str, ...] = ()
    confidence: str = ""


@dataclass(frozen=True)
class Step:
    """One event, readable. `role` is who worked in a thread beside the run's own transcript."""

    seq: int
    at: datetime
    icon: str
    title: str
    actor: str
    text: str = ""
    calls: tuple[Call, ...] = ()
    notes: tuple[str, ...] = ()
    folds: tuple[Fold, ...] = ()
    figures: tuple[str, ...] = ()
    action_id: str = ""
    action_name: str = ""
    role: str = ""
    is_minor: bool = False
    tone: str = field(default="")


def steps_of(run_id: UUID, events: Sequence[Event]) -> list[Step]:
    """The events as steps, in order."""
    names = [event.data[name] for event in events for name in WORDED if isinstance(event.data.get(name), str)]
    bodies = words_of(run_id, names)
    ids = {event.data["action_id"] for event in events if event.data.get("action_id")}
    summaries = {str(pk): text for pk, text in Action.objects.filter(pk__in=ids).values_list("pk", "summary")}
    roles = roles_of(run_id, events)
    return [step_of(event, bodies, summaries, roles) for event in events]


def roles_of(run_id: UUID, events: Sequence[Event]) -> dict[str, str]:
    """Which role works in each thread that the events name; a workflow's thread is its own."""
    threads = {event.data["thread"] for event in events if event.data.get("thread")}
    roles = {thread: "workflow" for thread in threads if thread.startswith("workflow:")}
    if threads - roles.keys():
        asked = Event.objects.filter(run_id=run_id, kind=EventKind.ROLE_ASKED).order_by("seq")
        roles |= {event.data["thread"]: event.data["role"] for event in asked if event.data["thread"] not in roles}
    return roles


def step_of(event: Event, bodies: Bodies, summaries: Mapping[str, str], roles: Mapping[str, str]) -> Step:
    """One event as a step."""
    kind, data = EventKind(event.kind), event.data
    parts = PARTS.get(kind, plain_parts)(event, bodies)
    action_id, thread = str(data.get("action_id") or ""), data.get("thread", "")
    return Step(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        action_id=action_id,
        action_name=summaries.get(action_id, ""),
        role=(data.get("role") or roles.get(thread, "role")) if thread else "",
        **{"title": kind.label, "icon": ICONS.get(kind, "info"), **parts},
    )


def plain_parts(event: Event, bodies: Bodies) -> Parts:
    """An event that needs no more than its name."""
    return {}


def started_parts(event: Event, bodies: Bodies) -> Parts:
    """What the run is pinned to, and what the model was told first."""
    data = event.data
    figures = (f"model {data.get('model', '')}", f"policy {data.get('policy_version', '')}")
    return {"figures": figures, "folds": fold(BRIEF_NAME, bodies.get(data.get("brief", ""), ""))}


def turn_parts(event: Event, bodies: Bodies) -> Parts:
    """What the model said and which tools it called, with its tokens, cost and time."""
    data, turn = event.data, read_json(bodies.get(event.data.get("turn", ""), ""))
    said = turn if isinstance(turn, Mapping) else {}
    return {
        "title": f"{data.get('answered_by') or data.get('model') or 'The model'} answered",
        "text": AGENDA_BLOCK.sub("", said.get("text", "")).strip(),
        "calls": tuple(call_of(name, arguments) for _, name, arguments in said.get("tool_calls", ())),
        "figures": figures_of(data),
        "folds": fold("Its reasoning, as the provider sums it up", bodies.get(data.get("reasoning", ""), "")),
    }


def call_of(name: str, arguments: Any) -> Call:
    """One call; a model may state its reason in any shape."""
    if not isinstance(arguments, Mapping):
        return Call(name, pretty(arguments))
    own, stated = split_statement(arguments)
    passed_over = stated.get("alternatives")
    return Call(
        name,
        pretty(own),
        str(stated.get("rationale") or ""),
        tuple(map(str, passed_over)) if isinstance(passed_over, list) else (),
        "" if stated.get("confidence") is None else str(stated["confidence"]),
    )


def figures_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What a model call took: tokens with the cached share, cost, seconds, and the provider's name for it."""
    told, said, cached = data.get("input_tokens", 0), data.get("output_tokens", 0), data.get("cached_tokens", 0)
    tokens = f"{told} + {said} tokens" if told or said else ""
    share = f"{round(100 * cached / told)} % from cache" if cached and told else ""
    cost = f"{data['cost']} USD" if data.get("cost") not in (None, "0", 0) else ""
    seconds = f"{data['latency_ms'] / 1000:.1f} s" if data.get("latency_ms", 0) >= 50 else ""
    ended = data.get("stop_reason", "end")
    stop = "" if ended in ("end", "tool_use", "") else f"stopped: {ended}"
    return tuple(part for part in (tokens, share, cost, seconds, stop, data.get("request_id", "")) if part)


def answer_parts(event: Event, bodies: Bodies) -> Parts:
    """Which tool answered, and what."""
    data, answer = event.data, bodies.get(event.data.get("answer", ""), "")
    title = f"{data.get('tool', 'A tool')} answered"
    parts: Parts = {"title": title, "folds": fold("Its answer", pretty(read_json(answer)))}
    if data.get("malformed"):
        return parts | {"title": f"{title}: the call did not fit", "tone": "bad"}
    if data.get("same_as"):
        return parts | {"title": f"{title} as before", "figures": (f"the same as {data['same_as']}, looked up once",)}
    return parts


def proposed_parts(event: Event, bodies: Bodies) -> Parts:
    """Which kind was proposed, and where the policy put it."""
    data = event.data
    kind, status = CATALOGUE.get(data.get("kind", "")), STATUS_TONES.get(data.get("status", ""))
    title = f"Proposed: {kind.title.lower() if kind else data.get('kind', '')}"
    return {"title": title, "figures": (status.word.lower(),) if status else (), "tone": status.tone if status else ""}


def decided_parts(event: Event, bodies: Bodies) -> Parts:
    """Who decided what."""
    name = event.actor.partition(":")[2]
    return {"title": f"{name.capitalize()} {VERDICT_WORDS.get(event.data.get('verdict', ''), 'decided')}"}


def settled_parts(event: Event, bodies: Bodies) -> Parts:
    """What an action came to."""
    data, status = event.data, STATUS_TONES.get(event.data.get("status", ""))
    kind = CATALOGUE.get(data.get("kind", ""))
    name = kind.title if kind else data.get("kind", "")
    return {
        "title": f"{name}: {status.word.lower() if status else ''}",
        "icon": status.icon if status else "check",
        "text": bodies.get(data.get("reason", ""), ""),
        "tone": status.tone if status else "",
    }


def resumed_parts(event: Event, bodies: Bodies) -> Parts:
    """What the model was told on the way."""
    return {"folds": fold(BRIEF_NAME, bodies.get(event.data.get("decisions", ""), ""))}


def ended_parts(event: Event, bodies: Bodies) -> Parts:
    """How it ended."""
    status = event.data.get("status", "")
    word = RunStatus(status).label if status in RunStatus.values else status
    return {"title": f"The run ended: {word.lower()}", "text": bodies.get(event.data.get("reason", ""), "")}


PARTS: Mapping[EventKind, Callable[[Event, Bodies], Parts]] = {
    **INNER_LIFE,
    EventKind.RUN_STARTED: started_parts,
    EventKind.MODEL_ANSWERED: turn_parts,
    EventKind.TOOL_ANSWERED: answer_parts,
    EventKind.ACTION_PROPOSED: proposed_parts,
    EventKind.ACTION_DECIDED: decided_parts,
    EventKind.ACTION_SETTLED: settled_parts,
    EventKind.RUN_RESUMED: resumed_parts,
    EventKind.RUN_ENDED: ended_parts,
}


def waiting_for(actions: Iterable[Action]) -> tuple[str, datetime | None]:
    """Whom a run waits for, and until when the first of it expires."""
    waiting = [action for action in actions if action.status == "waiting"]
    ranks = {"support": 0, "manager": 1, "admin": 2}
    who = max((action.approver for action in waiting), key=lambda role: ranks[role], default="")
    until = min((action.expires_at for action in waiting if action.expires_at), default=None)
    return who, until
