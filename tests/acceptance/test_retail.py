"""Hundreds of letters made from a real shop's orders, worked off by the offline model and decided by a manager.

Every order, payment, gift card and customer record must then be what an independently written expectation says.
"""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from tests.acceptance.retail.comparing import as_text, compare, expected_user, read_desk
from tests.acceptance.retail.driving import Api, Letter, send_letters, work_off
from tests.acceptance.retail.judging import judge_all, tell
from tests.acceptance.retail.perfect_agent import script
from tests.acceptance.retail.rules import grant
from tests.acceptance.retail.shop import RETAIL, Shop, read_shop
from tests.acceptance.retail.whole_post import write_letters
from tests.acceptance.retail.wishes import Case
from tickets.models import Person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not RETAIL.is_dir(), reason=f"the retail shop is not there: {RETAIL}"),
]


@pytest.fixture
def shop() -> Shop:
    return read_shop()


@pytest.fixture
def cases(shop: Shop) -> list[Case]:
    return write_letters(shop)


def expect(shop: Shop, cases: list[Case]) -> Shop:
    """The shop after every wish that may come true."""
    after = deepcopy(shop)
    for case in cases:
        for wish in case.wishes:
            grant(wish, after)
    return after


def test_there_are_enough_letters_of_every_kind(cases: list[Case]) -> None:
    acting = [case for case in cases if case.wishes]
    assert len(acting) >= 200
    assert len(cases) - len(acting) >= 30
    assert len({case.user_id for case in cases}) == len(cases)


def test_a_cent_too_many_would_be_noticed(shop: Shop) -> None:
    users = {user_id: expected_user(user) for user_id, user in shop.users.items()}
    found = Shop(users, as_text(shop.orders), shop.products)
    assert not list(compare(shop, found))
    card = next(
        method
        for user in found.users.values()
        for method in user["payment_methods"].values()
        if method["source"] == "gift_card"
    )
    card["balance"] = str(Decimal(card["balance"]) + Decimal("0.01"))
    assert len(list(compare(shop, found))) == 1


@pytest.fixture
def api(max_: Person, client: Client) -> Api:
    """The desk with the retail shop in it, as Max sees it."""
    call_command("load_shop", str(RETAIL), verbosity=0)
    client.force_login(max_)
    return Api(client)


def require_all_right(letters: list[Letter], expected: Shop) -> None:
    """Judges; a failure tells the scores and the first failing letters."""
    astray = judge_all(letters, expected, read_desk())
    assert not astray, tell(letters, astray)
    assert not any(letter.faults for letter in letters), tell(letters, astray)


def test_every_record_is_as_expected_to_the_cent(shop: Shop, cases: list[Case], api: Api) -> None:
    if connection.vendor != "sqlite":
        cases = cases[::4]  # In `make prove`: the rows' other home sees some of every kind.
    else:
        cases = [case for place, case in enumerate(cases) if place % 3]
        assert len(cases) >= 200  # The other pens of `make prove` write them all.
    letters = send_letters(cases, shop, api)
    work_off(api)
    require_all_right(letters, expect(shop, cases))


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_pens_are_understood_too(shop: Shop, seed: int, api: Api) -> None:
    cases = write_letters(shop, seed)
    letters = send_letters(cases, shop, api)
    work_off(api)
    require_all_right(letters, expect(shop, cases))


@pytest.mark.prove
def test_an_agent_that_reads_minds_is_carried_out_to_the_cent(shop: Shop, cases: list[Case], api: Api) -> None:
    acting = [case for case in cases if case.wishes]
    letters = send_letters(acting, shop, api)
    for letter in letters:
        advance_run(Run.objects.get(ticket_id=letter.ticket_id).pk, model=script(letter.case))
    work_off(api)
    require_all_right(letters, expect(shop, acting))
