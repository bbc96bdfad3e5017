"""Answering without acting: where an order is, what became of a refund, what the articles say, what cannot be done."""

from __future__ import annotations

import re
from dataclasses import replace

from agentdesk.agent.offline import phrases, rules
from agentdesk.agent.offline.bench import Bench, orders_of
from agentdesk.agent.offline.item_wishes import plan_return
from agentdesk.agent.offline.lookups import Hit
from agentdesk.agent.offline.order_wishes import plan_cancel
from agentdesk.agent.offline.outcomes import Doubt, Outcome, Remark, join_words
from agentdesk.agent.offline.products import FOREIGN
from agentdesk.agent.offline.records import Order
from agentdesk.agent.offline.tokens import stems
from agentdesk.agent.offline.wishes import Kind, Wish

COMMON = frozenset(
    {
        "the", "a", "an", "and", "or", "of", "to", "in", "on", "for", "with", "is", "are", "was", "be", "do", "doe",
        "did", "can", "could", "would", "will", "my", "your", "our", "their", "it", "i", "we", "you", "they", "what",
        "how", "when", "where", "which", "who", "why", "there", "this", "that", "these", "those", "me", "us", "have",
        "ha", "had", "at", "by", "from", "as", "if", "not", "no", "yes", "please", "hi", "hello", "dear", "thank",
        "any", "some", "about", "get", "got", "also", "one", "just", "so", "very", "much", "many", "take", "go",
        "know", "tell", "want", "need", "like", "shop", "order", "item", "thing", "buy", "bought", "question", "hey",
        "than", "then", "too", "more", "up", "out", "only", "long", "use", "used",
    }
)  # fmt: skip
LEAST_SHARED = 2
LONGEST_QUERY = 500
THINGS = frozenset(word for phrase in FOREIGN for word in phrase)
LONGEST_ANSWER = 420
NOT_HERE = re.compile(
    r"\b(?:hasn't|haven't|has not|have not|not|never|didn't|did not|nothing|no sign|lost|missing|still)\b"
)


def plan_order_status(wish: Wish, bench: Bench) -> list[Outcome]:
    """Where orders are. Raises: Doubt, NotYet."""
    orders, _ = orders_of(wish, bench)
    return [tell_status(order, wish, bench) for order in orders]


def tell_status(order: Order, wish: Wish, bench: Bench) -> Remark:
    """One order's status and tracking; a parcel that is `delivered` and not there goes to people. Raises: NotYet."""
    low = f"{wish.text} {wish.after} {wish.before}".lower()
    cited = [bench.cite_order(order, order.status)]
    told = f"Order {order.order_id} is {order.status}."
    if order.status == "delivered" and NOT_HERE.search(low):
        return Remark(
            "",
            f"order {order.order_id} shows as delivered, the customer has not got it",
            needs_person="A delivered order is missing.",
        )
    if order.tracking:
        told += f" Its tracking number is {join_words(order.tracking)}."
        cited.append(bench.cite_order(order, order.tracking[0]))
    if order.status in {"pending", "processed"}:
        hit = first_hit("how long does delivery take shipping time order status " + order.status, bench)
        if hit and rules_of_status(hit, order.status):
            told += f" {rules_of_status(hit, order.status)}"
            cited.append(hit.cite())
    return Remark(told, f"told the status of {order.order_id}: {order.status}", tuple(cited))


def rules_of_status(hit: Hit, status: str) -> str:
    """The sentence of a passage that says how long delivery takes, if there is one."""
    for sentence in re.split(r"(?<=[.!?])\s+", plain_passage(hit.passage)):
        if re.search(r"\d+ to \d+ (?:working|business)? ?days", sentence) and re.search(
            r"deliver|parcel|takes|packed|ship", sentence
        ):
            return sentence
    return ""


def plan_refund_status(wish: Wish, bench: Bench) -> list[Outcome]:
    """What became of a refund. Raises: Doubt, NotYet."""
    orders, _ = orders_of(wish, bench)
    return [tell_refund(order, bench) for order in orders]


def tell_refund(order: Order, bench: Bench) -> Remark:
    """The refunds on one order's record. Raises: NotYet."""
    refunds = [(amount, method) for direction, amount, method in order.payments if direction == "refund"]
    status = bench.cite_order(order, order.status)
    if refunds:
        parts, cited = [], [status]
        for amount, method_id in refunds:
            time, more = bench.lookups.refund_time(bench.lookups.methods.get(method_id))
            parts.append(f"{amount:.2f} USD went back to {bench.words_for(method_id)}.{time}")
            cited += [bench.cite_order(order, f"{amount:.2f}"), *more]
        return Remark(
            f"Order {order.order_id} is {order.status}: {' '.join(parts)}",
            f"told the refunds of {order.order_id}",
            tuple(cited),
        )
    if order.status == "return requested":
        return Remark(
            f"The return for order {order.order_id} is registered; the refund follows once the items are back with us.",
            f"{order.order_id}: return requested, not refunded yet",
            (status,),
        )
    return Remark(
        f"Order {order.order_id} is {order.status}, and I see no refund on it yet. What would you like us to "
        f"do with this order?",
        f"{order.order_id}: no refund on record",
        (status,),
        asks=True,
    )


def plan_refund(wish: Wish, bench: Bench) -> list[Outcome]:
    """Money back, without saying how: a return where that is clear, else a question. Raises: Doubt, NotYet."""
    orders, concluded = orders_of(wish, bench)
    order = orders[0]
    if len(orders) == 1 and order.status == "delivered":
        return [
            plan_return([replace(wish, text=without_order(wish.text))], order, bench, (*concluded, "kind concluded"))
        ]
    if any(direction == "refund" for order in orders for direction, _, _ in order.payments):
        return [tell_refund(order, bench) for order in orders]
    if order.status == "pending" and phrases.AGREES.search(bench.reading.answer.lower()):
        return [plan_cancel(wish, order, bench, (*concluded, "kind concluded"))]
    if order.status == "pending":
        raise Doubt(
            f"Order {order.order_id} is still pending. Would you like us to cancel it as a whole, so that what "
            f"you paid goes back to you?",
            "a refund is wanted for a pending order; a cancellation is not clearly asked for",
        )
    barred = rules.require_status(rules.RETURN, order, bench)
    return [barred] if barred else []


def without_order(text: str) -> str:
    """`Refund #W1` does not say that everything comes back: the items have to be named."""
    return re.sub(r"(?:\b(?:my|the|this) )?(?:\border )?#W\d+", "", text)


def plan_unsupported(wish: Wish, bench: Bench) -> list[Outcome]:
    """What no action can do: adding to an order, taking single items out of it. Raises: NotYet."""
    hit = first_hit(wish.text, bench)
    told = (
        "I am sorry, we cannot add items to an order or take single items out of it. What we can do as long "
        "as it is pending is "
        "change an item to another variant of the same product, or cancel the whole order. Would you like "
        "one of these?"
    )
    return [Remark(told, "a wish no action fits: " + wish.text[:80], (hit.cite(),) if hit else (), asks=True)]


def plan_damage(wish: Wish, bench: Bench) -> list[Outcome]:
    """Something is broken, and it was not said what is wanted. Raises: Doubt, NotYet."""
    low = bench.reading.text
    if re.search(r"\b(?:warranty|repair\w*|stopped working|malfunction\w*|weeks|months|missing)\b", low):
        return [
            Remark(
                "",
                "a fault or missing part is reported",
                needs_person="A fault, a repair or a missing part is reported.",
            )
        ]
    orders, _ = orders_of(wish, bench)
    told = (
        "I am sorry to hear that. Would you like to return it or to exchange it for another variant of the "
        "same product?"
    )
    return [Remark(told, f"damage reported for {orders[0].order_id}, not said what is wanted", asks=True)]


def answer_question(question: str, bench: Bench) -> Remark | None:
    """What the articles say to a question; None where no article fits well enough. Raises: NotYet."""
    hit = best_hit(question, bench)
    if hit is None:
        return None
    passage = shortened(plain_passage(hit.passage), question)
    return Remark(passage, f"answered from “{hit.title}”", (hit.cite(),))


def first_hit(query: str, bench: Bench) -> Hit | None:
    """The first passage for a query of our own. Raises: NotYet."""
    hits = bench.lookups.articles(query)
    return hits[0] if hits else None


def best_hit(question: str, bench: Bench) -> Hit | None:
    """The passage that shares most telling words with a question; what it is about may stand in the letter around it.

    None where too little is shared to call it an answer. Raises: NotYet.
    """
    asked = telling(question)
    around = telling(bench.reading.words) - asked
    query = " ".join([*question.split(), *sorted(around & THINGS)])[:LONGEST_QUERY]
    best: tuple[int, Hit] | None = None
    for hit in bench.lookups.articles(query):
        known = set(stems(hit.passage)) | set(stems(hit.title))
        shared = len(asked & known) + len(asked & set(stems(hit.title)))
        score = shared + min(len(around & THINGS & known), LEAST_SHARED)
        enough = min(len(asked), LEAST_SHARED) if len(asked) <= LEAST_SHARED + 1 else LEAST_SHARED + 1
        if shared and score >= enough and (best is None or score > best[0]):
            best = (score, hit)
    return best[1] if best else None


def telling(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    return frozenset(word for word in stems(text) if word not in COMMON and len(word) > 2)


def plain_passage(passage: str) -> str:
    """A passage of Markdown as plain text."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", passage)
    text = re.sub(r"[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}", r"\1", text)
    return " ".join(re.sub(r"^#+\s*", "", text, flags=re.M).split())


def shortened(passage: str, question: str) -> str:
    """A passage as it is where it is short; else the sentences nearest to the question."""
    if len(passage) <= LONGEST_ANSWER:
        return passage
    asked = set(stems(question)) - COMMON
    sentences = re.split(r"(?<=[.!?])\s+", passage)
    ranked = sorted(range(len(sentences)), key=lambda place: (-len(asked & set(stems(sentences[place]))), place))
    kept: list[int] = []
    for place in ranked:
        if sum(len(sentences[at]) for at in kept) + len(sentences[place]) > LONGEST_ANSWER and kept:
            break
        kept.append(place)
    return " ".join(sentences[place] for place in sorted(kept))


ANSWERING = {
    Kind.ORDER_STATUS: plan_order_status,
    Kind.REFUND_STATUS: plan_refund_status,
    Kind.REFUND: plan_refund,
    Kind.UNSUPPORTED: plan_unsupported,
    Kind.DAMAGE: plan_damage,
}


def is_about_shop(text: str) -> bool:
    """Whether a message that states no wish is about something bought, so that asking back makes sense."""
    return bool(
        phrases.STATUS_THING.search(text.lower())
        or re.search(r"\b(?:help|problem|issue|wrong|bought|account|refund|return)\b", text.lower())
    )
