"""What a shop's files and the desk's rows may not contradict each other in: who owns what, and whose e-mail it is."""

from collections.abc import Mapping

from tickets.loading.reading import BrokenFile
from tickets.loading.shop_format import Shop
from tickets.models import Customer, Order, PaymentMethod, Variant


def refuse_clashes(shop: Shop) -> None:
    """Raises BrokenFile where a record of the files exists already but belongs to something else."""
    _refuse_taken_emails(shop)
    _refuse_other_owners(
        "users.json",
        "payment_methods",
        {method_id: user.user_id for user in shop.users.values() for method_id in user.payment_methods},
        dict(PaymentMethod.objects.values_list("payment_method_id", "customer_id")),
    )
    _refuse_other_owners(
        "orders.json",
        "user_id",
        {order.order_id: order.user_id for order in shop.orders.values()},
        dict(Order.objects.values_list("order_id", "customer_id")),
    )
    _refuse_other_owners(
        "products.json",
        "variants",
        {item_id: product.product_id for product in shop.products.values() for item_id in product.variants},
        dict(Variant.objects.values_list("item_id", "product_id")),
    )


def _refuse_taken_emails(shop: Shop) -> None:
    """A customer who only wrote so far is on the desk by e-mail, under another id."""
    customer_ids = set(Customer.objects.values_list("customer_id", flat=True))
    owners = {email.lower(): customer_id for customer_id, email in Customer.objects.values_list("customer_id", "email")}
    for user in shop.users.values():
        owner = owners.get(user.email.lower(), user.user_id)
        if owner != user.user_id and user.user_id not in customer_ids:
            raise BrokenFile(f'users.json: "{user.user_id}": email: is that of customer "{owner}" on the desk')


def _refuse_other_owners(file: str, field: str, told: Mapping[str, str], known: Mapping[str, str]) -> None:
    for record, owner in told.items():
        if known.get(record, owner) != owner:
            raise BrokenFile(f'{file}: "{record}": {field}: belongs to "{known[record]}" on the desk, not to "{owner}"')
