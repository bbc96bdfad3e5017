"""What the shadow planned is compared with what people then did; whoever does it does not see it before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from approvals.autonomy.outcomes import labels
from approvals.models import Action
from approvals.shadowing import Comparison, InTheShadow, compare_shadows, require_visible, visible_to
from tests.approvals.shop import NOW, Bench, publish
from tests.approvals.wishes import WISHES
from tickets.models import Person

pytestmark = pytest.mark.django_db
CREDIT = WISHES["give_credit"]
REPLY = {"body": "Dear Carla, your parcel arrives on Monday. We are sorry for the delay."}


@pytest.fixture(autouse=True)
def _in_the_shadow(ada: Person) -> None:
    publish(ada, give_credit={"mode": "shadow"}, send_reply={"mode": "shadow"})


def by_person(bench: Bench, person: Person, kind: str, arguments: dict[str, Any]) -> Action:
    """What a person does himself an hour later, approved in the same breath where the policy lets him."""
    bench.now = NOW + timedelta(hours=1)
    publish(None, **{kind: {"mode": "review", "editor_may_approve": True}})
    deed = bench.propose(kind, arguments, proposer=f"person:{person.username}", person=person, origin=uuid4())
    return bench.approve(deed, person)


def compared(kind: str) -> list[Comparison]:
    return list(compare_shadows(Action.objects.filter(kind=kind), since=NOW, limit=10))


@pytest.mark.parametrize(
    ("amount", "how"), [(CREDIT["amount"], "same"), ("7.00", "other")], ids=["the same", "another amount"]
)
def test_a_deed_is_the_same_or_another(bench: Bench, max_: Person, amount: str, how: str) -> None:
    plan = bench.propose("give_credit", CREDIT)
    assert plan.status == "planned" and compared("give_credit") == []
    deed = by_person(bench, max_, "give_credit", {**CREDIT, "amount": amount})
    [found] = compared("give_credit")
    assert (found.how, found.plan, found.deed, found.at) == (how, plan, deed, deed.proposed_at)
    [label] = [label for label in labels("give_credit", since=NOW) if label.source == "shadow"]
    assert (label.action_id, label.is_wrong) == (plan.pk, how != "same")


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("Dear Carla, your parcel arrives on Monday. We are very sorry for this delay.", "same"),
        ("Hello! Which order do you mean?", "other"),
    ],
)
def test_replies_are_alike_by_their_words(bench: Bench, rita: Person, body: str, how: str) -> None:
    bench.propose("send_reply", REPLY)
    by_person(bench, rita, "send_reply", {"body": body})
    [found] = compared("send_reply")
    assert found.how == how
    assert found.likeness is not None and (found.likeness >= 0.6) == (how == "same")


def test_people_who_answer_without_it_did_not_do_it(bench: Bench, rita: Person) -> None:
    bench.propose("give_credit", CREDIT)
    by_person(bench, rita, "send_reply", REPLY)
    [found] = compared("give_credit")
    assert (found.how, found.deed) == ("not_done", None)


def test_a_dry_run_and_what_people_left_open_are_not_compared(bench: Bench, max_: Person) -> None:
    bench.propose("give_credit", CREDIT, is_dry=True)
    by_person(bench, max_, "give_credit", CREDIT)
    assert compared("give_credit") == []


def test_whoever_does_the_work_does_not_see_it(bench: Bench, rita: Person, max_: Person, ada: Person) -> None:
    plan, dry = bench.propose("give_credit", CREDIT), bench.propose("give_credit", CREDIT, is_dry=True)
    for person in (rita, max_):
        assert list(visible_to(person, Action.objects.all())) == [dry]
        with pytest.raises(InTheShadow):
            require_visible(person, Action.objects.filter(pk=plan.pk))
        require_visible(person, Action.objects.filter(pk=dry.pk))
    assert set(visible_to(ada, Action.objects.all())) == {plan, dry}
    require_visible(ada, Action.objects.filter(pk=plan.pk))
