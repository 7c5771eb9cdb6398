"""The command line: sentences and exit codes."""

import gc
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from bot import cli


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in its environment but what is given."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_wrong_environment_is_sentences_and_exit_code_2(command: str) -> None:
    """One per line on stderr, nothing on stdout, no traceback."""
    done = run(command, PORT="x")

    assert done.returncode == 2
    assert done.stdout == ""
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "PORT",
    ]


def test_the_database_can_be_upgraded_without_slack(tmp_path: Path) -> None:
    """Whoever deploys may do so before the tokens are there."""
    done = run("db", "upgrade", SESSIONS_DATA=str(tmp_path / "data"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The database is at revision ")
    assert (tmp_path / "data" / "sessions.db").exists()

    refused = run("db", "upgrade", DATABASE_URL="oracle://x")
    assert refused.returncode == 2
    assert refused.stderr.startswith("DATABASE_URL is no database")


def test_a_new_key_is_taken_up_by_a_command(environ: dict[str, str]) -> None:
    """It says how much was sealed anew, and needs a key."""
    run("db", "upgrade", **environ)
    without = run("rotate-key", **environ)
    done = run("rotate-key", **environ, SESSIONS_SECRET_KEY="a new key of letters,an old key of letters")

    assert (without.returncode, without.stdout) == (2, "")
    assert without.stderr.startswith("SESSIONS_SECRET_KEY is missing")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 sealed anew.")


def test_the_version_is_told_without_settings() -> None:
    """It is the first question of every report."""
    done = run("--version")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"sessions {version('sessions-bot')}\n", "")


def test_people_of_a_file_are_for_the_local_workspace_only() -> None:
    """With Slack there is nobody to bring along."""
    done = run("up", "--workspace", "company.yml")

    assert done.returncode == 2
    assert done.stderr.startswith("--workspace goes with --local")


def test_a_worker_without_redis_says_so(environ: dict[str, str]) -> None:
    """Alone it would wait for ever."""
    done = run("worker", **environ)

    assert done.returncode == 2
    assert done.stderr.startswith("REDIS_URL is missing")
    assert "Traceback" not in done.stderr


def test_nobody_looks_for_garbage_in_what_was_imported() -> None:
    """Looking through all libraries again at the end would cost a third of a process."""
    gc.unfreeze()
    try:
        cli._of("bot.wiring")

        assert gc.get_freeze_count() > 100_000
        assert gc.isenabled()
    finally:
        gc.unfreeze()
