"""Planning what concerns an order as a whole: cancelling, where it goes, how it is paid; and the customer's address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agentdesk.agent.offline import phrases, rules
from agentdesk.agent.offline.addresses import UNIT_WORD
from agentdesk.agent.offline.bench import Bench, require_cover, require_method, require_order
from agentdesk.agent.offline.changes import plain_tokens
from agentdesk.agent.offline.confidence import state_confidence
from agentdesk.agent.offline.items import is_denied, mentions_in, phrases_in, vocabularies
from agentdesk.agent.offline.methods import fitting, means_original, read_methods
from agentdesk.agent.offline.outcomes import Citation, Doubt, Outcome, Proposal, Remark
from agentdesk.agent.offline.records import Order
from agentdesk.agent.offline.spelling import mend_spelling
from agentdesk.agent.offline.wishes import Kind, Wish

NO_LONGER, BY_MISTAKE = "no longer needed", "ordered by mistake"
SOME_ITEMS = re.compile(
    r"\b(?:one|some|two|part|half|a few) (?:of )?(?:the |my |these )?(?:items?|things|products?)\b|"
    r"\bpart of (?:the|my|this)\b|\bpartial"
)
ORDER_FIRST = re.compile(r"\b(?:orders?|purchases?|everything|it|all)\b|#w\d", re.I)
CANCEL_WORD = re.compile(
    r"\bcancel\w*|\bcall(?:ing)? off\b|\b(?:undo|scrap|stop|abort|void|revoke|withdraw|drop|kill|"
    r"take back|terminate|annul|rescind)\b",
    re.I,
)
NEW_UNIT = re.compile(rf"\b({UNIT_WORD}\.?\s*(?:number\s*)?#?\s*\d+\w?)\b", re.I)
NEW_ZIP = re.compile(r"\bzip(?:\s?code)?\b[^.\d]{0,40}?(\d{5}(?:-\d{4})?)\b", re.I)
PIECEMEAL = re.compile(
    r"\b(?:should (?:be|read|say)|change|correct|wrong|instead|typo|forgot|missing|add|rather|update|fix|"
    r"actually|mistake)\b"
)
LEFT_BEHIND = re.compile(r"(?:\bnot|\binstead of|\bfrom|\brather than)\s+(?:the\s+)?$", re.I)


def plan_cancel(wish: Wish, order: Order, bench: Bench, concluded: tuple[str, ...]) -> Outcome:
    """Cancelling an order as a whole. Raises: Doubt, NotYet."""
    if order.status == "cancelled":
        return Remark(
            f"Order {order.order_id} is cancelled already, so there is nothing left to do.",
            f"order {order.order_id} was cancelled before",
            (bench.cite_order(order, order.status),),
            is_settled=True,
        )
    barred = rules.require_status(rules.CANCEL, order, bench)
    if barred:
        return barred
    require_whole(wish, order, bench)
    standing = order.standing()
    require_refund_home(wish, standing, bench)
    reason, is_said = cancel_reason(wish, bench)
    for method_id, amount in standing.items():
        bench.move(method_id, amount)
    bench.ended[order.order_id] = "cancelled"
    told, cited = refunds_in_words(order, standing, bench)
    return Proposal(
        "cancel_order",
        {"order_id": order.order_id, "reason": reason},
        state_confidence(*concluded, *(() if is_said else ("reason guessed",))),
        f"The customer asks to cancel order {order.order_id}, which is pending.",
        f"I have cancelled order {order.order_id} for you.{told}",
        f"cancel order {order.order_id}",
        (bench.cite_order(order, order.status), *cited),
        () if is_said else (f"Asking for the reason; “{BY_MISTAKE}” is the other one.",),
    )


def refunds_in_words(order: Order, standing: Mapping[str, object], bench: Bench) -> tuple[str, tuple[Citation, ...]]:
    """What goes back where, and how long it takes where an article says so. Raises: NotYet."""
    told, cited = "", []
    for method_id, amount in standing.items():
        time, citations = bench.lookups.refund_time(bench.lookups.methods.get(method_id))
        told += f" The {amount:.2f} USD you paid goes back to {bench.words_for(method_id)}.{time}"
        cited += [bench.cite_order(order, f"{amount:.2f}"), *citations]
    return told, tuple(cited)


def require_whole(wish: Wish, order: Order, bench: Bench) -> None:
    """An order is cancelled as a whole or not at all. Raises: Doubt where a part or something else is meant."""
    products = bench.lookups.products_of(order)
    text = mend_spelling(wish.text)
    verb = CANCEL_WORD.search(text)
    asked = text[verb.end() :] if verb else text
    whole = ORDER_FIRST.search(asked)
    tokens = plain_tokens(asked)
    mentions = mentions_in(tokens, order.lines, products)
    named = phrases_in(tokens, mentions, vocabularies(order.lines, products))
    named = [phrase for phrase in named if not is_denied(tokens, phrase)]
    held = {name for phrase in named for name in phrase.mention.names}
    first = len(plain_tokens(asked[: whole.start()])) if whole else len(tokens)
    leading = [phrase for phrase in named if phrase.start < first or says_only(tokens, phrase.start)]
    foreign = [phrase.mention.said for phrase in leading if not phrase.mention.names]
    if foreign:
        raise Doubt.not_in_order(foreign[0])
    is_partial = leading and held < set(order.names) and not is_whole(tokens, leading)
    if is_partial or SOME_ITEMS.search(asked.lower()):
        raise Doubt(
            f"We can only cancel order {order.order_id} as a whole, not single items of it. Shall I cancel all of "
            f"it, "
            "or would you rather keep the order and return what you do not want once it has arrived?",
            f"only a part of order {order.order_id} is to be cancelled",
        )


def is_whole(tokens: Sequence[object], leading: Sequence[object]) -> bool:
    """Whether an item only describes the order: `my chair order`."""
    ends = [phrase.mention.end for phrase in leading]  # type: ignore[attr-defined]
    return any(end < len(tokens) and getattr(tokens[end], "stem", "") in {"order", "purchase"} for end in ends)


def says_only(tokens: Sequence[object], start: int) -> bool:
    """Whether `only` or `just` stands before a description."""
    return start > 0 and getattr(tokens[start - 1], "raw", "") in {"only", "just"}


def require_refund_home(wish: Wish, standing: Mapping[str, object], bench: Bench) -> None:
    """A cancelled order's money goes back where it came from. Raises: Doubt where the customer wants it elsewhere."""
    if phrases.AGREES.search(bench.reading.answer.lower()):
        return
    texts = [wish.text, wish.after]
    for text in (mend_spelling(part.lower()) for part in texts if part):
        if not phrases.SETTLING.search(text) or means_original(text):
            continue
        for word in read_methods(text):
            fits = fitting(word, bench.lookups.methods)
            if word.role == "new" and fits and not set(fits) & set(standing):
                raise Doubt(
                    f"When an order is cancelled, the money goes back to the method it was paid with, here "
                    f"{bench.words_for(next(iter(standing)))}. Shall I cancel it on these terms?",
                    "the refund of a cancelled order is wanted on another method",
                )


def cancel_reason(wish: Wish, bench: Bench) -> tuple[str, bool]:
    """One of the two reasons, and whether the words say it; what is said nearest to the wish, and first, counts."""
    alone = sum(other.kind == Kind.CANCEL for other in bench.reading.wishes) < 2
    for text in (wish.text, wish.after, wish.before, bench.reading.text if alone else ""):
        low = mend_spelling(text.lower())
        mistake, needless = phrases.MISTAKE.search(low), phrases.NOT_NEEDED.search(low)
        if NO_LONGER in low and BY_MISTAKE not in low:
            return NO_LONGER, True
        if mistake and (needless is None or mistake.start() < needless.start() or BY_MISTAKE in low):
            return BY_MISTAKE, True
        if needless:
            return NO_LONGER, True
    return NO_LONGER, False


def plan_order_address(wish: Wish, order: Order, bench: Bench, concluded: tuple[str, ...]) -> Outcome:
    """Sending an order elsewhere. Raises: Doubt, NotYet."""
    barred = rules.require_status(rules.READDRESS, order, bench)
    if barred:
        return barred
    address, pieced = wanted_address(wish, order.address, bench, order)
    if address == dict(order.address):
        return Remark(
            f"Order {order.order_id} already goes to {address_in_words(address)}.",
            f"order {order.order_id} has that address already",
            (bench.cite_order(order, address["address1"]),),
            is_settled=True,
        )
    return Proposal(
        "change_order_address",
        {"order_id": order.order_id, "address": address},
        state_confidence(*concluded, *pieced),
        f"The customer asks to send order {order.order_id}, which is pending, to another address.",
        f"Order {order.order_id} will now be sent to {address_in_words(address)}.",
        f"change the delivery address of order {order.order_id}",
        (bench.cite_order(order, order.status),),
    )


def plan_own_address(wish: Wish, bench: Bench) -> Outcome:
    """Changing the customer's own address. Raises: Doubt, NotYet."""
    current = bench.lookups.customer().get("address") or {}
    address, pieced = wanted_address(wish, current, bench, None)
    citation = bench.lookups.cite(str(current.get("address1", "")), "find_customer")
    if address == dict(current):
        told = f"Your account already has the address {address_in_words(address)}."
        return Remark(told, "the customer's record has that address already", (citation,), is_settled=True)
    return Proposal(
        "change_customer_address",
        {"address": address},
        state_confidence(*pieced),
        "The customer asks to change the address on their own record.",
        f"Your account now has your new address: {address_in_words(address)}.",
        "change the address in your account",
        (citation,),
    )


def wanted_address(
    wish: Wish, current: Mapping[str, str], bench: Bench, order: Order | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The full address wanted, and what was concluded for it. Raises: Doubt, NotYet."""
    stated = [address.complete(current) for address in wish.addresses]
    stated = list({tuple(address.items()): address for address in stated}.values())
    if len(stated) > 1:
        stated = [address for address in stated if address != dict(current)]
    if len(stated) == 1:
        return stated[0], ()
    if len(stated) > 1:
        raise Doubt("Your message names more than one address. Which is the right one?", "several addresses named")
    low = mend_spelling(wish.text.lower())
    same = phrases.OTHER_ORDER_PLACE.search(low)
    if order is not None and same:
        return dict(require_order(f"#W{same[1][2:]}", bench).address), ()
    if order is not None and phrases.OWN_PLACE.search(low):
        return dict(bench.lookups.customer().get("address") or {}), ()
    pieced = pieced_address(f"{wish.text}\n{wish.after}", current)
    if pieced is not None:
        return pieced, ("address pieced together",)
    what = "the order" if order is not None else "your account"
    raise Doubt(
        f"Please send us the complete new address for {what}: street and number, apartment or suite if there "
        f"is one, city, state and zip.",
        "the new address is missing or incomplete",
    )


def pieced_address(text: str, current: Mapping[str, str]) -> dict[str, str] | None:
    """The current address with only its unit or its zip corrected, where the text names just that."""
    if not PIECEMEAL.search(text.lower()) or re.search(
        r"\b(?:street|avenue|road|lane|drive|boulevard)\b", text.lower()
    ):
        return None
    units = [match[1] for match in NEW_UNIT.finditer(text) if not LEFT_BEHIND.search(text[: match.start()])]
    units = [unit for unit in units if unit.lower() != str(current.get("address2", "")).lower()]
    zips = [match[1] for match in NEW_ZIP.finditer(text) if match[1] != current.get("zip")]
    if len(units) > 1 or len(zips) > 1 or not (units or zips):
        return None
    address = dict(current)
    if units:
        address["address2"] = " ".join(units[0].split())
    if zips:
        address["zip"] = zips[0]
    return address


def address_in_words(address: Mapping[str, str]) -> str:
    """An address in one line."""
    parts = (
        address.get("address1"),
        address.get("address2"),
        address.get("city"),
        f"{address.get('state')} {address.get('zip')}",
    )
    return ", ".join(part for part in parts if part)


def plan_payment(wish: Wish, order: Order, bench: Bench, concluded: tuple[str, ...]) -> Outcome:
    """Paying an order another way. Raises: Doubt, NotYet."""
    barred = rules.require_status(rules.REPAY, order, bench)
    if barred:
        return barred
    require_single_payment(order)
    method_id = wanted_payer(wish, order, bench)
    paid = order.payments[0][1]
    if method_id == order.original_method:
        told = f"Order {order.order_id} is already paid with {bench.words_for(method_id)}."
        return Remark(
            told, f"order {order.order_id} is paid that way already", (bench.cite_order(order, method_id),), asks=True
        )
    require_cover(method_id, paid, bench)
    bench.move(method_id, -paid)
    bench.move(order.original_method, paid)
    bench.payers[order.order_id] = method_id
    time, cited = bench.lookups.refund_time(bench.lookups.methods.get(order.original_method))
    return Proposal(
        "change_order_payment",
        {"order_id": order.order_id, "payment_method_id": method_id},
        state_confidence(*concluded),
        f"The customer asks to pay order {order.order_id}, which is pending, another way.",
        f"Order {order.order_id} is now paid with {bench.words_for(method_id)}: {paid:.2f} USD. The same "
        f"amount goes back to "
        f"{bench.words_for(order.original_method)}.{time}",
        f"switch the payment of order {order.order_id}",
        (bench.cite_order(order, f"{paid:.2f}"), *cited),
    )


def require_single_payment(order: Order) -> None:
    """Only an order paid in one payment can be switched. Raises: Doubt."""
    if len(order.payments) != 1:
        raise Doubt(
            f"Order {order.order_id} was not paid in one payment, so its payment method can no longer be switched.",
            f"order {order.order_id} has several payments",
        )


def wanted_payer(wish: Wish, order: Order, bench: Bench) -> str:
    """The method an order shall be paid with. Raises: Doubt where none of the customer's is clearly meant."""
    for text in (bench.reading.answer, wish.text, wish.after, wish.before):
        words = [word for word in read_methods(mend_spelling(text.lower())) if word.role == "new"]
        if not words:
            continue
        others = [word for word in words if set(fitting(word, bench.lookups.methods)) != {order.original_method}]
        words = others or words
        if len(words) == 1:
            left = [method for method in fitting(words[0], bench.lookups.methods) if method != order.original_method]
            if len(left) == 1:
                return left[0]
        return require_method(words, order, bench)
    raise Doubt(
        f"Which of your saved payment methods shall we use for order {order.order_id}?",
        "the new payment method is not named",
    )
