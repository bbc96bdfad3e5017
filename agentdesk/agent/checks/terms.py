"""Terms of trade: words that commit a shop or tell of its doings, which have to stand in a source of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentdesk.agent.checks.deeds import SUPPOSED
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.wording import NOT_SO, WORD, Sentence, quoted, stem
from agentdesk.agent.findings import Finding

TERMS = frozenset(re.findall(r"\w+", """
    courier driver truck van lorry plane flight depot hub factory supplier manufacturer vendor distributor
    wholesaler customs border postman neighbour neighbor locker branch office headquarters
    issuer accounting accountant finance bill invoice receipt fee fees surcharge tax vat duty duties toll handling
    deduct deducted deduction deducting reduce reduced reduction subtract withhold withheld instalment installment
    deposit penalty fine restocking half double doubled triple tripled third quarter bonus gift present
    sample extra extras bundle membership member points subscription insurance insured insure premium loan spare
    rental lease default permanent permanently lifetime forever unlimited exempt
    reorder reordered reorders reshipped resend resent repack repackaged upgrade rebook compensate compensation
    goodwill gesture apology waive waived exception
    lost stolen seized stuck damaged broken scratched crushed misplaced missing mislaid misrouted recalled
    investigate investigation inquiry enquiry search trace claim dispute chargeback fraud police lawyer court
    lawsuit blacklist blocked suspended locked unlocked deleted erased
    shortly presently momentarily overnight morning afternoon evening tonight weekend noon
    priority urgent rush hurry express
    signature signed proof certificate serial
    partial partially partly
    bill billed supervisor director ceo owner
    sms app portal website newsletter
    expire expires expired deadline
    cash cheque crypto currency outlet auction refurbished catalogue brochure wrapped wrapping engraving engraved
    technician engineer inspector ombudsman hotline chat whatsapp facebook instagram survey raffle prize winner
    donate donation charity discontinued restock restocked backorder preorder waitlist successor edition postage
    anytime anywhere worldwide abroad international overseas
    """))  # fmt: skip
"""What a shop cannot say lightly: who carries and pays, fees and gifts, mishaps, inquiries, haste."""
COSTS = frozenset(re.findall(r"\w+", "fee fees surcharge tax postage penalty duty customs deposit cash cheque"))
"""Of these, those that may not even stand in a request."""
PART_OF_NAME = re.compile(r"\b[A-Z][a-z]+ Express$")
OF_KINDS = {
    **dict.fromkeys(("change_order_payment", "exchange_items", "change_order_items"), frozenset({stem("deducted")})),
    "give_credit": frozenset(stem(word) for word in ("deducted", "apology", "gesture", "goodwill", "compensate")),
}
"""Terms that tell of nothing but an action of a kind."""
PHRASES = re.compile(
    r"\b(?:on hold|with interest|in (?:two|three|several) (?:parts|payments|goes)|a second time|in parts|"
    r"under review|in advance|on top|for nothing|by hand|"
    r"in person)\b",
    re.I,
)
TAIL = re.compile(r",? \b(?:if|unless|when|once|should|because|until|in case)\b")
WORDS_OF_OURS = re.compile(
    r"\b(?:thanks?|thank you|glad|happy|enjoy|would help|have an?|appreciate\w*|sorry|apologi[sz]e|apology|"
    r"apologies|regret|please|afraid|understand|hope)\b",
    re.I,
)


def check_terms(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding for the first term of trade that a sentence states and no source but the customer's words holds."""
    main = TAIL.split(sentence.text, maxsplit=1)[0]
    if sentence.asks or sentence.is_attributed or NOT_SO.search(main) or SUPPOSED.match(main):
        return
    phrase = PHRASES.search(main)
    if phrase and not any(phrase.group().lower() in one.text for one in facts.passages):
        yield quoted("ungrounded_statement", phrase.group(), "stands in no source of this run.")
    is_request = WORDS_OF_OURS.search(main) is not None
    for match in WORD.finditer(main):
        low = match.group().lower()
        is_term = low in TERMS or low.removesuffix("s") in TERMS
        if is_request and low not in COSTS:
            continue
        if low == "express" and PART_OF_NAME.search(main[: match.end()]):
            continue
        if any(stem(low) in OF_KINDS.get(action.kind, ()) for action in facts.live):
            continue
        if is_term and stem(low) not in facts.told_stems:
            yield quoted("ungrounded_statement", main[match.start() :], "stands in no source of this run.")
            return
