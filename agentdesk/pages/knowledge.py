"""Knowledge: the shop's articles, every revision they had, and writing the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from agentdesk.pages.differences import compare_texts
from agentdesk.pages.markdown import render_markdown
from agentdesk.people.roles import EDITORS, needs_role, signed_in
from approvals import audit
from tickets.articles import ArticleMoved, SlugTaken, add_article, revise_article
from tickets.knowledge import search_knowledge
from tickets.models import Article, ArticleRevision

HITS = 20
LONGEST_SEARCH = 300
LONGEST_BODY = 200_000


class ArticleForm(forms.Form):
    """An article's title and Markdown."""

    title = forms.CharField(max_length=300)
    body = forms.CharField(
        max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 18}), help_text="Markdown; HTML stays text."
    )

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


@require_safe
def list_articles(request: HttpRequest) -> HttpResponse:
    """All articles by title; with a question, those that answer it best and their passage."""
    question = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    context: dict[str, Any] = {"question": question, "may_edit": signed_in(request).role in EDITORS}
    if question:
        context["hits"] = search_knowledge(question, HITS)
    else:
        context["articles"] = Article.objects.annotate(changed_at=Max("revisions__at")).order_by("title")
    return render(request, "knowledge/articles.html", context)


@require_safe
def show_article(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """An article as it is now, or one revision of it with what that changed."""
    article = get_object_or_404(Article, pk=slug)
    revisions = list(article.revisions.defer("body").order_by("-number"))
    revision = get_object_or_404(ArticleRevision, article=article, number=number or article.revision)
    before = ArticleRevision.objects.filter(article=article, number=revision.number - 1).first()
    context = {
        "article": article,
        "revision": revision,
        "revisions": revisions,
        "is_newest": revision.number == article.revision,
        "before": before,
        "lines": compare_texts(before.body, revision.body) if before else [],
        "html": render_markdown(revision.body),
        "may_edit": signed_in(request).role in EDITORS,
    }
    return render(request, "knowledge/article.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*EDITORS)
def edit_article(request: HttpRequest, slug: str) -> HttpResponse:
    """The next revision: looked at as a difference first, then saved."""
    article = get_object_or_404(Article, pk=slug)
    newest = article.revisions.get(number=article.revision)
    if request.method != "POST":
        form = ArticleForm(initial={"title": newest.title, "body": newest.body})
        return show_editor(request, form, newest)
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return show_editor(request, form, newest, status=422)
    if "save" not in request.POST:
        return show_editor(request, form, newest, is_preview=True)
    try:
        revision = save_revision(request, newest, form)
    except ArticleMoved as reason:
        form.add_error(None, str(reason))
        return show_editor(request, form, newest, status=409, is_preview=True)
    if revision.number == newest.number:
        messages.info(request, "It says the same as before, so there is no new revision.")
        return redirect("article", slug)
    return redirect("article_revision", slug, revision.number)


@transaction.atomic
def save_revision(request: HttpRequest, newest: ArticleRevision, form: ArticleForm) -> ArticleRevision:
    """The article's next version, with its audit entry."""
    actor, now = f"person:{signed_in(request).username}", timezone.now()
    base = request.POST.get("base_revision", "")
    revision = revise_article(
        newest.article_id,
        form.cleaned_data["title"],
        form.cleaned_data["body"],
        base_revision=int(base) if base.isascii() and base.isdigit() else 0,
        author=actor,
        now=now,
    )
    if revision.number != newest.number:
        subject = f"article:{revision.article_id}"
        audit.record("article.revised", actor=actor, subject=subject, at=now, revision=revision.number)
    return revision


def show_editor(
    request: HttpRequest, form: ArticleForm, newest: ArticleRevision, *, status: int = 200, is_preview: bool = False
) -> HttpResponse:
    """The editor; a preview shows what saving would change, against the revision that is the newest now."""
    typed = form.cleaned_data.get("body", "") if is_preview else ""
    context = {
        "form": form,
        "newest": newest,
        "is_preview": is_preview,
        "lines": compare_texts(newest.body, typed) if is_preview else [],
        "html": render_markdown(typed) if is_preview else "",
    }
    return render(request, "knowledge/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*EDITORS)
def write_article(request: HttpRequest) -> HttpResponse:
    """A new article; its title makes its name."""
    form = ArticleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revision = save_new(request, form)
        except SlugTaken as reason:
            form.add_error("title", str(reason))
        else:
            return redirect("article", revision.article_id)
    return render(request, "knowledge/edit.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def save_new(request: HttpRequest, form: ArticleForm) -> ArticleRevision:
    """Raises: SlugTaken, also for a title without a letter or digit."""
    title, body = form.cleaned_data["title"], form.cleaned_data["body"]
    slug = slugify(title)[:120].strip("-")
    if not slug:
        raise SlugTaken("The title needs a letter or a digit.")
    actor, now = f"person:{signed_in(request).username}", timezone.now()
    revision = add_article(slug, title, body, author=actor, now=now)
    audit.record("article.added", actor=actor, subject=f"article:{slug}", at=now, title=title)
    return revision
