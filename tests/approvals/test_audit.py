"""The audit chain: whatever is changed behind the desk's back is found, and the first bad row is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from agentdesk.runs.models import Event, Run
from approvals.audit import BrokenChain, chain_head, hash_entry, record, seal_entries, verify_chain
from approvals.models import Action, AuditEntry, AuditSeal
from tests.approvals.shop import NOW, Bench, publish
from tests.approvals.wishes import WISHES
from tickets.append_only import dropping_statements
from tickets.models import ArticleRevision, LedgerLine, Person, TicketEvent

pytestmark = pytest.mark.django_db
LOGS = [
    "tickets_ticketevent", "tickets_ledgerline", "tickets_articlerevision", "approvals_decision",
    "approvals_seenpreview", "approvals_auditentry", "approvals_auditseal", "approvals_policyversion", "runs_event",
]  # fmt: skip


def execute(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def open_up(*tables: str) -> None:
    """What somebody with the database's password could do."""
    for table in tables:
        for statement in dropping_statements(table, connection.vendor):
            execute(statement)


@pytest.fixture
def sealed() -> list[AuditEntry]:
    entries = [record("thing.done", actor="system", subject=f"thing:{n}", at=NOW, amount="5.00", n=n) for n in range(5)]
    seal_entries()
    return entries


def test_entries_are_sealed_once_in_order(sealed: list[AuditEntry]) -> None:
    assert seal_entries() == 0
    assert verify_chain() == AuditSeal.objects.count() >= 5
    record("thing.done", actor="system", subject="thing:9", at=NOW)
    head = chain_head()
    assert seal_entries() == 1
    assert chain_head()[0] == head[0] + 1 and AuditSeal.objects.get(position=head[0] + 1).previous_hash == head[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "person:max"), ("subject", "thing:77"), ("kind", "thing.undone"), ("data", '{"amount":"500.00"}'),
     ("at", "2026-03-03 09:00:00+00:00")],
)  # fmt: skip
def test_a_changed_entry_is_found_and_named(sealed: list[AuditEntry], column: str, value: str) -> None:
    open_up("approvals_auditentry")
    for entry in sealed[2:4]:
        execute(f"UPDATE approvals_auditentry SET {column} = %s WHERE id = %s", value, entry.pk)
    with pytest.raises(BrokenChain, match=f"entry {sealed[2].pk} "):
        verify_chain()


def test_a_missing_entry_is_found(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditentry", "approvals_auditseal")
    position = AuditSeal.objects.get(entry=sealed[1]).position
    execute("DELETE FROM approvals_auditseal WHERE position = %s", position)
    execute("DELETE FROM approvals_auditentry WHERE id = %s", sealed[1].pk)
    with pytest.raises(BrokenChain, match=f"seal {position} is missing"):
        verify_chain()


def test_an_entry_taken_away_from_under_its_seal_is_named(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditentry")
    with foreign_keys_off():
        execute("DELETE FROM approvals_auditentry WHERE id = %s", sealed[2].pk)
        with pytest.raises(BrokenChain, match=f"entry {sealed[2].pk} .* is gone"):
            verify_chain()
        restore(sealed[2])


@contextmanager
def foreign_keys_off() -> Iterator[None]:
    """Deferred constraints are checked at the end of the transaction: by then the row is back."""
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL DEFERRED")
    yield


def restore(entry: AuditEntry) -> None:
    AuditEntry.objects.create(
        id=entry.pk, kind=entry.kind, actor=entry.actor, subject=entry.subject, data=entry.data, at=entry.at
    )


def test_an_entry_put_in_between_with_a_seal_of_its_own_is_found(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditseal")
    stranger = record("thing.done", actor="person:max", subject="thing:2", at=NOW)
    last = AuditSeal.objects.get(entry=sealed[4])
    AuditSeal.objects.create(
        position=last.position + 1, entry=stranger, previous_hash=last.previous_hash, hash=hash_entry(1, "", stranger)
    )
    with pytest.raises(BrokenChain, match=f"entry {stranger.pk} "):
        verify_chain()


def test_seals_in_another_order_are_found(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditseal")
    one, other = (AuditSeal.objects.get(entry=sealed[place]) for place in (1, 3))
    execute("UPDATE approvals_auditseal SET position = %s WHERE position = %s", 10_000, one.position)
    execute("UPDATE approvals_auditseal SET position = %s WHERE position = %s", one.position, other.position)
    execute("UPDATE approvals_auditseal SET position = %s WHERE position = %s", other.position, 10_000)
    with pytest.raises(BrokenChain, match=f"entry {sealed[3].pk} "):
        verify_chain()


class TestANotedHead:
    """What the chain by itself cannot tell: its end cut off, or all of it made anew."""

    def test_it_is_still_there(self, sealed: list[AuditEntry]) -> None:
        noted = chain_head()
        record("thing.done", actor="system", subject="thing:9", at=NOW)
        seal_entries()
        assert verify_chain(noted) == noted[0] + 1

    def test_a_cut_end_is_found_by_it_alone(self, sealed: list[AuditEntry]) -> None:
        noted = chain_head()
        open_up("approvals_auditentry", "approvals_auditseal")
        for entry in sealed[3:]:
            execute("DELETE FROM approvals_auditseal WHERE entry_id = %s", entry.pk)
            execute("DELETE FROM approvals_auditentry WHERE id = %s", entry.pk)
        assert verify_chain() == noted[0] - 2
        with pytest.raises(BrokenChain, match=f"seal {noted[0]} was noted: its end was cut off"):
            verify_chain(noted)

    def test_a_chain_made_anew_is_found_by_it_alone(self, sealed: list[AuditEntry]) -> None:
        noted = chain_head()
        open_up("approvals_auditentry", "approvals_auditseal")
        execute("DELETE FROM approvals_auditseal")
        execute("UPDATE approvals_auditentry SET actor = 'person:max' WHERE id = %s", sealed[0].pk)
        seal_entries()
        assert verify_chain() == noted[0]
        with pytest.raises(BrokenChain, match=f"seal {noted[0]} is not the one that was noted"):
            verify_chain(noted)


def test_a_seal_made_to_fit_breaks_the_next(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditentry", "approvals_auditseal")
    execute("UPDATE approvals_auditentry SET actor = 'person:max' WHERE id = %s", sealed[1].pk)
    seal = AuditSeal.objects.get(entry=sealed[1])
    forged = hash_entry(seal.position, seal.previous_hash, AuditEntry.objects.get(pk=sealed[1].pk))
    execute("UPDATE approvals_auditseal SET hash = %s WHERE position = %s", forged, seal.position)
    with pytest.raises(BrokenChain, match=f"entry {sealed[2].pk} "):
        verify_chain()


def test_swapped_entries_are_found(sealed: list[AuditEntry]) -> None:
    open_up("approvals_auditentry")
    execute("UPDATE approvals_auditentry SET subject = 'thing:1' WHERE id = %s", sealed[0].pk)
    with pytest.raises(BrokenChain, match=f"entry {sealed[0].pk} "):
        verify_chain()


class TestLogsOnlyGrow:
    """The database itself refuses to change or delete a row of any log."""

    @pytest.fixture
    def full(self, bench: Bench, ada: Person, max_: Person) -> None:
        """At least one row in every log."""
        from tickets.models import Article

        article = Article.objects.create(slug="refunds", title="Refunds")
        ArticleRevision.objects.create(article=article, number=1, title="Refunds", body="…", author="system", at=NOW)
        publish(ada)
        bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
        seal_entries()

    @pytest.mark.parametrize("table", LOGS)
    @pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
    def test_it_refuses(self, full: None, table: str, statement: str) -> None:
        column = "position" if table == "approvals_auditseal" else "at"
        column = "version" if table == "approvals_policyversion" else column
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            execute(statement.format(table, column))

    def test_every_log_is_here(self) -> None:
        models = [Event, TicketEvent, LedgerLine, ArticleRevision, AuditEntry, AuditSeal]
        assert {model._meta.db_table for model in models} <= set(LOGS)

    def test_nothing_that_has_a_log_can_be_deleted(self, full: None, bench: Bench) -> None:
        from django.db.models import ProtectedError

        for row in (bench.ticket, Action.objects.get(), Run.objects.first(), bench.ticket.customer):
            assert row is not None
            with pytest.raises(ProtectedError):
                row.delete()


def test_no_foreign_key_cascades() -> None:
    """Deleting is refused wherever something still points: no row goes because another went."""
    from django.db.models import PROTECT

    found = [
        f"{model.__name__}.{field.name}"
        for label in ("tickets", "approvals", "runs")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields
        if field.remote_field is not None and field.remote_field.on_delete is not PROTECT
    ]
    assert found == []


def test_every_decision_and_move_leaves_an_entry(bench: Bench, max_: Person) -> None:
    action = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    kinds = list(AuditEntry.objects.filter(subject=f"action:{action.pk}").values_list("kind", flat=True))
    assert kinds == ["action.proposed", "preview.seen", "action.decided", "action.executed"]


def test_the_command_says_which_row_is_bad(
    sealed: list[AuditEntry], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from django.core.management import CommandError, call_command, get_commands

    if "verify_audit" not in get_commands():
        pytest.skip("verify_audit is not in this build")
    run: Callable[..., Any] = call_command
    run("verify_audit")
    assert str(len(sealed)) in capsys.readouterr().out
    open_up("approvals_auditentry")
    execute("UPDATE approvals_auditentry SET actor = 'person:max' WHERE id = %s", sealed[3].pk)
    with pytest.raises((CommandError, SystemExit)) as stopped:
        run("verify_audit")
    told = capsys.readouterr()
    assert str(sealed[3].pk) in f"{stopped.value} {told.out} {told.err}"
