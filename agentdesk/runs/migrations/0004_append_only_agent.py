"""Published settings of the agent and pinned texts are only ever added."""

from django.db import migrations

from tickets.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("runs", "0003_inner_life")]

    operations = [make_append_only("runs_agentversion", "runs_pinnedtext")]
