"""Logs: one record is one line, so a line can be counted, searched and not forged from a ticket's text."""

import logging
import time


class OneLine(logging.Formatter):
    """Time (UTC), level, logger and message; line breaks, also a traceback's, are written as \\n."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")
