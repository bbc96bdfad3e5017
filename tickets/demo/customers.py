"""The demo shop's customers: made up from first names and words of the landscape, so nobody real is meant."""

from itertools import cycle
from typing import Any

from tickets.demo.dice import Dice, Numbers

FIRST_NAMES = """
Carla Otto Ines Tomas Greta Bram Lotte Piotr Saskia Emil Nadia Hugo Petra Milan Ruth Jonas Freya Andrei Clara Felix
Marta Oskar Vera Leon Ida Viktor Nora Casper Elsa Pavel Romy Anton Thea Marius Judith Levi Selma Rafael Agnes Kofi
Hanna Dario Wilma Tariq Alma Bruno Lucia Simon Edith Malik Rosa Joel Priya Arvid Celia Nils Amara Gideon Salma Cyrus
"""
LAST_NAMES = """
Brook Field Alder Birch Heath Marsh Quarry Ridge Meadow Thorn Vale Orchard Fenn Shore Holm Glen Rowan Moor Cliff Dale
Reed Summer Winter Hazel Grove Lake Stone Bridge Harbour Willow
"""
STREETS = (
    "Lantern Street",
    "Millrace Road",
    "Cooper's Yard",
    "Larkspur Way",
    "Old Ferry Road",
    "Quince Street",
    "Saltworks Lane",
    "Weaver Street",
    "Observatory Hill",
    "Pond View",
    "Ropewalk",
    "Tannery Row",
)
DOORS = ("Apt", "Unit", "Floor")
TOWNS = (
    ("Portland", "OR", "972"),
    ("Madison", "WI", "537"),
    ("Asheville", "NC", "288"),
    ("Burlington", "VT", "054"),
    ("Santa Fe", "NM", "875"),
    ("Boise", "ID", "837"),
    ("Duluth", "MN", "558"),
    ("Savannah", "GA", "314"),
    ("Ithaca", "NY", "148"),
    ("Providence", "RI", "029"),
)
CARD_BRANDS = ("visa", "mastercard")


def make_address(dice: Dice) -> dict[str, str]:
    """A complete postal address; town, state and the start of the zip belong together."""
    city, state, zip_start = dice.pick(TOWNS)
    return {
        "address1": f"{dice.below(180) + 1} {dice.pick(STREETS)}",
        "address2": f"{dice.pick(DOORS)} {dice.below(24) + 1}",
        "city": city,
        "country": "USA",
        "state": state,
        "zip": f"{zip_start}{dice.below(90) + 10}",
    }


def make_customers(dice: Dice) -> dict[str, dict[str, Any]]:
    """Sixty customers by user id, each with one to three payment methods and no orders yet."""
    numbers = Numbers(dice)
    names = zip(FIRST_NAMES.split(), cycle(LAST_NAMES.split()), strict=False)
    customers = (_make_customer(place, name, dice, numbers) for place, name in enumerate(names))
    return {customer["user_id"]: customer for customer in customers}


def _make_customer(place: int, name: tuple[str, str], dice: Dice, numbers: Numbers) -> dict[str, Any]:
    first, last = name
    domain = "example.org" if place % 3 == 2 else "example.com"
    return {
        "user_id": numbers.next(f"{first}_{last}_".lower(), 4),
        "name": {"first_name": first, "last_name": last},
        "address": make_address(dice),
        "email": f"{first}.{last}@{domain}".lower(),
        "payment_methods": {method["id"]: method for method in _make_methods(place, dice, numbers)},
        "orders": [],
    }


def _make_methods(place: int, dice: Dice, numbers: Numbers) -> list[dict[str, Any]]:
    """Everybody has a card or PayPal; every second customer a gift card, every fourth of all only little on it."""
    methods = [_make_card(dice, numbers)] if place % 3 != 1 else [_make_paypal(numbers)]
    if place % 5 == 0:
        methods.append(_make_paypal(numbers) if place % 3 != 1 else _make_card(dice, numbers))
    if place % 2 == 0:
        least, most = (3, 20) if place % 4 == 2 else (60, 480)
        balance = dice.amount(least, most)
        methods.append({"source": "gift_card", "id": numbers.next("gift_card_", 7), "balance": balance})
    return methods


def _make_card(dice: Dice, numbers: Numbers) -> dict[str, Any]:
    return {
        "source": "credit_card",
        "id": numbers.next("credit_card_", 7),
        "brand": dice.pick(CARD_BRANDS),
        "last_four": dice.digits(4),
    }


def _make_paypal(numbers: Numbers) -> dict[str, Any]:
    return {"source": "paypal", "id": numbers.next("paypal_", 7)}
