"""What checks found about an action, in words; and how that lowered the confidence the model stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from agentdesk.agent.confidence import OTHERWISE, WEIGHTS
from agentdesk.runs.models import Event, EventKind
from approvals.judging import always_waits_for, check_of, waits_for
from approvals.models import Action

QUOTED = re.compile("“([^“”]+)”")
NO_SOURCE = frozenset({"uncited_claim", "ungrounded_amount", "ungrounded_promise", "ungrounded_link"})
"""Checks whose words rest on no source that is cited."""


@dataclass(frozen=True)
class FindingRow:
    """One finding: the check's name in words, the reason, and the words it is about."""

    check: str
    reason: str
    quotes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The check's name as one reads it."""
        return self.check.replace("_", " ").capitalize()

    @property
    def lacks_source(self) -> bool:
        """Whether it is about words that rest on nothing."""
        return self.check in NO_SOURCE or self.check.startswith("ungrounded")

    @property
    def factor(self) -> Decimal:
        """What it multiplies a stated confidence by."""
        return WEIGHTS.get(self.check, OTHERWISE)


def read_findings(stored: Iterable[str]) -> tuple[FindingRow, ...]:
    """Stored findings (`check: reason`) as rows; one without a reason is its name alone."""
    parts = [text.partition(":") for text in stored]
    return tuple(FindingRow(check, reason.strip(), tuple(QUOTED.findall(reason))) for check, _, reason in parts)


def own_reasons(action: Action) -> tuple[str, ...]:
    """Why it waits, without the words of findings, which stand beside it; never empty where there is a reason."""
    repeated = {waits_for(finding) for finding in action.findings}
    listed = {always_waits_for(finding): always_waits_for(check_of(finding)) for finding in action.findings}
    own = dict.fromkeys(listed.get(reason, reason) for reason in action.reasons if reason not in repeated)
    return tuple(own) or (("Waits: a check found something.",) if action.reasons else ())


# --- Confidence ---


@dataclass(frozen=True)
class Confidence:
    """How sure the model said it is, how sure that leaves the desk, and which findings lowered it."""

    stated: Decimal
    combined: Decimal | None
    lowered_by: tuple[FindingRow, ...]


def confidences_of(actions: Sequence[Action]) -> dict[UUID, Confidence]:
    """For each action of a run whose confidence was lowered, by how much and why; one statement for all."""
    lowered = [action for action in actions if action.findings and action.tool_call_id]
    if not lowered:
        return {}
    events = Event.objects.filter(
        run_id__in={action.origin for action in lowered}, kind=EventKind.DRAFT_VERIFIED
    ).order_by("seq")
    stated = {(event.run_id, event.data.get("tool_call_id")): event.data.get("stated") for event in events}
    found: dict[UUID, Confidence] = {}
    for action in lowered:
        value = read_share(stated.get((action.origin, action.tool_call_id)))
        if value is not None and value != action.confidence:
            found[action.pk] = Confidence(value, action.confidence, read_findings(action.findings))
    return found


def read_share(text: object) -> Decimal | None:
    """A share as an event holds it."""
    try:
        return None if text is None else Decimal(str(text))
    except InvalidOperation:
        return None
