"""The forms of dry run reports and their schedules, and what they ask for as values."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from pydantic import ValidationError

from agentdesk.agent.categories import CATEGORY_TITLES
from agentdesk.agent.providers import UnknownModel
from agentdesk.runs.reports import Order, UnknownPolicyVersion, require_known
from agentdesk.runs.schedules import Rhythm, ScheduleUnfit, require_rhythm
from agentdesk.runs.selecting import MOST_TICKETS, Selection
from approvals.models import PolicyVersion
from tickets.models import Priority, TicketStatus

SHOWN_VERSIONS = 30
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY = (("hour", "Every hour"), ("day", "Every day"), ("week", "Every week"))


class ReportForm(forms.Form):
    """Which tickets, judged by which policy, by which model."""

    name = forms.CharField(max_length=200, initial="What the agent would do")
    status = forms.MultipleChoiceField(
        choices=[(one.value, one.value.capitalize()) for one in TicketStatus],
        widget=forms.CheckboxSelectMultiple,
        initial=["open"],
        required=False,
    )
    priority = forms.MultipleChoiceField(
        choices=Priority.choices, widget=forms.CheckboxSelectMultiple, required=False, help_text="None: any."
    )
    category = forms.MultipleChoiceField(
        choices=[(one.value, title) for one, title in CATEGORY_TITLES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tags = forms.CharField(max_length=500, required=False, help_text="All of these, with commas between.")
    updated_within = forms.IntegerField(label="Touched within, in hours", required=False)
    limit = forms.IntegerField(
        label="At most", initial=50, help_text=f"1 to {MOST_TICKETS} tickets, what was touched last first."
    )
    policy_version = forms.TypedChoiceField(
        label="Judged by", coerce=int, empty_value=None, required=False, choices=lambda: policy_choices()
    )
    model = forms.CharField(max_length=200, required=False, help_text="Empty: the one that works on tickets now.")
    report_id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        """What the selection's own rules say of each field, beside the field; then the policy and the model."""
        found = super().clean() or {}
        self.selection = Selection()
        try:
            self.selection = Selection(**selection_fields(found)) if not self.errors else Selection()
        except ValidationError as invalid:
            for fault in invalid.errors():
                self.add_error(str(fault["loc"][0]), fault["msg"])
        try:
            require_known(found.get("policy_version"), found.get("model", ""))
        except UnknownPolicyVersion as unknown:
            self.add_error("policy_version", str(unknown))
        except UnknownModel as unknown:
            self.add_error("model", str(unknown))
        return found

    def order(self) -> Order:
        """What a valid form asks for."""
        found = self.cleaned_data
        report_id: UUID | None = found["report_id"]
        return Order(found["name"], self.selection, found["policy_version"], found["model"].strip(), report_id)


def selection_fields(found: dict[str, Any]) -> dict[str, Any]:
    """The selection's fields as the form has them."""
    lists = {name: tuple(found.get(name, ())) for name in ("status", "priority", "category")}
    tags = tuple(tag.strip() for tag in found.get("tags", "").split(",") if tag.strip())
    return {**lists, "tags": tags, "updated_within": found.get("updated_within"), "limit": found.get("limit")}


def policy_choices() -> list[tuple[Any, str]]:
    """The policy in force, or one of the last versions."""
    versions = PolicyVersion.objects.values_list("version", flat=True)[:SHOWN_VERSIONS]
    return [("", "The policy in force"), *((version, f"Version {version}") for version in versions)]


class ScheduleForm(ReportForm):
    """A report that is made again and again."""

    every = forms.ChoiceField(choices=EVERY, initial="day")
    weekday = forms.TypedChoiceField(
        label="On",
        choices=list(enumerate(DAYS)),
        coerce=int,
        initial=0,
        required=False,
        help_text="Where it is weekly.",
    )
    at = forms.TimeField(label="At", initial="06:00", help_text="Where it is hourly, the minute alone counts.")
    time_zone = forms.CharField(max_length=60, initial="UTC", help_text="Such as Europe/Berlin.")

    def clean(self) -> dict[str, Any]:
        """Also: a rhythm that can be kept."""
        found = super().clean()
        try:
            require_rhythm(self.rhythm()) if {"every", "at", "time_zone"} <= found.keys() else None
        except ScheduleUnfit as unfit:
            for name, why in unfit.fields.items():
                self.add_error("at" if name == "at_minute" else name, why)
        return found

    def rhythm(self) -> Rhythm:
        """When the report is due."""
        found = self.cleaned_data
        minute = found["at"].hour * 60 + found["at"].minute
        by_rhythm = {"hour": found["at"].minute, "day": minute, "week": (found["weekday"] or 0) * 1440 + minute}
        return Rhythm(found["every"], by_rhythm[found["every"]], found["time_zone"])
