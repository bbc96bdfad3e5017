"""Dry runs and reports as files: Markdown to read and share, CSV for a spreadsheet. Customers' words stay words."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from agentdesk.csv_cells import safe_cell
from agentdesk.pages.findings import read_findings
from agentdesk.pages.plans import PlanStep, plan_steps, would_words
from agentdesk.pages.report_words import (
    TICKET_TONES,
    figures_of,
    judged_words,
    live_words,
    selection_words,
    why_no_plan,
)
from agentdesk.runs.models import DryRunReport, Run
from agentdesk.runs.reading import TicketPlan, add_up
from approvals.models import Action
from tickets.effects import describe, effect_from_json
from tickets.models import Ticket

MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
"""What Markdown may take for itself (CommonMark: any ASCII punctuation can be escaped)."""
COLUMNS = (
    "ticket", "subject", "customer", "outcome", "number", "kind", "sentence", "amount", "currency", "would", "reasons",
    "findings", "confidence", "dry run", "live run",
)  # fmt: skip


def plain(text: object) -> str:
    """Text in which what cannot be seen, or turns the direction of reading, stands by its code point."""
    return "".join(
        f"U+{ord(one):04X}" if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") and one != "\n" else one
        for one in str(text).replace("\r", "").replace("\t", " ")
    )


def line(text: object) -> str:
    """Somebody's words as one line of Markdown, never as its marks."""
    return escape_marks(" ".join(plain(text).split()))


def escape_marks(text: str) -> str:
    """Each character that Markdown could read, behind a backslash."""
    return MARKS.sub(r"\\\1", text)


def quoted(text: object) -> str:
    """Somebody's words as a quotation, line by line."""
    return "\n".join(f"> {escape_marks(one)}".rstrip() for one in plain(text).split("\n"))


def as_file(text: str, sort: str, name: str) -> HttpResponse:
    """Words as a file of ours."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{sort}; charset=utf-8", headers=headers)


def run_markdown(run: Run, actions: Sequence[Action], address: str) -> str:
    """A dry run as a report."""
    ticket, steps = run.ticket, plan_steps(actions)
    head = [
        f"# Dry run on {ticket.number}: {line(ticket.subject)}",
        f"{address}",
        f"Nothing was executed. {run.get_status_display()}; judged by policy {run.policy_version}; "
        f"model {line(run.model)}; {run.steps} steps; {run.cost} USD.",
    ]
    told = [f"## What it says to staff\n\n{quoted(run.result)}"] if run.result else []
    reason = [f"Reason: {line(run.reason)}"] if run.reason else []
    return "\n\n".join([*head, *reason, "## What I would do", *step_blocks(steps), *told]) + "\n"


def step_blocks(steps: Iterable[PlanStep]) -> list[str]:
    """Each action of a plan: the sentence, what becomes of it, its effects, what is untried."""
    return [step_block(step) for step in steps] or ["Nothing: it would change no record and send nothing."]


def step_block(step: PlanStep) -> str:
    """One action of a plan."""
    action = step.action
    stake = f" ({action.amount:,.2f} {action.currency})" if action.amount else ""
    sure = "" if action.confidence is None else f", {round(float(action.confidence) * 100)} % sure"
    head = f"### {step.number}. {line(action.summary or action.kind)}{stake}"
    parts = [head, f"{line(step.would)} {step.tier.word}{sure}."]
    listed = [line(reason) for reason in step.reasons]
    listed += [f"{one.title}: {line(one.reason)}" for one in step.findings]
    if step.token:
        listed += [line(describe(effect_from_json(effect))) for effect in action.effects]
    listed += [f"Not tried: {words}" for words in step.not_tried]
    listed += [step.undo_words] if step.undo_words else []
    parts.append("\n".join(f"- {words}" for words in listed))
    parts += [quoted(effect["body"]) for effect in action.effects if effect["op"] == "message"]
    return "\n\n".join(part for part in parts if part)


def report_markdown(report: DryRunReport, plans: Sequence[TicketPlan], address: str) -> str:
    """A report over a selection: its figures, then ticket for ticket, the riskiest first."""
    figures = "\n".join(f"- {figure.value} {figure.words}" for figure in figures_of(add_up(plans)))
    head = [
        f"# {line(report.name)}",
        address,
        f"Nothing was executed. {line(selection_words(report.selection))}; {line(judged_words(report))}; "
        f"{report.created_at:%Y-%m-%d %H:%M} UTC.",
        figures,
    ]
    return "\n\n".join([*head, *(block for plan in plans for block in ticket_blocks(plan))]) + "\n"


def ticket_blocks(plan: TicketPlan) -> list[str]:
    """One ticket of a report."""
    head = f"## {plan.ticket.number}: {line(plan.ticket.subject)} — {TICKET_TONES[plan.outcome].word}"
    live = f"Live run: {live_words(plan)}" if plan.live else ""
    notes = [line(words) for words in (why_no_plan(plan), live) if words]
    return [head, *notes, *(step_blocks(plan_steps(plan.actions)) if plan.actions else [])]


def report_csv(plans: Iterable[TicketPlan]) -> str:
    """A report as a table, an action a row; a ticket without any is a row too. No cell is a formula."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for plan in plans:
        for cells in rows_of(plan):
            writer.writerow([safe_cell(plain(cell)) for cell in cells])
    return sheet.getvalue()


def rows_of(plan: TicketPlan) -> Iterable[list[object]]:
    """The cells of one ticket's actions."""
    first = first_cells(plan.ticket, TICKET_TONES[plan.outcome].word)
    last = [plan.run.pk if plan.run else "", plan.live.pk if plan.live else ""]
    if not plan.actions:
        yield [*first, "", "", why_no_plan(plan), "", "", "", "", "", "", *last]
    for number, action in enumerate(plan.actions, start=1):
        found = "; ".join(f"{one.title}: {one.reason}" for one in read_findings(action.findings))
        sure = "" if action.confidence is None else action.confidence
        stake = [action.amount, action.currency, would_words(action), " ".join(action.reasons)]
        yield [*first, number, action.kind, action.summary, *stake, found, sure, *last]


def first_cells(ticket: Ticket, outcome: str) -> list[object]:
    """The cells that all rows of a ticket begin with."""
    return [ticket.number, ticket.subject, ticket.customer, outcome]
