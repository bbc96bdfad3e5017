"""Questions about actions that no single verb owns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from approvals.models import Action, ActionStatus
from approvals.models.actions import UNSETTLED


def ready_to_execute(now: datetime) -> list[UUID]:
    """Approved actions that the gate can do something with: their grace is over and nothing they rest on is open."""
    approved = Action.objects.filter(Q(execute_after=None) | Q(execute_after__lte=now), status=ActionStatus.APPROVED)
    rows = list(approved.order_by("proposed_at", "place").values_list("pk", "depends_on"))
    needed = {other for _, others in rows for other in others}
    still_open = Action.objects.filter(pk__in=needed, status__in=UNSETTLED).values_list("pk", flat=True)
    blocking = {str(pk) for pk in still_open}
    return [pk for pk, others in rows if blocking.isdisjoint(others)]
