"""`verify_audit`: seals what is not sealed yet and recomputes the chain; or checks an exported file by itself."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.audit import BrokenChain, Head, chain_head, seal_entries, verify_chain
from approvals.audit_files import verify_lines

NOTED = re.compile(r"(\d+):([0-9a-f]{64})")


class Command(BaseCommand):
    """Prints how many entries are intact, and the head to compare with one noted elsewhere."""

    help = "Recomputes the audit chain; the exit code is not 0, and the first bad row is named, where it is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A head noted earlier, or a file in the place of the database."""
        parser.add_argument("--head", metavar="POSITION:HASH", help="a head noted earlier, which must still be there")
        parser.add_argument("--file", type=Path, metavar="FILE", help="a JSONL export to check by itself")

    def handle(self, *_args: Any, head: str | None = None, file: Path | None = None, **_options: Any) -> None:
        """Seals first, so that nothing committed is left out."""
        try:
            told = check_file(file) if file else check_database(read_head(head))
        except BrokenChain as error:
            raise CommandError(f"The audit chain is broken: {error}.") from error
        self.stdout.write(told)


def read_head(text: str | None) -> Head | None:
    """A head as it was noted. Raises: CommandError."""
    if text is None:
        return None
    match = NOTED.fullmatch(text.strip())
    if match is None:
        raise CommandError("A head is a position and 64 hexadecimal digits with a colon between them.")
    return int(match[1]), match[2]


def check_database(noted: Head | None) -> str:
    """What to say of the whole chain. Raises: BrokenChain."""
    seal_entries()
    count = verify_chain(noted)
    return f"{count} audit entries are intact; the head is {chain_head()[1]}."


def check_file(path: Path) -> str:
    """What to say of a file. Raises: BrokenChain, CommandError."""
    try:
        with path.open(encoding="utf-8") as lines:
            count, last = verify_lines(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    return f"{count} rows are intact; the last hash is {last or 'none'}."
