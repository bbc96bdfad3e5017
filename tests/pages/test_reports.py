"""Dry run reports on their pages: made, followed, read by everyone, submitted by whoever may, taken along as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.agent.language_model import Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.pages.report_news import render_report_news
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import DryRunReport, DryRunSchedule, Run
from agentdesk.runs.report_following import answers_in, mark_of, submissions_of
from agentdesk.runs.reports import fill_report
from agentdesk.runs.submissions import open_submissions, work_submission
from approvals.gate import execute_action
from approvals.models import Action, SeenPreview
from tests.approvals.shop import PENDING, make_catalogue, make_orders, make_ticket
from tests.runs.script import DONE, call
from tickets.models import Customer, Order, Person, Ticket

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("http://x","y") <script>\u202e # [a](b)'
FORM = {"name": "Monday", "status": ["open"], "limit": "50"}
CANCEL = call(1, "cancel_order", order_id=PENDING, reason="no longer needed", confidence=0.9, rationale="She asks.")
REPLY = call(2, "send_reply", body="Dear Carla,\n=1+1 is done.", confidence=0.9)


@pytest.fixture
def tickets(carla: Customer, otto: Customer) -> list[Ticket]:
    make_catalogue()
    make_orders(carla, otto)
    found = [make_ticket(carla, subject=HOSTILE), make_ticket(carla, subject="Thanks")]
    Run.objects.update(status="cancelled")
    return found


@pytest.fixture
def report(tickets: list[Ticket], maxs: Client) -> DryRunReport:
    """A finished report over both tickets, which Max asked for on the page."""
    address = maxs.post("/reports/make/", FORM)["Location"]
    report = DryRunReport.objects.get()
    assert address == f"/reports/{report.pk}/"
    fill_report(report.pk, now=timezone.now())
    for run in Run.objects.filter(report=report):
        script: list[Turn] = [CANCEL, REPLY, DONE] if run.ticket_id == tickets[0].pk else [DONE]
        advance_run(run.pk, model=ScriptedModel(script))
    return report


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(client: Client, report: DryRunReport, rest: str = "") -> str:
    return client.get(f"/reports/{report.pk}/{rest}").content.decode()


# --- Made ---


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "201"), ("tags", "x" * 60), ("policy_version", "999"), ("model", "nobody:knows"), ("name", "")],
)
def test_what_is_out_of_range_is_refused_and_named(maxs: Client, field: str, value: Any) -> None:
    answer = maxs.post("/reports/make/", {**FORM, field: value})
    assert answer.status_code == 422 and not DryRunReport.objects.exists()
    assert field in answer.context["form"].errors


def test_the_same_form_sent_twice_is_one_report(maxs: Client, tickets: list[Ticket]) -> None:
    form = {**FORM, "report_id": "6c9a5f0e-0000-4000-8000-000000000000"}
    assert maxs.post("/reports/make/", form)["Location"] == maxs.post("/reports/make/", form)["Location"]
    assert DryRunReport.objects.count() == 1
    assert maxs.post("/reports/make/", {**form, "limit": "1"}).status_code == 302, "gone back to, and changed"
    assert DryRunReport.objects.count() == 2


def test_it_says_how_far_it_is_until_it_is_finished(maxs: Client, tickets: list[Ticket]) -> None:
    maxs.post("/reports/make/", FORM)
    report = DryRunReport.objects.get()
    fill_report(report.pk, now=timezone.now())
    page = page_of(maxs, report)
    assert "0 of 2 tickets looked at" in page and f'ws-connect="/ws/reports/{report.pk}/"' in page
    assert "Approve and execute" not in page and "Look again" in page and 'data-shown="0.0"' in page
    for run in Run.objects.filter(report=report):
        advance_run(run.pk, model=ScriptedModel([DONE]))
    news = render_report_news(report, mark_of(report.pk), [], [])
    assert "looked at" not in news and 'data-mark="2.0" data-finished hx-swap-oob="true"' in news


def test_a_selection_of_nothing_says_so(maxs: Client) -> None:
    maxs.post("/reports/make/", FORM)
    assert "No ticket fits the selection." in page_of(maxs, DryRunReport.objects.get())


# --- Read ---


def test_everyone_who_is_signed_in_reads_the_same(
    report: DryRunReport, maxs: Client, rita: Person, auditor: Person
) -> None:
    for client in (maxs, as_(rita), as_(auditor)):
        page = page_of(client, report)
        assert f"Cancel order {PENDING}" in page and "would wait for people" in page and "65.00 USD" in page
        assert "<script>\u202e" not in page and "U+202E" in page
        assert page.index("Would wait") < page.index("Nothing to do")
        assert "Monday" in client.get("/reports/").content.decode()
    assert Client().get(f"/reports/{report.pk}/").status_code == 302


def test_an_auditor_reads_and_does_nothing(report: DryRunReport, auditor: Person) -> None:
    client = as_(auditor)
    page = page_of(client, report)
    assert "Approve and execute" not in page and '<form method="post" action="/reports/make' not in page
    run = Run.objects.filter(report=report).first()
    assert run is not None
    for address in ("make/", f"{report.pk}/submit/", "schedules/"):
        assert client.post(f"/reports/{address}", FORM).status_code == 403
    assert client.post(f"/runs/{run.pk}/opened/").status_code == 403


def test_the_dry_run_itself_reads_as_a_report(report: DryRunReport, maxs: Client, tickets: list[Ticket]) -> None:
    run = Run.objects.get(report=report, ticket=tickets[0])
    page = maxs.get(f"/runs/{run.pk}/").content.decode()
    assert "It would wait for a manager or an admin." in page and "It would wait for anyone on staff." in page
    assert "Not tried: No bank or card is asked" in page and "Not tried: Nothing is sent" in page
    assert "Can be undone" in page and "cannot be called back" in page
    assert f'href="/reports/{report.pk}/"' in page and "plan.md" in page


def test_it_is_taken_along_as_markdown(report: DryRunReport, maxs: Client, tickets: list[Ticket]) -> None:
    answer = maxs.get(f"/reports/{report.pk}/report.md")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# Monday\n") and f"http://testserver/reports/{report.pk}/" in text
    assert "<script>" not in text and "\u202e" not in text and r"\[a\]\(b\)" in text
    assert r"> \=1\+1 is done\." in text or r"> =1\+1 is done\." in text
    assert "It would wait for a manager or an admin" in text
    run = Run.objects.get(report=report, ticket=tickets[0])
    own = maxs.get(f"/runs/{run.pk}/plan.md").content.decode()
    assert own.startswith("# Dry run on ") and "Refunds 65" in own and "All of it is done" in own


def test_it_is_taken_along_as_a_table_without_formulas(report: DryRunReport, maxs: Client) -> None:
    text = maxs.get(f"/reports/{report.pk}/report.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["outcome"], row["kind"]) for row in rows] == [
        ("Would wait", "cancel_order"), ("Would wait", "send_reply"), ("Nothing to do", ""),
    ]  # fmt: skip
    assert rows[0]["subject"].startswith("'=HYPERLINK") and rows[0]["amount"] == "65.00"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


# --- Submitted ---


def submit(client: Client, report: DryRunReport, **form: Any) -> None:
    """Presses, and goes back to the report at once."""
    answer = client.post(f"/reports/{report.pk}/submit/", form)
    assert answer.status_code == 302 and answer["Location"] == f"/reports/{report.pk}/"


def work_off() -> None:
    for submission_id in open_submissions():
        while work_submission(submission_id, now=timezone.now()).finished_at is None:
            pass


def test_approve_and_execute_takes_what_was_opened(report: DryRunReport, maxs: Client, max_: Person) -> None:
    cancel = Action.objects.get(kind="cancel_order")
    opened = maxs.post(f"/runs/{cancel.origin}/opened/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in opened and "It would wait for a manager" in opened
    assert SeenPreview.objects.filter(person=max_).count() == 1
    submit(maxs, report, how="execute_all")
    page = page_of(maxs, report)
    assert "Approving 1 plan as shown" in page and "Being submitted." in page and "Look again" in page
    assert "can be submitted" not in page
    assert not Run.objects.filter(copied_from__isnull=False).exists()
    work_off()
    page = page_of(maxs, report)
    assert "1 of 1 plan approved as shown" in page and "Approved as shown." in page and "Being submitted" not in page
    for action in Action.objects.filter(status="approved").order_by("place"):
        execute_action(action.pk, now=timezone.now())
    assert Order.objects.get(pk=PENDING).status == "cancelled"
    submit(maxs, report, how="execute", run=str(cancel.origin))
    work_off()
    page = page_of(maxs, report)
    assert "It was submitted before" in page and "Approved as shown." in page
    assert Run.objects.filter(mode="live", copied_from__isnull=False).count() == 1


def test_what_was_not_opened_stays_and_says_why(report: DryRunReport, maxs: Client) -> None:
    run_id = str(Action.objects.get(kind="cancel_order").origin)
    submit(maxs, report, how="execute", run=run_id)
    work_off()
    assert "1 not approved: open the preview of what is high risk first." in page_of(maxs, report)
    live = Run.objects.get(copied_from=Run.objects.get(pk=run_id))
    assert dict(Action.objects.filter(origin=live.pk).values_list("kind", "status")) == {
        "cancel_order": "waiting", "send_reply": "approved",
    }  # fmt: skip


def test_who_may_not_approve_it_all_submits_it(report: DryRunReport, rita: Person) -> None:
    ritas = as_(rita)
    submit(ritas, report, how="execute_all")
    work_off()
    page = page_of(ritas, report)
    assert "needs a manager" in page and "0 of 1 plan approved as shown" in page and "is-held" in page
    assert not Run.objects.filter(copied_from__isnull=False).exists()
    submit(ritas, report, how="submit_all")
    work_off()
    live = Run.objects.get(copied_from__isnull=False)
    assert set(Action.objects.filter(origin=live.pk).values_list("status", flat=True)) == {"waiting"}
    page = page_of(ritas, report)
    assert "its live run" in page and "2 wait for a decision." in page and "is-held" not in page


def test_each_answer_comes_to_its_row_and_is_the_same_for_every_viewer(report: DryRunReport, maxs: Client) -> None:
    submit(maxs, report, how="submit_all")
    work_off()
    submissions = submissions_of(report.pk)
    answers = answers_in(submissions)
    news = render_report_news(report, mark_of(report.pk), submissions, answers.values())
    [(ticket_id, answer)] = answers.items()
    assert f'id="came-{ticket_id}" class="came" data-live hx-swap-oob="true"' in news
    assert f'href="/runs/{answer.live_run_id}/"' in news and "csrf" not in news and "checkbox" not in news
    assert "1 of 1 plan submitted for approval" in news and 'data-mark="2.1"' in news


def test_strangers_are_answered(report: DryRunReport, maxs: Client) -> None:
    stranger = "6c9a5f0e-0000-4000-8000-000000000000"
    for runs in ([], ["nonsense"]):
        submit(maxs, report, how="submit", run=runs)
        assert "No plan of this report was chosen" in page_of(maxs, report)
    submit(maxs, report, how="submit", run=[stranger])
    work_off()
    assert "0 of 1 plan submitted for approval" in page_of(maxs, report)
    assert not Run.objects.filter(copied_from__isnull=False).exists()
    assert maxs.get(f"/reports/{stranger}/").status_code == 404


# --- On schedule ---

RHYTHM = {**FORM, "every": "week", "weekday": "6", "at": "06:30", "time_zone": "Europe/Berlin"}


def test_a_manager_adds_and_switches_a_schedule(maxs: Client, max_: Person) -> None:
    maxs.post("/reports/schedules/", RHYTHM)
    schedule = DryRunSchedule.objects.get()
    assert (schedule.every, schedule.at_minute, schedule.person) == ("week", 6 * 1440 + 390, max_)
    page = maxs.get("/reports/").content.decode()
    assert "every Sunday at 06:30 Europe/Berlin" in page and "in Max's name" in page
    for word, is_on in (("no", False), ("yes", True)):
        maxs.post(f"/reports/schedules/{schedule.pk}/", {"on": word})
        schedule.refresh_from_db()
        assert schedule.is_on == is_on


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Europe/Atlantis"), ("every", "month"), ("at", "25:00"), ("limit", "201")]
)
def test_a_schedule_that_cannot_be_kept_is_refused(maxs: Client, field: str, value: str) -> None:
    answer = maxs.post("/reports/schedules/", {**RHYTHM, field: value})
    assert answer.status_code == 422 and field in answer.context["schedule_form"].errors
    assert not DryRunSchedule.objects.exists()


def test_what_was_refused_is_mended_and_sent_again(maxs: Client, report: DryRunReport) -> None:
    for address, wrong in (("/reports/schedules/", {"time_zone": "Mars"}), ("/reports/make/", {"limit": "0"})):
        assert maxs.post(address, {**RHYTHM, **wrong}).status_code == 422
        answer = maxs.post(address, RHYTHM, headers={"referer": f"http://testserver{address}"}, follow=True)
        assert answer.status_code == 200
        assert maxs.get(address)["Location"] == "/reports/"
    assert DryRunSchedule.objects.count() == 1
    assert maxs.get(f"/reports/{report.pk}/submit/")["Location"] == f"/reports/{report.pk}/"


def test_schedules_are_for_managers(rita: Person, maxs: Client) -> None:
    maxs.post("/reports/schedules/", RHYTHM)
    schedule, ritas = DryRunSchedule.objects.get(), as_(rita)
    assert ritas.post("/reports/schedules/", RHYTHM).status_code == 403
    assert ritas.post(f"/reports/schedules/{schedule.pk}/", {"on": "no"}).status_code == 403
    assert "Managers and admins add" in ritas.get("/reports/").content.decode()


def test_the_page_says_when_a_schedule_does_not_run(maxs: Client, max_: Person, ada: Person) -> None:
    maxs.post("/reports/schedules/", RHYTHM)
    Person.objects.filter(pk=max_.pk).update(is_active=False)
    assert "does not run: Max may not have it run any more" in as_(ada).get("/reports/").content.decode()


def test_the_list_is_paged(maxs: Client, max_: Person) -> None:
    now = timezone.now()
    names = [f"Report {number:02}" for number in range(35)]
    DryRunReport.objects.bulk_create(DryRunReport(name=name, person=max_, created_at=now) for name in names)
    first = maxs.get("/reports/")
    second = maxs.get(f"/reports/?before={first.context['page'].next}")
    shown = [report.name for answer in (first, second) for report in answer.context["page"].rows]
    assert sorted(shown) == names and len(second.context["page"].rows) == 5
    assert maxs.get("/reports/?before=nonsense").status_code == 200
