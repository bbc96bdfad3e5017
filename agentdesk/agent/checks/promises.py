"""Promises of a reply: each needs a source that makes it, or an action that keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agentdesk.agent.checks.claims import Claim
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.passages import best_passage
from agentdesk.agent.checks.sources import Passage
from agentdesk.agent.checks.topics import matters_in, methods_in, topics_in
from agentdesk.agent.checks.vocabulary import FILL
from agentdesk.agent.checks.wording import NOT_SO, Sentence, quoted, stem, telling_stems
from agentdesk.agent.findings import Finding


@dataclass(frozen=True)
class Promise:
    """A sort of promise: the words that make it, the words a source has to have for it, the kinds that keep it."""

    said: re.Pattern[str]
    borne: re.Pattern[str]
    kinds: tuple[str, ...] = ()


def promise(said: str, borne: str, *kinds: str) -> Promise:
    """A sort of promise from its words."""
    return Promise(re.compile(said, re.I), re.compile(borne, re.I), kinds)


PROMISES = (
    promise(
        r"\bfree of charge\b|\bfor free\b|\b(?:at )?no (?:extra |additional |further )?(?:cost|charge|fee)s?\b|"
        r"\bcompletely free\b|"
        r"\b(?:is|are|be|comes?)(?: now| then| completely)? free\b(?! to)|\bfree (?:return|shipping|delivery|"
        r"exchange|replacement|repair|"
        r"of cost|pick|upgrade|gift|label|collection)\w*|"
        r"\bwithout (?:any )?(?:extra )?(?:cost|charge|fee)s?\b|\bon the house\b|\bcomplimentary\b|"
        r"\bcosts? you nothing\b|\b(?:is|are|be) on us\b|"
        r"\bwon['’]t (?:cost|be charged)|\bour treat\b|\bat our (?:own )?(?:cost|expense)\b|\bwe(?:['’]ll|"
        r" will)? (?:cover|pay) (?:for )?the (?:shipping|postage|return|costs?|fee)",
        r"\bfree\b|\bon us\b|\bis ours\b|we pay|no (?:cost|charge|fee)|costs? you nothing|nothing is charged|"
        r"without charge|prepaid|"
        r"at our (?:cost|expense)",
    ),
    promise(
        r"\bguarantee[sd]?\b|\bwe promise\b|\bI promise\b|\bI (?:can )?assure you\b|\bwe (?:can )?assure you\b|"
        r"\byou have (?:my|our) word\b|\brest assured\b|"
        r"\bwithout fail\b|\b100 ?%|\bdefinitely\b|\bfor certain\b|\bfor sure\b|\bcommit to\b",
        r"\bguarantee",
    ),
    promise(
        r"\bfull(?:y)? refund\w*|\brefund(?:ed)? in full\b|\b(?:full|whole|entire) amount\b|"
        r"\ball (?:of )?your money\b|\beverything you paid\b",
        r"full refund|in full|whole amount|full amount|entire amount|everything (?:you )?paid|"
        r"all (?:that )?you paid|each payment",
        "cancel_order", "return_items", "change_order_payment",
    ),
    promise(
        r"\bvouchers?\b|\bcoupons?\b|\bdiscount(?:ed|s)?\b|\bcompensat\w+|\bgoodwill\b|\bbonus\b|\brebate\b|"
        r"\bpromo(?:tional)? code\b|\bloyalty points?\b|"
        r"\bfree gift\b|\bgift card (?:worth|of|for|over) (?:[$€£\d]|USD)|\breduced price\b|\b(?:refund|reimburse|"
        r"cover)\w* (?:you )?(?:for )?(?:the|your) (?:original )?(?:shipping|postage|delivery)\b|\bprice match\w*|"
        r"\b(?:match|beat)(?:es|ing)? (?:the |that |their |any |lower )?prices?\b|\b(?:a|your) (?:small )?(?:token|"
        r"gesture)\b|\bsurprise for you\b",
        r"voucher|coupon|discount|compensat|goodwill|bonus|rebate|promo|points|free gift|price match|"
        r"match (?:the )?price|gesture|shipping (?:costs? )?(?:is|are) refunded|gift card worth",
    ),
    promise(
        r"\b(?:store|account) credit\b|\bcredit (?:to|on) your account\b|\ba credit of\b(?! [\d.]+ USD (?:on|"
        r"to) your (?:card|visa))(?<!card will show a credit of)(?<!card gets a credit of)(?<!card shows a credit of)",
        r"store credit|account credit|credit on (?:your|the) account",
        "give_credit",
    ),
    promise(
        r"\breplacements?\b|\b(?:send|ship|mail|issue|give|get|provide)(?:ing)? (?:you )?(?:out )?(?:a |"
        r"another |the )?(?:new|fresh|another|"
        r"second|fresh|replacement)\b|\bre-?(?:ship|send)\w*|\b(?:new|fresh|second|"
        r"another) (?:[\w-]+ ){1,3}(?:is|are|will be)(?: already| now)* "
        r"(?:on (?:its|the|their) way|in the (?:post|mail)|coming|going|being sent|heading|travelling)\b",
        r"replacement|another|new one|send (?:it )?again",
        "exchange_items",
    ),
    promise(
        r"(?<!(?-i:[a-z]) )\bexpress\b|(?-i:\bexpress\b)|\bexpedit\w+|\bpriority\b(?! (?:to us|for us))|"
        r"\brush(?:ed)?\b|"
        r"\bfaster (?:delivery|"
        r"shipping)|\bspeed(?:ed)? up\b|\bexclusive\w*|\bVIP\b",
        r"express|expedit|priority|rush|faster|upgrad|exclusive|\bVIP\b",
    ),
    promise(
        r"\b(?:call|phone|ring|telephone) you\b|\bgive you a (?:call|ring)\b|\bcall(?:ing)? you back\b|"
        r"\bby (?:phone|telephone)\b",
        r"calls? (?:you|the|your)|telephone|by phone|phones? you|rings?\b",
    ),
    promise(
        r"\b(?:get|be) (?:back )?(?:in touch|back to you)\b|\b(?:will|['’]ll|shall|going to) (?:\w+ )?(?:contact|"
        r"update|notify|inform|email|e-mail|mail|write to|message|text|follow up with|reach out to|keep you)\b|"
        r"\bkeep(?:ing)? you (?:posted|updated|informed)\b|\bhear from us\b|\breach out to you\b|\bfollow up\b|"
        r"\blet you know (?:when|as soon|once|how|the|what|by)\b",
        r"in touch|back to you|\bmails?\b|contact you|update you|notify|inform you|mail you|e-?mail|writes? to you|"
        r"hear from|answers?|follow it up|confirm|let you know",
        "escalate",
    ),
    promise(
        r"\b(?:make|made|making) (?:an|a one-time|this) exception\b|\bas an exception\b|\bone-time\b|\bwaiv\w+|"
        r"\bextend\w*\b|\bhold (?:the|your|it)\b|"
        r"\breserv\w+|\b(?:set|put|kept) (?:\w+ )?aside\b|\bas (?:promised|agreed)\b|\blifetime\b|"
        r"\bno questions asked\b|\bany time you like\b|"
        r"\bat any time\b|\bwhenever you (?:like|want)\b|\bunlimited\b|\bforever\b|\bnever expire",
        r"exception|one-time|waiv|extend|reserv|aside|promised|lifetime|no questions|at any time|any reason|unlimited|"
        r"(?:does not|do not|don't|never) runs? out|(?:not|never) expires?|no expiry",
    ),
    promise(
        r"\b(?:immediately|instantly|right away|straight away|at once|in real time|same[- ]day|without delay|"
        r"within minutes|within moments)\b",
        r"immediately|instantly|right away|straight away|at once|same[- ]day|without delay|minutes",
    ),
    promise(
        r"\b(?:collect(?:s|ed)?|(?<!carrier has )(?<!carrier )pick(?:ed|s)? ?up|picks? (?:the|your|it|"
        r"them)\b[^.;?!\n]{0,30}\bup|courier will|we(?:['’]ll| will) (?:come|"
        r"fetch))\b(?=(?:[^.;?!\n]|\.(?=\d))*\b(?:from you|your|parcel|item|it|home|door|address)\b)",
        r"collect|pick(?:ed)?[- ]?up|courier",
    ),
    promise(
        r"\b(?:no need to|(?:do not|don['’]t|needn['’]t|need not)(?: need to| have to)?) (?:send|return|mail|post)\b",
        r"need not|no need|not (?:need|have) to|not send|keep|nothing to send",
    ),
    promise(r"\bupgrad\w+", r"upgrad", "exchange_items", "change_order_items"),
    promise(
        r"\b(?:prepaid|return|shipping) labels?\b",
        r"\blabels?\b",
    ),
)  # fmt: skip
UNCLAIMED = re.compile(
    r"\b(?:whether|if you|would you like|you (?:can|could|may) (?:choose|ask)|you asked|you (?:want|wanted|wish|"
    r"requested|mention\w*))\b",
    re.I,
)
COMING = re.compile(
    r"\b(?:we|I|you|it|they|he|she|this|that|there|your [\w -]{1,30}?|the [\w -]{1,30}?|our [\w -]{1,30}?|"
    r"a [\w -]{1,20}?|#?W\d+|USD|refund|money|parcel|order)"
    r"(?:['’]ll|\s+will|\s+shall|\s+(?:is|are|am) going to)\b(?P<rest>(?:[^.;!?\n]|\.(?=\d))*)",
    re.I,
)
DIRECT = re.compile(
    r"\byou(?: can| may)? (?:expect|receive|get|are entitled|are eligible|qualify|"
    r"have the right)\b(?P<rest>(?:[^.;!?\n]|\.(?=\d))*)",
    re.I,
)
BENIGN = re.compile(
    r"^\s*(?:(?:be|gladly|then|also|always|still|just|certainly|of course|happily|now|take|be able)\s+)*"
    r"(?:happy|glad|pleased|delighted|sorry|here|there for you|take it from there|take it from here|"
    r"take care of it|help\w*|"
    r"assist|look at it|look into (?:it|this|that|another)|need|see what|be of|gladly look|have to|let (?:us|"
    r"you|me)|find|keep an eye|walk you|get (?:this|that|it|you) |"
    r"be (?:right )?here|stay|"
    r"check|do (?:our|my) best|try|"
    r"want|like|explain|go (?:over|through)|sort|not\b|no longer|never|only|be needed|be missed)",
    re.I,
)
GENERIC = frozenset(stem(word) for word in re.findall(r"\w+", """
    order orders item items message account customer thing things shop team refund money amount difference method
    payment receive see look help answer able please reply original balance statement total new now way usual
    usually appear show send sent arrive registered return exchange change cancel address card gift credit paypal
    visa mastercard charged charge pay paid back product variant pending delivered processed stay remain keep parcel
    package cost price
    """))  # fmt: skip
PAID_WITH = frozenset(stem(word) for word in ("mastercard", "visa", "paypal", "ending", "amex", "USD"))
ACTED = {
    "cancel_order": "credit price sum refund money amount paid back method card gift paypal account go return "
    "receive credit "
    "cancel see statement standing",
    "return_items": "refund money amount back method card gift paypal account item parcel return arrive receive "
    "registered price",
    "exchange_items": "difference charge refund pay method card gift paypal account item parcel exchange arrive "
    "new receive back price send ship",
    "change_order_items": "difference charge refund pay method card gift paypal account item new order price "
    "back ship deliver",
    "change_order_payment": "charge refund pay paid method card gift paypal account amount old new back both statement",
    "change_order_address": "send deliver ship address order new parcel arrive go",
    "change_customer_address": "address account new future order use",
    "give_credit": "credit account amount next order use balance",
    "escalate": "colleague team person people specialist look contact answer take reply soon touch case review "
    "manager back",
}
NOTHING = re.compile(r"\b(?:neither|nor|none|nothing|nobody)\b", re.I)
"""What is said not to come is no promise."""
UNBORNE = 0.5
"""The share of a promise's telling words that may stand nowhere."""


def check_promises(sentence: Sentence, facts: Facts) -> Iterator[Finding | Claim]:
    """A finding for each promise that no source makes and no action keeps."""
    if sentence.asks or UNCLAIMED.search(sentence.text):
        return
    made = read_promises(sentence.text)
    for one, words, clause in made:
        source = keeper(one, clause, facts)
        if source:
            yield Claim(sentence, "promise", words, frozenset({source}))
        else:
            yield quoted("ungrounded_promise", words, "is promised, but no source of this run says so.")
    if not made:
        yield from check_coming(sentence, facts)
        yield from check_custom(sentence, facts)


@lru_cache(maxsize=1024)
def read_promises(text: str) -> tuple[tuple[Promise, str, str], ...]:
    """The sorts of promises that a sentence makes, each with its words and their clause."""
    found: list[tuple[Promise, str, str]] = []
    for one in PROMISES:
        said = (match for match in one.said.finditer(text) if not is_denied(text, match.start()))
        match = next((match for match in said if not REFUSED.match(text, match.end())), None)
        if match:
            start = max((cut.end() for cut in CLAUSES.finditer(text, 0, match.start())), default=0)
            end = CLAUSES.search(text, match.end())
            found.append((one, match.group(), text[start : end.start() if end else len(text)]))
    return tuple(found)


REFUSED = re.compile(r"[^.;?!]{0,12}\b(?:is|are|was)(?:n['’]t| not)\b|\s*:\s*(?:no|not|never|sorry)\b", re.I)
"""What takes a promise back after its words."""
CLAUSES = re.compile(r"[;:,()]\s?|\s[–—-]\s|\band\b|\bbut\b|\bso\b")


def is_denied(text: str, start: int) -> bool:
    """Whether the words just before a promise take it back."""
    return bool(NOT_SO.search(re.split("[,;:]", text[max(0, start - 40) : start])[-1]))


def keeper(one: Promise, clause: str, facts: Facts) -> str:
    """The source that makes a promise of the same matter, or the action that keeps it; empty where there is none."""
    for place, action in enumerate(facts.evidence.actions):
        if action.kind in one.kinds and action in facts.live:
            return f"action:{place}"
    asked = topics_in(clause)
    for passage in borne_by(one, facts):
        known = topics_in(passage.text) or passage.topics
        paid, known_paid = methods_in(clause), methods_in(passage.text)
        is_alike = bool(asked & known) or ("money" in matters_in(clause) and "money" in passage.matters)
        is_same_way = not paid or not known_paid or bool(paid & known_paid)
        if is_same_way and (not asked or not known or is_alike):
            return passage.source
    return ""


def borne_by(one: Promise, facts: Facts) -> list[Passage]:
    """The passages that make a sort of promise, looked for once."""
    known = facts.borne.get(one.borne.pattern)
    if known is None:
        known = [part for part in facts.passages if one.borne.search(part.text) and not is_denied_in(part, one)]
        facts.borne[one.borne.pattern] = known
    return known


def is_denied_in(passage: Passage, one: Promise) -> bool:
    """Whether a passage names a thing only to say that there is none."""
    match = one.borne.search(passage.text)
    return bool(
        match and passage.is_negated and NOT_SO.search(passage.text[max(0, match.start() - 20) : match.start()])
    )


def check_coming(sentence: Sentence, facts: Facts) -> Iterator[Finding | Claim]:
    """What is said to come has to be told by a passage, or be what the run's actions bring about."""
    match = COMING.search(sentence.text) or DIRECT.search(sentence.text)
    if not match or BENIGN.match(match["rest"]) or NOTHING.search(sentence.text):
        return
    if OURS.match(match.group()) and not is_ours_to_do(match["rest"], facts):
        yield quoted("ungrounded_promise", match.group(), "is promised, but no source of this run speaks of doing it.")
        return
    if sentence.is_conditional:
        return
    told = telling_stems(match["rest"]) - FILL - ANY_VERB
    known = acted_stems(facts)
    left = told - facts.thing_stems - PAID_WITH - known
    if len(left) <= UNBORNE * max(len(told), 1) and (known or not left):
        return
    whole = telling_stems(sentence.text) - facts.thing_stems - FILL
    passage = best_passage(whole, facts.passages, UNBORNE) or best_passage(told, facts.passages, UNBORNE)
    if passage is None and len(told) == 1:
        passage = next((one for one in facts.passages if told <= one.stems), None)
    if passage is not None:
        yield Claim(sentence, "promise", match.group().strip(), frozenset({passage.source}))
        return
    yield quoted("ungrounded_promise", match.group(), "is promised, but no source of this run says so.")


OURS = re.compile(r"(?:we|I)\b", re.I)
FIRST_VERB = re.compile(
    r"^\s*(?:(?:be|also|then|now|gladly|happily|always|still|just|of course|"
    r"\w+ly)\s+)*(?P<verb>[a-z]+)",
    re.I,
)


WE_DO = re.compile(
    r"\bwe (?:(?:also|always|gladly|simply|usually|happily|even|then|normally|"
    r"generally) )*(?P<verb>(?![a-z]+ed\b)[a-z]{3,}) "
    r"(?:you|your|the|an?|it|them|every|all|any|free)\b",
    re.I,
)
SAYING = frozenset(stem(word) for word in re.findall(r"\w+", """
    are were was have had can could will would shall should may might must hope understand know regret apologise
    apologize see saw look find found need ask want like think thought appreciate suggest recommend wish thank confirm
    check believe feel mean meant expect assume notice value love hear heard read got get take took made make gave give
    sent put left told set keep kept did does say said wrote write answer reply show offer caught let
    """))  # fmt: skip
"""Verbs that tell of the desk's own reading and writing, and deeds in the past, which are looked at as deeds."""


def check_custom(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What we say that we do has to be a verb of a source: `we lend you a machine` is promised like any other."""
    match = WE_DO.search(sentence.text)
    if not match or sentence.is_negated or sentence.is_conditional or sentence.is_attributed:
        return
    verb = stem(match["verb"])
    if verb in SAYING or verb in facts.passage_stems or verb in acted_stems(facts) or verb in facts.told_stems:
        return
    yield quoted("ungrounded_promise", match.group(), "is said to be our way, but no source of this run speaks of it.")


ANY_VERB = frozenset(stem(word) for word in re.findall(r"\w+", """
    get do make take have give put bring start open begin set arrange go come let see know keep be try leave
    """))  # fmt: skip
"""Verbs that may stand for any deed: what they are about decides."""


def is_ours_to_do(rest: str, facts: Facts) -> bool:
    """Whether what we say that we will do is a verb of an action of the run, or of any passage."""
    match = FIRST_VERB.match(rest)
    verb = stem(match["verb"]) if match else ""
    return not verb or verb in ANY_VERB or verb in acted_stems(facts) or verb in facts.passage_stems


def acted_stems(facts: Facts) -> frozenset[str]:
    """The words for what the run's actions bring about."""
    words = " ".join(ACTED.get(action.kind, "") for action in facts.live)
    return frozenset(stem(word) for word in words.split())
