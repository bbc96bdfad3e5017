"""Who is at work on which ticket, who is looking, and what is put off. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now

from tickets.models import Claim, Person, Presence, Ticket
from tickets.models.attention import SILENCE


@dataclass(frozen=True)
class Attention:
    """What one ticket has of people's attention; people by username and name."""

    looking: tuple[tuple[str, str], ...] = ()
    claimed_by: tuple[str, str] | None = None
    claimed_until: datetime | None = None
    snoozed_until: datetime | None = None


NOBODY = Attention()


def attention_now(ticket_ids: Collection[int] | None = None) -> dict[int, Attention]:
    """Every ticket that somebody attends to, or that is put off; None means of all tickets."""
    narrow = {} if ticket_ids is None else {"ticket__in": ticket_ids}
    looking: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    there = Presence.objects.filter(at__gt=Now() - SILENCE, person__is_active=True, **narrow)
    for presence in there.select_related("person").order_by("person__username"):
        looking[presence.ticket_id].append(name_of(presence.person))
    held = Claim.objects.filter(until__gt=Now(), **narrow).select_related("person")
    claims = {claim.ticket_id: claim for claim in held}
    asleep = Ticket.objects.filter(snoozed_until__gt=Now())
    asleep = asleep if ticket_ids is None else asleep.filter(pk__in=ticket_ids)
    snoozed = dict(asleep.values_list("pk", "snoozed_until"))
    return {
        ticket_id: Attention(
            tuple(looking.get(ticket_id, ())),
            name_of(claims[ticket_id].person) if ticket_id in claims else None,
            claims[ticket_id].until if ticket_id in claims else None,
            snoozed.get(ticket_id),
        )
        for ticket_id in {*looking, *claims, *snoozed}
    }


def name_of(person: Person) -> tuple[str, str]:
    """A person by username and name."""
    return person.username, str(person)
