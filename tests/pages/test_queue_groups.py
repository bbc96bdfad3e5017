"""The queue by group: figures, what stands out beside its reasons, rows on demand, and decisions on many at once."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agentdesk.pages.queue import AT_ONCE
from agentdesk.pages.queue_groups import MORE_ROWS, ROWS
from approvals.bulk import work_bulk
from approvals.models import Action, BulkDecision
from tests.approvals.batches.crowd import make_crowd, planted
from tests.approvals.batches.rows import copy_row, store_crowd
from tests.approvals.shop import NEW_ADDRESS, PENDING, Bench, make_catalogue, make_orders, make_ticket, publish
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db

IN_PLACE = {"HX-Request": "true"}
GROUPS = "/queue/?view=groups"
MOVED = {"order_id": PENDING, "address": NEW_ADDRESS}
CANCEL = {"order_id": PENDING, "reason": "no longer needed"}
MOVES = "change_order_address~kind_reviewed~medium"


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now() - timedelta(hours=3))


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


@pytest.fixture
def ritas(rita: Person) -> Client:
    client = Client()
    client.force_login(rita)
    return client


def make_many(bench: Bench, count: int, **columns: object) -> list[Action]:
    """Address changes, a second apart."""
    first = bench.propose("change_order_address", MOVED)
    rows = [
        copy_row(first, id=uuid4(), origin=uuid4(), proposed_at=bench.now + timedelta(seconds=place), **columns)
        for place in range(1, count)
    ]
    return [first, *Action.objects.bulk_create(rows)]


def tokens(actions: list[Action]) -> list[str]:
    return [f"{action.pk} {action.digest}" for action in actions]


def shown_rows(page: str) -> list[UUID]:
    return [UUID(name) for name in re.findall(r'<article [^>]*id="action-([0-9a-f-]{36})"', page)]


def statuses(actions: list[Action]) -> set[str]:
    return set(Action.objects.filter(pk__in=[one.pk for one in actions]).values_list("status", flat=True))


def test_of_three_hundred_what_stands_out_is_below_and_in_no_selection(
    maxs: Client, max_: Person, bench: Bench
) -> None:
    crowd = make_crowd(5)
    store_crowd(bench, crowd, max_)
    page = maxs.get(GROUPS).content.decode()
    assert "300 × Return items" in page and "oldest" in page
    total, largest = sum(wish.amount for wish in crowd), max(wish.amount for wish in crowd)
    assert f"{total:,.2f} USD · largest {largest:,.2f}" in page
    [address] = re.findall(r'data-select="([^"]+)"', page)
    taken = {UUID(one["token"].split()[0]).int - 1 for one in maxs.get(address).json()["items"]}
    assert taken.isdisjoint(planted(crowd)) and len(taken) >= 280
    odd = page[page.index("left out of the selection") :]
    more = maxs.get(re.findall(r'hx-get="([^"]+odd=1)"', odd)[0].replace("&amp;", "&"), headers=IN_PLACE)
    left_out = {pk.int - 1 for pk in shown_rows(odd) + shown_rows(more.content.decode())}
    assert planted(crowd) <= left_out and left_out == set(range(300)) - taken
    words = odd + more.content.decode()
    for reason in ("is far from the group", "new customer", "the middle one has", "only claimed", "same item 9201"):
        assert reason in words


def test_it_says_how_many_what_at_stake_and_since_when(maxs: Client, bench: Bench) -> None:
    for _ in range(3):
        bench.propose("cancel_order", CANCEL)
    euros = bench.propose("cancel_order", CANCEL)
    Action.objects.filter(pk=euros.pk).update(currency="EUR", amount=Decimal("20.00"))
    page = maxs.get(GROUPS).content.decode()
    assert "4 × Cancel order" in page and "always reviewed" in page and "High risk" in page
    assert "195.00 USD · largest 65.00 · 20.00 EUR · largest 20.00 · oldest" in page and "3 h ago" in page
    assert "Carla Silva" in page and 'aria-current="page">By group' in page


def test_the_rows_of_a_large_group_come_as_they_are_asked_for(maxs: Client, bench: Bench) -> None:
    many = make_many(bench, ROWS + MORE_ROWS + 5)
    page = maxs.get(GROUPS).content.decode()
    shown = shown_rows(page)
    address = re.findall(r'hx-get="(/queue/groups/rows/[^"]+)"', page)
    while address:
        page = maxs.get(address[0].replace("&amp;", "&"), headers=IN_PLACE).content.decode()
        shown += shown_rows(page)
        address = re.findall(r'hx-get="(/queue/groups/rows/[^"]+)"', page)
    assert shown == [action.pk for action in many]


def test_without_scripts_further_rows_are_a_page_of_their_own(maxs: Client, bench: Bench) -> None:
    many = make_many(bench, ROWS + 3)
    [address] = re.findall(r'href="(/queue/groups/rows/[^"]+)"', maxs.get(GROUPS).content.decode())
    page = maxs.get(address.replace("&amp;", "&")).content.decode()
    assert "<h1>More of a group</h1>" in page and len(shown_rows(page)) == 3
    maxs.post("/queue/decide/", {"reject_selected": "1", "action": tokens(many[-3:])})
    assert statuses(many[-3:]) == {"rejected"}
    assert "Nothing more waits here." in maxs.get("/queue/groups/rows/?group=x").content.decode()


def test_a_thousand_in_a_group_take_a_fixed_number_of_queries(
    maxs: Client, bench: Bench, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(bench, 1000)
    bench.propose("cancel_order", CANCEL)
    with django_assert_max_num_queries(16):
        page = maxs.get(GROUPS).content.decode()
    assert "1000 × Change order address" in page and len(shown_rows(page)) == ROWS + 1


def test_a_small_group_is_approved_whole_with_what_was_on_the_page(maxs: Client, bench: Bench) -> None:
    many = make_many(bench, 4)
    page = maxs.get(GROUPS).content.decode()
    [value] = re.findall(r'name="approve" value="([^"]+,[^"]+)"', page)
    answer = maxs.post("/queue/decide/", {"approve": value, "back": GROUPS}, headers=IN_PLACE).content.decode()
    assert "4 approved." in answer and statuses(many) == {"approved"}
    assert "T-" in answer


def test_an_outlier_is_taken_in_only_by_hand(maxs: Client, bench: Bench) -> None:
    many = make_many(bench, 6)
    Action.objects.filter(pk=many[2].pk).update(confidence=Decimal("0.30"))
    page = maxs.get(GROUPS).content.decode()
    [value] = re.findall(r'name="approve" value="([^"]+,[^"]+)"', page)
    assert str(many[2].pk) not in value and "1 left out of the selection" in page
    assert "confidence 0.30; the middle one has 0.99" in page
    maxs.post("/queue/decide/", {"approve_selected": "1", "action": tokens(many[2:3])})
    assert statuses(many[2:3]) == {"approved"} and statuses(many[3:]) == {"waiting"}


def test_of_high_risk_a_bulk_takes_what_was_opened_and_says_so(maxs: Client, bench: Bench) -> None:
    cancels = [bench.propose("cancel_order", CANCEL) for _ in range(6)]
    for cancel in cancels[:4]:
        maxs.post(f"/actions/{cancel.pk}/preview/", headers=IN_PLACE)
    answer = maxs.post("/queue/decide/", {"approve_selected": "1", "action": tokens(cancels)}, headers=IN_PLACE)
    assert "4 of 6 approved: you opened 4; the others stay." in answer.content.decode()
    assert (statuses(cancels[:4]), statuses(cancels[4:])) == ({"approved"}, {"waiting"})
    [address] = re.findall(r'data-select="([^"]+)"', maxs.get(GROUPS).content.decode())
    assert [one["look"] for one in maxs.get(address).json()["items"]] == [True, True]


def test_a_selection_holds_what_its_viewer_may_decide(ritas: Client, bench: Bench, auditor: Person) -> None:
    bench.propose("cancel_order", CANCEL)
    many = make_many(bench, 3)
    page = ritas.get(GROUPS).content.decode()
    [address] = re.findall(r'data-select="([^"]+)"', page)
    assert [one["token"] for one in ritas.get(address).json()["items"]] == tokens(many)
    looking = Client()
    looking.force_login(auditor)
    assert "data-select" not in looking.get(GROUPS).content.decode()
    assert looking.get(address).json() == {"items": []}


def test_a_group_or_a_filter_that_is_none_has_no_rows_and_no_selection(maxs: Client) -> None:
    for name in ("", "x", str(uuid4()), "a~b~low", "a~b~c", "\0~~low"):
        assert maxs.get("/queue/groups/selection/", {"group": name}).json() == {"items": []}
        assert maxs.get("/queue/groups/rows/", {"group": name}, headers=IN_PLACE).status_code == 200
    for name in ("kind", "tier"):
        assert maxs.get("/queue/", {"view": "groups", name: "\0x"}).status_code == 200


def test_what_was_put_off_is_left_out_of_both_views_unless_asked_for(maxs: Client, bench: Bench) -> None:
    [action] = make_many(bench, 1)
    Ticket.objects.filter(pk=bench.ticket.pk).update(snoozed_until=timezone.now() + timedelta(hours=1))
    for address in ("/queue/?", f"{GROUPS}&"):
        assert shown_rows(maxs.get(address).content.decode()) == []
        assert "Also the 1 put off" in maxs.get(address).content.decode()
        page = maxs.get(f"{address}snoozed=1").content.decode()
        assert shown_rows(page) == [action.pk] and "Back <time" in page
    Ticket.objects.filter(pk=bench.ticket.pk).update(snoozed_until=None)
    assert "Back <time" not in maxs.get(f"{GROUPS}&snoozed=1").content.decode()


def test_each_row_of_a_group_has_its_ticket_s_attention_and_its_own_not_now(
    maxs: Client, auditor: Person, bench: Bench
) -> None:
    make_many(bench, ROWS + 2)
    page = maxs.get(GROUPS).content.decode()
    [address] = re.findall(r'hx-get="(/queue/groups/rows/[^"]+)"', page)
    more = maxs.get(address.replace("&amp;", "&"), headers=IN_PLACE).content.decode()
    for rows, many in ((page, ROWS), (more, 2)):
        assert rows.count(f'data-attention="{bench.ticket.pk}"') == rows.count("data-put-off=") == many
    looking = Client()
    looking.force_login(auditor)
    page = looking.get(GROUPS).content.decode()
    assert page.count("data-attention=") == ROWS and "data-put-off=" not in page


def test_filters_narrow_groups_too(ritas: Client, bench: Bench) -> None:
    bench.propose("cancel_order", CANCEL)
    make_many(bench, 2)
    for asked in ("mine=1", "tier=medium", "kind=change_order_address"):
        page = ritas.get(f"{GROUPS}&{asked}").content.decode()
        assert "2 × Change order address" in page and "× Cancel order" not in page
    assert "Nothing waiting." in ritas.get(f"{GROUPS}&kind=give_credit").content.decode()


def test_a_draft_is_approved_by_itself_and_not_among_others(ritas: Client, ada: Person, bench: Bench) -> None:
    publish(ada, change_order_address={"mode": "draft"})
    drafts = make_many(bench, 3)
    answer = ritas.post("/queue/decide/", {"approve_selected": "1", "action": tokens(drafts[:2])}, headers=IN_PLACE)
    assert "Drafts are looked at one by one." in answer.content.decode()
    ritas.post("/queue/decide/", {"approve": tokens(drafts)[2]}, headers=IN_PLACE)
    assert (statuses(drafts[:2]), statuses(drafts[2:])) == ({"waiting"}, {"approved"})


# --- More than a page waits for ---


def test_a_large_bulk_is_worked_off_in_the_background_and_answers_for_each(
    ritas: Client, max_: Person, bench: Bench
) -> None:
    many = make_many(bench, AT_ONCE + 5)
    other = Client()
    other.force_login(max_)
    other.post("/queue/decide/", {"approve": tokens(many)[0]})
    Action.objects.filter(pk=many[1].pk).update(digest="f" * 64)
    form = {"approve_selected": "1", "beyond": ",".join(tokens(many))}
    begun = ritas.post("/queue/decide/", form, headers=IN_PLACE).content.decode()
    assert f"Approving {len(many)}" in begun and f'max="{len(many)}" value="0"' in begun
    bulk = BulkDecision.objects.get()
    work_bulk(bulk.pk, now=timezone.now())
    assert 'value="20"' in ritas.get(f"/queue/bulks/{bulk.pk}/", headers=IN_PLACE).content.decode()
    work_bulk(bulk.pk, now=timezone.now())
    region = ritas.get(f"/queue/bulks/{bulk.pk}/", headers=IN_PLACE).content.decode()
    assert f"Approved {len(many) - 2} of {len(many)}" in region and "<progress" not in region
    assert "Max approved this already." in region and "The preview has changed since you looked" in region
    assert f"Undo {len(many) - 2}" in region and "Retry" not in region
    whole = ritas.get(f"/queue/bulks/{bulk.pk}/").content.decode()
    here = {**IN_PLACE, "HX-Current-URL": f"http://testserver/queue/bulks/{bulk.pk}/"}
    again = ritas.get(f"/queue/bulks/{bulk.pk}/", headers=here).content.decode()
    for page in (whole, again):
        assert page.count("<td>approved</td>") == len(many) - 2
    assert "<td>" not in region


def test_what_failed_is_tried_again(maxs: Client, bench: Bench) -> None:
    cancels = [bench.propose("cancel_order", CANCEL)]
    cancels += Action.objects.bulk_create(copy_row(cancels[0], id=uuid4(), origin=uuid4()) for _ in range(AT_ONCE))
    maxs.post("/queue/decide/", {"approve_selected": "1", "beyond": ",".join(tokens(cancels))}, headers=IN_PLACE)
    bulk = BulkDecision.objects.get()
    for _ in range(2):
        work_bulk(bulk.pk, now=timezone.now())
    region = maxs.get(f"/queue/bulks/{bulk.pk}/", headers=IN_PLACE).content.decode()
    assert "not opened yet" in region and f"Retry the {len(cancels)} that failed" in region
    again = maxs.post(f"/queue/bulks/{bulk.pk}/retry/", headers=IN_PLACE).content.decode()
    assert f"Approving {len(cancels)}" in again and BulkDecision.objects.count() == 2
    other = BulkDecision.objects.exclude(pk=bulk.pk).get()
    assert maxs.post(f"/queue/bulks/{other.pk}/retry/").status_code == 302
    assert BulkDecision.objects.count() == 2


def test_nobody_repeats_another_s_bulk_and_an_auditor_only_looks(
    maxs: Client, ritas: Client, auditor: Person, bench: Bench
) -> None:
    many = make_many(bench, AT_ONCE + 1)
    ritas.post("/queue/decide/", {"reject_selected": "1", "reason-all": "3", "action": tokens(many), "seconds": "41.5"})
    bulk = BulkDecision.objects.get()
    assert (bulk.verdict, bulk.reason, bulk.grace_seconds) == ("reject", "Against our rules", 5.0)
    assert bulk.seconds_on_screen == 41.5
    maxs.post(f"/queue/bulks/{bulk.pk}/retry/")
    assert "Only Rita can repeat this." in maxs.get("/queue/").content.decode()
    looking = Client()
    looking.force_login(auditor)
    assert looking.get(f"/queue/bulks/{bulk.pk}/").status_code == 200
    assert looking.post(f"/queue/bulks/{bulk.pk}/retry/").status_code == 403
    assert maxs.get(f"/queue/bulks/{uuid4()}/").status_code == 404


def test_more_than_a_thousand_are_refused_whole(ritas: Client) -> None:
    named = ",".join(f"{uuid4()} {'0' * 64}" for _ in range(1001))
    ritas.post("/queue/decide/", {"approve_selected": "1", "beyond": named})
    assert "A bulk takes at most 1,000 items" in ritas.get("/queue/").content.decode()
    assert not BulkDecision.objects.exists()
