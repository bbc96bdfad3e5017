"""The shop's records: customers and what they own, orders, the catalogue, and the ledger.

Ids are the shop's own and serve as primary keys, so that an effect can name a record by a stable id. Money is decimal
with two places; a balance is never below zero, and the ledger only grows.
"""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

ADDRESS_FIELDS = ("address1", "address2", "city", "country", "state", "zip")


class SortedJSONEncoder(DjangoJSONEncoder):
    """JSON with sorted keys, so that equal values are equal text where the database compares text (SQLite)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "sort_keys": True})


class SortedJSONField(models.JSONField):
    """A JSON column that can be compared with its value in a WHERE clause on both databases."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"encoder": SortedJSONEncoder, **options})


class Addressed(models.Model):
    """Six columns that make an address; all but the second line are needed before anything is shipped."""

    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    zip = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> dict[str, str]:
        """The address as load_shop's format has it."""
        return {name: getattr(self, name) for name in ADDRESS_FIELDS}


class Customer(Addressed):
    """Someone who buys and writes. Customers are known by their e-mail address, whatever its case."""

    customer_id = models.CharField(primary_key=True, max_length=64)
    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    credit = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="customer_email_once"),
            models.CheckConstraint(condition=Q(credit__gte=0), name="customer_credit_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def name(self) -> str:
        """First and last name, as one would write it."""
        return f"{self.first_name} {self.last_name}".strip()


class Source(models.TextChoices):
    """Where money comes from and goes back to."""

    CREDIT_CARD = "credit_card", "Credit card"
    PAYPAL = "paypal", "PayPal"
    GIFT_CARD = "gift_card", "Gift card"


class PaymentMethod(models.Model):
    """A customer's own way to pay. Only a gift card has a balance, and it never falls below zero."""

    payment_method_id = models.CharField(primary_key=True, max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payment_methods")
    source = models.CharField(max_length=16, choices=Source)
    brand = models.CharField(max_length=32, blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    balance = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(source__in=Source.values), name="method_source_known"),
            models.CheckConstraint(
                condition=Q(balance__isnull=True) | Q(balance__gte=0),
                name="method_balance_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.GIFT_CARD, balance__isnull=False)
                | (~Q(source=Source.GIFT_CARD) & Q(balance__isnull=True)),
                name="method_balance_on_gift_cards_only",
            ),
        ]

    def __str__(self) -> str:
        return self.payment_method_id


class Product(models.Model):
    """A type of product; what can be bought is its variants."""

    product_id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """One buyable item of a product, with its options, its catalogue price, and whether it can be had."""

    item_id = models.CharField(primary_key=True, max_length=64)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    options = SortedJSONField(default=dict)
    available = models.BooleanField()
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price__gte=0), name="variant_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}/{self.item_id}"


class OrderStatus(models.TextChoices):
    """Where an order stands. Only the exact *pending* and *delivered* take further order actions."""

    PENDING = "pending", "Pending"
    PROCESSED = "processed", "Processed"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"
    ITEMS_MODIFIED = "pending (items modified)", "Pending (items modified)"
    RETURN_REQUESTED = "return requested", "Return requested"
    EXCHANGE_REQUESTED = "exchange requested", "Exchange requested"


class Order(Addressed):
    """What a customer bought, where it goes, and where it stands."""

    order_id = models.CharField(primary_key=True, max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=32, choices=OrderStatus)
    currency = models.CharField(max_length=3, default="USD")
    fulfillments = SortedJSONField(default=list)
    cancel_reason = models.CharField(max_length=64, blank=True)
    return_facts = SortedJSONField(null=True, blank=True)
    exchange_facts = SortedJSONField(null=True, blank=True)
    place = models.IntegerField(default=0, help_text="its place in the customer's list, from 0")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_known"),
        ]

    def __str__(self) -> str:
        return self.order_id


class OrderLine(models.Model):
    """One item of an order, at the price it was bought for. The same item may stand on several lines."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    place = models.IntegerField(help_text="its place in the order, from 0")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    item_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    options = SortedJSONField(default=dict)

    class Meta:
        ordering = ("place",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "place"], name="order_line_place_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="order_line_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.place} {self.name}"


class LedgerDirection(models.TextChoices):
    """Which way an amount went, as the customer sees it."""

    PAYMENT = "payment", "Payment"
    REFUND = "refund", "Refund"
    CREDIT = "credit", "Credit"


class LedgerLine(models.Model):
    """One amount that moved. Lines are only ever added; a correction is another line."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ledger")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger")
    direction = models.CharField(max_length=8, choices=LedgerDirection)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    payment_method = models.ForeignKey(
        PaymentMethod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="none: the customer's account",
    )
    action = models.UUIDField(
        null=True,
        blank=True,
        help_text="the action that moved it; none: loaded with the shop",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_amount_positive"),
            models.CheckConstraint(
                condition=Q(direction__in=LedgerDirection.values),
                name="ledger_direction_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.amount} {self.currency}"
