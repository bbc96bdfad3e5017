"""Every row of the desk as plain dicts, and an interpreter of effects of its own: what rows must be afterwards.

Written apart from tickets/writing.py and tickets/records.py on purpose, from what SEMANTICS and SURFACE say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps

Row = dict[str, Any]
Rows = dict[str, dict[Any, Row]]
ADDRESS = ("address1", "address2", "city", "country", "state", "zip")


def read_rows() -> Rows:
    """All rows of all of the desk's tables, by table and primary key."""
    return {
        model.__name__: {row[model._meta.pk.attname]: row for row in model._default_manager.values()}
        for model in apps.get_app_config("tickets").get_models()
    }


def rows_after(
    before: Rows, effects: Iterable[Mapping[str, Any]], *, action: Any, actor: str, at: datetime, sent: bool = True
) -> Rows:
    """The rows before plus these effects (as JSON values) and nothing else; new rows stand under `new:…` keys."""
    rows = deepcopy(before)
    for effect in effects:
        if effect["op"] == "change":
            apply_change(rows, effect, at)
        elif effect["op"] == "money":
            apply_money(rows, effect, action, at)
        elif effect["op"] == "add":
            fields = effect["fields"]
            rows["Message"][f"new:{action}:{effect['record']}"] = message(
                fields["ticket_id"], "note", fields["body"], action, actor, at
            )
        elif sent:
            apply_message(rows, effect, action, actor, at)
    return rows


def apply_change(rows: Rows, effect: Mapping[str, Any], at: datetime) -> None:
    kind, key = effect["record"].split(":", 1)
    name, before, after = effect["field"], effect["before"], effect["after"]
    if kind == "order" and "/" in key:
        order_id, place = key.split("/")
        row = next(
            row for row in rows["OrderLine"].values() if row["order_id"] == order_id and row["place"] == int(place)
        )
        before, after = item_columns(before), item_columns(after)
    else:
        table = {"order": "Order", "customer": "Customer", "ticket": "Ticket", "message": "Message"}[kind]
        row = rows[table][int(key) if kind in ("ticket", "message") else key]
        column = {"return": "return_facts", "exchange": "exchange_facts"}.get(name, name)
        before, after = ({name: value[name] for name in ADDRESS} if column == "address" else {column: value}
                         for value in (before, after))  # fmt: skip
    assert {column: row[column] for column in before} == before, f"the effect's before is not what the row held: {row}"
    row.update(after)
    if kind == "ticket":
        row["updated_at"] = at


def item_columns(item: Mapping[str, Any]) -> Row:
    return {"item_id": item["item_id"], "price": Decimal(item["price"]), "options": item["options"]}


def apply_money(rows: Rows, effect: Mapping[str, Any], action: Any, at: datetime) -> None:
    amount = Decimal(effect["amount"])
    signed = -amount if effect["direction"] == "payment" else amount
    method_id = effect["payment_method_id"]
    if method_id is None:
        rows["Customer"][effect["customer_id"]]["credit"] += signed
    elif rows["PaymentMethod"][method_id]["source"] == "gift_card":
        rows["PaymentMethod"][method_id]["balance"] += signed
    rows["LedgerLine"][f"new:{action}:{effect['record']}"] = {
        "customer_id": effect["customer_id"], "order_id": effect["order_id"], "direction": effect["direction"],
        "amount": amount, "currency": effect["currency"], "payment_method_id": method_id, "action": action, "at": at,
    }  # fmt: skip


def apply_message(rows: Rows, effect: Mapping[str, Any], action: Any, actor: str, at: datetime) -> None:
    sent = message(effect["ticket_id"], "outbound", effect["body"], action, actor, at)
    rows["Message"][f"new:{action}:{effect['record']}"] = sent | {"citations": list(effect["citations"])}
    rows["Ticket"][effect["ticket_id"]]["updated_at"] = at


def message(ticket_id: int, direction: str, body: str, action: Any, actor: str, at: datetime) -> Row:
    return {
        "ticket_id": ticket_id, "direction": direction, "author": actor, "body": body, "citations": [],
        "external_id": None, "action": action, "withdrawn": False, "at": at,
    }  # fmt: skip


def assert_same_rows(found: Rows, wanted: Rows) -> None:
    """Row for row and column for column; rows that are new on either side are compared without their key."""
    for table, rows in wanted.items():
        known = {key: row for key, row in rows.items() if not str(key).startswith("new:")}
        created = [row for key, row in rows.items() if str(key).startswith("new:")]
        fresh = [without_key(row) for key, row in found[table].items() if key not in known]
        assert {key: row for key, row in found[table].items() if key in known} == known, table
        assert sorted(fresh, key=repr) == sorted(created, key=repr), table


def without_key(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
