"""Which language model a name stands for. An SDK is imported only when a model of its provider is asked for."""

from __future__ import annotations

import os
import threading

from agentdesk.agent.language_model import LanguageModel
from agentdesk.agent.providers.naming import Configured, MissingKey, UnknownModel, check_model, split_models

__all__ = ["MissingKey", "UnknownModel", "check_model", "find_model", "split_models"]

_lock = threading.Lock()
_models: dict[Configured, LanguageModel] = {}


def find_model(name: str) -> LanguageModel:
    """The model of this name: `offline`, `anthropic:NAME`, `openai:NAME` or `openai-chat:NAME`.

    One instance per name, key and base URL in this process, used by all its threads: it holds the connections and the
    breaker. Raises: UnknownModel, MissingKey.
    """
    configured = check_model(name, os.environ)
    if configured is None:
        from agentdesk.agent.offline import OfflineModel

        return OfflineModel()
    with _lock:
        if configured not in _models:
            _models[configured] = connect(configured)
        return _models[configured]


def connect(configured: Configured) -> LanguageModel:
    """A model of a provider, with a client of its own."""
    if configured.provider == "anthropic":
        from agentdesk.agent.providers.messages import connect_messages

        return connect_messages(configured)
    from agentdesk.agent.providers.openai_apis import connect_openai

    return connect_openai(configured)
