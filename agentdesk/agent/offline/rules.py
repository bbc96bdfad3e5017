"""What an order's status forbids, said kindly and from the shop's own articles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentdesk.agent.offline.bench import Bench
from agentdesk.agent.offline.lookups import Hit
from agentdesk.agent.offline.outcomes import Citation, Doubt, Remark
from agentdesk.agent.offline.records import Order


@dataclass(frozen=True)
class Rule:
    """A deed, the status it needs, what to look for in the articles, and the words for it."""

    deed: str
    needs: str
    query: str
    noun: str


CANCEL = Rule("cancelled", "pending", "cancel an order that is processed or delivered", "cancel")
CHANGE = Rule("changed", "pending", "change items of an order status pending", "modify")
READDRESS = Rule("sent to another address", "pending", "change delivery address of an order status pending", "address")
REPAY = Rule(
    "switched to another payment method", "pending", "change payment method of an order status pending", "payment"
)
RETURN = Rule("returned", "delivered", "return items of a delivered order", "return")
EXCHANGE = Rule("exchanged", "delivered", "exchange items of a delivered order", "exchange")
INSTEAD = {
    (
        "pending",
        "delivered",
    ): "As it has not been sent yet, we can still change items to another variant, change the address or "
    "the payment, or cancel it as a whole. Would you like one of these?",
    ("processed", "pending"): "Once it has arrived, we can gladly look at a return or an exchange with you.",
    ("processed", "delivered"): "Once it has arrived, we can gladly take care of it: just answer this message then.",
    (
        "delivered",
        "pending",
    ): "As it has arrived, we can offer you a return or an exchange instead. Would you like one of these?",
}


def require_status(rule: Rule, order: Order, bench: Bench) -> Remark | None:
    """None where the order is in the status the deed needs; else what to tell the customer instead. Raises: NotYet."""
    status = bench.ended.get(order.order_id, order.status)
    if status == rule.needs:
        return None
    citation = bench.cite_order(order, order.status)
    passage, cited = find_rule(rule, bench)
    offer = INSTEAD.get((status, rule.needs), "It takes no further change.")
    if status == "cancelled":
        offer = "It has been cancelled already."
    told = (
        f"Order {order.order_id} is {status}, so it cannot be {rule.deed}: that is possible only while an "
        f"order is {rule.needs}."
    )
    return Remark(
        f"{told} {offer}{passage}",
        f"order {order.order_id} is {order.status}; to be {rule.deed} it would have to be {rule.needs}",
        (citation, *cited),
        asks=True,
    )


def find_rule(rule: Rule, bench: Bench) -> tuple[str, tuple[Citation, ...]]:
    """Where the articles say so: a pointer for the customer and the citation."""
    for hit in bench.lookups.articles(rule.query):
        sentence = telling_sentence(hit, rule)
        if sentence:
            return "", (hit.cite(sentence),)
    return "", ()


def telling_sentence(hit: Hit, rule: Rule) -> str:
    """The sentence of a passage that names the status the deed needs."""
    for sentence in re.split(r"(?<=[.!?])\s+", hit.passage):
        low = sentence.lower()
        if rule.needs in low and (rule.noun in low or rule.deed.split()[0][:6] in low):
            return sentence
    return ""


def conflicting(order: Order, what: str) -> Doubt:
    """Two wishes for one order that exclude each other."""
    return Doubt(
        f"For order {order.order_id} your message asks for {what}, and only one of them is possible. Which "
        f"would you like?",
        f"order {order.order_id}: {what} exclude each other",
    )
