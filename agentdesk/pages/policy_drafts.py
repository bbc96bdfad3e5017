"""A policy that loosens and waits for a second admin: what it would change, and that admin's word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.pages.policy import compare_policies
from agentdesk.pages.policy_backtest import backtest_context, read_days
from agentdesk.pages.setting_fields import LONGEST_NOTE, typed_text
from agentdesk.people.roles import admins_only, signed_in
from approvals.drafts import DraftSettled, NeedsAnotherAdmin, policy_of_draft, publish_draft, refuse_draft
from approvals.models import DraftStatus, PolicyDraft
from approvals.policies import policy_version
from tickets.models import Role


@require_safe
def show_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft: its changes against what it was made from, how it would have done, and who may say what of it."""
    draft = get_object_or_404(PolicyDraft.objects.select_related("author", "decided_by"), pk=draft_id)
    base, policy = policy_version(draft.base_version), policy_of_draft(draft)
    waits, reader = draft.status == DraftStatus.WAITING, signed_in(request)
    context = {
        "draft": draft,
        "waits": waits,
        "is_author": draft.author_id == reader.pk,
        "may_edit": reader.role == Role.ADMIN,
        "next_version": draft.base_version + 1,
        **compare_policies(base, policy),
        **(backtest_context(policy, read_days(request.GET.get("days", "")), timezone.now()) if waits else {}),
    }
    return render(request, "policy/draft.html", context)


@require_POST
@admins_only
def decide_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Another admin publishes or refuses it; its author may take it back."""
    try:
        say_word(request, draft_id)
    except PolicyDraft.DoesNotExist:
        messages.error(request, "There is no such draft.")
        return redirect("policy")
    except NeedsAnotherAdmin as error:
        return render(request, "403.html", {"exception": str(error)}, status=403)
    except DraftSettled as error:
        messages.error(request, str(error))
    return redirect("policy_draft", draft_id)


def say_word(request: HttpRequest, draft_id: int) -> None:
    """Publishes or refuses, as the button says. Raises: NeedsAnotherAdmin, DraftSettled, PolicyDraft.DoesNotExist."""
    by, now = signed_in(request), timezone.now()
    if request.POST.get("verdict") == "publish":
        published = publish_draft(draft_id, by=by, now=now)
        messages.success(request, f"Version {published.version} is in force.")
        return
    note = typed_text(request.POST.get("note", ""))[:LONGEST_NOTE]
    draft = refuse_draft(draft_id, by=by, note=note, now=now)
    messages.success(request, f"{draft.get_status_display()}. The policy stays as it is.")
