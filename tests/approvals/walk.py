"""One desk, several people, and anything they may do in any order; after each step everything is looked at."""

from __future__ import annotations

import random
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.test import override_settings

from approvals.amending import AmendmentRefused, amend_action
from approvals.deciding import DecisionLost, Verdict, decide_action, mark_seen, withdraw_approval
from approvals.expiring import expire_waiting
from approvals.gate import execute_action
from approvals.judging import Facts, judge
from approvals.models import Action, AuditEntry, Decision, OutboxMessage
from approvals.models.actions import MOVES
from approvals.outbox import NotUnknown, deliver_due, find_lost, settle_unknown
from approvals.policies import PolicyUnfit, policy_in_force
from approvals.policy import AmountStep, Rung, TierRule, suffices
from approvals.rejudging import rejudge_waiting
from approvals.undoing import CannotUndo, undo_action
from tests.approvals.ledger_of_rows import Rows, assert_same_rows, read_rows, rows_after
from tests.approvals.shop import BY_ITSELF, NEW_ADDRESS, PENDING, Bench, publish
from tests.approvals.wishes import CHANGES
from tickets.models import Order, Person
from tickets.operations import TicketClosed, hand_back_ticket, receive_message, take_over_ticket

LOST = (DecisionLost, AmendmentRefused, CannotUndo, NotUnknown, PolicyUnfit, TicketClosed)
HAPPENED = {"executing", "executed", "undone", "unknown"}
NEVER = {"planned", "waiting", "approved", "rejected", "expired", "refused", "superseded"}
KINDS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "change_order_address": lambda dice: {"order_id": PENDING, "address": {**NEW_ADDRESS, "city": town(dice)}},
    "change_order_items": lambda dice: {
        "order_id": PENDING, "changes": CHANGES, "payment_method_id": "gift_card_carla",
    },
    "change_order_payment": lambda dice: {"order_id": PENDING, "payment_method_id": "gift_card_carla"},
    "cancel_order": lambda dice: {"order_id": PENDING, "reason": "no longer needed"},
    "give_credit": lambda dice: {"amount": dice.choice(["0.10", "5.00", "7.35", "40.00"]), "reason": "late"},
    "send_reply": lambda dice: {"body": f"Dear Carla, {town(dice)}."},
    "set_ticket": lambda dice: {"status": dice.choice(["open", "solved", "pending"])},
    "escalate": lambda dice: {"reason": town(dice), "summary": "see above", "urgency": dice.choice(["low", "high"])},
}  # fmt: skip
POLICIES: tuple[dict[str, Any], ...] = (
    {"give_credit": {**BY_ITSELF, "daily_amount": Decimal("12.00"), "tier": "low"}},
    {"give_credit": {"mode": "review", "approvals": 2}},
    {"give_credit": {"mode": "off"}},
    {"change_order_address": BY_ITSELF},
    {"change_order_address": {"mode": "review", "approver": "manager"}},
    {"change_order_address": {"mode": "draft", "editor_may_approve": False, "approver": "support"}},
    {"cancel_order": {"approvals": 2, "tier": "high"}},
    {"cancel_order": {"approvals": 1, "tier": "low", "approver": "support"}},
    {"send_reply": BY_ITSELF},
    {"send_reply": {"mode": "review", "undo_seconds": 0}},
    {"set_ticket": {"mode": "review", "on_expiry": "approve"}},
    {"set_ticket": {"mode": "auto", "on_expiry": "reject"}},
    {"give_credit": {"amount_steps": (AmountStep(over=Decimal(6)), AmountStep(over=Decimal(30), approvals=2))}},
    {"give_credit": {**BY_ITSELF, "share": Decimal("0.5"), "categories": {"return": Rung(mode="review")}}},
    {"change_order_address": {"mode": "review", "tier": "high"}},
    {"cancel_order": {"mode": "shadow"}},
    {"send_reply": {"mode": "off"}},
    {"settings": {"tiers": {"medium": TierRule(approver="manager", approvals=2)}}},
    {"settings": {"tiers": {"low": TierRule(editor_may_approve=False)}}},
    {"settings": {"tiers": {}}},
    {"settings": {"paused": True}},
    {"settings": {"paused": False, "paused_kinds": ["give_credit"]}},
    {"settings": {"paused": False, "paused_kinds": []}},
)


class UnsteadyBackend(BaseEmailBackend):
    """A mail server that takes a letter, refuses it, or hangs up after taking it; the dice decide."""

    dice = random.Random(0)

    def send_messages(self, email_messages: Any) -> int:
        fate = self.dice.choice(["taken", "taken", "refused", "hung up"])
        if fate == "refused":
            raise smtplib.SMTPRecipientsRefused({})
        mail.outbox.extend(email_messages)
        if fate == "hung up":
            raise smtplib.SMTPServerDisconnected("gone")
        return len(email_messages)


@contextmanager
def unsteady_mail(dice: random.Random) -> Iterator[None]:
    """Mail goes through a server whose fate these dice decide."""
    UnsteadyBackend.dice = dice
    with override_settings(MAIL_CONFIGURED=True, EMAIL_BACKEND=f"{__name__}.UnsteadyBackend"):
        yield


def town(dice: random.Random) -> str:
    return dice.choice(["Hull", "York", "Bath", "Deal"])


def reachable(source: str) -> set[str]:
    """The statuses an action can come to from here, by any number of moves; its own as well."""
    found, ahead = {source}, [source]
    while ahead:
        for target in MOVES[ahead.pop()]:  # type: ignore[index]
            if target not in found:
                found.add(target)
                ahead.append(target)
    return found


def may_happen(status: str) -> bool:
    """Whether an action that stands so has not happened and still can: no other may be found to have."""
    return status not in HAPPENED and not HAPPENED.isdisjoint(reachable(status))


@dataclass
class Walk:
    """A desk in use. `step` does one random thing and then checks what must hold."""

    bench: Bench
    people: list[Person]
    dice: random.Random
    now: datetime
    origins: list[UUID] = field(default_factory=lambda: [uuid4(), uuid4()])
    told: list[str] = field(default_factory=list)
    seen: tuple[dict[UUID, Action], Rows] | None = None
    """What the look after the last step found; nothing happens before the next."""

    def steps(self, number: int) -> None:
        """Takes so many steps; what was done stands in `told` for whoever reads a failure."""
        with unsteady_mail(self.dice):
            for _ in range(number):
                self.step()

    def step(self) -> None:
        """Does one thing that the dice choose, each as likely as its weight."""
        self.do(self.dice.choices(range(len(DEEDS)), [weight for _, _, weight in DEEDS])[0])

    def do(self, place: int) -> None:
        """Does the deed at this place of `DEEDS`, and then looks at everything."""
        name, deed, _ = DEEDS[place]
        self.now += timedelta(seconds=self.dice.choice([0, 1, 7, 60]))
        before, rows = self.seen or (self.actions(), read_rows())
        letters = len(mail.outbox)
        fit = {pk: self.may_execute(action) for pk, action in before.items() if may_happen(action.status)}
        try:
            deed(self)
            self.told.append(name)
        except LOST as lost:
            self.told.append(f"{name}: {lost}")
        self.look(before, rows, fit)
        for letter in mail.outbox[letters:]:
            self.look_at_letter(letter)

    # --- What people do ---

    def actions(self) -> dict[UUID, Action]:
        return {action.pk: action for action in Action.objects.all()}

    def in_order_of_execution(self, actions: dict[UUID, Action]) -> list[tuple[UUID, Action]]:
        """These actions, those that happened in the order the audit log has them."""
        entries = AuditEntry.objects.filter(kind="action.executed").values_list("subject", "pk")
        place = {subject.removeprefix("action:"): pk for subject, pk in entries}
        return sorted(actions.items(), key=lambda one: place.get(str(one[0]), 0))

    def pick(self, *statuses: str) -> Action | None:
        """Some action, mostly one that stands where the deed makes sense."""
        rows = Action.objects.order_by("proposed_at", "origin", "place")
        likely = list(rows.filter(status__in=statuses)) if self.dice.random() < 0.9 else list(rows)
        return self.dice.choice(likely) if likely else None

    def propose(self) -> None:
        kind = self.dice.choice(sorted(KINDS))
        self.bench.now = self.now
        fields: dict[str, Any] = {"origin": self.dice.choice(self.origins)}
        if self.dice.random() < 0.2:
            person = self.dice.choice(self.people)
            fields = {"person": person, "proposer": f"person:{person.username}"}
        fields["confidence"] = self.dice.choice([None, Decimal("0.3"), Decimal("0.99")])
        self.bench.propose(kind, KINDS[kind](self.dice), **fields)

    def approve(self) -> None:
        action, person = self.pick("waiting"), self.dice.choice(self.people)
        if action is None:
            return
        digest = action.digest if self.dice.random() < 0.9 else "0" * 64
        if self.dice.random() < 0.8:
            mark_seen(action.pk, action.digest, by=person, now=self.now)
        grace = timedelta(seconds=self.dice.choice([0, 0, 5]))
        decide_action(Verdict(action.pk, "approve", digest, grace=grace), by=person, now=self.now)

    def reject(self) -> None:
        if action := self.pick("waiting"):
            decide_action(Verdict(action.pk, "reject", action.digest), by=self.dice.choice(self.people), now=self.now)

    def amend(self) -> None:
        if action := self.pick("waiting"):
            wish = KINDS[action.kind](self.dice) if action.kind in KINDS else action.arguments
            verdict = Verdict(action.pk, "amend", action.digest)
            amend_action(verdict, wish, by=self.dice.choice(self.people), now=self.now)

    def withdraw(self) -> None:
        if action := self.pick("waiting", "approved"):
            withdraw_approval(action.pk, by=self.dice.choice(self.people), now=self.now)

    def execute(self) -> None:
        if action := self.pick("approved"):
            execute_action(action.pk, now=self.now)

    def execute_all(self) -> None:
        for action in Action.objects.filter(status="approved").order_by("proposed_at", "place"):
            execute_action(action.pk, now=self.now)

    def deliver(self) -> None:
        self.now += timedelta(seconds=self.dice.choice([0, 11]))
        deliver_due(now=self.now)

    def lose_sender(self) -> None:
        """A sender took a message and died."""
        long_ago = self.now - timedelta(days=9000)
        for message in OutboxMessage.objects.filter(status="queued", due_at__lte=self.now)[:1]:
            OutboxMessage.objects.filter(pk=message.pk).update(status="sending", leased_until=long_ago)
        find_lost(now=self.now)

    def settle(self) -> None:
        if action := self.pick("unknown"):
            was_sent = self.dice.random() < 0.5
            settle_unknown(action.pk, was_sent=was_sent, by=self.dice.choice(self.people), now=self.now)

    def undo(self) -> None:
        if action := self.pick("executed", "executing"):
            undo_action(action.pk, by=self.dice.choice(self.people), now=self.now)

    def wait(self) -> None:
        self.now += timedelta(hours=self.dice.choice([1, 20, 71, 73]))
        expire_waiting(now=self.now)

    def publish(self) -> None:
        rules = dict(self.dice.choice(POLICIES))
        publish(self.people[-1], rules.pop("settings", None), **rules)

    def judge_anew(self) -> None:
        """The sweep after a policy was published: nothing waits under an earlier one any more."""
        rejudge_waiting(now=self.now)
        in_time = Q(expires_at=None) | Q(expires_at__gt=self.now)
        waiting = Action.objects.filter(in_time, status="waiting")
        assert not waiting.filter(policy_version__lt=policy_in_force().version).exists()

    def write(self) -> None:
        receive_message(self.bench.ticket.pk, f"Hello? {town(self.dice)}", now=self.now)

    def take_over(self) -> None:
        take_over_ticket(self.bench.ticket.pk, by=self.dice.choice(self.people), now=self.now)
        hand_back_ticket(self.bench.ticket.pk, by=self.people[0], now=self.now)

    def change_outside(self) -> None:
        """The shop itself changes the order behind everybody's back."""
        Order.objects.filter(pk=PENDING).update(zip=self.dice.choice(["1", "2", "3"]))

    # --- What must hold ---

    def may_execute(self, action: Action) -> bool:
        """By rows and the policy in force alone: whether all the approvals it asks for are there."""
        policy = policy_in_force()
        judgement = judge(Facts.from_json(action.facts), policy)
        if judgement.outcome == "refuse":
            return False
        words: dict[int, Decision] = {}
        for decision in Decision.objects.filter(action=action).order_by("id").select_related("person"):
            words[decision.person_id] = decision
        standing = [one for one in words.values() if (one.verdict, one.digest) == ("approve", action.digest)]
        standing = [one for one in standing if one.revision == action.revision and one.person.is_active]
        role = action.undoes.approver if action.undoes else judgement.approver
        if len([one for one in standing if suffices(one.person.role, role)]) >= judgement.approvals:
            return True
        silence = policy.of(action.kind).on_expiry == "approve" and not policy.is_paused(action.kind)
        if silence and action.expires_at is not None and action.expires_at <= self.now:
            return True
        return judgement.outcome == "allow" and not standing

    def look(self, before: dict[UUID, Action], rows: Rows, fit: dict[UUID, bool]) -> None:
        expected, actions, found = rows, self.actions(), read_rows()
        for pk, action in self.in_order_of_execution(actions):
            old = before.get(pk)
            assert action.status in reachable(old.status if old else action.status), self.story(action)
            assert action.status not in NEVER or action.receipt is None, self.story(action)
            assert action.status not in HAPPENED or action.receipt is not None, self.story(action)
            assert old is None or action.revision >= old.revision
            happens = action.status in HAPPENED and (old is None or old.status not in HAPPENED)
            if happens:
                self.look_at_execution(action, old, fit)
            expected = self.expect(expected, action, old, happens)
        self.compare(expected, found)
        self.seen = actions, found

    def look_at_execution(self, action: Action, old: Action | None, fit: dict[UUID, bool]) -> None:
        assert action.receipt is not None and action.receipt["effects"] == action.effects, self.story(action)
        if action.kind not in ("escalate", "undo"):
            assert old is not None and old.digest == action.digest, self.story(action)
            assert fit[action.pk], self.story(action)
        for other in Action.objects.filter(pk__in=action.depends_on):
            assert other.status == "executed", self.story(action)

    def expect(self, rows: Rows, action: Action, old: Action | None, happens: bool) -> Rows:
        """The rows with what this action did in this step."""
        was_sent = action.kind == "send_reply" and action.is_executed and (old is None or not old.is_executed)
        if not (was_sent if action.kind == "send_reply" else happens):
            return rows
        return rows_after(rows, action.effects, action=action.pk, actor=action.proposer, at=self.now)

    def compare(self, expected: Rows, found: Rows) -> None:
        """All of the shop's rows; the ticket's own and its messages only where no customer or person spoke."""
        spoke = self.told and self.told[-1].partition(":")[0] in ("write", "take over")
        outside = self.told and self.told[-1].partition(":")[0] == "change outside"
        tables = {"Customer", "PaymentMethod", "OrderLine", "LedgerLine"} | (set() if outside else {"Order"})
        tables |= set() if spoke else {"Message", "Ticket"}
        assert_same_rows({table: found[table] for table in tables}, {table: expected[table] for table in tables})

    def look_at_letter(self, letter: Any) -> None:
        """A letter left: it was some action's, once, and all it rests on has happened and stands."""
        name = letter.extra_headers["Message-ID"]
        names = [other.extra_headers["Message-ID"] for other in mail.outbox]
        assert names.count(name) == 1, name
        action = Action.objects.get(pk=name[1:37])
        assert letter.body == action.effects[0]["body"] and letter.to == [action.effects[0]["to"]]
        for other in Action.objects.filter(pk__in=action.depends_on):
            assert other.status == "executed", self.story(action)

    def story(self, action: Action) -> str:
        """What led here."""
        return f"{action.kind} {action.status} ({action.status_reason}) after " + " | ".join(self.told[-25:])


DEEDS: tuple[tuple[str, Callable[[Walk], None], int], ...] = (
    ("propose", Walk.propose, 24), ("approve", Walk.approve, 30), ("reject", Walk.reject, 3),
    ("amend", Walk.amend, 6), ("withdraw", Walk.withdraw, 4), ("execute", Walk.execute, 12),
    ("execute all", Walk.execute_all, 6), ("deliver", Walk.deliver, 6), ("lose sender", Walk.lose_sender, 1),
    ("settle", Walk.settle, 2), ("undo", Walk.undo, 8), ("wait", Walk.wait, 2), ("publish", Walk.publish, 6),
    ("judge anew", Walk.judge_anew, 4),
    ("write", Walk.write, 2), ("take over", Walk.take_over, 1), ("change outside", Walk.change_outside, 2),
)  # fmt: skip
