"""How people name what they bought, what they want, where they live and how they pay."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.acceptance.retail.shop import Record, Shop
from tests.acceptance.retail.wishes import Address

PLAIN_WORDS = {
    ("waterproof", "yes"): "waterproof",
    ("waterproof", "no"): "not waterproof",
    ("water resistance", "yes"): "water resistant",
    ("water resistance", "no"): "not water resistant",
    ("water resistance", "not resistant"): "not water resistant",
    ("armrest", "none"): "without armrests",
    ("backlight", "none"): "without backlight",
    ("features", "none"): "without extra features",
    ("connectivity", "none"): "without connectivity",
    ("bagged/bagless", "bagged"): "bagged",
    ("bagged/bagless", "bagless"): "bagless",
}
"""Option values that nobody says as the catalogue has them."""

ADJECTIVES = ("color", "material", "frame color", "dial color")
"""Options whose value may stand right before the thing."""

STREETS = ("Birch Lane", "Harbor Road", "Mill Street", "Quarry Avenue", "Sycamore Court", "Orchard Drive",
           "Pine Terrace", "Lantern Way", "Old Ferry Road", "Willow Crescent")  # fmt: skip
PLACES = (
    ("Madison", "WI", "53703"), ("Boise", "ID", "83702"), ("Duluth", "MN", "55802"), ("Ithaca", "NY", "14850"),
    ("Eugene", "OR", "97401"), ("Savannah", "GA", "31401"), ("Tucson", "AZ", "85701"), ("Portland", "ME", "04101"),
    ("Ann Arbor", "MI", "48104"), ("Santa Fe", "NM", "87501"),
)  # fmt: skip
DOORS = ("Apt {}", "Suite {}", "Unit {}")


def join(parts: Sequence[str]) -> str:
    """One, two or more things in a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# --- Orders ---


def say_order(order_id: str, rng: Random) -> str:
    """An order's number as people write it, with or without its sign."""
    bare = order_id.removeprefix("#")
    forms = (order_id, order_id, f"order {order_id}", f"order {bare}", f"order number {bare}", f"my order {order_id}",
             f"order no. {order_id}", bare)  # fmt: skip
    return rng.choice(forms)


# --- Things ---


def say_value(option: str, value: str) -> str:
    """One option of a thing, understandable by itself."""
    return PLAIN_WORDS.get((option, value), value)


def say_all_options(item: Record) -> str:
    """The options in full, as a shop's confirmation lists them."""
    return ", ".join(say_value(option, value) for option, value in item["options"].items())


def say_item(item: Record, order: Record, rng: Random) -> str:
    """A thing of an order; with all its options where the order holds another of the same kind."""
    name = item["name"] if rng.random() < 0.4 else item["name"].lower()
    kin = [other for other in order["items"] if other["name"] == item["name"]]
    if len(kin) > 1:
        return f"the {name} ({say_all_options(item)})"
    adjective = next((item["options"][option] for option in ADJECTIVES if option in item["options"]), "")
    forms = [f"the {name}", f"the {name}", f"the {name} ({say_all_options(item)})"]
    if adjective:
        forms.append(f"the {adjective} {name}")
    return rng.choice(forms)


def say_wanted(old: Record, new: Record, rng: Random) -> str:
    """What shall take a thing's place, by every option that differs."""
    changed = [(option, value) for option, value in new["options"].items() if old["options"].get(option) != value]
    if any(pair in PLAIN_WORDS for pair in changed):
        return f"one that is {join([say_trait(*pair) for pair in changed])}"
    forms = [
        "one with " + join([f"{option} {value}" for option, value in changed]),
        "the version with " + join([f"{value} as {option}" for option, value in changed]),
        join([f"{option} {value} instead of {old['options'][option]}" for option, value in changed]),
    ]
    if len(changed) == 1 and changed[0][0] in ADJECTIVES:
        forms += [f"the {changed[0][1]} one", f"the {changed[0][1]} version", f"{changed[0][1]}"]
    if len(changed) == 1 and changed[0][0] == "size":
        forms += [f"size {changed[0][1]}"]
    return rng.choice(forms) + rng.choice(("", "", "", ", everything else the same", " (rest as it is)"))


def say_trait(option: str, value: str) -> str:
    """An option after “one that is”."""
    return PLAIN_WORDS.get((option, value), f"{option} {value}")


# --- Money ---


def say_method(method_id: str, user_id: str, shop: Shop, rng: Random) -> str:
    """A way to pay by words that fit only one of the customer's."""
    methods = shop.methods_of(user_id)
    method = next(one for one in methods if one["id"] == method_id)
    if method["source"] == "paypal":
        return rng.choice(("my PayPal", "my PayPal account", "PayPal", "paypal"))
    if method["source"] == "gift_card":
        return rng.choice(("my gift card", "the gift card", "my gift card", "the gift card on my account"))
    cards = [one for one in methods if one["source"] == "credit_card"]
    forms = [f"the card ending {method['last_four']}", f"my {method['brand']} ending in {method['last_four']}",
             f"my credit card ({method['brand']}, last four {method['last_four']})"]  # fmt: skip
    if len(cards) == 1:
        forms += ["my credit card", "my credit card", f"my {method['brand']} card"]
    return rng.choice(forms)


def has_plain_name(method_id: str, user_id: str, shop: Shop) -> bool:
    """Whether words can tell this method from the customer's others."""
    methods = shop.methods_of(user_id)
    method = next(one for one in methods if one["id"] == method_id)
    alike = [one for one in methods if one["source"] == method["source"]]
    if method["source"] == "credit_card":
        alike = [one for one in alike if one["last_four"] == method["last_four"]]
    return len(alike) == 1


# --- Addresses ---


def make_address(rng: Random) -> Address:
    """An address nobody of the shop has."""
    city, state, code = rng.choice(PLACES)
    door = rng.choice(DOORS).format(rng.randint(2, 98)) if rng.random() < 0.8 else ""
    return {
        "address1": f"{rng.randint(11, 989)} {rng.choice(STREETS)}",
        "address2": door,
        "city": city,
        "country": "USA",
        "state": state,
        "zip": code,
    }


def say_address(address: Address, rng: Random) -> str:
    """An address in one line or as on an envelope."""
    first = [part for part in (address["address1"], address["address2"]) if part]
    town = f"{address['city']}, {address['state']} {address['zip']}"
    if rng.random() < 0.35:
        return "\n" + "\n".join([*first, town, address["country"]]) + "\n"
    country = rng.choice((", USA", ", USA", ""))
    return f"{', '.join(first)}, {town}{country}"
