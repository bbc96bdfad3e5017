"""What every test may ask for: the cast, the real server, Chromium, and a clean table after each test."""

from __future__ import annotations

import gc
import importlib
import inspect
import re
import signal
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from agentdesk.celery import app
from tests.chromium import find_chromium
from tests.consoles import Console
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tickets.models import Customer, Person

ADDRESS = {
    "address1": "12 Harbour Street",
    "address2": "Flat 3",
    "city": "Leeds",
    "country": "UK",
    "state": "West Yorkshire",
    "zip": "LS1 4AP",
}
PATIENCE = 60_000
"""Milliseconds a browser test waits for what takes a fraction of a second on a machine that is not busy."""
# The same examples on every machine, however long a busy one takes for each.
hypothesis_settings.register_profile(
    "same everywhere", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("same everywhere")
TABLE = re.compile(r'"(\w+)"')
SHOWN_ONCE = {
    # How letters are read and pages are written is the same on both; browsers see every page on SQLite.
    "on_services": (
        "tests/acceptance/test_injections.py",
        "tests/acceptance/test_wrong_but_legal.py",
        "tests/api/test_fuzz_calls.py",
        "tests/approvals/test_any_order.py",
        "tests/approvals/test_any_state.py",
        "tests/checks/test_offline_proposals.py",
        "tests/pages/",
    ),
    "on_embedded": (
        "tests/acceptance/test_demo.py",
        "tests/acceptance/test_retail.py::test_every_record_is_as_expected_to_the_cent",
        "tests/api/test_describe_itself.py",
        "tests/approvals/test_effects_property.py",
        "tests/approvals/test_who_may_decide.py",
    ),
}
"""Tests that ask for rows and take too long to be shown on two databases each time."""
PROVED_ONCE = {
    # Where the locks and commits of many hands matter, and where what is read and written matters.
    "proved_on_services": (
        "tests/acceptance/test_crash.py",
        "tests/acceptance/test_retail.py::test_an_agent_that_reads_minds_is_carried_out_to_the_cent",
        "tests/approvals/test_any_order.py",
        "tests/approvals/test_any_state.py",
        "tests/approvals/test_effects_property.py",
    ),
    "proved_on_embedded": (
        "tests/acceptance/test_injections.py",
        "tests/acceptance/test_retail.py::test_other_pens_are_understood_too",
        "tests/acceptance/test_soak.py",
        "tests/acceptance/test_wrong_but_legal.py",
    ),
}
"""Long proofs that ask for rows: `make prove` has each on one database, and their samples on both."""
BESIDE = (
    "tests/agent/",
    "tests/api/test_one_ticket_over_http.py",
    "tests/architecture/",
    "tests/checks/",
    "tests/house/test_environment.py",
    "tests/house/test_once_more.py",
    "tests/house/test_serve.py",
    "tests/house/test_sockets.py",
    "tests/wire/",
)
"""Tests that ask for no rows and run on services all the same, so that both passes end at about the same time."""
PERIODIC_TASKS = (
    ("agentdesk.runs.tasks", "sweep_runs"),
    ("approvals.tasks", "sweep_approvals"),
    ("approvals.tasks", "seal_audit"),
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Browser tests go last: Playwright keeps an event loop in this thread, beside which Django refuses queries.

    So they do whatever else puts tests in an order, as pytest does for those that share a parameter.
    """
    for item in items:
        is_long = item.get_closest_marker("prove") is not None
        if asks_for_no_rows(item):
            item.add_marker("beside" if item.nodeid.startswith(BESIDE) and not is_long else "rowless")
        elif item.get_closest_marker("browser") is None:
            for mark, places in (PROVED_ONCE if is_long else SHOWN_ONCE).items():
                if item.nodeid.startswith(places):
                    item.add_marker(mark)
    yield
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def asks_for_no_rows(item: pytest.Item) -> bool:
    """Whether a second database would show nothing new of it: one of the two passes of `make test` has it."""
    if not isinstance(item, pytest.Function) or any(map(item.get_closest_marker, ("django_db", "services"))):
        return False
    # Who asks for `request` may ask for any fixture by its name.
    asks_by_name = "request" in inspect.signature(item.function).parameters
    return not asks_by_name and not {"db", "transactional_db"}.intersection(item.fixturenames)


def pytest_configure() -> None:
    """A shell ignores SIGINT in what it starts in the background, and so would every server that is started here."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end; to look through it for garbage takes its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def close_connections() -> Iterator[None]:
    """Models keep their connections as long as the process lives; here that is longer than their servers do."""
    yield
    if "httpx2" in sys.modules:
        # By type: to ask some objects for their class, as isinstance does, wakes what they stand for.
        for client in [one for one in gc.get_objects() if issubclass(type(one), sys.modules["httpx2"].Client)]:
            client.close()


# --- The cast ---


def make_person(username: str, role: str) -> Person:
    from tickets.models import Person

    return Person.objects.create_user(
        username=username, email=f"{username}@example.com", password=username, first_name=username.title(), role=role
    )


@pytest.fixture
def rita(db: None) -> Person:
    """Reviews: support staff."""
    return make_person("rita", "support")


@pytest.fixture
def max_(db: None) -> Person:
    """Manages."""
    return make_person("max", "manager")


@pytest.fixture
def ada(db: None) -> Person:
    """Administers."""
    return make_person("ada", "admin")


@pytest.fixture
def auditor(db: None) -> Person:
    """Looks at everything, decides nothing."""
    return make_person("auditor", "auditor")


def make_customer(customer_id: str, first_name: str, last_name: str, gift_card: Decimal) -> Customer:
    from tickets.models import Customer, PaymentMethod

    customer = Customer.objects.create(
        customer_id=customer_id,
        email=f"{first_name.lower()}@example.com",
        first_name=first_name,
        last_name=last_name,
        **ADDRESS,
    )
    prefix = first_name.lower()
    visa = {"source": "credit_card", "brand": "visa", "last_four": "4242"}
    PaymentMethod.objects.bulk_create(
        PaymentMethod(customer=customer, payment_method_id=f"{columns['source']}_{prefix}", **columns)
        for columns in (visa, {"source": "paypal"}, {"source": "gift_card", "balance": gift_card})
    )
    return customer


@pytest.fixture
def carla(db: None) -> Customer:
    """The customer: an address, a credit card, PayPal, and a gift card with 100.00 on it."""
    return make_customer("carla_silva_1001", "Carla", "Silva", Decimal("100.00"))


@pytest.fixture
def otto(db: None) -> Customer:
    """The outsider: another customer, whose orders are nobody else's business."""
    return make_customer("otto_brandt_1002", "Otto", "Brandt", Decimal("20.00"))


# --- Rows and bells ---


@pytest.fixture(autouse=True, scope="session")
def _append_only_triggers_stand_aside_for_flush() -> Iterator[None]:
    """Our logs refuse DELETE, which is how Django empties SQLite; and on PostgreSQL it is faster than TRUNCATE."""
    with pytest.MonkeyPatch.context() as patch:
        flush = BaseDatabaseOperations.execute_sql_flush

        def flush_without_triggers(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
            if connection.vendor == "postgresql":
                tables = TABLE.findall("".join(sql_list))
                run_statements(["SET session_replication_role = replica", *(f'DELETE FROM "{one}"' for one in tables)])
                run_statements(["SET session_replication_role = DEFAULT"])
                return
            triggers = read_append_only_triggers()
            run_statements(f"DROP TRIGGER {name}" for name in triggers)
            flush(operations, sql_list)
            run_statements(triggers.values())

        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


def read_append_only_triggers() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%%'")
        return dict(cursor.fetchall())


def run_statements(statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def bells() -> Callable[[], None]:
    """Does what is due, as the periodic tasks do, in this thread and now; three rounds, for what follows from it."""

    def run_what_is_due() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app.conf, "task_always_eager", True)
            patch.setattr(app.conf, "task_eager_propagates", True)
            for module, task in PERIODIC_TASKS * 3:
                getattr(importlib.import_module(module), task)()

    return run_what_is_due


@pytest.fixture(autouse=True, scope="session")
def _leave_no_keys_in_redis() -> Iterator[None]:
    """The server may be shared: this run's keys carry its own prefix, and only those are removed."""
    yield
    if settings.IS_EMBEDDED:
        return
    import redis

    with redis.Redis.from_url(settings.ENVIRONMENT.redis_url) as server:
        for key in server.scan_iter(f"{settings.ENVIRONMENT.redis_prefix}:*", count=500):
            server.delete(key)


# --- The real server and a real browser ---


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    """Starts `manage.py serve` on a free port with its own SQLite file; keywords: environment variables, and LOAD."""
    running: list[RunningServer] = []

    def start(**environment: str) -> RunningServer:
        server = RunningServer.start(tmp_path, environment)
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def server(start_server: Callable[..., RunningServer]) -> RunningServer:
    """The real server in demo mode, with the demo shop."""
    return start_server(DEMO="1", LOAD="demo")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One demo for every file whose browser tests need the demo shop; each changes something else in it."""
    running = RunningServer.start(tmp_path_factory.mktemp("demo"), {"DEMO": "1", "LOAD": "demo"})
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found (CHROMIUM_PATH, chromium, chromium-browser, google-chrome)")
    return {**browser_type_launch_args, "executable_path": path}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Nothing moves: what is on the page is where it will stay, and has the colours it will have."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """As pytest-playwright's, with the patience that a machine needs on which other tests run beside these."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    return make


@pytest.fixture
def browser_page(page: Page) -> Iterator[Page]:
    """A page that fails its test when the browser's console saw an error."""
    console = Console()
    console.listen_to(page)
    yield page
    assert console.errors == []
