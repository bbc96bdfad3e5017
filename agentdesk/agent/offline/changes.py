"""From the words of a change to what is to become what: which line, and which variant of its product instead."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agentdesk.agent.offline.items import (
    Phrase,
    Products,
    agrees,
    as_many_as_said,
    described,
    is_denied,
    mentions_in,
    phrases_in,
    spots_of,
    vocabularies,
    vocabulary_of,
)
from agentdesk.agent.offline.options import Spot, build_vocabulary
from agentdesk.agent.offline.outcomes import Doubt
from agentdesk.agent.offline.parting import Parting, part_change
from agentdesk.agent.offline.products import Mention
from agentdesk.agent.offline.records import Line, Product, Variant
from agentdesk.agent.offline.tokens import Token, tokenize
from agentdesk.agent.offline.variants import has_degree, pick_variant

FALLBACK = re.compile(
    r"[,;.(\s]*\b(?:(?:but |and )?if\b[^,.;]{0,60}?\b(?:not available|isn't available|aren't available|"
    r"unavailable|out of stock|sold out|not in stock|isn't in stock|"
    r"isn't possible|not possible|can't (?:do|be)[^,.;]*|no longer available)|otherwise|failing that|"
    r"or else|if not)\b[\s,:]*(?:then\b)?",
    re.I,
)
ORDER_NAME = re.compile(
    r"(?:\b(?:from|in|of|on|for|with|to)\s+)?(?:\b(?:my|the|this|that|our)\s+)?(?:\b(?:pending|recent|"
    r"last|delivered|current|existing)\s+)?(?:\b(?:orders?|purchases?)\b\s*)?(?:(?:number|no\.?|"
    r"id)\s*)?[:(]?\s*#W\d{5,10}\s*[):]?",
    re.I,
)
UNCHANGED = frozenset({"same", "rest", "keep", "else", "everything", "other", "otherwise", "any", "whatever"})
IDLE_NAMES = frozenset({"of", "a", "the", "in", "type", "version"})
STOP = Token(".", ".")


@dataclass(frozen=True)
class Swap:
    """One line and the variant to take its place; `is_sure` where the words left nothing to conclude."""

    line: Line
    variant: Variant
    is_sure: bool = True


@dataclass(frozen=True)
class Piece:
    """The part of a text that speaks of changing one thing."""

    tokens: tuple[Token, ...]
    phrases: tuple[Phrase, ...]


def read_swaps(text: str, lines: Sequence[Line], products: Products, before: str = "", after: str = "") -> list[Swap]:
    """What a text wants changed into what. Raises: Doubt.

    `before` and `after` are what stands around the text: consulted for the item, or for what is wanted, where the text
    leaves it out.
    """
    main, fallback = split_fallback(text)
    around, second = split_fallback(after)
    fallback = fallback or second
    pieces = cut_pieces(main, lines, products)
    if not any(piece.phrases for piece in pieces):
        return read_loose(main, lines, products, before, around, fallback)
    stated = [piece for piece in pieces if piece.phrases and not is_denied(piece.tokens, piece.phrases[0])]
    read = [(piece, read_piece(piece, lines, products, fallback)) for piece in stated]
    swaps = [swap for _, found in read if not isinstance(found, Doubt) for swap in found]
    covered = {swap.line.name for swap in swaps}
    waiting: list[Piece] = []
    for piece, found in read:
        if not isinstance(found, Doubt):
            swaps += [swap for other in waiting for swap in shared_wish(other, piece, lines, products, fallback)]
            waiting = []
        elif not {name for phrase in piece.phrases for name in phrase.mention.names} <= covered:
            waiting.append(piece)
    if waiting:
        swaps += read_with_context(waiting, lines, products, [around, split_fallback(before)[0]], fallback)
    return without_repeats(swaps)


def split_fallback(text: str) -> tuple[str, str]:
    """The wish, and what to do where it cannot be had."""
    match = FALLBACK.search(text)
    if not match:
        return text, ""
    end = re.search(r"[.;\n]|$", text[match.end() :])
    stop = match.end() + (end.start() if end else 0)
    return text[: match.start()] + text[stop:], text[match.end() : stop]


def plain_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text without the orders it names."""
    return tokenize(ORDER_NAME.sub(" ", text))


def cut_pieces(text: str, lines: Sequence[Line], products: Products) -> list[Piece]:
    """The text cut where it begins to speak of another product, or of another line of the same one."""
    tokens = plain_tokens(text)
    mentions = mentions_in(tokens, lines, products)
    known = vocabularies(lines, products)
    phrases = phrases_in(tokens, mentions, known)
    starts = [0]
    for one, other in itertools.pairwise(phrases):
        if begins_new(tokens, one, other):
            starts.append(other.start)
    pieces = []
    for start, end in itertools.pairwise([*starts, len(tokens)]):
        inside = [phrase for phrase in phrases if start <= phrase.mention.start < end]
        pieces.append(Piece(tokens[start:end], tuple(moved(phrase, start) for phrase in inside)))
    return pieces


def moved(phrase: Phrase, start: int) -> Phrase:
    """A phrase counted from the start of its piece."""
    mention = replace(phrase.mention, start=phrase.mention.start - start, end=phrase.mention.end - start)
    return Phrase(mention, max(0, phrase.start - start), phrase.end - start)


def begins_new(tokens: Sequence[Token], one: Phrase, other: Phrase) -> bool:
    """Whether `other` begins another change than `one`: another product, or the same after a strong break."""
    between = [token.raw for token in tokens[one.mention.end : other.start]]
    if not other.mention.names:
        return False
    if not (one.mention.names & other.mention.names):
        return not (
            {"for", "to", "with", "into", "->"} & set(between[-2:]) and not {"and", ",", ";", "\n"} & set(between[-1:])
        )
    if one.mention.item_id and other.mention.item_id and one.mention.item_id != other.mention.item_id:
        return True
    return (
        bool(between)
        and (between[-1] in {"and", ";", "\n", ".", "also"} or between[-3:] == ["as", "well", "as"])
        and bool(set(between) & {"to", "for", "with", "into", "->", "\n", "."})
    )


def lines_of(piece: Piece, lines: Sequence[Line]) -> list[Line]:
    """The lines a piece names by product."""
    names = {name for phrase in piece.phrases for name in phrase.mention.names}
    return [line for line in lines if line.name in names]


def read_piece(piece: Piece, lines: Sequence[Line], products: Products, fallback: str) -> list[Swap] | Doubt:
    """The swaps of one piece; a Doubt as value where it names nothing new. Raises: Doubt where it cannot be."""
    foreign = [phrase.mention for phrase in piece.phrases if not phrase.mention.names]
    if foreign:
        raise other_product(foreign[0], piece)
    named = lines_of(piece, lines)
    mentions = [phrase.mention for phrase in piece.phrases]
    first = piece.phrases[0]
    parting = part_change(piece.tokens, first.mention.end)
    if len({line.name for line in named}) > 1:
        raise Doubt.which_of(first.mention.said, described(named))
    spots = spots_of(piece.tokens, mentions, vocabulary_of(named, products))
    return decide(piece.tokens, first, parting, spots, named, products, fallback)


def other_product(mention: Mention, piece: Piece) -> Doubt:
    """A thing the order does not hold: what is to be changed, or what it is to be changed into."""
    if any(phrase.mention.names for phrase in piece.phrases):
        return Doubt(
            f"An item can only be changed into another variant of the same product, so I cannot change it into "
            f"“{mention.said}”.",
            f"another product wanted: “{mention.said}”",
        )
    return Doubt.not_in_order(mention.said)


def decide(
    tokens: Sequence[Token],
    phrase: Phrase,
    parting: Parting,
    spots: Sequence[Spot],
    named: Sequence[Line],
    products: Products,
    fallback: str,
) -> list[Swap] | Doubt:
    """Which of the named lines, and what for."""
    old = [spot for spot in spots if parting.is_old(spot.start)]
    new = [spot for spot in spots if parting.is_new(spot.start)]
    loose = [spot for spot in spots if spot not in old and spot not in new]
    product = products.get(named[0].product_id)
    if product is None:
        return Doubt("", "the product is not known")
    chosen = choose_lines(tokens, phrase, named, old, new, loose)
    described = [*old, *loose] if new else old
    new = new or [spot for spot in loose if not agrees(chosen[0], [spot])]
    text = " ".join(token.raw for token in tokens)
    if not has_degree(text):
        require_understood(tokens, parting, new, product)
    ids = [
        token.raw
        for place, token in enumerate(tokens)
        if is_variant_id(token.raw, product, named) and not parting.is_old(place)
    ]
    if not new and not ids and not has_degree(text):
        return Doubt("", "nothing new is named", is_empty=not described)
    return [
        Swap(line, pick_variant(line, new, product, text, ids, fallback), is_sure=bool(parting.new)) for line in chosen
    ]


def require_understood(tokens: Sequence[Token], parting: Parting, new: Sequence[Spot], product: Product) -> None:
    """Raises: Doubt where an option is named (`without the extra features`) whose wanted value was not understood."""
    names = build_vocabulary([variant.options for variant in product.variants]).names
    settled = {option for spot in new for option, _ in spot.meanings}
    words = {word for option in settled for word in names[option]}
    for place, token in enumerate(tokens):
        near = {other.raw for other in tokens[max(0, place - 3) : place]}
        if not parting.is_new(place) or near & UNCHANGED or any(spot.start <= place < spot.end for spot in new):
            continue
        named = [option for option, name in names.items() if token.stem in name and option not in settled]
        if named and token.stem not in words | IDLE_NAMES:
            raise Doubt(
                f"For the {product.name} I could not tell which {named[0]} you would like.",
                f"{product.name}: wanted {named[0]} not understood",
            )


def is_variant_id(word: str, product: Product, named: Sequence[Line]) -> bool:
    """Whether a word is the id of a variant that is not one of the lines."""
    return any(variant.item_id == word for variant in product.variants) and all(line.item_id != word for line in named)


def choose_lines(
    tokens: Sequence[Token],
    phrase: Phrase,
    named: Sequence[Line],
    old: Sequence[Spot],
    new: Sequence[Spot],
    loose: Sequence[Spot],
) -> list[Line]:
    """The lines that a change means. Raises: Doubt."""
    if phrase.mention.item_id:
        return [line for line in named if line.item_id == phrase.mention.item_id][:1]
    fitting = [line for line in named if agrees(line, old)]
    if not fitting:
        raise Doubt.not_as_described(phrase.mention.said, described(named))
    if new:
        fitting = [line for line in fitting if agrees(line, loose)] or fitting
    elif len(fitting) > 1 and loose:
        best = max(sum(agrees(line, [spot]) for spot in loose) for line in fitting)
        fitting = [line for line in fitting if sum(agrees(line, [spot]) for spot in loose) == best]
    return as_many_as_said(tokens, phrase, fitting)


def shared_wish(waiting: Piece, piece: Piece, lines: Sequence[Line], products: Products, fallback: str) -> list[Swap]:
    """`The lamp and the chair for black ones`: what names nothing new shares what the next one wants. Raises: Doubt."""
    parting = part_change(piece.tokens, piece.phrases[0].mention.end)
    tail = tuple(token for place, token in enumerate(piece.tokens) if parting.is_new(place))
    joined = Piece((*waiting.tokens, Token("->", "->"), *tail), waiting.phrases)
    found = read_piece(joined, lines, products, fallback)
    if isinstance(found, Doubt):
        raise nothing_new(lines_of(waiting, lines))
    return found


def read_with_context(
    waiting: Sequence[Piece], lines: Sequence[Line], products: Products, texts: Sequence[str], fallback: str
) -> list[Swap]:
    """An item named without what is wanted instead: the sentences around may say it. Raises: Doubt."""
    if len(waiting) == 1:
        for text in texts:
            more = plain_tokens(text)
            if not more or mentions_in(more, lines, products):
                continue
            joined = Piece((*waiting[0].tokens, STOP, *more), waiting[0].phrases)
            found = read_piece(joined, lines, products, fallback)
            if not isinstance(found, Doubt):
                return found
    raise nothing_new(lines_of(waiting[0], lines))


def nothing_new(named: Sequence[Line]) -> Doubt:
    """It is clear what shall be changed, but not into what."""
    name = named[0].name if named else "item"
    return Doubt(f"Which variant of the {name} would you like instead?", f"{name}: not said what is wanted instead")


def read_loose(
    text: str, lines: Sequence[Line], products: Products, before: str, after: str, fallback: str
) -> list[Swap]:
    """A wish that names no item: a sentence near it does, or the order holds only one thing. Raises: Doubt."""
    own = plain_tokens(text)
    for lead, tail in ((before, ""), (before, after)):
        tokens, rest = plain_tokens(lead), plain_tokens(tail)
        joined = (*tokens, STOP, *own, STOP, *rest)
        mentions = [mention for mention in mentions_in(joined, lines, products) if mention.names]
        names = {name for mention in mentions for name in mention.names} or {line.name for line in lines}
        if len(names) != 1:
            continue
        candidates = [line for line in lines if line.name in names]
        found = decide_loose(joined, mentions, candidates, products, len(tokens), fallback)
        if not isinstance(found, Doubt):
            return [replace(swap, is_sure=False) for swap in found]
        if tail or not after:
            doubt = nothing_new(candidates)
            raise Doubt(doubt.told, doubt.note, is_empty=found.is_empty)
    is_empty = not spots_anywhere(text, lines, products)
    raise Doubt(
        "Which item of the order would you like to change, and into what?", "no item is named", is_empty=is_empty
    )


def decide_loose(
    joined: tuple[Token, ...],
    mentions: Sequence[Mention],
    candidates: Sequence[Line],
    products: Products,
    start: int,
    fallback: str,
) -> list[Swap] | Doubt:
    """The swaps of a wish whose item stands outside of it, or is the only one there is."""
    name = candidates[0].name
    if mentions:
        phrase = phrases_in(joined, mentions[-1:], vocabularies(candidates, products))[0]
    else:
        phrase = Phrase(Mention(0, 0, frozenset({name}), f"the {name}"), 0, 0)
    spots = spots_of(joined, mentions, vocabulary_of(candidates, products))
    spots = [spot for spot in spots if spot.start >= start or phrase.start <= spot.start < phrase.end]
    return decide(joined, phrase, part_change(joined, start), spots, candidates, products, fallback)


def spots_anywhere(text: str, lines: Sequence[Line], products: Products) -> bool:
    """Whether a text names any option value of any line's product."""
    tokens = plain_tokens(text)
    return any(spots_of(tokens, [], vocabulary) for vocabulary in vocabularies(lines, products).values())


def without_repeats(swaps: Sequence[Swap]) -> list[Swap]:
    """Each line once; said twice alike is said once. Raises: Doubt where one line is to become two things."""
    found: dict[int, Swap] = {}
    for swap in swaps:
        earlier = found.setdefault(swap.line.place, swap)
        if earlier.variant.item_id != swap.variant.item_id:
            raise Doubt(
                f"I could not tell which variant of the {swap.line.name} you want.",
                f"{swap.line.name}: two different wishes",
            )
    return list(found.values())
