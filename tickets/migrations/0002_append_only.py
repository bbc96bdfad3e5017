"""Events, ledger lines and article revisions are only ever added."""

from django.db import migrations

from tickets.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_desk")]

    operations = [
        make_append_only(
            "tickets_ticketevent", "tickets_ledgerline", "tickets_articlerevision"
        )
    ]
