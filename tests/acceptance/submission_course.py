"""What is killed: a report's plans, submitted to be approved and executed; laid out and reported on by this process."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from agentdesk.agent.language_model import ToolCall, Turn  # noqa: E402
from agentdesk.agent.scripted import ScriptedModel  # noqa: E402
from agentdesk.runs.engine import advance_run  # noqa: E402
from agentdesk.runs.models import ReportSubmission, Run  # noqa: E402
from agentdesk.runs.reports import Order as Wanted  # noqa: E402
from agentdesk.runs.reports import fill_report, make_report  # noqa: E402
from agentdesk.runs.selecting import Selection  # noqa: E402
from agentdesk.runs.submissions import plans_to_submit, submit_report  # noqa: E402
from approvals.models import Action, AuditEntry, Decision  # noqa: E402
from tests.approvals.shop import make_catalogue, make_order, publish  # noqa: E402
from tests.conftest import make_customer, make_person  # noqa: E402
from tickets.models import Order  # noqa: E402
from tickets.operations import Letter, open_ticket  # noqa: E402

PLANS = 60


def set_up() -> dict[str, Any]:
    """Sixty tickets, for each of which the agent would cancel an order; Max has pressed *Approve and execute all*."""
    publish(make_person("ada", "admin"), cancel_order={"tier": "low", "approver": "manager"})
    make_catalogue()
    orders = {}
    for number in range(PLANS):
        customer = make_customer(f"carla_{number}", f"Carla{number}", "Silva", Decimal("10.00"))
        order = make_order(customer, f"#W{5000000 + number}", paid_with="gift_card")
        ticket, _ = open_ticket(Letter(customer.email, "Cancel", f"Cancel {order.pk}, please."), now=timezone.now())
        orders[ticket.pk] = order.pk
    Run.objects.update(status="cancelled")
    by = make_person("max", "manager")
    report, _ = make_report(Wanted("Look", Selection(limit=PLANS)), by=by, now=timezone.now())
    fill_report(report.pk, now=timezone.now())
    for run in Run.objects.filter(report=report):
        wish = {
            "order_id": orders[run.ticket_id],
            "reason": "no longer needed",
            "confidence": 0.9,
            "rationale": "Asked.",
        }
        turns = [Turn("Cancel it.", (ToolCall("call_1", "cancel_order", wish),)), Turn("Cancelled.")]
        advance_run(run.pk, model=ScriptedModel(turns))
    submit_report(report.pk, plans_to_submit(report), execute=True, by=by, now=timezone.now())
    return {"plans": len(plans_to_submit(report))}


def report() -> dict[str, Any]:
    """What the rows say."""
    submission = ReportSubmission.objects.get()
    live = Run.objects.filter(copied_from__isnull=False)
    decided = Counter(Decision.objects.values_list("action", flat=True))
    executed = Counter(AuditEntry.objects.filter(kind="action.executed").values_list("subject", flat=True))
    return {
        "answers": Counter(result["code"] for result in submission.results.values()),
        "live_runs": Counter(live.values_list("status", flat=True)),
        "actions": Counter(Action.objects.filter(origin__in=live.values("pk")).values_list("status", flat=True)),
        "decided_twice": [str(action) for action, times in decided.items() if times > 1],
        "decisions": len(decided),
        "executed_twice": [subject for subject, times in executed.items() if times > 1],
        "orders": Counter(Order.objects.values_list("status", flat=True)),
        "worked_off": AuditEntry.objects.filter(kind="report.worked_off").count(),
    }


PARTS: dict[str, Callable[[], dict[str, Any]]] = {"set_up": set_up, "report": report}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]]()), flush=True)
