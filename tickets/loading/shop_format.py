"""The format of a shop's files, record by record: what load_shop takes, to the cent and the letter."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from tickets.models import OrderStatus


def _refuse_what_no_database_stores(text: str) -> str:
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("must hold no NUL character and no half of a surrogate pair")
    return text


def _take_numbers_only(amount: Any) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise ValueError("must be a number")
    return Decimal(amount)


def _be_an_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError("must be an e-mail address") from error
    return text


def _be_a_status(text: str) -> str:
    if text not in OrderStatus.values:
        raise ValueError(f"must be one of: {', '.join(OrderStatus.values)}")
    return text


Stored = AfterValidator(_refuse_what_no_database_stores)
Id = Annotated[str, StringConstraints(min_length=1, max_length=64), Stored]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), Stored]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), Stored]
Email = Annotated[str, StringConstraints(max_length=254), Stored, AfterValidator(_be_an_email)]
Price = Annotated[Decimal, BeforeValidator(_take_numbers_only), Field(ge=0, max_digits=12, decimal_places=2)]
Amount = Annotated[Decimal, BeforeValidator(_take_numbers_only), Field(gt=0, max_digits=12, decimal_places=2)]
Status = Annotated[str, AfterValidator(_be_a_status)]
Options = dict[Name, Annotated[str, Stored]]


class ShopEntry(BaseModel):
    """A record of a shop's file: exactly these fields, each of exactly this type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ShopAddress(ShopEntry):
    """Where something is sent; only the second line may be empty."""

    address1: Line
    address2: Annotated[str, StringConstraints(max_length=200), Stored]
    city: Name
    country: Name
    state: Name
    zip: Annotated[str, StringConstraints(min_length=1, max_length=20), Stored]


class ShopMethod(ShopEntry):
    """A way to pay. A card has brand and last four digits, a gift card a balance."""

    source: Literal["credit_card", "paypal", "gift_card"]
    id: Id
    brand: Annotated[str, StringConstraints(max_length=32), Stored] = ""
    last_four: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    balance: Price | None = None

    @model_validator(mode="after")
    def _fit_source(self) -> "ShopMethod":
        if (self.source == "gift_card") != (self.balance is not None):
            raise ValueError("a gift card has a balance, and nothing else has")
        if (self.source == "credit_card") != bool(self.brand and self.last_four):
            raise ValueError("a credit card has brand and last_four, and nothing else has")
        return self


class ShopName(ShopEntry):
    """A customer's name."""

    first_name: Name
    last_name: Name


class ShopUser(ShopEntry):
    """A customer, with the ids of the customer's orders in order."""

    user_id: Id
    name: ShopName
    address: ShopAddress
    email: Email
    payment_methods: dict[str, ShopMethod]
    orders: list[str]


class ShopItem(ShopEntry):
    """One item of an order; the same item may stand there twice."""

    name: Line
    product_id: Id
    item_id: Id
    price: Price
    options: Options


class ShopParcel(ShopEntry):
    """A parcel, or several, and what is in it."""

    tracking_id: list[Id]
    item_ids: list[Id]


class ShopMove(ShopEntry):
    """One line of an order's payment history."""

    transaction_type: Literal["payment", "refund"]
    amount: Amount
    payment_method_id: Id


class ShopOrder(ShopEntry):
    """An order."""

    order_id: Id
    user_id: Id
    address: ShopAddress
    items: Annotated[list[ShopItem], Field(min_length=1)]
    status: Status
    fulfillments: list[ShopParcel]
    payment_history: list[ShopMove]


class ShopVariant(ShopEntry):
    """One buyable item."""

    item_id: Id
    options: Options
    available: bool
    price: Price


class ShopProduct(ShopEntry):
    """A product and its variants by item id."""

    name: Line
    product_id: Id
    variants: dict[str, ShopVariant]


@dataclass(frozen=True, slots=True)
class Shop:
    """A whole shop, every record checked by itself."""

    users: dict[str, ShopUser]
    orders: dict[str, ShopOrder]
    products: dict[str, ShopProduct]
