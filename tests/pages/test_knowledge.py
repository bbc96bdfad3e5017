"""Knowledge: articles shown safely, every revision kept, the next one written by managers and admins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.pages.differences import compare_texts
from agentdesk.pages.markdown import render_markdown
from approvals.models import AuditEntry
from tickets.articles import add_article, revise_article
from tickets.models import Article, ArticleRevision, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db: None) -> Article:
    body = "You may return things.\n\nWithin *thirty* days."
    return add_article("returns", "Returns", body, author="system", now=timezone.now()).article


@pytest.fixture
def his(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def edit(client: Client, **changes: str) -> tuple[int, str]:
    data = {"title": "Returns", "body": "You may return things.\n\nWithin *sixty* days.", "base_revision": "1"}
    response = client.post("/knowledge/returns/edit/", {**data, **changes})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("who", ["rita", "max_", "ada", "auditor"])
def test_everyone_reads(client: Client, request: pytest.FixtureRequest, article: Article, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert "Returns" in client.get("/knowledge/").content.decode()
    assert "<em>thirty</em>" in client.get("/knowledge/returns/").content.decode()
    assert client.get("/knowledge/nothing/").status_code == 404
    assert client.get("/knowledge/returns/revisions/2/").status_code == 404


def test_a_question_finds_the_passage(his: Client, article: Article) -> None:
    assert "Within thirty days." in his.get("/knowledge/?q=how many days").content.decode()
    assert "No article answers this." in his.get("/knowledge/?q=zebra").content.decode()


@pytest.mark.parametrize("who", ["rita", "auditor"])
def test_others_do_not_write(client: Client, request: pytest.FixtureRequest, article: Article, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/knowledge/returns/edit/").status_code == 403
    assert edit(client, save="1")[0] == 403
    assert client.post("/knowledge/new/", {"title": "x", "body": "y"}).status_code == 403
    assert "/knowledge/returns/edit/" not in client.get("/knowledge/returns/").content.decode()
    assert ArticleRevision.objects.count() == 1


def test_the_changes_are_shown_before_they_are_saved(his: Client, article: Article) -> None:
    status, page = edit(his)
    assert status == 200
    assert "<del>*thirty*</del><ins>*sixty*</ins>" in page
    assert ArticleRevision.objects.count() == 1


def test_saving_makes_a_revision_and_keeps_the_one_before(his: Client, article: Article) -> None:
    assert edit(his, save="1")[0] == 302
    newest = ArticleRevision.objects.get(number=2)
    assert (newest.author, newest.body) == ("person:max", "You may return things.\n\nWithin *sixty* days.")
    assert "<em>sixty</em>" in his.get("/knowledge/returns/").content.decode()
    old = his.get("/knowledge/returns/revisions/1/").content.decode()
    assert "<em>thirty</em>" in old
    assert "This is revision 1 of 2" in old
    assert AuditEntry.objects.get(kind="article.revised").data == {"revision": 2}


def test_saving_the_same_words_makes_no_revision(his: Client, article: Article) -> None:
    assert edit(his, save="1", body="You may return things.\r\n\r\nWithin *thirty* days.")[0] == 302
    assert ArticleRevision.objects.count() == 1


def test_someone_elses_revision_is_not_written_over(his: Client, article: Article) -> None:
    revise_article("returns", "Returns", "Theirs.", base_revision=1, author="person:ada", now=timezone.now())
    status, page = edit(his, save="1")
    assert status == 409
    assert "Someone changed this article meanwhile" in page
    assert "Theirs." in page
    assert "*sixty*" in page
    assert 'name="base_revision" value="2"' in page
    assert ArticleRevision.objects.count() == 2


@pytest.mark.parametrize("changes", [{"title": ""}, {"body": " "}, {"body": "a\0b"}, {"title": "x" * 301}])
def test_a_wrong_field_saves_nothing(his: Client, article: Article, changes: dict[str, str]) -> None:
    assert edit(his, save="1", **changes)[0] == 422
    assert ArticleRevision.objects.count() == 1


def test_a_new_article_gets_its_name_from_its_title(his: Client, article: Article) -> None:
    assert his.post("/knowledge/new/", {"title": "Gift cards!", "body": "Yes."})["Location"] == "/knowledge/gift-cards/"
    for taken in ("Gift cards", "???"):
        assert his.post("/knowledge/new/", {"title": taken, "body": "Yes."}).status_code == 422
    assert Article.objects.count() == 2


# --- Safe HTML ---


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://elsewhere.example/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://e.example "onmouseover=alert(1)")',
        "<style>*{display:none}</style>",
        "<iframe src='//elsewhere.example'></iframe>",
    ],
)
def test_an_article_cannot_do_anything(source: str) -> None:
    html = render_markdown(source)
    assert not any(tag in html for tag in ("<script", "<img", "<style", "<iframe", "<svg"))
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert " onmouseover=" not in html.replace('title="onmouseover', "")


def test_an_article_is_shown_as_markdown() -> None:
    html = render_markdown("# One\n\n- *two*\n\n| a |\n|---|\n| b |\n\n[c](https://example.com)")
    for piece in ("<h2>One</h2>", "<li><em>two</em></li>", "<td>b</td>", 'rel="noopener nofollow"'):
        assert piece in html


def test_equal_texts_have_no_differences() -> None:
    assert compare_texts("a\nb", "a\nb") == []


def test_lines_far_from_a_change_are_left_out() -> None:
    before = "\n".join(str(n) for n in range(20))
    marks = [line.mark for line in compare_texts(before, before.replace("10", "ten"))]
    assert marks == ["left_out", "same", "same", "new", "same", "same", "left_out"]
