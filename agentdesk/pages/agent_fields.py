"""The agent's settings as fields of a form: guidance, bounds and tools per category, and what a day may cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import ALL_TOOLS, MOST_TOOLS, Bounds, pick_tools
from agentdesk.agent.categories import CATEGORY_TITLES, Category
from agentdesk.agent.tools import READ_TOOLS
from agentdesk.agent.workflows import WORKFLOWS
from agentdesk.pages.policy_fields import read_duration, write_duration
from agentdesk.pages.setting_fields import Field, Spec, Values, bind, name_faults, title_of, typed_text
from agentdesk.runs.agent_versions import KNOWN_WAYS, NEVER_WITHOUT, AgentUnfit

WAY_WORDS = {"loop": "By itself, in a loop", "roles": "Manager, analyst, writer"} | {
    name: f"Workflow: {workflow.title[:1].lower()}{workflow.title[1:]}" for name, workflow in WORKFLOWS.items()
}
BOUND_FIELDS = (
    Spec("steps", "Steps"),
    Spec("input_tokens", "Tokens in"),
    Spec("output_tokens", "Tokens out"),
    Spec("money", "USD"),
    Spec("wall_clock_seconds", "Time"),
    Spec("reserve", "Reserve"),
    Spec(
        "way", "Way", "select",
        choices=tuple((way, WAY_WORDS[way]) for way in KNOWN_WAYS),
    ),
)  # fmt: skip
SETTINGS_FIELDS = (
    Spec("daily_money", "US dollars a day", hint="all runs together; empty: no limit"),
    Spec("reviews_drafts", "A reviewer reads each draft of the writer", "check"),
)
LABELS = {spec.name: spec.label for spec in (*BOUND_FIELDS, *SETTINGS_FIELDS)} | {
    "wall_clock_seconds": "Time",
    "tools": "Tools",
    "guidance": "Guidance",
    "reviews_drafts": "Reviewer",
}


@dataclass(frozen=True)
class ToolRow:
    """One tool of a category: whether it is allowed, and its place in the order that ranks it."""

    name: str
    title: str
    place: int
    is_allowed: bool
    is_read: bool
    is_fixed: bool


@dataclass(frozen=True)
class CategoryRow:
    """A category of tickets with its bounds and tools, on the page."""

    name: str
    title: str
    fields: list[Field]
    tools: list[ToolRow]
    offered: tuple[str, ...]
    tools_fault: str

    @property
    def allowed(self) -> int:
        """How many tools are allowed."""
        return sum(tool.is_allowed for tool in self.tools)


def label_of(field: str) -> str:
    """What people call a dotted field: `question.steps`."""
    owner, _, name = field.partition(".")
    word = LABELS.get(name, name.replace("_", " "))
    return word if owner == "settings" else f"{CATEGORY_TITLES[Category(owner)]}: {word[:1].lower() + word[1:]}"


def show_value(field: str, value: Any) -> str:
    """A stored value of a dotted field in words; empty for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(tool_title, value))
    name = field.rpartition(".")[2]
    return dict(BOUND_FIELDS[-1].choices).get(value, value) if name == "way" else text_of(name, value)


def tool_title(name: str) -> str:
    """What people call a tool: a kind of action, or a look-up."""
    title = title_of(name)
    return title[:1].upper() + title[1:]


def rows_of(values: Values, faults: Mapping[str, str]) -> list[CategoryRow]:
    """Every category, with what stands in its fields."""
    return [row_of(category, values, faults) for category in Category]


def row_of(category: Category, values: Values, faults: Mapping[str, str]) -> CategoryRow:
    """One category, its allowed tools first."""
    allowed = values[f"{category}.tools"].split()
    ranked = list(dict.fromkeys((*allowed, *ALL_TOOLS)))
    tools = [
        ToolRow(name, tool_title(name), place, name in allowed, name in READ_TOOLS, name in NEVER_WITHOUT)
        for place, name in enumerate(ranked, 1)
    ]
    offered = pick_tools(Bounds(tools=tuple(name for name in allowed if name in ALL_TOOLS)))
    return CategoryRow(
        category.value,
        CATEGORY_TITLES[category],
        bind(category, BOUND_FIELDS, values, faults),
        tools,
        tuple(tool_title(name) for name in offered) if len(allowed) > MOST_TOOLS else (),
        faults.get(f"{category}.tools", ""),
    )


# --- From settings to what stands in the form ---


def values_of(settings: AgentSettings) -> Values:
    """Every field of the form as text."""
    values: Values = {"settings.guidance": settings.guidance}
    for spec in SETTINGS_FIELDS:
        values[f"settings.{spec.name}"] = text_of(spec.name, getattr(settings, spec.name))
    for category in Category:
        bounds = settings.bounds_of(category)
        values |= {f"{category}.{spec.name}": text_of(spec.name, getattr(bounds, spec.name)) for spec in BOUND_FIELDS}
        values[f"{category}.tools"] = " ".join(bounds.tools)
    return values


def text_of(name: str, value: Any) -> str:
    """One value as it is typed."""
    if name == "wall_clock_seconds" and isinstance(value, int):
        return write_duration(value)
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


# --- From what was typed to settings ---


def typed_values(post: Mapping[str, Any], lists: Mapping[str, list[str]], base: AgentSettings) -> Values:
    """What was typed; a field that was not sent keeps what it is in `base`, an unticked box counts as sent."""
    values = values_of(base)
    for name, before in values.items():
        owner, _, field = name.partition(".")
        if field == "tools":
            was_sent = any(f"{owner}.place.{tool}" in post for tool in ALL_TOOLS)
            values[name] = " ".join(ranked_tools(owner, before.split(), post, lists)) if was_sent else before
        elif name in post or (field == "reviews_drafts" and "settings.daily_money" in post):
            values[name] = typed_text(post.get(name, ""))
    return values


def ranked_tools(
    owner: str, before: Sequence[str], post: Mapping[str, Any], lists: Mapping[str, list[str]]
) -> list[str]:
    """The ticked tools by their places; one that was moved up to another's place goes before it."""
    ranked = list(dict.fromkeys((*before, *ALL_TOOLS)))
    stood = {tool: place for place, tool in enumerate(ranked, 1)}

    def key(tool: str) -> tuple[int, int, int]:
        text = str(post.get(f"{owner}.place.{tool}", ""))
        was = stood.get(tool, len(ranked) + 1)
        place = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else was
        return place, (place > was) - (place < was), was

    return sorted(dict.fromkeys(map(typed_text, lists.get(f"{owner}.tools", []))), key=key)


def settings_from(values: Values) -> AgentSettings:
    """The settings these values say. Raises: AgentUnfit, naming every field."""
    faults: dict[str, str] = {}
    bounds: dict[Category, Bounds] = {}
    for category in Category:
        try:
            bounds[category] = Bounds.model_validate(dict(raw_bounds(category, values)))
        except ValidationError as wrong:
            faults |= name_faults(category, wrong)
    try:
        settings = AgentSettings(
            guidance=values["settings.guidance"].replace("\r\n", "\n"),
            daily_money=values["settings.daily_money"] or None,
            reviews_drafts=bool(values["settings.reviews_drafts"]),
            bounds=bounds,
        )
    except ValidationError as wrong:
        raise AgentUnfit(faults | name_faults("settings", wrong)) from None
    if faults:
        raise AgentUnfit(faults)
    return settings


def raw_bounds(category: Category, values: Values) -> Iterable[tuple[str, Any]]:
    """What Pydantic is given for a category's fields."""
    yield "tools", tuple(values[f"{category}.tools"].split())
    for spec in BOUND_FIELDS:
        text = values[f"{category}.{spec.name}"]
        yield spec.name, read_duration(text) if spec.name == "wall_clock_seconds" else text
