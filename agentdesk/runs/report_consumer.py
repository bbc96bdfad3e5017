"""The socket of a report: all that there is at first, then what changes. Nothing is accepted from the client."""

from __future__ import annotations

import json

from channels.db import database_sync_to_async

from agentdesk.pages.report_news import render_report_news
from agentdesk.runs.consumers import NOT_ALLOWED, FollowingConsumer, read_uuid
from agentdesk.runs.models import DryRunReport
from agentdesk.runs.report_following import Answer, Mark, answers_in, mark_of, progress_to_json, submissions_of

UNKNOWN_REPORT = 4404
REPORT_PAUSE_SECONDS = 0.2
"""Between two news of a report: two hundred plans are told in some, not in two hundred."""


class ReportConsumer(FollowingConsumer):
    """`/ws/reports/{id}/`: how far a report is, how far each submission of it is, and what came of each plan.

    Who comes back after a cut is told everything again: all of it is in the rows, and to be told twice changes nothing.
    """

    pause_seconds = REPORT_PAUSE_SECONDS

    async def admit(self, query: dict[str, list[str]]) -> int | None:
        """Only those who may read, only reports that exist."""
        if not await self.may_read():
            return NOT_ALLOWED
        report_id = read_uuid(self.scope["url_route"]["kwargs"]["report_id"])
        report = await DryRunReport.objects.filter(pk=report_id).afirst() if report_id else None
        if report is None:
            return UNKNOWN_REPORT
        self.report = report
        self.mark: Mark | None = None
        self.told: dict[int, Answer] = {}
        self.group = f"report.{report_id}"
        return None

    async def send_news(self) -> None:
        """Where the report is, if that is another matter than was told."""
        mark = await database_sync_to_async(mark_of)(self.report.pk)
        if mark == self.mark:
            return
        self.mark = mark
        await self.send(text_data=await database_sync_to_async(self.read_news)(mark))

    def read_news(self, mark: Mark) -> str:
        """What this watcher is told, and from now on knows."""
        submissions = submissions_of(self.report.pk)
        answers = answers_in(submissions)
        fresh = [answer for ticket_id, answer in answers.items() if self.told.get(ticket_id) != answer]
        self.told = answers
        if self.is_json:
            return json.dumps(progress_to_json(self.report, mark, submissions, fresh))
        return render_report_news(self.report, mark, submissions, fresh)
