"""What a person pressed, as decisions about exactly the previews that were on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict

from approvals.deciding import DecisionLost, Outcome, Verdict, decide_many, decide_one, withdraw_approval
from approvals.models import Action, Tier
from tickets.models import Person

GRACE = timedelta(seconds=5)
"""How long an approval given on a page waits for `z`."""
REASONS: Mapping[str, str] = {
    "1": "The facts are wrong",
    "2": "Not what the customer asked for",
    "3": "Against our rules",
    "4": "The amount is wrong",
    "5": "The words are not right",
    "6": "Ask the customer first",
}
DONE_WORDS = {"approve": "approved", "reject": "rejected", "withdraw": "taken back"}


@dataclass(frozen=True)
class Deed:
    """What was pressed: approve, reject or withdraw, and on which previews."""

    verb: str
    verdicts: tuple[Verdict, ...]


def read_deed(post: QueryDict) -> Deed | None:
    """The deed a form asks for; none where nothing was named."""
    for verb in DONE_WORDS:
        if verb in post:
            return make_deed(verb, str(post[verb]).split(","), post, "")
        if f"{verb}_selected" in post:
            return make_deed(verb, [*post.getlist("action"), *str(post.get("beyond", "")).split(",")], post, "all")
    return None


def make_deed(verb: str, tokens: list[str], post: QueryDict, place: str) -> Deed | None:
    """The deed on these previews, each once; the reason stands beside the button that was pressed."""
    named = dict.fromkeys(token for token in map(read_token, tokens) if token is not None)
    seconds = read_seconds(post.get("seconds", ""))
    verdicts = tuple(
        Verdict(
            action_id,
            verb,
            digest,
            reason=read_reason(post, place or str(action_id)) if verb == "reject" else "",
            seconds_on_screen=seconds,
            grace=GRACE,
            in_bulk=len(named) > 1,
        )
        for action_id, digest in named
    )
    return Deed(verb, verdicts) if verdicts else None


def read_token(token: str) -> tuple[UUID, str] | None:
    """An action and the digest of what was shown of it."""
    name, _, digest = token.strip().partition(" ")
    try:
        return UUID(name), digest
    except ValueError:
        return None


def read_seconds(text: str) -> float | None:
    """How long the preview was on screen, where the browser says so."""
    try:
        return min(max(float(text), 0.0), 86400.0) if text else None
    except ValueError:
        return None


def read_reason(post: QueryDict, place: str) -> str:
    """One of the fixed reasons, words of one's own, or both."""
    fixed = REASONS.get(post.get(f"reason-{place}", ""), "")
    own = post.get(f"words-{place}", "").strip()[:2000]
    return f"{fixed}: {own}" if fixed and own else fixed or own


def do_deed(deed: Deed, *, by: Person, now: datetime) -> list[Outcome]:
    """Decides, or takes back, one by one; what was lost is an answer."""
    if deed.verb != "withdraw" and len(deed.verdicts) == 1:
        return decide_alone(deed.verdicts[0], by=by, now=now)
    if deed.verb != "withdraw":
        return decide_many(list(deed.verdicts), by=by, now=now)
    return [withdraw_one(verdict.action_id, by=by, now=now) for verdict in deed.verdicts]


def decide_alone(verdict: Verdict, *, by: Person, now: datetime) -> list[Outcome]:
    """One action by itself, as drafts must be; whoever executes is woken by the decision."""
    return [decide_one(verdict, by=by, now=now)]


def withdraw_one(action_id: UUID, *, by: Person, now: datetime) -> Outcome:
    """Takes one approval back, or says why it is too late."""
    try:
        action = withdraw_approval(action_id, by=by, now=now)
    except Action.DoesNotExist:
        return Outcome(action_id, False, "", "not_found", "There is no such action.")
    except DecisionLost as lost:
        return Outcome(action_id, False, "", lost.code, str(lost))
    return Outcome(action_id, True, action.status)


def are_unopened(outcomes: list[Outcome]) -> bool:
    """Whether all are of high risk, and those that stay do so because nobody has opened them."""
    if {one.code for one in outcomes if not one.ok} != {"not_seen"}:
        return False
    named = Action.objects.filter(pk__in=[one.action_id for one in outcomes])
    return not named.exclude(tier=Tier.HIGH).exists()


def in_words(deed: Deed, outcomes: list[Outcome]) -> str:
    """What came of it in one sentence: `2 of 3 approved.`"""
    done = sum(outcome.ok for outcome in outcomes)
    word = DONE_WORDS[deed.verb]
    if len(outcomes) == 1:
        return f"{word.capitalize()}." if done else outcomes[0].message
    if are_unopened(outcomes):
        return f"{done} of {len(outcomes)} {word}: you opened {done}; the others stay."
    return f"{done} {word}." if done == len(outcomes) else f"{done} of {len(outcomes)} {word}; the others stay."
