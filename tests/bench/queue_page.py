"""The queue page with 10,000 waiting actions against a plain keyset request of the same 50 rows, both on SQLite.

The floor is a view behind the same middleware that reads the same rows with the ORM and answers with their columns.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from approvals.models import Action

ACTIONS = 10_000
ROUNDS = 40
TARGET = 2.5


def setup(folder: str) -> None:
    """Django on a fresh SQLite file."""
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    os.environ.setdefault("SECRET_KEY", "a-key-for-benchmarks-that-guards-nothing-at-all-01234")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")
    os.environ.setdefault("EMAIL_URL", "memory://")
    os.environ["ALLOWED_HOSTS"] = "testserver"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill() -> None:
    """10,000 waiting replies of 2,000 tickets, five to a run, with real plans and runs."""
    from django.db import transaction
    from django.utils import timezone

    from agentdesk.runs.models import Run
    from approvals.models import Action
    from approvals.proposing import Proposal, propose_action
    from tickets.models import Person
    from tickets.operations import Letter, open_ticket

    Person.objects.create_user("max", role="manager")
    per_run = 5
    with transaction.atomic():
        for place in range(ACTIONS // per_run // 20):
            now = timezone.now() - timedelta(minutes=place)
            ticket, _ = open_ticket(Letter(f"c{place}@example.com", f"Question {place}", "Hello?"), now=now)
            run = Run.objects.get(ticket=ticket)
            for part in range(per_run):
                propose_action(
                    Proposal(ticket.pk, "send_reply", {"body": f"Answer {part}"}, "agent:offline", origin=run.pk),
                    now=now,
                )
    templates = list(Action.objects.order_by("origin", "place"))
    copies = [copy for round_ in range(1, 20) for copy in copy_runs(templates, round_)]
    Action.objects.bulk_create(copies, batch_size=500)


def copy_runs(templates: list[Action], round_: int) -> list[Action]:
    """Each run's actions once more, proposed some hours earlier and tied to each other as the originals are."""
    from approvals.models import Action

    names = {action.pk: uuid4() for action in templates}
    origins = {action.origin: uuid4() for action in templates}
    copies = []
    for action in templates:
        columns = {field.attname: getattr(action, field.attname) for field in Action._meta.concrete_fields}
        moved = {
            "id": names[action.pk],
            "origin": origins[action.origin],
            "depends_on": [str(names[UUID(other)]) for other in action.depends_on],
            "proposed_at": action.proposed_at - timedelta(hours=3 * round_),
        }
        copies.append(Action(**{**columns, **moved}))
    return copies


def plain_view() -> Callable[..., HttpResponseBase]:
    """The floor: the same 50 rows by keyset, with what a row shows, as JSON."""
    from django.http import HttpRequest, JsonResponse

    from approvals.models import Action

    def show(request: HttpRequest) -> JsonResponse:
        waiting = Action.objects.filter(status="waiting").select_related("ticket", "customer", "proposed_by")
        rows = waiting.order_by("proposed_at", "id")[:50]
        return JsonResponse(
            {"user": str(request.user), "items": [[r.summary, r.ticket.subject, str(r.amount)] for r in rows]}
        )

    return show


def time_page(get: Callable[[], object]) -> float:
    """The median of some requests, in ms."""
    seconds = []
    for _ in range(ROUNDS):
        began_at = time.perf_counter()
        get()
        seconds.append(time.perf_counter() - began_at)
    return statistics.median(seconds) * 1000


def main() -> None:
    """Prints the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        setup(folder)
        fill()
        from django.test import Client
        from django.urls import path

        from agentdesk import urls
        from approvals.models import Action
        from tickets.models import Person

        urls.urlpatterns.append(path("bench/plain/", plain_view()))
        client = Client()
        client.force_login(Person.objects.get(username="max"))
        for address in ("/queue/", "/bench/plain/"):
            assert client.get(address).status_code == 200, address
        waiting = Action.objects.filter(status="waiting").count()
        floor = time_page(lambda: client.get("/bench/plain/"))
        page = time_page(lambda: client.get("/queue/"))
    print(
        f"queue page with {waiting} waiting: {page / floor:.2f} × a plain keyset request "
        f"({page:.1f} ms against {floor:.1f} ms; target {TARGET} ×)"
    )


if __name__ == "__main__":
    main()
