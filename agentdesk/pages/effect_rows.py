"""Effects as before → after: one row per field, option or amount that changes, and the exact words that would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agentdesk.pages.drafts import Draft, draft_of
from approvals.models import Action, ActionStatus
from approvals.policies import policy_in_force
from approvals.receipts import undo_rule
from tickets.effects import AddRecord, ChangeField, Effect, MoveMoney, SendMessage, effect_from_json, record_name, shown
from tickets.models import OrderLine, PaymentMethod, Variant
from tickets.queries import variant_record
from tickets.records import VariantRecord

MONEY_WORDS = {"payment": "Charge", "refund": "Refund", "credit": "Credit"}


@dataclass(frozen=True)
class Change:
    """One line of the table: what, before, after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Payment:
    """One amount that moves, with the balance it stands on."""

    direction: str
    amount: Decimal
    currency: str
    place: str
    order_id: str
    balance_before: Decimal | None
    balance_after: Decimal | None


@dataclass(frozen=True)
class Preview:
    """All that an action would do, as a person reads it."""

    changes: tuple[Change, ...]
    payments: tuple[Payment, ...]
    messages: tuple[Draft, ...]
    additions: tuple[AddRecord, ...]


@dataclass(frozen=True)
class Names:
    """What the records in effects are called: catalogue items, lines of orders, payment methods."""

    items: Mapping[str, VariantRecord]
    lines: Mapping[str, str]
    methods: Mapping[str, PaymentMethod]
    credit: Decimal


def preview_of(action: Action) -> Preview:
    """What the action would do, as it was planned last."""
    return preview_effects(action.effects, action)


def preview_before(action: Action) -> Preview | None:
    """What was shown before it went stale."""
    return None if action.previous_effects is None else preview_effects(action.previous_effects, action)


def preview_effects(stored: Sequence[Mapping[str, Any]], action: Action) -> Preview:
    """Stored effects in rows."""
    effects = [effect_from_json(effect) for effect in stored]
    names = load_names(effects, action)
    return Preview(
        changes=tuple(row for effect in effects if isinstance(effect, ChangeField) for row in rows_of(effect, names)),
        payments=tuple(payments_of(effects, names)),
        messages=tuple(draft_of(effect, action) for effect in effects if isinstance(effect, SendMessage)),
        additions=tuple(effect for effect in effects if isinstance(effect, AddRecord)),
    )


def load_names(effects: Sequence[Effect], action: Action) -> Names:
    """Looks up what the effects name."""
    changes = [effect for effect in effects if isinstance(effect, ChangeField)]
    wanted = {item_id for change in changes for item_id in items_named(change)}
    variants = Variant.objects.filter(pk__in=wanted).select_related("product") if wanted else ()
    orders = {change.record.removeprefix("order:").partition("/")[0] for change in changes if "/" in change.record}
    lines = OrderLine.objects.filter(order_id__in=orders) if orders else ()
    return Names(
        items={variant.item_id: variant_record(variant) for variant in variants},
        lines={f"order:{line.order_id}/{line.place}": line.name for line in lines},
        methods={method.payment_method_id: method for method in action.customer.payment_methods.all()},
        credit=action.customer.credit,
    )


def items_named(change: ChangeField) -> Iterable[str]:
    """The catalogue items a return or an exchange speaks of."""
    if change.field in ("return", "exchange") and isinstance(change.after, Mapping):
        yield from change.after.get("items", ())
        yield from change.after.get("new_items", ())


def rows_of(change: ChangeField, names: Names) -> Iterable[Change]:
    """One changed field; an address, an item or an exchange part by part."""
    name = names.lines.get(change.record)
    heading = f"{record_name(change.record)}{f' · {name}' if name else ''}"
    if change.field == "exchange" and isinstance(change.after, Mapping):
        yield from exchange_rows(heading, change.after, names)
    elif change.field == "return" and isinstance(change.after, Mapping):
        yield from return_rows(heading, change.after, names)
    elif change.field == "escalation" and isinstance(change.after, Mapping):
        yield from (Change(f"Escalation · {key}", "", str(value)) for key, value in change.after.items())
    elif isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        yield from part_rows(heading, change.before or {}, change.after or {})
    else:
        yield Change(f"{heading} · {field_word(change.field)}", shown_before(change.before), shown(change.after))


def shown_before(value: Any) -> str:
    """What was there; where nothing was, nothing is struck out."""
    return "" if value in (None, "", [], {}) else shown(value)


def field_word(name: str) -> str:
    """A field's name as one reads it."""
    return name.replace("_", " ")


def part_rows(heading: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    """The parts of an address or an item that differ."""
    flat_before, flat_after = flatten(before), flatten(after)
    for part in {**flat_before, **flat_after}:
        was, becomes = flat_before.get(part), flat_after.get(part)
        if was != becomes:
            yield Change(f"{heading} · {field_word(part)}", shown_before(was), shown(becomes))


def flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """An item's options stand beside its price."""
    flat: dict[str, Any] = {}
    for name, part in value.items():
        flat.update(part if isinstance(part, Mapping) else {name: part})
    return flat


def exchange_rows(heading: str, facts: Mapping[str, Any], names: Names) -> Iterable[Change]:
    """Each item that is exchanged, option by option, and who settles the difference."""
    for old_id, new_id in zip(facts["items"], facts["new_items"], strict=True):
        old, new = names.items.get(old_id), names.items.get(new_id)
        if old is None or new is None:
            yield Change(f"{heading} · exchange item", old_id, new_id)
            continue
        yield from part_rows(f"{heading} · {new.name}", item_parts(old), item_parts(new))
    yield Change(f"{heading} · price difference", "", f"{facts['price_difference']} on {facts['payment_method_id']}")


def item_parts(item: VariantRecord) -> dict[str, Any]:
    """What tells one variant from another."""
    return {"item": item.item_id, "price": f"{item.price:.2f}", **item.options}


def return_rows(heading: str, facts: Mapping[str, Any], names: Names) -> Iterable[Change]:
    """Each item that comes back, and where the refund goes once it has arrived."""
    for item_id in facts["items"]:
        item = names.items.get(item_id)
        label = f"{item.name} ({shown(item.options)})" if item else item_id
        yield Change(f"{heading} · comes back", "with the customer", label)
    yield Change(f"{heading} · refund when it arrives", "", str(facts["payment_method_id"]))


def payments_of(effects: Sequence[Effect], names: Names) -> Iterable[Payment]:
    """The amounts that move, in order, each with the balance before and after."""
    balances: dict[str | None, Decimal | None] = {None: names.credit}
    balances |= {method_id: method.balance for method_id, method in names.methods.items()}
    for effect in effects:
        if not isinstance(effect, MoveMoney):
            continue
        method = names.methods.get(effect.payment_method_id or "")
        before = balances.get(effect.payment_method_id)
        signed = -effect.amount if effect.direction == "payment" else effect.amount
        after = None if before is None else before + signed
        balances[effect.payment_method_id] = after
        yield Payment(
            MONEY_WORDS[effect.direction], effect.amount, effect.currency, place_word(effect, method),
            effect.order_id or "", before, after,
        )  # fmt: skip


def place_word(effect: MoveMoney, method: PaymentMethod | None) -> str:
    """Where an amount goes or comes from."""
    if effect.payment_method_id is None:
        return "the customer's account"
    return method_word(method) if method else effect.payment_method_id


def method_word(method: PaymentMethod) -> str:
    """A payment method as one reads it: its kind, its brand and last four, its id."""
    details = f" {method.brand} …{method.last_four}" if method.last_four else ""
    return f"{method.get_source_display()}{details} ({method.payment_method_id})"


def undo_words(action: Action) -> str:
    """What can be taken back, and until when: for how long before it is done, until which moment afterwards."""
    rule = undo_rule(action.kind, policy_in_force())
    until = ((action.receipt or {}).get("undo") or {}).get("until")
    if action.status == ActionStatus.EXECUTED and until:
        moment = datetime.fromisoformat(until).astimezone(UTC)
        return rule.words.replace(rule.until, f"until {moment:%Y-%m-%d %H:%M} UTC")
    return rule.words
