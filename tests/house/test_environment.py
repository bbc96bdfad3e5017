"""A wrong value stops the start with one line that names it."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from agentdesk.agent.providers import split_models
from agentdesk.environment import BASE_DIR, Environment, is_loopback, read_environment, read_or_make_secret_key

Refuse = Callable[..., str]


def start_with(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refuse:
    """What a process says that must not start with these variables, as every process reads them first."""

    def read(**variables: str) -> str:
        for name in tuple(os.environ):
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            read_environment()
        assert ended.value.code == 2
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/desk"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://localhost"),
        ("EMAIL_URL", "carrier-pigeon://roof"),
        ("AGENTDESK_MODEL", "clever"),
        ("AGENTDESK_MODEL", "offline,clever"),
        ("AGENTDESK_MODEL", "openai:"),
        ("AGENTDESK_MODEL", "openai:two words"),
        ("AGENTDESK_MODEL", ","),
        ("AGENTDESK_SMALL_MODEL", "clever"),
        ("OPENAI_BASE_URL", "localhost:8080"),
        ("ANTHROPIC_BASE_URL", "ftp://localhost"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("DEBUG", "perhaps"),
        ("REDIS_PREFIX", "with spaces"),
        ("BASE_URL", "desk.example.com"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line_that_names_it(name: str, value: str, refuse: Refuse) -> None:
    line = refuse(**{name: value})
    assert line.count("\n") == 1
    assert name in line


def test_so_it_does_in_a_process_of_its_own() -> None:
    done = start_with(PORT="eighty")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "PORT" in done.stderr


@pytest.mark.parametrize(
    "value", ["ftp://desk", "https://", "https://desk/here", "https://desk?a=b", "https://me@desk", "https://desk:x"]
)
def test_an_address_is_scheme_and_host_alone(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BASE_URL", value)
    with pytest.raises(ValidationError, match="http://HOST"):
        Environment()


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8123", "ALLOWED_HOSTS": "localhost"}, "http://127.0.0.1:8123"),
        ({"ALLOWED_HOSTS": "*,.example.com,desk.example.com"}, "https://desk.example.com"),
        ({"BASE_URL": "http://desk:8080/", "ALLOWED_HOSTS": "desk.example.com"}, "http://desk:8080"),
    ],
)
def test_links_in_mail_begin_with_an_address_of_ours(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], address: str
) -> None:
    for name in ("BASE_URL", "ALLOWED_HOSTS", "PORT"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert Environment().address == address


@pytest.mark.parametrize("variable", ["AGENTDESK_MODEL", "AGENTDESK_SMALL_MODEL"])
@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("anthropic:claude-sonnet-5", "ANTHROPIC_API_KEY"),
        ("openai:gpt-5.5", "OPENAI_API_KEY"),
        ("openai-chat:llama3:8b", "OPENAI_API_KEY"),
    ],
)
def test_a_missing_key_stops_the_start_with_one_line_that_names_it(
    variable: str, model: str, key: str, refuse: Refuse
) -> None:
    line = refuse(**{variable: model, key: ""})
    assert line.count("\n") == 1
    assert all(word in line for word in (variable, model, key))


def test_a_list_of_models_with_their_keys_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-one")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-two")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("AGENTDESK_MODEL", "anthropic:claude-sonnet-5, openai-chat:org/llama3:8b,offline")
    monkeypatch.setenv("AGENTDESK_SMALL_MODEL", "openai:gpt-5.4-nano")
    environment = Environment()
    assert split_models(environment.agentdesk_model)[1] == "openai-chat:org/llama3:8b"
    assert "secret" not in repr(environment)


@pytest.mark.parametrize("other", [{"BIND": "0.0.0.0"}, {"DATABASE_URL": "postgresql://localhost/desk"}])
def test_the_demo_refuses_a_public_address_and_a_real_database(other: dict[str, str]) -> None:
    done = start_with(DEMO="1", SECRET_KEY="given", **other)
    assert done.returncode == 2
    assert "DEMO" in done.stderr


def test_production_refuses_to_start_without_a_secret() -> None:
    done = start_with(DATABASE_URL="postgresql://localhost/desk")
    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/desk.sqlite3")
    monkeypatch.setenv("SECRET_KEY", "")
    first = read_or_make_secret_key(Environment())
    assert len(first) > 50
    assert read_or_make_secret_key(Environment()) == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PORT", "")
    assert Environment().is_sqlite
    assert Environment().port == 8000


@pytest.mark.parametrize(
    ("host", "answer"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("desk.example.com", False)],
)
def test_loopback_is_told_from_public(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer
