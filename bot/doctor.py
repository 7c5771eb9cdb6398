"""``sessions doctor``: what works, what does not, and what to do about it. Changes nothing."""

import importlib.metadata
import logging
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tzdata
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import doctor_guests, redis_server
from bot.checks import is_loopback
from bot.config import Settings, survey
from bot.findings import Finding, Patient, State
from bot.log import redact
from bot.slack import ERRORS, client, outcome_of_error
from store import migrate
from store.database import database_url, make_engine

MANIFEST = Path(__file__).resolve().parent.parent / "manifest.yml"
SKEW = timedelta(seconds=60)
# file systems that reach over a network, where SQLite's locks do not hold
REMOTE = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}

COLORS: Mapping[State, str] = {"ok": "green", "warning": "yellow", "broken": "red"}


def examine(environ: Mapping[str, str] | None = None, *, console: Console | None = None) -> int:
    """Print the table; return 0 if nothing is broken, else 1."""
    settings, problems = survey(environ)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # what it would say is said in the table
    findings = diagnose(settings, problems)
    table = Table("What", "State", "")
    for one in findings:
        state = f"[{COLORS[one.state]}]{one.state}[/]"
        table.add_row(one.subject, state, escape(redact(one.text)))
    (console or Console()).print(table)
    return 1 if any(one.state == "broken" for one in findings) else 0


def diagnose(settings: Settings, problems: Mapping[str, str]) -> list[Finding]:
    """Look at everything. *problems* maps variables to what is wrong with them."""
    patient = Patient(settings, problems)
    checks: list[Callable[[Patient], Iterable[Finding]]] = [
        _settings,
        _token,
        _delivery,
        _database,
        _redis,
        doctor_guests.guests,
        _clock,
        _zones,
    ]
    found: list[Finding] = []
    for check in checks:
        try:
            found += check(patient)
        except Exception as error:  # a doctor who falls over tells nothing
            name = check.__name__.strip("_").capitalize()
            found.append(
                Finding(name, "broken", f"The check itself failed ({type(error).__name__}: {error}).")
            )
    return found


def _settings(patient: Patient) -> Iterable[Finding]:
    for sentence in patient.problems.values():
        yield Finding("Settings", "broken", sentence)
    if not patient.problems:
        yield Finding("Settings", "ok", "All variables can be read.")


def _token(patient: Patient) -> Iterable[Finding]:
    unknown = patient.unknown("Slack token", "SLACK_BOT_TOKEN", "SLACK_API_URL")
    if unknown:
        yield unknown
        return
    settings = patient.settings
    try:
        told = client(settings.slack_bot_token, settings.slack_api_url, timeout=10).auth_test()
    except ERRORS as error:
        patient.slack_time = _header(getattr(error, "response", None), "date")
        yield Finding("Slack token", "broken", _refusal(error, "SLACK_BOT_TOKEN", settings))
        return
    patient.slack_time = _header(told, "date")
    yield Finding("Slack token", "ok", f"{told.get('user')} in the workspace {told.get('team')}.")
    yield _scopes(_header(told, "x-oauth-scopes"))


def _refusal(error: Exception, variable: str, settings: Settings) -> str:
    reason = outcome_of_error(error).reason
    if hasattr(error, "response"):
        return f"Slack refuses {variable} ({reason}): copy it from your Slack app again."
    return f"{settings.slack_api_url} cannot be reached ({reason}): check the network, or SLACK_API_URL."


def missing_scopes(granted: str | None, which: str = "bot") -> list[str] | None:
    """Scopes of the manifest that are not among those *granted*, as Slack's header names them.

    None if Slack did not name them, or there is no manifest here.
    """
    if granted is None or not MANIFEST.exists():
        return None
    wanted = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]
    held = {scope.strip() for scope in granted.split(",")}
    return [scope for scope in wanted.get(which, []) if scope not in held]


def _scopes(granted: str | None) -> Finding:
    missing, optional = missing_scopes(granted), missing_scopes(granted, "bot_optional")
    if missing is None:
        return Finding(
            "Slack scopes", "warning", "Slack did not name them, or there is no manifest.yml here."
        )
    if missing:
        remedy = (
            "add them under OAuth & Permissions, or update the app from manifest.yml, and install it again."
        )
        return Finding("Slack scopes", "broken", f"Missing: {', '.join(missing)}; {remedy}")
    if optional:
        text = f"Complete. Without {', '.join(optional)} a message of unknown fate cannot be looked up."
        return Finding("Slack scopes", "ok", text)
    return Finding("Slack scopes", "ok", "Complete.")


def _delivery(patient: Patient) -> Iterable[Finding]:
    settings = patient.settings
    unknown = patient.unknown("Socket Mode", "SLACK_APP_TOKEN", "SLACK_API_URL")
    if unknown:
        yield unknown
    elif settings.slack_app_token:
        try:
            client(None, settings.slack_api_url, timeout=10).apps_connections_open(
                app_token=settings.slack_app_token
            )
            yield Finding("Socket Mode", "ok", "Slack gives us a connection.")
        except ERRORS as error:
            yield Finding("Socket Mode", "broken", _refusal(error, "SLACK_APP_TOKEN", settings))
    if settings.slack_signing_secret and "SLACK_SIGNING_SECRET" not in patient.problems:
        address = f"{settings.public_url or 'https://<your address>'}/slack/events"
        yield Finding("Signing secret", "ok", f"Present: Slack may send to {address}.")
    elif settings.slack_app_token:
        yield Finding("Signing secret", "ok", "Not needed with Socket Mode.")


def _database(patient: Patient) -> Iterable[Finding]:
    unknown = patient.unknown("Database", "DATABASE_URL", "SESSIONS_DATA")
    if unknown:
        yield unknown
        return
    text = patient.settings.database_url
    if text.startswith("sqlite"):
        file = Path(database_url(text).database or "").absolute()
        yield _disk(file)
        if not file.exists():
            yield Finding("Database", "warning", f"{file} is not there yet; sessions up makes it.")
            return
    engine = make_engine(text)
    try:
        yield _revision(engine)
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
        yield Finding("Database", "broken", f"It cannot be used ({told[0]}): check DATABASE_URL.")
    finally:
        engine.dispose()


def _revision(engine: Engine) -> Finding:
    here, head = migrate.revision(engine), migrate.head()
    if here == head:
        return Finding("Database", "ok", f"{engine.dialect.name}, revision {here}.")
    if here is None:
        return Finding("Database", "warning", "It is empty; sessions up, or sessions db upgrade, fills it.")
    return Finding("Database", "broken", f"Revision {here}, but {head} is needed: run sessions db upgrade.")


def _disk(file: Path) -> Finding:
    kind = _file_system(file)
    if kind in REMOTE:
        return Finding(
            "Disk", "broken", f"{file} is on {kind}, where SQLite loses data: use a local disk or PostgreSQL."
        )
    return Finding("Disk", "ok", f"SQLite on a local disk{f' ({kind})' if kind else ''}.")


def _file_system(file: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the file system that holds *file*, "" where the system does not say."""
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        _device, point, name = line.split()[:3]
        point = point.replace("\\040", " ")
        if len(point) >= len(best) and file.resolve().is_relative_to(point):
            best, kind = point, name
    return kind


def _redis(patient: Patient) -> Iterable[Finding]:
    unknown = patient.unknown("Redis", "REDIS_URL")
    url = patient.settings.redis_url
    if unknown:
        yield unknown
    elif url is None:
        yield _own_redis(patient.settings.data / "redis")
    elif not urlsplit(url).password and not is_loopback(urlsplit(url).hostname):
        text = "It is on another computer and has no password: who reaches it can queue work. Set one."
        yield Finding("Redis", "broken", text)
    elif redis_server.answers(url, seconds=3):
        yield Finding("Redis", "ok", "It answers.")
    else:
        yield Finding("Redis", "broken", "It does not answer: check REDIS_URL, or leave it out.")


def _own_redis(directory: Path) -> Finding:
    if redis_server.executable() is None:
        text = "None for this system: the ticker does the work, somewhat later. Or set REDIS_URL."
        return Finding("Redis", "warning", text)
    url = redis_server.running_url(directory)
    runs = url is not None and redis_server.answers(url, seconds=1)
    return Finding("Redis", "ok", f"Embedded, {'runs' if runs else 'started by sessions up'}.")


def _clock(patient: Patient) -> Iterable[Finding]:
    try:
        theirs = parsedate_to_datetime(patient.slack_time or "")
    except ValueError:
        yield Finding("Clock", "warning", "Not compared, because Slack did not tell the time.")
        return
    ahead = datetime.now(UTC) - theirs.astimezone(UTC)
    if abs(ahead) < SKEW:
        yield Finding("Clock", "ok", f"Within {max(1, round(abs(ahead).total_seconds()))} s of Slack's.")
    else:
        side = "ahead of" if ahead > timedelta(0) else "behind"
        text = (
            f"{round(abs(ahead).total_seconds())} s {side} Slack's: let this computer's clock be set by NTP."
        )
        yield Finding("Clock", "broken", text)


def _zones(_patient: Patient) -> Iterable[Finding]:
    release = tzdata.IANA_VERSION
    package = importlib.metadata.version("tzdata")
    if zoneinfo.TZPATH:
        yield Finding(
            "Time zones", "warning", f"The system's files are used, not the package tzdata {package}."
        )
    else:
        yield Finding("Time zones", "ok", f"Release {release} (package tzdata {package}).")


def _header(answer: Any, name: str) -> str | None:
    """A header of Slack's answer, whose names come in any case."""
    headers = getattr(answer, "headers", None) or {}
    for key, value in headers.items():
        if key.lower() == name:
            return value if isinstance(value, str) else ",".join(value)
    return None
