"""Following a run that begins to plan in the shadow: the line is closed to who may not see that, and to no one else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.people.tokens import make_token
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from tests.approvals.shop import publish
from tests.runs.script import CANCEL, DONE, call
from tests.runs.test_follow_run import PATIENCE, knock
from tickets.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def plan(run: Run) -> None:
    advance_run(run.pk, model=ScriptedModel([call(1, "cancel_order", **CANCEL), DONE]))


@async_to_sync
async def watch(run: Run, token: str) -> tuple[list[str], int]:
    """The kinds of all events told, and the code with which the line was closed; 0 where it stayed open to the end."""
    socket = knock(f"/ws/runs/{run.pk}/?format=json", token)
    assert (await socket.connect(timeout=PATIENCE))[0]
    told: list[str] = []
    while len(told) < run.last_seq:
        told.append(json.loads(await socket.receive_from(timeout=PATIENCE))["kind"])
    await sync_to_async(plan)(run)
    while told[-1] != "run.ended":
        message: dict[str, Any] = await socket.receive_output(timeout=PATIENCE)
        if message["type"] == "websocket.close":
            await socket.disconnect(timeout=PATIENCE)
            return told, int(message["code"])
        told.append(json.loads(message["text"])["kind"])
    await socket.disconnect(timeout=PATIENCE)
    return told, 0


@pytest.mark.parametrize("who", ["rita", "ada"])
def test_it_is_closed_with_the_first_plan_to_who_may_not_see_it(run: Run, who: str, rita: Person, ada: Person) -> None:
    publish(ada, cancel_order={"mode": "shadow"})
    person = {"rita": rita, "ada": ada}[who]
    token = make_token(person, scopes=["read"], name="follow", by="system", now=timezone.now())
    run.refresh_from_db()
    told, code = watch(run, token)
    assert ("action.proposed" in told) == (who == "ada")
    assert code == (4403 if who == "rita" else 0)
