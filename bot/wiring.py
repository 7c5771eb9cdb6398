"""Builds everything once, and hands it out: the only module that knows all the others."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Literal, cast

import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot.chance import SystemChance
from bot.clock import LabClock, SystemClock
from bot.config import Settings
from bot.download import SlackDownloader
from bot.lab.chaos_guards import Watched, without
from bot.lab.probe import WatchedDatabase, probe_of
from bot.mail import SmtpMailer
from bot.modals import SlackModals
from bot.parent import die_with_parent
from bot.payments import StripePayments
from bot.slack import ERRORS, SlackDirectory, SlackMessenger, client, outcome_of_error, person_of
from bot.sms import GatewayTexter
from bot.system_checks import SystemChecks
from bot.upload import SlackUploader
from bot.vault import KeyVault
from domain.messages import Verdict
from domain.pace import SLACK
from jobs import queue, runtime, tick
from jobs.queue import HintQueue, NoQueue, Whisper
from services import delivery, people, work
from services.outside import Reach
from services.ports import Deps, Messenger, Queue, Timing
from store import migrate
from store.core import Workspace
from store.database import Database, make_engine

log = structlog.get_logger()

Role = Literal["web", "worker", "ticker"]
WEB_LOCK_WAIT = timedelta(milliseconds=500)  # somebody waits for the answer, three seconds at most
WEB_TURN = timedelta(seconds=1)  # for our own turn to write, before the database is asked
WEB_THREADS = 16


class NotReady(Exception):
    """Sessions cannot start; the message is a sentence with the remedy."""


@dataclass(frozen=True)
class Identity:
    """Which workspace a token belongs to, and who we are there."""

    team_id: str
    name: str
    bot_user_id: str
    bot_id: str


def open_database(settings: Settings, role: Role) -> Database:
    """Open the database. Raises NotReady when it is not at the revision that this code needs."""
    wait = WEB_LOCK_WAIT if role == "web" else timedelta(seconds=15)
    try:
        engine = make_engine(
            settings.database_url, lock_wait=wait, pool=WEB_THREADS + 2 if role == "web" else 5
        )
    except OSError as error:
        raise NotReady(
            f"The directory of the database cannot be used ({error.strerror}): "
            "set SESSIONS_DATA or DATABASE_URL to one that can."
        ) from error
    here, head = migrate.revision(engine), migrate.head()
    if here != head:
        raise NotReady(
            f"The database is at revision {here or 'none'}, but {head} is needed: run sessions db upgrade."
        )
    return Database(engine, patience=WEB_TURN if role == "web" else timedelta(seconds=5))


def identify(settings: Settings, db: Database, *, patience: threading.Event | None = None) -> Identity:
    """Ask Slack who we are, and remember it; without an answer, what we remembered last time holds.

    Waits as long as it takes when neither is there, unless the token is refused: then NotReady.
    """
    pause = patience or threading.Event()
    web = client(settings.slack_bot_token, settings.slack_api_url, timeout=10)
    while True:
        try:
            told = web.auth_test()
        except ERRORS as error:
            outcome = outcome_of_error(error)
            if outcome.verdict in (Verdict.GONE, Verdict.REFUSED):
                raise NotReady(
                    f"Slack refuses SLACK_BOT_TOKEN ({outcome.reason}): copy it from your Slack app again."
                ) from error
            known = _remembered(db)
            if known is not None:
                return known
            log.warning("slack_not_reached", reason=outcome.reason)
            pause.wait(outcome.retry_after or 2)
            continue
        found = Identity(
            team_id=str(told.get("team_id") or told.get("enterprise_id")),
            name=str(told.get("team") or ""),
            bot_user_id=str(told.get("user_id") or ""),
            bot_id=str(told.get("bot_id") or ""),
        )
        people.remember_workspace(
            db, found.team_id, name=found.name, bot_user_id=found.bot_user_id, bot_id=found.bot_id
        )
        return found


def _remembered(db: Database) -> Identity | None:
    with db.engine.connect() as connection:
        rows = connection.execute(select(Workspace.__table__).limit(2)).all()
    if len(rows) != 1:
        return None
    (row,) = rows
    return Identity(row.team_id, row.name, row.bot_user_id, row.bot_id)


def build(settings: Settings, role: Role, *, identity: Identity | None = None) -> Deps:
    """Build all that a process of this role needs. Raises NotReady."""
    db = open_database(settings, role)
    who = identity or identify(settings, db)
    lab = settings.lab
    timing = Timing() if lab is None else Timing().scaled(lab.speed)
    # a worker may wait for Slack; whoever answers a press may not
    patience = 2 if role == "web" else max(1, round(timing.send.total_seconds()))
    clock = LabClock(lab.clock) if lab and lab.clock else SystemClock()
    web = client(settings.slack_bot_token, settings.slack_api_url, timeout=patience)
    messenger: Messenger = SlackMessenger(web)
    keeps_pace = lab.pace == "real" if lab else not settings.loopback_slack
    probe = probe_of(lab.faults if lab else None, role)
    if lab is not None and lab.faults is not None:
        db, messenger = WatchedDatabase(db.engine, probe), Watched(without(lab.off, messenger), probe)
    return Deps(
        team_id=who.team_id,
        db=db,
        clock=clock,
        chance=SystemChance(),
        messenger=messenger,
        uploader=SlackUploader(web),
        modals=SlackModals(web),
        downloader=SlackDownloader(web),
        directory=SlackDirectory(web, patience=1 if role == "web" else 60),
        queue=_queue(settings, role, db, who.team_id),
        admins=settings.admins,
        timing=timing,
        speeds=dict(SLACK) if keeps_pace else {},
        probe=probe,
        checks=SystemChecks(settings),
        reach=reach_of(settings),
        mailer=SmtpMailer(settings.smtp_url, settings.mail_from, wait=patience)
        if settings.smtp_url
        else None,
        texter=GatewayTexter(settings.sms_url, settings.sms_token, wait=patience)
        if settings.sms_url
        else None,
        payments=StripePayments(settings, clock, wait=max(patience, 4)) if settings.stripe_api_key else None,
    )


def reach_of(settings: Settings) -> Reach:
    """How people without Slack are reached. Without PUBLIC_URL only from this computer."""
    here = f"http://127.0.0.1:{settings.port}" if settings.loopback_slack else ""
    return Reach(
        url=settings.public_url or here,
        vault=KeyVault(settings.secret_keys) if settings.secret_keys else None,
        sender=parseaddr(settings.mail_from)[1],
        mail=settings.smtp_url is not None,
        texts=settings.sms_url is not None,
        payments=settings.stripe_api_key is not None,
        hook=settings.stripe_webhook_secret is not None,
        # a stand-in for Stripe has the pages for payers where its API is
        checkout=Reach.checkout if "//api.stripe.com" in settings.stripe_api_url else settings.stripe_api_url,
    )


def _queue(settings: Settings, role: Role, db: Database, team_id: str) -> Queue:
    if settings.redis_url is None:
        return NoQueue()
    hints = HintQueue(settings.redis_url)
    if role != "web":
        return hints
    return Whisper(lambda: hints.hint(team_id, work.turn(db, team_id)))


def create_app(deps: Deps, settings: Settings) -> App:
    """The Bolt app of one workspace: an HTTP answer leaves after the listener returned."""
    with deps.db.engine.connect() as connection:
        row = connection.execute(select(Workspace.__table__).where(Workspace.team_id == deps.team_id)).one()
    result = AuthorizeResult(
        enterprise_id=None,
        team_id=deps.team_id,
        bot_token=settings.slack_bot_token,
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
    )

    def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult | None:
        return result if deps.team_id in (team_id, enterprise_id) else None

    app = App(
        name="sessions",  # otherwise Bolt looks through the stack for one, which takes 30 ms
        signing_secret=settings.slack_signing_secret or "socket-mode-has-none",
        authorize=cast(Callable[..., AuthorizeResult], authorize),  # None means: not our workspace
        client=client(None, settings.slack_api_url, timeout=2),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        token_verification_enabled=False,
    )
    app.error(_unhandled)
    handlers.register(app, deps, person_of=person_of)
    return app


def _unhandled(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer what nobody listens to: a button of an older version, say. Bolt itself would log the body."""
    if not isinstance(error, BoltUnhandledRequestError):
        log.error("listener_failed", exc_info=error)
        return BoltResponse(status=500)
    log.info("nobody_listens", type=str(body.get("type") or body.get("command") or "")[:40])
    return BoltResponse(status=200 if body.get("type") == "event_callback" else 404)


def ready(deps: Deps) -> str:
    """Say why this process cannot serve now; "" when it can."""
    try:
        revision = migrate.revision(deps.db.engine)
    except SQLAlchemyError:
        return "database"
    return "" if revision == migrate.head() else "revision"


def run_worker(settings: Settings) -> None:
    """Work off hints until told to stop. Every job is a fork that builds its own connections."""
    if settings.redis_url is None:
        raise NotReady("REDIS_URL is missing: a worker hears of work through Redis. Or run sessions up.")
    db = open_database(settings, "worker")
    who = identify(settings, db)
    db.engine.dispose()
    runtime.install(lambda: build(settings, "worker", identity=who))
    parent = os.getpid()

    def in_child() -> None:
        die_with_parent(parent=parent)

    queue.work(settings.redis_url, in_child=in_child)


def run_ticker(settings: Settings, stop: threading.Event) -> None:
    """Look for due work until *stop* is set."""
    tick.run(build(settings, "ticker"), stop)


def outbox_counts(deps: Deps) -> dict[str, int]:
    """Rows of the outbox by state, for the metrics."""
    return delivery.counts(deps.db)
