"""The page that says who may approve what; whoever is signed in may look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agentdesk.people.rights import DECIDERS, rights_under
from agentdesk.people.roles import PLURALS, signed_in
from approvals.escalations import what_follows
from approvals.policies import policy_in_force
from tickets.models import Role


@require_safe
def show_rights(request: HttpRequest) -> HttpResponse:
    """Kinds by roles under the policy in force, and who is called when a ticket is given to people."""
    viewer, policy = signed_in(request), policy_in_force()
    escalation = policy.settings.escalation
    context = {
        "kinds": rights_under(policy),
        "roles": [(role.value, role.label) for role in DECIDERS],
        "mine": viewer.role,
        "policy": policy,
        "called": PLURALS[Role(escalation.role)],
        "hours": f"{escalation.deadline / 3600:g}",
        "then": what_follows(escalation.role, escalation),
        "second_admin": policy.settings.second_admin,
    }
    return render(request, "people/rights.html", context)
