"""A form for any action kind, made from its arguments: own orders, items, variants and payment methods to pick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from django import forms
from pydantic.fields import FieldInfo

from agentdesk.pages.effect_rows import method_word
from approvals.kinds.addresses import Address
from approvals.kinds.catalogue_entry import ActionKind
from tickets.models import Order, OrderLine, PaymentMethod, Ticket, Variant

LONG_TEXTS = frozenset({"body", "summary"})
NOT_ASKED = frozenset({"citations"})
LABELS = {
    "order_id": "Order",
    "payment_method_id": "Payment method",
    "item_ids": "Items that come back",
    "changes": "Items",
    "body": "Words",
    "zip": "ZIP",
    "address1": "Street",
    "address2": "Second line",
}


@dataclass(frozen=True)
class Shape:
    """What a form is made from: the kind, the ticket's customer, the order that was picked, and first values."""

    kind: ActionKind
    ticket: Ticket
    orders: tuple[Order, ...]
    order: Order | None
    methods: tuple[PaymentMethod, ...]
    first: Mapping[str, Any]
    place: str = "new"

    @property
    def needs_order_first(self) -> bool:
        """Whether nothing can be asked before an order is picked."""
        return self.order is None and self.picks_items

    @property
    def picks_items(self) -> bool:
        """Whether items of one order are picked, so that the form is made for that order."""
        return bool({"item_ids", "changes"} & self.kind.arguments.model_fields.keys())

    @property
    def choosable_orders(self) -> tuple[Order, ...]:
        """The orders to choose from: the one whose items are shown, else all of the customer's."""
        return (self.order,) if self.order is not None and self.picks_items else self.orders


def shape_of(
    kind: ActionKind, ticket_id: int, asked: Mapping[str, Any], first: Mapping[str, Any], place: str = "new"
) -> Shape:
    """Loads what the form of a kind offers for a ticket's customer, and nobody else's; `place` keeps ids apart."""
    ticket = Ticket.objects.select_related("customer").get(pk=ticket_id)
    orders = tuple(ticket.customer.orders.order_by("place", "order_id").prefetch_related("lines"))
    wanted = asked.get("order_id") or first.get("order_id")
    order = next((order for order in orders if order.order_id == wanted), None)
    methods = tuple(ticket.customer.payment_methods.order_by("payment_method_id"))
    return Shape(kind, ticket, orders, order, methods, first, place)


class ArgumentForm(forms.Form):
    """One form per kind; the kind's own model has the last word on what fits."""

    shape: Shape

    def arguments(self) -> dict[str, Any]:
        """What was filled in, as the kind's arguments."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            put_value(found, name, value, self.shape)
        if "changes" in self.shape.kind.arguments.model_fields:
            found.setdefault("changes", [])
        return found

    def add_faults(self, faults: Mapping[str, str]) -> None:
        """What the model says of each field, beside the field where there is one."""
        for name, why in faults.items():
            self.add_error(name if name in self.fields else None, why if name in self.fields else f"{name}: {why}")


def put_value(found: dict[str, Any], name: str, value: Any, shape: Shape) -> None:
    """One field's value where the arguments have it; what was left empty is left out."""
    if name.startswith("address."):
        found.setdefault("address", {})[name.partition(".")[2]] = value
    elif name.startswith("line."):
        old, _, new = str(value).partition(">")
        if new:
            found.setdefault("changes", []).append({"item_id": old, "new_item_id": new})
    elif name == "item_ids":
        found[name] = [place.partition(":")[2] for place in value]
    elif name == "tags":
        found |= {name: [tag.strip() for tag in value.split(",") if tag.strip()]} if value.strip() else {}
    elif value not in (None, ""):
        found[name] = str(value) if isinstance(value, Decimal) else value


def make_form(shape: Shape, data: Mapping[str, Any] | None = None) -> ArgumentForm:
    """The form of a kind, empty, with first values, or bound to what was sent."""
    form = ArgumentForm(data, initial=dict(first_values(shape)), auto_id=f"{shape.kind.name}_{shape.place}_%s")
    form.shape = shape
    for name, field in fields_of(shape):
        form.fields[name] = field
    return form


def fields_of(shape: Shape) -> Iterable[tuple[str, forms.Field]]:
    """The fields of a kind's form, in the order of its arguments."""
    for name, info in shape.kind.arguments.model_fields.items():
        if name in NOT_ASKED:
            continue
        if info.annotation is Address:
            yield from address_fields()
        elif name == "changes":
            yield from change_fields(shape)
        else:
            yield name, field_of(name, info, shape)


def field_of(name: str, info: FieldInfo, shape: Shape) -> forms.Field:
    """One field: what can be picked is picked."""
    label, required = LABELS.get(name, name.replace("_", " ").capitalize()), info.is_required()
    if name == "order_id":
        return forms.ChoiceField(label=label, choices=[("", "Choose…"), *map(order_choice, shape.choosable_orders)])
    if name == "payment_method_id":
        return forms.ChoiceField(label=label, choices=[("", "Choose…"), *map(method_choice, shape.methods)])
    if name == "item_ids":
        lines = map(line_choice, shape.order.lines.all()) if shape.order else ()
        return forms.MultipleChoiceField(label=label, choices=list(lines), widget=forms.CheckboxSelectMultiple)
    options = literal_options(info.annotation)
    if options:
        blank = [] if required else [("", "As it is")]
        return forms.ChoiceField(label=label, required=required, choices=[*blank, *((one, one) for one in options)])
    if info.annotation is Decimal:
        return forms.DecimalField(label=label, max_digits=12, widget=forms.TextInput({"inputmode": "decimal"}))
    widget = forms.Textarea({"rows": 8, "dir": "auto"}) if name in LONG_TEXTS else forms.TextInput({"dir": "auto"})
    hint = "Separated by commas; left empty they stay." if name == "tags" else ""
    return forms.CharField(label=label, required=required, widget=widget, help_text=hint)


def literal_options(annotation: Any) -> tuple[str, ...]:
    """The words of a Literal, also of an optional one."""
    if get_origin(annotation) is Literal:
        return tuple(map(str, get_args(annotation)))
    return next((found for part in get_args(annotation) if (found := literal_options(part))), ())


def address_fields() -> Iterable[tuple[str, forms.Field]]:
    """The parts of an address."""
    for name, info in Address.model_fields.items():
        longest = next((rule.max_length for rule in info.metadata if hasattr(rule, "max_length")), 200)
        label = LABELS.get(name, name.capitalize())
        yield f"address.{name}", forms.CharField(label=label, required=name != "address2", max_length=longest)


def change_fields(shape: Shape) -> Iterable[tuple[str, forms.Field]]:
    """For each line of the order the available variants of its product."""
    lines = list(shape.order.lines.all()) if shape.order else []
    products = {line.product_id for line in lines}
    variants = list(Variant.objects.filter(product__in=products, available=True).order_by("item_id"))
    for line in lines:
        others = [v for v in variants if v.product_id == line.product_id and v.item_id != line.item_id]
        choices = [("", "Stays"), *((f"{line.item_id}>{v.item_id}", variant_word(v)) for v in others)]
        label = f"{line.name} ({options_word(line.options)}) {line.price:.2f}"
        yield f"line.{line.place}", forms.ChoiceField(label=label, required=False, choices=choices)


def order_choice(order: Order) -> tuple[str, str]:
    """An order to pick: number, status, what it costs."""
    total = sum((line.price for line in order.lines.all()), Decimal("0.00"))
    return order.order_id, f"{order.order_id} · {order.get_status_display()} · {total:.2f}"


def method_choice(method: PaymentMethod) -> tuple[str, str]:
    """A payment method to pick, a gift card with what is on it."""
    balance = "" if method.balance is None else f" · holds {method.balance:.2f}"
    return method.payment_method_id, f"{method_word(method)}{balance}"


def line_choice(line: OrderLine) -> tuple[str, str]:
    """An item of an order to pick; its place tells two alike apart."""
    return f"{line.place}:{line.item_id}", f"{line.name} ({options_word(line.options)}) {line.price:.2f}"


def variant_word(variant: Variant) -> str:
    """A variant to pick: its options and its price."""
    return f"{options_word(variant.options)} · {variant.price:.2f}"


def options_word(options: Mapping[str, str]) -> str:
    """Options in one line."""
    return ", ".join(f"{name} {value}" for name, value in options.items())


def first_values(shape: Shape) -> Iterable[tuple[str, Any]]:
    """What the form shows at first: the arguments an action has, else the picked order."""
    if shape.order is not None:
        yield "order_id", shape.order.order_id
    for name, value in shape.first.items():
        if name == "address":
            yield from ((f"address.{part}", text) for part, text in value.items())
        elif name == "item_ids":
            yield name, places_of(value, shape)
        elif name == "changes":
            yield from changes_of(value, shape)
        elif name == "tags":
            yield name, ", ".join(value)
        else:
            yield name, value


def places_of(item_ids: Iterable[str], shape: Shape) -> list[str]:
    """The lines that hold these items, a repeated item on as many lines."""
    left = list(shape.order.lines.all()) if shape.order else []
    places = []
    for item_id in item_ids:
        line = next((line for line in left if line.item_id == item_id), None)
        if line is not None:
            left.remove(line)
            places.append(f"{line.place}:{line.item_id}")
    return places


def changes_of(changes: Iterable[Mapping[str, str]], shape: Shape) -> Iterable[tuple[str, str]]:
    """The line each change is for, with what is wanted in its place."""
    wanted = [dict(change) for change in changes]
    for place in places_of([change["item_id"] for change in wanted], shape):
        number, _, item_id = place.partition(":")
        change = next(change for change in wanted if change["item_id"] == item_id)
        wanted.remove(change)
        yield f"line.{number}", f"{item_id}>{change['new_item_id']}"
