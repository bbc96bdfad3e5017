"""Opening the demo: its people, shop, articles and tickets, each only where it is missing."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from tickets.demo.shop import build_shop
from tickets.loading.articles import load_missing_article, read_articles, read_rules
from tickets.loading.shop_files import check_shop
from tickets.loading.shop_rows import load_shop
from tickets.models import Person, Role
from tickets.operations import Letter, open_ticket

FOLDER = Path(__file__).parent
PEOPLE = {"rita": Role.SUPPORT, "max": Role.MANAGER, "ada": Role.ADMIN}
BETWEEN_LETTERS = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Opened:
    """How many of each were missing and are there now."""

    people: int
    customers: int
    orders: int
    articles: int
    tickets: int


@transaction.atomic
def open_demo(now: datetime) -> Opened:
    """Inserts what is missing of the demo; what is there stays as people and the agent left it."""
    people = sum(_add_person(username, role) for username, role in PEOPLE.items())
    shop = load_shop(check_shop(build_shop()), read_rules(FOLDER / "shop_rules.md"), now=now)
    articles = sum(load_missing_article(text, author="demo", now=now) for text in read_articles(FOLDER / "articles"))
    return Opened(
        people=people,
        customers=shop.customers,
        orders=shop.orders,
        articles=articles + shop.articles,
        tickets=_open_tickets(now),
    )


def read_letters() -> list[dict[str, Any]]:
    """The forty tickets as their file has them; a `note` says what is deliberately wrong in one."""
    letters: list[dict[str, Any]] = json.loads((FOLDER / "tickets.json").read_text(encoding="utf-8"))
    return letters


def _add_person(username: str, role: Role) -> bool:
    """Without a password: in the demo one signs in by a click, elsewhere these people do not exist."""
    if Person.objects.filter(username=username).exists():
        return False
    Person.objects.create_user(username, f"{username}@example.com", None, first_name=username.title(), role=role)
    return True


def _open_tickets(now: datetime) -> int:
    """One letter every few minutes, the last just now."""
    letters = read_letters()
    opened = 0
    for place, letter in enumerate(letters, start=1):
        letter.pop("note", None)
        _, is_new = open_ticket(Letter(**letter), now=now - BETWEEN_LETTERS * (len(letters) - place))
        opened += is_new
    return opened
