"""Knowledge articles from Markdown or JSON: read, checked, and kept as revisions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tickets.loading.reading import BrokenFile, read_json, read_text
from tickets.loading.rendering import render_text
from tickets.models import Article, ArticleRevision

LONGEST_SLUG = 120
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as a file has it; the body is Markdown without the title."""

    slug: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many articles were new, got a new revision, or were the same."""

    new: int
    changed: int
    unchanged: int


def read_articles(path: Path) -> list[ArticleText]:
    """The articles of a Markdown file, a folder of them, or a JSON file. Raises BrokenFile."""
    if path.is_dir():
        articles = [read_markdown(file) for file in sorted(path.glob("*.md"))]
        if not articles:
            raise BrokenFile(f"{path.name}: holds no Markdown file")
    elif path.suffix.lower() == ".json":
        articles = _read_collection(read_json(path), path.name)
    else:
        articles = [read_markdown(path)]
    _refuse_twice(articles, path.name)
    return articles


def read_markdown(file: Path) -> ArticleText:
    """One article: the first line is `# Title`, the file's name the slug. Raises BrokenFile."""
    return _check_article(file.stem, *_read_titled(file), file.name)


def read_rules(file: Path) -> ArticleText:
    """A shop's rules: as any article, but every shop's file has the same name, so the title makes the slug."""
    return _check_article("", *_read_titled(file), file.name)


def _read_titled(file: Path) -> tuple[str, str]:
    first, _, body = read_text(file).lstrip("\n").partition("\n")
    title = re.fullmatch(r"#\s+(\S.*)", first.strip())
    if title is None:
        raise BrokenFile(f'{file.name}: title: the first line must be "# Title"')
    return title[1], body


@transaction.atomic
def load_articles(articles: Iterable[ArticleText], author: str, now: datetime) -> Loaded:
    """Writes what is new or changed; an article that says the same gets no revision."""
    outcomes = [_write_article(article, author, now) for article in articles]
    return Loaded(**{name: outcomes.count(name) for name in ("new", "changed", "unchanged")})


def load_missing_article(article: ArticleText, author: str, now: datetime) -> int:
    """Writes the article unless there is one of that slug, whatever it says. How many were written: 0 or 1."""
    if Article.objects.filter(slug=article.slug).exists():
        return 0
    _write_article(article, author, now)
    return 1


def _write_article(article: ArticleText, author: str, now: datetime) -> str:
    """The lock keeps two loads from giving the same revision number."""
    row, is_new = Article.objects.select_for_update().get_or_create(
        slug=article.slug, defaults={"title": article.title, "revision": 1}
    )
    if not is_new:
        newest = row.revisions.get(number=row.revision)
        if (newest.title, newest.body) == (article.title, article.body):
            return "unchanged"
        row.title, row.revision = article.title, row.revision + 1
        row.save(update_fields=["title", "revision"])
    ArticleRevision.objects.create(
        article=row, number=row.revision, title=article.title, body=article.body, author=author, at=now
    )
    return "new" if is_new else "changed"


def _read_collection(data: Any, name: str) -> list[ArticleText]:
    if isinstance(data, Mapping):
        return [_check_article("", title, render_text(value), f'{name}: "{title}"') for title, value in data.items()]
    if isinstance(data, list):
        return [_read_entry(entry, f"{name}: article {place}") for place, entry in enumerate(data, start=1)]
    raise BrokenFile(f"{name}: must be a list of articles or a mapping of title to text")


def _read_entry(entry: Any, place: str) -> ArticleText:
    """An entry of a list: title and body, a slug of its own if it has one."""
    if not isinstance(entry, Mapping):
        raise BrokenFile(f"{place}: must be an object with title and body")
    for field in ("title", "body"):
        if not isinstance(entry.get(field), str):
            raise BrokenFile(f"{place}: {field}: must be a text")
    unknown = entry.keys() - {"slug", "title", "body"}
    if unknown:
        raise BrokenFile(f"{place}: {min(unknown)}: is not a field of an article")
    if not isinstance(entry.get("slug", ""), str):
        raise BrokenFile(f"{place}: slug: must be a text")
    return _check_article(entry.get("slug", ""), entry["title"], entry["body"], place)


def _check_article(slug: str, title: str, body: str, place: str) -> ArticleText:
    title, body = title.strip(), body.replace("\r\n", "\n").strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise BrokenFile(f"{place}: title: must have 1 to {LONGEST_TITLE} characters")
    if not body:
        raise BrokenFile(f"{place}: body: is empty")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in title + body):
        raise BrokenFile(f"{place}: body: holds a NUL character or half of a surrogate pair")
    slug = slugify(slug or title)
    if not 0 < len(slug) <= LONGEST_SLUG:
        raise BrokenFile(f"{place}: slug: must have 1 to {LONGEST_SLUG} letters, digits or hyphens")
    return ArticleText(slug, title, body)


def _refuse_twice(articles: Sequence[ArticleText], name: str) -> None:
    slugs = [article.slug for article in articles]
    for article in articles:
        if slugs.count(article.slug) > 1:
            raise BrokenFile(f'{name}: slug: "{article.slug}" ("{article.title}") stands there twice')
