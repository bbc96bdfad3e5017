"""A reply as it would leave: what checks found marked in its words, what is cited underlined, its sources numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import reverse

from agentdesk.pages.agent_fields import tool_title
from agentdesk.pages.findings import FindingRow, read_findings
from agentdesk.runs.models import Event, EventKind
from approvals.models import Action
from tickets.effects import SendMessage

MOST_MARKS = 100
"""Marks in one draft; what is marked more often than that is not read any more."""
ARTICLE = re.compile(r"article:([-a-zA-Z0-9_]+)@(\d{1,9})")


@dataclass(frozen=True)
class Source:
    """One citation: where it leads, and the passage it rests on."""

    number: int
    name: str
    address: str
    quote: str


@dataclass(frozen=True)
class Piece:
    """Some words of a draft; `why` says what is wrong with them, or which passage they rest on."""

    words: str
    mark: Literal["", "flagged", "unsourced", "cited"] = ""
    why: str = ""
    number: int = 0


@dataclass(frozen=True)
class Draft:
    """A message that would leave, for a reader who decides on it."""

    to: str
    subject: str
    body: str
    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]

    @property
    def is_marked(self) -> bool:
        """Whether anything in its words is marked."""
        return any(piece.mark for piece in self.pieces)


def draft_of(message: SendMessage, action: Action) -> Draft:
    """The message with its marks and sources."""
    sources = tuple(sources_of(message.citations, action))
    pieces = tuple(mark_words(message.body, read_findings(action.findings), sources))
    return Draft(message.to, message.subject, message.body, pieces, sources)


# --- Sources ---


def sources_of(citations: Sequence[Mapping[str, str]], action: Action) -> Iterator[Source]:
    """The citations, numbered from 1, each with its name and a way to what it names."""
    calls = {str(one.get("source", "")).removeprefix("tool:") for one in citations if is_tool(one)}
    answers = answers_of(action.origin, calls)
    for number, citation in enumerate(citations, 1):
        source, quote = str(citation.get("source", "")), str(citation.get("quote", ""))
        yield Source(number, name_of(source, answers), address_of(source, action, answers), quote)


def is_tool(citation: Mapping[str, str]) -> bool:
    """Whether a citation names a tool's answer."""
    return str(citation.get("source", "")).startswith("tool:")


def answers_of(run_id: UUID, calls: set[str]) -> dict[str, Event]:
    """What in a run's timeline answered each of these calls, by `tool:CALL`."""
    if not calls:
        return {}
    answered = Event.objects.filter(run_id=run_id, kind=EventKind.TOOL_ANSWERED).order_by("seq")
    told = {event.data.get("tool_call_id", ""): event for event in answered}
    return {f"tool:{call}": told[call] for call in calls if call in told}


def name_of(source: str, answers: Mapping[str, Event]) -> str:
    """A source as people call it; as it is cited where it names nothing that is known."""
    article = ARTICLE.fullmatch(source)
    if article:
        return f"Article {article[1]}, revision {article[2]}"
    if source in answers:
        return tool_title(str(answers[source].data.get("tool", source)))
    return "This ticket" if source == "ticket" else source


def address_of(source: str, action: Action, answers: Mapping[str, Event]) -> str:
    """The article's revision, the answer in the run's timeline, or the ticket; nothing for what is none of them."""
    if source.startswith("article:"):
        return article_address(source)
    if source in answers:
        return f"{reverse('run', args=(action.origin,))}#event-{answers[source].seq}"
    return reverse("ticket", args=(action.ticket_id,)) if source == "ticket" and action.ticket_id else ""


def article_address(source: str) -> str:
    """The page of an article's revision as it is cited; nothing for any other source."""
    article = ARTICLE.fullmatch(source)
    return reverse("article_revision", args=(article[1], int(article[2]))) if article else ""


# --- Marks ---


@dataclass(frozen=True)
class Span:
    """A stretch of a body and how it is marked."""

    start: int
    end: int
    piece: Piece


def mark_words(body: str, findings: Sequence[FindingRow], sources: Sequence[Source]) -> Iterator[Piece]:
    """The body in pieces, in order and whole: findings first, then what is cited, none over another."""
    reached = 0
    for span in choose_spans(list(find_spans(body, findings, sources))):
        if span.start > reached:
            yield Piece(body[reached : span.start])
        yield span.piece
        reached = span.end
    if reached < len(body):
        yield Piece(body[reached:])


def find_spans(body: str, findings: Sequence[FindingRow], sources: Sequence[Source]) -> Iterator[Span]:
    """Every place where quoted or cited words stand, the gravest first."""
    for finding in findings:
        mark: Literal["unsourced", "flagged"] = "unsourced" if finding.lacks_source else "flagged"
        for quote in finding.quotes:
            for match in find_all(quote, body):
                yield Span(*match.span(), Piece(match[0], mark, f"{finding.title}: {finding.reason}"))
    for source in sources:
        for match in find_all(source.quote, body):
            yield Span(*match.span(), Piece(match[0], "cited", f"Source {source.number}: {source.name}", source.number))


def find_all(quote: str, body: str) -> Iterator[re.Match[str]]:
    """Where words stand as whole words, whatever their spacing and case."""
    parts = quote.strip().rstrip("…").split()
    if not parts:
        return
    before = r"(?<!\w)" if parts[0][0].isalnum() else ""
    after = r"(?!\w)" if parts[-1][-1].isalnum() and not quote.rstrip().endswith("…") else ""
    pattern = before + r"\s+".join(map(re.escape, parts)) + after
    yield from re.finditer(pattern, body, re.IGNORECASE)


def choose_spans(found: list[Span]) -> list[Span]:
    """Those that are shown, in order of place: of two that overlap the one that was found first."""
    chosen: list[Span] = []
    for span in found:
        if len(chosen) < MOST_MARKS and all(span.end <= one.start or span.start >= one.end for one in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)
