"""A large bulk on an installation of its own: laid out, looked at, and looked through once it has ended.

A process of its own for each part, as the installation's database is not pytest's. A part and its arguments are the
command line; the answer is one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from approvals.audit import seal_entries, verify_chain  # noqa: E402
from approvals.bulk import begin_bulk  # noqa: E402
from approvals.deciding import Verdict, decide_action  # noqa: E402
from approvals.models import Action, AuditEntry, BulkDecision, Decision  # noqa: E402
from tests.approvals.batches.rows import copy_row  # noqa: E402
from tests.approvals.shop import NEW_ADDRESS, PENDING, Bench, make_catalogue, make_orders, make_ticket  # noqa: E402
from tests.conftest import make_customer, make_person  # noqa: E402

GRACE = timedelta(hours=1)
"""Nothing that was approved is carried out meanwhile: it would make the others stale, which want the same order."""


def set_up(size: str) -> dict[str, Any]:
    """So many address changes and one bulk of them all: two were decided, two have changed, one is not there."""
    rita, max_ = make_person("rita", "support"), make_person("max", "manager")
    carla = make_customer("carla_silva_1001", "Carla", "Silva", Decimal("100.00"))
    make_catalogue()
    make_orders(carla, make_customer("otto_field_2002", "Otto", "Field", Decimal("50.00")))
    bench = Bench(make_ticket(carla), now=timezone.now())
    first = bench.propose("change_order_address", {"order_id": PENDING, "address": NEW_ADDRESS})
    rows = [copy_row(first, id=uuid4(), origin=uuid4()) for _ in range(int(size) - 2)]
    many = [first, *Action.objects.bulk_create(rows)]
    for action in many[10:12]:
        decide_action(Verdict(action.pk, "reject", action.digest), by=max_, now=timezone.now())
    sent = [(action.pk, action.digest) for action in many] + [(UUID(int=7), first.digest)]
    for place in (20, 21):
        sent[place] = (sent[place][0], "0" * 64)
    verdicts = [Verdict(pk, "approve", digest, seconds_on_screen=12.5, grace=GRACE) for pk, digest in sent]
    return {"bulk": str(begin_bulk(verdicts, by=rita, now=timezone.now()).pk)}


def report(bulk_id: str) -> dict[str, Any]:
    """What the rows say of the bulk, and of each of its actions."""
    bulk = BulkDecision.objects.get(pk=bulk_id)
    own = Decision.objects.filter(person=bulk.person_id)
    decided = Counter(own.values_list("action", "verdict"))
    told = Counter(AuditEntry.objects.filter(kind="action.decided", actor="person:rita").values_list("subject"))
    named = [name for name, _ in bulk.items]
    status = dict(Action.objects.filter(pk__in=named).values_list("pk", "status"))
    lost = {name: one["code"] for name, one in bulk.results.items() if not one["ok"]}
    seal_entries()
    return {
        "is_finished": bulk.finished_at is not None,
        "answered": sorted(bulk.results) == sorted(named),
        "lost": Counter(lost.values()),
        "twice": sum(times > 1 for times in (*decided.values(), *told.values())),
        "decisions": [len(decided), len(told)],
        "seconds": sorted(set(own.values_list("seconds_on_screen", flat=True))),
        "statuses": Counter(status.values()),
        "stayed": Counter(status[UUID(name)] for name, code in lost.items() if code == "preview_changed"),
        "ended": AuditEntry.objects.filter(kind="bulk.ended").count(),
        "sealed": verify_chain() == AuditEntry.objects.count(),
    }


PARTS: dict[str, Callable[..., dict[str, Any]]] = {"set_up": set_up, "report": report}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])), flush=True)
