"""A model of OpenAI's, or of a compatible server: the SDK's client, and the wire format its name asks for."""

from __future__ import annotations

from typing import Any

import httpx2
import openai

from agentdesk.agent.providers.budget import BudgetClient
from agentdesk.agent.providers.chat import ChatWire
from agentdesk.agent.providers.failing import Overdue
from agentdesk.agent.providers.naming import Configured
from agentdesk.agent.providers.provider_model import ProviderModel, Wire
from agentdesk.agent.providers.responses import ResponsesWire

BASE_URL = "https://api.openai.com/v1"
"""Stated, because an empty variable would count as one."""


class OverdueHere(Overdue, openai.OpenAIError):
    """The call's time is used up; the SDK passes its own kind of error on and tries nothing more."""


def connect_openai(configured: Configured) -> ProviderModel:
    """`openai:` speaks Responses, `openai-chat:` Chat Completions."""
    client = openai.OpenAI(
        api_key=configured.key, base_url=configured.base_url or BASE_URL, http_client=BudgetClient(OverdueHere)
    )
    is_compatible = not f".{client.base_url.host}".endswith(".openai.com")
    wire: Wire = ResponsesWire(configured.model)
    path = "/responses"
    if configured.provider == "openai-chat":
        wire, path = ChatWire(configured.model, is_compatible=is_compatible), "/chat/completions"

    def post(body: bytes, retries: int) -> httpx2.Response:
        # The transport with a prepared body: `create` walks the whole transcript first, for milliseconds.
        return client.post(
            path,
            content=body,
            cast_to=httpx2.Response,
            options={"max_retries": retries},
            stream=True,
            stream_cls=openai.Stream[Any],
        )  # type: ignore[return-value]

    return ProviderModel(configured.name, ("openai", configured.model), wire, post, configured.key)
