"""How sure the planner is of a proposal, by stated rules."""

from __future__ import annotations

CERTAIN = 0.95
DEDUCTIONS = {
    "order inherited": 0.03,
    "order located": 0.15,
    "item concluded": 0.05,
    "method defaulted": 0.03,
    "reason guessed": 0.2,
    "whole order concluded": 0.1,
    "kind concluded": 0.15,
    "follow-up": 0.05,
    "address pieced together": 0.12,
}
"""What each conclusion costs that the letter did not spell out."""
LEAST = 0.3


def state_confidence(*conclusions: str) -> float:
    """0.95 for exact ids and an unambiguous wish, less for everything that had to be concluded; never below 0.3."""
    return round(max(LEAST, CERTAIN - sum(DEDUCTIONS[conclusion] for conclusion in conclusions)), 2)
