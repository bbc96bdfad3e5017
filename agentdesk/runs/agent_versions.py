"""Publishing settings of the agent, and which one is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import ALL_TOOLS
from agentdesk.agent.categories import Category
from agentdesk.agent.workflows import WORKFLOWS
from agentdesk.runs.models import AgentVersion
from approvals import audit
from tickets.models import Person
from tickets.prepared import prepared

NEVER_WITHOUT = ("send_reply", "escalate")
"""An agent that may neither answer nor call people could end no ticket."""
KNOWN_WAYS = ("loop", "roles", *WORKFLOWS)


class AgentMoved(Exception):
    """Someone published another setting of the agent meanwhile; look at the differences and try again."""

    def __init__(self, newest: AgentVersion | None, differences: list[dict[str, Any]]) -> None:
        super().__init__(AgentMoved.__doc__)
        self.newest = newest
        self.differences = differences


class AgentUnfit(Exception):
    """This setting cannot be published; `fields` says which part and why."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


def agent_in_force() -> AgentSettings:
    """The newest published setting; the built-in one where none was ever published."""
    for newest in newest_version():
        return read_agent(*newest)
    return AgentSettings()


@prepared
def newest_version() -> QuerySet[AgentVersion, tuple[int, datetime]]:
    """The newest published version's number and time."""
    return AgentVersion.objects.order_by("-version").values_list("version", "at")[:1]


@lru_cache(maxsize=64)
def read_agent(version: int, at: datetime) -> AgentSettings:
    """A version as a value, read once per process: its row never changes."""
    return agent_of(AgentVersion.objects.get(pk=version, at=at))


def agent_of(row: AgentVersion) -> AgentSettings:
    """A stored version as a value."""
    return AgentSettings.model_validate({**row.value, "version": row.version})


def agent_version(version: int) -> AgentSettings:
    """One published version, or the built-in one for 0. Raises: AgentVersion.DoesNotExist."""
    return AgentSettings() if version == 0 else agent_of(AgentVersion.objects.get(pk=version))


@transaction.atomic
def publish_agent(
    settings: AgentSettings, *, base_version: int, note: str, by: Person | None, now: datetime
) -> AgentSettings:
    """Puts a setting of the agent in force as the next version; runs that have started keep theirs.

    Raises: AgentMoved when `base_version` is not in force any more, AgentUnfit for what no setting may say.
    """
    require_fit(settings)
    newest = AgentVersion.objects.select_for_update().order_by("-version").first()
    before = agent_of(newest) if newest else AgentSettings()
    if before.version != base_version:
        raise AgentMoved(newest, differences(before, settings))
    row = add_version(settings, base_version, note=note, by=by, now=now)
    actor = f"person:{by.username}" if by else "system"
    changed = [change["field"] for change in differences(before, settings)]
    audit.record("agent.published", actor=actor, subject=f"agent:{row.version}", at=now, note=note, changed=changed)
    return agent_of(row)


def add_version(
    settings: AgentSettings, base_version: int, *, note: str, by: Person | None, now: datetime
) -> AgentVersion:
    """The next version's row. Two may have read the same base at the same moment: its number is taken once."""
    value = settings.model_dump(mode="json", exclude={"version"})
    try:
        with transaction.atomic():
            return AgentVersion.objects.create(version=base_version + 1, value=value, note=note, author=by, at=now)
    except IntegrityError as error:
        newest = AgentVersion.objects.order_by("-version")[0]
        raise AgentMoved(newest, differences(agent_of(newest), settings)) from error


def require_fit(settings: AgentSettings) -> None:
    """What no setting may say, beyond the shape of its fields. Raises: AgentUnfit."""
    faults = {f"{category}.steps": "missing" for category in Category if category not in settings.bounds}
    for category, bounds in settings.bounds.items():
        strangers = [name for name in bounds.tools if name not in ALL_TOOLS]
        missing = [name for name in NEVER_WITHOUT if name not in bounds.tools]
        if strangers:
            faults[f"{category}.tools"] = f"There is no such tool: {', '.join(strangers)}."
        elif missing:
            faults[f"{category}.tools"] = f"{' and '.join(missing)} cannot be disallowed: a ticket could not end."
        elif len(set(bounds.tools)) < len(bounds.tools):
            faults[f"{category}.tools"] = "A tool stands here twice."
        if bounds.way not in KNOWN_WAYS:
            faults[f"{category}.way"] = f"There is no such way: {bounds.way}."
    if faults:
        raise AgentUnfit(faults)


def differences(before: AgentSettings, after: AgentSettings) -> list[dict[str, Any]]:
    """Field by field what differs, as JSON values under dotted names such as `question.steps`."""
    old, new = flatten(before), flatten(after)
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def flatten(settings: AgentSettings) -> dict[str, Any]:
    """A setting as one flat mapping of dotted names."""
    value = settings.model_dump(mode="json", exclude={"version"})
    bounds = value.pop("bounds")
    flat = {f"{category}.{name}": part for category, parts in bounds.items() for name, part in parts.items()}
    return flat | {f"settings.{name}": part for name, part in value.items()}
