"""Skipping a provider that keeps failing: a state machine of each model in each process. Time comes in as `now`.

Closed, it lets every call through. After `limit` failures in a row it opens: calls are refused for `pause` seconds.
Then one caller probes, half open; its success closes, its failure opens again for twice as long, up to `longest`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Breaker:
    """Shared by the threads of a process; seconds are those of any steady clock."""

    limit: int = 3
    pause: float = 30.0
    longest: float = 300.0
    failures: int = 0
    opened_at: float | None = None
    probing: bool = False
    _current: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def admit(self, now: float) -> bool:
        """Whether a call may be made now; whoever is let through says how it went."""
        with self._lock:
            if self.opened_at is None:
                return True
            if self.probing or now < self.opened_at + self._current:
                return False
            self.probing = True
            return True

    def succeed(self) -> None:
        """A call went well."""
        with self._lock:
            self.failures, self.opened_at, self.probing, self._current = 0, None, False, 0.0

    def fail(self, now: float) -> None:
        """A call failed by the provider's fault."""
        with self._lock:
            self.failures += 1
            if self.probing:
                self._current = min(self._current * 2, self.longest)
                self.opened_at, self.probing = now, False
            elif self.opened_at is None and self.failures >= self.limit:
                self.opened_at, self._current = now, self.pause

    def release(self) -> None:
        """A call ended in a way that says nothing of the provider: the next caller probes."""
        with self._lock:
            self.probing = False
