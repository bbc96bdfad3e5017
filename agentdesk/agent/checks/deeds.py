"""What a reply says was done, is being done or will be done, and which kinds of action do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agentdesk.agent.checks.wording import Sentence

ADVERB = (
    r"(?:\s+(?:now|just|already|also|both|all|each|successfully|(?:gone|went) ahead and|as good as|therefore|"
    r"immediately|"
    r"hereby|today|then|"
    r"since|indeed|happily|gladly|meanwhile|in the meantime|of course|promptly|fully|officially|personally|here))*"
)
WE = r"\b(?:I|we|our (?:team|system|support|colleagues?|warehouse|staff)|the team|my colleagues?|support)"
FINISHED = (
    r"(?:registered|started|arranged|set up|processed|opened|initiated|accepted|approved|booked|created|logged|"
    r"completed|confirmed|issued|requested|submitted|triggered|made|granted|authori[sz]ed|done|complete|under way|"
    r"underway|on its way|in progress|through|being processed|filed|scheduled|successful|in place|active|effective|"
    r"final|"
    r"finali[sz]ed|settled|executed|carried out|performed|taken care of|sorted(?: out)?|on record|in our system|"
    r"all set|set)"
)


HAPPENED = (
    r"(?:has |have |just |already |now )*(?:(?:went|gone|goes|going|came|come) through|succeeded|worked|took effect|"
    r"takes effect|took place|covers?|includes?|comprises?|concerns?|consists of|is for|contains?|happened|landed|"
    r"reached|arrived|cleared|showed up|hit)\b"
)
"""What a cancellation, a return or a refund does once it is there."""


def doing(done: str, do: str, being: str) -> str:
    """The ways to say that we did, do or will do something, from its participle, its base form and its gerund."""
    done, do, being = f"(?:{done})", f"(?:{do})", f"(?:{being})"
    return (
        rf"{WE}(?:['’]ve|\s+have|\s+has)?{ADVERB}\s+{done}\b"
        rf"|\b(?:has|have|['’]s|['’]ve){ADVERB}\s+been{ADVERB}\s+{done}\b"
        rf"|\b(?:is|are|was|were|got|gets|['’]s|['’]re){ADVERB}(?:\s+being)?\s+{done}\b"
        rf"|\b(?:will|['’]ll|shall|going to)(?:\s+(?:now|also|then|both|all|be|have|been))*\s+(?:{do}|{done})\b"
        rf"|{WE}(?:\s+am|\s+are|['’]m|['’]re){ADVERB}\s+{being}\b"
        rf"|^(?:and\s+|then\s+|also\s+)?{done}\s+(?:your|the|order|#)"
        rf"|#?W\d+(?:\s+\([^)]*\))?\s*(?:[-–:]\s*)?{done}\b"
        rf"|{WE}(?:['’]ve|\s+have)?{ADVERB}\s+(?:arranged|organi[sz]ed|seen to it)\b"
        rf"(?:[^.;?!\n]|\.(?=\d)){{0,60}}?\b(?:to be|is|gets)\s+{done}\b"
        rf"|{WE}\b(?:[^.;?!\n]|\.(?=\d)){{0,60}}?\band(?:\s+(?:also|then|have))*\s+{done}\b"
        rf"|\bconsider (?:it|this|that|the order|your order) {done}\b"
    )


def noun(name: str) -> str:
    """The ways to say that a return, an exchange or the like is under way."""
    return (
        rf"\b(?:{FINISHED})\s+(?:the|your|a|an|this|that|both|these|two)?\s*(?:full |partial |\w+ )?{name}\b"
        rf"|^(?:your |the )?{name}s?\s+{FINISHED}\b"
        rf"|^(?:and |so |then )?(?:your|the|this) (?:\w+ )?{name}(?: (?:of|for|on) [^.,;]{{1,50}}?)? {HAPPENED}"
        rf"|\b{name}s?\b(?:[^.;?!\n]|\.(?=\d)){{0,80}}?\s(?:is|are|was|were|has been|have been|"
        rf"['’]s)(?:\s+(?:now|already|all|"
        rf"both|fully|successfully))*\s+{FINISHED}\b"
        rf"|\b(?:we|I)(?:['’]re| are|['’]m| am)?\s+(?:pleased to |happy to |glad to )?(?:confirm|process|"
        rf"register|arrang)\w*\s+(?:the|your|a|this)\s+(?:full |\w+ )?{name}\b"
    )


@dataclass(frozen=True)
class Deed:
    """A deed: how it is said, how it is denied, the kinds that do it, and the order states that show it was done."""

    name: str
    kinds: frozenset[str]
    said: re.Pattern[str]
    denied: re.Pattern[str] | None = None
    states: tuple[str, ...] = ()


def deed(name: str, kinds: str, said: str, denied: str = "", states: tuple[str, ...] = ()) -> Deed:
    """A deed from its words."""
    refused = (
        rf"(?:could not|couldn['’]t|cannot|can['’]t|unable to|not able to|not possible to|was not|were not|wasn['’]t|"
        rf"has not|have not|haven['’]t|hasn['’]t|did not|didn['’]t|not been able to|not yet)\s+(?:yet\s+|be\s+|"
        rf"been\s+)*"
        rf"(?:{denied})\b"
    )
    return Deed(
        name,
        frozenset(re.findall(r"\w+", kinds)),
        re.compile(said, re.I),
        re.compile(refused, re.I) if denied else None,
        states,
    )


CHANGED = r"(?:changed|updated|modified|switched|amended|corrected|adjusted|altered|edited)"
CHANGE = r"(?:change|update|modify|switch|amend|correct|adjust|alter|edit)"
CHANGING = r"(?:changing|updating|modifying|switching|amending|correcting)"
PEOPLE = r"(?:colleagues?|teams?|specialists?|managers?|person|people|department|staff|supervisors?|human|experts?)"
RETURNED = r"(?:return\w*|send(?:ing)? back|sent back)"
DEEDS: tuple[Deed, ...] = (
    deed(
        "cancel",
        "cancel_order",
        doing(r"(?:cancell?ed|undone|called (?:the |your |this )?(?:order )?off)", r"cancel", r"cancell?ing")
        + "|"
        + noun(r"cancell?ation")
        + rf"|{WE}(?:['’]ve|\s+have)?{ADVERB}\s+(?:(?:managed|were able|was able|got|made sure) to (?:stop|halt|cancel|"
        r"withdraw|void|catch|intercept)|stopped|halted|voided|annulled|revoked|withdrew|withdrawn|scrapped|"
        r"intercepted|"
        r"called off|taken back) (?:the|your|this|that|it|#?W\d)"
        r"|\b(?:is|are|was|were|has been|been)(?: now| already)? (?:stopped|halted|voided|annulled|withdrawn|scrapped|"
        r"void|called off|gone from our system|off the (?:list|books|table|system))\b"
        r"|\b(?:order|parcel|package|#?W\d+)(?: #?W\d+)? (?:will|is) (?:not|no longer|never) (?:going to )?be(?:ing)? "
        r"(?:shipped|sent out|packed|dispatched|delivered)\b(?! to)"
        r"|\b(?:wish|request|demand) (?:to cancel|for (?:a |the )?cancell?ation)\b[^.;?!\n]{0,20}\b(?:has been|was|is) "
        r"(?:granted|fulfilled|accepted|approved|met|honou?red|done|processed|confirmed)\b"
        r"|\border (?:#?W\d+ )?no longer exists|\b(?:it|#?W\d+) no longer exists",
        r"(?:cancel(?:l?ed)?|stop(?:ped)?|halt(?:ed)?|call(?:ed)? off)",
        ("cancelled",),
    ),
    deed(
        "return",
        "return_items",
        noun("return") + r"|\b(?:comes?|coming|go|goes|going|is|are|will be|travels?) back (?:to us|to our|here)\b"
        r"|\b(?:is|are|was|were|has been|have been|been)(?: now| all| both| already)* (?:registered|accepted|"
        r"approved|marked|booked|"
        r"set up|signed up) (?:for|as) (?:the |a |your )?returns?\b",
        r"(?:register|start|arrange)\w* (?:the|your|a) return",
        ("return",),
    ),
    deed(
        "exchange",
        "exchange_items change_order_items",
        doing(r"(?:exchanged|swapped)", r"(?:exchange|swap)", r"(?:exchanging|swapping)")
        + "|"
        + noun("(?:exchange|swap)"),
        r"(?:exchanged?|swap(?:ped)?)",
        ("exchange", "pending (items"),
    ),
    deed(
        "address",
        "change_order_address change_customer_address",
        rf"(?:{doing(CHANGED, CHANGE, CHANGING)})(?=(?:[^.;?!\n]|\.(?=\d)){{0,80}}\baddress)|"
        rf"\baddress\b(?:[^.;?!\n]|\.(?=\d)){{0,60}}?(?:{doing(CHANGED, CHANGE, CHANGING)})"
        r"|\b(?:will|is|are)(?: now| going to| be)*\s+(?:sent|shipped|delivered|redirected|going|addressed|"
        r"directed)\s+to\s+(?!you\b|a person|our)"
        r"|\b(?:will|['’]ll)(?: now| then)? (?:deliver|send|ship)\b(?:[^.;?!\n]|\.(?=\d)){0,40}? to \d"
        r"|\b(?:goes?|will go|is going|are going)(?: now| both)? to \d"
        r"|\b(?:sent|shipped|delivered|forwarded)\b(?:[^.;?!\n]|\.(?=\d)){0,40}? to \d"
        r"|\b(?:account|profile) (?:now )?(?:has|shows|holds) (?:your |the )?new address|\bredirected\b|"
        r"\bnew address (?:is|has been) (?:now )?(?:saved|recorded|set|on)",
        rf"{CHANGE}d? (?:the|your|this) (?:\w+ )?address",
    ),
    deed(
        "payment",
        "change_order_payment",
        rf"(?:{doing(CHANGED + '|moved', CHANGE + '|move', CHANGING)})(?=(?:[^.;?!\n]|\.(?=\d)){{0,60}}\bpayment)|"
        rf"\bpayment\b(?:[^.;?!\n]|\.(?=\d)){{0,60}}?(?:{doing(CHANGED, CHANGE, CHANGING)})"
        r"|\b(?:is|will be|has been)(?: now)?\s+paid (?:with|by|from|via|using)\b(?! [^.\n]{0,30}already)",
    ),
    deed(
        "items",
        "change_order_items exchange_items",
        rf"(?:{doing(CHANGED + '|replaced', CHANGE + '|replace', CHANGING)})(?!(?:[^.;?!\n]|"
        rf"\.(?=\d)){{0,80}}\b(?:address|"
        rf"payment|ticket|status|paid|policy|rules?)\b)",
        states=("exchange", "pending (items"),
    ),
    deed(
        "refund",
        "cancel_order return_items exchange_items change_order_items change_order_payment",
        doing(
            r"(?:refunded|reimbursed|credited(?=(?:[^.;?!\n]|\.(?=\d)){0,60}\b(?:paypal|card|visa|mastercard|method))|"
            r"credited back|paid back|sent back (?=the money|your money))",
            r"(?:refund|reimburse)",
            r"(?:refunding|reimbursing)",
        )
        + "|"
        + noun("(?:refund|reimbursement|repayment)")
        + r"|\b(?:sent|released|paid out|transferred|returned)\s+(?:the |your |a |you )*(?:full )?(?:refund|"
        r"money|amount)\b"
        r"|\b(?:money|refund|amount)\s+(?:follows|comes|is coming|will follow|will come)\b"
        r"|\b(?:is|are|was|were|has been|have been|will be)(?: now| then)? (?:put|booked|paid|sent|transferred|"
        r"returned|"
        r"deposited|moved|credited)(?: back)? (?:to|on|onto|into) your (?!account\b|new\b|home\b|address\b|door\b)"
        r"|\b(?:goes|go|went|going|gone|returned|come|coming|comes) back (?:to|on|onto) (?!us\b|our\b|"
        r"you (?:with|about|within|as)\b)"
        r"|(?:USD|\d\d|dollars|amount|money|refund|rest|difference)\s+(?:goes|go|went|will go|is going|"
        r"are going) (?:(?:back )?(?:to|onto)|back on) your\b"
        r"|\byou(?:['’]ll| will)?(?: also| then)? (?:receive|get|be given|see)\b(?:[^.;?!\n]|"
        r"\.(?=\d)){0,40}\b(?:refund|"
        r"back\b(?! to us))"
        r"|\b(?:money|refund|reimbursement)\s+(?:is|are|was|were)(?: already| now| back| safely| again)*\s+(?:with|"
        r"on|in|at) "
        r"(?:PayPal|your|the (?:card|account))"
        r"|\b(?:money|refund|amount|USD|reimbursement)\s+will (?:then |soon |also )?(?:be back|be with|reach|arrive|"
        r"land|appear|show)\b"
        r"|\byou (?:have|['’]ve)(?: already| now)* (?:got|received|had) (?:the|your) (?:money|refund|amount)"
        r"|\b(?:money|refund|amount)\b(?:[^.;?!\n]|\.(?=\d)){0,30}\b(?:is on its way|is back|has been (?:sent|"
        r"returned|released))",
        r"refund(?:ed)?|issue[d]? (?:a|the|your) refund",
        ("cancelled",),
    ),
    deed(
        "charge",
        "change_order_items exchange_items change_order_payment",
        r"(?:USD|\d\d|dollars|cents|amount|difference|price)\s+(?:will |now )*(?:comes?|came|goes|went|be taken|"
        r"taken)\s+"
        r"(?:off|out of|from) (?:your|the) |"
        rf"{WE}(?:['’]ve|\s+have|['’]ll|\s+will)?{ADVERB}\s+charged?\b|\b(?:was|were|will be|has been|have been|"
        rf"is|are)(?: now| then)*\s+(?:charged(?! at\b)|debited|taken from|billed)\b",
        r"charged?",
    ),
    deed(
        "credit",
        "give_credit",
        r"\b(?:added|applied|put|given|gave|issued|granted|placed|give|add|apply|"
        r"credited)\b(?! back| no\b)(?:[^.;?!\n]|\.(?=\d)){0,60}\bcredit\b|"
        r"\b(?:credited|crediting)\b(?! back|(?:[^.;?!\n]|\.(?=\d)){0,60}\b(?:paypal|card|visa|mastercard|difference|"
        r"refund))(?:[^.;?!\n]|\.(?=\d)){0,40}\b(?:your|the) (?:\w+ )?(?:account|balance)|"
        r"\bcredit of\b(?:[^.;?!\n]|\.(?=\d)){0,40}\b(?:is|has been|was|will be)\b|"
        r"\b(?:store|account) credit (?:is|has been|was|will be)\b|\b(?:your account|you) (?:now )?ha(?:s|"
        r"ve) (?:a |an )?(?:store |account )?credit",
        r"(?:give|grant|add)\w* (?:you )?(?:a |any )?(?:store )?credit",
    ),
    deed(
        "escalate",
        "escalate",
        rf"\b(?:passed|forwarded|handed|escalated|referred|transferred|raised|passing|forwarding|handing|"
        rf"escalating|given|assigned|sent)\b(?:[^.;?!\n]|\.(?=\d)){{0,60}}\b(?:to|with|over to)\b(?:[^.;?!\n]|"
        rf"\.(?=\d)){{0,40}}\b{PEOPLE}\b"
        rf"|{WE}(?:['’]ve|\s+have){ADVERB}\s+escalated\b|\b(?:one of our|our|a|"
        rf"another)\s+(?:\w+ )?{PEOPLE}\s+(?:will|is going to|is|are)(?: now| already)*\s+(?:tak|look|contact|"
        rf"get|be|call|review|handl|check|follow|answer|writ|reply|investigat)\w*",
    ),
    deed(
        "note",
        "add_note",
        r"\b(?:added|left|made|put|placed)\b(?:[^.;?!\n]|\.(?=\d)){0,15}\b(?:a|an|the) (?:\w+ )?(?:note|remark|"
        r"comment)\b",
    ),
)
GENERAL = re.compile(
    r"^(?:[-*•] ?)?(?:refunds|returns|orders(?! #?W\d)|items|payments|exchanges|cancellations|cancelled orders|"
    r"returned items|products|"
    r"a (?:refund|return|gift card|pending|delivered|cancelled|processed)\b.*|an (?:order|exchange|item)\b.*|any|"
    r"all (?:orders|items|refunds|returns)|"
    r"everything you paid|the new method|customers|such|each (?:order|payment|item)|once an|when an|if an?)\b",
    re.I,
)
HELD_BACK = re.compile(
    r"\b(?:if|once|when|whenever|unless|whether|until|after|before|in case|as soon as|not|never|had|while|only|"
    r"asked|want(?:ed)?|wish|"
    r"would|could|should|might|may|can|hope[ds]?|like[ds]?|how|(?:tell|ask|write to|drop) us|cannot|neither|nor|"
    r"nothing|no)\b|n['’]t\b",
    re.I,
)
CUES = {
    name: re.compile(cue, re.I)
    for name, cue in {
        "cancel": "cancel|call|undone|wish|request|demand|stop|halt|void|annul|revok|withdr|scrap|intercept|taken|"
        "caught|exist|catch|gone|"
        "not be|no longer be|never be",
        "return": "return|back",
        "exchange": "exchang|swap",
        "address": "address|sent|ship|deliver|direct|going|send|goe?s? to",
        "payment": "pay|paid",
        "items": "chang|updat|modif|switch|amend|correct|adjust|alter|edit|replac",
        "refund": "refund|reimburs|credit|back|money|amount|USD|dollar|rest|difference|\\d",
        "charge": "charg|debit|taken|bill|com|came|go|went",
        "credit": "credit",
        "escalate": "pass|forward|hand|escalat|refer|transfer|rais|giv|assign|sent|will|going|is|are",
        "note": "note|remark|comment",
    }.items()
}
"""A word that stands in every way to say a deed: most sentences hold none."""
TAKEN_BACK = re.compile(
    r"\b(?:is|are|was|were|be)(?: \w+ly)? (?:no longer|not|never) (?:possible|an option|"
    r"\w+able)\b",
    re.I,
)
"""What stands within the words for a deed and says that there is none."""
SUPPOSED = re.compile(r"^(?:if|should|unless|in case|would|could|whether|were)\b", re.I)
OTHER_CHANGE = re.compile(r"\b(?:address|payment|paid (?:with|by)|ticket|account|profile|exchang\w*)\b", re.I)
CLAUSE = re.compile(r"[;:,(]|\s[–—-]\s|\bbut\b|\bso\b|\bhowever\b|\bthen\b|\bbecause\b|\bsince\b", re.I)


@dataclass(frozen=True)
class Said:
    """A deed that a sentence says was done, or (`is_denied`) was not, with its words and place."""

    deed: Deed
    text: str
    start: int
    end: int
    is_denied: bool = False


@lru_cache(maxsize=1024)
def read_deeds(sentence: Sentence) -> tuple[Said, ...]:
    """The deeds that a sentence claims or denies; questions, conditions and general rules claim none."""
    text = sentence.text
    if sentence.asks or GENERAL.match(text) or SUPPOSED.match(text):
        return ()
    return tuple(find_deeds(text))


def find_deeds(text: str) -> Iterator[Said]:
    """The deeds in the words of a sentence; those whose cue is not among them are passed over unread."""
    for one in DEEDS:
        if not CUES[one.name].search(text):
            continue
        if one.name == "items" and OTHER_CHANGE.search(text):
            continue
        said = (match for match in one.said.finditer(text) if is_asserted(text, match.start()))
        match = next((match for match in said if not TAKEN_BACK.search(match.group())), None)
        if match:
            yield Said(one, match.group().strip(), match.start(), match.end())
        elif one.denied:
            refused = one.denied.search(text)
            if refused:
                yield Said(one, refused.group(), refused.start(), refused.end(), is_denied=True)


def is_asserted(text: str, start: int) -> bool:
    """Whether nothing before a place in its clause takes the claim back or makes it depend on something."""
    return not HELD_BACK.search(clause_before(text, start))


def clause_before(text: str, start: int) -> str:
    """The words of the clause that stand before a place."""
    begin = 0
    for match in CLAUSE.finditer(text, 0, start):
        begin = match.end()
    return text[begin:start]
