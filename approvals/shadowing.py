"""The shadow compared with people: what the agent planned unseen, beside what they then did on the same ticket.

Only plans nobody was shown count: a dry run's are read by whoever asked for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from django.db.models import Q, QuerySet

from approvals.judging import MODE_REASONS
from approvals.models import Action, ActionStatus
from tickets.models import Person, Role, Ticket

How = Literal["same", "other", "not_done"]
HOW_WORDS: Mapping[How, str] = {
    "same": "done the same",
    "other": "done otherwise",
    "not_done": "not done by people",
}
ALIKE = 0.6
"""From this share of words in common, in their order, a person's reply says what the planned one did."""

HAPPENED = (ActionStatus.APPROVED, ActionStatus.EXECUTING, ActionStatus.EXECUTED)
OVER = ("solved", "closed")


@dataclass(frozen=True)
class Comparison:
    """One plan of the shadow beside what people did: how it differs, when that was known, and how alike replies are."""

    plan: Action
    how: How
    at: datetime
    deed: Action | None = None
    likeness: float | None = None

    @property
    def words(self) -> str:
        """As one reads it."""
        return HOW_WORDS[self.how]

    @property
    def is_same(self) -> bool:
        return self.how == "same"


IN_SHADOW = Q(~Q(facts__has_key="is_dry"), status=ActionStatus.PLANNED, reasons__icontains=MODE_REASONS["shadow"])
"""What was planned in the shadow by a run that people were not shown."""

SEE_SHADOWS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Who may see what the shadow planned: whoever decides on the same tickets would be led by it."""


WHO_SEES = "Who can: admins and auditors."


def visible_to(person: Person, actions: QuerySet[Action]) -> QuerySet[Action]:
    """Of these actions, those this person may see."""
    return actions if person.role in SEE_SHADOWS else actions.exclude(IN_SHADOW)


def is_hidden_from(person: Person, actions: QuerySet[Action]) -> bool:
    """Whether any of these actions was planned where this person does not see it."""
    return person.role not in SEE_SHADOWS and actions.filter(IN_SHADOW).exists()


class InTheShadow(Exception):
    """This is planned in the shadow and compared with what people do, so those who do it are not shown it."""


def require_visible(person: Person, actions: QuerySet[Action]) -> None:
    """Raises: InTheShadow, where any of these actions was planned where this person does not see it."""
    if is_hidden_from(person, actions):
        raise InTheShadow(InTheShadow.__doc__)


def compare_shadows(plans: QuerySet[Action], *, since: datetime, limit: int) -> Iterator[Comparison]:
    """The newest shadow plans people have acted on, with how that compares; what they left open has no comparison."""
    newest = list(plans.filter(IN_SHADOW, proposed_at__gte=since).order_by("-proposed_at")[:limit])
    tickets = {plan.ticket_id for plan in newest}
    deeds = deeds_on(tickets)
    ended = dict(Ticket.objects.filter(pk__in=tickets, status__in=OVER).values_list("pk", "updated_at"))
    for plan in newest:
        later = [deed for deed in deeds[plan.ticket_id] if deed.proposed_at >= plan.proposed_at]
        found = compare(plan, later, ended.get(plan.ticket_id))
        if found is not None:
            yield found


def deeds_on(tickets: Iterable[int]) -> Mapping[int, list[Action]]:
    """What people did themselves on these tickets, in order."""
    by_people = Action.objects.filter(ticket__in=tickets, proposer__startswith="person:", status__in=HAPPENED)
    found: dict[int, list[Action]] = defaultdict(list)
    for deed in by_people.order_by("proposed_at"):
        found[deed.ticket_id].append(deed)
    return found


def compare(plan: Action, later: list[Action], ended_at: datetime | None) -> Comparison | None:
    """One plan beside what people did after it; None while they may still do it."""
    alike = [deed for deed in later if deed.kind == plan.kind]
    for deed in alike:
        if is_same(plan, deed):
            return Comparison(plan, "same", deed.proposed_at, deed, likeness(plan, deed))
    if alike:
        return Comparison(plan, "other", alike[0].proposed_at, alike[0], likeness(plan, alike[0]))
    answers = [deed.proposed_at for deed in later if deed.kind == "send_reply"]
    known_at = answers[0] if answers else ended_at
    return Comparison(plan, "not_done", known_at) if known_at and known_at >= plan.proposed_at else None


def is_same(plan: Action, deed: Action) -> bool:
    """Whether a person did what was planned: the same effects, or a reply that says the same."""
    like = likeness(plan, deed)
    return plan.arguments == deed.arguments if like is None else like >= ALIKE


def likeness(plan: Action, deed: Action) -> float | None:
    """How alike two replies are, word by word, 0 to 1; None for what is no reply."""
    if plan.kind != "send_reply":
        return None
    return SequenceMatcher(None, words_of(plan), words_of(deed), autojunk=False).ratio()


def words_of(reply: Action) -> list[str]:
    """The words of a reply, in lower case."""
    body: Any = reply.arguments.get("body", "")
    return re.findall(r"\w+", str(body).lower())
