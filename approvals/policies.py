"""Publishing policies, and which one is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from approvals import audit, signals
from approvals.contradictions import contradictions
from approvals.kinds import CATALOGUE
from approvals.models import PolicyVersion
from approvals.policy import ALWAYS_ALLOWED, HARD_LIMITS, Policy
from approvals.presets import preset_policy
from tickets.models import Person
from tickets.prepared import fetch_rows, prepared

POLICY_LOCK = 7_305_002
"""PostgreSQL's advisory lock on the policy: held by every gate that asks it, taken alone by who publishes."""


class PolicyMoved(Exception):
    """Someone published another policy meanwhile; look at the differences and try again."""

    def __init__(self, newest: PolicyVersion | None, differences: list[dict[str, Any]]) -> None:
        super().__init__(PolicyMoved.__doc__)
        self.newest = newest
        self.differences = differences


class PolicyUnfit(Exception):
    """This policy cannot be published; `fields` says which part and why."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


def policy_in_force() -> Policy:
    """The newest published policy; *Careful* where none was ever published."""
    for newest in newest_version():
        return read_policy(*newest)
    return preset_policy("careful")


@prepared
def newest_version() -> QuerySet[PolicyVersion, tuple[int, datetime]]:
    """The newest published version's number and time."""
    return PolicyVersion.objects.order_by("-version").values_list("version", "at")[:1]


def hold_policy() -> None:
    """Keeps the policy in force from changing until this transaction ends; any number of transactions may at once.

    So a pause is in force from its commit: a gate that read the policy before has committed before. On SQLite the
    writer's lock does it.
    """
    take_policy_lock("pg_advisory_xact_lock_shared")


def take_policy_lock(function: str) -> None:
    """One of PostgreSQL's advisory locks on the policy, for this transaction."""
    if connection.vendor == "postgresql":
        fetch_rows(f"SELECT {function}(%s)", [POLICY_LOCK])


@lru_cache(maxsize=64)
def read_policy(version: int, at: object) -> Policy:
    """A version as a value, read once per process: its row never changes. `at` tells it from a flushed one's."""
    return policy_of(PolicyVersion.objects.get(pk=version))


def policy_of(row: PolicyVersion) -> Policy:
    """A stored version as a value."""
    return Policy(version=row.version, kinds=row.kinds, settings=row.settings)


def policy_version(version: int) -> Policy:
    """One published version. Raises PolicyVersion.DoesNotExist."""
    return policy_of(PolicyVersion.objects.get(pk=version))


def kinds_to_json(policy: Policy) -> dict[str, dict[str, Any]]:
    """Every kind's rules as JSON values; money and shares as strings."""
    return {name: rules.model_dump(mode="json") for name, rules in policy.kinds.items()}


@transaction.atomic
def publish_policy(policy: Policy, *, base_version: int, note: str, by: Person | None, now: datetime) -> Policy:
    """Puts a policy in force as the next version.

    Raises: PolicyMoved when `base_version` is not in force any more, PolicyUnfit when a rule of SEMANTICS forbids it.
    """
    take_policy_lock("pg_advisory_xact_lock")
    newest = PolicyVersion.objects.select_for_update().order_by("-version").first()
    require_no_new_fault(policy, newest)
    if (newest.version if newest else 0) != base_version:
        raise PolicyMoved(newest, differences(policy_of(newest), policy) if newest else [])
    row = add_version(policy, base_version, note=note, by=by, now=now)
    actor = f"person:{by.username}" if by else "system"
    changed = differences(policy_of(newest), policy) if newest else []
    audit.record("policy.published", actor=actor, subject=f"policy:{row.version}", at=now, note=note, changed=changed)
    signals.policy_published.send(sender=PolicyVersion, version=row.version, now=now)
    return policy_of(row)


def add_version(policy: Policy, base_version: int, *, note: str, by: Person | None, now: datetime) -> PolicyVersion:
    """The next version's row. Two may have read the same base at the same moment: its number is taken once."""
    try:
        with transaction.atomic():
            return PolicyVersion.objects.create(
                version=base_version + 1,
                kinds=kinds_to_json(policy),
                settings=policy.settings.model_dump(mode="json"),
                note=note,
                author=by,
                at=now,
            )
    except IntegrityError as error:
        newest = PolicyVersion.objects.order_by("-version")[0]
        raise PolicyMoved(newest, differences(policy_of(newest), policy)) from error


def require_fit(policy: Policy) -> None:
    """What no policy may say, beyond the shape of its fields. Raises: PolicyUnfit."""
    faults = faults_of(policy)
    if faults:
        raise PolicyUnfit(faults)


def require_no_new_fault(policy: Policy, newest: PolicyVersion | None) -> None:
    """A fault that is in force already, from before it counted as one, holds up no pause and no breaker.

    Raises: PolicyUnfit.
    """
    faults = faults_of(policy)
    known = faults_of(policy_of(newest)) if faults and newest else {}
    new = {name: why for name, why in faults.items() if known.get(name) != why}
    if new:
        raise PolicyUnfit(new)


def faults_of(policy: Policy) -> dict[str, str]:
    """Each field that says what no policy may, with why."""
    faults = {name: "no such kind" for name in policy.kinds if name not in CATALOGUE and name not in HARD_LIMITS}
    faults |= contradictions(policy)
    for name, rules in policy.kinds.items():
        kind = CATALOGUE.get(name)
        if kind is None:
            continue
        harmless = rules.tier == "low" and not kind.moves_money and not kind.reaches_customer
        if rules.on_expiry == "approve" and not harmless:
            faults[f"{name}.on_expiry"] = "approve is only for low-tier kinds that move no money and reach no customer"
        if name in ALWAYS_ALLOWED and (rules.mode != "auto" or rules.categories):
            faults[f"{name}.mode"] = "is always allowed and stays auto"
    faults |= {f"kinds.{name}": "missing" for name in CATALOGUE if name not in policy.kinds}
    strangers = [name for name in policy.settings.paused_kinds if name not in CATALOGUE]
    return faults | ({"settings.paused_kinds": f"no such kind: {', '.join(strangers)}"} if strangers else {})


def differences(before: Policy, after: Policy) -> list[dict[str, Any]]:
    """What differs between two policies, field by field: `{field, before, after}`."""
    old, new = flatten(before), flatten(after)
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def flatten(policy: Policy) -> dict[str, Any]:
    """A policy as one flat mapping of dotted names: `give_credit.categories.return.mode`."""
    return dict(flat_items({**kinds_to_json(policy), "settings": policy.settings.model_dump(mode="json")}))


def flat_items(values: Mapping[str, Any], owner: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that is no mapping, under its dotted name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat_items(value, f"{owner}{name}.")
        else:
            yield f"{owner}{name}", value
