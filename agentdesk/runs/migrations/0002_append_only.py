"""Events are only ever added."""

from django.db import migrations

from tickets.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_runs")]

    operations = [make_append_only("runs_event")]
