"""Fencing what others wrote, so that a model sees where data begins and ends and nothing inside can end it early."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

UNSEEN = re.compile(
    "[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that show nothing, turn the reading direction, or end a line without being a newline."""


def fence(title: str, value: Any) -> str:
    """A JSON value between two lines that name it by its own hash.

    The value stands on one line: JSON escapes every newline, and what cannot be seen is escaped too, so it is told
    and cannot act. To close the fence from inside, a text would have to hold its own SHA-256.
    """
    told = show_unseen(json.dumps(value, ensure_ascii=False))
    mark = hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"<<<{title} {mark}>>>\n{told}\n<<<end of {title} {mark}>>>"


def show_unseen(told: str) -> str:
    """JSON text with every invisible or direction-changing character written as its escape."""
    return UNSEEN.sub(lambda found: json.dumps(found.group())[1:-1], told)
