"""A process tied to its parent ends with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.parent import tied

# starts a tied child, says its number, and waits to be killed
PARENT = """
import subprocess, sys
from bot.parent import tied
code = "import time; print('on', flush=True); time.sleep(600)"
child = subprocess.Popen(tied([sys.executable, "-c", code]), stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


def test_a_tied_process_ends_with_its_parent(eventually: Any, alive: Any) -> None:
    """Even when the parent was killed and could do nothing about it; even across exec."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()

    eventually(lambda: not alive(child))


def test_a_process_whose_parent_is_gone_already_does_not_start(tmp_path: Path) -> None:
    """Between the fork and the tie the parent may have died; then nobody would end the child."""
    mark = tmp_path / "ran"
    command = tied([sys.executable, "-c", f"open({str(mark)!r}, 'w')"])
    command[command.index(str(os.getpid()))] = "1"  # a parent that is not ours

    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not mark.exists()


def test_a_tied_process_keeps_its_environment_and_its_number() -> None:
    """It is the same process that becomes the command."""
    code = "import os; print(os.getpid(), os.environ['WORD'])"
    with subprocess.Popen(
        tied([sys.executable, "-c", code]), env={"WORD": "yes"}, stdout=subprocess.PIPE, text=True
    ) as process:
        told, _ = process.communicate()

    assert told.split() == [str(process.pid), "yes"]
