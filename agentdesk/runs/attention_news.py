"""What watchers of the queue are told of people's attention: each ticket whose state is another than they were told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickets.onlookers import NOBODY, Attention

Told = Mapping[int, Attention]


def attention_changes(told: Told | None, now: Told) -> dict[int, Attention]:
    """The tickets to tell of; at first those that somebody looks at or is at work on: what is put off is not there."""
    if told is None:
        return {ticket_id: state for ticket_id, state in now.items() if state.looking or state.claimed_by}
    changed = {ticket_id for ticket_id in told.keys() | now.keys() if told.get(ticket_id) != now.get(ticket_id)}
    return {ticket_id: now.get(ticket_id, NOBODY) for ticket_id in sorted(changed)}


def attention_to_json(changed: Told) -> list[dict[str, Any]]:
    """The same on the wire."""
    return [
        {
            "ticket_id": ticket_id,
            "looking": [username for username, _ in state.looking],
            "claimed_by": state.claimed_by and state.claimed_by[0],
            "claimed_until": state.claimed_until and state.claimed_until.isoformat(),
            "snoozed_until": state.snoozed_until and state.snoozed_until.isoformat(),
        }
        for ticket_id, state in changed.items()
    ]
