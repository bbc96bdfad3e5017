"""Sets the stage in the server's own database: one scene a line, as JSON, its name first; its answer is a line too.

A process of its own, because the server has a database that this test knows and pytest's Django does not. The agent is
the scripted model, so that each scene is the same whatever the offline model would say.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from agentdesk.agent.language_model import ToolCall, Turn, Usage  # noqa: E402
from agentdesk.agent.scripted import ScriptedModel  # noqa: E402
from agentdesk.pages.policy_figures import words_of  # noqa: E402
from agentdesk.people.tokens import make_token  # noqa: E402
from agentdesk.runs.engine import advance_run  # noqa: E402
from agentdesk.runs.models import Run  # noqa: E402
from agentdesk.runs.queries import dry_run_origins  # noqa: E402
from approvals.backtest.past import Window  # noqa: E402
from approvals.backtest.trying import try_policy  # noqa: E402
from approvals.deciding import Verdict, decide_action, mark_seen  # noqa: E402
from approvals.gate import execute_action  # noqa: E402
from approvals.models import Action, AuditSample  # noqa: E402
from approvals.policies import policy_in_force, publish_policy  # noqa: E402
from approvals.policy import KindPolicy  # noqa: E402
from approvals.proposing import Proposal, propose_action  # noqa: E402
from tests.approvals.batches.rows import copy_row  # noqa: E402
from tests.approvals.history import make_history  # noqa: E402
from tests.approvals.shop import NEW_ADDRESS, make_catalogue, make_order  # noqa: E402
from tests.conftest import make_customer, make_person  # noqa: E402
from tickets.models import Customer, Person, Ticket  # noqa: E402
from tickets.operations import Letter, open_ticket  # noqa: E402


def call(name: str, **arguments: object) -> Turn:
    """A turn of the agent with one call."""
    return Turn("I look before I act.", (ToolCall(f"call_{name}", name, arguments),), Usage(1200, 80, "0.0031"))


def people() -> dict[str, Any]:
    """The cast and the shop; the demo's one click asks for no password, so they need not be hashed well."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for name, role in (("rita", "support"), ("max", "manager"), ("ada", "admin"), ("olga", "auditor")):
            make_person(name, role)
    make_customer("carla_silva_1001", "Carla", "Silva", Decimal("100.00"))
    make_catalogue()
    return {}


def batch(number: str, subject: str = "Please send it elsewhere") -> dict[str, Any]:
    """A ticket of Carla's on which the agent wants two things; a number that starts with 9 makes it a cancellation."""
    carla = Customer.objects.get(first_name="Carla")
    order = make_order(carla, f"#W77{number:0>5}")
    letter = Letter(carla.email, subject, f"Order {order.pk}, please.", identity="verified")
    with transaction.atomic():  # The server's own sweep would give a run that it sees queued to the offline model.
        ticket, _ = open_ticket(letter, now=timezone.now())
        run = Run.objects.get(ticket=ticket)
        advance_run(run.pk, model=ScriptedModel(script_for(order.pk, number)))
    actions = Action.objects.filter(origin=run.pk).order_by("place")
    return {"ticket": ticket.pk, "run": str(run.pk), "actions": [str(action.pk) for action in actions]}


def script_for(order_id: str, number: str) -> list[Turn]:
    """What the agent does: looks, acts, answers."""
    wish = call("change_order_address", order_id=order_id, address=NEW_ADDRESS, confidence=0.9, rationale="She moved.")
    if number.startswith("9"):
        wish = call("cancel_order", order_id=order_id, reason="no longer needed", confidence=0.9, rationale="As asked.")
    reply = call("send_reply", body=f"Dear Carla,\nwe did as you asked with {order_id}.", confidence=0.9)
    return [call("get_order", order_id=order_id), wish, reply, Turn("Done as asked.")]


def decide(action_id: str, username: str, verdict: str) -> dict[str, Any]:
    """Somebody else decides."""
    person, action = Person.objects.get(username=username), Action.objects.get(pk=UUID(action_id))
    mark_seen(action.pk, action.digest, by=person, now=timezone.now())
    decide_action(Verdict(action.pk, verdict, action.digest), by=person, now=timezone.now())
    return {}


def history(number: str, size: str) -> dict[str, Any]:
    """So many actions of the last 25 days on a ticket of Carla's, with all that can have become of them."""
    scene = batch(number)
    ticket, by = Ticket.objects.get(pk=scene["ticket"]), Person.objects.get(username="max")
    make_history(ticket, by, size=int(size), until=timezone.now(), days=25)
    return scene


def backtest(kind: str, handles: list[dict[str, str | None]]) -> dict[str, Any]:
    """What the server's backtest of 30 days says of a kind, in words, with its rules changed so."""
    in_force = policy_in_force()
    window = Window(30, timezone.now(), dry_run_origins())
    said = []
    for changes in handles:
        rules = KindPolicy(**{**in_force.of(kind).model_dump(), **changes})
        tried = try_policy(in_force.model_copy(update={"kinds": {**in_force.kinds, kind: rules}}), window)
        said += [words_of(figures) for figures in tried.kinds if figures.kind == kind]
    return {"said": said}


def token(username: str) -> dict[str, Any]:
    """A token with which a program reads as this person."""
    person = Person.objects.get(username=username)
    return {"token": make_token(person, scopes=["read"], name="follow", by="system", now=timezone.now())}


SURE = Decimal("0.9")


def crowd(number: str, count: int) -> dict[str, Any]:
    """So many runs that all want one order sent elsewhere; the last is far less sure than the others."""
    scene = batch(number)
    wish = Action.objects.get(pk=UUID(scene["actions"][0]))
    copies = [copy_row(wish, id=uuid4(), origin=uuid4(), confidence=SURE) for _ in range(count - 1)]
    for place, one in enumerate(copies):
        one.proposed_at += timedelta(milliseconds=place + 1)
    copies[-1].confidence = Decimal("0.3")
    Action.objects.filter(pk=wish.pk).update(confidence=SURE)
    Action.objects.bulk_create(copies)
    return {"actions": [str(one.pk) for one in (wish, *copies)]}


def samples(number: str) -> dict[str, Any]:
    """Three wishes that the agent carried out by itself and that were all drawn to be looked at."""
    ticket, in_force = Ticket.objects.get(pk=batch(number)["ticket"]), policy_in_force()
    rules = in_force.of("set_ticket").model_copy(update={"audit_share": Decimal(1)})
    policy = in_force.model_copy(update={"kinds": {**in_force.kinds, "set_ticket": rules}})
    publish_policy(policy, base_version=in_force.version, note="Look at all", by=None, now=timezone.now())
    for tag in ("moved", "asked", "late"):
        wish = Proposal(ticket.pk, "set_ticket", {"tags": [tag]}, "agent:scripted", confidence=Decimal("0.9"))
        execute_action(propose_action(wish, now=timezone.now()).pk, now=timezone.now())
    return {"samples": list(AuditSample.objects.order_by("pk").values_list("pk", flat=True))}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    "people": people,
    "samples": samples,
    "token": token,
    "batch": batch,
    "crowd": crowd,
    "decide": decide,
    "history": history,
    "backtest": backtest,
}

if __name__ == "__main__":
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer = SCENES[name](*arguments)
        connection.close()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
