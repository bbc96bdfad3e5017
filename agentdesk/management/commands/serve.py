"""`manage.py serve`: web, worker and timers in one process."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agentdesk.environment import is_loopback
from agentdesk.health import NotReady, check_migrations


class Command(BaseCommand):
    """Brings the database up to date, then serves until it is interrupted."""

    help = "Serves AgentDesk in one process: web, worker and timers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.ENVIRONMENT.port, help="default: PORT, else 8000")
        parser.add_argument("--host", default=settings.ENVIRONMENT.bind, help="default: BIND, else 127.0.0.1")
        parser.add_argument("--demo-data", action="store_true", help="load the demo shop first (once; it is kept)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO and not is_loopback(options["host"]):
            raise CommandError("DEMO: signs anybody in, so it is served on a loopback address only", returncode=2)
        self.bring_database_up_to_date()
        if options["demo_data"]:
            call_command("load_demo", stdout=self.stdout)
        from agentdesk.serving import serve

        if not settings.MAIL_CONFIGURED:
            self.stderr.write("Mail is not configured: messages stay queued until EMAIL_URL is set.")
        sys.exit(serve(options["host"], options["port"], self.announce))

    def bring_database_up_to_date(self) -> None:
        """One SQLite file has one owner, who may migrate it; a shared database is migrated by its operator."""
        try:
            check_migrations()
        except NotReady as reason:
            if not settings.ENVIRONMENT.is_sqlite:
                raise CommandError(f"migrations: {reason}; run: python manage.py migrate", returncode=2) from None
            call_command("migrate", interactive=False, verbosity=0)

    def announce(self, address: str) -> None:
        self.stdout.write(f"AgentDesk is at {address}/  (Ctrl-C stops it)")
        # A desk that was told no other address is reached where it listens, whichever port that turned out to be.
        if f"http://127.0.0.1:{settings.ENVIRONMENT.port}" == settings.BASE_URL:
            settings.BASE_URL = address
        if settings.DEMO:
            self.stdout.write("Sign in with one click as rita (support), max (manager) or ada (admin).")
        self.stdout.flush()
