"""What admins set of the agent, as one published value: guidance, bounds per category, what a day may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agentdesk.agent.bounds import DEFAULT_BOUNDS, Bounds
from agentdesk.agent.categories import Category

LONGEST_GUIDANCE = 8000
"""Characters of guidance."""


class AgentSettings(BaseModel):
    """Guidance stands behind the core prompt, which nobody edits here.

    `daily_money` is in US dollars, None no limit; `reviews_drafts` has a reviewer read what the writer drafts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 0
    guidance: Annotated[str, Field(max_length=LONGEST_GUIDANCE)] = ""
    bounds: dict[Category, Bounds] = Field(default_factory=lambda: dict(DEFAULT_BOUNDS))
    daily_money: Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2)] | None = None
    reviews_drafts: bool = True

    def bounds_of(self, category: str) -> Bounds:
        """The bounds of a category; an unknown one is a mixture."""
        known = next((one for one in Category if one.value == category), Category.MIXED)
        return self.bounds.get(known, DEFAULT_BOUNDS[known])
