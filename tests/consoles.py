"""What browsers' consoles say of pages: their errors, without those of requests that leaving a page cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

CUT_OFF = "net::ERR_ABORTED"
OF_WHAT_WAS_CUT = (
    "Failed to fetch",
    "Unexpected end of input",
    "Unexpected end of JSON input",
    "htmx:sendAbort",
    "htmx:sendError",
    CUT_OFF,
)
"""What scripts say whose request, or whose own text, was still coming when its page was left."""


@dataclass
class Console:
    """Listens to pages; `cut` are the addresses of requests that came to no end because their page was left."""

    said: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("requestfailed", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append(message.text)

    def _note_request(self, request: Request) -> None:
        if request.failure == CUT_OFF:
            self.cut.append(request.url)

    @property
    def errors(self) -> list[str]:
        """Errors of the pages themselves: where nothing was cut off, all of them."""
        return [text for text in self.said if not (self.cut and any(words in text for words in OF_WHAT_WAS_CUT))]
