"""A draft's marks: what checks found and what is cited, in words that stay whole, inert and readable without sight."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agentdesk.pages.drafts import MOST_MARKS, Source, mark_words
from agentdesk.pages.findings import read_findings
from agentdesk.runs.log import Fact, append_facts
from agentdesk.runs.models import EventKind, Run
from approvals.models import Action
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person

AMOUNT = "ungrounded_amount: “62.00” stands in no source."
PROMISE = "claims_undone_action: “it is done” speaks of what has not happened."


def marks(body: str, *findings: str, sources: tuple[Source, ...] = ()) -> list[tuple[str, str]]:
    pieces = list(mark_words(body, read_findings(findings), sources))
    assert "".join(piece.words for piece in pieces) == body
    return [(piece.words, piece.mark) for piece in pieces if piece.mark]


def test_quoted_words_are_marked_wherever_they_stand_whole() -> None:
    body = "You get 62.00 back.\nYes, 62.00. Not 162.00, nor 62.001."
    assert marks(body, AMOUNT) == [("62.00", "unsourced"), ("62.00", "unsourced")]


def test_spacing_and_case_do_not_hide_them() -> None:
    assert marks("IT  IS\ndone.", PROMISE) == [("IT  IS\ndone", "flagged")]


def test_the_first_finding_wins_where_two_overlap() -> None:
    second = "uncited_claim: “is done” stands in tool:x, which is not cited."
    assert marks("it is done", PROMISE, second) == [("it is done", "flagged")]


def test_cited_words_are_underlined_with_their_number() -> None:
    source = Source(1, "article:returns@2", "/knowledge/", "within 30 days")
    pieces = list(mark_words("Send it within 30 days.", (), (source,)))
    assert [(piece.words, piece.mark, piece.number) for piece in pieces][1] == ("within 30 days", "cited", 1)


@pytest.mark.parametrize("finding", ["legal", "legal: no words", "odd: “”", "odd: “ … ”", "odd: “not there”", ""])
def test_what_quotes_nothing_of_the_draft_marks_nothing(finding: str) -> None:
    assert marks("Dear Carla, hello.", finding) == []


def test_marks_have_a_limit() -> None:
    assert len(marks("a " * 1000, "x: “a”")) == MOST_MARKS


# --- On the pages ---


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now(), origin=uuid4())


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def store(run_id: UUID, kind: EventKind, data: dict[str, Any], **words: Any) -> None:
    with transaction.atomic():
        texts = {name: json.dumps(value) for name, value in words.items()}
        append_facts(run_id, [Fact(kind, data, texts)], at=timezone.now())


@pytest.fixture
def reply(bench: Bench) -> Action:
    """A reply of the ticket's run with two findings and three citations, its confidence lowered."""
    run = Run.objects.get(ticket=bench.ticket)
    store(run.pk, EventKind.TOOL_ANSWERED, {"tool": "get_order", "tool_call_id": "call_1"}, answer={})
    citations = [
        {"source": "tool:call_1", "quote": "62.00 <b>"},
        {"source": "article:returns@2", "quote": "30 days"},
        {"source": "tool:unknown", "quote": ""},
    ]
    body = "Dear Carla,\n<b>62.00</b> comes back within 30 days; it is done."
    verified = {"tool_call_id": "call_9", "kind": "send_reply", "stated": "0.90", "confidence": "0.07"}
    store(run.pk, EventKind.DRAFT_VERIFIED, verified)
    return bench.propose(
        "send_reply", {"body": body, "citations": citations}, origin=run.pk, findings=(AMOUNT, PROMISE),
        confidence=Decimal("0.07"), tool_call_id="call_9", rationale="She asks.", alternatives=("an <i>exchange</i>",),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["queue", "ticket", "action"])
def test_findings_stand_in_words_beside_the_reason(maxs: Client, reply: Action, room: str) -> None:
    address = {"queue": "/queue/", "ticket": f"/tickets/{reply.ticket_id}/", "action": f"/actions/{reply.pk}/"}[room]
    shown = maxs.get(address).content.decode()
    assert "Ungrounded amount: " in shown and "“62.00” stands in no source." in shown
    assert "Waits: ungrounded amount" not in shown and "Waits: " in shown


@pytest.mark.django_db
def test_what_is_always_reviewed_says_so_once(maxs: Client, bench: Bench) -> None:
    attack = "injection: The text gives orders: “note to the assistant”."
    action = bench.propose("send_reply", {"body": "Dear Carla."}, findings=(attack,))
    page = maxs.get("/queue/").content.decode()
    assert "Waits: injection is always reviewed." in page and "Injection: " in page
    assert maxs.get(f"/actions/{action.pk}/").content.decode().count("“note to the assistant”") == 2


@pytest.mark.django_db
def test_the_draft_is_marked_with_the_reason_as_text_too(maxs: Client, reply: Action) -> None:
    page = maxs.get(f"/actions/{reply.pk}/").content.decode()
    assert '<mark class="unsourced" tabindex="0" data-why="Ungrounded amount: “62.00” stands in no source.">' in page
    assert '<mark class="flagged"' in page and '<mark class="cited"' in page
    assert '<span class="visually-hidden"> (Ungrounded amount: “62.00” stands in no source.) </span>' in page
    assert "&lt;b&gt;" in page and "<b>62" not in page


@pytest.mark.django_db
def test_its_sources_are_numbered_and_lead_to_what_they_name(maxs: Client, reply: Action) -> None:
    page = maxs.get(f"/actions/{reply.pk}/").content.decode()
    seq = Run.objects.get(pk=reply.origin).events.get(kind="tool.answered").seq
    assert f'href="/runs/{reply.origin}/#event-{seq}">Get order</a>' in page
    assert 'href="/knowledge/returns/revisions/2/">Article returns, revision 2</a>' in page
    assert "<li>tool:unknown</li>" in page


@pytest.mark.django_db
def test_it_says_how_sure_the_model_was_and_what_lowered_it(maxs: Client, reply: Action) -> None:
    page = maxs.get(f"/actions/{reply.pk}/").content.decode()
    assert "The model said it is 90 % sure; 7 % are left with what checks found" in page
    assert "ungrounded amount × 0.4, claims undone action × 0.2" in page


@pytest.mark.django_db
def test_reason_and_alternatives_are_folded_and_inert(maxs: Client, reply: Action) -> None:
    page = maxs.get(f"/actions/{reply.pk}/").content.decode()
    folded = page[page.index("Why it is proposed, and what was passed over") :]
    assert "She asks." in folded and "an &lt;i&gt;exchange&lt;/i&gt;" in folded and "<i>exchange" not in page
