"""`load_knowledge PATH`: knowledge articles from Markdown or JSON, a new revision where one changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tickets.loading.articles import load_articles, read_articles
from tickets.loading.reading import BrokenFile


class Command(BaseCommand):
    """Writes what is new or changed, all or nothing."""

    help = "Load articles: a Markdown file, a folder of them, or JSON (a list of articles, or title to text)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file or folder."""
        parser.add_argument("path", type=Path, metavar="PATH")

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        """Refuses broken input in one line."""
        try:
            loaded = load_articles(read_articles(path), author="load_knowledge", now=timezone.now())
        except BrokenFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Articles: {loaded.new} new, {loaded.changed} changed, {loaded.unchanged} unchanged.")
