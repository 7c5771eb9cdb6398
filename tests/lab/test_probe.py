"""Fail-points: each passage counts once, and the right one strikes the right process."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.lab import probe
from services.ports import no_probe
from store.database import Database, make_engine


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A plan's directory, and a process tree of which we are the top."""
    (tmp_path / "plan").mkdir()
    return tmp_path / "plan"


@pytest.fixture
def child():
    """A process of ours that lives until it is struck."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


def plan(directory: Path, name: str, **running: int) -> None:
    """One planned strike, and who lives."""
    (directory / name).touch()
    (directory / probe.RUN).write_text(json.dumps({"up": os.getpid(), **running}))


def files(directory: Path) -> list[str]:
    """The strikes that wait, and those that happened."""
    return sorted(file.name for file in directory.iterdir() if file.name[0] in "0t")


def test_there_is_no_probe_in_production():
    """Without a plan's directory a fail-point does nothing at all."""
    assert probe.probe_of(None, "worker") is no_probe


def test_a_strike_waits_for_its_passage(directory, child):
    """At the third passage, and at no other point, the process dies."""
    plan(directory, "001.worker.after_post.web.3", web=child.pid)
    pass_ = probe.probe_of(directory, "worker")
    pass_("after_post")
    pass_("after_fence")
    pass_("after_post")
    assert child.poll() is None
    assert files(directory) == ["001.worker.after_post.web.1"]
    pass_("after_post")
    assert child.wait(5) == -signal.SIGKILL
    assert files(directory) == ["taken.001.worker.after_post.web.1"]
    (line,) = (directory / probe.HISTORY).read_text().splitlines()
    assert json.loads(line)["pid"] == child.pid


def test_another_role_does_not_count(directory, child):
    """The ticker's passages leave the worker's plan alone."""
    plan(directory, "001.worker.after_post.web.1", web=child.pid)
    probe.probe_of(directory, "ticker")("after_post")
    assert child.poll() is None


def test_strikes_at_one_point_come_one_after_the_other(directory, child):
    """A passage counts for the first plan only; the next one begins when that has struck."""
    plan(directory, "001.worker.after_post.web.1", web=child.pid)
    (directory / "002.worker.after_post.web.2").touch()
    pass_ = probe.probe_of(directory, "worker")
    pass_("after_post")
    child.wait(5)
    assert "002.worker.after_post.web.2" in files(directory)


def test_a_plan_waits_until_its_target_lives(directory, child):
    """A process that is dead already cannot be struck: the plan stays for a later passage."""
    plan(directory, "001.worker.after_post.web.1", web=child.pid)
    child.kill()
    child.wait()
    probe.probe_of(directory, "worker")("after_post")
    assert files(directory) == ["001.worker.after_post.web.1"]


def test_a_stranger_who_got_the_number_is_not_struck(directory):
    """Only a child of our own tree is struck, whoever has the number now."""
    plan(directory, "001.worker.after_post.web.1", web=os.getppid())
    probe.probe_of(directory, "worker")("after_post")
    assert files(directory) == ["001.worker.after_post.web.1"]


def _pass_often(directory: Path, times: int) -> None:
    pass_ = probe.probe_of(directory, "worker")
    for _ in range(times):
        pass_("after_post")


def test_two_processes_never_count_one_passage_twice(directory):
    """Four processes pass forty times each: 160 passages are counted."""
    plan(directory, "001.worker.after_post.web.161")
    spawn = multiprocessing.get_context("spawn")
    passers = [spawn.Process(target=_pass_often, args=(directory, 40)) for _ in range(4)]
    for passer in passers:
        passer.start()
    for passer in passers:
        passer.join()
        passer.close()
    assert files(directory) == ["001.worker.after_post.web.1"]


def test_every_commit_is_a_fail_point(tmp_path):
    """Right before and after a commit, by the name of the function it stands in."""
    passed: list[str] = []
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    db: Database = probe.WatchedDatabase(engine, passed.append)

    def match_round() -> None:
        with db.transaction():
            passed.append("inside")

    match_round()
    engine.dispose()
    assert passed == ["inside", "before_commit_match_round", "after_commit_match_round"]


def test_a_transaction_that_fails_passes_no_commit(tmp_path):
    """Where nothing is committed there is no fail-point."""
    passed: list[str] = []
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    db: Database = probe.WatchedDatabase(engine, passed.append)

    def broken() -> None:
        with db.transaction():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    engine.dispose()
    assert passed == []
