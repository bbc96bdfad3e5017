"""`verify_audit`."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from approvals.audit import chain_head, record, seal_entries
from approvals.audit_files import rows_of, to_lines
from approvals.models import AuditEntry, AuditSeal
from tests.conftest import read_append_only_triggers, run_statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_entries(db: None) -> None:
    for number in range(3):
        record("preview.seen", actor="person:rita", subject=f"action:{number}", at=timezone.now(), digest="d")


def verify() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_it_seals_what_is_new_and_prints_count_and_head() -> None:
    words = verify()
    count = AuditEntry.objects.count()
    assert words.startswith(f"{count} audit entries are intact")
    assert chain_head()[1] in words
    assert AuditSeal.objects.count() == count


def test_it_names_the_first_row_that_was_tampered_with() -> None:
    seal_entries()
    entry = AuditEntry.objects.order_by("pk")[1]
    tamper(entry)
    with pytest.raises(CommandError, match=f"entry {entry.pk} "):
        verify()


def exported(tmp_path: Path) -> Path:
    """The whole log as the page exports it."""
    seal_entries()
    path = tmp_path / "audit.jsonl"
    path.write_text("".join(to_lines(rows_of(AuditEntry.objects.all(), chain_head()[0]))), encoding="utf-8")
    return path


def test_it_checks_an_exported_file_by_itself(tmp_path: Path) -> None:
    out = StringIO()
    call_command("verify_audit", file=exported(tmp_path), stdout=out)
    assert out.getvalue().startswith(f"{AuditEntry.objects.count()} rows are intact")
    assert chain_head()[1] in out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: [lines[0], lines[1].replace("person:rita", "person:max"), lines[2]], "line 2 .*not what was"),
        (lambda lines: [lines[1], lines[0], lines[2]], "line 2 .*does not follow"),
        (lambda lines: [lines[0], "no row", lines[2]], "line 2 is not JSON"),
        (lambda lines: [lines[0], "{}", lines[2]], "line 2 is no row"),
    ],
)
def test_it_names_the_first_bad_line(spoil: Callable[[list[str]], list[str]], told: str, tmp_path: Path) -> None:
    path = exported(tmp_path)
    path.write_text("\n".join(spoil(path.read_text(encoding="utf-8").splitlines()[-3:])), encoding="utf-8")
    with pytest.raises(CommandError, match=told):
        call_command("verify_audit", file=path)


def test_a_noted_head_must_still_be_there() -> None:
    seal_entries()
    position, head = chain_head()
    call_command("verify_audit", head=f"{position}:{head}", stdout=StringIO())
    with pytest.raises(CommandError, match=f"seal {position} is not the one that was noted"):
        call_command("verify_audit", head=f"{position}:{'0' * 64}")
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        call_command("verify_audit", head="yesterday")


def tamper(entry: AuditEntry) -> None:
    """As someone who owns the database would: past the triggers."""
    from django.db import connection

    if connection.vendor == "sqlite":
        triggers = read_append_only_triggers()
        run_statements(f"DROP TRIGGER {name}" for name in triggers)
        AuditEntry.objects.filter(pk=entry.pk).update(actor="person:max")
        run_statements(triggers.values())
    else:
        run_statements(["SET session_replication_role = replica"])
        AuditEntry.objects.filter(pk=entry.pk).update(actor="person:max")
        run_statements(["SET session_replication_role = DEFAULT"])
