"""What a dry run would do, for people to read: each action in a sentence, what would become of it, what is untried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agentdesk.pages.effect_rows import Preview, preview_of, undo_words
from agentdesk.pages.findings import FindingRow, own_reasons, read_findings
from agentdesk.pages.presenting import ROLE_WORDS, TIER_TONES, Tone
from agentdesk.runs.reading import BY_ITSELF, REFUSED, SHADOW, WAITS, outcome_of
from approvals.models import Action, ActionStatus

OUTCOME_TONES: Mapping[str, Tone] = {
    BY_ITSELF: Tone("By itself", "play", "ok"),
    WAITS: Tone("Would wait", "hourglass", "wait"),
    REFUSED: Tone("Refused", "ban", "bad"),
    SHADOW: Tone("Planned only", "eye", "mute"),
}


@dataclass(frozen=True)
class PlanStep:
    """One action of a plan."""

    number: int
    action: Action
    preview: Preview
    outcome: Tone
    tier: Tone
    would: str
    reasons: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    not_tried: tuple[str, ...]
    undo_words: str

    @property
    def token(self) -> str:
        """What is shown of it: the action and its digest."""
        return f"{self.action.pk} {self.action.digest}" if self.action.status == ActionStatus.PLANNED else ""


def plan_steps(actions: Sequence[Action]) -> list[PlanStep]:
    """A plan's actions in their order."""
    return [plan_step(number, action) for number, action in enumerate(actions, start=1)]


def plan_step(number: int, action: Action) -> PlanStep:
    """One action of a plan, as a person reads it."""
    is_refused, preview = outcome_of(action) == REFUSED, preview_of(action)
    return PlanStep(
        number=number,
        action=action,
        preview=preview,
        outcome=OUTCOME_TONES[outcome_of(action)],
        tier=TIER_TONES[action.tier],
        would=would_words(action),
        reasons=() if is_refused else own_reasons(action),
        findings=read_findings(action.findings),
        not_tried=() if is_refused else tuple(not_tried(action, preview)),
        undo_words="" if is_refused else undo_words(action),
    )


def would_words(action: Action) -> str:
    """What the policy it was judged by would do with it."""
    outcome = outcome_of(action)
    if outcome == REFUSED:
        return f"It would be refused: {action.status_reason}"
    if outcome == SHADOW:
        return "It would only be planned: people would not see it."
    if outcome == BY_ITSELF:
        return "It would run by itself."
    people = " and a second person" if action.approvals_needed > 1 else ""
    return f"It would wait for {ROLE_WORDS[action.approver]}{people}."


def not_tried(action: Action, preview: Preview) -> Iterable[str]:
    """What a dry run cannot know of an action's effects."""
    if any(payment.balance_before is None for payment in preview.payments):
        yield "No bank or card is asked: the amount is a line in our ledger, and the balance is not known here."
    if preview.messages:
        yield "Nothing is sent: whether the mail arrives, and what the customer answers, is not known."
    if action.kind in ("return_items", "exchange_items"):
        yield "What comes back, and when, is not known; nothing is paid back before it arrives."
    if action.reason_key == "outside_share":
        yield "Which actions fall in the share that runs by itself is drawn anew for each run."
