"""Which lines of an order a sentence speaks of: by name, by options, by number, by item id."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agentdesk.agent.offline.options import Spot, Vocabulary, build_vocabulary, spot_options
from agentdesk.agent.offline.outcomes import Doubt
from agentdesk.agent.offline.products import Mention, find_mentions
from agentdesk.agent.offline.records import Line, Product, options_in_words
from agentdesk.agent.offline.tokens import Token

DETERMINERS = frozenset(
    [
        "the",
        "my",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "our",
        "your",
        "both",
        "all",
        "one",
        "two",
        "three",
        "four",
        "some",
        "another",
    ]
)
INNER = frozenset(["size", "color", "one", "new", "old", "other", "pair", "of", "in", "with", "set"])
GLUE = frozenset(
    {
        "in", "with", "size", "color", "the", "a", "an", "and", ",", "(", ")", ":", "/", "of", "or", "is", "version",
        "model", "variant", "one", "style", "type", "option",
    }
)  # fmt: skip
DENYING = frozenset(["keep", "keeping", "kept", "except", "excluding", "leave", "leaving", "apart"])
STAYING = frozenset({"stay", "stays", "staying", "remain", "remains", "perfect", "lovely", "great", "fine"})
NUMBERS = {"one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "both": 2, "1": 1, "2": 2, "3": 3}
MASK = Token("_", "_")
ITEM_ID = re.compile(r"^\d{10}$")
LISTING = frozenset({",", "(", "/", "with", ":", "in", "and"})
REACH = 5
ONE_OF_THEM = {("one", "of", "them"), ("one", "of", "these"), ("one", "of", "those"), ("one", "of", "both")}

Products = Mapping[str, Product]


@dataclass(frozen=True)
class Phrase:
    """A mention with the words around it that describe it."""

    mention: Mention
    start: int
    end: int

    @property
    def places(self) -> range:
        """The places of its words."""
        return range(self.start, self.end)


def vocabulary_of(lines: Sequence[Line], products: Products) -> Vocabulary:
    """The words for the options of these lines' products."""
    known = [line.options for line in lines]
    known += [
        variant.options
        for line in lines
        if line.product_id in products
        for variant in products[line.product_id].variants
    ]
    return build_vocabulary(known)


def vocabularies(lines: Sequence[Line], products: Products) -> dict[str, Vocabulary]:
    """Each product's vocabulary, by its name."""
    return {
        name: vocabulary_of([line for line in lines if line.name == name], products)
        for name in {line.name for line in lines}
    }


def mentions_in(tokens: Sequence[Token], lines: Sequence[Line], products: Products) -> list[Mention]:
    """Where tokens name a product of the order, an item id of it, or something the order does not hold."""
    known = vocabularies(lines, products)
    described = frozenset(word for vocabulary in known.values() for word in vocabulary.words)
    found = find_mentions(tokens, known, described)
    by_id = {line.item_id: line for line in lines}
    for place, token in enumerate(tokens):
        if token.raw in by_id:
            found.append(Mention(place, place + 1, frozenset({by_id[token.raw].name}), token.raw, item_id=token.raw))
    found = [mention for mention in found if not is_description(tokens, mention, found, known)]
    return sorted(
        (mention for mention in found if mention.names or is_object(tokens, mention)), key=lambda mention: mention.start
    )


def is_description(
    tokens: Sequence[Token], mention: Mention, mentions: Sequence[Mention], known: Mapping[str, Vocabulary]
) -> bool:
    """Whether a product's word only describes the thing named before it: a backpack (green, camera)."""
    earlier = max(
        (other for other in mentions if other.end <= mention.start), key=lambda other: other.end, default=None
    )
    if earlier is None or mention.item_id or mention.start == 0 or mention.end - mention.start > 1:
        return False
    words = words_for(earlier, known)
    between = tokens[earlier.end : mention.start]
    plain = all(token.stem in words or token.raw in LISTING for token in between)
    return tokens[mention.start].stem in words and plain and between[-1:] != () and between[-1].raw != "and"


def is_object(tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether a foreign thing is what is asked for, and not merely where something stands: `for my desk`."""
    before = [token.raw for token in tokens[max(0, mention.start - 4) : mention.start]]
    if not before:
        return True
    determiner = next((place for place in range(len(before) - 1, -1, -1) if before[place] in DETERMINERS), None)
    if determiner is None:
        return before[-1] in {"and", ",", "return", "exchange", "cancel", "back", "\n", ":"}
    lead = before[determiner - 1] if determiner else ""
    place_word = lead in {"on", "in", "under", "at", "by", "near", "behind", "beside", "inside", "into", "onto"}
    return not place_word and not (before[determiner] in {"my", "our", "your"} and lead in {"for", "to", "with"})


def phrases_in(tokens: Sequence[Token], mentions: Sequence[Mention], known: Mapping[str, Vocabulary]) -> list[Phrase]:
    """Each mention with its describing words: those before it first, then those behind up to the next one."""
    starts = [phrase_start(tokens, mention, words_for(mention, known)) for mention in mentions]
    found = []
    for place, mention in enumerate(mentions):
        limit = starts[place + 1] if place + 1 < len(mentions) else len(tokens)
        end = phrase_end(tokens, mention, words_for(mention, known), max(limit, mention.end))
        found.append(Phrase(mention, starts[place], end))
    return found


def words_for(mention: Mention, known: Mapping[str, Vocabulary]) -> frozenset[str]:
    """The words that can describe what is mentioned."""
    return frozenset(word for name in mention.names for word in known[name].words)


def phrase_start(tokens: Sequence[Token], mention: Mention, words: frozenset[str]) -> int:
    """Where the description before a mention begins. A comma is crossed only towards an article: `the blue, glass`."""
    place, comma = mention.start, None
    while place > 0:
        token = tokens[place - 1]
        if token.raw in DETERMINERS:
            return place - 1
        if token.raw == "," and place > 1 and tokens[place - 2].stem in words:
            comma = place if comma is None else comma
        elif token.stem not in words and token.raw not in INNER:
            break
        place -= 1
    return place if comma is None else comma


def phrase_end(tokens: Sequence[Token], mention: Mention, words: frozenset[str], limit: int) -> int:
    """Where the description behind a mention ends."""
    place = end = mention.end
    while place < limit:
        token = tokens[place]
        if token.stem in words or token.raw[0].isdigit() or token.raw[0] == "=":
            end = place + 1
        elif token.raw not in GLUE:
            break
        place += 1
    return end


def spots_of(tokens: Sequence[Token], mentions: Sequence[Mention], vocabulary: Vocabulary) -> list[Spot]:
    """The option values named; product names do not count, nor does a complaint: `too soft`."""
    masked = list(tokens)
    for mention in mentions:
        masked[mention.start : mention.end] = [MASK] * (mention.end - mention.start)
    for place in range(1, len(masked)):
        if masked[place - 1].raw == "too":
            masked[place] = MASK
    return spot_options(masked, vocabulary)


def agrees(line: Line, spots: Sequence[Spot]) -> bool:
    """Whether a line is as described."""
    return all(any(line.options.get(option) == value for option, value in spot.meanings) for spot in spots)


def pick_lines(
    tokens: Sequence[Token],
    phrase: Phrase,
    mentions: Sequence[Mention],
    lines: Sequence[Line],
    products: Products,
    *,
    times: int = 1,
    how_many: str = "",
) -> list[Line]:
    """The lines one description means. Raises: Doubt where it fits none, or fits several that it may not all mean.

    `times` is how often the text gives the very same description: twice the same means two alike. `how_many` (one,
    all) is what another message said of it.
    """
    mention = phrase.mention
    if mention.item_id:
        return [line for line in lines if line.item_id == mention.item_id][: count_said(tokens, phrase) or 1]
    named = [line for line in lines if line.name in mention.names]
    if not named:
        raise Doubt.not_in_order(mention.said)
    found = spots_of(tokens, mentions, vocabulary_of(named, products))
    fitting = [line for line in named if agrees(line, [spot for spot in found if spot.start in phrase.places])]
    if not fitting:
        raise Doubt.not_as_described(mention.said, described(named))
    if how_many and len({line.item_id for line in fitting}) == 1:
        return fitting[:1] if how_many == "one" else fitting
    if times > 1 and len({line.item_id for line in fitting}) == 1:
        return fitting[:times]
    return as_many_as_said(tokens, phrase, fitting)


def described(lines: Sequence[Line]) -> list[str]:
    """Each line as a reply names it."""
    return [f"{line.name} ({options_in_words(line.options)})" for line in lines]


def as_many_as_said(tokens: Sequence[Token], phrase: Phrase, fitting: Sequence[Line]) -> list[Line]:
    """All fitting lines, or as many as the words say. Raises: Doubt where that is left open."""
    if len(fitting) == 1:
        return list(fitting)
    is_same = len({line.item_id for line in fitting}) == 1
    words = [token.raw for token in tokens]
    count = 1 if ONE_OF_THEM & set(zip(words, words[1:], words[2:], strict=False)) else count_said(tokens, phrase)
    if count == 1 and is_same:
        return [fitting[0]]
    if count == len(fitting) or (count is None and says_all(tokens, phrase)):
        return list(fitting)
    if count and is_same and count < len(fitting):
        return list(fitting[:count])
    raise Doubt.which_of(phrase.mention.said, described(fitting))


def count_said(tokens: Sequence[Token], phrase: Phrase) -> int | None:
    """How many the words before a mention ask for: `two`, `both`, `one of the`; None where they do not say."""
    before = [token.raw for token in tokens[max(0, phrase.start - REACH) : phrase.mention.start]]
    for word, following in itertools.pairwise(before):
        if following == "of" and word in NUMBERS:
            return NUMBERS[word]
    inner = [token.raw for token in tokens[phrase.start : phrase.mention.start]]
    lead = [tokens[phrase.start - 1].raw] if phrase.start else []
    for word in [*inner, *lead]:
        if word in NUMBERS and word not in {"a", "an", "one"}:
            return NUMBERS[word]
        if re.fullmatch(r"[1-9]x?", word) and word.endswith("x"):
            return int(word[0])
    return None


def says_all(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether the words mean all of a kind: `all`, `each`, or a plural where the product's name is none."""
    before = {token.raw for token in tokens[max(0, phrase.start - 2) : phrase.mention.start]}
    if before & {"all", "every", "each", "both"}:
        return True
    noun = tokens[phrase.mention.end - 1]
    is_plural = noun.raw != noun.stem and noun.raw.endswith("s")
    return is_plural and not any(name.lower().endswith("s") for name in phrase.mention.names)


def is_denied(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a mention says what stays: `keep the kit`, `everything except the lamp`."""
    for place in range(phrase.start - 1, max(-1, phrase.start - REACH - 1), -1):
        raw = tokens[place].raw
        if raw in {".", ";", "\n", "return", "back", "exchange"}:
            return False
        if raw in DENYING or (raw in {"not", "without", "besides"} and place == phrase.start - 1):
            return True
    behind = [token.raw for token in tokens[phrase.end : phrase.end + REACH]]
    return bool(STAYING & set(behind[: behind.index(".")] if "." in behind else behind))
