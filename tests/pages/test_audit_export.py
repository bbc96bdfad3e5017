"""The audit log as a file: what fits, sealed, row by row with its place in the chain; taking it is audited."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from agentdesk.audit_export import stream
from approvals import audit, audit_files
from approvals.models import AuditEntry
from tests.pages.test_audit_search import record
from tickets.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(client: Client, auditor: Person) -> Client:
    client.force_login(auditor)
    return client


def text_of(response: HttpResponseBase) -> str:
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_formula_stays_text(theirs: Client) -> None:
    record("=HYPERLINK(1)", actor="+person:mallory", reason="=1+1")
    rows = list(csv.DictReader(io.StringIO(text_of(theirs.post("/audit/export.csv", {"actor": "+person"})))))
    assert [(row["subject"], row["actor"]) for row in rows] == [("'=HYPERLINK(1)", "'+person:mallory")]
    assert json.loads(rows[0]["data"]) == {"reason": "=1+1"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_lines_can_be_checked_by_whoever_has_them(theirs: Client) -> None:
    for number in range(5):
        record(f"action:{number}", reason="späte Lieferung")
    lines = text_of(theirs.post("/audit/export.jsonl")).splitlines()
    count, last = audit_files.verify_lines(lines)
    assert count == AuditEntry.objects.count() - 1
    assert f'"hash": "{last}"' in lines[-1]
    with pytest.raises(audit.BrokenChain, match="line 2 "):
        audit_files.verify_lines([lines[0], lines[1].replace("späte", "frühe"), *lines[2:]])


def test_only_what_fits_is_in_it_and_still_holds_by_itself(theirs: Client) -> None:
    for number in range(6):
        record(f"action:{number}", kind="action.decided" if number % 2 else "action.proposed", reason=f"no {number}")
    lines = text_of(theirs.post("/audit/export.jsonl", {"kind": "action.decided", "words": "no"})).splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["action:1", "action:3", "action:5"]
    assert audit_files.verify_lines(lines)[0] == 3


def test_it_is_audited_with_what_was_asked_for_and_the_head(theirs: Client) -> None:
    record("action:1")
    response = theirs.post("/audit/export.csv", {"kind": "action"})
    entry = AuditEntry.objects.get(kind="audit.exported")
    position, head = entry.data["position"], entry.data["hash"]
    assert (entry.actor, entry.data["filters"], entry.data["form"]) == ("person:auditor", {"kind": "action"}, "csv")
    assert audit.verify_chain((position, head)) == position
    assert f"audit-{position}.csv" in response["Content-Disposition"]
    assert "audit.exported" not in text_of(response)


def test_however_many_there_are_a_batch_is_read_at_a_time(theirs: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_files, "BATCH", 3)
    for number in range(8):
        record(f"action:{number}")
    audit.seal_entries()
    batches = list(audit_files.rows_of(AuditEntry.objects.filter(kind="action.proposed"), audit.chain_head()[0]))
    assert len(batches) >= 3 and all(1 <= len(batch) <= 3 for batch in batches)
    assert [row["subject"] for batch in batches for row in batch] == [f"action:{number}" for number in range(8)]


def test_an_asynchronous_server_gets_the_same_parts() -> None:
    def parts() -> Iterator[str]:
        yield from ("one\n", "two\n")

    async def read() -> list[str]:
        return [part async for part in stream(parts())]

    assert asyncio.run(read()) == ["one\n", "two\n"]


@pytest.mark.parametrize("who", ["rita", "max_"])
def test_others_take_nothing(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.post("/audit/export.csv").status_code == 403
    assert not AuditEntry.objects.filter(kind="audit.exported", at__lte=timezone.now()).exists()


def test_it_is_no_page_to_follow_a_link_to(theirs: Client) -> None:
    assert theirs.get("/audit/export.csv").status_code == 405
    assert theirs.post("/audit/export.xlsx").status_code == 404
