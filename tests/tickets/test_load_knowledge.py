"""`load_knowledge` reads Markdown and JSON, revises what changed, and refuses what is broken by name."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tickets.knowledge import get_article
from tickets.models import Article, ArticleRevision

GUIDELINES = Path(settings.BASE_DIR).parent / "shared" / "data" / "kb" / "abcd_guidelines.json"
pytestmark = pytest.mark.django_db


def load(path: Path) -> None:
    call_command("load_knowledge", str(path), verbosity=0)


def load_json(folder: Path, data: Any) -> None:
    (folder / "articles.json").write_text(json.dumps(data), encoding="utf-8")
    load(folder / "articles.json")


def test_a_markdown_file_becomes_an_article(tmp_path: Path) -> None:
    (tmp_path / "returns.md").write_text("# Returning things\r\n\r\nSend it back.\r\n", encoding="utf-8-sig")
    load(tmp_path / "returns.md")
    article = get_article("returns")
    assert article is not None
    assert (article.title, article.body, article.revision) == ("Returning things", "Send it back.", 1)


def test_a_folder_becomes_an_article_a_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"# {name.title()}\n\nText.\n")
    (tmp_path / "notes.txt").write_text("not an article")
    load(tmp_path)
    assert list(Article.objects.values_list("slug", flat=True)) == ["one", "two"]


def test_a_changed_article_gets_a_revision_and_an_unchanged_one_none(tmp_path: Path) -> None:
    load_json(tmp_path, [{"title": "Sizes", "body": "S to XL"}, {"slug": "care", "title": "Care", "body": "Cold."}])
    load_json(tmp_path, [{"title": "Sizes", "body": "S to XXL"}, {"slug": "care", "title": "Care", "body": "Cold.\n"}])
    assert list(ArticleRevision.objects.order_by("id").values_list("article", "number", "body")) == [
        ("sizes", 1, "S to XL"),
        ("care", 1, "Cold."),
        ("sizes", 2, "S to XXL"),
    ]
    changed = get_article("sizes")
    assert changed is not None
    assert (changed.revision, changed.body) == (2, "S to XXL")


def test_a_new_title_is_a_change(tmp_path: Path) -> None:
    load_json(tmp_path, [{"slug": "care", "title": "Care", "body": "Cold."}])
    load_json(tmp_path, [{"slug": "care", "title": "Washing", "body": "Cold."}])
    assert Article.objects.get().title == "Washing"
    assert [revision.title for revision in ArticleRevision.objects.all()] == ["Care", "Washing"]


def test_nested_json_becomes_readable_text(tmp_path: Path) -> None:
    nested = {"description": "sums", "steps": [{"do": "ask", "with_words": ["please", "thank you"]}, "then wait"]}
    load_json(tmp_path, {"Getting money back": nested, "Plain": "Just text."})
    article = get_article("getting-money-back")
    assert article is not None
    assert article.body == ("Description: sums\n\n## Steps\n\n- Do: ask\n  - please\n  - thank you\n- then wait")
    plain = get_article("plain")
    assert plain is not None
    assert plain.body == "Just text."


def test_the_guidelines_lose_no_sentence() -> None:
    if not GUIDELINES.is_file():
        pytest.skip("no guidelines beside the repository")
    load(GUIDELINES)
    assert Article.objects.count() == 10
    bodies = dict(ArticleRevision.objects.values_list("title", "body"))
    for title, flow in json.loads(GUIDELINES.read_text(encoding="utf-8")).items():
        for sentence in list_sentences(flow):
            assert sentence.strip() in bodies[title]


def list_sentences(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    values = data.values() if isinstance(data, dict) else data
    return [sentence for value in values for sentence in list_sentences(value)]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("text", "articles.json: must be a list of articles or a mapping of title to text"),
        ([1], "articles.json: article 1: must be an object with title and body"),
        ([{"title": "A", "body": "x"}, {"title": "B"}], "articles.json: article 2: body: must be a text"),
        ([{"title": " ", "body": "x"}], "articles.json: article 1: title: must have 1 to 300 characters"),
        ([{"title": "A", "body": "x", "by": "me"}], "articles.json: article 1: by: is not a field of an article"),
        ([{"title": "A", "body": "x", "slug": 7}], "articles.json: article 1: slug: must be a text"),
        ([{"title": "A", "body": "x", "slug": "?"}], "articles.json: article 1: slug: must have 1 to 120 "),
        ([{"title": "A", "body": "\ud800"}], "articles.json: article 1: body: holds a NUL character or half "),
        ([{"title": "A b", "body": "x"}, {"title": "A B", "body": "y"}], 'articles.json: slug: "a-b"'),
        ({"Empty": {}}, 'articles.json: "Empty": body: is empty'),
    ],
)
def test_broken_json_is_refused_by_name(tmp_path: Path, data: Any, complaint: str) -> None:
    with pytest.raises(CommandError) as refusal:
        load_json(tmp_path, data)
    assert str(refusal.value).startswith(complaint)
    assert not Article.objects.exists()


def test_markdown_without_a_title_is_refused_with_the_whole_folder(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText.\n")
    (tmp_path / "late.md").write_text("Text first.\n")
    with pytest.raises(CommandError, match=r"^late\.md: title: "):
        load(tmp_path)
    assert not Article.objects.exists()


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no Markdown file"):
        load(tmp_path)
    with pytest.raises(CommandError, match=r"^gone\.md: cannot be read"):
        load(tmp_path / "gone.md")
