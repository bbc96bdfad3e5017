"""The hash an approval is bound to: what would change, and what it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tickets.effects import Effect, effect_to_json

DIGEST_VERSION = 1


def canonical_json(value: Any) -> bytes:
    """Sorted keys, UTF-8, no spaces, decimals as strings with two places."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)
    return text.encode("utf-8", "surrogatepass")


def plain(value: Any) -> str:
    """A decimal as the string it is hashed as; anything else has no place in a digest."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def compute_digest(
    *,
    kind: str,
    ticket_id: int,
    arguments: Mapping[str, Any],
    effects: Sequence[Effect],
    last_message_id: int | None,
) -> str:
    """SHA-256, in hex, over the canonical JSON of an action's plan and the message it answers."""
    value = {
        "v": DIGEST_VERSION,
        "kind": kind,
        "ticket_id": ticket_id,
        "arguments": arguments,
        "effects": [effect_to_json(effect) for effect in effects],
        "last_message_id": last_message_id,
    }
    return hashlib.sha256(canonical_json(value)).hexdigest()
