"""Planning what concerns items: returning them, changing them before they leave, exchanging them after they arrived."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from agentdesk.agent.offline import phrases, rules
from agentdesk.agent.offline.bench import Bench, require_cover, settle_with
from agentdesk.agent.offline.changes import Swap, plain_tokens, read_swaps
from agentdesk.agent.offline.confidence import state_confidence
from agentdesk.agent.offline.items import Phrase, is_denied, mentions_in, phrases_in, pick_lines, vocabularies
from agentdesk.agent.offline.outcomes import Citation, Doubt, Outcome, Proposal, Remark, join_words
from agentdesk.agent.offline.records import Line, Order, options_in_words
from agentdesk.agent.offline.tokens import Token
from agentdesk.agent.offline.wishes import Manner, Wish

EVERYTHING = re.compile(
    r"\b(?:everything|all (?:of )?(?:the |my |these |those |its )?(?:items?|products?|things|stuff|goods|"
    r"contents)|all (?:of )?(?:it|them)|(?:entire|whole|complete|full) (?:order|purchase|shipment|"
    r"delivery|thing|lot)|"
    r"both (?:of )?(?:the |my |these )?(?:items?|things|products?)|both of them|all (?:two|three|four|"
    r"five)(?: items| of them)?|the lot)\b|\ball of order\b|\bevery (?:single )?(?:item|thing|product)\b"
)
ORDER_ITSELF = re.compile(
    r"\b(?:return(?:ing)?|send(?:ing)? back|give back|ship back|take back|refund)\s+(?:my |the |this |"
    r"that |our )?(?:recent |latest |last |delivered |following )?(?:orders?|purchase|package|parcel|"
    r"delivery|#w\d+)\b|"
    r"\bsend (?:my |the |this |that )?(?:orders?|purchase|package|parcel|#w\d+)(?: #w\d+)? back\b|"
    r"\bhave (?:my |the )?(?:orders?|#w\d+).{0,20} returned\b|\b(?:return|refund) (?:of|for) (?:my |the |"
    r"this )?(?:orders?|purchase|#w\d+)"
)
PART_OF_IT = re.compile(r"\b(?:from|in|of|out of) (?:my |the |this |that )?(?:\w+ )?(?:orders?|#w\d+)\b.{0,4}$")
PRONOUN = re.compile(
    r"\b(?:what i (?:just |have just )?(?:named|mentioned|listed|said)|the above|the former|those two|"
    r"both|it|this|that|them|these|this one|the item|the product|this item|the thing|the article)\b"
)
VAGUE_ITEM = re.compile(
    r"\b(?:something|some (?:items?|things|products?|stuff)|an item|one (?:of the )?(?:items?|things|"
    r"products?)|a (?:thing|product|couple)|part of|a few|two (?:of the )?(?:items|things)|items)\b"
)
COUNTED = re.compile(r"\b(?:(?P<one>(?:just |only )?one|1|a single)|both|all|two|2|everything|each)\b")
REASON = re.compile(
    r"\b(?:because|since|as (?:it|they|i|the|we)|reason)\b|\b(?:it|they) (?:is|are|was|were|does|do|did|"
    r"has|have|just|arrived|came)\b",
    re.I,
)


def plan_return(wishes: Sequence[Wish], order: Order, bench: Bench, concluded: tuple[str, ...]) -> Outcome:
    """Taking back items of a delivered order. Raises: Doubt, NotYet."""
    if order.status == "return requested":
        told = f"A return for order {order.order_id} is registered already."
        return Remark(
            told,
            f"order {order.order_id}: return requested before",
            (bench.cite_order(order, order.status),),
            is_settled=True,
        )
    barred = rules.require_status(rules.RETURN, order, bench)
    if barred:
        return barred
    lines, guessed = returned_lines(wishes, order, bench)
    method_id, assumed = settle_with(wishes[-1] if len(wishes) > 1 else wishes[0], order, bench)
    require_refundable(method_id, order, bench)
    bench.ended[order.order_id] = "return requested"
    refund = total_in_words([line.price for line in lines], bench)
    time, cited = return_terms(method_id, bench)
    listed = join_words([f"the {line.name} ({options_in_words(line.options)})" for line in lines])
    return Proposal(
        "return_items",
        {"order_id": order.order_id, "item_ids": [line.item_id for line in lines], "payment_method_id": method_id},
        state_confidence(*concluded, *guessed, *assumed),
        f"The customer asks to return items of order {order.order_id}, which was delivered.",
        f"I have registered the return of {listed} from order {order.order_id}. Once it is back with us, "
        f"{refund} USD go to "
        f"{bench.words_for(method_id)}.{time}",
        f"register the return for order {order.order_id}",
        (bench.cite_order(order, order.status), *total_cited([line.price for line in lines], order, bench), *cited),
    )


def return_terms(method_id: str, bench: Bench) -> tuple[str, tuple[Citation, ...]]:
    """How a parcel comes back and how long the money takes, as far as articles say so. Raises: NotYet."""
    time, cited = bench.lookups.refund_time(bench.lookups.methods.get(method_id))
    for hit in bench.lookups.articles(rules.RETURN.query):
        low = hit.passage.lower()
        if "prepaid label" in low:
            return f" You will receive a prepaid label for the parcel by email.{time}", (hit.cite(), *cited)
        if re.search(r"e-?mail (?:regarding|about|with) how to return", low):
            return f" You will receive an email about how to send it back.{time}", (hit.cite(), *cited)
    return time, cited


def require_refundable(method_id: str, order: Order, bench: Bench) -> None:
    """A return is refunded to the original method or a gift card of the customer. Raises: Doubt for any other."""
    if method_id == order.original_method or bench.balance(method_id) is not None:
        return
    raise Doubt(
        f"A refund for a return can go to the method the order was paid with, "
        f"{bench.words_for(order.original_method)}, or to a gift card "
        f"in your account, but not to {bench.words_for(method_id)}. Where may it go?",
        f"refund wanted to {method_id}, which is neither the original method nor a gift card",
    )


def returned_lines(wishes: Sequence[Wish], order: Order, bench: Bench) -> tuple[list[Line], tuple[str, ...]]:
    """The lines that come back, and what was concluded. Raises: Doubt."""
    picked: dict[int, Line] = {}
    concluded: tuple[str, ...] = ()
    for place, wish in enumerate(wishes):
        try:
            lines, guessed = lines_of_wish(wish, order, bench)
        except Doubt as doubt:
            answered = lines_in_answer(wish, order, bench)
            if answered:
                return answered, ("follow-up",)
            if doubt.is_empty and (picked or place + 1 < len(wishes)):
                continue
            raise
        concluded = tuple(dict.fromkeys([*concluded, *guessed]))
        picked |= {line.place: line for line in lines}
    return [picked[place] for place in sorted(picked)], concluded


def lines_in_answer(wish: Wish, order: Order, bench: Bench) -> list[Line]:
    """The lines that the answer to our question names, or counts: `the lamp`, `both`, `just one`. Raises: NotYet."""
    answer = bench.reading.answer
    if not answer:
        return []
    named = named_lines(answer, order, bench, lenient=True)
    count = COUNTED.search(answer.lower())
    if named or not count:
        return named
    how_many = "one" if count["one"] else "all"
    return named_lines(wish.text, order, bench, lenient=True, how_many=how_many)


def lines_of_wish(wish: Wish, order: Order, bench: Bench) -> tuple[list[Line], tuple[str, ...]]:
    """The lines one wish wants returned: named ones, everything, the only one, or those the sentence before names."""
    low = wish.text.lower()
    named = named_lines(wish.text, order, bench)
    kept = named_lines(f"{wish.text}\n{wish.after}", order, bench, denied=True)
    if EVERYTHING.search(low) and not (named and not kept and not ORDER_ITSELF.search(low)):
        return [line for line in order.lines if line.place not in {other.place for other in kept}], ()
    if named:
        return named, ()
    if ORDER_ITSELF.search(low) and not VAGUE_ITEM.search(low) and not kept:
        return list(order.lines), ("whole order concluded",) if len(order.lines) > 1 else ()
    if PRONOUN.search(low) or not VAGUE_ITEM.search(low):
        for text in (wish.before, wish.after):
            found = named_lines(text, order, bench, lenient=True) if text else []
            if found:
                return found, ("item concluded",)
        if len(order.lines) == 1:
            return list(order.lines), ("item concluded",)
    raise Doubt(
        f"Which items of order {order.order_id} would you like to return?",
        "the items to return are not named",
        is_empty=True,
    )


def named_lines(
    text: str, order: Order, bench: Bench, *, denied: bool = False, lenient: bool = False, how_many: str = ""
) -> list[Line]:
    """The lines a text names (or, `denied`, names as staying). Raises: Doubt for what the order does not hold.

    `lenient` passes over what it cannot find: the text only surrounds the wish. `how_many` (one, all) settles what the
    text leaves open.
    """
    products = bench.lookups.products_of(order)
    tokens = plain_tokens(text if lenient or denied else before_reason(text))
    mentions = mentions_in(tokens, order.lines, products)
    found: dict[int, Line] = {}
    stated = phrases_in(tokens, mentions, vocabularies(order.lines, products))
    said = Counter(said_as(tokens, phrase) for phrase in stated)
    for phrase in stated:
        if is_denied(tokens, phrase) != denied:
            continue
        times = said[said_as(tokens, phrase)]
        try:
            picked = pick_lines(tokens, phrase, mentions, order.lines, products, times=times, how_many=how_many)
        except Doubt:
            if lenient or denied:
                continue
            raise
        found |= {line.place: line for line in add_twins(picked, found, order, phrase)}
    return [found[place] for place in sorted(found)]


def said_as(tokens: Sequence[Token], phrase: Phrase) -> tuple[str, ...]:
    """A description as it was given, word by word."""
    return tuple(token.stem for token in tokens[phrase.start : phrase.end] if token.raw not in {"the", "a", ",", ";"})


def add_twins(picked: list[Line], found: dict[int, Line], order: Order, phrase: Phrase) -> list[Line]:
    """A line named twice by its item id means its twin the second time, where the order holds one."""
    if phrase.mention.item_id and len(picked) == 1 and picked[0].place in found:
        twins = [line for line in order.lines if line.item_id == picked[0].item_id and line.place not in found]
        return twins[:1]
    return picked


def before_reason(text: str) -> str:
    """A wish without the reason given for it, entry by entry: a reason may name all kinds of things."""
    lines = []
    for line in text.split("\n"):
        reason = REASON.search(line)
        lines.append(line[: reason.start()] if reason and reason.start() > 8 else line)
    return "\n".join(lines)


def total_in_words(prices: Sequence[Decimal], bench: Bench) -> str:
    """The sum of prices, worked out by the tool where there are several. Raises: NotYet."""
    if len(prices) == 1:
        return f"{prices[0]:.2f}"
    return bench.lookups.sum_up(sum_expression(prices))


def sum_expression(prices: Sequence[Decimal]) -> str:
    """The sum as the calculator reads it."""
    return " + ".join(f"{price:.2f}" for price in prices)


def total_cited(prices: Sequence[Decimal], order: Order, bench: Bench) -> tuple[Citation, ...]:
    """What the sum rests on."""
    if len(prices) == 1:
        return (bench.cite_order(order, f"{prices[0]:.2f}"),)
    return bench.lookups.cite_sum(f"{sum(prices):.2f}", sum_expression(prices))


def plan_items(wishes: Sequence[Wish], order: Order, bench: Bench, concluded: tuple[str, ...]) -> Outcome:
    """Changing items of a pending order, or exchanging them once delivered. Raises: Doubt, NotYet."""
    manner = manner_of(wishes, order, bench)
    rule = rules.EXCHANGE if manner == Manner.EXCHANGE else rules.CHANGE
    if order.status in {"exchange requested", "pending (items modified)"}:
        told = f"The items of order {order.order_id} have been changed already, which is possible only once."
        return Remark(
            told, f"order {order.order_id} is {order.status}", (bench.cite_order(order, order.status),), is_settled=True
        )
    barred = rules.require_status(rule, order, bench)
    if barred:
        return barred
    swaps = wanted_swaps(wishes, order, bench)
    if not swaps:
        raise Doubt("Which item would you like to change, and into what?", "no change named", is_empty=True)
    method_id, assumed = settle_with(wishes[-1], order, bench)
    difference = sum((swap.variant.price - swap.line.price for swap in swaps), Decimal(0))
    require_cover(method_id, difference, bench)
    if manner == Manner.CHANGE:
        bench.move(method_id, -difference)
    bench.ended[order.order_id] = "exchange requested" if manner == Manner.EXCHANGE else "pending (items modified)"
    guessed = () if all(swap.is_sure for swap in swaps) else ("item concluded",)
    return propose_swaps(order, swaps, method_id, manner, bench, state_confidence(*concluded, *assumed, *guessed))


def wanted_swaps(wishes: Sequence[Wish], order: Order, bench: Bench) -> list[Swap]:
    """What is to become what. An answer to our question counts where the first wish cannot be had. Raises: Doubt."""
    text = "\n".join(wish.text for wish in wishes)
    before = "\n".join(wish.before for wish in wishes if wish.before)
    after = "\n".join(wish.after for wish in wishes if wish.after)
    products = bench.lookups.products_of(order)
    try:
        return read_swaps(text, order.lines, products, before, after)
    except Doubt:
        answer = bench.reading.answer
        if not answer:
            raise
        return read_swaps(text.replace(answer, ""), order.lines, products, before, f"If it is not available, {answer}")


def manner_of(wishes: Sequence[Wish], order: Order, bench: Bench) -> Manner:
    """Whether items are changed or exchanged: as said; where that was left open, as the order's status has it.

    Someone who received an order and asks to `change` an item means an exchange; someone whose order is known to them
    to be on its way and asks for an `exchange` means a change.
    """
    said = {wish.manner for wish in wishes} - {Manner.OPEN}
    text = bench.reading.text
    if order.status == "delivered" and (said != {Manner.CHANGE} or phrases.HAS_ARRIVED.search(text)):
        return Manner.EXCHANGE
    if order.status == "pending" and (said != {Manner.EXCHANGE} or phrases.NOT_YET_SENT.search(text)):
        return Manner.CHANGE
    return Manner.EXCHANGE if said == {Manner.EXCHANGE} else Manner.CHANGE


def propose_swaps(
    order: Order, swaps: Sequence[Swap], method_id: str, manner: Manner, bench: Bench, confidence: float
) -> Proposal:
    """The proposal with its words: what becomes what, and what happens to the difference. Raises: NotYet."""
    is_exchange = manner == Manner.EXCHANGE
    listed = "\n".join(f"- {swap.line.name}: {swap_in_words(swap)}" for swap in swaps)
    money, cited = difference_in_words(swaps, method_id, bench, is_exchange=is_exchange)
    lead = (
        f"I have registered the exchange for order {order.order_id}"
        if is_exchange
        else f"I have changed order {order.order_id}"
    )
    verb = "exchange" if is_exchange else "change"
    return Proposal(
        "exchange_items" if is_exchange else "change_order_items",
        {
            "order_id": order.order_id,
            "changes": [{"item_id": swap.line.item_id, "new_item_id": swap.variant.item_id} for swap in swaps],
            "payment_method_id": method_id,
        },
        confidence,
        f"The customer asks to {verb} items of order {order.order_id}, which is {order.status}.",
        f"{lead}:\n{listed}\n{money}",
        f"{verb} the items of order {order.order_id}",
        (bench.cite_order(order, order.status), *cited),
    )


def swap_in_words(swap: Swap) -> str:
    """What becomes what, in the options that differ."""
    changed = [
        f"{option} {swap.line.options.get(option, 'none')} → {value}"
        for option, value in swap.variant.options.items()
        if swap.line.options.get(option) != value
    ]
    return ", ".join(changed) or options_in_words(swap.variant.options)


def difference_in_words(
    swaps: Sequence[Swap], method_id: str, bench: Bench, *, is_exchange: bool
) -> tuple[str, tuple[Citation, ...]]:
    """What is to be paid or comes back, worked out by the tool. Raises: NotYet."""
    expression = " + ".join(f"{swap.variant.price:.2f} - {swap.line.price:.2f}" for swap in swaps)
    difference = sum((swap.variant.price - swap.line.price for swap in swaps), Decimal(0))
    result = bench.lookups.sum_up(expression)
    cited = bench.lookups.cite_sum(result, expression)
    if difference == 0:
        return "The price stays the same, so nothing is charged or refunded.", cited
    method = bench.words_for(method_id)
    if difference > 0:
        return (
            f"The difference of {difference:.2f} USD {'will be' if is_exchange else 'was'} charged to {method}.",
            cited,
        )
    time, more = bench.lookups.refund_time(bench.lookups.methods.get(method_id))
    return f"The difference of {-difference:.2f} USD goes back to {method}.{time}", (*cited, *more)
