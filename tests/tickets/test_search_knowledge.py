"""Searching the articles: the best paragraph of the best article, by any form of the words, as it is now."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from tickets.knowledge import get_article, search_knowledge
from tickets.loading.articles import ArticleText, load_articles

pytestmark = pytest.mark.django_db

RETURNS = ArticleText(
    "returns", "Returning something", "Items can be returned.\n\n## Money\n\n### By card\nRefunds take five days."
)
KNIVES = ArticleText("knives", "Care of knives", "Wash a knife by hand.\n\nSharpen it with a steel.")


def publish(*articles: ArticleText) -> None:
    load_articles(articles, author="test", now=timezone.now())


def test_it_finds_the_paragraph_and_says_where_it_stands() -> None:
    publish(RETURNS, KNIVES)
    hit, *_ = search_knowledge("How long does a refund to my card take?")
    assert (hit.slug, hit.title, hit.revision) == ("returns", "Returning something", 1)
    assert (hit.heading, hit.passage) == ("Money / By card", "Refunds take five days.")
    assert hit.score > 0


@pytest.mark.parametrize("word", ["sharpen", "SHARPENING", "sharpened", "sharpens?"])
def test_it_finds_other_forms_of_a_word(word: str) -> None:
    publish(RETURNS, KNIVES)
    assert [hit.passage for hit in search_knowledge(word)] == ["Sharpen it with a steel."]


@pytest.mark.parametrize("query", ["", "   ", "?!", "the and of", "zeppelin", "\0", "x" * 100_000])
def test_nothing_matching_gives_no_hits(query: str) -> None:
    publish(RETURNS, KNIVES)
    assert search_knowledge(query) == []


def test_an_empty_desk_gives_no_hits() -> None:
    assert search_knowledge("refund") == []
    assert get_article("returns") is None


def test_an_article_stands_there_once_and_the_limit_holds() -> None:
    publish(RETURNS, KNIVES)
    slugs = [hit.slug for hit in search_knowledge("returned refunds knife steel", limit=5)]
    assert sorted(slugs) == ["knives", "returns"]
    assert len(search_knowledge("returned refunds knife steel", limit=1)) == 1
    assert search_knowledge("refund", limit=0) == []


def test_it_answers_from_the_newest_revision() -> None:
    publish(RETURNS, KNIVES)
    assert search_knowledge("sharpen")
    publish(ArticleText("knives", "Care of knives", "We take knives in for grinding."))
    assert search_knowledge("sharpen") == []
    assert [(hit.slug, hit.revision) for hit in search_knowledge("grinding")] == [("knives", 2)]


QUESTIONS = {
    "How hot can I wash the linen bedding?": "care-wool-and-linen",
    "May the bread knife go into the dishwasher?": "care-kitchen",
    "Can I pay part with my gift card and the rest with PayPal?": "gift-cards",
    "Do you deliver to Canada, and what does it cost?": "shipping-times",
    "Which size of rain jacket should I take?": "sizes",
    "How long will it take until the parcel is with me?": "shipping-times",
    "What data do you keep about me, and can it be deleted?": "privacy",
    "Can I talk to a person?": "contact-hours",
    "Can I exchange the sweater for another colour?": "exchanges",
    "Is the radio covered by the warranty?": "warranty",
    "Where is my invoice?": "invoices",
    "Sent to the wrong address, please change the delivery address": "change-delivery-address",
    "The mug arrived damaged": "damaged-or-wrong-item",
    "When does my refund arrive on the credit card?": "refund-times",
    "How do I return the picnic rug?": "returns",
}


def test_the_demo_articles_answer_what_people_ask() -> None:
    call_command("load_demo")
    assert {question: search_knowledge(question)[0].slug for question in QUESTIONS} == QUESTIONS
