"""Which of a thread's messages are the customer's present wish, and reading them together."""

from __future__ import annotations

import re
from dataclasses import replace

from agentdesk.agent.checks.alarms import INJECTION, Alarm, find_alarm
from agentdesk.agent.checks.injection import looks_injected, part_before_injection
from agentdesk.agent.checks.plain_text import plain
from agentdesk.agent.offline.case import Case
from agentdesk.agent.offline.clauses import read_letter
from agentdesk.agent.offline.cleaning import seen_and_unseen
from agentdesk.agent.offline.reading import read_wishes
from agentdesk.agent.offline.wishes import Kind, Reading, Wish

SUBJECT_NOISE = re.compile(r"^(?:(?:re|fwd?|aw)\s*:\s*)+", re.I)
COMPLETE = frozenset(
    {Kind.CANCEL, Kind.PAYMENT, Kind.ORDER_ADDRESS, Kind.OWN_ADDRESS, Kind.RETURN, Kind.ITEMS, Kind.REFUND}
)
LONGEST = 8_000
TOO_LONG = Alarm("too long", "The message is too long to be read reliably.", "normal")


def read_thread(case: Case) -> Reading:
    """What the customer wants now. An answer to our question is read together with what it answers."""
    earlier, newest = split_thread(case)
    subject = SUBJECT_NOISE.sub("", plain(str(case.ticket.get("subject") or ""))).strip()
    seen, unseen = seen_and_unseen("\n\n".join(newest))
    if len(seen) > LONGEST:
        return Reading(alarm=TOO_LONG, words=seen[:LONGEST])
    whole = f"{subject}\n{seen}" if not earlier else seen
    subject, kept = part_before_injection(subject), part_before_injection(seen)
    reading = read_with_subject(subject if not earlier else "", kept)
    if earlier and not stands_alone(reading):
        before = "\n\n".join(part_before_injection(seen_and_unseen(body)[0]) for body in earlier)[-LONGEST:]
        reading = corrected(read_answer(subject, before, kept, reading), reading, case)
    reading = replace(reading, is_withdrawn=reading.is_withdrawn and not earlier, words=whole)
    return with_alarm(reading, f"{subject}\n{kept}" if not earlier else kept, unseen)


def split_thread(case: Case) -> tuple[list[str], list[str]]:
    """The customer's messages before our last answer, and those after it."""
    earlier: list[str] = []
    newest: list[str] = []
    for message in case.messages:
        if message.direction == "inbound":
            newest.append(message.body)
        elif message.direction == "outbound":
            earlier, newest = earlier + newest, []
    return (earlier, newest) if newest else ([], earlier)


def read_with_subject(subject: str, body: str) -> Reading:
    """A letter with its subject: the subject names the order, or the wish, where the body does not."""
    reading = read_wishes(read_letter(body))
    about = read_letter(subject)
    asked = bool(reading.wishes)
    if not asked and read_wishes(about).wishes:
        return read_wishes(read_letter(f"{subject}.\n\n{body}"))
    if about.orders and not reading.orders:
        return read_wishes(read_letter(f"{' '.join(about.orders)}\n\n{body}"))
    return reading


def stands_alone(reading: Reading) -> bool:
    """Whether a message after our answer says all of its wish itself."""
    if reading.is_thanks:
        return True
    actions = [wish for wish in reading.wishes if wish.kind in COMPLETE]
    return bool(actions) and all(wish.orders or wish.kind == Kind.OWN_ADDRESS for wish in actions)


def read_answer(subject: str, before: str, seen: str, newest: Reading) -> Reading:
    """An answer with what it answers: what is wished for anew replaces what was wished for before."""
    joined = read_with_subject(subject, f"{before}\n\n{seen}")
    first = len(read_letter(before).clauses)
    renewed = {wish.kind for wish in newest.wishes} - {Kind.ITEMS}
    wishes = tuple(wish for wish in joined.wishes if wish.place >= first or not is_renewed(wish, renewed))
    return replace(joined, wishes=wishes, is_following_up=True, is_thanks=newest.is_thanks, answer=seen)


def corrected(reading: Reading, newest: Reading, case: Case) -> Reading:
    """With the right order in the place of a number that we said we cannot find."""
    said = " ".join(message.body for message in case.messages if message.direction == "outbound")
    missed = {order for wish in reading.wishes for order in wish.orders if f"could not find an order {order}" in said}
    if len(newest.orders) != 1 or len(missed) != 1 or newest.wishes:
        return reading
    wrong = missed.pop()
    wishes = tuple(
        replace(wish, orders=newest.orders, text=wish.text.replace(wrong, newest.orders[0]))
        if wish.orders == (wrong,)
        else wish
        for wish in reading.wishes
    )
    return replace(reading, wishes=wishes)


def is_renewed(wish: Wish, renewed: set[Kind]) -> bool:
    """Whether a later message says this wish again, in its own words."""
    return wish.kind in renewed or (wish.kind == Kind.REFUND and bool(renewed & {Kind.RETURN, Kind.CANCEL}))


def with_alarm(reading: Reading, kept: str, unseen: str) -> Reading:
    """The reading with what people must see to, and whether words in it or hidden in it tried to steer the agent.

    Of a letter that steers, only what it says before that counts; where that is no clear wish, people are called.
    """
    alarm = find_alarm(kept)
    is_steered = looks_injected(reading.words)
    if is_steered and (alarm is None or alarm.urgency == "normal") and not (reading.wishes or reading.questions):
        alarm = INJECTION
    hidden = bool(unseen.strip()) and (looks_injected(unseen) or bool(read_wishes(read_letter(unseen)).wishes))
    return replace(reading, alarm=alarm, hidden_orders=hidden, is_steered=is_steered)
