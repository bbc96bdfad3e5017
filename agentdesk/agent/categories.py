"""What a ticket is about, as far as the agent's bounds, tools and way of working depend on it."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """The sorts of tickets; admins set bounds for each."""

    QUESTION = "question"
    ORDER_STATUS = "order_status"
    ORDER_CHANGE = "order_change"
    RETURN = "return"
    ACCOUNT = "account"
    MIXED = "mixed"
    PEOPLE = "people"


CATEGORY_TITLES: dict[Category, str] = {
    Category.QUESTION: "Question the articles answer",
    Category.ORDER_STATUS: "Where an order stands",
    Category.ORDER_CHANGE: "Cancel or change a pending order",
    Category.RETURN: "Return or exchange",
    Category.ACCOUNT: "Address, credit and account",
    Category.MIXED: "Several wishes, or anything else",
    Category.PEOPLE: "Straight to people: law, safety, self-harm, or a person was asked for",
}
