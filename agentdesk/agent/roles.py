"""Roles: one loop, given another prompt, other tools, another model and a share of the run's bounds.

The manager keeps the ticket and the write tools, and hands work on through two tools of its own: an analyst looks
things up, a writer drafts the reply, and a reviewer reads the draft before the manager gets it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from agentdesk.agent.bounds import ALWAYS_OFFERED, MOST_TOOLS, Bounds, pick_tools
from agentdesk.agent.language_model import Partial, ToolSpec
from agentdesk.agent.providers.growing import read_body
from agentdesk.agent.tools import READ_TOOLS, TOOLS
from approvals.kinds import PROPOSABLE

MOST_REWRITES = 2
"""How often a draft the reviewer objects to is written anew; after that a person decides."""


@dataclass(frozen=True)
class Role:
    """Four values. `prompt` is a file in prompts/; `tools` are names, None what the run is offered.

    `model` is asked in place of the run's, "" for the run's own; `budget` is the share of each of the run's bounds
    that one piece of work may take, 0 to 1.
    """

    prompt: str
    tools: tuple[str, ...] | None
    model: str
    budget: Decimal


class AskAnalyst(BaseModel):
    """What the analyst is to find out."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    question: Annotated[
        str, Field(min_length=1, max_length=4000, description="what to find out, with the ids you know")
    ]


class AskWriter(BaseModel):
    """What the writer is to write."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    brief: Annotated[
        str, Field(min_length=1, max_length=8000, description="what the reply must say, and what it must not")
    ]


HANDING: Mapping[str, tuple[type[BaseModel], str]] = {
    "ask_analyst": (AskAnalyst, "Have an analyst look things up; answers with what it found and where."),
    "ask_writer": (
        AskWriter,
        "Have a writer draft the reply from what is known; answers with the words and citations.",
    ),
}
"""The manager's own tools: each hands work to a role."""
HANDING_TOOLS = tuple(ToolSpec(name, text, model.model_json_schema()) for name, (model, text) in HANDING.items())
ROLES: Mapping[str, Role] = {
    "agent": Role("agent.md", None, "", Decimal(1)),
    "analyst": Role("analyst.md", tuple(READ_TOOLS), "", Decimal("0.40")),
    "writer": Role("writer.md", (), "", Decimal("0.30")),
    "reviewer": Role("reviewer.md", (), "", Decimal("0.20")),
    "manager": Role("manager.md", (*HANDING, *PROPOSABLE), "", Decimal(1)),
    "triage": Role("triage.md", (), "", Decimal("0.10")),
}


def tools_of_role(name: str, bounds: Bounds, wished: Collection[str] = ()) -> tuple[ToolSpec, ...]:
    """The tools in a role's requests: at most ten, of the role's own only, and none that the bounds do not allow."""
    own = ROLES[name].tools
    if own is None:
        offered = pick_tools(bounds, wished)
    else:
        known = frozenset((*HANDING, *bounds.tools))
        ranked = dict.fromkeys((*HANDING, *ALWAYS_OFFERED, *wished, *bounds.tools))
        offered = tuple(tool for tool in ranked if tool in own and tool in known)[:MOST_TOOLS]
    return tuple(tool for tool in (*HANDING_TOOLS, *TOOLS) if tool.name in offered)


class Citation(BaseModel):
    """What a sentence rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[
        str, Field(min_length=1, max_length=300, description="article:SLUG@REVISION or tool:TOOL_CALL_ID")
    ]
    quote: Annotated[str, Field(max_length=4000, description="the words it rests on, verbatim")]


class Draft(BaseModel):
    """A writer's answer: whether what is known answers the customer, the reply, and what it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    answerable: Annotated[bool, Field(description="whether what you were given answers all that is asked")]
    body: Annotated[str, Field(max_length=20_000, description="the reply in plain text; empty where not answerable")]
    citations: Annotated[tuple[Citation, ...], Field(max_length=50)]
    confidence: Annotated[Decimal, Field(ge=0, le=1, description="how sure you are, 0 to 1")]
    missing: Annotated[str, Field(max_length=2000, description="what you would have had to know; empty where nothing")]


class Review(BaseModel):
    """A reviewer's answer: whether a draft may go to the customer, how good it is, and what is wrong with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    approved: bool
    score: Annotated[Decimal, Field(ge=0, le=1, description="how sure you are that it is right, 0 to 1")]
    objections: Annotated[
        tuple[Annotated[str, Field(max_length=1000)], ...],
        Field(max_length=20, description="what is wrong, one sentence each; empty where nothing is"),
    ]


def answer_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema a turn's text must fit. A decimal is a plain number there: its text would need a pattern."""
    schema: dict[str, Any] = plain_numbers(model.model_json_schema())
    return schema


def plain_numbers(schema: Any) -> Any:
    """The schema with a plain number where Pydantic offers a number or a decimal's text."""
    if isinstance(schema, list):
        return [plain_numbers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if any(part.get("type") == "number" for part in schema.get("anyOf", ()) if isinstance(part, dict)):
        kept = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**kept, "type": "number"}
    return {name: plain_numbers(part) for name, part in schema.items()}


def show_partial(role: str, partial: Partial) -> Partial | None:
    """What a watcher sees of a turn being written: a writer's words without their JSON, no thinking."""
    if role in ("agent", "manager"):
        return partial
    return Partial(read_body(partial.text)) if role == "writer" else None
