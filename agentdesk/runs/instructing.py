"""What a run is made of, pinned by content when it starts: instructions, tools, models, bounds, versions."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import agentdesk
from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import WRAP_UP_TOOLS, Bounds
from agentdesk.agent.language_model import Entry, Request, ToolSpec
from agentdesk.agent.loop import Setting
from agentdesk.agent.roles import ROLES, tools_of_role
from agentdesk.agent.tools import TOOLS
from agentdesk.runs.models import Event, Run
from agentdesk.runs.pins import pin, pinned
from tickets.models import Priority

OFFLINE = "offline"
FLEXIBLE = ("openai:", "openai-chat:")
"""Providers that do what is not urgent later, for less."""
PROMPTS = Path(agentdesk.__file__).parent / "agent" / "prompts"
GUIDANCE = """
The house's own guidance, from its admins. It adds to what stands above and takes nothing of it away.
<guidance>
{guidance}
</guidance>
"""


@cache
def read_prompt(name: str = "agent.md") -> str:
    """Instructions, as their file has them."""
    return (PROMPTS / name).read_text(encoding="utf-8").strip()


def instruct(prompt: str, guidance: str = "") -> str:
    """A prompt with the house's guidance behind it."""
    return prompt + GUIDANCE.format(guidance=guidance) if guidance.strip() else prompt


ROLES_WAY = "roles"
"""The way in which a manager hands work to other roles."""
PINNED_COLUMNS = ("category", "agent_version", "bounds", "step_limit", "wall_clock_seconds", "versions")
"""The columns of a run that say what it is made of and how far it may go."""


def pinned_columns(settings: AgentSettings, category: str, wished: Collection[str] = ()) -> dict[str, Any]:
    """The values of a new run's `PINNED_COLUMNS`, for a ticket of this category."""
    bounds = settings.bounds_of(category)
    role = "manager" if bounds.way == ROLES_WAY else "agent"
    prompt = read_prompt(ROLES[role].prompt)
    versions = {
        "prompt": pin(prompt),
        "guidance": pin(settings.guidance) if settings.guidance else "",
        "system": pin(instruct(prompt, settings.guidance)),
        "tools": pin_tools(tools_of_role(role, bounds, wished)),
        "code": agentdesk.__version__,
    }
    return {
        "category": category,
        "agent_version": settings.version,
        "bounds": bounds.model_dump(mode="json"),
        "step_limit": bounds.steps,
        "wall_clock_seconds": bounds.wall_clock_seconds,
        "versions": versions,
    }


def setting_of(run: Run, bounds: Bounds, models: Collection[str]) -> Setting:
    """What stays the same through a run, from what it pinned when it started."""
    versions = run.versions
    guidance = pinned(versions["guidance"]) if versions["guidance"] else ""
    tools = tools_pinned(versions["tools"])
    return Setting(
        system=pinned(versions["system"]),
        tools=tools,
        parameters=parameters_of(run, bounds, models),
        simple=instruct(read_prompt("simple.md"), guidance),
        last_tools=tuple(tool for tool in TOOLS if tool.name in WRAP_UP_TOOLS and tool.name in bounds.tools),
    )


def parameters_of(run: Run, bounds: Bounds, models: Collection[str]) -> dict[str, Any]:
    """What is sent or kept beside the words; the offline model calls whatever is allowed, offered or not."""
    parameters: dict[str, Any] = {"cache_key": run.pk.hex}
    if OFFLINE in models:
        parameters["allowed"] = list(bounds.tools)
    if any(name.startswith(FLEXIBLE) for name in models) and run.ticket.priority == Priority.LOW:
        parameters["service_tier"] = "flex"
    return parameters


# --- Requests, from the rows alone ---


class Offer:
    """Tools known by identity: the same ones are sent many times, and are dearer to serialise than to look up."""

    def __init__(self, tools: tuple[ToolSpec, ...]) -> None:
        self.tools = tools
        self.ids = tuple(map(id, tools))

    def __hash__(self) -> int:
        return hash(self.ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Offer) and other.ids == self.ids


@lru_cache(maxsize=256)
def words_of_tools(offer: Offer) -> str:
    """The JSON of tools as they are sent."""
    tools = [[tool.name, tool.description, tool.parameters] for tool in offer.tools]
    return json.dumps(tools, ensure_ascii=False)


def pin_tools(tools: tuple[ToolSpec, ...]) -> str:
    """Pins tools as they are sent. Returns: the hash of their JSON."""
    return pin(words_of_tools(Offer(tools)))


def pin_sent(request: Request) -> dict[str, str]:
    """Pins the instructions and the tools of a request, as versions of its event."""
    return {"system": pin(request.system), "tools": pin_tools(request.tools)}


@lru_cache(maxsize=64)
def tools_pinned(sha256: str) -> tuple[ToolSpec, ...]:
    """Tools as they were sent; the same hash gives the same object. Raises: PinnedText.DoesNotExist."""
    return tuple(ToolSpec(*parts) for parts in json.loads(pinned(sha256)))


def rebuild_request(event: Event, entries: Sequence[Entry]) -> Request:
    """The request a model call was made with, from its event and the transcript as it was then.

    Raises: PinnedText.DoesNotExist.
    """
    versions = event.data["versions"]
    return Request(
        pinned(versions["system"]), tools_pinned(versions["tools"]), tuple(entries), event.data["parameters"]
    )
