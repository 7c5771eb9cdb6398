"""`sessions doctor`: each thing that is wrong has a row and a remedy, and nothing makes it fall over."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from bot import doctor, redis_server
from bot.config import Settings, survey
from bot.doctor import MANIFEST, diagnose, examine
from bot.findings import Finding
from bot.supervise import upgrade

SCOPES = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]
Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def good(environ: dict[str, str], slack: Any) -> dict[str, str]:
    """An environment in which everything works."""
    slack.answers["auth.test"] = json.dumps({"ok": True, "user": "sessions", "team": "Acme", "team_id": "T1"})
    slack.answers["apps.connections.open"] = '{"ok": true, "url": "wss://slack.test/"}'
    slack.headers["x-oauth-scopes"] = ",".join(SCOPES["bot"] + SCOPES["bot_optional"])
    found = environ | {"SLACK_API_URL": slack.url, "SLACK_APP_TOKEN": "xapp-1"}
    upgrade(Settings.load(found))
    return found


def look(environ: dict[str, str]) -> dict[str, Finding]:
    """The rows, by what they are about."""
    return {found.subject: found for found in diagnose(*survey(environ))}


def table(environ: dict[str, str]) -> tuple[int, str]:
    """The exit code, and what is on the screen."""
    screen = io.StringIO()
    code = examine(environ, console=Console(file=screen, width=200))
    return code, screen.getvalue()


def test_where_everything_works_all_rows_are_ok(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 0."""
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    code, screen = table(good)

    assert {found.state for found in look(good).values()} == {"ok"}, screen
    assert code == 0
    assert "sessions in the workspace Acme" in screen
    assert "xoxb" not in screen


def test_with_nothing_set_every_problem_has_a_row() -> None:
    """No traceback, whatever is missing; exit code 1."""
    code, screen = table({})

    assert code == 1
    assert "SLACK_BOT_TOKEN is missing" in screen
    assert "SLACK_SIGNING_SECRET is missing" in screen
    assert "Not checked, because SLACK_BOT_TOKEN is not right" in screen


def test_everything_wrong_at_once_is_told(environ: dict[str, str]) -> None:
    """Every variable may hold nonsense."""
    names = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "DATABASE_URL", "REDIS_URL", "PORT"]
    code, screen = table(environ | dict.fromkeys(names, "hush[/]"))

    assert code == 1
    assert all(f"{name} " in screen for name in names)
    assert "hush" not in screen


@pytest.mark.parametrize(
    ("variable", "value", "subject", "text"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:9/", "Slack token", "cannot be reached"),
        ("SLACK_API_URL", "http://127.0.0.1:9/", "Socket Mode", "cannot be reached"),
        ("DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/x", "Database", "check DATABASE_URL"),
        ("DATABASE_URL", f"sqlite:///{__file__}", "Database", "check DATABASE_URL"),
        ("REDIS_URL", "redis://127.0.0.1:9/0", "Redis", "does not answer"),
        ("REDIS_URL", "redis://192.0.2.1:6379/0", "Redis", "no password"),
    ],
)
def test_what_cannot_be_used_is_broken(
    good: dict[str, str], variable: str, value: str, subject: str, text: str
) -> None:
    """With the variable to look at."""
    row = look(good | {variable: value})[subject]

    assert row.state == "broken"
    assert text in row.text


@pytest.mark.parametrize(
    ("method", "subject", "variable"),
    [
        ("auth.test", "Slack token", "SLACK_BOT_TOKEN"),
        ("apps.connections.open", "Socket Mode", "SLACK_APP_TOKEN"),
    ],
)
def test_a_refused_token_is_named(
    good: dict[str, str], slack: Any, method: str, subject: str, variable: str
) -> None:
    """Slack's own word stands beside the variable."""
    slack.answers[method] = '{"ok": false, "error": "invalid_auth"}'
    row = look(good)[subject]

    assert row.state == "broken"
    assert row.text.startswith(f"Slack refuses {variable} (invalid_auth)")


def test_missing_scopes_are_named(good: dict[str, str], slack: Any) -> None:
    """What the manifest asks for and the token does not hold."""
    slack.headers["x-oauth-scopes"] = "commands,im:write"
    row = look(good)["Slack scopes"]

    assert row.state == "broken"
    assert "chat:write" in row.text
    assert "commands" not in row.text


def test_missing_optional_scopes_are_fine(good: dict[str, str], slack: Any) -> None:
    """It is said what they would be good for."""
    slack.headers["x-oauth-scopes"] = ",".join(SCOPES["bot"])
    row = look(good)["Slack scopes"]

    assert row.state == "ok"
    assert "im:history" in row.text


@pytest.mark.parametrize(
    ("minutes", "state", "word"), [(0, "ok", "Within"), (5, "broken", "behind"), (-5, "broken", "ahead")]
)
def test_a_wrong_clock_is_found(
    good: dict[str, str], slack: Any, minutes: int, state: str, word: str
) -> None:
    """Slack's signatures are good for five minutes of difference only."""
    slack.headers["Date"] = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    row = look(good)["Clock"]

    assert row.state == state
    assert word in row.text


def test_a_new_database_is_no_fault(good: dict[str, str], tmp_path: Path) -> None:
    """`sessions up` makes it; looking at it does not."""
    fresh = tmp_path / "elsewhere" / "new.db"
    row = look(good | {"DATABASE_URL": f"sqlite:///{fresh}"})["Database"]

    assert row.state == "warning"
    assert not fresh.parent.exists()


def test_a_database_of_another_revision_is_broken(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command that helps is named."""
    monkeypatch.setattr("store.migrate.head", lambda: "29990101_future")
    row = look(good)["Database"]

    assert row.state == "broken"
    assert "29990101_future is needed: run sessions db upgrade" in row.text


def test_sqlite_on_a_network_disk_is_broken(tmp_path: Path) -> None:
    """Its locks do not hold there."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\nserver:/x /mnt/far\\040away nfs4 rw 0 0\ntmpfs /mnt tmpfs rw 0 0\n"
    )

    assert doctor._file_system(Path("/mnt/far away/a.db"), mounts) == "nfs4"
    assert doctor._file_system(Path("/mnt/near/a.db"), mounts) == "tmpfs"
    assert doctor._file_system(Path("/home/a.db"), mounts) == "ext4"
    assert doctor._file_system(Path("/home/a.db"), tmp_path / "none") == ""


def test_without_a_redis_binary_there_is_a_warning(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works without, so it is not broken."""
    monkeypatch.setattr(redis_server, "executable", lambda: None)
    assert look(good)["Redis"].state == "warning"


def test_a_check_that_fails_itself_is_a_row(good: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor who falls over tells nothing."""

    def fall(*_: object) -> bool:
        raise RuntimeError("surprise")

    monkeypatch.setattr(redis_server, "executable", fall)
    rows = look(good)

    assert rows["Redis"].text == "The check itself failed (RuntimeError: surprise)."
    assert rows["Slack token"].state == "ok"
