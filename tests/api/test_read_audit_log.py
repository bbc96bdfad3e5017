"""The audit log over the API: filtered and paged as on its page, sealed, taken along as a file; not for everyone."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.people.tokens import make_token
from approvals import audit, audit_files, audit_search
from approvals.models import AuditEntry
from tests.api.conftest import Caller
from tests.pages.test_audit_search import record
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(call_as: Any, auditor: Person) -> Caller:
    caller: Caller = call_as(auditor, ["read"])
    return caller


def about(caller: Caller, query: str = "") -> list[str]:
    return [entry["subject"] for entry in caller.get(f"audit-log?{query}")["items"]]


def test_an_entry_has_its_words_and_its_place_in_the_chain(theirs: Caller) -> None:
    record("policy:1", kind="policy.published", note="Careful")
    [entry] = theirs.get("audit-log?kind=policy")["items"]
    assert (entry["title"], entry["data"], entry["seal"]) == ("A policy was published", {"note": "Careful"}, None)
    audit.seal_entries()
    [entry] = theirs.get("audit-log?kind=policy.published")["items"]
    position, digest = audit.chain_head()
    assert theirs.get("audit-log/head") == {"position": position, "hash": digest}
    assert entry["seal"]["position"] <= position and entry["at"].endswith("Z")
    assert len(entry["seal"]["hash"]) == len(entry["seal"]["previous"]) == 64


def test_it_is_filtered_as_on_the_page(theirs: Caller, ticket: Ticket) -> None:
    record(f"ticket:{ticket.pk}", kind="escalation.opened", reason="late parcel")
    record("action:2", kind="action.decided", actor="person:ada")
    assert about(theirs, "actor=person:a&kind=action") == ["action:2"]
    assert about(theirs, f"ticket=T-{ticket.pk}&kind=escalation") == [f"ticket:{ticket.pk}"]
    assert about(theirs, "words=parcel late") == [f"ticket:{ticket.pk}"]
    assert about(theirs, "subject=action:2") == ["action:2"]
    today = timezone.now().date()
    assert "action:2" in about(theirs, f"since={today}&until={today}")
    assert about(theirs, "until=2020-01-01") == [] and "action:2" in about(theirs, "until=9999-12-31")


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=yesterday", "since"), ("limit=0", "limit"), ("cursor=x", "cursor"), ("words=%00", "words")],
)
def test_what_does_not_fit_is_named(theirs: Caller, query: str, field: str) -> None:
    answer = theirs("GET", f"audit-log?{query}")
    assert answer.said == (422, "invalid") and list(answer.error["fields"]) == [field]


def test_pages_hold_each_entry_once(theirs: Caller) -> None:
    for number in range(7):
        record(f"action:{number}")
    seen, cursor = [], ""
    while True:
        page = theirs.get(f"audit-log?kind=action&limit=3{cursor}")
        seen += [entry["subject"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"action:{number}" for number in reversed(range(7))]


def test_words_are_looked_for_in_a_part_and_then_further_back(theirs: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_search, "LOOKED_THROUGH", 10)
    record("action:old", reason="needle")
    for number in range(12):
        record(f"action:{number}")
    page = theirs.get("audit-log?words=needle")
    assert page["items"] == [] and page["next"] is not None
    assert about(theirs, f"words=needle&cursor={page['next']}") == ["action:old"]


def take(person: Person, form: str, **filters: str) -> str:
    header = {"Authorization": f"Bearer {make_token(person, scopes=['read'], name='t', by='t', now=timezone.now())}"}
    answer = Client().post(f"/api/v1/audit-log/export.{form}", filters, "application/json", headers=header)
    assert answer.status_code == 200 and f".{form}" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_all_that_fits_is_taken_along_as_a_file(auditor: Person) -> None:
    record("=1+1", kind="action.decided", reason="späte Lieferung")
    record("action:2")
    lines = take(auditor, "jsonl", kind="action").splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["=1+1", "action:2"]
    assert audit_files.verify_lines(lines)[0] == 2
    [row] = csv.DictReader(io.StringIO(take(auditor, "csv", kind="action.decided")))
    assert row["subject"] == "'=1+1"
    entries = AuditEntry.objects.filter(kind="audit.exported").order_by("pk")
    assert [(entry.actor, entry.data["form"], entry.data["filters"]) for entry in entries] == [
        ("person:auditor", "jsonl", {"kind": "action"}),
        ("person:auditor", "csv", {"kind": "action.decided"}),
    ]


def test_only_auditors_and_admins_read_it(as_ada: Caller, as_rita: Caller, as_max: Caller, as_nobody: Caller) -> None:
    assert as_ada("GET", "audit-log").status == 200
    for caller in (as_rita, as_max):
        for refused in (
            caller("GET", "audit-log"),
            caller("GET", "audit-log/head"),
            caller.post("audit-log/export.csv"),
        ):
            assert refused.said == (403, "not_allowed") and refused.error["who_can"] == "auditor"
    assert as_nobody("GET", "audit-log").said == (401, "unauthenticated")
    assert as_ada.post("audit-log/export.xlsx").said == (422, "invalid")
    assert as_ada.post("audit-log/export.csv", {"since": "x", "who": "y"}).said == (422, "invalid")
    assert not AuditEntry.objects.filter(kind="audit.exported").exists()
