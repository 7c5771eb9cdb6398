"""No orphans: a child process ends when its parent does, even when the parent was killed.

Also a tiny program: ``python parent.py <parent pid> <command> ...`` ties itself to its parent and then
becomes the command, so that programs which are not ours (redis-server) end with us too. It keeps its
process id, and imports nothing of the project, so that it starts in milliseconds.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def die_with_parent(with_signal: int = signal.SIGKILL, *, parent: int | None = None) -> bool:
    """Have the kernel send *with_signal* to this process when the thread that started it ends.

    Call it first thing after a fork; it survives exec but not a further fork. With *parent*, the id of
    the process that should be above, the process ends here and now if that one is gone already.
    False on systems that cannot do it (all but Linux).
    """
    if not sys.platform.startswith("linux"):
        return False
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0) != 0:
        return False
    if parent is not None and os.getppid() != parent:  # it died before the kernel knew of us
        os.kill(os.getpid(), with_signal)
    return True


def tied(command: Sequence[str]) -> list[str]:
    """*command* as a command line whose process ends with the process that calls this."""
    # -I and -S: no site-packages, no environment; the command behind it gets both back by exec
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), str(os.getpid()), *command]


if __name__ == "__main__":
    die_with_parent(parent=int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the caller is us, and there is no shell to fool
