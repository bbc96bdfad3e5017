"""Asking the knowledge articles: which passages answer a question best, and what an article says now.

Ranking is BM25 over paragraphs; the index lives in the process until an article gets another revision.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max

from tickets.models import ArticleRevision

IndexKey = tuple[int, datetime | None, int]

LONGEST_QUERY = 2_000
FIRST_HEADING = 2
ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "ly", "s", "e", "y")
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class KnowledgeHit:
    """An article that may answer: its best paragraph, the headings above that, and a score (more is better)."""

    slug: str
    title: str
    revision: int
    heading: str
    passage: str
    score: float


@dataclass(frozen=True, slots=True)
class KnowledgeArticle:
    """An article as it is now; `body` is Markdown."""

    slug: str
    title: str
    revision: int
    body: str


@dataclass(frozen=True, slots=True)
class KnowledgeIndex:
    """Every paragraph of every article, and the ranking over them (a bm25s.BM25)."""

    key: IndexKey
    passages: tuple[tuple[KnowledgeArticle, str, str], ...]
    ranking: Any


_cached: KnowledgeIndex | None = None


def search_knowledge(query: str, limit: int = 3) -> list[KnowledgeHit]:
    """The articles that match best, each once, best first; none where no word of the query stands in any."""
    index = _load_index()
    words = _fold_words([query[:LONGEST_QUERY]])[0]
    if limit < 1 or not index.passages:
        return []
    known = [word for word in words if word in index.ranking.vocab_dict]
    if not known:
        return []
    return _pick_best(index, index.ranking.get_scores(known).tolist())[:limit]


def _pick_best(index: KnowledgeIndex, scores: list[float]) -> list[KnowledgeHit]:
    """One hit an article, its best paragraph, best article first."""
    best: dict[str, KnowledgeHit] = {}
    for (article, heading, passage), score in zip(index.passages, scores, strict=True):
        if score > 0 and (article.slug not in best or best[article.slug].score < score):
            best[article.slug] = KnowledgeHit(article.slug, article.title, article.revision, heading, passage, score)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.slug))


def get_article(slug: str) -> KnowledgeArticle | None:
    """The article as it is now, if there is one."""
    revision = _current_revisions().filter(article=slug).first()
    return revision and _freeze(revision)


def _current_revisions() -> Any:
    return ArticleRevision.objects.filter(number=F("article__revision")).order_by("article_id")


def _freeze(revision: ArticleRevision) -> KnowledgeArticle:
    return KnowledgeArticle(revision.article_id, revision.title, revision.number, revision.body)


def _load_index() -> KnowledgeIndex:
    """The cached index, or a new one where an article has changed since. Two threads may build it twice: no harm."""
    global _cached
    newest = ArticleRevision.objects.aggregate(newest=Max("id"), at=Max("at"), count=Count("id"))
    key = (newest["newest"] or 0, newest["at"], newest["count"])
    index = _cached
    if index is None or index.key != key:
        index = _cached = _build_index(key)
    return index


def _build_index(key: IndexKey) -> KnowledgeIndex:
    """A paragraph is found by the words of its headings and, counted twice, its article's title, too."""
    passages = tuple(
        (article, heading, passage)
        for article in map(_freeze, _current_revisions())
        for heading, passage in _cut(article.body)
    )
    ranking = _rank([f"{article.title} {article.title} {heading} {passage}" for article, heading, passage in passages])
    return KnowledgeIndex(key, passages, ranking)


def _cut(body: str) -> Iterator[tuple[str, str]]:
    """Each paragraph of a Markdown text with the headings above it, as `Outer / inner`."""
    headings: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=#+ )|(?<=\n)(?=#+ )", body):
        heading, _, rest = block.strip().partition("\n") if block.lstrip().startswith("#") else ("", "", block)
        if heading:
            level = len(heading) - len(heading.lstrip("#"))
            headings = [*headings[: max(level - FIRST_HEADING, 0)], heading.lstrip("# ")]
        if rest.strip():
            yield " / ".join(headings), rest.strip()


def _rank(texts: list[str]) -> Any:
    """A bm25s ranking over these texts. Imported here: it brings numpy, which most processes never need."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    words = _fold_words(texts)
    ranking = bm25s.BM25()
    if any(words):
        ranking.index(words, show_progress=False)
    return ranking


def _fold_words(texts: list[str]) -> list[list[str]]:
    """Each text as the stems of its words, without the words every text and question has."""
    import bm25s

    folded: list[list[str]] = bm25s.tokenize(
        texts,
        stopwords="en_plus",
        stemmer=lambda words: [_stem(word) for word in words],
        return_ids=False,
        show_progress=False,
    )
    return folded


def _stem(word: str) -> str:
    """`cancelled`, `cancelling` and `cancellation` become `cancel`: crude, but the same for question and answer."""
    for ending in ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    doubled = len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeious"
    return word[:-1] if doubled else word
