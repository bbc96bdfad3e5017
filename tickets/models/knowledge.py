"""Knowledge articles and every version they ever had."""

from typing import ClassVar

from django.db import models


class Article(models.Model):
    """What the shop tells its customers about one subject. `revision` is the number of its newest version."""

    slug = models.SlugField(primary_key=True, max_length=120)
    title = models.CharField(max_length=300)
    revision = models.IntegerField(default=1)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class ArticleRevision(models.Model):
    """One version of an article; never edited, so that what was cited can always be shown."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField()
    author = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="article_revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}@{self.number}"
