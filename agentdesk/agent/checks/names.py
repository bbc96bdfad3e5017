"""Names in a reply: people, firms and products have to be known from somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.ids import read_links
from agentdesk.agent.checks.places import ABBREVIATIONS
from agentdesk.agent.checks.wording import CLOSING, GREETING, Sentence, quoted
from agentdesk.agent.findings import Finding

NAME = re.compile(
    r"(?<![\w@./'’-])(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+|"
    r"(?<![\w@./'’-])[A-Z][\w'’-]*[a-z][\w'’-]*(?:\s+(?:[A-Z][\w'’-]*[a-z][\w'’-]*))*"
)
FIRMS = re.compile(
    r"\b(?:UPS|DHL|FedEx|Fedex|USPS|DPD|GLS|TNT|Hermes|Evri|Amazon|Royal Mail|Klarna|Stripe|Venmo|Zelle|Bitcoin|"
    r"Western Union|Apple Pay|Google Pay)\b"
)
STARTS = re.compile(r"(?:^|[.!?:;•“\"(\n]|\s[-–—*]|^[-*•]|\d[.)])\s*[“\"(*]*$")
KNOWN = frozenset(re.findall(r"[\w-]+", """
    i i'm i'll i've i'd we you he she it they hi hello dear thanks thank sorry please regards best kind sincerely
    usd us usa uk eu america american states united english european eastern pacific central standard time est pst
    gmt utc paypal visa mastercard amex express discover maestro january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday mon tue tues wed
    thu thur thurs fri sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays christmas easter
    mr mrs ms dr order orders item items return returns refund refunds exchange exchanges cancellation address
    account gift card cards credit payment payments shipping delivery status pending delivered processed cancelled
    requested support team customer service care shop desk help faq id ok pdf e-mail email internet web app android
    ios wi-fi bluetooth led size colour color yes no new old total difference original method everything nothing
    just answer the your our this that these those there here what which when where once if as at by for from in is
    on or and but so to of with a an all any both each my me good morning afternoon evening day ps note important
    terms conditions policy faqs section article street st avenue ave road rd drive dr lane ln suite apt apartment
    unit flat floor box north south east west
    """))  # fmt: skip
GOODS = frozenset(re.findall(r"[\w-]+", """
    laptop smartphone backpack sunglasses wristwatch toothbrush headphones earbuds keyboard thermostat jacket
    dumbbell helmet bookshelf bicycle sneakers kettle umbrella skateboard puzzle grill perfume vacuum blanket
    bedding pillow mug pan knife grinder lunchbox charger tent hammock pannier planter shears feeder blender toaster
    microwave television printer router sofa couch mattress curtain carpet drone scooter treadmill guitar piano
    violin scarf gloves dress skirt jeans hoodie trousers sandals slippers necklace bracelet wallet purse handbag
    stroller doll webcam microphone projector shaver razor heater humidifier dishwasher fridge refrigerator freezer
    oven cooker fryer juicer saucepan cutlery vase candle hammer ladder toolbox tripod binoculars telescope kayak
    surfboard snowboard duvet towel chandelier wardrobe bottle speaker tablet camera hose boots shoes chair lamp
    bulb t-shirt shirt sweater socks radio tote duffel rug stove mouse monitor jumper vest
    """))  # fmt: skip
"""Nouns for what shops sell; one that stands in no source is of something else than this run is about."""
GOODS_FORMS = GOODS | {f"{word}s" for word in GOODS}
CONTRACTED = re.compile(r"(?:n't|'(?:s|re|ve|ll|d|m))$")
SHORTENED = {full: [short for short, one in ABBREVIATIONS.items() if one == full] for full in ABBREVIATIONS.values()}
GREETED = re.compile(r"^(?:Hi|Hello|Hey|Dear|Good \w+)(?: there)?,? +(?P<name>[A-Z][^,.!?]*)")
OURS = re.compile(r"\b(?:[Mm]y name is|I am|I'm|[Tt]his is)\s+$")
WORD = re.compile(r"[A-Za-z][\w-]*(?:['’][a-z]+)?")


def check_names(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding for each name of a person, firm or product that no source of the run holds."""
    if sentence.is_framing:
        return
    links = list(read_links(sentence.text))
    for match in FIRMS.finditer(sentence.text):
        if not set(match.group().lower().split()) <= facts.told_words:
            yield quoted("ungrounded_name", match.group(), "is a name that no source of this run holds.")
    for match in NAME.finditer(sentence.text):
        if any(link.start < match.end() and match.start() < link.end for link in links) or FIRMS.search(match.group()):
            continue
        unknown = unknown_words(match, sentence.text, facts)
        if unknown:
            yield quoted("ungrounded_name", unknown, "is a name that no source of this run holds.")
    yield from check_goods(sentence, facts)


def check_greeting(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding where a greeting names somebody whom no source knows."""
    match = GREETED.match(sentence.text)
    if not match and not CLOSING.match(sentence.text):
        yield from check_signature(sentence, facts)
    strange = [word for word in WORD.findall(match["name"]) if not is_known(word, facts)] if match else []
    if strange:
        yield quoted("ungrounded_name", " ".join(strange), "is greeted, but no source of this run holds the name.")


def check_signature(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding where somebody signs whom no source knows: a reply is the shop's, not an invented person's."""
    names = [word for match in NAME.finditer(sentence.text) for word in WORD.findall(match.group())]
    strange = [word for word in names if not is_known(word, facts)]
    if strange and not GREETING.match(sentence.text):
        yield quoted("ungrounded_name", " ".join(strange), "signs, but no source of this run holds the name.")


def unknown_words(match: re.Match[str], text: str, facts: Facts) -> str:
    """The words of a name that are known from nowhere; the first word of a sentence is no name by itself."""
    before = text[: match.start()]
    if OURS.search(before):
        return ""
    words = [(one.group(), one.start()) for one in WORD.finditer(match.group())]
    if STARTS.search(before):
        words = words[1:]
    strange = [word for word, _ in words if not is_known(word, facts)]
    return " ".join(strange)


def is_known(word: str, facts: Facts) -> bool:
    """Whether a word stands in a source or is one of everybody's."""
    low = CONTRACTED.sub("", word.lower().replace("’", "'"))
    parts = [low, *low.split("-"), *SHORTENED.get(low, ())]
    return any(part in KNOWN or part in facts.words for part in parts) or low.rstrip("s") in facts.words


def check_goods(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding for each product that the sentence speaks of and no source names."""
    if sentence.is_attributed or sentence.is_negated:
        return
    for match in WORD.finditer(sentence.text):
        low = CONTRACTED.sub("", match.group().lower().replace("’", "'"))
        if low not in GOODS_FORMS or low in facts.words or low.rstrip("s") in facts.words or f"{low}s" in facts.words:
            continue
        if any(part in facts.words for part in low.split("-")[1:]) or sentence.text[match.end() :].startswith(
            ("-", " number")
        ):
            continue
        yield quoted("ungrounded_name", match.group(), "is a product that no source of this run names.")
