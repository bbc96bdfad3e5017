"""A fresh install has the *Careful* policy as its version 1."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

from approvals.presets import preset_policy


def publish_careful(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The first policy, published by nobody."""
    policy = preset_policy("careful")
    apps.get_model("approvals", "PolicyVersion").objects.create(
        version=1,
        kinds={name: rules.model_dump(mode="json") for name, rules in policy.kinds.items()},
        settings=policy.settings.model_dump(mode="json"),
        note="Careful: what a fresh install has.",
        at=timezone.now(),
    )


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_append_only")]

    operations = [migrations.RunPython(publish_careful, migrations.RunPython.noop)]
