"""Mending the misspelt words that matter; every other word stays as it is."""

from __future__ import annotations

import re

KEYWORDS = (
    "cancel",
    "return",
    "exchange",
    "address",
    "replace",
    "refund",
    "payment",
    "order",
    "delivery",
    "instead",
    "difference",
    "mistake",
    "please",
    "original",
    "shipping",
    "account",
    "switch",
    "anymore",
    "cancelled",
    "returned",
    "exchanged",
    "paypal",
    "longer",
)
REAL_WORDS = frozenset(
    {
        "older", "border", "odder", "cancer", "cancers", "deliver", "delivers", "placed", "placing", "relapse",
        "refine", "lounger", "linger", "loner", "pleased", "pleases", "accounts", "shipping", "shopping", "whipping",
        "chipping", "amount", "discount", "dress", "addressed", "undress", "switches", "stitch", "twitch", "ordered",
        "orders", "reorder", "returns", "refunds", "payments", "exchanges", "original", "originals", "canceled",
        "cancels", "replaced", "replaces", "replica", "mistaken", "mistakes", "differences", "canceling", "returner",
        "exchanger", "longed", "longest", "stronger", "louder", "colder", "holder", "folder", "wonder", "ponder",
        "under", "odor", "elder", "corder", "recorder", "replay", "lonely",
    }
)  # fmt: skip
KNOWN_SLIPS = {
    "chnage": "change",
    "cahnge": "change",
    "chagne": "change",
    "chang": "change",
    "echange": "exchange",
    "excange": "exchange",
    "adres": "address",
    "orderd": "ordered",
    "canel": "cancel",
    "cancell": "cancel",
    "refudn": "refund",
    "pls": "please",
    "plz": "please",
    "giftcard": "gift card",
    "dont": "don't",
    "cant": "can't",
    "doesnt": "doesn't",
    "didnt": "didn't",
    "ive": "i've",
    "im": "i'm",
    "wanna": "want to",
    "gimme": "give me",
}
SHORTEST = 5


def mend_spelling(text: str) -> str:
    """Lower-case text in which a word one slip away from a keyword is that keyword."""
    return re.sub(r"(?<![\w#@./-])[a-z]{2,12}(?![\w@'/]|-\w)", lambda word: mended(word.group()), text)


def mended(word: str) -> str:
    """The keyword this word was meant to be, or the word itself."""
    if word in KNOWN_SLIPS:
        return KNOWN_SLIPS[word]
    if len(word) < SHORTEST - 1 or word in REAL_WORDS or word in KEYWORDS:
        return word
    for keyword in KEYWORDS:
        if abs(len(keyword) - len(word)) <= 1 and not word.startswith(keyword) and is_one_slip(word, keyword):
            return keyword
    return word


def is_one_slip(word: str, meant: str) -> bool:
    """Whether one letter was left out, doubled, changed or two neighbours were swapped; the first letter is right."""
    if word[:1] != meant[:1] or len(meant) < SHORTEST:
        return False
    if len(word) == len(meant):
        wrong = [place for place, (one, other) in enumerate(zip(word, meant, strict=True)) if one != other]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and word[wrong[0]] == meant[wrong[1]]
            and word[wrong[1]] == meant[wrong[0]]
        )
    longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
