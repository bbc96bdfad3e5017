"""What pages and files say of a report: the selection, the rhythm, the outcome of each ticket, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.pages.plans import OUTCOME_TONES
from agentdesk.pages.presenting import Tone
from agentdesk.pages.report_forms import DAYS
from agentdesk.runs.models import DryRunReport, DryRunSchedule
from agentdesk.runs.reading import NO_PLAN, NOTHING, SKIPPED, WORKING, TicketPlan, Totals, outcome_of
from approvals.kinds import CATALOGUE

TICKET_TONES: Mapping[str, Tone] = {
    **OUTCOME_TONES,
    NO_PLAN: Tone("No plan", "alert", "bad"),
    NOTHING: Tone("Nothing to do", "check", "mute"),
    WORKING: Tone("Under way", "hourglass", "info"),
    SKIPPED: Tone("Skipped", "forward", "mute"),
}


@dataclass(frozen=True)
class Figure:
    """One number of a report with its words."""

    words: str
    value: str
    tone: str = ""


def figures_of(totals: Totals) -> list[Figure]:
    """What a report comes to, in figures."""
    tickets = [(TICKET_TONES[name], number) for name, number in totals.by_outcome.items()]
    return [
        Figure("tickets", str(totals.tickets)),
        *(Figure(tone.word.lower(), str(number), tone.tone) for tone, number in tickets if number),
        *(Figure(words, str(totals.actions[name])) for name, words in WOULD.items() if totals.actions[name]),
        *(
            Figure(f"at stake: {CATALOGUE[kind].title.lower()}", f"{amount:,.2f} {currency}")
            for (kind, currency), amount in sorted(totals.stakes.items())
        ),
        Figure("USD for the model", f"{totals.cost:.4f}"),
    ]


WOULD = {
    "by_itself": "actions would run by themselves",
    "waits": "actions would wait for people",
    "refused": "actions would be refused",
    "shadow": "actions would be planned only",
}
"""What becomes of actions, behind their number."""


def selection_words(selection: Mapping[str, Any]) -> str:
    """A stored selection in one line."""
    lists = (", ".join(selection.get(name, ())) for name in ("status", "category", "priority"))
    tags = ", ".join(selection.get("tags", ()))
    parts = [*(words.replace("_", " ") for words in lists), f"tagged {tags}" if tags else ""]
    if selection.get("updated_since"):
        parts.append(f"touched since {selection['updated_since']}")
    if selection.get("updated_within"):
        parts.append(f"touched within {selection['updated_within']} h")
    return " · ".join([*(part for part in parts if part), f"at most {selection.get('limit', 50)}"])


def rhythm_words(schedule: DryRunSchedule) -> str:
    """When a schedule's report is due."""
    day, minute = divmod(schedule.at_minute, 1440)
    at = f"{minute // 60:02}:{minute % 60:02} {schedule.time_zone}"
    if schedule.every == "hour":
        return f"every hour at minute {schedule.at_minute}"
    return f"every {DAYS[day]} at {at}" if schedule.every == "week" else f"every day at {at}"


def judged_words(report: DryRunReport | DryRunSchedule) -> str:
    """By which policy and which model."""
    policy = f"policy {report.policy_version}" if report.policy_version else "the policy in force"
    return f"judged by {policy}{f', model {report.model}' if report.model else ''}"


def live_words(plan: TicketPlan) -> str:
    """Where the live run made of a plan stands."""
    if plan.live is None:
        return ""
    counts: dict[str, int] = {}
    for action in plan.live_actions:
        counts[action.get_status_display().lower()] = counts.get(action.get_status_display().lower(), 0) + 1
    return ", ".join(f"{number} {words}" for words, number in counts.items()) or plan.live.get_status_display()


def why_no_plan(plan: TicketPlan) -> str:
    """Why there is nothing to read for a ticket."""
    if plan.skipped:
        return plan.skipped
    return plan.run.reason if plan.run is not None and plan.outcome == NO_PLAN else ""


def sentences(plan: TicketPlan) -> Iterable[tuple[Tone, str]]:
    """The plan of one ticket, an action a sentence."""
    for action in plan.actions:
        yield OUTCOME_TONES[outcome_of(action)], action.summary or CATALOGUE[action.kind].title
