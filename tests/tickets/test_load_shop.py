"""`load_shop` takes a shop exactly as it is, or refuses it whole and says where it is broken."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tickets.loading.reading import read_json
from tickets.models import Article, Customer, LedgerLine, Order, OrderLine, PaymentMethod, Product, Variant

RETAIL = Path(settings.BASE_DIR).parent / "shared" / "data" / "retail"
ADDRESS = {
    "address1": "5 Mill Lane",
    "address2": "Unit 2",
    "city": "Ithaca",
    "country": "USA",
    "state": "NY",
    "zip": "01485",
}
MUG = {"name": "Mug", "product_id": "40", "item_id": "60", "price": 12.3, "options": {"glaze": "green"}}
CARLA = {
    "user_id": "carla_1",
    "name": {"first_name": "Carla", "last_name": "Brook"},
    "address": ADDRESS,
    "email": "carla@example.com",
    "payment_methods": {
        "card_1": {"source": "credit_card", "id": "card_1", "brand": "visa", "last_four": "0042"},
        "gift_1": {"source": "gift_card", "id": "gift_1", "balance": 7},
    },
    "orders": ["#W1000001"],
}
ORDER = {
    "order_id": "#W1000001",
    "user_id": "carla_1",
    "address": {**ADDRESS, "address1": "9 Elsewhere"},
    "items": [{**MUG}, {**MUG}],
    "status": "processed",
    "fulfillments": [{"tracking_id": ["123"], "item_ids": ["60", "60"]}],
    "payment_history": [{"transaction_type": "payment", "amount": 24.6, "payment_method_id": "card_1"}],
}
PRODUCT = {
    "name": "Mug",
    "product_id": "40",
    "variants": {"60": {"item_id": "60", "options": {"glaze": "green"}, "available": True, "price": 12.3}},
}
SHOP = {
    "users.json": {"carla_1": CARLA},
    "orders.json": {"#W1000001": ORDER},
    "products.json": {"40": PRODUCT},
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> dict[str, Any]:
    return deepcopy(SHOP)


@pytest.fixture
def load(tmp_path: Path) -> Callable[[dict[str, Any]], None]:
    """Writes the files and loads them; a text is written as it is."""

    def write_and_load(files: dict[str, Any]) -> None:
        for name, contents in {"policy.md": "# House rules\n\nBe kind.\n", **files}.items():
            text = contents if isinstance(contents, str) else json.dumps(contents)
            (tmp_path / name).write_text(text, encoding="utf-8")
        call_command("load_shop", str(tmp_path), verbosity=0)

    return write_and_load


Load = Callable[[dict[str, Any]], None]


def test_it_keeps_every_field(load: Load, shop: dict[str, Any]) -> None:
    load(shop)
    order = Order.objects.get()
    assert order.customer.name == "Carla Brook"
    assert order.address["address1"] == "9 Elsewhere"
    assert order.customer.address == ADDRESS
    assert [(line.place, line.item_id, line.price) for line in order.lines.all()] == [
        (0, "60", Decimal("12.30")),
        (1, "60", Decimal("12.30")),
    ]
    assert order.fulfillments == ORDER["fulfillments"]
    assert [(line.direction, line.amount, line.payment_method_id) for line in order.ledger.all()] == [
        ("payment", Decimal("24.60"), "card_1")
    ]
    assert PaymentMethod.objects.get(pk="gift_1").balance == Decimal("7.00")
    assert PaymentMethod.objects.get(pk="card_1").last_four == "0042"
    assert Article.objects.get().slug == "house-rules"


def test_a_second_load_changes_nothing(load: Load, shop: dict[str, Any]) -> None:
    load(shop)
    Order.objects.update(status="cancelled")
    Customer.objects.update(address1="1 New Road")
    PaymentMethod.objects.filter(pk="gift_1").update(balance=Decimal("31.60"))
    Variant.objects.update(available=False)
    load(shop)
    assert Order.objects.get().status == "cancelled"
    assert Customer.objects.get().address1 == "1 New Road"
    assert PaymentMethod.objects.get(pk="gift_1").balance == Decimal("31.60")
    assert not Variant.objects.get().available
    assert (OrderLine.objects.count(), LedgerLine.objects.count(), Article.objects.count()) == (2, 1, 1)


def test_it_inserts_only_what_is_missing(load: Load, shop: dict[str, Any]) -> None:
    load(shop)
    shop["orders.json"]["#W1000002"] = {**ORDER, "order_id": "#W1000002", "payment_history": []}
    shop["users.json"]["carla_1"]["orders"].append("#W1000002")
    shop["users.json"]["carla_1"]["payment_methods"]["pp_1"] = {"source": "paypal", "id": "pp_1"}
    load(shop)
    assert sorted(Order.objects.values_list("order_id", "place")) == [("#W1000001", 0), ("#W1000002", 1)]
    assert PaymentMethod.objects.filter(customer="carla_1").count() == 3


@pytest.mark.parametrize(
    ("file", "path", "value", "named"),
    [
        ("orders.json", "#W1000001/items/1/price", 12.345, ['"#W1000001"', "items[1].price"]),
        ("orders.json", "#W1000001/items/0/price", -1, ['"#W1000001"', "items[0].price"]),
        ("orders.json", "#W1000001/items/0/price", "12.30", ["items[0].price", "must be a number"]),
        ("orders.json", "#W1000001/items/0/price", True, ["items[0].price", "must be a number"]),
        ("orders.json", "#W1000001/items", [], ["items"]),
        ("orders.json", "#W1000001/status", "lost", ["status", "pending"]),
        ("orders.json", "#W1000001/colour", "red", ["colour"]),
        ("orders.json", "#W1000001/order_id", "#W1", ["order_id", "#W1"]),
        ("orders.json", "#W1000001/user_id", "otto_1", ["user_id", "otto_1"]),
        ("orders.json", "#W1000001/address/zip", 1485, ["address.zip"]),
        ("orders.json", "#W1000001/items/1/product_id", "41", ["items[1].product_id", "41"]),
        ("orders.json", "#W1000001/fulfillments/0/item_ids/1", "61", ["fulfillments[0].item_ids", "61"]),
        ("orders.json", "#W1000001/payment_history/0/amount", 0, ["payment_history[0].amount"]),
        ("orders.json", "#W1000001/payment_history/0/payment_method_id", "card_2", ["payment_method_id", "card_2"]),
        ("orders.json", "#W1000001/items/0/name", "Mu\0g", ["items[0].name", "NUL"]),
        ("users.json", "carla_1/email", "carla", ["email"]),
        ("users.json", "carla_1/name/first_name", "\ud800", ["name.first_name", "unicode"]),
        ("users.json", "carla_1/orders", [], ["#W1000001", "carla_1"]),
        ("users.json", "carla_1/orders/1", "#W1000009", ["carla_1", "orders[1]", "#W1000009"]),
        ("users.json", "carla_1/payment_methods/gift_1/balance", None, ["payment_methods.gift_1", "balance"]),
        ("users.json", "carla_1/payment_methods/card_1/last_four", "42", ["payment_methods.card_1.last_four"]),
        ("users.json", "carla_1/payment_methods/card_1/id", "card_9", ["payment_methods.card_1.id", "card_9"]),
        ("users.json", "carla_1", None, ["carla_1", "the record"]),
        ("products.json", "40/variants/60/available", "yes", ['"40"', "variants.60.available"]),
        ("products.json", "40/variants/60/item_id", "61", ["variants.60.item_id", "61"]),
        ("products.json", "40/variants/60/price", 1e12, ["variants.60.price"]),
    ],
)
def test_it_names_the_record_and_the_field(
    load: Load, shop: dict[str, Any], file: str, path: str, value: Any, named: list[str]
) -> None:
    put(shop[file], path, value)
    with pytest.raises(CommandError) as refusal:
        load(shop)
    complaint = str(refusal.value)
    assert complaint.startswith(("users.json: ", "orders.json: ", "products.json: "))
    assert len(complaint.splitlines()) == 1
    for word in named:
        assert word in complaint
    assert_nothing_was_loaded()


def put(data: Any, path: str, value: Any) -> None:
    """Sets the value at a path such as `carla_1/orders/1`; one place past a list's end appends."""
    *way, last = path.split("/")
    for step in way:
        data = data[int(step)] if isinstance(data, list) else data[step]
    if isinstance(data, list):
        data[int(last) : int(last) + 1] = [value]
    else:
        data[last] = value


def assert_nothing_was_loaded() -> None:
    assert not any(model.objects.exists() for model in (Customer, PaymentMethod, Product, Variant, Order, Article))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "line 1"),
        ("[]", "a list"),
        ('{"carla_1": NaN}', "NaN"),
        ('{"carla_1": {"orders": [Infinity]}}', "Infinity"),
        ('{"carla_1": {}, "carla_1": {}}', "stands twice"),
        ("[" * 100_000, "nested"),
        ('{"a": ' + "9" * 5_000 + "}", "too large"),
        ('{"a": 1e99999999999999999999}', "too large"),
    ],
)
def test_it_refuses_what_is_not_readable(load: Load, shop: dict[str, Any], text: str, named: str) -> None:
    shop["users.json"] = text
    with pytest.raises(CommandError) as refusal:
        load(shop)
    assert str(refusal.value).startswith("users.json: ")
    assert named in str(refusal.value)
    assert_nothing_was_loaded()


def test_its_refusal_is_one_printable_line(load: Load, shop: dict[str, Any]) -> None:
    shop["users.json"]["two\nlines \ud800"] = CARLA
    with pytest.raises(CommandError) as refusal:
        load(shop)
    assert str(refusal.value).startswith('users.json: "two lines \\ud800": user_id: ')


@pytest.mark.parametrize("missing", ["users.json", "orders.json", "products.json", "policy.md"])
def test_it_names_a_missing_file(load: Load, shop: dict[str, Any], tmp_path: Path, missing: str) -> None:
    load(shop)
    (tmp_path / missing).unlink()
    with pytest.raises(CommandError, match=f"^{missing}: "):
        call_command("load_shop", str(tmp_path), verbosity=0)


def test_it_refuses_bytes_that_are_no_text(load: Load, shop: dict[str, Any], tmp_path: Path) -> None:
    load(shop)
    (tmp_path / "orders.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(CommandError, match=r"^orders\.json: byte 7 is not UTF-8"):
        call_command("load_shop", str(tmp_path), verbosity=0)


def test_it_refuses_two_users_with_one_email(load: Load, shop: dict[str, Any]) -> None:
    twin = {**CARLA, "user_id": "carla_2", "email": "CARLA@example.com", "orders": [], "payment_methods": {}}
    shop["users.json"]["carla_2"] = twin
    with pytest.raises(CommandError, match=r'"carla_2": email: "carla@example.com" stands in "carla_1" already'):
        load(shop)


def test_it_refuses_the_email_of_a_customer_the_desk_knows(load: Load, shop: dict[str, Any]) -> None:
    Customer.objects.create(customer_id="customer_x", email="Carla@example.com")
    with pytest.raises(CommandError, match=r'"carla_1": email: is that of customer "customer_x"'):
        load(shop)
    assert not Order.objects.exists()


def test_it_refuses_an_order_the_desk_has_for_someone_else(load: Load, shop: dict[str, Any]) -> None:
    load(shop)
    Customer.objects.create(customer_id="otto_1", email="otto@example.com")
    Order.objects.update(customer="otto_1")
    with pytest.raises(CommandError, match=r'"#W1000001": user_id: belongs to "otto_1"'):
        load(shop)


# --- The retail data, all of it ---


@pytest.fixture
def retail() -> dict[str, Any]:
    if not RETAIL.is_dir():
        pytest.skip("no retail data beside the repository")
    return {name: read_json(RETAIL / f"{name}.json") for name in ("users", "orders", "products")}


def test_the_retail_shop_comes_back_as_it_went_in(retail: dict[str, Any]) -> None:
    call_command("load_shop", str(RETAIL), verbosity=0)
    totals = [model.objects.count() for model in (Customer, Order, Product, Variant, OrderLine, LedgerLine)]
    assert totals == [500, 1000, 50, 591, 2978, 1102]
    assert {customer.pk: write_user(customer) for customer in read_customers()} == retail["users"]
    assert {order.pk: write_order(order) for order in read_orders()} == retail["orders"]
    assert {product.pk: write_product(product) for product in read_products()} == retail["products"]
    assert Article.objects.get().title == "Retail agent policy"


def read_customers() -> Any:
    return Customer.objects.prefetch_related("payment_methods", "orders")


def read_orders() -> Any:
    return Order.objects.prefetch_related("lines", "ledger")


def read_products() -> Any:
    return Product.objects.prefetch_related("variants")


def write_user(customer: Customer) -> dict[str, Any]:
    return {
        "user_id": customer.customer_id,
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": customer.address,
        "email": customer.email,
        "payment_methods": {method.pk: write_method(method) for method in customer.payment_methods.all()},
        "orders": [order.pk for order in sorted(customer.orders.all(), key=lambda order: order.place)],
    }


def write_method(method: PaymentMethod) -> dict[str, Any]:
    fields = {"credit_card": ("brand", "last_four"), "gift_card": ("balance",)}.get(method.source, ())
    return {"source": method.source, "id": method.pk, **{name: getattr(method, name) for name in fields}}


def write_order(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "user_id": order.customer_id,
        "address": order.address,
        "items": [write_item(line) for line in order.lines.all()],
        "status": order.status,
        "fulfillments": order.fulfillments,
        "payment_history": [
            {
                "transaction_type": line.direction,
                "amount": line.amount,
                "payment_method_id": line.payment_method_id,
            }
            for line in order.ledger.all()
        ],
    }


def write_item(line: OrderLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("name", "product_id", "item_id", "price", "options")}


def write_product(product: Product) -> dict[str, Any]:
    variants = {
        variant.pk: {name: getattr(variant, name) for name in ("item_id", "options", "available", "price")}
        for variant in product.variants.all()
    }
    return {"name": product.name, "product_id": product.pk, "variants": variants}
