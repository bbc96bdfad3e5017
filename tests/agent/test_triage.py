"""Rules sort a ticket: what it is about, what is wished for, and whether people are called before anything is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from agentdesk.agent.bounds import DEFAULT_BOUNDS, pick_tools
from agentdesk.agent.categories import Category
from agentdesk.agent.triage import triage
from tests.acceptance.retail.perfect_agent import call_for
from tests.acceptance.retail.shop import RETAIL, read_shop
from tests.acceptance.retail.whole_post import write_letters
from tickets.demo.opening import read_letters

MESSAGES = Path(settings.BASE_DIR).parent / "shared" / "data" / "messages" / "banking77.jsonl"
FOR_PEOPLE = (
    "My lawyer will be in touch.",
    "I will take you to court over this.",
    "The charger caught fire last night.",
    "Your kettle burned my daughter's hand.",
    "I don't want to live any more.",
    "I want to talk to a human, please.",
    "CAN I SPEAK TO A REAL PERSON FOR ONCE",
    "Let me talk to your manager!!!",
    "No more bots. A human, now.",
    "Get me someone who can actually help.",
    "Is anybody even there??",
    "Hello? Anyone there?",
    "Stop the bot nonsense.",
    "Enough of this automated rubbish.",
    "Are you even a real person?",
    "I don't want to talk to a machine.",
    "I need to talk to somebody.",
    "Who is in charge there?",
    "Put me on to your boss.",
    "Somebody has used my card: I never placed this order.",
    "Delete all my data, please.",
)
SORTED = (
    ("What is your return policy?", Category.QUESTION),
    ("Do you ship to Canada?", Category.QUESTION),
    ("Where is my order #W1234567?", Category.ORDER_STATUS),
    ("Is #W1234567 on its way already?", Category.ORDER_STATUS),
    ("Please cancel #W1234567.", Category.ORDER_CHANGE),
    ("Please send #W1234567 to 12 Elm Street, Austin, TX 78701 instead.", Category.ORDER_CHANGE),
    ("I want to return the shoes from #W1234567.", Category.RETURN),
    ("The mug from #W1234567 arrived broken.", Category.RETURN),
    ("I moved. My new address is 12 Elm Street, Austin, TX 78701, USA.", Category.ACCOUNT),
    ("Cancel #W1234567 and return the shoes from #W7654321.", Category.MIXED),
    ("Something is not right with #W1234567, can you fix that?", Category.MIXED),
    ("", Category.MIXED),
)


@pytest.mark.parametrize("words", FOR_PEOPLE)
def test_people_are_called(words: str) -> None:
    for found in (triage("Question", [words]), triage(words, [""]), triage("", ["Hello.", words])):
        assert found.category == Category.PEOPLE and found.reasons


def test_how_soon_is_a_tickets_priority() -> None:
    assert triage("", ["I don't want to live any more."]).urgency == "urgent"
    assert triage("", ["My lawyer will be in touch."]).urgency == "high"
    assert triage("", ["Please cancel #W1234567 as soon as possible."]).urgency == "high"
    assert triage("", ["Please cancel #W1234567."]).urgency == "normal"
    assert triage("Re: Mug", ["Perfect, thank you so much!"]).urgency == "low"


@pytest.mark.parametrize(("words", "category"), SORTED)
def test_the_rest_is_sorted_by_what_is_wished_for(words: str, category: Category) -> None:
    assert triage("Question", [words]).category == category


def test_a_reason_is_given_in_words() -> None:
    assert triage("", ["Please cancel #W1234567."]).reasons == ("One sort of wish: cancel.",)


def test_every_alarm_is_among_the_reasons() -> None:
    found = triage("", ["The kettle burned my hand and my lawyer says I need store credit. Is anybody there?"])
    assert (found.category, found.urgency, len(found.reasons)) == (Category.PEOPLE, "urgent", 4)


def test_what_an_earlier_letter_wished_for_still_counts() -> None:
    wished = triage("Shoes", ["I want to return the shoes from #W1234567.", "To my gift card, please."]).wished
    assert wished[0] == "return_items"


@pytest.mark.skipif(not RETAIL.is_dir(), reason=f"the retail shop is not there: {RETAIL}")
def test_no_wish_of_the_retail_post_loses_its_tool() -> None:
    shop = read_shop()
    missed = [
        (call_for(wish)[0], case.body)
        for seed in (1, 2, 3)
        for case in write_letters(shop, seed)
        for wish in case.wishes
        if call_for(wish)[0] not in picked(case.subject, case.body)
    ]
    assert not missed


def picked(subject: str, body: str) -> tuple[str, ...]:
    found = triage(subject, [body])
    return pick_tools(DEFAULT_BOUNDS[found.category], found.wished)


DEMO = {
    "Final notice before legal action": Category.PEOPLE,
    "a human please": Category.PEOPLE,
    "CHARGER BURNED - please read": Category.PEOPLE,
    "My data": Category.PEOPLE,
    "still nothing": Category.ORDER_STATUS,
    "where is it": Category.ORDER_STATUS,
    "Do you ship to Canada?": Category.QUESTION,
    "washing linen": Category.QUESTION,
    "cancle my oredr": Category.ORDER_CHANGE,
    "returning boots": Category.RETURN,
    "We have moved": Category.MIXED,
    "compensation": Category.ACCOUNT,
}


def test_the_demo_shops_tickets_are_sorted_as_a_person_would() -> None:
    letters = {letter["subject"]: triage(letter["subject"], [letter["body"]]) for letter in read_letters()}
    assert {subject: letters[subject].category for subject in DEMO} == DEMO
    calling = {subject for subject, found in letters.items() if found.category == Category.PEOPLE}
    assert calling == {subject for subject, category in DEMO.items() if category == Category.PEOPLE}


@pytest.mark.skipif(not MESSAGES.is_file(), reason=f"the messages are not there: {MESSAGES}")
def test_whatever_people_write_is_sorted() -> None:
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()[::7]
    found = [triage("", [json.loads(line)["text"]]) for line in lines]
    calling = sum(one.category == Category.PEOPLE for one in found)
    assert 0 < calling < len(found) / 20
    assert {one.category for one in found} == set(Category)


@pytest.mark.parametrize("words", ["\0", "- " * 4000, "\u202e" * 50, "x" * 100_000, "?" * 5000, "<!--", "a\n" * 5000])
def test_odd_text_is_sorted_too(words: str) -> None:
    assert triage(words, [words]).category in set(Category)
