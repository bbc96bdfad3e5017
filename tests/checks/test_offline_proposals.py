"""What the offline model writes is checked, too: the checks must not mark what rests on its tools.

Two sorts of marks are true and stay: an amount that it states without citing the record it comes from, and an amount
it reckons by itself where the calculator should have. A question for an order number that the ticket holds beside
injected orders is the third. They are counted apart; everything else may mark one proposal in fifty at most.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agentdesk.agent.findings import Finding
from tests.acceptance.retail.driving import Api, advance_runs, send_letters
from tests.acceptance.retail.shop import RETAIL, read_shop
from tests.acceptance.retail.whole_post import write_letters
from tests.checks.offline_proposals import Proposed, proposals_of_runs, tell_marked
from tickets.demo.opening import open_demo
from tickets.models import Person

pytestmark = pytest.mark.django_db

MOST_FALSE = 0.02
MOST_UNCITED = 0.12
TRUE_MARKS = ("uncited_claim", "ungrounded_amount", "reviewer_asks_known")
"""What is truly wrong with some of the offline model's replies."""
EVERY = 6
"""Of the retail letters, one in so many is worked off here."""


def require_few_marks(proposals: list[Proposed]) -> None:
    """Judges the marks; a failure tells the words."""
    found = [(one, one.find()) for one in proposals]
    replies = sum(one.kind == "send_reply" for one in proposals)
    marked = [(one, marks) for one, marks in found if any(mark.check not in TRUE_MARKS for mark in marks)]
    true = [(one, marks) for one, marks in found if marks and all(is_true(mark) for mark in marks)]
    told = "\n".join(tell_marked(one, marks) for one, marks in marked)
    print(f"{len(proposals)} proposals, {replies} replies: {len(marked)} falsely marked, {len(true)} truly\n{told}")
    assert replies
    assert len(marked) <= MOST_FALSE * len(proposals), told
    assert len(true) <= MOST_UNCITED * replies, "\n".join(tell_marked(one, marks) for one, marks in true)


def is_true(mark: Finding) -> bool:
    """Whether a mark is one of those that stay."""
    return mark.check in TRUE_MARKS


def test_the_demo_s_tickets_are_not_marked_falsely() -> None:
    open_demo(timezone.now())
    advance_runs()
    require_few_marks(list(proposals_of_runs()))


@pytest.mark.skipif(not RETAIL.is_dir(), reason=f"the retail shop is not there: {RETAIL}")
def test_letters_to_a_real_shop_are_not_marked_falsely(max_: Person, client: Client) -> None:
    call_command("load_shop", str(RETAIL), verbosity=0)
    client.force_login(max_)
    shop = read_shop()
    send_letters(write_letters(shop)[::EVERY], shop, Api(client))
    advance_runs()
    require_few_marks(list(proposals_of_runs()))
