"""Verifying a proposal before it is made: its arguments, its words, what came in with the ticket, how it came about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agentdesk.agent.checks import arguments as arguments_checks
from agentdesk.agent.checks import grounding, incoming, output, reviewing
from agentdesk.agent.checks.asked import asking
from agentdesk.agent.confidence import combine_confidence
from agentdesk.agent.course import Course
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.repairing import CHECK as REPAIRED
from agentdesk.agent.repairing import find_differences
from agentdesk.agent.tools import Statement
from agentdesk.runs.log import Fact, to_words
from agentdesk.runs.models import EventKind

logger = logging.getLogger(__name__)

BROKEN_CHECK = "broken_check"
OWN_CHECKS = (REPAIRED, "rests_on_broken_assumption", "repeated_proposal", "no_reason", BROKEN_CHECK)
"""What is checked here: how a proposal came about."""


@dataclass(frozen=True)
class Verification:
    """The checks a proposal passed, what the others found, and how sure one may be of it, as stated and all in all."""

    passed: tuple[str, ...]
    findings: tuple[Finding, ...]
    stated: Decimal | None = None
    confidence: Decimal | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the checks that found something, each once."""
        return tuple(dict.fromkeys(finding.check for finding in self.findings))


def verify(
    call: ToolCall,
    arguments: Mapping[str, Any],
    statement: Statement,
    evidence: Evidence,
    found: Sequence[Finding] = (),
    reviewer: Decimal | None = None,
) -> Verification:
    """Checks a write call with sound arguments against what the run knows.

    Args:
        arguments: the kind's own, as they are stored.
        found: what was found before, in the ticket and in how the call came about.
        reviewer: how sure the reviewer is of these words, 0 to 1, where it has read them.
    """
    findings = [*found, *check_call(call.name, arguments, evidence)]
    ran = [*incoming.CHECKS, *OWN_CHECKS, *arguments_checks.CHECKS, *asking.CHECKS]
    if call.name == "send_reply":
        findings += check_reply(arguments, evidence)
        ran += [*grounding.CHECKS, *output.CHECKS, *reviewing.CHECKS]
    unique = tuple({str(finding): finding for finding in findings}.values())
    failed = {finding.check for finding in unique}
    passed = tuple(name for name in dict.fromkeys(ran) if name not in failed)
    combined = combine_confidence(statement.confidence, unique, reviewer)
    return Verification(passed, unique, statement.confidence, combined)


def check_call(kind: str, arguments: Mapping[str, Any], evidence: Evidence) -> list[Finding]:
    """What is wrong with an action's arguments: made up, or not what the customer asked for; each check once."""
    made_up = try_check(lambda: arguments_checks.check_arguments(kind, arguments, evidence))
    known = {finding.check for finding in made_up}
    strange = try_check(lambda: asking.check_asked(kind, arguments, evidence))
    return [*made_up, *(finding for finding in strange if finding.check not in known)]


def check_reply(arguments: Mapping[str, Any], evidence: Evidence) -> list[Finding]:
    """What is wrong with the words of a reply."""
    body, citations = str(arguments["body"]), arguments.get("citations") or ()
    return [
        *try_check(lambda: grounding.check_grounding(body, citations, evidence)),
        *try_check(lambda: output.check_output(body, evidence)),
        *try_check(lambda: reviewing.review_draft(body, evidence)),
    ]


def try_check(check: Callable[[], Sequence[Finding]]) -> Sequence[Finding]:
    """What a check finds; one that breaks is a finding itself, for a person to look where no machine could."""
    try:
        return check()
    except Exception:
        logger.exception("a check broke")
        return (Finding(BROKEN_CHECK, "One of the checks broke; read it with care."),)


def check_origin(
    call: ToolCall, statement: Statement, course: Course, *, tools: Sequence[str], must_reason: bool
) -> tuple[Finding, ...]:
    """How a write call came about: repaired into another deed, resting on what is not so, repeated, or unexplained.

    Args:
        tools: the write tools of this turn.
        must_reason: whether a proposal without a rationale is one too few.
    """
    findings = list(find_differences(call, course.to_repair, tools))
    fallen = course.fallen_step(call)
    if fallen is not None:
        reason = f"The agent's own agenda had it rest on an assumption that proved false: “{fallen.text[:80]}”."
        findings.append(Finding("rests_on_broken_assumption", reason, fallen.text))
    if course.same_writes(call):
        findings.append(Finding("repeated_proposal", "The same action was proposed before in this run."))
    if must_reason and not statement.rationale.strip():
        findings.append(Finding("no_reason", "The agent gave no reason for it."))
    return tuple(findings)


def fact_of_verification(call: ToolCall, verification: Verification) -> Fact:
    """The event of a checked proposal: the checks by name, the findings in words."""
    data = {
        "tool_call_id": call.tool_call_id,
        "kind": call.name,
        "passed": list(verification.passed),
        "failed": list(verification.failed),
        "stated": None if verification.stated is None else str(verification.stated),
        "confidence": None if verification.confidence is None else str(verification.confidence),
    }
    findings = [
        {"check": finding.check, "reason": finding.reason, "quote": finding.quote} for finding in verification.findings
    ]
    return Fact(EventKind.DRAFT_VERIFIED, data, {"findings": to_words(findings)} if findings else {})
