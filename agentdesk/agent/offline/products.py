"""Products as people name them: full names, short names, other names, and where a sentence mentions which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agentdesk.agent.offline.spelling import is_one_slip
from agentdesk.agent.offline.tokens import Token, stems

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "tshirt": ("tee", "shirt", "tee shirt"),
    "coffee maker": ("coffee machine", "coffeemaker", "coffee brewer"),
    "smartphone": ("phone", "cell phone", "mobile phone", "cellphone", "mobile"),
    "laptop": ("notebook computer", "laptop computer", "computer"),
    "running shoe": ("runner", "running sneaker", "trainer"),
    "sneaker": ("trainer", "shoe"),
    "bicycle": ("bike", "cycle"),
    "grill": ("bbq", "barbecue", "barbeque", "bbq grill"),
    "vacuum cleaner": ("vacuum", "hoover"),
    "luggage set": ("luggage", "suitcase", "suitcase set"),
    "dumbbell set": ("dumbbell", "dumbell", "weight set", "weight"),
    "jigsaw puzzle": ("puzzle", "jigsaw"),
    "makeup kit": ("makeup", "make up kit", "make up", "make up set"),
    "indoor security camera": ("security camera", "indoor camera", "security cam"),
    "action camera": ("action cam",),
    "wristwatch": ("watch",),
    "smart watch": ("watch",),
    "wireless earbud": ("earbud", "earphone", "bud"),
    "headphone": ("headset", "pair of headphones"),
    "portable charger": ("power bank", "powerbank", "battery pack"),
    "power bank": ("powerbank", "portable charger"),
    "electric toothbrush": ("toothbrush",),
    "espresso machine": ("espresso maker", "espresso"),
    "led light bulb": ("light bulb", "led bulb", "smart bulb", "led light"),
    "pet bed": ("dog bed", "cat bed"),
    "backpack": ("rucksack", "bag"),
    "fleece jacket": ("fleece",),
    "perfume": ("fragrance", "cologne"),
    "ereader": ("reader", "e book reader", "ebook reader"),
    "cycling helmet": ("bike helmet", "bicycle helmet"),
    "patio umbrella": ("parasol",),
    "office chair": ("desk chair",),
    "bookshelf": ("bookcase", "book case", "shelf"),
    "notebook": ("journal",),
    "bluetooth speaker": ("bt speaker",),
    "gaming mouse": ("computer mouse",),
    "tablet": (),
    "yoga mat": ("exercise mat",),
    "bike light pair": ("bike light", "bicycle light"),
    "stoneware plate set": ("plate", "plate set", "stoneware plate"),
    "stoneware mug": ("mug", "cup"),
    "clip reading light": ("reading light", "clip light"),
    "linen bedding": ("bedding", "linen", "duvet cover", "bed linen"),
    "two person tent": ("tent",),
    "hand coffee grinder": ("coffee grinder", "grinder"),
    "pour over kit": ("pour over", "dripper"),
    "cast iron pan": ("pan", "skillet"),
    "kitchen knife": ("knife",),
    "chopping board": ("cutting board", "board"),
    "quilted vest": ("vest",),
    "merino sweater": ("sweater", "jumper", "pullover"),
    "travel duffel": ("duffel bag", "duffel"),
    "day pack": ("daypack",),
    "canvas tote": ("tote bag", "tote"),
    "picnic rug": ("picnic blanket", "rug"),
    "wool blanket": ("blanket",),
    "down pillow": ("pillow",),
}
WEAK_HEADS = frozenset(["set", "pair", "kit", "machine", "maker", "station", "one", "can", "light", "pack"])
ELSEWHERE = [
    "T-Shirt", "Laptop", "Running Shoes", "Smartphone", "Backpack", "Coffee Maker", "Water Bottle", "Desk Lamp",
    "Notebook", "Sunglasses", "Wristwatch", "Electric Toothbrush", "Yoga Mat", "Bluetooth Speaker", "Gaming Mouse",
    "Action Camera", "Garden Hose", "Hiking Boots", "Tablet", "E-Reader", "Portable Charger",
    "Indoor Security Camera", "Electric Kettle", "Mechanical Keyboard", "Wireless Earbuds", "Smart Thermostat",
    "Fleece Jacket", "Wall Clock", "Dumbbell Set", "Pet Bed", "Espresso Machine", "Cycling Helmet", "LED Light Bulb",
    "Digital Camera", "Bookshelf", "Bicycle", "Sneakers", "Office Chair", "Smart Watch", "Tea Kettle", "Luggage Set",
    "Patio Umbrella", "Air Purifier", "Makeup Kit", "Skateboard", "Jigsaw Puzzle", "Grill", "Headphones",
    "Vacuum Cleaner", "Perfume", "Wool Blanket", "Linen Bedding", "Down Pillow", "Stoneware Mug",
    "Stoneware Plate Set", "Cast-Iron Pan", "Kitchen Knife", "Chopping Board", "Pour-Over Kit",
    "Hand Coffee Grinder", "Tea Sampler", "Enamel Lunchbox", "Bedside Light", "Clip Reading Light", "Wall Charger",
    "Power Bank", "Kitchen Radio", "Weather Station", "Rain Jacket", "Merino Sweater", "Quilted Vest", "Wool Socks",
    "Walking Shoes", "Rubber Boots", "Canvas Tote", "Day Pack", "Travel Duffel", "Picnic Rug", "Camp Stove",
    "Camp Chair", "Two-Person Tent", "Sleeping Mat", "Hammock", "Bike Pannier", "Bike Light Pair", "Herb Planter",
    "Watering Can", "Pruning Shears", "Bird Feeder", "Kitchen Timer", "Blender", "Toaster", "Microwave",
    "Television", "Monitor", "Printer", "Router", "Sofa", "Couch", "Table", "Mattress", "Curtains", "Carpet",
    "Drone", "Scooter", "Treadmill", "Guitar", "Piano", "Violin", "Hat", "Scarf", "Gloves", "Belt", "Dress", "Skirt",
    "Jeans", "Hoodie", "Pants", "Trousers", "Coat", "Sandals", "Slippers", "Ring", "Necklace", "Bracelet", "Wallet",
    "Purse", "Handbag", "Stroller", "Toy", "Doll", "Lego", "Book", "DVD", "Game Console", "Controller", "Webcam",
    "Microphone", "Projector", "Hair Dryer", "Shaver", "Razor", "Heater", "Air Conditioner", "Humidifier",
    "Dishwasher", "Fridge", "Refrigerator", "Freezer", "Oven", "Rice Cooker", "Air Fryer", "Juicer", "Mixer",
    "Saucepan", "Cutlery", "Vase", "Candle", "Mirror", "Lawn Mower", "Drill", "Hammer", "Ladder", "Toolbox",
    "Tripod", "Binoculars", "Telescope", "Kayak", "Surfboard", "Snowboard", "Skis", "Exercise Bike", "Pillowcase",
    "Duvet", "Towels", "Shower Curtain", "Ceiling Fan", "Chandelier", "Desk", "Cabinet", "Wardrobe", "Dresser",
    "Stool", "Bench",
]  # fmt: skip
"""Names of things a shop may sell: what a customer names and the order does not hold is not guessed at."""
Phrase = tuple[str, ...]
SHORTEST_SLIP = 6


@dataclass(frozen=True)
class Mention:
    """A place in a sentence that names a product; several names where it can be any, none where it is none of ours."""

    start: int
    end: int
    names: frozenset[str]
    said: str
    item_id: str = ""


def name_phrases(name: str) -> set[Phrase]:
    """Every way to name a product: in full, by its last word, by another name."""
    full = stems(name)
    found: set[Phrase] = {full}
    for other in OTHER_NAMES.get(" ".join(full), ()):
        found.add(stems(other))
    if full and full[-1] not in WEAK_HEADS:
        found.add(full[-1:])
        found |= {full[place:] for place in range(1, len(full))}
    elif len(full) > 2:
        found.add(full[:-1])
    return {phrase for phrase in found if phrase}


FOREIGN: frozenset[Phrase] = frozenset(phrase for name in ELSEWHERE for phrase in name_phrases(name))


def find_mentions(
    tokens: Sequence[Token], names: Iterable[str], spoken_for: frozenset[str] = frozenset()
) -> list[Mention]:
    """Where the tokens name one of these products, or something that is none of them.

    `spoken_for` are words that describe the named products (a backpack's `laptop` compartment), nothing foreign.
    """
    ours: dict[Phrase, set[str]] = {}
    for name in names:
        for phrase in name_phrases(name):
            ours.setdefault(phrase, set()).add(name)
    words = [token.stem for token in tokens]
    found, place = [], 0
    while place < len(words):
        longest = longest_at(words, place, ours, spoken_for)
        if longest is None:
            place += 1
            continue
        known = longest if longest in ours else slipped(longest, ours)
        names_meant = frozenset(ours.get(known, ())) if known else frozenset[str]()
        said = " ".join(token.raw for token in tokens[place : place + len(longest)])
        if not describes(words, place, len(longest), spoken_for):
            found.append(Mention(place, place + len(longest), names_meant, said))
        place += len(longest)
    return found


def longest_at(
    words: Sequence[str], place: int, ours: Mapping[Phrase, set[str]], spoken_for: frozenset[str]
) -> Phrase | None:
    """The longest product name that begins here."""
    for size in range(min(5, len(words) - place), 0, -1):
        phrase = tuple(words[place : place + size])
        if phrase in ours or (size == 1 and slipped(phrase, ours)):
            return phrase
        if phrase in FOREIGN and not set(phrase) <= spoken_for:
            return phrase
    return None


def slipped(phrase: Phrase, ours: Mapping[Phrase, set[str]]) -> Phrase | None:
    """The one-word name of ours that this misspelt word was meant to be."""
    if len(phrase) != 1 or len(phrase[0]) < SHORTEST_SLIP or phrase in FOREIGN:
        return None
    return next(
        (
            known
            for known in sorted(ours)
            if len(known) == 1 and len(known[0]) >= SHORTEST_SLIP and is_one_slip(phrase[0], known[0])
        ),
        None,
    )


def describes(words: Sequence[str], place: int, size: int, spoken_for: frozenset[str]) -> bool:
    """Whether a product's word only describes another product here: `with the laptop compartment`."""
    after = words[place + size] if place + size < len(words) else ""
    return size == 1 and words[place] in spoken_for and after in {"compartment", "pocket"}
