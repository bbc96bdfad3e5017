"""Two web processes, two workers and beat on PostgreSQL and Redis, started as docker-compose.yml says."""

from __future__ import annotations

import json
from pathlib import Path

import check_jsonschema
import httpx
import jsonschema
import pytest

from tests.house.production_shape import Installation, read_compose

SCHEMA = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"


def test_the_compose_file_keeps_the_compose_specification() -> None:
    jsonschema.validate(read_compose(), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_every_image_is_pinned() -> None:
    services = read_compose()["services"].values()
    tags = [service["image"].rpartition(":")[2] for service in services]
    assert all(tag and tag != "latest" and tag[0].isdigit() and "." in tag for tag in tags)
    base = read_compose()["x-app"]["build"]["dockerfile_inline"].splitlines()[0]
    assert base.startswith("FROM python:3.")


@pytest.mark.services
def test_both_web_processes_are_ready_and_see_a_worker(webs: list[str]) -> None:
    for url in webs:
        assert httpx.get(f"{url}/readyz").json()["status"] == "ready"


@pytest.mark.services
def test_no_process_has_ended(installation: Installation, webs: list[str]) -> None:
    assert [node.name for node in installation.nodes if node.process.poll() is not None] == []
