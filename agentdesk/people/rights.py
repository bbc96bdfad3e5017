"""Who may approve what, by kind, risk and amount: the policy in force as a table of kinds and roles."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from approvals.judging import Facts, approval_asked
from approvals.kinds import CATALOGUE
from approvals.policy import ALWAYS_ALLOWED, Policy, TierName, suffices
from tickets.models import Role

DECIDERS = (Role.SUPPORT, Role.MANAGER, Role.ADMIN, Role.AUDITOR)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Band:
    """Amounts over `over` up to `up_to` (None: any), the role that may approve them and how many people must."""

    over: Decimal
    up_to: Decimal | None
    approver: str
    approvals: int


@dataclass(frozen=True)
class Right:
    """What one role may approve of one kind: whether anything, and in words."""

    role: Role
    may: bool
    words: str


@dataclass(frozen=True)
class KindRights:
    """One kind's row: its risk, what each role may approve, and whether its author may."""

    name: str
    title: str
    tier: TierName
    note: str
    rights: tuple[Right, ...]
    author_may: bool


def rights_under(policy: Policy) -> list[KindRights]:
    """Every kind of the catalogue with each role's rights, as the policy has it."""
    return [rights_of(name, policy) for name in CATALOGUE]


def rights_of(name: str, policy: Policy) -> KindRights:
    """One kind's row."""
    rules = policy.of(name)
    bands = bands_of(name, policy)
    note = "Always runs by itself." if name in ALWAYS_ALLOWED else "Switched off." if rules.mode == "off" else ""
    if name == "undo":
        note = "For whoever may approve what is undone."
    rights = tuple(right_of(role, bands) for role in DECIDERS)
    return KindRights(name, CATALOGUE[name].title, rules.tier, note, rights, policy.editor_may_approve(name))


def bands_of(name: str, policy: Policy) -> list[Band]:
    """The amounts between the kind's steps, each with what the policy asks for there."""
    rules = policy.of(name)
    edges = [Decimal(0), *(step.over for step in rules.amount_steps)]
    bands = []
    for low, high in pairwise([*edges, None]):
        if low is None or low == high:
            continue
        approver, approvals = approval_asked(facts_of(name, low + CENT), rules, policy.settings)
        bands.append(Band(low, high, approver, approvals))
    return bands


def facts_of(name: str, amount: Decimal) -> Facts:
    """An action of this kind and amount of which nothing else is known."""
    kind = CATALOGUE[name]
    return Facts(
        kind=name,
        amount=amount,
        confidence=None,
        findings=(),
        identity="verified",
        proposer="agent",
        moves_money=kind.moves_money,
        reaches_customer=kind.reaches_customer,
        changes_records=False,
    )


def right_of(role: Role, bands: list[Band]) -> Right:
    """What a role may approve of a kind with these bands; as amounts rise a policy never asks for less."""
    allowed = [band for band in bands if suffices(role, band.approver)]
    if not allowed:
        return Right(role, False, "looks only" if role == Role.AUDITOR else "no")
    limit = allowed[-1].up_to
    words = [f"up to {limit:,.2f}" if limit is not None else "any amount" if len(bands) > 1 else "yes"]
    in_two = [band for band in allowed if band.approvals == 2]
    if in_two:
        words.append("with a second person" + (f" over {in_two[0].over:,.2f}" if in_two[0].over else ""))
    return Right(role, True, ", ".join(words))
