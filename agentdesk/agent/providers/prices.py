"""What a call cost, by the price table that comes with `genai-prices`; nothing is fetched."""

from __future__ import annotations

import logging
from functools import cache

from agentdesk.agent.language_model import Usage
from agentdesk.agent.providers.growing import GrowingTurn

log = logging.getLogger(__name__)


def price_turn(turn: GrowingTurn, provider: str, model: str) -> Usage:
    """The turn's tokens with their cost in US dollars; a model without a price costs 0, said once in the log."""
    tokens = Usage(
        input_tokens=turn.input_tokens,
        output_tokens=turn.output_tokens,
        cached_tokens=turn.cached_tokens,
        cache_write_tokens=turn.cache_write_tokens,
    )
    return Usage(**{**vars(tokens), "cost": cost_of(tokens, provider, model)})


def cost_of(tokens: Usage, provider: str, model: str) -> str:
    """US dollars as a decimal string. `provider` is `anthropic` or `openai`."""
    if not has_price(provider, model) or not (tokens.input_tokens or tokens.output_tokens):
        return "0"
    from genai_prices import Usage as Priced
    from genai_prices import calc_price

    priced = Priced(
        input_tokens=tokens.input_tokens,
        cache_read_tokens=tokens.cached_tokens,
        cache_write_tokens=tokens.cache_write_tokens,
        output_tokens=tokens.output_tokens,
    )
    try:
        return format(calc_price(priced, model_ref=model, provider_id=provider).total_price, "f")
    except ValueError:  # counts that contradict each other, as compatible servers may send
        return "0"


@cache
def has_price(provider: str, model: str) -> bool:
    """Whether the table knows a model."""
    from genai_prices import Usage as Priced
    from genai_prices import calc_price

    try:
        calc_price(Priced(input_tokens=1, output_tokens=1), model_ref=model, provider_id=provider)
    except LookupError:
        log.warning("there is no price for %s:%s; its calls are counted as costing 0", provider, model)
        return False
    return True
