"""What a socket sends to browsers: rendered regions, the same for every viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from agentdesk.pages.presenting import STATUS_TONES
from agentdesk.pages.run_state import run_state
from agentdesk.pages.timeline import steps_of
from agentdesk.runs.models import Event, EventKind, Run
from agentdesk.runs.queries import QueueNews
from approvals.models import Action, Decision
from tickets.onlookers import Attention


def render_run_news(run_id: UUID, events: list[Event]) -> str:
    """The new steps, and the run's state as it is now."""
    run = Run.objects.select_related("ticket").get(pk=run_id)
    context = {"steps": steps_of(run_id, events), "is_news": True, "is_written": any(map(is_stored, events))}
    return render_to_string("runs/_news.html", context | run_state(run))


def is_stored(event: Event) -> bool:
    """Whether what was being written is now in the log, or nobody writes any more."""
    return event.kind in (
        EventKind.MODEL_ANSWERED,
        EventKind.RECOVERY_CHOSEN,
        EventKind.RUN_PAUSED,
        EventKind.RUN_ENDED,
    )


def render_partial(partial: Mapping[str, Any]) -> str:
    """The turn being written, in the place that the next event clears."""
    return render_to_string("runs/_writing.html", {"partial": partial, "is_news": True})


def render_queue_news(news: QueueNews) -> str:
    """The count, and of each changed action where it stands; the page decides what of it it shows."""
    return render_to_string("queue/_news.html", {"news": news, "changed": list(changed_rows(news.changed))})


def render_bulk_news(bulk: Mapping[str, Any]) -> str:
    """How far a bulk is; the page that began it reads it."""
    return render_to_string("queue/_bulk_news.html", {"bulk": bulk})


def render_attention_news(changed: Mapping[int, Attention]) -> str:
    """Each ticket somebody attends to otherwise than before; the page says it in its reader's zone."""
    return render_to_string("attention/_news.html", {"changed": changed.items()})


def changed_rows(ids: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Each changed action with its status, its digest, its last decision, and in words who decided."""
    named = [UUID(name) for name in ids]
    decisions = Decision.objects.filter(action__in=named).select_related("person").order_by("id")
    last = {decision.action_id: decision for decision in decisions}
    for action in Action.objects.filter(pk__in=named).only("pk", "status", "digest", "ticket"):
        decision = last.get(action.pk)
        status = STATUS_TONES[action.status].word
        who = f"{decision.person} {decision.get_verdict_display()} this" if decision else status
        shown = {"id": action.pk, "status": action.status, "digest": action.digest, "ticket": action.ticket_id}
        yield {**shown, "decision": decision.pk if decision else 0, "word": status, "words": who}
