"""What a call cost is worked out from its tokens by the price table; a model without a price says so, once."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest

from agentdesk.agent.providers.prices import has_price
from tests.wire.conftest import Connect
from tests.wire.replies import Reply, Tokens, say


def cost_of(connect: Connect, tokens: Tokens, model: str = "") -> Decimal:
    return Decimal(connect([Reply("ok", tokens=tokens)], model).ask().usage.cost)


def test_a_cached_token_costs_less_than_a_fresh_one(connect: Connect) -> None:
    fresh = cost_of(connect, Tokens(10_000, 100))
    cached = cost_of(connect, Tokens(10_000, 100, cached=10_000))
    assert Decimal(0) < cached < fresh / 4


def test_a_token_put_into_the_cache_costs_no_less_than_a_fresh_one(connect: Connect) -> None:
    assert cost_of(connect, Tokens(10_000, 100, written=10_000)) >= cost_of(connect, Tokens(10_000, 100))


def test_output_costs_more_than_input(connect: Connect) -> None:
    assert cost_of(connect, Tokens(0, 1000)) > cost_of(connect, Tokens(1000, 0))


def test_a_cost_is_a_plain_decimal(connect: Connect) -> None:
    cost = connect([Reply("ok", tokens=Tokens(1, 0))]).ask().usage.cost
    assert set(cost) <= set("0123456789.")


def test_a_model_without_a_price_costs_nothing_and_says_so_once(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    has_price.cache_clear()
    provider = connect([say("ok")] * 2, "my-own-model")
    with caplog.at_level(logging.WARNING, logger="agentdesk"):
        assert [provider.ask().usage.cost, provider.ask().usage.cost] == ["0", "0"]
    assert [record.getMessage() for record in caplog.records if "no price" in record.getMessage()] == [
        f"there is no price for {provider.model.name.replace('-chat', '')}; its calls are counted as costing 0"
    ]


def test_counts_that_contradict_each_other_cost_nothing(connect: Connect) -> None:
    assert cost_of(connect, Tokens(10, 1, cached=500)) >= 0
