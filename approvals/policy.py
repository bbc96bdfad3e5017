"""The admins' policy as values: what holds for each kind, and for all. `judging` asks it; `policies` publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Mode = Literal["off", "shadow", "draft", "review", "auto"]
TierName = Literal["low", "medium", "high"]
RoleName = Literal["support", "manager", "admin"]
OnExpiry = Literal["escalate", "reject", "approve"]
OnDeadline = Literal["raise", "urgent", "close"]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
CategoryName = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]

LADDER: tuple[Mode, ...] = ("off", "shadow", "draft", "review", "auto")
"""The rungs a kind climbs, lowest first."""

HARD_LIMITS: Mapping[str, str] = {
    "delete_record": "Nothing is ever deleted.",
    "make_free_payment": "Money moves only to the customer's own methods and account.",
    "change_credentials": "Nobody's sign-in is changed from here.",
}
"""Kinds no policy can allow, each with its reason."""

ALWAYS_ALLOWED = frozenset({"escalate", "add_note"})
"""Calling people and leaving them a note is never held up."""

PRECEDENCE = (
    "hard limits",
    "refuse",
    "always review",
    "two approvals",
    "thresholds",
    "by itself",
)

RANKS: Mapping[str, int] = {"auditor": 0, "support": 1, "manager": 2, "admin": 3}


def suffices(role: str, approver: str) -> bool:
    """Whether a person of this role may approve what needs that approver; an auditor never may."""
    return role != "auditor" and RANKS[role] >= RANKS[approver]


class Rules(BaseModel):
    """What all parts of a policy have in common: unknown fields are refused, and nothing is changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rung(Rules):
    """Where a kind stands on the ladder, and for how much of the traffic it runs by itself there."""

    mode: Mode = "review"
    share: Share = Decimal(1)


class AmountStep(Rules):
    """From over this amount on, at least this role approves, and this many people do."""

    over: Money
    approver: RoleName = "manager"
    approvals: Literal[1, 2] = 1


class KindPolicy(Rules):
    """What holds for one action kind. Amounts are in the order's currency, times in seconds, shares from 0 to 1.

    `share` is how much of the traffic runs by itself in `auto`; `categories` puts the kind on another rung for tickets
    of a category; `max_wrong` is the share of wrong ones that is tolerated of what runs by itself.
    """

    mode: Mode = "review"
    share: Share = Decimal(1)
    categories: dict[CategoryName, Rung] = {}
    tier: TierName = "medium"
    min_confidence: Share | None = None
    max_amount: Money | None = None
    daily_amount: Money | None = None
    approver: RoleName = "support"
    approvals: Literal[1, 2] = 1
    amount_steps: tuple[AmountStep, ...] = ()
    editor_may_approve: bool = True
    expires_after: Annotated[int, Field(ge=60, le=90 * 86400)] = 3 * 86400
    on_expiry: OnExpiry = "escalate"
    audit_share: Share = Decimal("0")
    max_wrong: Annotated[Decimal, Field(ge=Decimal("0.001"), le=Decimal("0.2"))] = Decimal("0.02")
    undo_seconds: Annotated[int, Field(ge=0, le=3600)] = 0

    @field_validator("amount_steps")
    @classmethod
    def climb(cls, steps: tuple[AmountStep, ...]) -> tuple[AmountStep, ...]:
        """Steps stand in order of their amounts, each once, and never ask for less than the one below."""
        for lower, upper in pairwise(steps):
            if upper.over <= lower.over:
                raise ValueError("each step must be over a larger amount than the one before")
            if RANKS[upper.approver] < RANKS[lower.approver] or upper.approvals < lower.approvals:
                raise ValueError("a step over a larger amount cannot ask for less")
        return steps

    @property
    def lifetime(self) -> timedelta:
        """How long an action waits before it expires."""
        return timedelta(seconds=self.expires_after)

    def rung(self, category: str = "") -> Rung:
        """Where the kind stands for tickets of a category."""
        return self.categories.get(category) or Rung(mode=self.mode, share=self.share)

    def step_for(self, amount: Decimal) -> AmountStep | None:
        """The highest step this amount is over, if it is over any."""
        passed = [step for step in self.amount_steps if amount > step.over]
        return passed[-1] if passed else None


class TierRule(Rules):
    """What holds for every kind of a tier, beside its own rules; the stricter of both counts."""

    approver: RoleName = "support"
    approvals: Literal[1, 2] = 1
    editor_may_approve: bool = True


class EscalationRule(Rules):
    """Who is called when a ticket is given to people, how many seconds they have, and what happens then."""

    role: RoleName = "manager"
    deadline: Annotated[int, Field(ge=300, le=30 * 86400)] = 8 * 3600
    on_deadline: OnDeadline = "raise"


class PolicySettings(Rules):
    """What holds for all kinds. `second_admin`: what loosens takes another admin's word before it is in force."""

    paused: bool = False
    paused_kinds: tuple[str, ...] = ()
    always_review: tuple[str, ...] = ("legal", "safety", "account_access", "talk_to_a_person", "injection")
    daily_amount: Money | None = None
    tiers: dict[TierName, TierRule] = {}
    escalation: EscalationRule = EscalationRule()
    second_admin: bool = False

    def tier(self, name: TierName) -> TierRule:
        """What holds for a tier."""
        return self.tiers.get(name, TierRule())


class Policy(Rules):
    """One published policy: its version, every kind it knows, and what holds for all."""

    version: int = 0
    kinds: dict[str, KindPolicy]
    settings: PolicySettings = PolicySettings()

    @model_validator(mode="after")
    def stays_within_hard_limits(self) -> Policy:
        """A policy that would let a hard limit pass, for any category, is refused as a whole."""
        for name in HARD_LIMITS:
            rules = self.kinds.get(name)
            if rules and any(rung.mode != "off" for rung in (rules.rung(), *rules.categories.values())):
                raise ValueError(f"{name}: {HARD_LIMITS[name]}")
        return self

    def of(self, kind: str) -> KindPolicy:
        """What holds for a kind; one the policy does not name is switched off."""
        return self.kinds.get(kind, KindPolicy(mode="off", tier="high", approver="admin"))

    def is_paused(self, kind: str | None = None) -> bool:
        """Whether the agent as a whole, or this kind, is paused."""
        return self.settings.paused or (kind is not None and kind in self.settings.paused_kinds)

    def editor_may_approve(self, kind: str) -> bool:
        """Whether who proposed or edited an action of this kind may approve it: by its own rules and its tier's."""
        rules = self.of(kind)
        return rules.editor_may_approve and self.settings.tier(rules.tier).editor_may_approve
