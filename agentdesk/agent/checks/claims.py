"""Typed claims of a reply against the evidence: amounts, shares, lengths of time, dates, ids, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentdesk.agent.checks.almanac import follows, is_misnamed
from agentdesk.agent.checks.amounts import Stated, read_amounts, read_shares
from agentdesk.agent.checks.dates import (
    Length,
    Moment,
    Timed,
    days_after,
    is_borne_out,
    read_lengths,
    read_moments,
    same_date,
)
from agentdesk.agent.checks.facts import SAID, Facts
from agentdesk.agent.checks.ids import Named, normal_id, read_ids, read_links
from agentdesk.agent.checks.sources import Passage
from agentdesk.agent.checks.sums import sources_of
from agentdesk.agent.checks.topics import matters_in, methods_in
from agentdesk.agent.checks.wording import Sentence, quoted
from agentdesk.agent.findings import Finding

COMMITS = re.compile(
    r"\b(?:will|we'll|i'll|you'll|shall|going to|guarantee|promise|arriv\w*|deliver\w*|refund\w*|credit\w*|charge\w*|"
    r"receive|expect it|by|until|ship\w*)\b",
    re.I,
)
AS_PAID = re.compile(
    r"\b(?:method|way) you paid|\boriginal (?:payment )?method|\bthe way it came|"
    r"\bsame (?:method|way)",
    re.I,
)
SUPPOSED = re.compile(r"(?:should|if|in case)\b", re.I)
SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|apology|apologies|regret)\b", re.I)
CLOSED = re.compile(r"\bclosed\b", re.I)
"""A day that no article names among the open ones is one."""
ARRIVES = re.compile(
    r"\b(?:will|should|['’]ll)\b[^.;]*\b(?:arriv\w*|deliver\w*|be (?:there|with you|here)|reach\w*|(?:get|"
    r"have) (?:it|them))\b[^.;]{0,30}$",
    re.I,
)
PLUS = re.compile(r"\b(?:plus|not counting|without)\b[^.;)]*", re.I)
NEXT_WORKING = re.compile(r"next (?:working|business) day")
TRACKED = re.compile(r"\btracking\b", re.I)


@dataclass(frozen=True)
class Claim:
    """A claim with the sources that bear it out; none at all where it is made up."""

    sentence: Sentence
    kind: str
    text: str
    sources: frozenset[str]


def check_sentence(sentence: Sentence, before: str, facts: Facts) -> Iterator[Finding | Claim]:
    """The typed claims of a sentence: a finding for each that nothing bears out, a claim for each that something does.

    `before` is the sentence before it, which a `This usually takes` speaks of.
    """
    text = sentence.text
    amounts = read_amounts(text)
    links = list(read_links(text))
    yield from check_amounts(sentence, amounts, facts)
    for share in read_shares(text):
        yield from judge(
            sentence,
            "amount",
            share.text,
            frozenset(facts.shares.get(share.value, ())),
            "is a share that no source names",
        )
    for link in links:
        yield from check_link(sentence, link, facts)
    lengths = list(read_lengths(text))
    for length in lengths:
        yield from check_length(sentence, length, before, facts)
    moments = [one for one in read_moments(text) if not overlaps(one, amounts)]
    for moment in moments:
        yield from check_moment(sentence, moment, facts)
    for named in read_ids(text):
        if not any(overlaps(named, others) for others in (amounts, links, moments, lengths)):
            yield from check_id(sentence, named, facts)


def overlaps(one: Stated | Timed | Named, others: Sequence[Stated] | Sequence[Named] | Sequence[Timed]) -> bool:
    """Whether a place in the text is taken already."""
    return any(other.start < one.end and one.start < other.end for other in others)


def judge(sentence: Sentence, kind: str, words: str, sources: frozenset[str], why: str) -> Iterator[Finding | Claim]:
    """A finding where no source but the customer's own words bears the claim out."""
    told = sources - {SAID}
    if told:
        yield Claim(sentence, kind, words, told)
    elif not sources:
        yield quoted(f"ungrounded_{kind}", words, f"{why}.")
    elif not may_repeat(sentence):
        yield quoted(
            f"ungrounded_{kind}", words, "stands only in the customer's own words, and the reply states it as ours."
        )


def may_repeat(sentence: Sentence) -> bool:
    """Whether what only the customer said may stand here: told as theirs, denied, or asked about."""
    is_told = sentence.is_attributed or SORRY.search(sentence.text) is not None
    return is_told or sentence.is_negated or sentence.asks or sentence.is_conditional


# --- Amounts ---


def check_amounts(sentence: Sentence, amounts: Sequence[Stated], facts: Facts) -> Iterator[Finding | Claim]:
    """Each amount has to stand in a source, or be an exact sum or difference of the amounts of one order."""
    for stated in amounts:
        sources = sources_of(stated, sentence.text, facts)
        yield from judge(sentence, "amount", stated.text, sources, "is an amount that no source of this run names")


# --- Time ---


def check_length(sentence: Sentence, timed: Timed, before: str, facts: Facts) -> Iterator[Finding | Claim]:
    """A length of time has to stand in a source, and there of the same matter."""
    length = timed.value
    if (
        not isinstance(length, Length)
        or sentence.text[timed.end :].startswith(" off")
        or (sentence.is_attributed and not COMMITS.search(sentence.text))
    ):
        return
    bearing = frozenset(name for known, name in facts.lengths if is_borne_out(length, known))
    if (bearing == {SAID} or length.vague) and not COMMITS.search(sentence.text):
        return
    if not bearing - {SAID}:
        yield from judge(
            sentence, "duration", timed.text, bearing, "is a length of time that no source of this run names"
        )
        return
    context = (
        f"{before} {sentence.text}"
        if sentence.text.split(" ", 1)[0] in {"This", "It", "That", "They", "These"}
        else sentence.text
    )
    passages = [passage for passage in facts.passages if any(is_borne_out(length, known) for known in passage.lengths)]
    is_supposed = SUPPOSED.match(sentence.text) is not None
    if passages and not is_supposed and not any(is_same_matter(context, passage) for passage in passages):
        yield quoted("ungrounded_duration", timed.text, "is said of another matter in the source that names it.")
        return
    yield Claim(sentence, "duration", timed.text, bearing - {SAID})


def is_same_matter(claim: str, source: Passage) -> bool:
    """Whether a claim and a clause of a source speak of one matter and one way to pay, as far as they say."""
    asked, known = matters_in(PLUS.sub("", claim)), source.matters
    paid, known_paid = methods_in(claim), methods_in("" if AS_PAID.search(source.text) else source.text)
    if len(known_paid) > 1:
        parts = [part for part in source.text.split(",") if any(True for _ in read_lengths(part))]
        known_paid = frozenset().union(*(methods_in(part) for part in parts)) or known_paid
    return (not asked or not known or bool(asked & known)) and (not paid or not known_paid or bool(paid & known_paid))


def check_moment(sentence: Sentence, timed: Timed, facts: Facts) -> Iterator[Finding | Claim]:
    """A date or time has to stand in a source, or lie a length of time a source names after one that does."""
    moment = timed.value
    if not isinstance(moment, Moment):
        return
    sources = frozenset(name for known, names in facts.moments.items() if same_date(moment, known) for name in names)
    if moment.kind == "date" and not sources - {SAID}:
        sources |= reckoned(moment, facts)
    if moment.kind in {"month", "year"}:
        sources |= frozenset(
            name
            for known, names in facts.moments.items()
            if known.kind == "date" and moment.key[0] in known.key
            for name in names
        )
    if moment.kind == "weekday" and CLOSED.search(sentence.text) and any(k.kind == "weekday" for k in facts.moments):
        return
    if moment.kind == "weekday" and ARRIVES.search(sentence.text[: timed.start]):
        told = timed.text.lower()[:3]
        goods = {one.source for one in facts.passages if "goods" in one.matters and told in one.text}
        sources = frozenset(sources & goods)
    if not sources - {SAID}:
        sources |= follows(timed, sentence.text, facts) | next_working(moment, facts)
    if is_misnamed(timed, sentence.text, facts):
        yield quoted("ungrounded_date", timed.text, "is another day of the week than the one before it.")
        return
    if sources == {SAID} and (may_repeat(sentence) or not COMMITS.search(sentence.text)):
        return
    yield from judge(sentence, "date", timed.text, sources, "is a date or time that no source of this run names")


def next_working(moment: Moment, facts: Facts) -> frozenset[str]:
    """The sources of a length that begins with one working day: it may be over on the next one."""
    if moment.kind != "relative" or not NEXT_WORKING.fullmatch(str(moment.key[0])):
        return frozenset()
    return frozenset(name for length, name in facts.lengths if length.working and length.lo == 1 and name != SAID)


def reckoned(moment: Moment, facts: Facts) -> frozenset[str]:
    """The sources of a length of time by which a date follows from another one."""
    lengths = {length for length, name in facts.lengths if name != SAID and not length.vague}
    for known in facts.moments:
        if known.kind == "date" and any(same_date(moment, one) for one in days_after(known, lengths)):
            return frozenset(name for length, name in facts.lengths if length in lengths)
    return frozenset()


# --- Ids and links ---


def check_id(sentence: Sentence, named: Named, facts: Facts) -> Iterator[Finding | Claim]:
    """An id has to stand in a source; one that only the customer named is still his to be spoken of."""
    sources = frozenset(facts.ids.get(named.key, ()))
    if named.kind == "ending":
        sources = frozenset(name for token, names in facts.ids.items() if token.endswith(named.key) for name in names)
    if not sources and named.kind == "phone":
        sources = frozenset(name for part in [named.key.lstrip("1")] for name in facts.ids.get(part, ()))
    if not sources:
        yield quoted("ungrounded_id", named.text, "is a number or id that no source of this run names.")
    elif sources == {SAID} and TRACKED.search(sentence.text) and not may_repeat(sentence):
        yield quoted(
            "ungrounded_id", named.text, "stands only in the customer's own words, and the reply states it as ours."
        )


def check_link(sentence: Sentence, link: Named, facts: Facts) -> Iterator[Finding | Claim]:
    """A link has to stand in an article or a tool result; the customer's own address may be repeated."""
    sources = frozenset(facts.links.get(link.key, ()))
    if link.kind == "link" and not sources:
        sources = frozenset(
            name for known, names in facts.links.items() if known.startswith(link.key + "/") for name in names
        )
    if sources - {SAID} or (link.kind == "email" and sources and may_repeat(sentence)):
        return
    if is_own_address(link, facts):
        return
    why = "stands only in the customer's own words." if sources else "is a link that no source of this run names."
    yield quoted("ungrounded_link", link.text, why)


def is_own_address(link: Named, facts: Facts) -> bool:
    """Whether an e-mail address is the customer's."""
    customer = facts.evidence.customer or {}
    return normal_id(link.key) == normal_id(str(customer.get("email", "")))
