"""What a check found wrong with a draft, an action's arguments, or a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing a check found. `reason` is a sentence for the reviewer; `quote` are the words it is about.

    As text it is `check: reason`, which is how an action stores it and the policy reads it: what stands before the
    colon can be in the policy's list of what is always reviewed.
    """

    check: str
    reason: str
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.check}: {self.reason}"
