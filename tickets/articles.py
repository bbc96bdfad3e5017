"""Writing knowledge by hand: a new article, or the next revision of one."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tickets.models import Article, ArticleRevision


class ArticleMoved(Exception):
    """Someone changed this article meanwhile; look at what they wrote and try again."""


class SlugTaken(Exception):
    """There is an article of this name already."""


@transaction.atomic
def add_article(slug: str, title: str, body: str, *, author: str, now: datetime) -> ArticleRevision:
    """The first revision of a new article. Raises: SlugTaken."""
    try:
        with transaction.atomic():
            article = Article.objects.create(slug=slug, title=title)
    except IntegrityError:
        raise SlugTaken(SlugTaken.__doc__) from None
    return article.revisions.create(number=1, title=title, body=body, author=author, at=now)


@transaction.atomic
def revise_article(
    slug: str, title: str, body: str, *, base_revision: int, author: str, now: datetime
) -> ArticleRevision:
    """The next revision; words that say the same make none. Raises: ArticleMoved, Article.DoesNotExist."""
    article = Article.objects.select_for_update().get(pk=slug)
    newest = article.revisions.get(number=article.revision)
    if article.revision != base_revision:
        raise ArticleMoved(ArticleMoved.__doc__)
    if (newest.title, newest.body) == (title, body):
        return newest
    article.title, article.revision = title, article.revision + 1
    article.save(update_fields=["title", "revision"])
    return article.revisions.create(number=article.revision, title=title, body=body, author=author, at=now)
