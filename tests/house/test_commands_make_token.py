"""`make_token USER`."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agentdesk.people.models import Token
from agentdesk.people.tokens import find_token
from tickets.models import Person

pytestmark = pytest.mark.django_db


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("make_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().rstrip("\n").splitlines()[-1]


def test_the_last_line_is_the_token_and_nothing_else(rita: Person) -> None:
    token = find_token(f"Bearer {make('rita')}")
    assert token is not None and (token.person, token.scopes) == (rita, [])


@pytest.mark.parametrize(
    "arguments", [["--scope", "read", "--scope", "decide"], ["--scope", "read", "decide"], ["--scope=read,decide"]]
)
def test_it_reaches_as_far_as_it_is_told(rita: Person, arguments: list[str]) -> None:
    make("rita", *arguments)
    assert Token.objects.get().scopes == ["read", "decide"]


@pytest.mark.parametrize("arguments", [["nobody"], ["rita", "--scope", "everything"]])
def test_what_it_does_not_know_it_refuses(rita: Person, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=arguments[-1]):
        make(*arguments)
    assert not Token.objects.exists()
