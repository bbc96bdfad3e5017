"""For every kind: planned twice it is the same digest, and rows afterwards are rows before plus its effects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.digest import canonical_json, compute_digest
from approvals.kinds import CATALOGUE, PROPOSABLE
from approvals.kinds.catalogue_entry import Refusal
from approvals.models import Action
from approvals.outbox import deliver_due
from approvals.planning import Plan, arguments_to_json, make_plan, read_arguments, view_for
from approvals.undoing import undo_action
from tests.approvals.ledger_of_rows import assert_same_rows, read_rows, rows_after
from tests.approvals.proof import search, searching
from tests.approvals.shop import DELIVERED, NEW_ADDRESS, NOW, OTTOS, PENDING, VARIANTS, Bench, make_order
from tests.approvals.wishes import UNDOABLE, WISHES
from tickets.effects import describe, effect_from_json, effect_to_json
from tickets.models import Customer, Person
from tickets.queries import load_view

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=7)

# --- Wishes of any kind, most of them possible ---

ORDERS = st.sampled_from([PENDING, DELIVERED, "#W3000000", "#W3000001", "#W3000002", OTTOS])
METHODS = st.sampled_from(["credit_card_carla", "paypal_carla", "gift_card_carla", "gift_card_otto"])
ITEMS = st.sampled_from([item_id for _, _, item_id, *_ in VARIANTS])
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60).filter(str.strip)
CHANGES = st.lists(st.builds(lambda a, b: {"item_id": a, "new_item_id": b}, ITEMS, ITEMS), min_size=1, max_size=3)
ADDRESSES = st.builds(lambda city, line: {**NEW_ADDRESS, "city": city, "address2": line}, WORDS, st.just("") | WORDS)
ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "cancel_order": st.fixed_dictionaries(
        {"order_id": ORDERS, "reason": st.sampled_from(["no longer needed", "ordered by mistake"])}
    ),
    "change_order_items": st.fixed_dictionaries({"order_id": ORDERS, "changes": CHANGES, "payment_method_id": METHODS}),
    "change_order_address": st.fixed_dictionaries({"order_id": ORDERS, "address": ADDRESSES}),
    "change_order_payment": st.fixed_dictionaries({"order_id": ORDERS, "payment_method_id": METHODS}),
    "return_items": st.fixed_dictionaries(
        {"order_id": ORDERS, "item_ids": st.lists(ITEMS, min_size=1, max_size=3), "payment_method_id": METHODS}
    ),
    "exchange_items": st.fixed_dictionaries({"order_id": ORDERS, "changes": CHANGES, "payment_method_id": METHODS}),
    "change_customer_address": st.fixed_dictionaries({"address": ADDRESSES}),
    "give_credit": st.fixed_dictionaries(
        {"amount": st.decimals(0, 1000, places=2).map(str), "reason": WORDS}
    ),
    "send_reply": st.fixed_dictionaries({"body": WORDS}),
    "add_note": st.fixed_dictionaries({"body": WORDS}),
    "set_ticket": st.fixed_dictionaries(
        {}, optional={"status": st.sampled_from(["open", "pending", "solved", "closed"]),
                      "priority": st.sampled_from(["low", "normal", "high", "urgent"]),
                      "tags": st.lists(st.text("abc", min_size=1, max_size=5), max_size=4)}
    ).filter(bool),
    "escalate": st.fixed_dictionaries(
        {"reason": WORDS, "summary": WORDS, "urgency": st.sampled_from(["low", "normal", "high", "urgent"])}
    ),
}  # fmt: skip
WISHED = st.sampled_from(sorted(ARGUMENTS)).flatmap(lambda kind: st.tuples(st.just(kind), ARGUMENTS[kind]))


class RolledBack(Exception):
    """Ends one example without a trace."""


def alone(check: Callable[[], object]) -> None:
    """Runs one example in a savepoint that is rolled back."""
    with pytest.raises(RolledBack), transaction.atomic():
        check()
        raise RolledBack


@pytest.fixture
def busy(bench: Bench, carla: Customer, settings: Any) -> Bench:
    """The shop with more of Carla's orders in it, and mail that works."""
    settings.MAIL_CONFIGURED = True
    for number, items in enumerate((["9101"], ["9105", "9101", "9101"], ["9201", "9103"])):
        make_order(carla, f"#W300000{number}", items=items, paid_with=("gift_card", "paypal", "credit_card")[number])
    return bench


def plan_of(bench: Bench, kind: str, arguments: dict[str, Any]) -> Plan:
    read = read_arguments(CATALOGUE[kind], arguments)
    return make_plan(CATALOGUE[kind], read, view_for(read, bench.ticket.pk))


def test_there_are_wishes_of_every_kind() -> None:
    assert set(ARGUMENTS) == set(PROPOSABLE) == set(WISHES)


# --- Planned twice ---


@given(st.data())
def check_same_digest(bench: Bench, data: Any) -> None:
    kind, arguments = data.draw(WISHED)
    try:
        first = plan_of(bench, kind, arguments)
    except Refusal as refusal:
        with pytest.raises(Refusal) as refused_again:
            plan_of(bench, kind, arguments)
        assert str(refused_again.value) == str(refusal)
        return
    stored = arguments_to_json(read_arguments(CATALOGUE[kind], arguments))
    again = plan_of(bench, kind, dict(reversed(stored.items())))
    assert (again.digest, again.effects, again.amount) == (first.digest, first.effects, first.amount)
    assert tuple(effect_from_json(effect_to_json(effect)) for effect in first.effects) == first.effects
    assert all(describe(effect).endswith((".", "”")) for effect in first.effects)


@pytest.mark.parametrize("profile", searching(40, 1000))
def test_planned_twice_it_is_the_same(busy: Bench, profile: settings) -> None:
    search(profile, check_same_digest, busy)


@pytest.mark.parametrize("kind", WISHES)
def test_hours_apart_it_is_the_same_digest(bench: Bench, kind: str) -> None:
    first = bench.propose(kind, WISHES[kind])
    bench.now = NOW + HOURS
    second = bench.propose(kind, WISHES[kind])
    assert first.digest == second.digest and len(first.digest) == 64


# --- Rows after = rows before + effects ---


@given(st.data())
def check_rows(bench: Bench, ada: Person, data: Any) -> None:
    kind, arguments = data.draw(WISHED)
    alone(lambda: carry_out_and_compare(bench, ada, kind, arguments))


def carry_out_and_compare(bench: Bench, ada: Person, kind: str, arguments: dict[str, Any]) -> Action:
    """Executes one wish and compares every row of the desk with an independent account of its effects."""
    before = read_rows()
    action = bench.propose(kind, arguments)
    if action.status == "refused":
        assert read_rows() == before
        return action
    if action.status == "waiting":
        bench.approve(action, ada)
    assert read_rows() == before
    view = load_view(bench.ticket.pk)
    done = bench.execute(action)
    assert done.status == ("executing" if kind == "send_reply" else "executed"), done.status_reason
    at = bench.now
    if kind == "send_reply":
        assert_same_rows(read_rows(), before)
        at = NOW + HOURS
        assert deliver_due(now=at) == 1
    expected = rows_after(before, action.effects, action=action.pk, actor=action.proposer, at=at)
    assert_same_rows(read_rows(), expected)
    assert view.lay_over(effect_from_json(effect) for effect in action.effects) == load_view(bench.ticket.pk)
    return Action.objects.get(pk=action.pk)


@pytest.mark.parametrize("profile", searching(40, 800))
def test_rows_after_are_rows_before_and_the_effects(busy: Bench, ada: Person, profile: settings) -> None:
    search(profile, check_rows, busy, ada)


@pytest.mark.parametrize("kind", WISHES)
def test_every_kind_does_exactly_what_it_says(bench: Bench, ada: Person, kind: str, settings: Any) -> None:
    settings.MAIL_CONFIGURED = True
    assert carry_out_and_compare(bench, ada, kind, WISHES[kind]).status == "executed"


@pytest.mark.parametrize("kind", UNDOABLE)
def test_its_undo_does_exactly_what_it_says(bench: Bench, ada: Person, kind: str) -> None:
    action = bench.carry_out(bench.propose(kind, WISHES[kind]), ada)
    before = read_rows()
    view = load_view(bench.ticket.pk)
    undo_action(action.pk, by=ada, now=NOW)
    undo = Action.objects.get(undoes=action)
    expected = rows_after(before, undo.effects, action=undo.pk, actor="person:ada", at=NOW)
    assert_same_rows(read_rows(), expected)
    over, again = view.lay_over(effect_from_json(effect) for effect in undo.effects), load_view(bench.ticket.pk)
    assert (over.ticket, over.customer, over.orders) == (again.ticket, again.customer, again.orders)


@given(st.data())
def check_undo(bench: Bench, ada: Person, data: Any) -> None:
    wishes = data.draw(st.lists(WISHED.filter(lambda wish: wish[0] in UNDOABLE), min_size=1, max_size=3))

    def there_and_back() -> None:
        view = load_view(bench.ticket.pk)
        done = [carry_out_and_compare(bench, ada, kind, arguments) for kind, arguments in wishes]
        for action in reversed([action for action in done if action.is_executed]):
            assert undo_action(action.pk, by=ada, now=NOW + HOURS).status == "undone"
        again = load_view(bench.ticket.pk)
        assert (view.ticket, view.customer) == (again.ticket, again.customer)
        for order_id, order in view.orders.items():
            assert again.orders[order_id].standing_payments() == order.standing_payments()
            assert (again.orders[order_id].status, again.orders[order_id].lines) == (order.status, order.lines)

    alone(there_and_back)


@pytest.mark.parametrize("profile", searching(20, 300))
def test_there_and_back_is_as_it_was(busy: Bench, ada: Person, profile: settings) -> None:
    search(profile, check_undo, busy, ada)


# --- A run's actions one upon the other ---


@given(st.data())
def check_run(bench: Bench, ada: Person, data: Any) -> None:
    wishes = data.draw(st.lists(WISHED, min_size=2, max_size=4))

    def one_upon_the_other() -> None:
        bench.origin = uuid4()
        before = read_rows()
        actions = [bench.propose(kind, arguments) for kind, arguments in wishes]
        assert read_rows() == before
        for action in actions:
            bench.carry_out(action, ada)
            deliver_due(now=NOW + HOURS)
        bench.origin = None
        for action in actions:
            fresh = Action.objects.get(pk=action.pk)
            wanted = ("refused", False) if action.status == "refused" else ("executed", True)
            assert (fresh.status, fresh.receipt is not None) == wanted, fresh.status_reason
            assert fresh.revision == 1 and fresh.digest == action.digest

    alone(one_upon_the_other)


@pytest.mark.parametrize("profile", searching(20, 300))
def test_what_a_run_planned_in_memory_is_what_happens(busy: Bench, ada: Person, profile: settings) -> None:
    search(profile, check_run, busy, ada)


# --- Digests ---


class TestDigest:
    """What an approval is bound to."""

    @pytest.fixture
    def parts(self, bench: Bench) -> dict[str, Any]:
        plan = plan_of(bench, "change_order_payment", WISHES["change_order_payment"])
        return {
            "kind": "change_order_payment", "ticket_id": 1, "arguments": WISHES["change_order_payment"],
            "effects": plan.effects, "last_message_id": 5,
        }  # fmt: skip

    def test_the_order_of_keys_does_not_matter(self, parts: dict[str, Any]) -> None:
        arguments = dict(reversed(parts["arguments"].items()))
        assert compute_digest(**{**parts, "arguments": arguments}) == compute_digest(**parts)

    @pytest.mark.parametrize("part", ["kind", "ticket_id", "arguments", "effects", "fewer effects", "last_message_id"])
    def test_every_part_matters(self, parts: dict[str, Any], part: str) -> None:
        others: dict[str, dict[str, Any]] = {
            "kind": {"kind": "cancel_order"},
            "ticket_id": {"ticket_id": 2},
            "arguments": {"arguments": {**parts["arguments"], "order_id": "#W1000001"}},
            "effects": {"effects": tuple(reversed(parts["effects"]))},
            "fewer effects": {"effects": parts["effects"][:1]},
            "last_message_id": {"last_message_id": None},
        }
        assert compute_digest(**{**parts, **others[part]}) != compute_digest(**parts)

    def test_the_customers_next_message_changes_it(self, bench: Bench) -> None:
        from tickets.operations import receive_message

        first = bench.propose("add_note", {"body": "x"}).digest
        receive_message(bench.ticket.pk, "And another thing", now=NOW)
        assert bench.propose("add_note", {"body": "x"}).digest != first

    def test_it_is_what_semantics_says(self) -> None:
        assert canonical_json({"b": [1, None], "a": "ü"}) == b'{"a":"\xc3\xbc","b":[1,null]}'
        with pytest.raises(TypeError):
            canonical_json({"at": NOW})
