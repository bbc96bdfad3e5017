"""The policy as the fields of a form: what stands in each, and how what was typed becomes a policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from agentdesk.agent.categories import Category
from agentdesk.pages.policy_specs import (
    ESCALATION_FIELDS,
    KIND_FIELDS,
    MODE_TITLES,
    RUNG_FIELDS,
    SETTINGS_FIELDS,
    STEP_FIELDS,
    TIER_FIELDS,
    TIER_TITLES,
    show_list,
)
from agentdesk.pages.policy_specs import label_of as label_of
from agentdesk.pages.setting_fields import Spec, Values, typed_text
from approvals.kinds import CATALOGUE
from approvals.policies import PolicyUnfit
from approvals.policy import KindPolicy, Policy, PolicySettings, TierRule

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
UNIT_WORDS = {86400: "day", 3600: "hour", 60: "minute", 1: "second"}
STEP_ROWS = 3
"""Rows for steps by amount, at least; one more than there are steps."""
MOST_STEPS = 9

Owner = tuple[str, tuple[Spec, ...]]


def write_duration(seconds: int) -> str:
    """Seconds in the largest unit that says them exactly: 259200 is "3 days"."""
    unit = next(unit for unit in UNIT_WORDS if seconds % unit == 0)
    return f"{seconds // unit} {UNIT_WORDS[unit]}{'' if seconds == unit else 's'}"


def read_duration(text: str) -> int | str:
    """The seconds; what is not a duration comes back as it was, for Pydantic to refuse."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*(d|h|m|s|days?|hours?|minutes?|seconds?)?\s*", text, re.IGNORECASE)
    return int(match[1]) * UNITS[(match[2] or "s")[0].lower()] if match else text


# --- From a policy to what stands in the form ---


def values_of(policy: Policy) -> Values:
    """Every field of the form as text, for this policy."""
    values: Values = {}
    for kind in CATALOGUE:
        values |= kind_values(kind, policy.of(kind))
    settings = policy.settings
    values |= texts("settings", SETTINGS_FIELDS, settings)
    for tier in TIER_TITLES:
        values |= texts(f"settings.tiers.{tier}", TIER_FIELDS, settings.tiers.get(tier, TierRule()))  # type: ignore[call-overload]
    return values | texts("settings.escalation", ESCALATION_FIELDS, settings.escalation)


def kind_values(kind: str, rules: KindPolicy) -> Values:
    """One kind's fields: its own, a row for each category, a row for each step by amount and some empty ones."""
    values = texts(kind, KIND_FIELDS, rules)
    for category in Category:
        owner, rung = f"{kind}.categories.{category}", rules.categories.get(category)
        values |= texts(owner, RUNG_FIELDS, rung) if rung else {f"{owner}.mode": "", f"{owner}.share": "1"}
    for number in range(1, max(STEP_ROWS, min(len(rules.amount_steps) + 1, MOST_STEPS)) + 1):
        owner, step = f"{kind}.amount_steps.{number}", rules.amount_steps[number - 1 : number]
        blank = {f"{owner}.over": "", f"{owner}.approver": rules.approver, f"{owner}.approvals": str(rules.approvals)}
        values |= texts(owner, STEP_FIELDS, step[0]) if step else blank
    return values


def texts(owner: str, specs: Iterable[Spec], stated: object) -> Values:
    """The fields of one owner as text."""
    return {f"{owner}.{spec.name}": text_of(spec.name, getattr(stated, spec.name)) for spec in specs}


def text_of(name: str, value: Any) -> str:
    """One value as it is typed."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if name in ("expires_after", "deadline"):
        return write_duration(value)
    if isinstance(value, tuple):
        return (" " if name == "paused_kinds" else ", ").join(value)
    return str(value)


def show_value(field: str, value: Any) -> str:
    """A stored value of a dotted field in words; empty for none."""
    name = field.rpartition(".")[2]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return show_list(name, value)
    if name == "mode":
        return MODE_TITLES.get(value, str(value)) if value else ""
    return "" if value is None else text_of(name, value)


# --- From what was typed to a policy ---


def owners_of(values: Values) -> Iterator[Owner]:
    """Each group of fields that stands together in the form, with its dotted name."""
    for kind in CATALOGUE:
        yield kind, KIND_FIELDS
        yield from ((f"{kind}.categories.{category}", RUNG_FIELDS) for category in Category)
        yield from ((f"{kind}.amount_steps.{number}", STEP_FIELDS) for number in step_numbers(kind, values))
    yield "settings", SETTINGS_FIELDS
    yield from ((f"settings.tiers.{tier}", TIER_FIELDS) for tier in TIER_TITLES)
    yield "settings.escalation", ESCALATION_FIELDS


def step_numbers(kind: str, values: Mapping[str, Any]) -> list[int]:
    """The rows for steps by amount that a kind has, in order."""
    return [number for number in range(1, MOST_STEPS + 1) if f"{kind}.amount_steps.{number}.over" in values]


def typed_values(post: Mapping[str, Any], lists: Mapping[str, list[str]], base: Policy) -> Values:
    """What was typed; a field that was not sent keeps what it is in `base`, an unticked box counts as sent."""
    values = values_of(base)
    for owner, specs in owners_of({**values, **post}):
        was_sent = any(f"{owner}.{spec.name}" in post for spec in specs)
        for spec in specs:
            name = f"{owner}.{spec.name}"
            if spec.control in ("kinds", "findings") and was_sent:
                values[name] = (" " if spec.control == "kinds" else ", ").join(map(typed_text, lists.get(name, [])))
            elif name in post or (spec.control == "check" and was_sent):
                values[name] = typed_text(post.get(name, ""))
            else:
                values.setdefault(name, "")
    return values


def policy_from(values: Values, base: Policy) -> Policy:
    """The policy that these values say; what the form does not show stays as it is in `base`.

    Raises: PolicyUnfit, naming every field.
    """
    faults: dict[str, str] = {}
    kinds = dict(base.kinds)
    for kind in CATALOGUE:
        try:
            kinds[kind] = KindPolicy.model_validate(raw_kind(kind, values, base))
        except ValidationError as wrong:
            faults |= kind_faults(kind, values, wrong)
    try:
        settings = PolicySettings.model_validate(raw_settings(values, base))
    except ValidationError as wrong:
        faults |= {name_fault("settings", error["loc"]): say(error["msg"]) for error in wrong.errors()}
        raise PolicyUnfit(faults) from None
    if faults:
        raise PolicyUnfit(faults)
    return Policy(kinds=kinds, settings=settings)


def raw_kind(kind: str, values: Values, base: Policy) -> dict[str, Any]:
    """What Pydantic is given for a kind."""
    return {
        **base.of(kind).model_dump(),
        **raw_fields(kind, KIND_FIELDS, values),
        "categories": {
            category.value: raw_fields(f"{kind}.categories.{category}", RUNG_FIELDS, values)
            for category in Category
            if values[f"{kind}.categories.{category}.mode"]
        },
        "amount_steps": [
            raw_fields(f"{kind}.amount_steps.{number}", STEP_FIELDS, values) for number in typed_steps(kind, values)
        ],
    }


def typed_steps(kind: str, values: Values) -> list[int]:
    """The rows of steps by amount that say something."""
    return [number for number in step_numbers(kind, values) if values[f"{kind}.amount_steps.{number}.over"]]


def raw_settings(values: Values, base: Policy) -> dict[str, Any]:
    """What Pydantic is given for what holds for all kinds; a tier rule that asks for nothing is none."""
    typed = raw_fields("settings", SETTINGS_FIELDS, values)
    if set(typed["always_review"]) == set(base.settings.always_review):
        typed["always_review"] = base.settings.always_review
    tiers = {tier: raw_fields(f"settings.tiers.{tier}", TIER_FIELDS, values) for tier in TIER_TITLES}
    asked = {tier: rule for tier, rule in tiers.items() if tier in base.settings.tiers or rule != NOTHING_ASKED}
    escalation = raw_fields("settings.escalation", ESCALATION_FIELDS, values)
    return {**base.settings.model_dump(), **typed, "tiers": asked, "escalation": escalation}


NOTHING_ASKED = TierRule().model_dump()


def raw_fields(owner: str, specs: Iterable[Spec], values: Values) -> dict[str, Any]:
    """What Pydantic is given for the fields of one owner."""
    return {spec.name: raw_of(spec, values[f"{owner}.{spec.name}"]) for spec in specs}


def raw_of(spec: Spec, text: str) -> Any:
    """What Pydantic is given for a field's text."""
    if spec.control == "check":
        return bool(text)
    if spec.name in ("expires_after", "deadline"):
        return read_duration(text)
    if spec.name == "approvals" and text.isascii() and text.isdigit():
        return int(text)
    if spec.control in ("kinds", "findings"):
        return tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text) if part))
    return text or None


def kind_faults(kind: str, values: Values, wrong: ValidationError) -> dict[str, str]:
    """Each fault of a kind under the name of its field; a step's under its row in the form."""
    rows = typed_steps(kind, values)
    faults: dict[str, str] = {}
    for error in wrong.errors():
        match error["loc"]:
            case ("amount_steps", int(place), *rest):
                place_in_form = (kind, "amount_steps", rows[place], *rest)
            case place_in_model:
                place_in_form = (kind, *place_in_model)
        faults[".".join(map(str, place_in_form))] = say(error["msg"])
    return faults


def name_fault(owner: str, place: tuple[int | str, ...]) -> str:
    """A fault's field by its dotted name."""
    return ".".join(map(str, (owner, *place)))


def say(message: str) -> str:
    """What is wrong, as a sentence."""
    return f"{message.removeprefix('Value error, ').rstrip('.')}."
