"""The names of models, and the variables each provider is configured by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

OFFLINE = "offline"
VARIABLES: Mapping[str, tuple[str, str]] = {
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
    "openai-chat": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
}
"""By prefix: the variables of the key and of the base URL."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}")
FORMS = "use offline, anthropic:NAME, openai:NAME or openai-chat:NAME"


class UnknownModel(Exception):
    """No model of this name is in this build."""


class MissingKey(UnknownModel):
    """The model's provider has no key in the environment."""


@dataclass(frozen=True)
class Configured:
    """A model as the environment configures it; the base URL is empty where the provider's own holds."""

    name: str
    provider: str
    model: str
    base_url: str
    key: str = field(repr=False)


def split_models(names: str) -> tuple[str, ...]:
    """The names of a comma-separated list, in order."""
    return tuple(name for part in names.split(",") if (name := part.strip()))


def check_model(name: str, environment: Mapping[str, str]) -> Configured | None:
    """What a name stands for in an environment; None for the offline model. Raises: UnknownModel, MissingKey."""
    if name == OFFLINE:
        return None
    provider, _colon, model = name.partition(":")
    if provider not in VARIABLES or not NAME.fullmatch(model):
        raise UnknownModel(f"There is no model {name[:100]!r}; {FORMS}.")
    key_variable, url_variable = VARIABLES[provider]
    key = environment.get(key_variable, "").strip()
    if not key:
        hint = "" if provider == "anthropic" else f"; a server at {url_variable} that asks for no key takes any value"
        raise MissingKey(f"The model {name} needs {key_variable}, which is not set{hint}.")
    return Configured(name, provider, model, environment.get(url_variable, "").strip(), key)
