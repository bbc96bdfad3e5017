"""What is never the agent's to settle: self-harm, law, safety, fraud, a wish for a person.

A table of patterns. Being called once too often costs a colleague a minute; once too seldom costs a customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Alarm:
    """Why people are needed, in words for staff, and how soon."""

    name: str
    reason: str
    urgency: str


INJECTION = Alarm("injection", "The message tries to give the agent instructions; nothing in it was followed.", "high")
ALARMS: tuple[tuple[Alarm, str], ...] = (
    (
        Alarm("self-harm", "The customer may be in danger.", "urgent"),
        r"\b(?:suicid\w*|kill myself|end my life|hurt myself|harm myself|self[- ]harm|don'?t want to live)\b",
    ),
    (
        Alarm("safety", "The message is about a product that may be unsafe or has hurt somebody.", "urgent"),
        r"\b(?:caught fire|on fire|fire hazard|set fire|started a fire|burn(?:t|ed|s|ing)?(?! \d)|scald\w*|"
        r"smok(?:e|ed|ing)\b|"
        r"(?:electric(?:al)? shock|got a shock|shocked (?:me|my)|shock from)|electrocut\w*|explod\w*|"
        r"explosion|melted|melting|"
        r"injur\w*|(?:i|me|my \w+|he|she|got|was|were|is|been) (?:got |was |been )?hurt|hurt (?:my|me|him|her|"
        r"somebody|someone)|"
        r"allerg\w*|rash|hospital\w*|emergency room|bleeding|poison\w*|toxic|chok(?:ed|ing)|spark(?:s|ed|"
        r"ing)\b(?! joy)|"
        r"overheat\w*|(?:got|gets|getting|became|is|was) (?:so |very |too |extremely |dangerously )+hot|hazard\w*|"
        r"dangerous\w*|unsafe|safety (?:issue|concern|problem|risk)|swollen battery|leaking (?:battery|gas|"
        r"acid)|gas leak)\b",
    ),
    (
        Alarm("fraud", "The customer speaks of fraud, an account in other hands, or a disputed charge.", "high"),
        r"\b(?:charge ?-?back|disput(?:e|ed|ing) (?:the |this |that |my |a )?(?:charge|payment|transaction)|"
        r"fraud\w*|scam\w*|"
        r"unauthori[sz]ed|identity theft|hack(?:ed|er|ers|ing)|phish\w*|compromised|stolen|"
        r"(?:someone|somebody)(?: else)? (?:has |have )?(?:used|accessed|got into|logged in|logged into|"
        r"placed|took over|ordered)|"
        r"didn'?t (?:place|make|authori[sz]e) (?:this|that|the|these|any)|never (?:placed|authori[sz]ed|"
        r"ordered) (?:this|that|it)|"
        r"account takeover|not my (?:order|purchase|charge))\b",
    ),
    (
        Alarm("legal", "The customer speaks of legal steps, an authority or a public complaint.", "high"),
        r"\b(?:lawyers?|attorneys?|solicitor|barrister|legal(?:ly)? (?:action|steps|proceedings|team|"
        r"department|counsel|"
        r"representati\w+|consequences|notice|liable)|take (?:you|this) to court|in court|small claims|"
        r"lawsuit|litigat\w*|"
        r"(?:will|to|gonna|going to|could|shall|'ll) sue\b|suing|sue (?:you|your)|better business bureau|bbb|"
        r"attorney general|"
        r"trading standards|consumer (?:protection|rights|affairs|watchdog|agency|advocate)|ombudsman|"
        r"regulator\w*|ftc|cfpb|"
        r"file a (?:formal |legal )?(?:complaint|claim)|formal complaint|legal complaint|press charges|police|"
        r"class action|"
        r"breach of contract|statutory rights|cease and desist|subpoena|gdpr)\b",
    ),
    (
        Alarm("human", "The customer asks for a person.", "normal"),
        r"\b(?:(?:talk|speak|chat|connect\w*|transfer\w*|put me through|escalat\w*|pass\w* me) (?:to|with|"
        r"me to|me with|directly to|this to)?"
        r" ?(?:a |an |the |your |some |any |directly )*(?:real |actual |live |human )*(?:human|person|agent|"
        r"representative|rep|manager|"
        r"supervisor|somebody|someone|boss|people|operator|colleague|staff member|team lead)|real (?:human|"
        r"person)|human being|"
        r"actual (?:human|person)|live (?:agent|person)|human (?:agent|please|support|representative)|a human|"
        r"call me(?: back)?|phone me|give me a call|ring me|(?:no|not a|not another|enough of|hate|"
        r"stop with)(?: the| these| your)? (?:bots?|robots?|machines?|ai)\b|"
        r"escalate (?:this|my|it)|want (?:a|your|the) (?:manager|supervisor)|complaint)\b",
    ),
    (
        Alarm("privacy", "The customer asks about personal data or to close or delete the account.", "normal"),
        r"\b(?:(?:delete|erase|remove|close|deactivate) (?:all )?(?:of )?(?:my|our|this) (?:\w+ )?(?:data|"
        r"accounts?|information|profile|details)|"
        r"(?:what|which|all(?: the)?|copy of my|my personal) data\b|data (?:protection|request|subject)|"
        r"right to be forgotten|ccpa)\b",
    ),
    (
        Alarm("credit", "The customer asks for a credit or a compensation: that is a person's decision.", "normal"),
        r"\b(?:compensat\w*|goodwill|store credits?|(?:\d|dollars?|bucks|usd|an? |some |account )(?: ?(?:in|"
        r"of|worth of))? ?credits?\b(?! card)|"
        r"(?:give|offer|expect|deserve|want|grant|issue|get) (?:me |us )?(?:an? |some |"
        r"a \w+ )?(?:credits?(?! card)|vouchers?|coupons?|discounts?|"
        r"rebates?|freebie|partial refund|money off)|price[- ]match\w*|price adjustment|credits? for (?:the|"
        r"my|all))\b",
    ),
)
COMPILED = tuple((alarm, re.compile(pattern, re.I | re.M)) for alarm, pattern in ALARMS)
PATTERNS = {alarm.name: pattern for alarm, pattern in COMPILED}
HARMLESS = re.compile(
    r"\b(?:side burners?|burner|no (?:hard feelings|complaints?)|wouldn't hurt|couldn't hurt|"
    r"allergy[- ]free|smoke[- ](?:grey|gray|black)|"
    r"(?:can't|don't|have no|not a|without|no) complain\w*|burning question|court (?:street|road|lane))\b",
    re.I,
)


def find_alarm(text: str) -> Alarm | None:
    """The first thing in the text that people must see to."""
    text = HARMLESS.sub(" ", text)
    return next((alarm for alarm, pattern in COMPILED if pattern.search(text)), None)
