"""What the offline model proposed in the runs of a test, each with the evidence it could rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.checks.arguments import check_arguments
from agentdesk.agent.checks.asked.asking import check_asked
from agentdesk.agent.checks.grounding import check_grounding
from agentdesk.agent.checks.reviewing import review_draft
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding
from agentdesk.runs.gathering import gather_evidence, load_course, read_ticket
from agentdesk.runs.models import Event, EventKind, Run, Text
from approvals.models import Action


@dataclass(frozen=True)
class Proposed:
    """One proposal as the checks see it when it is made."""

    kind: str
    arguments: Mapping[str, Any]
    evidence: Evidence

    def find(self) -> tuple[Finding, ...]:
        """What the checks of this room find."""
        found = check_arguments(self.kind, self.arguments, self.evidence)
        found += check_asked(self.kind, self.arguments, self.evidence)
        if self.kind == "send_reply":
            body = str(self.arguments["body"])
            found += check_grounding(body, self.arguments.get("citations") or (), self.evidence)
            found += review_draft(body, self.evidence)
        return found


def proposals_of_runs() -> Iterator[Proposed]:
    """Every action of every run, with what its run knew and had proposed before."""
    for run in Run.objects.order_by("created_at"):
        course, ticket = load_course(run.pk), read_ticket(brief_of(run))
        actions = list(Action.objects.filter(origin=run.pk).order_by("place"))
        for place, action in enumerate(actions):
            yield Proposed(action.kind, action.arguments, gather_evidence(course, ticket, actions[:place]))


def brief_of(run: Run) -> str:
    """The words a run began with."""
    started = Event.objects.get(run=run, kind=EventKind.RUN_STARTED)
    return Text.objects.get(run=run, sha256=started.data["brief"]).body


def tell_marked(proposed: Proposed, found: tuple[Finding, ...]) -> str:
    """A marked proposal with its findings, for a failing test's message."""
    words = str(proposed.arguments.get("body", proposed.arguments))
    return "\n".join([f"--- {proposed.kind}: {words}", *(f"! {finding}" for finding in found)])
