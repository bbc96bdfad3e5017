"""The deterministic reviewer: a draft against what the run did, the shop's rules and plain good manners."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from agentdesk.agent.checks.acted import check_deeds, orders_in
from agentdesk.agent.checks.claims import check_sentence
from agentdesk.agent.checks.facts import SAID, Facts, read_facts
from agentdesk.agent.checks.ids import ORDER, normal_id
from agentdesk.agent.checks.names import GREETED
from agentdesk.agent.checks.passages import verbatim_source
from agentdesk.agent.checks.rules import check_rules
from agentdesk.agent.checks.sums import action_amounts
from agentdesk.agent.checks.topics import METHODS, matters_in
from agentdesk.agent.checks.wording import Sentence, quoted, read_sentences
from agentdesk.agent.evidence import Evidence, ProposedAction
from agentdesk.agent.findings import Finding

CHECKS = (
    "reviewer_placeholder",
    "reviewer_length",
    "reviewer_wrong_name",
    "reviewer_internals",
    "reviewer_manners",
    "reviewer_asks_known",
    "reviewer_not_done",
    "reviewer_omits",
    "reviewer_against_rules",
    "reviewer_foreign_order",
)
SHORTEST, LONGEST = 20, 4000
PLACEHOLDER = re.compile(
    r"\[(?!T-\d)[A-Za-z][^\]\n]{0,40}\]|\{\{?[^{}\n]{1,40}\}?\}|<[A-Za-z][\w ]{0,30}>|\bX{3,}\b|\bx{4,}\b|\bTODO\b|"
    r"\bTBD\b|\bFIXME\b|_{4,}|"
    r"\blorem ipsum\b|\b(?:insert|your|customer|agent) name here\b|\$\{?[A-Z_]{3,}\b|%\w+%|#W?N{3,}\b|"
    r"\.{3}\s*(?:here|name)\b",
    re.I,
)
INTERNALS = re.compile(
    r"\b(?:AI|language|large language|ML) (?:model|assistant|agent)s?\b|\bas an AI\b|\bI am an? (?:AI|bot|"
    r"assistant program)\b|"
    r"\b(?:the|our) (?:model|agent|workflow|pipeline|LLM) (?:says|said|decid\w+|suggest\w*|could|cannot|was|is|"
    r"propos\w+|thinks|answered|returned|marked|has|refus\w+)\b|"
    r"\bLLM\b|\b(?:system )?prompts?\b|\btool (?:calls?|results?|answers?|outputs?)\b|\b(?:the|my|our) tools?\b|"
    r"\bfunction calls?\b|\bJSON\b|\bAPI\b|"
    r"\bpolicy version\b|\bversion \d+ of (?:the|our) policy\b|\bconfidence (?:score|of|is|level|was)\b|"
    r"\bknowledge base\b|\bdatabase\b|\bbackend\b|"
    r"\binternal (?:note|policy|policies|rule|guideline|system)s?\b|\b(?:find_customer|get_order|list_orders|"
    r"get_product|search_knowledge|calculate\(|set_ticket|send_reply|add_note|"
    r"cancel_order|return_items|exchange_items|change_\w+|give_credit)\b|\b(?:credit_card|gift_card|paypal)_\w+|"
    r"\barticle:\S+|\btool:\S+|\bescalation queue\b|"
    r"\b(?:auto|automatically )approv\w+|\bapproval (?:queue|policy|threshold)\b|\b(?:customer|user|action|run|"
    r"item|product)_id\b|\bmy (?:instructions|guidelines|training)\b|\bsupervisor approval\b",
    re.I,
)
MANNERS = re.compile(
    r"\byour (?:own )?(?:fault|mistake|problem|error|carelessness)\b(?! to)|\byou should have\b|\byou (?:failed|"
    r"neglected|forgot|refused) to\b|\byou (?:did not|didn['’]t) (?:even )?(?:read|bother|listen|pay attention|"
    r"check)\b|"
    r"\bas (?:I|we) (?:have )?already (?:said|told|explained|mentioned)\b|\bobviously\b|"
    r"\bif you had (?:only )?(?:read|checked|listened|paid|looked)\b|\bcalm down\b|"
    r"\byou are (?:simply )?(?:wrong|mistaken|lying|rude)\b|"
    r"\buser error\b|\bnot our (?:problem|fault|responsibility)\b|\bstop (?:complaining|whining|writing)\b|"
    r"\bridiculous\b|\bstupid\b|\bnonsense\b|\bdon['’]t care\b|\bdeal with it\b|\bwhatever\b(?! (?:you|the|it|is|"
    r"reason))|"
    r"\bonly yourself to blame\b|\bnext time,? (?:read|check|think|be)\b|\bread (?:the|our) (?:rules|terms|"
    r"policy|instructions|description) (?:properly|next time|first|again)\b|\btoo bad\b|\bto be honest,? you\b|"
    r"\bany idiot\b|\bidiot\b",
    re.I,
)


def review_draft(body: str, evidence: Evidence) -> tuple[Finding, ...]:
    """What a careful colleague would not let out of the house: of its form, its manners, and of what it leaves out.

    Args:
        body: the draft's words; the first 20,000 characters are read.
        evidence: the ticket, the run's tool results and articles, its actions so far, the customer's record.
    """
    facts = read_facts(evidence)
    sentences = read_sentences(body)
    found = [*check_form(body), *check_name(sentences, facts), *check_omitted(body, facts)]
    orders: list[str] = []
    for sentence in sentences:
        if not sentence.is_framing and not verbatim_source(sentence.text, facts):
            for check in OF_A_SENTENCE:
                found += check(sentence, orders, facts)
        orders += [order for order in orders_in(sentence.text) if order in facts.orders]
    return tuple(dict.fromkeys(found))


# --- Form and manners ---


def check_form(body: str) -> Iterator[Finding]:
    """Placeholders, length, internals, blame."""
    text = body[:20_000]
    if len(body.strip()) < SHORTEST:
        yield quoted("reviewer_length", body, "is too short to be an answer.")
    if len(body) > LONGEST:
        yield quoted(
            "reviewer_length", body, f"begins a reply of {len(body)} characters; more than {LONGEST} nobody reads."
        )
    for pattern, check, why in (
        (PLACEHOLDER, "reviewer_placeholder", "is a placeholder that was never filled in."),
        (INTERNALS, "reviewer_internals", "tells the customer how we work inside."),
        (MANNERS, "reviewer_manners", "blames or belittles the customer."),
    ):
        for match in pattern.finditer(text):
            if check == "reviewer_placeholder" and match.group().isalpha() and match.group() in {"xxx", "xxxx"}:
                continue
            yield quoted(check, match.group(), why)
            break


def check_name(sentences: tuple[Sentence, ...], facts: Facts) -> Iterator[Finding]:
    """The greeting has to name the customer, or whoever signed the message."""
    greeted = GREETED.match(sentences[0].text) if sentences else None
    names = names_of(facts.evidence.customer)
    if not greeted or not names:
        return
    words = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", greeted["name"])} - NEUTRAL
    if words and not words <= names | signatures(facts):
        own = " ".join(sorted(names)).title()
        yield quoted("reviewer_wrong_name", greeted["name"], f"is greeted, but the customer is {own}.")


NEUTRAL = frozenset(
    re.findall(r"\w+", "sir madam mr mrs ms dr customer valued there all team and friend or folks everyone again")
)


def names_of(customer: Mapping[str, Any] | None) -> set[str]:
    """The words of a customer's name, lower case."""
    name = (customer or {}).get("name") or {key: (customer or {}).get(key, "") for key in ("first_name", "last_name")}
    text = " ".join(str(part) for part in name.values()) if isinstance(name, Mapping) else str(name)
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text)}


def signatures(facts: Facts) -> set[str]:
    """The words of the last lines of the customer's messages, where people sign."""
    words: set[str] = set()
    for source in facts.evidence.sources:
        is_ticket = source.kind == "ticket" and isinstance(source.value, Mapping)
        for message in (source.value.get("messages") if is_ticket else None) or ():
            if isinstance(message, Mapping) and message.get("direction", "inbound") == "inbound":
                lines = [line for line in str(message.get("body", "")).splitlines() if line.strip()][-2:]
                short = " ".join(line for line in lines if len(line) < 40)
                words |= {word.lower() for word in re.findall(r"[^\W\d_]{2,}", short)}
    return words


# --- What it leaves out ---

MENTIONED = {
    "cancel_order": re.compile(r"cancel|call(?:ed)? off", re.I),
    "return_items": re.compile(r"return|send(?:ing)? (?:it |them )?back|sent back|take[n]? back", re.I),
    "exchange_items": re.compile(r"exchang|swap|replac|chang", re.I),
    "change_order_items": re.compile(r"chang|swap|switch|updat|modif|replac|exchang", re.I),
    "change_order_payment": re.compile(r"pa(?:y|id)|charg|method|switch", re.I),
    "change_order_address": re.compile(r"address|sent to|deliver|ship|go to|redirect", re.I),
    "change_customer_address": re.compile(r"address|account|profile", re.I),
    "give_credit": re.compile(r"credit", re.I),
}
MOVES = re.compile(r"refund|back to|go(?:es)? to|charge|difference|paid|credit|price|\d\.\d\d|[$€£]\s?\d", re.I)


def check_omitted(body: str, facts: Facts) -> Iterator[Finding]:
    """A change of records that the draft keeps quiet about, and money that moves without a word of it."""
    for action in facts.live:
        pattern = MENTIONED.get(action.kind)
        if pattern is None:
            continue
        what = f"{action.kind} {action.arguments.get('order_id', '')}".strip()
        place = action.arguments.get("address")
        is_named = isinstance(place, Mapping) and str(place.get("address1")).lower() in body.lower()
        if not pattern.search(body) and not is_named:
            yield quoted("reviewer_omits", what, "happens with this reply, which says nothing of it.")
        elif moved(action) and not MOVES.search(body):
            yield quoted("reviewer_omits", what, f"moves {moved(action):.2f}, and the reply does not say so.")


def moved(action: ProposedAction) -> Decimal:
    """The amount an action moves."""
    return next(iter(action_amounts(action.amount)), Decimal(0))


# --- Sentence by sentence ---


def check_done(sentence: Sentence, orders: list[str], facts: Facts) -> Iterator[Finding]:
    """Says done what was refused, never asked for, or done otherwise."""
    for result in check_deeds(sentence, orders, facts):
        if isinstance(result, Finding):
            yield Finding("reviewer_not_done", result.reason, result.quote)


def check_against_rules(sentence: Sentence, orders: list[str], facts: Facts) -> Iterator[Finding]:
    """Names days, a fee or a rule that an article in evidence has otherwise."""
    matters = matters_in(sentence.text)
    for result in (*check_sentence(sentence, "", facts), *check_rules(sentence, facts)):
        if not isinstance(result, Finding):
            continue
        is_length = result.check == "ungrounded_duration" and any(
            passage.lengths and matters & passage.matters for passage in facts.passages
        )
        if is_length or result.check == "contradicts_source":
            yield Finding("reviewer_against_rules", result.reason, result.quote)


def check_foreign(sentence: Sentence, orders: list[str], facts: Facts) -> Iterator[Finding]:
    """Speaks of an order that is not the customer's, other than to say that we find none."""
    own = set(facts.orders) | {normal_id(str(one)) for one in (facts.evidence.customer or {}).get("orders") or ()}
    if not own or sentence.is_negated or sentence.asks or sentence.is_attributed:
        return
    for match in ORDER.finditer(sentence.text):
        if normal_id(match.group()) not in own:
            yield quoted("reviewer_foreign_order", match.group(), "is no order of this customer's.")


ASKS_FOR = re.compile(
    r"\?|\b(?:please|could you|can you|would you|we need|I need|kindly|let us know|tell us|"
    r"send us|provide)\b",
    re.I,
)
KNOWN_THINGS = (
    ("the order number", re.compile(r"\border (?:number|id|no\.?)\b|\bwhich order\b|\bnumber of (?:the|"
    r"your) order\b", re.I)),
    ("the e-mail address", re.compile(r"\be-?mail address\b(?! of (?:our|the))", re.I)),
    ("the reason", re.compile(r"\b(?:why you|(?:the|your) reason)\b[^?]{0,40}\bcancel|\breason (?:for|of) (?:the|"
    r"your) cancel\w+|\bwhy\b[^?]{0,30}\bcancel", re.I)),
    ("the payment method", re.compile(r"\b(?:which|what)\s+(?:payment )?(?:method|card)\b|"
    r"\bhow would you like (?:to be|the|your) (?:refund|paid)\w*|\bwhere (?:should|shall|"
    r"would)[^?]{0,30}\brefund", re.I)),
)  # fmt: skip
STANDS_IN_WAY = re.compile(
    r"\bother\b|\bnot (?:cover|to|enough)|\bcannot\b|could not find|\bmore than one|"
    r"\bbut not\b|\bcheck\b|\bnot sure\b|\banother\b",
    re.I,
)
REASONS = re.compile(
    r"no longer need|don['’]t need|do not need|by mistake|by accident|dont need|not need|"
    r"changed my mind|ordered (?:it )?twice",
    re.I,
)


def check_asked(sentence: Sentence, orders: list[str], facts: Facts) -> Iterator[Finding]:
    """Asks for what the ticket already says."""
    if not ASKS_FOR.search(sentence.text) or STANDS_IN_WAY.search(sentence.text):
        return
    for name, pattern in KNOWN_THINGS:
        match = pattern.search(sentence.text)
        if match and is_told(name, facts):
            yield quoted("reviewer_asks_known", match.group(), f"asks for {name}, which the ticket already tells.")
            return


def is_told(name: str, facts: Facts) -> bool:
    """Whether the ticket tells a thing, and a look-up bore it out where that is needed."""
    said = facts.texts.get(SAID, "")
    named = {normal_id(match.group()) for match in ORDER.finditer(said)}
    if name == "the order number":
        return len(named) == 1 and named <= set(facts.orders)
    if name == "the reason":
        return bool(REASONS.search(said))
    if name == "the payment method":
        sorts = [sort for sort, pattern in METHODS.items() if pattern.search(said)]
        held = [str(method.get("source")) for method in facts.methods.values()]
        return len(sorts) == 1 and held.count(sorts[0]) == 1
    return bool((facts.evidence.customer or {}).get("email"))


OF_A_SENTENCE: tuple[Callable[[Sentence, list[str], Facts], Iterator[Finding]], ...] = (
    check_done,
    check_against_rules,
    check_foreign,
    check_asked,
)
