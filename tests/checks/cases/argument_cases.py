# ruff: noqa: E501 - a case stays on one line, however long its reply is.
"""Cases for the arguments of actions: (desk, kind, arguments[, what is wrong]). A third is held out."""

from __future__ import annotations

from typing import Any

from tests.checks.cases.evidence import NEW_HOME

Case = tuple[str, str, dict[str, Any]]
MISTAKE = "ordered by mistake"


def swap(new: str, old: str = "6010000006", order: str = "#W4410003", method: str = "gift_card_5503") -> dict[str, Any]:
    """The arguments of an exchange of one item."""
    return {"order_id": order, "changes": [{"item_id": old, "new_item_id": new}], "payment_method_id": method}


def back(*items: str, order: str = "#W4410002", method: str = "paypal_5502") -> dict[str, Any]:
    """The arguments of a return."""
    return {"order_id": order, "item_ids": list(items), "payment_method_id": method}


def go(order: str = "#W4410004", **parts: str) -> dict[str, Any]:
    """The arguments of a change of address: what the ticket says, but for these parts."""
    return {"order_id": order, "address": {**NEW_HOME, **parts}}


def known(good: list[Case]) -> tuple[Case, ...]:
    """A list of good cases."""
    return tuple(good)


GOOD = known([
    ("cancelled", "cancel_order", {"order_id": "#W4410001", "reason": MISTAKE}),
    ("refused", "cancel_order", {"order_id": "W4410001", "reason": MISTAKE}),
    ("returned", "return_items", back("6010000003")),
    ("returned", "return_items", back("6010000003", "6010000004", "6010000005")),
    ("returned", "return_items", back("6010000003", method="gift_card_5503")),
    ("exchanged", "exchange_items", swap("6010000007")),
    ("exchanged", "exchange_items", swap("6010000007", method="credit_card_5501")),
    ("moved", "change_order_address", go()),
    ("moved", "change_order_address", go(address1="7 POND VIEW", city="boise")),
    ("moved", "change_order_address", go(state="Idaho", country="United States")),
    ("moved", "change_customer_address", {"address": NEW_HOME}),
    ("repaid", "change_order_payment", {"order_id": "#W4410006", "payment_method_id": "gift_card_5503"}),
    ("credited", "give_credit", {"amount": "15.00", "reason": "late parcel"}),
    ("credited", "give_credit", {"amount": 15, "reason": "the rental the customer paid for, order #W4410005"}),
    ("status", "add_note", {"body": "Parcel 357962501027 of #W4410005 is on its way."}),
    ("status", "escalate", {"reason": "lost parcel", "summary": "Order #W4410005 shows as processed.", "urgency": "high"}),
    ("untouched", "set_ticket", {"status": "pending", "tags": ["discount"]}),
    ("question", "set_ticket", {"status": "solved"}),
    ("question", "escalate", {"reason": "asks for a person", "summary": "Wants to talk to someone, 2 questions.", "urgency": "normal"}),
    ("cancelled", "add_note", {"body": "Customer carla_silva_1001 cancelled 1 order of 134.50."}),
])  # fmt: skip
HELD_OUT_GOOD = known([
    ("returned", "return_items", back("6010000005", method="gift_card_5503")),
    ("moved", "change_order_address", go(address2="Unit #3", zip="83702")),
    ("moved", "change_order_address", go(address1="7 Pond View.", country="US")),
    ("untouched", "cancel_order", {"order_id": "#w4410001", "reason": "no longer needed"}),
    ("exchanged", "exchange_items", swap("6010000008")),
    ("repaid", "change_order_payment", {"order_id": "#W4410006", "payment_method_id": "paypal_5502"}),
    ("credited", "give_credit", {"amount": "59.90", "reason": "price of the stove"}),
    ("untouched", "add_note", {"body": "Asks about 80.00 off; no such offer in the articles."}),
    ("moved", "escalate", {"reason": "unsure", "summary": "Send #W4410004 to 7 Pond View?", "urgency": "low"}),
    ("status", "set_ticket", {"priority": "high"}),
])  # fmt: skip
UNGROUNDED, OTHER = "ungrounded_argument", "other_order"
BAD: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("cancelled", "cancel_order", {"order_id": "#W4410010", "reason": MISTAKE}, UNGROUNDED),
    ("cancelled", "cancel_order", {"order_id": "#W441000", "reason": MISTAKE}, UNGROUNDED),
    ("cancelled", "cancel_order", {"order_id": "#W4410002", "reason": MISTAKE}, OTHER),
    ("returned", "return_items", back("6010000099"), UNGROUNDED),
    ("returned", "return_items", back("601000000"), UNGROUNDED),
    ("returned", "return_items", back("6010000003", "6010000003"), UNGROUNDED),
    ("returned", "return_items", back("6010000003", method="credit_card_9999"), UNGROUNDED),
    ("returned", "return_items", back("3010000003"), UNGROUNDED),
    ("exchanged", "exchange_items", swap("6010000070"), UNGROUNDED),
    ("exchanged", "exchange_items", swap("6010000007", old="6010000003"), UNGROUNDED),
    ("exchanged", "exchange_items", swap("6010000007", order="#W4410001"), OTHER),
    ("moved", "change_order_address", go(address1="9 Pond View"), UNGROUNDED),
    ("moved", "change_order_address", go(zip="83703"), UNGROUNDED),
    ("moved", "change_order_address", go(city="Portland"), UNGROUNDED),
    ("moved", "change_order_address", go(address2="Unit 13"), UNGROUNDED),
    ("moved", "change_order_address", go(country="Canada"), UNGROUNDED),
    ("repaid", "change_order_payment", {"order_id": "#W4410006", "payment_method_id": "gift_card_550"}, UNGROUNDED),
    ("credited", "give_credit", {"amount": "150.00", "reason": "late parcel"}, UNGROUNDED),
    ("credited", "give_credit", {"amount": "15.01", "reason": "late parcel"}, UNGROUNDED),
    ("status", "add_note", {"body": "Parcel 357962501099 was lost."}, UNGROUNDED),
    ("status", "escalate", {"reason": "lost", "summary": "Order #W5550000 is gone.", "urgency": "high"}, UNGROUNDED),
)  # fmt: skip
HELD_OUT_BAD: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("returned", "return_items", back("6010000004", order="#W4410020"), UNGROUNDED),
    ("returned", "return_items", back("6010000001"), UNGROUNDED),
    ("exchanged", "exchange_items", swap("6010000007", method="visa_4242"), UNGROUNDED),
    ("moved", "change_order_address", go(state="TX"), UNGROUNDED),
    ("moved", "change_customer_address", {"address": {**NEW_HOME, "address1": "70 Pond View"}}, UNGROUNDED),
    ("moved", "change_order_address", go(order="#W4410001"), OTHER),
    ("repaid", "change_order_payment", {"order_id": "#W4410060", "payment_method_id": "gift_card_5503"}, UNGROUNDED),
    ("credited", "give_credit", {"amount": "500", "reason": "goodwill"}, UNGROUNDED),
    ("untouched", "set_ticket", {"tags": ["refund-of-W9990001"]}, UNGROUNDED),
    ("question", "add_note", {"body": "See credit_card_7777 of the customer."}, UNGROUNDED),
)  # fmt: skip
