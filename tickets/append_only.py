"""Row triggers that refuse UPDATE and DELETE of log rows, for both databases; migrations call them."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def trigger_statements(table: str, vendor: str) -> list[str]:
    """The SQL that makes one table append-only."""
    if vendor == "postgresql":
        trigger = (
            f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only_refuse()"
        )
        return [REFUSE_FUNCTION, trigger]
    return [
        f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]


def dropping_statements(table: str, vendor: str) -> list[str]:
    """The SQL that takes the triggers away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS append_only_{table} ON {table}"]
    return [f"DROP TRIGGER IF EXISTS append_only_{table}_{verb}" for verb in ("update", "delete")]


def make_append_only(*tables: str) -> RunPython:
    """A migration step that makes these tables append-only, and can be taken back."""

    def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in trigger_statements(table, schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)

    def backwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in dropping_statements(table, schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)

    return RunPython(forwards, backwards)
