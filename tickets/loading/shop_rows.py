"""Inserting a checked shop: what is missing, all of it or nothing. A record that exists stays as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from tickets.loading.articles import ArticleText, load_missing_article
from tickets.loading.clashes import refuse_clashes
from tickets.loading.shop_format import Shop, ShopMethod, ShopOrder, ShopUser
from tickets.models import Customer, LedgerLine, Order, OrderLine, PaymentMethod, Product, Variant

BATCH = 500


@dataclass(frozen=True, slots=True)
class Inserted:
    """How many records were missing and are there now."""

    customers: int
    orders: int
    products: int
    variants: int
    articles: int


@transaction.atomic
def load_shop(shop: Shop, rules: ArticleText, now: datetime) -> Inserted:
    """Inserts what the desk does not have yet; `now` is the time the rows tell. Raises BrokenFile."""
    refuse_clashes(shop)
    products, variants = _insert_catalogue(shop)
    customers = _insert_customers(shop)
    orders = _insert_orders(shop, now)
    articles = load_missing_article(rules, author="load_shop", now=now)
    return Inserted(customers=customers, orders=orders, products=products, variants=variants, articles=articles)


def _insert_catalogue(shop: Shop) -> tuple[int, int]:
    products = _insert_missing(
        Product, (Product(product_id=each.product_id, name=each.name) for each in shop.products.values())
    )
    variants = _insert_missing(
        Variant,
        (
            Variant(
                item_id=variant.item_id,
                product_id=product.product_id,
                options=variant.options,
                available=variant.available,
                price=variant.price,
            )
            for product in shop.products.values()
            for variant in product.variants.values()
        ),
    )
    return products, variants


def _insert_customers(shop: Shop) -> int:
    inserted = _insert_missing(Customer, (_make_customer(user) for user in shop.users.values()))
    _insert_missing(
        PaymentMethod,
        (_make_method(user, method) for user in shop.users.values() for method in user.payment_methods.values()),
    )
    return inserted


def _insert_orders(shop: Shop, now: datetime) -> int:
    """An order comes with its items and payments, or stays as the desk has it."""
    existing = set(Order.objects.values_list("order_id", flat=True))
    missing = [order for order in shop.orders.values() if order.order_id not in existing]
    places = {order_id: place for user in shop.users.values() for place, order_id in enumerate(user.orders)}
    _insert(Order, (_make_order(order, places[order.order_id]) for order in missing))
    _insert(OrderLine, (line for order in missing for line in _make_lines(order)))
    _insert(LedgerLine, (line for order in missing for line in _make_ledger(order, now)))
    return len(missing)


def _insert_missing(model: type[Model], rows: Iterable[Model]) -> int:
    existing = set(model._default_manager.values_list("pk", flat=True))
    return _insert(model, (row for row in rows if row.pk not in existing))


def _insert(model: type[Model], rows: Iterable[Model]) -> int:
    return len(model._default_manager.bulk_create(rows, batch_size=BATCH))


def _make_customer(user: ShopUser) -> Customer:
    return Customer(
        customer_id=user.user_id,
        email=user.email,
        first_name=user.name.first_name,
        last_name=user.name.last_name,
        **user.address.model_dump(),
    )


def _make_method(user: ShopUser, method: ShopMethod) -> PaymentMethod:
    return PaymentMethod(
        payment_method_id=method.id,
        customer_id=user.user_id,
        source=method.source,
        brand=method.brand,
        last_four=method.last_four or "",
        balance=method.balance,
    )


def _make_order(order: ShopOrder, place: int) -> Order:
    return Order(
        order_id=order.order_id,
        customer_id=order.user_id,
        status=order.status,
        fulfillments=[parcel.model_dump() for parcel in order.fulfillments],
        place=place,
        **order.address.model_dump(),
    )


def _make_lines(order: ShopOrder) -> Iterable[OrderLine]:
    for place, item in enumerate(order.items):
        yield OrderLine(order_id=order.order_id, place=place, **item.model_dump())


def _make_ledger(order: ShopOrder, now: datetime) -> Iterable[LedgerLine]:
    for move in order.payment_history:
        yield LedgerLine(
            customer_id=order.user_id,
            order_id=order.order_id,
            direction=move.transaction_type,
            amount=move.amount,
            payment_method_id=move.payment_method_id,
            at=now,
        )
