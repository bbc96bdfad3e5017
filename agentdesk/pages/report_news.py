"""How far a report is and what came of what was submitted, as its page and its socket show it to every viewer alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from agentdesk.pages.report_words import figures_of
from agentdesk.runs.models import DryRunReport, ReportSubmission
from agentdesk.runs.reading import TicketPlan, add_up, read_report
from agentdesk.runs.report_following import Answer, Mark, answers_in
from agentdesk.runs.submissions import AS_SHOWN

SHOWN_SUBMISSIONS = 3
"""Submissions that a page tells of, the newest ones; and all that are still worked off."""


@dataclass(frozen=True)
class Sort:
    """Plans of which the same came."""

    words: str
    answers: list[Answer]


@dataclass(frozen=True)
class SubmissionCard:
    """A submission with all a page says of it."""

    submission: ReportSubmission
    words: str
    is_finished: bool
    is_ok: bool
    sorts: list[Sort]


def render_report_news(
    report: DryRunReport, mark: Mark, submissions: Sequence[ReportSubmission], answers: Iterable[Answer]
) -> str:
    """The regions that a page with this report open puts in their places."""
    context = state_of(report, read_report(report), mark) | {"cards": cards_of(submissions), "is_news": True}
    return render_to_string("reports/_news.html", context | {"answers": list(answers)})


def state_of(report: DryRunReport, plans: Sequence[TicketPlan], mark: Mark) -> dict[str, Any]:
    """How far a report is, and what it comes to so far."""
    totals = add_up(plans)
    return {"report": report, "totals": totals, "figures": figures_of(totals), "mark": mark}


def cards_of(submissions: Sequence[ReportSubmission]) -> list[SubmissionCard]:
    """What a page says of a report's submissions, which come oldest first; the newest first."""
    old = submissions[:-SHOWN_SUBMISSIONS]
    shown = [*(one for one in old if one.finished_at is None), *submissions[-SHOWN_SUBMISSIONS:]]
    return [card_of(one) for one in reversed(shown)]


def card_of(submission: ReportSubmission) -> SubmissionCard:
    """A submission as it stands."""
    taken = sum(result["code"] in AS_SHOWN for result in submission.results.values())
    is_finished, asked = submission.finished_at is not None, submission.asked
    plans = f"{asked} plan{'' if asked == 1 else 's'}"
    if is_finished:
        deed = "approved as shown" if submission.execute else "submitted for approval"
        words = f"{taken} of {plans} {deed}"
    else:
        words = f"Approving {plans} as shown" if submission.execute else f"Submitting {plans} for approval"
    return SubmissionCard(submission, words, is_finished, taken == asked, sorts_of(submission) if is_finished else [])


def sorts_of(submission: ReportSubmission) -> list[Sort]:
    """What did not go as it was shown, those with the same words together."""
    found: dict[str, list[Answer]] = {}
    for answer in answers_in([submission]).values():
        if not answer.is_ok:
            found.setdefault(answer.words, []).append(answer)
    return [Sort(words, sorted(some, key=lambda one: one.ticket_id)) for words, some in found.items()]
