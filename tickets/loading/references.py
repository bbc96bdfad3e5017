"""What must agree between a shop's records: owners, lists, products, payment methods, and ids that stand once."""

from collections.abc import Iterable
from typing import NoReturn

from tickets.loading.reading import BrokenFile
from tickets.loading.shop_format import Shop, ShopOrder, ShopProduct, ShopUser


def check_references(shop: Shop) -> None:
    """Raises BrokenFile at the first record that points to something which is not there or not its own."""
    for product in shop.products.values():
        _check_product(product)
    _refuse_twice(
        "products.json",
        "item_id",
        ((product.product_id, item_id) for product in shop.products.values() for item_id in product.variants),
    )
    for order in shop.orders.values():
        _check_order(order, shop)
    for user in shop.users.values():
        _check_user(user, shop)
    _refuse_twice("users.json", "email", ((user.user_id, user.email.lower()) for user in shop.users.values()))
    _refuse_twice(
        "users.json",
        "payment_methods",
        ((user.user_id, method_id) for user in shop.users.values() for method_id in user.payment_methods),
    )


def _check_product(product: ShopProduct) -> None:
    for key, variant in product.variants.items():
        if variant.item_id != key:
            field = f"variants.{key}.item_id"
            _refuse("products.json", product.product_id, field, f'is "{variant.item_id}", not the key it stands under')


def _check_user(user: ShopUser, shop: Shop) -> None:
    for key, method in user.payment_methods.items():
        if method.id != key:
            field = f"payment_methods.{key}.id"
            _refuse("users.json", user.user_id, field, f'is "{method.id}", not the key it stands under')
    for place, order_id in enumerate(user.orders):
        order = shop.orders.get(order_id)
        if order is None:
            _refuse("users.json", user.user_id, f"orders[{place}]", f'no order "{order_id}" in orders.json')
        if order.user_id != user.user_id:
            _refuse("users.json", user.user_id, f"orders[{place}]", f'"{order_id}" belongs to "{order.user_id}"')
        if order_id in user.orders[:place]:
            _refuse("users.json", user.user_id, f"orders[{place}]", f'"{order_id}" stands there twice')


def _check_order(order: ShopOrder, shop: Shop) -> None:
    user = shop.users.get(order.user_id)
    if user is None:
        _refuse("orders.json", order.order_id, "user_id", f'no user "{order.user_id}" in users.json')
    if order.order_id not in user.orders:
        _refuse("orders.json", order.order_id, "user_id", f'"{order.user_id}" does not list this order')
    for place, item in enumerate(order.items):
        if item.product_id not in shop.products:
            field = f"items[{place}].product_id"
            _refuse("orders.json", order.order_id, field, f'no product "{item.product_id}" in products.json')
    for place, move in enumerate(order.payment_history):
        if move.payment_method_id not in user.payment_methods:
            field = f"payment_history[{place}].payment_method_id"
            _refuse(
                "orders.json", order.order_id, field, f'"{move.payment_method_id}" is not a method of "{user.user_id}"'
            )
    _check_parcels(order)


def _check_parcels(order: ShopOrder) -> None:
    item_ids = {item.item_id for item in order.items}
    for place, parcel in enumerate(order.fulfillments):
        for item_id in parcel.item_ids:
            if item_id not in item_ids:
                field = f"fulfillments[{place}].item_ids"
                _refuse("orders.json", order.order_id, field, f'"{item_id}" is not an item of this order')


def _refuse_twice(file: str, field: str, owned: Iterable[tuple[str, str]]) -> None:
    owners: dict[str, str] = {}
    for owner, value in owned:
        first = owners.setdefault(value, owner)
        if first != owner:
            _refuse(file, owner, field, f'"{value}" stands in "{first}" already')


def _refuse(file: str, record: str, field: str, complaint: str) -> NoReturn:
    raise BrokenFile(f'{file}: "{record}": {field}: {complaint}')
