"""`make_token USER`: an API token for a person, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agentdesk.people.tokens import SCOPES, UnknownScope, make_token
from tickets.models import Person


class Command(BaseCommand):
    """Prints the token alone on the last line, so that a script can take it from there."""

    help = "Makes an API token for a person and prints it once, alone on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what it may do."""
        scopes = ", ".join(f"{name} ({what})" for name, what in SCOPES.items())
        parser.add_argument("user", metavar="USER")
        parser.add_argument(
            "--scope",
            dest="scopes",
            action="extend",
            nargs="+",
            default=[],
            metavar="SCOPE",
            help=f"what it may do: {scopes}; without any, whatever the person may",
        )
        parser.add_argument("--name", default="made on the command line", help="what the token is for")

    def handle(self, *_args: Any, user: str, scopes: list[str], name: str, **_options: Any) -> None:
        """Makes it."""
        scopes = [scope for names in scopes for scope in names.split(",")]
        person = Person.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"There is nobody called {user} who can sign in.")
        try:
            token = make_token(person, scopes=scopes, name=name, by="command line", now=timezone.now())
        except UnknownScope as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"A token for {user} ({', '.join(scopes) or 'all that the person may'}). It is shown once:")
        self.stdout.write(token)
