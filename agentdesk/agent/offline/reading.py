"""From clauses to wishes: which clause asks for what, of which order, and which other clauses help it along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agentdesk.agent.offline import phrases
from agentdesk.agent.offline.clauses import Clause, Letter
from agentdesk.agent.offline.judging import ASKS_HOW, Verdict, judge_clause
from agentdesk.agent.offline.methods import means_original, read_methods
from agentdesk.agent.offline.wishes import Kind, Manner, Reading, Wish

ABSORBING = frozenset({Kind.ITEMS, Kind.RETURN})
TELLING = frozenset({Kind.ORDER_STATUS, Kind.REFUND_STATUS, Kind.DAMAGE, Kind.REFUND})
REPEATABLE = frozenset({Kind.CANCEL, Kind.ORDER_ADDRESS, Kind.PAYMENT})
MARKER = re.compile(r"\baddress(\d+)\b")
OLD_MARKER = re.compile(
    r"(?:\bfrom|\binstead of|\bnot(?: to)?|\brather than|\bold address(?: is| was)?:?|"
    r"\bcurrent(?:ly)?(?: address)?(?: at| is| going to| set to)?:?|"
    r"\bno longer(?: live| reside)?(?: at)?|\bprevious(?: address)?(?: is| was)?:?|\bused to live at|"
    r"\bmoved from|\bleft)\s*(?:the |my )?$"
)
SHORT_LETTER = 45
SHORT_HEADING = 9
PLACING = frozenset({Kind.ORDER_ADDRESS, Kind.OWN_ADDRESS})
SHARING = re.compile(r"\b(?:there|same|it|this|that|also|too|as well|new|likewise)\b")


def read_wishes(letter: Letter) -> Reading:
    """The letter understood; alarms, tone of the thread and what was hidden are the caller's to add."""
    verdicts = [judge_clause(clause, letter) for clause in letter.clauses]
    wishes = drop_weak(collect(letter, verdicts))
    wishes = apply_second_thoughts(with_addresses(wishes, letter), letter)
    return Reading(
        wishes=tuple(wishes),
        questions=tuple(
            clause.text
            for clause, verdict in zip(letter.clauses, verdicts, strict=True)
            if verdict.is_question and not verdict.kinds and not (wishes and settles(clause))
        ),
        settlements=tuple(settlements(letter, verdicts)),
        orders=letter.orders,
        text=letter.low,
        is_angry=is_angry(letter),
        is_thanks=is_thanks(letter, wishes, verdicts),
        is_hedged=any(verdict.is_hedged for verdict in verdicts),
        is_withdrawn=bool(phrases.UNDONE.search(letter.low) or phrases.NOT_CANCEL.search(letter.low)),
    )


def collect(letter: Letter, verdicts: Sequence[Verdict]) -> list[Wish]:
    """A wish for each clause that states one, list entries taken into the heading they belong to."""
    wishes: list[Wish] = []
    current: tuple[str, ...] = ()
    taken = 0
    for place, clause in enumerate(letter.clauses):
        verdict = verdicts[place]
        if place < taken:
            current = clause.orders or current
            continue
        own = clause.orders
        if own and not phrases.DENIES_ITEM.search(clause.low[: clause.low.find("#w")]):
            current = own
        orders = own or current or orders_ahead(letter, verdicts, place)
        for kind in verdict.kinds:
            end = absorb(letter, verdicts, place) if kind in ABSORBING else place + 1
            taken = max(taken, end)
            wishes.append(make_wish(letter, verdicts, place, end, kind, orders=orders))
        if not verdict.kinds and wishes and repeats(clause, wishes[-1]):
            wishes.append(replace(wishes[-1], orders=own, place=place, is_inherited=False))
    return list(dict.fromkeys(wishes))


def make_wish(
    letter: Letter, verdicts: Sequence[Verdict], place: int, end: int, kind: Kind, *, orders: tuple[str, ...]
) -> Wish:
    """The wish of the clauses from `place` to `end`, with what stands around it."""
    verdict, clauses = verdicts[place], letter.clauses
    acting = [bool(set(other.kinds) - TELLING) for other in verdicts]
    first = next((at + 1 for at in range(place - 1, -1, -1) if acting[at]), 0)
    last = next((at for at in range(end, len(clauses)) if acting[at]), len(clauses))
    named = set(orders)
    for at in range(end, last):
        if clauses[at].orders and not named & set(clauses[at].orders):
            last = at
            break
    for at in range(place - 1, first - 1, -1):
        if clauses[at].orders:
            first = at if named & set(clauses[at].orders) else at + 1
            break
    entries = tuple(order for clause in clauses[place + 1 : end] for order in clause.orders)
    return Wish(
        kind=kind,
        text="\n".join(clause.text for clause in clauses[place:end]),
        orders=orders or tuple(dict.fromkeys(entries)),
        before="\n".join(clause.text for clause in clauses[first:place]),
        after="\n".join(clause.text for clause in clauses[end:last]),
        manner=verdict.manner,
        is_inherited=not clauses[place].orders,
        is_weak=verdict.is_weak,
        place=place,
    )


def absorb(letter: Letter, verdicts: Sequence[Verdict], place: int) -> int:
    """Where the list ends that a clause opens: its entries are part of the wish unless they ask for something else."""
    end = place + 1
    clause = letter.clauses[place]
    while end < len(letter.clauses):
        following = letter.clauses[end]
        same = (
            following.sentence == letter.clauses[end - 1].sentence
            and not verdicts[end].kinds
            and not settles(following)
        )
        listed = same or (following.is_entry and (not clause.is_entry or following.sentence == clause.sentence))
        opened = clause.is_heading and following.sentence == clause.sentence + 1
        if not (listed or opened) or other_request(verdicts[end], verdicts[place]) or following.orders:
            break
        if clause.is_entry and not opened and not same:
            break
        end += 1
    return end


def other_request(verdict: Verdict, heading: Verdict) -> bool:
    """Whether an entry asks for something else than its heading."""
    if not verdict.kinds:
        return False
    return verdict.kinds != heading.kinds or (verdict.manner != heading.manner and verdict.manner != Manner.OPEN)


def orders_ahead(letter: Letter, verdicts: Sequence[Verdict], place: int) -> tuple[str, ...]:
    """The order a clause speaks of before naming it: the letter's only one, or the one named next."""
    if len(letter.orders) == 1:
        return letter.orders
    for clause, verdict in zip(letter.clauses[place + 1 :], verdicts[place + 1 :], strict=True):
        if verdict.kinds:
            break
        if clause.orders:
            return clause.orders
    return ()


def repeats(clause: Clause, wish: Wish) -> bool:
    """Whether a clause asks for the same again for another order: `and #W2 too`."""
    if not clause.orders or wish.kind not in REPEATABLE or clause.orders == wish.orders:
        return False
    return bool(phrases.TOGETHER.search(clause.low)) and not phrases.DENIES_ITEM.search(clause.low)


def drop_weak(wishes: list[Wish]) -> list[Wish]:
    """Without wishes that only help others along: a method for a difference, a heading, the same money asked twice."""
    kept: list[Wish] = []
    for wish in wishes:
        others = [other for other in wishes if other is not wish]
        if not (only_helps(wish, others) or only_tells(wish, others, kept) or is_heading(wish, others)):
            kept.append(wish)
    return kept


def only_helps(wish: Wish, others: Sequence[Wish]) -> bool:
    """`Use my PayPal` settles a difference where items change or come back; a soft change yields to a clear wish."""
    if not wish.is_weak:
        return False
    if wish.kind == Kind.ITEMS:
        return any(other.kind in {Kind.CANCEL, Kind.RETURN} and shares_order(wish, other) for other in others)
    return any(other.kind in ABSORBING and (wish.is_inherited or shares_order(wish, other)) for other in others)


def only_tells(wish: Wish, others: Sequence[Wish], kept: Sequence[Wish]) -> bool:
    """Whether a wish for money or news goes with a wish that brings both."""
    if wish.kind == Kind.REFUND and any(other.kind == Kind.REFUND for other in kept):
        return True
    if wish.kind in {Kind.REFUND, Kind.REFUND_STATUS}:
        bringing = [other for other in others if other.kind in {Kind.CANCEL, *ABSORBING} and not other.is_weak]
        return any(wish.is_inherited or shares_order(wish, other) for other in bringing)
    news = {Kind.ORDER_STATUS, Kind.DAMAGE}
    return wish.kind in news and wish.is_inherited and any(other.kind not in news for other in others)


def is_heading(wish: Wish, others: Sequence[Wish]) -> bool:
    """`Could you help me with an exchange?` opens what the next sentence asks for."""
    if wish.orders or len(wish.text.split()) > SHORT_HEADING:
        return False
    return any(other.kind == wish.kind and other.place > wish.place and other.orders for other in others)


def shares_order(wish: Wish, other: Wish) -> bool:
    """Whether two wishes speak of one order."""
    return bool(set(wish.orders) & set(other.orders))


def apply_second_thoughts(wishes: list[Wish], letter: Letter) -> list[Wish]:
    """Without what a later clause takes back."""
    for place, clause in enumerate(letter.clauses):
        if phrases.UNDONE.search(clause.low):
            wishes = [wish for wish in wishes if wish.place >= place]
        if phrases.NOT_CANCEL.search(clause.low):
            spared = set(clause.orders)
            wishes = [
                wish
                for wish in wishes
                if wish.kind != Kind.CANCEL or (spared and not spared & set(wish.orders)) or not is_spared(wish, place)
            ]
    return wishes


def is_spared(wish: Wish, place: int) -> bool:
    """Whether a `do not cancel` at `place` can mean this wish: one that came before it."""
    return wish.place <= place


def with_addresses(wishes: list[Wish], letter: Letter) -> list[Wish]:
    """Each address wish with the addresses that can be meant; a bare address with a reason to be one becomes a wish."""
    marked = {place: new_markers(clause.low) for place, clause in enumerate(letter.clauses)}
    marked = {place: markers for place, markers in marked.items() if markers}
    addressed = []
    spoken = any(wish.kind in PLACING for wish in wishes)
    claimed = {wish.place for wish in wishes if wish.kind in PLACING and wish.place in marked}
    for wish in wishes:
        if marked and not spoken and wish.kind == Kind.ITEMS and phrases.BARE_CHANGE.search(wish.text.lower()):
            wish = replace(wish, kind=Kind.ORDER_ADDRESS)
        if wish.kind in PLACING:
            numbers = markers_for(wish, marked, claimed)
            wish = replace(wish, addresses=tuple(letter.addresses[number] for number in numbers))
        addressed.append(wish)
    if marked and not any(wish.addresses for wish in addressed):
        addressed += stray_address(letter, marked, addressed)
    return sorted(addressed, key=lambda wish: wish.place)


def new_markers(low: str) -> list[int]:
    """The addresses of a clause that are not named as the old one."""
    found = [(int(match[1]), bool(OLD_MARKER.search(low[: match.start()]))) for match in MARKER.finditer(low)]
    return list(dict.fromkeys(number for number, is_old in found if not is_old))


def markers_for(wish: Wish, marked: dict[int, list[int]], claimed: set[int]) -> list[int]:
    """The addresses in the wish's own clause; else the next that no other wish claims, or the last one before it.

    An address that another wish claims serves this one too where the words say so: `there`, `the same`, `it`.
    """
    if wish.place in marked:
        return marked[wish.place]
    free = [place for place in marked if place not in claimed]
    ahead = [place for place in free if place > wish.place]
    behind = [place for place in free if place < wish.place]
    nearest = min(ahead) if ahead else max(behind, default=None)
    shared = [place for place in marked if place in claimed]
    if nearest is None and shared and SHARING.search(wish.text.lower()):
        earlier = [place for place in shared if place < wish.place]
        nearest = max(earlier) if earlier else min(shared)
    return marked[nearest] if nearest is not None else []


def stray_address(letter: Letter, marked: dict[int, list[int]], wishes: Iterable[Wish]) -> list[Wish]:
    """A wish for an address that no clause claims: an order's where one is left to be sent, else the customer's own."""
    low = letter.low
    place = min(marked)
    speaks = phrases.ADDRESS_WORD.search(low) or phrases.MOVED.search(low) or phrases.SHIP_TO.search(low)
    if not speaks or any(wish.kind in PLACING for wish in wishes):
        return []
    taken = {order for wish in wishes for order in wish.orders}
    orders = tuple(order for order in letter.orders if order not in taken)
    own = bool(phrases.ACCOUNT.search(low)) or not orders
    kind = Kind.OWN_ADDRESS if own else Kind.ORDER_ADDRESS
    addresses = tuple(letter.addresses[number] for number in marked[place])
    return [Wish(kind, letter.clauses[place].text, orders, addresses=addresses, is_inherited=True, place=place)]


def settles(clause: Clause) -> bool:
    """Whether a clause is about where money goes: `Could the refund go onto my gift card?`"""
    return bool(read_methods(clause.low) and phrases.SETTLING.search(clause.low))


def settlements(letter: Letter, verdicts: Sequence[Verdict]) -> list[tuple[int, str]]:
    """Where clauses say how a difference or a refund is settled, with their places."""
    found = []
    for place, clause in enumerate(letter.clauses):
        if Kind.PAYMENT in verdicts[place].kinds and not verdicts[place].is_weak:
            continue
        if ASKS_HOW.search(clause.low):
            continue
        names_method = bool(read_methods(clause.low)) or means_original(clause.low)
        if names_method and (phrases.SETTLING.search(clause.low) or phrases.PAYMENT_USE.search(clause.low)):
            found.append((place, clause.text))
    return found


def is_angry(letter: Letter) -> bool:
    """Whether an apology is due: strong words, or a letter in capitals."""
    letters = [char for clause in letter.clauses for char in clause.text if char.isalpha()]
    shouted = len(letters) > SHORT_LETTER and sum(char.isupper() for char in letters) > 0.6 * len(letters)
    return shouted or bool(phrases.ANGRY.search(letter.low))


def is_thanks(letter: Letter, wishes: Sequence[Wish], verdicts: Sequence[Verdict]) -> bool:
    """Whether the letter says thank you and nothing more: no clause of any length is about anything else."""
    asks = wishes or any(verdict.is_question or verdict.is_hedged for verdict in verdicts)
    other = [
        clause for clause in letter.clauses if len(clause.low.split()) > 3 and not phrases.THANKS.search(clause.low)
    ]
    return bool(not asks and not other and not letter.orders and phrases.THANKS.search(letter.low))
