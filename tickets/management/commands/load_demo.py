"""`load_demo`: the demo's people, shop, articles and tickets; a second call adds nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tickets.demo.opening import open_demo


class Command(BaseCommand):
    """Opens the demo where it is not open yet."""

    help = "Load the demo: rita, max and ada, a shop, its help articles, and forty tickets."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Says what was missing."""
        opened = open_demo(timezone.now())
        self.stdout.write(
            f"Demo: added {opened.people} people, {opened.customers} customers, {opened.orders} orders, "
            f"{opened.articles} articles, {opened.tickets} tickets."
        )
