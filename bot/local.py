"""``sessions up --local``: Sessions and a local workspace to use by hand, without a Slack account.

Nothing of the caller's environment is read, and nothing is kept: the workspace lives in memory, and our data
in a temporary directory that goes with it.
"""

import contextlib
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bot.lab.company import COMPANY
from bot.lab.stage import Stage, StageError, end_once, free_port, tail

PORTS = range(8765, 8770)  # the same each time, so that a page that is still open finds the next workspace
SPEED = 0.25  # what is due is done within half a second, soon enough for whoever watches


def run(*, workspace: Path | None = None, workers: int = 1, console: Console | None = None) -> int:
    """Stay up until Ctrl-C; 0 then, and 1 if something did not start or ended by itself."""
    out = console or Console()
    end_once()
    data = Path(tempfile.mkdtemp(prefix="sessions-local-"))
    try:
        company = COMPANY if workspace is None else read(workspace)
        out.print("Starting Sessions and a local workspace. Nothing leaves this computer.\n")
        more = ("--workers", str(workers))
        port = friendly_port()
        with Stage(company, data, workspace_port=port, speed=SPEED, arguments=more) as stage:
            invite(stage, out)
            stage.stay(lambda line: out.print(line, highlight=False, soft_wrap=True))
    except KeyboardInterrupt:
        out.print("\nEverything has ended.")
        return 0
    except StageError as error:
        out.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        for line in tail(data / "sessions.log"):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        return 1
    finally:
        shutil.rmtree(data, ignore_errors=True)


def invite(stage: Stage, out: Console) -> None:
    """Say where it is, and the first things to do."""
    seen = stage.ws.get("/control/see/page", user="")
    me = next(person for person in seen["people"] if person["id"] == seen["me"])
    role = me["role"] or "member"
    lines = (
        f"Open [bold]{stage.url}/[/bold] - you are {me['name']}, {'an' if role[0] in 'ao' else 'a'} {role}.",
        "Type [cyan]/sessions schedule[/cyan] in any conversation; under Sessions, on the left, you see what "
        "comes of it.",
        "Acting as, top left, makes you somebody else, to answer as they do.",
        "Clock, top right, jumps to the next event.",
        f"Open {stage.url}/guests/ to read what guests get by e-mail and text, and to pay.",
        "Ctrl-C ends it, and nothing is kept.",
    )
    for line in lines:
        out.print(line, highlight=False, soft_wrap=True)


def read(path: Path) -> Mapping[str, Any]:
    """A company from a workspace file. Raises StageError if there is none in it."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise StageError(f"The workspace file {path} cannot be read: {why}") from None
    if not isinstance(found, dict):
        raise StageError(f"The workspace file {path} describes no workspace; sandbox/README.md shows one.")
    return found


def friendly_port() -> int:
    """The first usual port that nobody has, or any free one."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended is free
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    return free_port()
