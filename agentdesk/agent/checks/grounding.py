"""Grounding of a reply: every claim has to rest on the evidence of the run and on what its actions will have done.

Deterministic: words are read with patterns and compared with the records, articles and actions of the run. A sentence
that is an article's own is taken as it is; greetings, closing lines and signatures claim nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agentdesk.agent.checks.acted import check_deeds, orders_in
from agentdesk.agent.checks.citing import check_citations, check_covered
from agentdesk.agent.checks.claims import Claim, check_sentence
from agentdesk.agent.checks.facts import Facts, read_facts
from agentdesk.agent.checks.names import check_greeting, check_names
from agentdesk.agent.checks.options import check_options_known
from agentdesk.agent.checks.passages import verbatim_source
from agentdesk.agent.checks.promises import check_promises
from agentdesk.agent.checks.rules import check_rules
from agentdesk.agent.checks.scope import check_scope
from agentdesk.agent.checks.states import check_states
from agentdesk.agent.checks.support import check_support
from agentdesk.agent.checks.terms import check_terms
from agentdesk.agent.checks.wording import Sentence, read_sentences
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding

CHECKS = (
    "ungrounded_amount",
    "ungrounded_duration",
    "ungrounded_date",
    "ungrounded_id",
    "ungrounded_link",
    "ungrounded_name",
    "ungrounded_promise",
    "ungrounded_statement",
    "contradicts_action",
    "contradicts_record",
    "contradicts_source",
    "claims_undone_action",
    "unknown_citation",
    "unsupported_citation",
    "uncited_claim",
)


def check_grounding(body: str, citations: Sequence[Mapping[str, str]], evidence: Evidence) -> tuple[Finding, ...]:
    """What in a reply rests on nothing, or contradicts the state its actions will be in when it is sent.

    Args:
        body: the reply's words; the first 20,000 characters are read.
        citations: `{"source": "article:SLUG@REVISION" or "tool:TOOL_CALL_ID", "quote": words}`.
        evidence: the ticket, the run's tool results and articles, its actions so far, the customer's record.
    """
    facts = read_facts(evidence)
    found: list[Finding] = []
    claims: list[Claim] = []
    orders: list[str] = []
    before = ""
    for sentence in read_sentences(body):
        for result in check_one(sentence, before, orders, facts):
            if isinstance(result, Finding):
                found.append(result)
            else:
                claims.append(result)
        orders += [order for order in orders_in(sentence.text) if order in facts.orders]
        before = sentence.text
    found += check_citations(citations, facts)
    found += check_covered(claims, citations, facts)
    return tuple(dict.fromkeys(found))


def check_one(sentence: Sentence, before: str, orders: Sequence[str], facts: Facts) -> Iterator[Finding | Claim]:
    """All that is checked of one sentence."""
    if sentence.is_framing:
        yield from check_greeting(sentence, facts)
        return
    source = verbatim_source(sentence.text, facts)
    if source:
        yield Claim(sentence, "statement", sentence.text, frozenset({source}))
        return
    yield from check_sentence(sentence, before, facts)
    yield from check_deeds(sentence, orders, facts)
    yield from check_states(sentence, orders, facts)
    yield from check_promises(sentence, facts)
    yield from check_rules(sentence, facts)
    yield from check_names(sentence, facts)
    yield from check_options_known(sentence, facts)
    yield from check_terms(sentence, facts)
    yield from check_support(sentence, facts)
    yield from check_scope(sentence, facts)
