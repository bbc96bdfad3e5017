"""Where a run stands, as its page and its socket show it: the same for every viewer."""

from __future__ import annotations

from typing import Any

from agentdesk.pages.agenda_now import agenda_now
from agentdesk.pages.bounds_used import meters_of
from agentdesk.pages.plans import plan_steps
from agentdesk.pages.presenting import STATUS_TONES
from agentdesk.pages.thread import RUN_TONES
from agentdesk.pages.timeline import waiting_for
from agentdesk.runs.models import Run, RunMode, RunStatus
from approvals.models import Action


def run_state(run: Run) -> dict[str, Any]:
    """Status, what is used of its bounds, its agenda, whom it waits for, and what it proposed."""
    actions = list(Action.objects.filter(origin=run.pk).select_related("customer").order_by("place"))
    who, until = waiting_for(actions)
    return {
        "run": run,
        "tone": RUN_TONES[RunStatus(run.status)],
        "is_dry": run.mode == RunMode.DRY_RUN,
        "waits_for": who,
        "waits_until": until,
        "proposed": [(action, STATUS_TONES[action.status]) for action in actions],
        "meters": meters_of(run),
        "agenda": agenda_now(run.pk),
        "waiting": sum(action.status == "waiting" for action in actions),
        "live_copy": Run.objects.filter(copied_from=run).first() if run.mode == RunMode.DRY_RUN else None,
        "plan": plan_steps(actions) if run.mode == RunMode.DRY_RUN else [],
    }
