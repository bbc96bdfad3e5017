"""From a report's rows to the shapes callers get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agentdesk.api.answers import show_time, show_time_or_none
from agentdesk.runs.models import DryRunReport, DryRunSchedule, ReportSubmission
from agentdesk.runs.reading import NO_PLAN, TicketPlan, Totals, add_up, outcome_of
from agentdesk.runs.report_following import Answer, answer_to_json, submission_to_json
from agentdesk.runs.reports import tickets_to_run
from agentdesk.runs.schedules import runs_by_itself
from agentdesk.runs.submissions import AS_SHOWN
from approvals.models import Action


def report_to_json(report: DryRunReport, ended: int) -> dict[str, Any]:
    """A report of whose dry runs so many have ended."""
    looked_at = ended + len(report.tickets) - len(tickets_to_run(report))
    return {
        "id": report.pk,
        "name": report.name,
        "selection": report.selection,
        "policy_version": report.policy_version,
        "model": report.model,
        "made_by": report.person.username,
        "schedule_id": report.schedule_id,
        "scheduled_for": show_time_or_none(report.scheduled_for),
        "created_at": show_time(report.created_at),
        "tickets": len(report.tickets),
        "looked_at": looked_at,
        "is_finished": looked_at == len(report.tickets),
    }


def whole_report_to_json(
    report: DryRunReport,
    plans: Sequence[TicketPlan],
    page: Sequence[TicketPlan],
    submissions: Iterable[ReportSubmission],
    answers: Mapping[int, Answer],
) -> dict[str, Any]:
    """A report with its figures, its submissions and a page of its plans; all but the cursor."""
    totals = add_up(plans)
    return {
        **report_to_json(report, ended=totals.done - sum(bool(plan.skipped) for plan in plans)),
        "figures": figures_to_json(totals),
        "submissions": [progress_to_json(one) for one in submissions],
        "items": [plan_to_json(plan, answers.get(plan.ticket.pk)) for plan in page],
    }


def figures_to_json(totals: Totals) -> dict[str, Any]:
    """What a report comes to."""
    return {
        "tickets": {name: number for name, number in totals.by_outcome.items() if number},
        "actions": dict(totals.actions),
        "at_stake": [
            {"kind": kind, "currency": currency, "amount": f"{amount:.2f}"}
            for (kind, currency), amount in sorted(totals.stakes.items())
        ],
        "cost": str(totals.cost),
    }


def plan_to_json(plan: TicketPlan, answer: Answer | None) -> dict[str, Any]:
    """One ticket of a report."""
    why = plan.run.reason if plan.run is not None and plan.outcome == NO_PLAN else ""
    return {
        "ticket_id": plan.ticket.pk,
        "number": plan.ticket.number,
        "outcome": plan.outcome,
        "note": plan.skipped or why,
        "run_id": plan.run.pk if plan.run else None,
        "can_be_submitted": plan.can_be_submitted,
        "actions": [planned_to_json(action) for action in plan.actions],
        "live_run_id": plan.live.pk if plan.live else None,
        "answer": answer_to_json(answer) if answer else None,
    }


def planned_to_json(action: Action) -> dict[str, Any]:
    """One action of a plan."""
    return {
        "action_id": action.pk,
        "kind": action.kind,
        "summary": action.summary,
        "would": outcome_of(action),
        "reasons": action.reasons,
        "tier": action.tier,
        "amount": f"{action.amount:.2f}",
        "currency": action.currency,
        "confidence": None if action.confidence is None else float(action.confidence),
        "digest": action.digest,
    }


def progress_to_json(submission: ReportSubmission) -> dict[str, Any]:
    """How far a submission is."""
    return {
        **submission_to_json(submission),
        "report_id": submission.report_id,
        "by": submission.person.username,
        "execute": submission.execute,
        "at": show_time(submission.at),
        "finished_at": show_time_or_none(submission.finished_at),
    }


def whole_submission_to_json(submission: ReportSubmission) -> dict[str, Any]:
    """A submission with its answers, in the order its plans were sent."""
    answers = [
        {
            "ticket_id": result["ticket_id"],
            "run_id": run_id,
            "live_run_id": result["live_run_id"],
            "ok": result["code"] in AS_SHOWN,
            "code": result["code"],
            "message": result["words"],
        }
        for run_id in submission.run_ids
        if (result := submission.results.get(run_id)) is not None
    ]
    return {**progress_to_json(submission), "answers": answers}


def schedule_to_json(schedule: DryRunSchedule) -> dict[str, Any]:
    """A schedule as it is kept."""
    return {
        "id": schedule.pk,
        "name": schedule.name,
        "selection": schedule.selection,
        "every": schedule.every,
        "at_minute": schedule.at_minute,
        "time_zone": schedule.time_zone,
        "policy_version": schedule.policy_version,
        "model": schedule.model,
        "person": schedule.person.username,
        "is_on": schedule.is_on,
        "runs": runs_by_itself(schedule),
        "next_at": show_time(schedule.next_at),
    }
