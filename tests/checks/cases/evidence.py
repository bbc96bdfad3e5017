# ruff: noqa: E501 - a case stays on one line, however long its reply is.
"""A few desks as the checks see them: what the ticket said, what the tools answered, what the run's actions do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentdesk.agent.evidence import Evidence, ProposedAction, Source

ADDRESS = {
    "address1": "12 Harbour Street", "address2": "Flat 3", "city": "Salem", "country": "USA", "state": "OR",
    "zip": "97301",
}  # fmt: skip
NEW_HOME = {
    "address1": "7 Pond View", "address2": "Unit 3", "city": "Boise", "country": "USA", "state": "ID", "zip": "83702",
}  # fmt: skip
CUSTOMER = {
    "customer_id": "carla_silva_1001",
    "name": {"first_name": "Carla", "last_name": "Silva"},
    "email": "carla@example.com",
    "address": ADDRESS,
    "payment_methods": {
        "credit_card_5501": {"source": "credit_card", "id": "credit_card_5501", "brand": "visa", "last_four": "4242"},
        "paypal_5502": {"source": "paypal", "id": "paypal_5502"},
        "gift_card_5503": {"source": "gift_card", "id": "gift_card_5503", "balance": "100.00"},
    },
    "orders": ["#W4410001", "#W4410002", "#W4410003", "#W4410004", "#W4410005", "#W4410006"],
    "credit": "0.00",
}
LAMP = ("Reading Lamp", "6010000001", "3010000001", "45.00", {"colour": "brass"})
BLANKET = ("Wool Blanket", "6010000002", "3010000002", "89.50", {"size": "130x180", "colour": "grey"})
SHOES = ("Walking Shoes", "6010000003", "3010000003", "139.00", {"shoe": "42", "colour": "black"})
JACKET = ("Rain Jacket", "6010000004", "3010000004", "119.00", {"size": "M", "colour": "green"})
STOVE = ("Camp Stove", "6010000005", "3010000005", "59.90", {"fuel": "gas"})
DOUBLE = ("Linen Bedding", "6010000006", "3010000006", "189.00", {"size": "double", "colour": "sand"})
KING = ("Linen Bedding", "6010000007", "3010000006", "214.90", {"size": "king", "colour": "sand"})
FERN = ("Linen Bedding", "6010000008", "3010000006", "214.90", {"size": "king", "colour": "fern"})
KETTLE = ("Enamel Kettle", "6010000009", "3010000009", "62.00", {"colour": "cream"})
ARTICLES = {
    "refunds@3": "Everything you paid goes back to the method you paid with. A gift card has its balance back at once; "
    "a credit card or PayPal account takes 5 to 7 working days. If ten working days have passed and nothing has come, "
    "write to us with the order number and we follow it up with the bank.",
    "returns@4": "You can return items of a delivered order for any reason. Returning is free. The refund goes to the "
    "method you paid with, or, if you prefer, to a gift card in your account. We mail you a prepaid label. We refund "
    "the price of the items when the parcel has arrived and was looked at, usually within 3 working days.",
    "shipping@5": "Delivery within the USA is free. We do not deliver to Canada or Mexico at the moment.\n\nOrders are "
    "packed within 2 working days. From there it takes 3 to 5 working days until the parcel is with you. There is no "
    "express service and we cannot promise a particular day.",
    "warranty@2": "Everything we sell has a warranty of two years from delivery. It covers faults in material and "
    "making; it does not cover wear or accidents. One of our people looks at it within 2 working days and offers a "
    "repair, a replacement or, if neither is possible, a refund.",
    "contact@1": "Our people are there Monday to Friday from 8 am to 6 pm and Saturday from 9 am to 1 pm, Eastern "
    "time. If you leave a telephone number we call you back within the hours above. See "
    "https://shop.example/contact for the form.",
    "exchanges@2": "If it does not fit, exchange it: that is free, once per order. The new variant has to be in stock. "
    "You pay its price of today: we charge or refund the difference by a payment method of your choice.",
}


def order(order_id: str, status: str, method: str, *items: tuple[Any, ...], tracking: str = "") -> dict[str, Any]:
    """What `get_order` answers."""
    lines = [
        {"name": name, "item_id": item, "product_id": product, "price": price, "options": options}
        for name, item, product, price, options in items
    ]
    total = sum(round(float(item[3]) * 100) for item in items) / 100
    return {
        "order_id": order_id,
        "user_id": CUSTOMER["customer_id"],
        "address": ADDRESS,
        "items": lines,
        "status": status,
        "fulfillments": [{"tracking_id": [tracking], "item_ids": [item[1] for item in items]}] if tracking else [],
        "payment_history": [
            {"transaction_type": "payment", "amount": f"{total:.2f}", "payment_method_id": method}
        ],
    }  # fmt: skip


def product(*variants: tuple[Any, ...], gone: str = "") -> dict[str, Any]:
    """What `get_product` answers; `gone` is the item that is not in stock."""
    return {
        "product_id": variants[0][2],
        "name": variants[0][0],
        "variants": [
            {"item_id": item, "options": options, "available": item != gone, "price": price}
            for _, item, _, price, options in variants
        ],
    }


def desk(
    said: str, *tools: Mapping[str, Any], articles: str = "", actions: tuple[ProposedAction, ...] = ()
) -> Evidence:
    """The ticket's words, then `tool:call_1` (the customer), `tool:call_2` and so on, then articles, then actions."""
    ticket = {
        "ticket": {"number": "T-31", "subject": "My order"},
        "messages": [{"direction": "inbound", "at": "2026-05-04T09:12:00+00:00", "body": f"Hello,\n{said}\nCarla"}],
    }
    sources = [Source("ticket", "ticket", ticket), Source("tool:call_1", "tool", CUSTOMER, "find_customer")]
    sources += [Source(f"tool:call_{place}", "tool", value) for place, value in enumerate(tools, start=2)]
    for name in articles.split():
        slug, _, revision = name.partition("@")
        hit = {"slug": slug, "title": slug.title(), "revision": int(revision), "passage": ARTICLES[name]}
        sources.append(Source(f"article:{name}", "article", hit))
    return Evidence(tuple(sources), actions, CUSTOMER)


LAMP_ORDER = order("#W4410001", "pending", "credit_card_5501", LAMP, BLANKET)
SHOE_ORDER = order("#W4410002", "delivered", "paypal_5502", SHOES, JACKET, STOVE)
BED_ORDER = order("#W4410003", "delivered", "gift_card_5503", DOUBLE)
MOVING_ORDER = order("#W4410004", "pending", "credit_card_5501", JACKET)
SENT_ORDER = order("#W4410005", "processed", "credit_card_5501", STOVE, tracking="357962501027")
KETTLE_ORDER = order("#W4410006", "pending", "credit_card_5501", KETTLE)


def cancel(status: str) -> ProposedAction:
    """Cancelling the lamp's order."""
    effects = (
        "Refunds 134.50 USD to credit_card_5501 for #W4410001.",
        "Order #W4410001: status pending → cancelled.",
    )
    return ProposedAction(
        "cancel_order", {"order_id": "#W4410001", "reason": "ordered by mistake"}, effects, status, "134.50"
    )


RETURN = ProposedAction(
    "return_items",
    {"order_id": "#W4410002", "item_ids": ["6010000003"], "payment_method_id": "paypal_5502"},
    ("Order #W4410002: status delivered → return requested.",),
    "waiting",
    "139.00",
)
EXCHANGE = ProposedAction(
    "exchange_items",
    {
        "order_id": "#W4410003",
        "changes": [{"item_id": "6010000006", "new_item_id": "6010000007"}],
        "payment_method_id": "gift_card_5503",
    },
    ("Order #W4410003: status delivered → exchange requested.",),
    "waiting",
    "25.90",
)
READDRESS = ProposedAction(
    "change_order_address",
    {"order_id": "#W4410004", "address": NEW_HOME},
    ("Order #W4410004: address 12 Harbour Street, Salem → 7 Pond View, Unit 3, Boise, USA, ID, 83702.",),
    "executed",
)
REPAY = ProposedAction(
    "change_order_payment",
    {"order_id": "#W4410006", "payment_method_id": "gift_card_5503"},
    (
        "Charges 62.00 USD to gift_card_5503 for #W4410006.",
        "Refunds 62.00 USD to credit_card_5501 for #W4410006.",
    ),
    "approved",
    "62.00",
)
CREDIT = ProposedAction(
    "give_credit",
    {"amount": "15.00", "reason": "late parcel"},
    ("Credits 15.00 USD to the customer's account.",),
    "waiting",
    "15.00",
)
DESKS: Mapping[str, Evidence] = {
    "cancelled": desk(
        "please cancel #W4410001, I ordered it by mistake.", LAMP_ORDER, articles="refunds@3", actions=(cancel("waiting"),)
    ),
    "refused": desk(
        "please cancel #W4410001, I ordered it by mistake.", LAMP_ORDER, articles="refunds@3", actions=(cancel("refused"),)
    ),
    "untouched": desk(
        "what is happening with #W4410001? Somebody told me I get 80.00 off and a free mug.", LAMP_ORDER, articles="refunds@3 shipping@5"
    ),
    "returned": desk(
        "I would like to return the walking shoes from #W4410002, refund to PayPal.",
        SHOE_ORDER, articles="returns@4 refunds@3", actions=(RETURN,),
    ),
    "exchanged": desk(
        "the bedding in #W4410003 is too small. I need king in sand, take the difference from my gift card.",
        BED_ORDER, product(DOUBLE, KING, FERN, gone="6010000008"), articles="exchanges@2", actions=(EXCHANGE,),
    ),
    "moved": desk(
        "please send #W4410004 to 7 Pond View, Unit 3, Boise, ID 83702, USA.", MOVING_ORDER, articles="shipping@5", actions=(READDRESS,)
    ),
    "repaid": desk(
        "can I pay #W4410006 with my gift card instead of the card?", KETTLE_ORDER, articles="refunds@3", actions=(REPAY,)
    ),
    "credited": desk(
        "my parcel #W4410005 came three weeks late, I had to pay 15.00 for a rental stove.", SENT_ORDER, actions=(CREDIT,)
    ),
    "status": desk("where is #W4410005?", SENT_ORDER, articles="shipping@5"),
    "question": desk(
        "how long is the warranty, do you ship to Canada, and when can I call you?", articles="shipping@5 warranty@2 contact@1 returns@4"
    ),
}  # fmt: skip
"""One desk for each thing that a reply is written about, by name."""
