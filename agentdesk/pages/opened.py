"""An opened preview: the effects in rows, and the record that this person had it before them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from agentdesk.pages.effect_rows import Preview, preview_before, preview_of, undo_words
from agentdesk.pages.findings import Confidence, confidences_of
from agentdesk.pages.presenting import ActionCard, make_cards
from agentdesk.pages.queue_rows import with_rows
from agentdesk.pages.verdicts import REASONS
from agentdesk.runs.models import Run
from approvals.deciding import DecisionLost, mark_seen
from approvals.models import Action, Tier
from tickets.models import Person


@dataclass(frozen=True)
class OpenCard:
    """A card with its preview."""

    card: ActionCard
    preview: Preview
    before: Preview | None
    undo_words: str
    confidence: Confidence | None


def load_action(action_id: UUID) -> Action:
    """The action with what its card shows. Raises: Action.DoesNotExist."""
    return with_rows(Action.objects.all()).get(pk=action_id)


def open_cards(actions: Sequence[Action], viewer: Person, now: datetime, **extra: Any) -> list[OpenCard]:
    """The cards of these actions with their previews open; what must be looked at first stays closed until it is."""
    runs = set(Run.objects.filter(pk__in={action.origin for action in actions}).values_list("pk", flat=True))
    sure = confidences_of(actions)
    return [open_card(card, runs, sure.get(card.action.pk)) for card in make_cards(actions, viewer, now, **extra)]


def open_card(card: ActionCard, runs: Container[UUID], confidence: Confidence | None) -> OpenCard:
    """One card with its preview, and the run it came from."""
    action = card.action
    is_open = not (card.needs_look and card.can_decide)
    shown = replace(card, is_open=is_open, run_id=action.origin if action.origin in runs else None)
    before = preview_before(action) if card.is_stale else None
    return OpenCard(shown, preview_of(action), before, undo_words(action), confidence)


def open_preview(action_id: UUID, viewer: Person, now: datetime, **extra: Any) -> OpenCard:
    """Opens one preview for a person; of what is high risk it is recorded that they had it open.

    Raises: Action.DoesNotExist.
    """
    action = load_action(action_id)
    if action.tier == Tier.HIGH and action.is_open and viewer.may_decide:
        try:
            mark_seen(action.pk, action.digest, by=viewer, now=now)
        except DecisionLost:
            action = load_action(action_id)
    return open_cards([action], viewer, now, **extra)[0]


def context_of(opened: OpenCard) -> dict[str, Any]:
    """What the fragments of an opened card need."""
    return {
        "card": opened.card,
        "card_preview": opened.preview,
        "preview_was": opened.before,
        "undo_words": opened.undo_words,
        "confidence": opened.confidence,
        "reasons": REASONS,
    }
