"""Sends letters in through the API, lets the agent work, decides all that waits as a manager would, and delivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from agentdesk.runs.models import Run, RunStatus
from agentdesk.runs.tasks import advance_run_task
from approvals.models import Action
from approvals.outbox import deliver_due
from approvals.tasks import sweep_approvals
from tests.acceptance.retail.shop import Record, Shop
from tests.acceptance.retail.wishes import Case

ROUNDS = 4
"""Enough for: decide, execute, deliver, and once more for what a refusal set off."""

SWEEPS = 4
"""One carries out 500 actions at most, and a reply follows a sweep after what it tells of."""

PAST_UNDO = timedelta(minutes=1)


@dataclass
class Letter:
    """A case, the ticket it became, and what came of it."""

    case: Case
    ticket_id: int
    faults: list[str] = field(default_factory=list)


class Api:
    """The desk's API, as a signed-in person uses it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def post(self, path: str, value: Mapping[str, Any]) -> Any:
        """The answer to a POST that must succeed."""
        answer = self.client.post(f"/api/v1/{path}", value, content_type="application/json")
        assert answer.status_code < 300, (path, answer.status_code, answer.content[:500])
        return answer.json()

    def list(self, path: str) -> Iterator[Any]:
        """Every item of a paged list."""
        cursor = ""
        while True:
            answer = self.client.get(f"/api/v1/{path}&limit=200{cursor}")
            assert answer.status_code == 200, (path, answer.content[:500])
            page = answer.json()
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = f"&cursor={page['next']}"


def send_letters(cases: Sequence[Case], shop: Shop, api: Api) -> list[Letter]:
    """One ticket for each letter."""
    letters = []
    for place, case in enumerate(cases):
        user = shop.users[case.user_id]
        value = letter_to_json(case, user, f"retail-{place}")
        letters.append(Letter(case, api.post("tickets", value)["id"]))
    return letters


def letter_to_json(case: Case, user: Record, external_id: str) -> dict[str, str]:
    """What the API is told of a letter."""
    return {
        "customer_email": user["email"],
        "customer_name": f"{user['name']['first_name']} {user['name']['last_name']}",
        "identity": "verified",
        "subject": case.subject,
        "body": case.body,
        "external_id": external_id,
    }


def work_off(api: Api) -> None:
    """Everything the tickets lead to, until nothing is left to do."""
    for _ in range(ROUNDS):
        advance_runs()
        approve_what_waits(api)
        for _ in range(SWEEPS):
            sweep_approvals()
            deliver_due(now=timezone.now() + PAST_UNDO)
        if not Run.objects.filter(status__in=(RunStatus.QUEUED, RunStatus.RUNNING)).exists():
            return


def advance_runs() -> None:
    """As the workers' task does, for every run that is queued."""
    for run_id in list(Run.objects.filter(status=RunStatus.QUEUED).values_list("pk", flat=True)):
        advance_run_task(str(run_id))


def approve_what_waits(api: Api) -> None:
    """Looks at whatever is of high risk, then approves everything in one bulk."""
    waiting = list(api.list("actions?status=waiting"))
    for action in waiting:
        if action["tier"] == "high":
            api.post(f"actions/{action['id']}/seen", {"digest": action["preview"]["digest"]})
    for start in range(0, len(waiting), 1000):
        items = [
            {"action_id": action["id"], "verdict": "approve", "digest": action["preview"]["digest"]}
            for action in waiting[start : start + 1000]
        ]
        answers = api.post("decisions", {"items": items})["items"]
        assert all(answer["ok"] for answer in answers), [answer for answer in answers if not answer["ok"]][:3]


def last_runs() -> dict[int, Run]:
    """The newest run of each ticket."""
    return {run.ticket_id: run for run in Run.objects.order_by("created_at")}


def actions_by_ticket() -> dict[int, list[Action]]:
    """What was proposed on each ticket, in order."""
    found: dict[int, list[Action]] = {}
    for action in Action.objects.order_by("proposed_at", "place"):
        found.setdefault(action.ticket_id, []).append(action)
    return found
