"""The demo shop is the same every time, keeps its own rules, and its letters speak of orders that exist."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tickets.demo import opening
from tickets.demo.opening import read_letters
from tickets.demo.shop import Shop, build_shop
from tickets.loading.articles import read_articles
from tickets.loading.reading import read_json
from tickets.loading.shop_files import check_shop
from tickets.models import Article, Customer, Message, Order, Person, Product, Role, Ticket

RETAIL = Path(settings.BASE_DIR).parent / "shared" / "data" / "retail"
ORDER_ID = re.compile(r"#W\d{7}")
DELIBERATE = {
    "someone else's order",
    "wrong order number",
    "injection attempt",
    "injection attempt hidden in polite text",
}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop()


def test_it_is_the_same_for_the_same_seed(shop: Shop) -> None:
    assert build_shop() == shop
    assert build_shop(seed=2)["orders"].keys() != shop["orders"].keys()


def test_it_has_the_size_of_a_small_shop(shop: Shop) -> None:
    assert {name: len(records) for name, records in shop.items()} == {"users": 60, "orders": 200, "products": 40}
    check_shop(shop)


def test_every_order_adds_up_to_its_first_payment(shop: Shop) -> None:
    for order in shop["orders"].values():
        total = sum(item["price"] for item in order["items"])
        assert order["payment_history"][0]["amount"] == total
        assert {item["price"] * 100 % 1 for item in order["items"]} == {0}


def test_a_cancelled_order_and_no_other_has_its_payment_refunded(shop: Shop) -> None:
    for order in shop["orders"].values():
        moves = [move["transaction_type"] for move in order["payment_history"]]
        assert moves == (["payment", "refund"] if order["status"] == "cancelled" else ["payment"])


def test_what_has_left_has_a_tracking_number(shop: Shop) -> None:
    for order in shop["orders"].values():
        packed = [item_id for parcel in order["fulfillments"] for item_id in parcel["item_ids"]]
        sent = order["status"] in ("processed", "delivered")
        assert sorted(packed) == (sorted(item["item_id"] for item in order["items"]) if sent else [])


def test_items_are_what_the_catalogue_says(shop: Shop) -> None:
    for order in shop["orders"].values():
        for item in order["items"]:
            variant = shop["products"][item["product_id"]]["variants"][item["item_id"]]
            assert (item["price"], item["options"]) == (variant["price"], variant["options"])


def test_it_holds_what_makes_a_desk_interesting(shop: Shop) -> None:
    orders, variants = shop["orders"].values(), list_variants(shop)
    methods = [method for user in shop["users"].values() for method in user["payment_methods"].values()]
    balances = [method["balance"] for method in methods if method["source"] == "gift_card"]
    assert {order["status"] for order in orders} == {"pending", "processed", "delivered", "cancelled"}
    assert {method["source"] for method in methods} == {"credit_card", "paypal", "gift_card"}
    assert min(balances) < 10 < 200 < max(balances)
    assert sum(len({item["item_id"] for item in order["items"]}) < len(order["items"]) for order in orders) >= 5
    assert any(not variant["available"] for variant in variants)
    assert all(sum(v["available"] for v in p["variants"].values()) >= 3 for p in shop["products"].values())


def list_variants(shop: Shop) -> list[dict[str, Any]]:
    return [variant for product in shop["products"].values() for variant in product["variants"].values()]


def test_nothing_in_it_comes_from_the_retail_data(shop: Shop) -> None:
    if not RETAIL.is_dir():
        pytest.skip("no retail data beside the repository to compare with")
    other = {name: read_json(RETAIL / f"{name}.json") for name in ("users", "orders", "products")}
    for name in other:
        assert not shop[name].keys() & other[name].keys()
    names = [{product["name"] for product in each["products"].values()} for each in (shop, other)]
    assert not names[0] & names[1]
    labels = [{label for v in list_variants(each) for label in v["options"]} for each in (shop, other)]
    assert not labels[0] & labels[1]


def test_letters_name_orders_of_their_writers(shop: Shop) -> None:
    emails = {user["email"]: user["user_id"] for user in shop["users"].values()}
    for letter in read_letters():
        for order_id in ORDER_ID.findall(letter["subject"] + letter["body"]):
            order = shop["orders"].get(order_id)
            is_own = order is not None and order["user_id"] == emails.get(letter["customer_email"])
            wrong = letter.get("note") in ("someone else's order", "wrong order number")
            assert is_own is not wrong, (letter["external_id"], order_id)


def test_letters_are_forty_and_say_what_is_wrong_on_purpose() -> None:
    letters = read_letters()
    assert len({letter["external_id"] for letter in letters}) == len(letters) == 40
    assert {letter["note"] for letter in letters if "note" in letter} == DELIBERATE
    assert {letter["identity"] for letter in letters} == {"claimed", "verified"}


def test_articles_are_twenty_five_and_none_is_a_stub() -> None:
    articles = read_articles(opening.FOLDER / "articles")
    assert len(articles) == 25
    assert all(len(article.body) > 500 for article in articles)


@pytest.mark.django_db
def test_load_demo_opens_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    assert Person.objects.count() == 3
    assert dict(Person.objects.values_list("username", "role")) == {
        "rita": Role.SUPPORT,
        "max": Role.MANAGER,
        "ada": Role.ADMIN,
    }
    assert not any(person.has_usable_password() for person in Person.objects.all())
    assert (Order.objects.count(), Product.objects.count(), Ticket.objects.count()) == (200, 40, 40)
    assert Article.objects.count() == 26
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.django_db
def test_load_demo_twice_adds_nothing_and_keeps_what_was_changed() -> None:
    call_command("load_demo")
    Order.objects.filter(order_id="#W6944277").update(status="cancelled")
    Article.objects.filter(slug="returns").update(title="Returns, edited by Max")
    counts = [model.objects.count() for model in (Person, Customer, Order, Article, Ticket, Message)]
    call_command("load_demo")
    assert [model.objects.count() for model in (Person, Customer, Order, Article, Ticket, Message)] == counts
    assert Order.objects.get(order_id="#W6944277").status == "cancelled"
    assert Article.objects.get(slug="returns").title == "Returns, edited by Max"


@pytest.mark.django_db
def test_load_demo_keeps_the_cents() -> None:
    call_command("load_demo")
    loaded = {
        order.order_id: sum((line.price for line in order.lines.all()), Decimal(0))
        for order in Order.objects.prefetch_related("lines")
    }
    built = {key: order["payment_history"][0]["amount"] for key, order in build_shop()["orders"].items()}
    assert loaded == built
