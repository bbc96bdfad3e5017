"""What the policy page shows of each kind, and of what holds for all: sentences, ladders, tables of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agentdesk.agent.categories import CATEGORY_TITLES
from agentdesk.pages.policy_fields import step_numbers, values_of
from agentdesk.pages.policy_specs import (
    ESCALATION_FIELDS,
    FINDINGS,
    LADDER_FIELDS,
    LIMIT_FIELDS,
    MODE_TITLES,
    PEOPLE_FIELDS,
    RECORD_FIELDS,
    RUNG_FIELDS,
    SETTINGS_FIELDS,
    STEP_FIELDS,
    TIER_FIELDS,
    TIER_TITLES,
    WAITING_FIELDS,
)
from agentdesk.pages.policy_words import describe_rules, share_in_words
from agentdesk.pages.setting_fields import Draft, Field, Spec, Values, bind, title_of
from approvals.kinds import CATALOGUE
from approvals.policy import ALWAYS_ALLOWED, LADDER, Policy, Rung
from approvals.totals import ALL_KINDS


@dataclass(frozen=True)
class Step:
    """One rung of a drawn ladder: below, at or above where the kind stands."""

    title: str
    place: str


@dataclass(frozen=True)
class RungRow:
    """A row of the ladder's table: whose tickets, where they stand now, and the fields to say otherwise."""

    title: str
    category: str
    ladder: list[Step]
    stands: str
    is_own: bool
    fields: list[Field]


@dataclass(frozen=True)
class Row:
    """A row of fields under a title."""

    title: str
    fields: list[Field]


@dataclass(frozen=True)
class Ceiling:
    """How much of a day's ceiling is used."""

    used: Decimal
    of: Decimal

    @property
    def per_cent(self) -> int:
        """Whole per cent; a ceiling of nothing is full."""
        return min(100, int(self.used * 100 / self.of)) if self.of else 100


@dataclass(frozen=True)
class KindCard:
    """One kind on the page: in a sentence, as a ladder, and field by field."""

    name: str
    title: str
    sentence: str
    tier: str
    is_paused: bool
    rungs: list[RungRow]
    groups: list[Row]
    steps: list[Row]
    steps_fault: str
    ceiling: Ceiling | None
    has_fault: bool
    has_shadow: bool


def cards_of(in_force: Policy, draft: Draft, used: Mapping[str, Decimal]) -> list[KindCard]:
    """Every kind: the sentences tell what is in force, the fields hold what is being typed."""
    stands = values_of(in_force)
    return [card_of(name, in_force, draft, stands, used) for name in CATALOGUE]


def card_of(name: str, in_force: Policy, draft: Draft, stands: Values, used: Mapping[str, Decimal]) -> KindCard:
    """One kind."""
    rules = in_force.of(name)

    def typed(owner: str, specs: Iterable[Spec]) -> list[Field]:
        return bind(owner, specs, draft.values, draft.faults, stands)

    return KindCard(
        name=name,
        title=title_of(name),
        sentence=describe_rules(rules),
        tier=rules.tier,
        is_paused=name in in_force.settings.paused_kinds,
        rungs=rung_rows(name, in_force, draft, stands),
        groups=[
            Row("By itself", typed(name, LIMIT_FIELDS)),
            Row("People", typed(name, PEOPLE_FIELDS)),
            Row("While it waits", typed(name, WAITING_FIELDS)),
            Row("Looked at afterwards", typed(name, RECORD_FIELDS)),
        ],
        steps=[
            Row(f"Step {number}", typed(f"{name}.amount_steps.{number}", STEP_FIELDS))
            for number in step_numbers(name, draft.values)
        ],
        steps_fault=draft.faults.get(f"{name}.amount_steps", ""),
        ceiling=ceiling_of(name, rules.daily_amount, used),
        has_fault=any(field.startswith(f"{name}.") for field in draft.faults),
        has_shadow="shadow" in {rules.mode, *(rung.mode for rung in rules.categories.values())},
    )


def rung_rows(name: str, in_force: Policy, draft: Draft, stands: Values) -> list[RungRow]:
    """Where a kind stands on the ladder: for all tickets, and for those of each category."""
    rules = in_force.of(name)
    fields = bind(name, LADDER_FIELDS, draft.values, draft.faults, stands)
    rows = [RungRow("All tickets", "", draw_ladder(rules.rung()), rung_in_words(rules.rung()), True, fields)]
    for category, title in () if name in ALWAYS_ALLOWED else CATEGORY_TITLES.items():
        rung, is_own = rules.rung(category), category.value in rules.categories
        fields = bind(f"{name}.categories.{category}", RUNG_FIELDS, draft.values, draft.faults, stands)
        rows.append(RungRow(title, category.value, draw_ladder(rung), rung_in_words(rung), is_own, fields))
    return rows


def draw_ladder(rung: Rung) -> list[Step]:
    """The five rungs, up to where it stands."""
    reached = LADDER.index(rung.mode)
    places = ["below"] * reached + ["here"] + ["above"] * (len(LADDER) - reached - 1)
    return [Step(MODE_TITLES[mode], place) for mode, place in zip(LADDER, places, strict=True)]


def rung_in_words(rung: Rung) -> str:
    """A rung as one says it: "By itself for 25 %"."""
    partly = rung.mode == "auto" and rung.share < 1
    return MODE_TITLES[rung.mode] + (f" for {share_in_words(rung.share)}" if partly else "")


def ceiling_of(kind: str, ceiling: Decimal | None, used: Mapping[str, Decimal]) -> Ceiling | None:
    """How far a day's ceiling is used; None where there is none."""
    return None if ceiling is None else Ceiling(used.get(kind, Decimal(0)), ceiling)


def settings_of(in_force: Policy, draft: Draft, used: Mapping[str, Decimal]) -> dict[str, Any]:
    """What holds for all kinds: fields, findings to choose from, tier rules, escalation, the day's ceiling."""
    stands = values_of(in_force)
    fields = bind("settings", SETTINGS_FIELDS, draft.values, draft.faults, stands)
    always, *others = fields
    return {
        "always": always,
        "findings": [(name, title, name in always.named) for name, title in FINDINGS.items()],
        "other_findings": ", ".join(name for name in always.named if name not in FINDINGS),
        "settings_fields": others,
        "tier_rows": [
            Row(title, bind(f"settings.tiers.{tier}", TIER_FIELDS, draft.values, draft.faults, stands))
            for tier, title in TIER_TITLES.items()
        ],
        "escalation_fields": bind("settings.escalation", ESCALATION_FIELDS, draft.values, draft.faults, stands),
        "ceiling": ceiling_of(ALL_KINDS, in_force.settings.daily_amount, used),
    }
