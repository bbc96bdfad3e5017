"""`load_shop DIR`: customers, orders, catalogue and shop rules from files, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tickets.loading.reading import BrokenFile
from tickets.loading.shop_files import read_shop_with_rules
from tickets.loading.shop_rows import load_shop


class Command(BaseCommand):
    """Inserts what the desk does not have yet; a record that exists stays as it is."""

    help = "Load users.json, orders.json, products.json and policy.md of a directory: all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One directory."""
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *_args: Any, directory: Path, **_options: Any) -> None:
        """Refuses a broken file in one line."""
        try:
            inserted = load_shop(*read_shop_with_rules(directory), now=timezone.now())
        except BrokenFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Loaded {inserted.customers} customers, {inserted.orders} orders, {inserted.products} products with "
            f"{inserted.variants} variants; shop rules {'added' if inserted.articles else 'kept'}."
        )
