"""Decisions, previews seen, audit entries, seals and policy versions are only ever added."""

from django.db import migrations

from tickets.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_gate")]

    operations = [
        make_append_only(
            "approvals_decision",
            "approvals_seenpreview",
            "approvals_auditentry",
            "approvals_auditseal",
            "approvals_policyversion",
        )
    ]
