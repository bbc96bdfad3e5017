"""The passes of the tests, each a process of its own, and which of their failures are tried once more by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

PYTEST = Path(sys.executable).parent / "pytest"
PACED = ("tests/browser/", "tests/house/", "tests/wire/")
"""Tests that depend on other processes and on the pace of the machine; of all others a failure counts at once."""
MOST_TRIED_AGAIN = 3
SOME_FAILED = 1
"""pytest's exit code where tests ran to the end and some failed: not a pass that broke off."""


class Pass:
    """One run of the tests, in a process of its own; what it writes is shown at once or kept for later."""

    def __init__(
        self,
        name: str,
        folder: Path,
        arguments: Sequence[str],
        *,
        is_shown: bool,
        **environment: str,
    ) -> None:
        self.name = name
        self.folder = folder
        self.environment = environment
        self.report = folder / f"{name}.xml".replace(" ", "-")
        self.kept = None if is_shown else (folder / f"{name}.log".replace(" ", "-")).open("w+b")
        self.code: int | None = None
        self.started_at = time.time()
        options = ["-q", "--durations=6", f"--junitxml={self.report}", "-o", "junit_family=xunit1"]
        self.process = subprocess.Popen(
            [PYTEST, *arguments, *options],
            env={**os.environ, **environment},
            stdout=self.kept,
            stderr=subprocess.STDOUT if self.kept else None,
        )

    def finish(self) -> None:
        """Waits for its end and shows what was kept."""
        self.code = self.process.wait()
        if self.kept is not None:
            self.kept.seek(0)
            announce(self.name)
            print(self.kept.read().decode(errors="replace"), flush=True)
            self.kept.close()

    @property
    def seconds(self) -> float:
        """Until it wrote its report, which may be long before anybody asks; until now, where it wrote none."""
        ended_at = self.report.stat().st_mtime if self.report.exists() else time.time()
        return ended_at - self.started_at

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def passes_alone(self, test: str, number: int) -> bool:
        """Whether this one test of it passes with nothing beside it; a test that is skipped has not passed."""
        name = f"{self.name} alone {number}"
        announce(f"{test}, once more by itself")
        alone = Pass(name, self.folder, ["-m", "", test], is_shown=True, **self.environment)
        alone.finish()
        return alone.code == 0 and read_counts(alone.report)["passed"] == 1


def try_again(passes: Sequence[Pass]) -> dict[str, list[str]]:
    """The tests that failed in company and passed alone, by pass: none where any failure is to count at once.

    Only where passes ran beside each other, all that failed is paced, and it is no more than a few.
    """
    failed = [(one, test) for one in passes for test in read_failed(one.report)]
    broke_off = [one for one in passes if one.code not in (0, SOME_FAILED)]
    is_bad = len(failed) > MOST_TRIED_AGAIN or not all(test.startswith(PACED) for _, test in failed)
    if len(passes) < 2 or broke_off or is_bad:
        return {}
    again: dict[str, list[str]] = {}
    for number, (one, test) in enumerate(failed):
        if not one.passes_alone(test, number):
            return {}
        again.setdefault(one.name, []).append(test)
    return again


def read_counts(report: Path) -> dict[str, int]:
    """How many passed, failed and were skipped; a pass without a report is one failure."""
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    counts = [{key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} for suite in suites]
    failed = sum(count["failures"] + count["errors"] for count in counts)
    skipped = sum(count["skipped"] for count in counts)
    return {
        "passed": max(0, sum(count["tests"] for count in counts) - failed - skipped),
        "failed": failed,
        "skipped": skipped,
    }


def read_failed(report: Path) -> list[str]:
    """The tests that failed, or whose fixtures did, each once, as pytest names them."""
    if not report.exists():
        return []
    cases = ElementTree.parse(report).getroot().iter("testcase")
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return list(dict.fromkeys(map(name_test, failed)))


def name_test(case: ElementTree.Element) -> str:
    """`tests/house/test_serve.py::TestIt::test_stops[2]`."""
    file = case.get("file", "")
    module = file.removesuffix(".py").replace("/", ".")
    classes = case.get("classname", "").removeprefix(module).strip(".")
    return "::".join(part for part in (file, *classes.split("."), case.get("name", "")) if part)


def announce(name: str) -> None:
    print(f"\n--- {name} ---", flush=True)
