"""The agent's inner life in words: how it sorted, planned, assessed, verified, recovered, and whom it asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.categories import CATEGORY_TITLES
from agentdesk.agent.workflows import WORKFLOWS
from agentdesk.pages.findings import read_share
from agentdesk.runs.models import Event, EventKind
from approvals.kinds import CATALOGUE

Bodies = Mapping[str, str]
Parts = dict[str, Any]
RECOVERIES = {
    "retry": "again",
    "other_tool": "another way",
    "ask_customer": "the customer is asked",
    "partial": "the best partial result",
    "escalate": "to people",
}
BOUND_WORDS = {
    "steps": "steps",
    "input_tokens": "tokens in",
    "output_tokens": "tokens out",
    "money": "USD",
    "wall_clock_seconds": "seconds",
    "daily_money": "USD for all runs of a day",
    "steps_without_progress": "steps that changed nothing",
}
OUTCOME_TONES = {"failed": "wait", "unfit": "wait", "changed": "wait"}


@dataclass(frozen=True)
class Fold:
    """Words that open on demand."""

    name: str
    text: str


def fold(name: str, text: str) -> tuple[Fold, ...]:
    """Words to open; nothing where there are none."""
    return (Fold(name, text),) if text else ()


def read_json(text: str) -> Any:
    """Stored words as the value they are; erased ones as nothing."""
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text


def pretty(value: Any) -> str:
    """A JSON value, laid out to be read."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def body_of(event: Event, name: str, bodies: Bodies) -> str:
    """The words an event has under a name; empty where it has none, or they were erased."""
    return bodies.get(event.data.get(name, ""), "")


def count_of(number: int, noun: str) -> str:
    """A number with its noun: `1 step`, `3 steps`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def plain(name: str) -> str:
    """A name of ours as words."""
    return name.replace("_", " ")


def triage_parts(event: Event, bodies: Bodies) -> Parts:
    """What sort of ticket it is, and why."""
    data, reasons = event.data, read_json(body_of(event, "reasons", bodies))
    title = next((words for name, words in CATEGORY_TITLES.items() if name == data.get("category")), "")
    wished = [CATALOGUE[kind].title.lower() for kind in data.get("wished", ()) if kind in CATALOGUE]
    by = "by rules" if data.get("by", "rules") == "rules" else f"by {data['by']}"
    urgency = f"urgency {data['urgency']}" if data.get("urgency") else ""
    return {
        "title": f"Sorted: {title[:1].lower()}{title[1:]}" if title else "Sorted",
        "notes": tuple(map(str, reasons)) if isinstance(reasons, list) else (),
        "figures": tuple(part for part in (by, urgency, ", ".join(wished)) if part),
    }


def agenda_parts(event: Event, bodies: Bodies) -> Parts:
    """How many steps; the agenda as it stands is shown beside the steps."""
    data, agenda = event.data, read_json(body_of(event, "agenda", bodies))
    counts = [count_of(len(data.get("steps", ())), "step")]
    counts += [count_of(data["constraints"], "constraint")] if data.get("constraints") else []
    counts += [count_of(len(data["assumptions"]), "assumption")] if data.get("assumptions") else []
    said = "as the model stated it" if data.get("source") == "model" else "as its calls show it"
    return {"title": f"Agenda: {', '.join(counts)}", "figures": (said,), "folds": fold("The agenda", in_lines(agenda))}


def in_lines(agenda: Any) -> str:
    """An agenda as lines of text."""
    if not isinstance(agenda, Mapping):
        return ""
    steps = [f"{step['id']}. {step['text']}" for step in agenda.get("steps", ())]
    constraints = [f"Bound by: {words}" for words in agenda.get("constraints", ())]
    return "\n".join([*steps, *constraints, *(f"Assumes: {one['text']}" for one in agenda.get("assumptions", ()))])


def assessment_parts(event: Event, bodies: Bodies) -> Parts:
    """How far an answer brought the run, and what it changed."""
    data = event.data
    new, broken = data.get("new_facts", 0), data.get("breaks", ())
    notes = [f"{count_of(new, 'new fact')}" if new else "nothing new"]
    notes += [f"confirms {', '.join(data['confirms'])}"] if data.get("confirms") else []
    notes += [f"breaks {', '.join(broken)}"] if broken else []
    notes += [f"drops {', '.join(data['drops'])}"] if data.get("drops") else []
    tone = "wait" if broken else ""
    return {"title": f"Assessed {data.get('score', '')}", "figures": tuple(notes), "tone": tone, "is_minor": not broken}


def verification_parts(event: Event, bodies: Bodies) -> Parts:
    """Which checks a proposal passed, what the others found, and what that made of the confidence."""
    data, findings = event.data, read_json(body_of(event, "findings", bodies))
    passed, failed = data.get("passed", ()), data.get("failed", ())
    kind = CATALOGUE.get(data.get("kind", ""))
    found = f", {len(failed)} found something" if failed else ""
    return {
        "title": f"Checked: {kind.title.lower() if kind else data.get('kind', '')}",
        "figures": (f"{count_of(len(passed), 'check')} passed{found}", *confidence_figure(data)),
        "notes": tuple(str(one.get("reason", "")) for one in findings) if isinstance(findings, list) else (),
        "folds": fold("Checks it passed", ", ".join(map(plain, passed))),
        "tone": "wait" if failed else "ok",
    }


def confidence_figure(data: Mapping[str, Any]) -> tuple[str, ...]:
    """How sure the model said it is, and how sure that leaves the desk."""
    stated, combined = read_share(data.get("stated")), read_share(data.get("confidence"))
    if stated is None:
        return ("no confidence stated",)
    return (f"sure {stated}",) if stated == combined else (f"sure {stated}, with the findings {combined}",)


def recovery_parts(event: Event, bodies: Bodies) -> Parts:
    """What failed, and what was chosen to do about it."""
    data = event.data
    how = str(data.get("how", ""))
    asked = tuple(str(data[name]) for name in ("model", "tool") if data.get(name))
    tries = (f"time {data['times']}",) if data.get("times") else ()
    to_people = data.get("recovery") == "escalate"
    return {
        "title": f"{plain(data.get('failure', '')).capitalize()}: {RECOVERIES.get(data.get('recovery', ''), '')}",
        "text": how[:1].upper() + how[1:] + "." if how else "",
        "notes": tuple(part for part in (body_of(event, "error", bodies),) if part),
        "figures": (*asked, *tries),
        "folds": fold("What the model was told", body_of(event, "told", bodies)),
        "tone": "bad" if to_people else "wait",
    }


def asked_parts(event: Event, bodies: Bodies) -> Parts:
    """What was handed to a role."""
    return {
        "title": f"Asked the {event.data.get('role', 'role')}",
        "folds": fold("What it was given", body_of(event, "brief", bodies)),
    }


def answered_parts(event: Event, bodies: Bodies) -> Parts:
    """What a role made of it, or why it has no answer."""
    data, reason = event.data, body_of(event, "reason", bodies)
    return {
        "title": f"The {data.get('role', 'role')} {'gave up' if 'reason' in data else 'answered'}",
        "text": reason,
        "folds": fold("Its answer", pretty(read_json(body_of(event, "answer", bodies)))),
        "tone": "bad" if "reason" in data else "",
    }


def workflow_parts(event: Event, bodies: Bodies) -> Parts:
    """Which step of which workflow, what it came to, and where that leads."""
    data, findings = event.data, read_json(body_of(event, "findings", bodies))
    workflow = WORKFLOWS.get(data.get("workflow", ""))
    steps = {step.name: step.title for step in workflow.steps} if workflow else {}
    name, target = data.get("step", ""), data.get("next", "")
    return {
        "title": f"{steps.get(name, plain(name))} → {data.get('outcome', '')}",
        "figures": (
            f"workflow {workflow.title if workflow else data.get('workflow', '')} {data.get('version', '')}",
            plain(data.get("kind", "")),
            f"then: {steps.get(target, plain(target))}",
        ),
        "notes": tuple(map(str, findings)) if isinstance(findings, list) else (),
        "folds": fold("What the loop was told", body_of(event, "told", bodies)),
        "tone": OUTCOME_TONES.get(data.get("outcome", ""), ""),
    }


def bound_parts(event: Event, bodies: Bodies) -> Parts:
    """Which bound."""
    name = event.data.get("bound", "")
    return {"text": f"{event.data.get('limit', '')} {BOUND_WORDS.get(name, plain(name))}", "tone": "bad"}


INNER_LIFE: Mapping[EventKind, Callable[[Event, Bodies], Parts]] = {
    EventKind.TICKET_TRIAGED: triage_parts,
    EventKind.AGENDA_MADE: agenda_parts,
    EventKind.STEP_ASSESSED: assessment_parts,
    EventKind.DRAFT_VERIFIED: verification_parts,
    EventKind.RECOVERY_CHOSEN: recovery_parts,
    EventKind.ROLE_ASKED: asked_parts,
    EventKind.ROLE_ANSWERED: answered_parts,
    EventKind.WORKFLOW_STEPPED: workflow_parts,
    EventKind.BOUND_REACHED: bound_parts,
}
