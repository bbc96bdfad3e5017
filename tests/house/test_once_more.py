"""What `.ci/test.py` does about a test that failed while two passes ran beside each other."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from agentdesk.environment import BASE_DIR

SUITE = """
from pathlib import Path
import pytest

def came_before(name):
    mark = Path(name)
    return mark.exists() or mark.touch()

def test_good(): pass

@pytest.mark.parametrize("word", ["a", "b c", "d", "e"])
def test_unlucky(word): assert came_before(word)

@pytest.fixture
def late(): assert came_before("late")

class TestIts:
    def test_fixture(self, late): pass

def test_broken(): assert False

def test_gone_alone(): pytest.skip("not here") if came_before("gone") else pytest.fail("gone")
"""
PACED = "tests/house/test_paced.py"
RACED = "tests/tickets/test_raced.py"


@pytest.fixture
def passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module, in a folder with a suite of its own."""
    for file in (PACED, RACED):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text(SUITE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.syspath_prepend(str(BASE_DIR / ".ci"))
    yield importlib.import_module("passes")


def make_summary() -> Any:
    """By its file: the standard library has a module of that name too."""
    spec = importlib.util.spec_from_file_location("agentdesk_ci_test", BASE_DIR / ".ci" / "test.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Summary(required=True)


def run_pass(passes: ModuleType, name: str, folder: Path, *tests: str) -> Any:
    """A pass of these tests, to its end."""
    one = passes.Pass(name, folder, list(tests), is_shown=False)
    one.finish()
    return one


def test_what_fails_in_company_and_passes_alone_is_named_and_no_failure(
    passes: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    unlucky = [f"{PACED}::test_unlucky[b c]", f"{PACED}::TestIts::test_fixture"]
    embedded = run_pass(passes, "embedded", tmp_path, f"{PACED}::test_good", *unlucky)
    both = [embedded, run_pass(passes, "on services", tmp_path, f"{RACED}::test_good")]
    again = passes.try_again(both)
    assert again == {"embedded": unlucky}
    summary = make_summary()
    for one in both:
        summary.count(one, again.get(one.name, ()))
    summary.show()
    said = capfd.readouterr().out
    assert (summary.is_good, summary.passed, summary.failed) == (True, 4, 0)
    assert f"  failed in company  {unlucky[0]} (passed alone)\n" in said
    # What it said the first time stands above.
    assert said.index("assert came_before(word)") < said.index("once more by itself") < said.index("Summary")


@pytest.mark.parametrize(
    "tests",
    [
        [f"{PACED}::test_unlucky[a]", f"{PACED}::test_broken"],
        [f"{PACED}::test_gone_alone"],
        [f"{PACED}::test_unlucky"],
        [f"{PACED}::test_unlucky[a]", f"{RACED}::test_unlucky[b c]"],
        [f"{PACED}::test_unlucky[a]", f"{PACED}::no_such_test"],
    ],
    ids=["it fails alone too", "it is skipped alone", "too many", "one of rows", "the pass broke off"],
)
def test_any_other_failure_counts_at_once(passes: ModuleType, tmp_path: Path, tests: list[str]) -> None:
    embedded = run_pass(passes, "embedded", tmp_path, *tests)
    went_well = SimpleNamespace(name="on services", code=0, report=tmp_path / "no failures")
    assert passes.try_again([embedded, went_well]) == {}
    summary = make_summary()
    summary.count(embedded, ())
    assert not summary.is_good


def test_a_pass_that_ran_by_itself_has_no_company_to_blame(passes: ModuleType, tmp_path: Path) -> None:
    assert passes.try_again([run_pass(passes, "embedded", tmp_path, f"{PACED}::test_unlucky[a]")]) == {}
