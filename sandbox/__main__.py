"""``python -m sandbox``: a local Slack in one process, ready when it prints one line of JSON."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import threading
from pathlib import Path

from sandbox.clock import instant_of
from sandbox.control import scale_of
from sandbox.hub import Hub
from sandbox.manifest import read_manifest
from sandbox.seeds import read_seed
from sandbox.server import run


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--workspace", type=Path, help="workspace file; without it a small one")
    parser.add_argument("--manifest", type=Path, help="the app's manifest; without it all is on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--smtp", type=int, default=0, help="port of the mailboxes; 0 takes a free one")
    parser.add_argument("--bot", help="where the bot listens: http://127.0.0.1:3000/slack/events")
    parser.add_argument("--socket", action="store_true", help="deliver by Socket Mode only")
    parser.add_argument("--rates", default="real", help="real, off, or a factor such as 0.1")
    parser.add_argument("--now", help="start the workspace's clock at this instant")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    args = parser.parse_args()
    if args.workspace and not args.workspace.exists():
        parser.error(f"there is no workspace file {args.workspace}")
    return args


def build(args: argparse.Namespace) -> Hub:
    """A workspace as the command line describes it."""
    manifest = read_manifest(args.manifest)
    start = instant_of(args.now) if args.now else None
    hub = Hub(read_seed(args.workspace, manifest), start=start)
    hub.settings.bot_url = args.bot
    hub.settings.socket_mode = args.socket
    hub.smtp_port = args.smtp
    hub.rates.scale = scale_of(args.rates)
    hub.settle()
    return hub


async def serve(args: argparse.Namespace) -> None:
    """Serve until told to stop, or until the parent is gone."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if args.with_parent:
        threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    await run(build(args), port=args.port, stop=stop)


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stdin ends when the parent ends, however it ends."""
    while os.read(0, 4096):  # not sys.stdin: its lock would trouble the end of the process
        continue
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


def main() -> None:
    """Run the command."""
    asyncio.run(serve(options()))


if __name__ == "__main__":
    main()
