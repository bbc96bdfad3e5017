"""Judging one clause: does it wish for something, ask something, or only tell a story?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentdesk.agent.offline import phrases
from agentdesk.agent.offline.clauses import Clause, Letter
from agentdesk.agent.offline.methods import read_methods
from agentdesk.agent.offline.wishes import Kind, Manner

MARKED = re.compile(r"\baddress\d")
ASKS_HOW = re.compile(
    r"^(?:\W|hi|hello|hey|and|also|but|so|please|tell me|let me know|by the way|btw|one more thing|"
    r"quick question|finally|lastly|i wonder|i was wondering|"
    r"question)*\s*(?:how (?:do|can|could|would|does|long|much|many|should|is|are)|what(?:'s| is| are| do|"
    r" does| if)|when|where|why|which|who|"
    r"do you|does|are there|is there (?!any (?:way|chance)|a (?:way|chance))|am i|do i|did you|have you|"
    r"is (?:the|my|a|your)|are (?:the|my|"
    r"returns|refunds))\b"
)
ASKS_LEAVE = re.compile(
    r"\b(?:can|could|may|might) (?:i|we|one|you)\b|\bis it (?:still )?possible\b|\bpossible to\b|"
    r"\bam i able\b|\bis there (?:any|a) (?:way|chance)\b"
)
ANYTHING = re.compile(
    r"\b(?:something|anything|an? (?:item|order|product|purchase|thing)s?|items|orders|products|things|" r"purchases)\b"
)
ORDER_CUE = re.compile(
    r"\b(?:orders?|ship|shipping|shipped|deliver|delivered|delivery|parcels?|packages?|shipment|purchase|"
    r"send|sent)\b"
)
NO_WISH_NOUN = re.compile(
    r"\b(?:policy|policies|rules|terms|conditions|process|procedure|window|deadline|time ?frame|period)\b"
)
METHOD_SWITCH = re.compile(r"\b(?:switch|change|move|put|pay|charge|bill|use|transfer|process|place|want|like)\b")


@dataclass(frozen=True)
class Verdict:
    """What a clause is: the kinds of wish it states (two only where one address goes to two places)."""

    kinds: tuple[Kind, ...] = ()
    manner: Manner = Manner.OPEN
    is_weak: bool = False
    is_question: bool = False
    is_hedged: bool = False


def judge_clause(clause: Clause, letter: Letter) -> Verdict:
    """The verdict on one clause of a letter."""
    low = clause.low
    wished = find_wish(clause, letter)
    if phrases.CONDITIONAL.search(low):
        return Verdict()
    if wished.kinds and phrases.HEDGED.search(low):
        return Verdict(is_hedged=True)
    if wished.kinds and is_mere_question(clause, letter, wished.kinds[0]):
        return Verdict(is_question=True)
    if wished.kinds:
        return wished
    asked = (clause.is_question or phrases.QUESTION.search(low)) and len(low.split()) > 2
    return Verdict(is_question=bool(asked and not phrases.RHETORICAL.search(low)))


def is_mere_question(clause: Clause, letter: Letter, kind: Kind) -> bool:
    """Whether a clause that sounds like a wish only asks how things are done."""
    if kind in {Kind.ORDER_STATUS, Kind.REFUND_STATUS, Kind.DAMAGE}:
        return False
    if ASKS_HOW.search(clause.low):
        return True
    leave = clause.is_question and ASKS_LEAVE.search(clause.low)
    return bool(leave and not letter.orders and ANYTHING.search(clause.low))


def find_wish(clause: Clause, letter: Letter) -> Verdict:
    """The wish a clause states, most telling sign first."""
    low = clause.low
    places = address_kinds(clause, letter)
    if places:
        return Verdict(places)
    if not MARKED.search(low):
        strength = payment_strength(clause, letter)
        if strength:
            return Verdict((Kind.PAYMENT,), is_weak=strength == "weak")
    if phrases.UNSUPPORTED.search(low) and not phrases.NOT_CHANGE.search(low):
        return Verdict((Kind.UNSUPPORTED,))
    if asks_cancel(low):
        return Verdict((Kind.CANCEL,))
    if asks_return(low):
        return Verdict((Kind.RETURN,))
    manner = change_manner(clause, letter)
    if manner:
        return Verdict((Kind.ITEMS,), manner)
    asked = find_question(clause)
    is_soft = not asked.kinds and phrases.SOFT_CHANGE.search(low) and not phrases.SETTLING.search(low)
    return Verdict((Kind.ITEMS,), is_weak=True) if is_soft else asked


def find_question(clause: Clause) -> Verdict:
    """The wish to know or to have something put right, without saying how."""
    low = clause.low
    if phrases.REFUND_ASKED.search(low):
        return (
            Verdict((Kind.REFUND_STATUS,)) if clause.orders or "my" in low.split() or "the money" in low else Verdict()
        )
    if phrases.REFUND.search(low) and not NO_WISH_NOUN.search(low):
        return Verdict((Kind.REFUND,))
    if phrases.STATUS_ASKED.search(low) and phrases.STATUS_THING.search(low) and not phrases.DAMAGE.search(low):
        return Verdict((Kind.ORDER_STATUS,))
    if phrases.DAMAGE.search(low):
        return Verdict((Kind.DAMAGE,))
    return Verdict()


def address_kinds(clause: Clause, letter: Letter) -> tuple[Kind, ...]:
    """Whose address a clause wants changed: an order's, the customer's own, or both."""
    low = clause.low
    marked = bool(MARKED.search(low))
    if (phrases.STATES_ADDRESS.search(low) or phrases.ADDRESS_CHANGED.search(low)) and not clause.orders:
        return ()
    worded = phrases.ADDRESS_WORD.search(low) and phrases.ADDRESS_VERB.search(low)
    about_money = read_methods(low) or phrases.PAYMENT_WORD.search(low)
    if letter.addresses and phrases.ACCOUNT.search(low) and phrases.RECORDING.search(low) and not about_money:
        worded = phrases.RECORDING.search(low)
    sent = (
        phrases.SHIP_TO.search(low)
        or phrases.DESTINATION.search(low)
        or (phrases.THERE.search(low) and letter.addresses)
    )
    if not (marked or worded or sent) or (asks_return(low) and not marked) or asks_cancel(low):
        return ()
    if not marked and (phrases.SETTLING.search(low) or "e-mail" in low or "email address" in low):
        return ()
    own = phrases.ACCOUNT.search(low) and not phrases.NOT_ACCOUNT.search(low)
    order = (clause.orders or ORDER_CUE.search(low)) and not phrases.NOT_ORDER_ADDRESS.search(low)
    if own and order and not marked and phrases.OWN_PLACE.search(low):
        own = None
    if own or order:
        return tuple(kind for kind, meant in ((Kind.OWN_ADDRESS, own), (Kind.ORDER_ADDRESS, order)) if meant)
    if marked or not worded or phrases.NOT_ACCOUNT.search(low):
        return ()
    return (Kind.ORDER_ADDRESS,) if letter.orders else (Kind.OWN_ADDRESS,)


def payment_strength(clause: Clause, letter: Letter) -> str:
    """`strong` where a clause wants an order paid another way, `weak` where it may only settle a sum, else empty."""
    low = clause.low
    if phrases.SETTLING.search(low) or asks_cancel(low) or asks_return(low):
        return ""
    methods = [word for word in read_methods(low) if word.role == "new"]
    if phrases.PAYMENT_CHANGE.search(low) and not phrases.EXCHANGE.search(low):
        return (
            "strong"
            if clause.orders or not methods
            else "weak"
            if not clause.orders and "payment" not in low
            else "strong"
        )
    if not methods:
        return ""
    if phrases.PAID_ANEW.search(low) and (clause.orders or " order" in low):
        return "strong"
    if phrases.SWITCHED_TO_METHOD.search(low):
        return "strong" if clause.orders or phrases.PAYMENT_WORD.search(letter.low) else "weak"
    names_order = bool(clause.orders) or " order" in low or "purchase" in low
    if phrases.INSTEAD.search(low) and phrases.PAYMENT_USE.search(low) and not has_item_change(low):
        alone = phrases.PAY_IT.search(low) or (
            clause.is_entry and phrases.PAYMENT_WORD.search(low) and starts_sentence(clause, letter)
        )
        return "strong" if clause.orders or alone or (names_order and phrases.PAYMENT_WORD.search(low)) else "weak"
    if names_order and METHOD_SWITCH.search(low) and not has_item_change(low):
        return "weak"
    return ""


def starts_sentence(clause: Clause, letter: Letter) -> bool:
    """Whether no other clause of its sentence comes before it."""
    return next(other for other in letter.clauses if other.sentence == clause.sentence) is clause


def has_item_change(low: str) -> bool:
    """Whether a clause changes items besides naming a method."""
    return bool(phrases.EXCHANGE.search(low) or re.search(r"\b(?:swap|replace|trade|substitute)\b", low))


def asks_cancel(low: str) -> bool:
    """Whether a clause wants an order called off."""
    if not phrases.CANCEL.search(low) or phrases.NOT_CANCEL.search(low):
        return False
    told = phrases.CANCEL_TOLD.search(low)
    wanted = re.search(r"\b(?:want|like|need|get|have|please|wish|prefer)\b.{0,60}\bcancell?ed\b|\bcancel\b", low)
    return not told or bool(wanted and not re.search(r"\b(?:i|we|you) (?:have |had |already |just )*cancell?ed\b", low))


def asks_return(low: str) -> bool:
    """Whether a clause wants something sent back."""
    if not phrases.RETURN.search(low) or phrases.NOT_RETURN.search(low):
        return False
    return not (phrases.RETURN_TOLD.search(low) and not re.search(r"\b(?:want|like|need|wish|please)\b", low))


def change_manner(clause: Clause, letter: Letter) -> Manner | None:
    """How a clause wants items changed; None where it does not."""
    low = clause.low
    if phrases.NOT_CHANGE.search(low) or MARKED.search(low) or phrases.CHANGE_TOLD.search(low):
        return None
    if phrases.EXCHANGE.search(low):
        return Manner.EXCHANGE
    if phrases.CHANGE.search(low):
        return Manner.CHANGE
    if phrases.SWAP.search(low):
        return None if phrases.REFUND_FIRST.search(low) else Manner.OPEN
    fits_ill = phrases.ILL_FITTING.search(letter.low)
    is_money = phrases.SETTLING.search(low) or phrases.REFUND.search(low)
    return Manner.OPEN if fits_ill and phrases.NEED.search(low) and not is_money else None
