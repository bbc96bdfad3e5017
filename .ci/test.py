"""`make test`, `make check`, `make prove`: runs every check, says plainly what could not run, and sums up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from find_services import BASE, find_or_install_chromium, offer_postgresql, offer_redis
from passes import Pass, announce, read_counts, try_again

BIN = Path(sys.executable).parent
ROOMS = ("tickets", "approvals", "agentdesk")
# Each test that asks for rows is shown on both databases; what asks for none is `rowless` and runs embedded, as the
# browser's do. Some that ask for rows take too long to be shown twice (tests/conftest.py names them): where there are
# services `make test` has each of them on one database, `make prove` on the other, and most long proofs on one alone.
EVERYDAY = "not prove"
SELECTIONS = {
    EVERYDAY: ("not prove and not on_services and not beside", "not prove and not on_embedded"),
    "prove": ("(prove and not proved_on_services) or on_services", "(prove and not proved_on_embedded) or on_embedded"),
}
"""What runs embedded and on services where there are both."""
CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy", "--no-error-summary", *ROOMS, "tests"),
    "import contracts": ("lint-imports", "--no-logo", "--no-cache"),
}


@dataclass
class Summary:
    """What was run, how it ended, and what could not be run."""

    required: bool
    lines: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    is_good: bool = True

    def note(self, name: str, outcome: str, is_good: bool = True) -> None:
        self.lines.append(f"  {name:<18} {outcome}")
        self.is_good = self.is_good and is_good

    def note_missing(self, name: str, reason: str) -> None:
        self.note(name, f"NOT RUN: {reason}", is_good=not self.required)

    def count(self, one: Pass, tried_again: Sequence[str]) -> None:
        """A pass; what failed in it, was tried again and passed alone is named, and no failure of the whole."""
        counts = read_counts(one.report)
        words = ", ".join(f"{number} {word}" for word, number in counts.items()) + f" in {one.seconds:.0f} s"
        is_good = one.code == 0 or bool(tried_again)
        self.note(one.name, words if is_good else f"{words} FAILED", is_good)
        for test in tried_again:
            self.note("failed in company", f"{test} (passed alone)")
        self.passed += counts["passed"] + len(tried_again)
        self.failed += 0 if tried_again else counts["failed"]
        self.skipped += counts["skipped"]

    def show(self) -> None:
        print("\nSummary")
        print("\n".join(self.lines))
        print(f"  {'result':<18} {'good' if self.is_good else 'FAILED'}")
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)


@contextmanager
def checking(summary: Summary) -> Iterator[None]:
    """Every check in a process of its own, beside what is done meanwhile; then what each had to say."""
    running = {name: start_check(*command) for name, command in CHECKS.items()}
    try:
        yield
        for name, process in running.items():
            words, _ = process.communicate()
            announce(name)
            print(words.decode(errors="replace"), end="", flush=True)
            summary.note(name, "ok" if process.returncode == 0 else "FAILED", is_good=process.returncode == 0)
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def start_check(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [BIN / program, *arguments]
    return subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run_passes(summary: Summary, selection: str) -> None:
    """Both passes at once: each is one process most of the time, and two cores are what is usually there."""
    with (
        tempfile.TemporaryDirectory() as folder,
        offer_postgresql() as (database, which_database),
        offer_redis(summary.required) as (broker, which_broker),
    ):
        if database is None or broker is None:
            missing = [why for url, why in ((database, which_database), (broker, which_broker)) if url is None]
            summary.note_missing("on services", "; ".join(missing))
            summary.count(run_embedded(summary, selection, Path(folder)), ())
            return
        summary.note("services", f"{which_database}, {which_broker}")
        embedded, beside = SELECTIONS[selection]
        beside = f"({beside}) and not browser and not rowless"
        servers = {"DATABASE_URL": database, "REDIS_URL": broker}
        on_services = Pass("on services", Path(folder), ["-m", beside], is_shown=False, **servers)
        try:
            passes = [run_embedded(summary, embedded, Path(folder)), on_services]
            on_services.finish()
        finally:
            on_services.stop()
        tried_again = try_again(passes)
        for one in passes:
            summary.count(one, tried_again.get(one.name, ()))


def run_embedded(summary: Summary, selection: str, folder: Path) -> Pass:
    chromium, reason = find_or_install_chromium()
    if chromium is None:
        summary.note_missing("browser tests", reason)
        selection = f"({selection}) and not browser"
    announce("embedded")
    environment = {"DATABASE_URL": "", "REDIS_URL": "", "CHROMIUM_PATH": chromium or ""}
    embedded = Pass("embedded", folder, ["-m", selection], is_shown=True, **environment)
    embedded.finish()
    return embedded


def main(what: str) -> int:
    os.chdir(BASE)
    summary = Summary(required=os.environ.get("REQUIRE_SERVICES", "") not in ("", "0"))
    with checking(summary) if what in ("all", "check") else nullcontext():
        if what in ("all", "prove"):
            run_passes(summary, "prove" if what == "prove" else EVERYDAY)
    summary.show()
    return 0 if summary.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
