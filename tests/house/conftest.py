"""One production installation for all tests of this folder that ask for it: starting it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.house.production_shape import PATIENCE, Installation, answers, install, wait_for


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A migrated database and a Redis prefix of its own."""
    environment = settings.ENVIRONMENT
    if environment.is_sqlite or not environment.redis_url:
        pytest.skip("needs DATABASE_URL (PostgreSQL) and REDIS_URL; `make test` sets them in its second pass")
    folder = tmp_path_factory.mktemp("shape")
    with install(folder, environment.database_url, environment.redis_url) as made:
        made.run("migrate")
        yield made


@pytest.fixture(scope="session")
def webs(installation: Installation) -> list[str]:
    """Two web addresses that are ready, with two workers and beat behind them."""
    for _ in range(2):
        installation.start("worker")
    installation.start_beat()
    urls = [installation.start_web(), installation.start_web()]
    for url in urls:
        wait_for(lambda url=url: answers(url, "/readyz"), PATIENCE, f"not ready:\n{installation.read_logs()}")  # type: ignore[misc]
    return urls
