"""The shop, a ticket of Carla's, and the people who decide."""

from __future__ import annotations

import pytest

from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    """Carla's ticket in a shop with an order of hers in every status."""
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla))
