"""Making an environment where Python brings no pip: the parts that talk to a package index."""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import re
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from agentdesk.environment import BASE_DIR

NEWEST = b"the newest wheel"


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_environment", BASE_DIR / ".ci" / "make_environment.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on this machine, which pip's settings name; its folder, to be filled."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path), **options)  # type: ignore[arg-type]

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        yield tmp_path
        server.shutdown()


def publish(index: Path, digest: str) -> None:
    (index / "simple" / "pip").mkdir(parents=True)
    (index / "files").mkdir()
    (index / "files" / "pip-24.10-py3-none-any.whl").write_bytes(NEWEST)
    links = [
        '<a href="../../files/pip-9.0.3-py3-none-any.whl">old</a>',
        f'<a href="../../files/pip-24.10-py3-none-any.whl#sha256={digest}">new</a>',
        '<a href="../../files/pip-25.0b1-py3-none-any.whl">not released</a>',
        '<a href="../../files/pip-26.0-py3-none-any.whl" data-yanked="">taken back</a>',
        '<a href="../../files/pip-24.10.tar.gz">source</a>',
    ]
    (index / "simple" / "pip" / "index.html").write_text("\n".join(links), encoding="utf-8")


def test_it_takes_the_newest_released_pip(bootstrap: ModuleType, index: Path) -> None:
    publish(index, hashlib.sha256(NEWEST).hexdigest())
    wheel = bootstrap.download_pip(index)
    assert wheel.name == "pip-24.10-py3-none-any.whl"
    assert wheel.read_bytes() == NEWEST


def test_it_refuses_a_pip_whose_hash_is_wrong(bootstrap: ModuleType, index: Path) -> None:
    publish(index, "0" * 64)
    with pytest.raises(ValueError, match="hash"):
        bootstrap.download_pip(index)


def test_it_reads_what_a_pip_configuration_says(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://example.org/simple\n", encoding="utf-8")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert bootstrap.read_pip_setting("index_url") == "https://example.org/simple"


def test_the_locks_name_every_dependency_exactly() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (BASE_DIR / name).read_text(encoding="utf-8").splitlines()[1:]
        assert lines
        assert [line for line in lines if "==" not in line] == []


def test_the_locks_hold_all_that_the_project_asks_for() -> None:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = "".join((BASE_DIR / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    names = {line.partition("==")[0].replace("_", "-").lower() for line in locked.splitlines()}
    assert {re.split(r"[\[<>=]", line)[0].lower() for line in wanted} - names == set()
