"""The words a model is writing, for whoever watches: by channel layer only, never stored, acted on by nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from agentdesk.agent.language_model import Partial
from agentdesk.agent.storable import clean
from agentdesk.doorbell import carry

logger = logging.getLogger(__name__)

MESSAGE_TYPE = "partial.came"
SECONDS_BETWEEN = 0.1
"""At most ten a second reach a watcher, however finely a provider cuts its stream."""
LONGEST_PARTIAL = 20_000
"""Characters of a text being written that are shown; the turn that is stored has all of them."""


def partial_sender(
    run_id: UUID, step: int, *, clock: Callable[[], float] = time.monotonic
) -> Callable[[Partial], None]:
    """What a model calls with the text of a turn so far; it returns at once and never raises.

    `step` is the number of the step being taken, from 1: it tells a turn that is being written from one that is
    stored. A partial that comes too soon after another, by the seconds of `clock`, is dropped: the next one holds its
    words as well.
    """
    last = -SECONDS_BETWEEN

    def send(partial: Partial) -> None:
        nonlocal last
        now = clock()
        if now - last < SECONDS_BETWEEN:
            return
        last = now
        try:
            carry(f"run.{run_id}", {"type": MESSAGE_TYPE, "partial": partial_to_json(partial, step)})
        except Exception:
            logger.exception("a partial of run %s was not shown", run_id)

    return send


def partial_to_json(partial: Partial, step: int) -> dict[str, Any]:
    """A partial on the wire; `tool_call_id` is empty where it is the turn's own text."""
    text = clean(partial.text)[:LONGEST_PARTIAL]
    return {"step": step, "tool_call_id": clean(partial.tool_call_id), "text": text}
