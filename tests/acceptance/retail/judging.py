"""Judges what came of each letter, and tells it so that a reader can act on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from django.core import mail

from agentdesk.runs.models import Run
from approvals.models import Action, ActionStatus
from tests.acceptance.retail.comparing import compare
from tests.acceptance.retail.driving import Letter, actions_by_ticket, last_runs
from tests.acceptance.retail.shop import Shop

SHOWN = 12
IDENTIFIERS = re.compile(r"\bW\d{7}\b|[\w.]+@[\w.]+\w|\b(?:gift_card|credit_card|paypal)_\d+\b|\b[a-z]+_[a-z]+_\d{4}\b")
KEEPING = ("send_reply", "set_ticket", "escalate", "add_note")


def judge_all(letters: Sequence[Letter], expected: Shop, found: Shop) -> list[str]:
    """Notes each letter's faults on it. Returns: what is wrong with records that no letter is about."""
    by_user = {letter.case.user_id: letter for letter in letters}
    astray = []
    for owner, words in compare(expected, found):
        if owner in by_user:
            by_user[owner].faults.append(words)
        else:
            astray.append(words)
    runs, actions = last_runs(), actions_by_ticket()
    for letter in letters:
        judge_run(letter, runs[letter.ticket_id], actions.get(letter.ticket_id, []))
    judge_replies(letters, expected)
    return astray


def judge_run(letter: Letter, run: Run, actions: Sequence[Action]) -> None:
    """Whether the run ended as it may, and left nothing open."""
    if run.status not in letter.case.endings:
        letter.faults.append(f"its run is {run.status}: {run.reason}")
    open_or_broken = (ActionStatus.WAITING, ActionStatus.APPROVED, ActionStatus.FAILED, ActionStatus.UNKNOWN)
    letter.faults += [f"{action.kind} is {action.status}" for action in actions if action.status in open_or_broken]
    if not letter.case.wishes:
        proposed = [action for action in actions if action.kind not in KEEPING]
        letter.faults += [f"{action.kind} was proposed" for action in proposed]


def judge_replies(letters: Sequence[Letter], shop: Shop) -> None:
    """Whether each reply went to its customer alone and speaks of nobody else."""
    by_number = {f"[T-{letter.ticket_id}]": letter for letter in letters}
    for message in mail.outbox:
        letter = by_number[message.subject.rpartition(" ")[2]]
        address = shop.users[letter.case.user_id]["email"]
        if message.recipients() != [address]:
            letter.faults.append(f"a reply went to {message.recipients()}, not to {address}")
        letter.faults += [f"a reply says {word!r}" for word in words_of_others(letter, str(message.body), shop)]
    answered = {message.subject.rpartition(" ")[2] for message in mail.outbox}
    for number, letter in by_number.items():
        if letter.case.wishes and number not in answered:
            letter.faults.append("the customer got no reply")


def words_of_others(letter: Letter, body: str, shop: Shop) -> list[str]:
    """Identifiers in a reply that are neither the customer's own nor in his letter."""
    user = shop.users[letter.case.user_id]
    own = {*user["orders"], *user["payment_methods"], user["email"], letter.case.user_id}
    allowed = {word.removeprefix("#") for word in own} | set(IDENTIFIERS.findall(letter.case.body))
    strange = [word for word in IDENTIFIERS.findall(body) if word not in allowed]
    return strange + [word for word in letter.case.secrets if word in body and word not in letter.case.body]


# --- Telling ---


def tell(letters: Sequence[Letter], astray: Sequence[str]) -> str:
    """Scores by category, then the first failing letters in full."""
    failing = [letter for letter in letters if letter.faults]
    actions = actions_by_ticket()
    runs = last_runs()
    shown = [tell_letter(letter, runs[letter.ticket_id], actions.get(letter.ticket_id, [])) for letter in failing]
    return "\n".join(
        [
            f"{len(letters) - len(failing)} of {len(letters)} letters came out right",
            *scores(letters),
            *(f"Nobody's letter: {words}" for words in astray[:SHOWN]),
            *shown[:SHOWN],
        ]
    )


def scores(letters: Sequence[Letter]) -> list[str]:
    """Right and all, by category."""
    by_category: dict[str, list[bool]] = defaultdict(list)
    for letter in letters:
        by_category[letter.case.category].append(not letter.faults)
    return [f"  {sum(right):3} of {len(right):3}  {category}" for category, right in sorted(by_category.items())]


def tell_letter(letter: Letter, run: Run, actions: Sequence[Action]) -> str:
    """One failing letter: its words, what was wished for, what was done, what differs."""
    done = [
        f"  {action.status:10} {action.kind} {action.summary or action.arguments} {action.status_reason}"
        for action in actions
    ]
    return "\n".join(
        [
            f"--- {letter.case.category} (T-{letter.ticket_id}, {letter.case.user_id})",
            f"Subject: {letter.case.subject}",
            letter.case.body,
            f"> wished: {letter.case.wishes or 'nothing that may be done'}",
            f"> run {run.status}: {run.result or run.reason}",
            *done,
            *(f"! {fault}" for fault in letter.faults),
            "",
        ]
    )
