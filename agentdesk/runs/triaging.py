"""Sorting a ticket once more by a small model, where one is set: the rules' result stands wherever it fails.

The rules alone decide that people are called; a model may add to that and takes nothing of it away.
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from agentdesk.agent.categories import Category
from agentdesk.agent.language_model import ModelFailed
from agentdesk.agent.triage import MOST_CERTAIN, PRIORITIES, Triage
from agentdesk.runs.agent_versions import agent_version
from agentdesk.runs.instructing import pinned_columns
from agentdesk.runs.lifecycle import AGENT, fact_of_triage
from agentdesk.runs.log import append_facts
from agentdesk.runs.models import Event, EventKind
from agentdesk.runs.role_threads import RoleFailed, Task, ask_for_value, ticket_words
from agentdesk.runs.work import OutOfBounds, Work
from approvals.kinds import PROPOSABLE
from tickets.operations import sort_ticket
from tickets.queries import lock_customer

THREAD = "triage"
BY_RULES = "rules"
MODEL_REASON = "A small model read it so."


class Sorted(BaseModel):
    """A small model's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Category
    wished: Annotated[tuple[Literal[*PROPOSABLE], ...], Field(max_length=len(PROPOSABLE))]  # type: ignore[valid-type]
    urgency: Literal["low", "normal", "high", "urgent"]


def refine_triage(work: Work) -> None:
    """Has the small model sort a fresh run's ticket, in one call; what it says becomes the run's category and bounds.

    Raises: Paused, LeaseLost.
    """
    told = Event.objects.filter(run=work.run, kind=EventKind.TICKET_TRIAGED).order_by("-seq").first()
    if told is None or told.data["by"] != BY_RULES or told.data["category"] == Category.PEOPLE:
        return
    brief = f"{ticket_words(work)}\n\nSort the ticket."
    task = Task("triage", THREAD, brief, tries=1, models=settings.AGENTDESK_SMALL_MODEL)
    try:
        said = ask_for_value(task, work, Sorted)
    except (RoleFailed, ModelFailed, OutOfBounds):
        return
    wished = tuple(dict.fromkeys((*said.wished, *told.data["wished"])))[:MOST_CERTAIN]
    urgency = max(said.urgency, told.data["urgency"], key=PRIORITIES.index)
    sort_run(work, Triage(said.category, (MODEL_REASON,), wished, urgency))


@transaction.atomic
def sort_run(work: Work, found: Triage) -> None:
    """The run under another category: its bounds and tools with it. Raises: LeaseLost."""
    run, now = work.run, work.clock()
    lock_customer(run.ticket.customer_id)
    columns = pinned_columns(agent_version(run.agent_version), found.category, found.wished)
    fact = fact_of_triage(found, by=settings.AGENTDESK_SMALL_MODEL)
    work.seq = append_facts(run.pk, [fact], at=now, fence=run.fence, **columns).last_seq
    sort_ticket(run.ticket, found.category, actor=AGENT, now=now)
    for name, value in columns.items():
        setattr(run, name, value)
    work.__dict__.pop("bounds", None)
