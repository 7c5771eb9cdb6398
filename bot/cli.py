"""The command line. Each command calls one function; problems are sentences on stderr, and exit code 2."""

import gc
import importlib
import signal
import sys
import threading
import zoneinfo
from collections.abc import Callable
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import log
from bot.config import ConfigError, Settings, survey


class Engine(StrEnum):
    """Where a campaign keeps its rows."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    BOTH = "both"


class Guard(StrEnum):
    """A guard of the outbox that a campaign can leave out."""

    NONE = ""
    FENCE = "fence"
    RETRY = "retry"


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tables of local variables would show tokens
)
db = typer.Typer(help="The database.", no_args_is_help=True)
bench = typer.Typer(help="Measurements.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(bench, name="bench")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sessions {metadata.version('sessions-bot')}")
        raise typer.Exit


@app.callback(help="Sessions brings people together on a date.")
def every_command(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Stand before every command."""


@app.command()
def up(
    workers: Annotated[int, typer.Option(min=1, max=32, help="How many worker processes.")] = 1,
    local: Annotated[
        bool, typer.Option("--local", help="In a workspace on this computer, to try it without Slack.")
    ] = False,
    workspace: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The people and channels of --local.")
    ] = None,
) -> None:
    """Run everything: Redis, web, workers and ticker."""
    if local:
        raise typer.Exit(_later("bot.local", workspace=workspace, workers=workers))
    if workspace is not None:
        _fail("--workspace goes with --local: with Slack, the people are those of your workspace.")
    _run("up", lambda settings: _of("bot.supervise").up(settings, workers=workers))


@app.command()
def web(listen: Annotated[int | None, typer.Option(hidden=True)] = None) -> None:
    """Answer Slack, over HTTP or Socket Mode."""
    _run("web", lambda settings: _of("bot.web").serve(settings, listen=listen))


@app.command()
def worker() -> None:
    """Do what is due when Redis says so."""
    _run("worker", lambda settings: _of("bot.wiring").run_worker(settings))


@app.command()
def ticker() -> None:
    """Look for what is due, every few seconds."""
    _run("ticker", lambda settings: _of("bot.wiring").run_ticker(settings, _stop()))


@app.command()
def doctor() -> None:
    """Check the settings and everything they point to."""
    from bot.doctor import examine

    log.setup("doctor")
    raise typer.Exit(examine())


@app.command("rotate-key")
def rotate_key() -> None:
    """Seal everything in the database with the newest key of SESSIONS_SECRET_KEY."""
    _run("rotate-key", lambda settings: typer.echo(_of("bot.rotate").rotate(settings)))


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Stay up afterwards, to be used by hand.")] = False,
) -> None:
    """Play one whole round in a local workspace."""
    raise typer.Exit(_later("bot.demo", keep=keep))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the revision this version needs."""
    log.setup("db")
    settings, problems = survey()
    found = [problems[name] for name in ("DATABASE_URL", "SESSIONS_DATA") if name in problems]
    if found:
        _fail("\n".join(found))
    from bot.supervise import CannotStart, upgrade

    try:
        typer.echo(f"The database is at revision {upgrade(settings)}.")
    except CannotStart as error:
        _fail(str(error))


@bench.command("ack")
def bench_ack(
    presses: Annotated[int, typer.Option(min=1, help="How many buttons are pressed.")] = 1000,
    connections: Annotated[int, typer.Option(min=1, help="How many at the same time.")] = 32,
) -> None:
    """Press buttons in a burst, and print how soon they are acknowledged."""
    raise typer.Exit(_later("bot.lab.ack", presses=presses, connections=connections))


@bench.command("card")
def bench_card(
    answers: Annotated[int, typer.Option(min=3, help="How many people answer.")] = 2000,
    seconds: Annotated[float, typer.Option(min=1, help="In how many seconds.")] = 60,
) -> None:
    """Let answers come in, and print how a session's card keeps up with them."""
    raise typer.Exit(_later("bot.lab.card", answers=answers, seconds=seconds))


class Part(StrEnum):
    """The parts of the matching benchmark."""

    ALL = "all"
    PLANS = "plans"
    WEEKS = "weeks"
    ROUNDS = "rounds"
    GROWTH = "growth"
    MENTORS = "mentors"
    JOB = "job"


@bench.command("match")
def bench_match(
    part: Annotated[Part, typer.Option(help="Measure one part only.")] = Part.ALL,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer seeds and people: a minute or two.")] = False,
) -> None:
    """Match people beside the rules of other bots and plain solvers, and print how well and how fast."""
    raise typer.Exit(_later("bot.lab.match", part=part, quick=quick))


@bench.command("mentoring")
def bench_mentoring(
    mentees: Annotated[int, typer.Option(min=1, help="How many mentees.")] = 2000,
    mentors: Annotated[int, typer.Option(min=1, help="How many mentors.")] = 600,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.SQLITE,
) -> None:
    """Match a whole mentoring program and approve it, and print what each step costs."""
    kinds = (Engine.SQLITE, Engine.POSTGRESQL) if database is Engine.BOTH else (database,)
    raise typer.Exit(
        max(_later("bot.lab.mentoring", mentees=mentees, mentors=mentors, db=kind.value) for kind in kinds)
    )


@bench.command("classes")
def bench_classes(
    members: Annotated[int, typer.Option(min=1, help="How many members.")] = 5000,
    dates: Annotated[int, typer.Option(min=1, max=52, help="How many dates each class has.")] = 40,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.SQLITE,
) -> None:
    """Register all members of a term to all dates of their classes, and print what each step costs."""
    kinds = (Engine.SQLITE, Engine.POSTGRESQL) if database is Engine.BOTH else (database,)
    raise typer.Exit(
        max(_later("bot.lab.classes", members=members, dates=dates, db=kind.value) for kind in kinds)
    )


@bench.command("races")
def bench_races(
    repetitions: Annotated[int, typer.Option(min=1, help="How often each race is run.")] = 200,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.BOTH,
) -> None:
    """Let people of a mentoring program press at the same moment, and count what was sold or told twice."""
    raise typer.Exit(_later("bot.lab.mentoring_races", repetitions=repetitions, db=database))


@app.command()
def chaos(
    seed: Annotated[int, typer.Option(help="What goes wrong, and when, is drawn from it.")] = 7,
    kills: Annotated[int, typer.Option(min=0, help="How many processes are killed.")] = 50,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.SQLITE,
    people: Annotated[int, typer.Option(min=16, max=200, help="How many people take part.")] = 48,
    history: Annotated[bool, typer.Option(help="Whether conversations may be read.")] = True,
    socket: Annotated[bool, typer.Option("--socket", help="Let Slack come by Socket Mode.")] = False,
    off: Annotated[Guard, typer.Option(help="A guard to leave out, to see it missed.")] = Guard.NONE,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
) -> None:
    """Kill processes during rounds, and count what was lost or sent twice."""
    how = {"seed": seed, "kills": kills, "db": database, "people": people, "history": history}
    raise typer.Exit(_later("bot.lab.chaos", **how, socket=socket, off=off, out=out))


@app.command("chaos-hosted")
def chaos_hosted(
    seed: Annotated[int, typer.Option(help="What goes wrong, and when, is drawn from it.")] = 7,
    kills: Annotated[int, typer.Option(min=0, max=28, help="How many processes are killed.")] = 14,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.SQLITE,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
) -> None:
    """The same during 1:1 sessions with guests, where mail server, gateway and Stripe fail as well."""
    raise typer.Exit(_later("bot.lab.chaos_hosted", seed=seed, kills=kills, db=database, out=out))


@app.command("chaos-classes")
def chaos_classes(
    seed: Annotated[int, typer.Option(help="What goes wrong, and when, is drawn from it.")] = 7,
    kills: Annotated[int, typer.Option(min=0, max=36, help="How many processes are killed.")] = 18,
    database: Annotated[Engine, typer.Option("--db", help="Where the rows are.")] = Engine.SQLITE,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
) -> None:
    """The same during terms with weekly classes: places, messages and money are counted."""
    raise typer.Exit(_later("bot.lab.chaos_classes", seed=seed, kills=kills, db=database, out=out))


@app.command("config-doc", hidden=True)
def config_doc() -> None:
    """Print docs/configuration.md."""
    from bot.config_doc import document

    typer.echo(document(), nl=False)


def _run(role: str, start: Callable[[Settings], None]) -> None:
    """Start a process of the product with checked settings."""
    log.setup(role)
    try:
        settings = Settings.load()
    except ConfigError as error:
        _fail(str(error))
    try:
        start(settings)
    except Exception as error:
        from bot.supervise import CannotStart
        from bot.wiring import NotReady

        if not isinstance(error, CannotStart | NotReady):
            raise
        _fail(str(error))


def _fail(sentences: str) -> None:
    typer.echo(sentences, err=True)
    raise typer.Exit(2)


def _later(module: str, **arguments: Any) -> int:
    """Run a module that production does not load."""
    log.setup(module)
    code: int = _of(module).run(**arguments)
    return code


def _of(module: str) -> Any:
    """Import a module when it is needed: a wrong setting is told before the libraries are loaded.

    What is imported stays until the end: nobody looks through it for garbage, neither now, nor at the end,
    nor in the forks of a worker, which share its pages. That is a third of what a process costs.
    """
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.enable()
        gc.freeze()


def _stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    event = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        # from another thread: the main one may hold the event's lock at this very moment
        threading.Thread(target=event.set).start()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return event


def main() -> None:
    """Run the command line."""
    zoneinfo.reset_tzpath(to=())  # one tz database on every machine: the package, not the system's
    sys.exit(app())
