"""The queue by group: what waits for the same across runs, what stands out of each, and rows as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from agentdesk.pages.moments import show_when
from agentdesk.pages.presenting import (
    TIER_TONES,
    ActionCard,
    Surroundings,
    Tone,
    make_card,
    surroundings_of,
)
from agentdesk.pages.queue_rows import Filters, as_rows, read_key, tell_put_off, write_key
from approvals.batches.grouping import Batch, Exposure, GroupId, group_actions, read_batch_id
from approvals.batches.members import Members, look_into
from approvals.batches.outliers import Item
from approvals.deciding import LARGEST_BULK
from approvals.kinds import CATALOGUE
from approvals.models import Action, SeenPreview, Tier
from approvals.policy import suffices
from tickets.models import Person

GROUPS = 20
ROWS = 10
"""Of each group, when there are several on a page."""
MORE_ROWS = 50


@dataclass(frozen=True)
class GroupSection:
    """A group as a page shows it: its figures, some rows of its selection, and what stands out of it."""

    batch: Batch
    group: GroupId
    title: str
    tier: Tone
    oldest: SafeString
    cards: list[ActionCard]
    left_out: list[ActionCard]
    selectable: tuple[Item, ...]
    left_out_count: int
    more: int
    next_key: str
    odd_more: int
    odd_key: str

    @property
    def figures(self) -> tuple[Exposure, ...]:
        """What is at stake, per currency."""
        return self.batch.exposures

    @property
    def whole(self) -> str:
        """What *Approve all* names, where every row it names is on the page; else nothing."""
        if self.more or not 1 < len(self.selectable) <= len(self.cards):
            return ""
        return ",".join(token_of(item) for item in self.selectable)


@dataclass(frozen=True)
class GroupsPage:
    """Some groups, and where the next page begins."""

    sections: list[GroupSection]
    next_key: str


def token_of(item: Item) -> str:
    """What a decision names: the action and the digest."""
    return f"{item.action_id} {item.digest}"


def groups_page(filters: Filters, after: str, viewer: Person, now: datetime) -> GroupsPage:
    """A page of groups, what has waited longest first; the key is the place of its first one."""
    rows = filters.waiting(viewer, now)
    groups = group_actions(rows)
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
    shown = groups[start : start + GROUPS]
    looks = [look_into(rows, group_of(batch), now) for batch in shown]
    cards = cards_of(looks, filters, viewer, now)
    sections = [section_of(batch, look, cards, viewer, now) for batch, look in zip(shown, looks, strict=True)]
    return GroupsPage(sections, str(start + GROUPS) if len(groups) > start + GROUPS else "")


def group_of(batch: Batch) -> GroupId:
    """What a group's actions share. Raises: TypeError for what one run proposed."""
    if not isinstance(batch.id, GroupId):
        raise TypeError("an origin is no group")
    return batch.id


def cards_of(looks: Iterable[Members], filters: Filters, viewer: Person, now: datetime) -> dict[UUID, ActionCard]:
    """The first rows of each group, and of what stands out of it, in one request."""
    wanted = [item.action_id for look in looks for part in (look.selected, look.left_out) for item in part[:ROWS]]
    reasons = {action_id: why for look in looks for action_id, why in look.outliers.items()}
    return make_cards_of(wanted, reasons, filters, viewer, now)


def make_cards_of(
    wanted: Sequence[UUID], reasons: Mapping[UUID, tuple[str, ...]], filters: Filters, viewer: Person, now: datetime
) -> dict[UUID, ActionCard]:
    """The cards of these actions, each with whose it is and why it stands out."""
    actions = list(as_rows(Action.objects.filter(pk__in=wanted)))
    tell_put_off(actions, filters, viewer)
    around = surroundings_of(actions, viewer, now)
    return {action.pk: card_of(action, around, reasons.get(action.pk, ())) for action in actions}


def card_of(action: Action, around: Surroundings, odd: tuple[str, ...]) -> ActionCard:
    """One row of a group."""
    return make_card(action, around, odd=odd, shows_whose=True)


def section_of(
    batch: Batch, look: Members, cards: Mapping[UUID, ActionCard], viewer: Person, now: datetime
) -> GroupSection:
    """One group of a page."""
    group, first, odd = group_of(batch), look.selected[:ROWS], look.left_out[:ROWS]
    return GroupSection(
        batch,
        group,
        CATALOGUE[group.kind].title if group.kind in CATALOGUE else group.kind,
        TIER_TONES[group.tier],
        show_when(batch.oldest, now),
        [cards[item.action_id] for item in first if item.action_id in cards],
        [cards[item.action_id] for item in odd if item.action_id in cards],
        decidable(look.selected, viewer),
        len(look.left_out),
        len(look.selected) - len(first),
        key_after(first),
        len(look.left_out) - len(odd),
        key_after(odd),
    )


def decidable(items: Iterable[Item], viewer: Person) -> tuple[Item, ...]:
    """What this viewer could decide, as far as its role goes, and a bulk can take."""
    return tuple(item for item in items if suffices(viewer.role, item.approver))[:LARGEST_BULK]


def key_after(items: Sequence[Item]) -> str:
    """Where the rows after these begin."""
    return write_key(items[-1].proposed_at, items[-1].action_id) if items else ""


@dataclass(frozen=True)
class MoreRows:
    """Further rows of a group: of its selection, or of what stands out."""

    group: GroupId
    cards: list[ActionCard]
    is_odd: bool
    more: int
    next_key: str


def more_rows(name: str, after: str, *, is_odd: bool, filters: Filters, viewer: Person, now: datetime) -> MoreRows:
    """The rows of a group behind a key; none of a group in which nothing waits any more."""
    group = read_batch_id(name)
    if not isinstance(group, GroupId):
        return MoreRows(GroupId("", "", Tier.LOW), [], is_odd, 0, "")
    look = look_into(filters.waiting(viewer, now), group, now)
    key = read_key(after)
    rest = [
        item
        for item in (look.left_out if is_odd else look.selected)
        if key is None or (item.proposed_at, item.action_id) > key
    ]
    page = rest[:MORE_ROWS]
    cards = make_cards_of([item.action_id for item in page], look.outliers, filters, viewer, now)
    shown = [cards[item.action_id] for item in page if item.action_id in cards]
    return MoreRows(group, shown, is_odd, len(rest) - len(page), key_after(page))


def selection_of(name: str, *, filters: Filters, viewer: Person, now: datetime) -> list[dict[str, Any]]:
    """What a group's selection takes: each action with what the bar says of it; outliers are no part of it."""
    group = read_batch_id(name)
    if not isinstance(group, GroupId):
        return []
    items = decidable(look_into(filters.waiting(viewer, now), group, now).selected, viewer)
    seen = seen_by(viewer, items) if group.tier == Tier.HIGH else None
    return [
        {
            "token": token_of(item),
            "amount": f"{item.amount:.2f}",
            "currency": item.currency,
            "at": int(item.proposed_at.timestamp()),
            "look": seen is not None and (item.action_id, item.digest) not in seen,
        }
        for item in items
    ]


def seen_by(viewer: Person, items: Iterable[Item]) -> set[tuple[UUID, str]]:
    """Which of these previews this viewer had open."""
    found = SeenPreview.objects.filter(person=viewer, action__in=[item.action_id for item in items])
    return set(found.values_list("action_id", "digest"))
