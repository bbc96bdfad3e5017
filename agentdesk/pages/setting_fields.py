"""Published settings as fields of a form: the policy's and the agent's alike, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from pydantic import ValidationError

from agentdesk.runs.agent_versions import AgentUnfit
from approvals.kinds import CATALOGUE
from approvals.policies import PolicyUnfit

LONGEST_NOTE = 1000
PAGE_OF_VERSIONS = 30
NO_NOTE = {"note": "Say in a sentence why; the note stays with the version."}
Control = Literal["select", "text", "check", "kinds", "findings"]
Values = dict[str, str]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Spec:
    """One field of a setting: what people call it, and how it is typed."""

    name: str
    label: str
    control: Control = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Field:
    """A field on the page: its name in the form, what stands in it, and what is wrong with that."""

    spec: Spec
    name: str
    value: str
    fault: str
    was: str | None = None
    """What is in force, where that is something else than what the form began with."""

    @property
    def is_on(self) -> bool:
        return bool(self.value)

    @property
    def chosen(self) -> list[str]:
        return self.value.split()

    @property
    def named(self) -> list[str]:
        """What stands in it with commas between."""
        return [name.strip() for name in self.value.split(",") if name.strip()]

    @property
    def shown(self) -> str:
        """The value in words, for those who only read."""
        if self.spec.control == "check":
            return "yes" if self.value else "no"
        if self.spec.control == "kinds":
            return ", ".join(title_of(name) for name in self.chosen) or "—"
        if self.spec.control == "findings":
            return ", ".join(name.replace("_", " ") for name in self.named) or "—"
        return dict(self.spec.choices).get(self.value, self.value) or "—"


@dataclass(frozen=True)
class Draft:
    """A setting on its way: what was typed, what is wrong with it, and what it started from.

    `moved` is the refusal to publish over someone else's version, `theirs` what that version changed.
    """

    values: Values
    base_version: int
    note: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    moved: Any = None
    theirs: Iterable[dict[str, Any]] = ()


def title_of(kind: str) -> str:
    """What people call a kind."""
    return CATALOGUE[kind].title if kind in CATALOGUE else kind.replace("_", " ")


def bind(
    owner: str, specs: Iterable[Spec], values: Values, faults: Mapping[str, str], in_force: Values | None = None
) -> list[Field]:
    """The fields of one owner (a kind, a category, or `settings`) with what stands in them."""
    fields = []
    for spec in specs:
        name = f"{owner}.{spec.name}"
        value = values.get(name, "")
        was = (in_force or {}).get(name, value)
        fields.append(Field(spec, name, value, faults.get(name, ""), None if was == value else was))
    return fields


def name_faults(owner: str, wrong: ValidationError) -> dict[str, str]:
    """Each fault under the dotted name of its field, in words."""
    return {f"{owner}.{error['loc'][0]}": f"{error['msg']}." for error in wrong.errors() if error["loc"]}


def typed_text(text: object) -> str:
    """What was typed in a field, without what no database keeps."""
    return str(text).replace("\0", "").strip()


def read_base(request: HttpRequest) -> tuple[int, str]:
    """The version a form was made from, and its note; a version that is none is 0."""
    base = request.POST.get("base_version", "")
    version = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
    return version, typed_text(request.POST.get("note", ""))[:LONGEST_NOTE]


def read_noted(draft: Draft, read: Callable[[Values], Value], unfit: type[PolicyUnfit] | type[AgentUnfit]) -> Value:
    """What a draft says, which takes a note. Raises: `unfit` with every fault there is, a missing note among them."""
    faults = {} if draft.note else NO_NOTE
    try:
        value = read(draft.values)
    except unfit as wrong:
        raise unfit(faults | wrong.fields) from None
    if faults:
        raise unfit(faults)
    return value


def merge(typed: Values, base: Values, newest: Values) -> Values:
    """What was typed where it differs from what the form began with; elsewhere theirs, so that no pause is undone."""
    return {name: value if value != base.get(name) else newest.get(name, value) for name, value in typed.items()}
