"""The HTTP door: Slack's payloads, health, readiness and metrics; Socket Mode beside it if there is a token.

gunicorn runs one process with sixteen threads and starts a killed one again. The Bolt app is built in
that process, after the fork: no connection crosses it.
"""

import gc
import ipaddress
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import structlog
from flask import Flask, Response, jsonify, request
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from slack_bolt import App
from slack_bolt.adapter.flask.handler import to_flask_response
from slack_bolt.request import BoltRequest
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.metrics import Metrics
from bot.parent import die_with_parent
from bot.signing import Call, Turned, read, verify
from bot.socket_mode import SocketMode
from handlers import pages
from services import delivery
from services.ports import Deps
from store import migrate
from store.database import make_engine

log = structlog.get_logger()

THREADS = 16
FIRST = 5.0  # seconds that the first attempt to build the app may hold up the listening
PATIENCE = 10.0  # seconds between two attempts, at most


@dataclass(frozen=True)
class Built:
    """What the web process serves once the database and Slack can be reached."""

    app: App
    ready: Callable[[], str]  # "" or one word that says why not
    outbox_counts: Callable[[], Mapping[str, int]]
    deps: Deps | None = None  # what the pages for browsers work with


Build = Callable[[Settings], Built]


def build(settings: Settings) -> Built:
    """Build the product for the web process."""
    from bot import wiring

    deps = wiring.build(settings, role="web")
    return Built(
        wiring.create_app(deps, settings),
        lambda: wiring.ready(deps),
        lambda: delivery.counts(deps.db),
        deps,
    )


class Web:
    """The Bolt app of this process, built as soon as it can be, and the Flask app in front of it."""

    def __init__(
        self,
        settings: Settings,
        build: Build = build,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.build = build
        self.now = now
        self.built: Built | None = None
        self.reason = "starting"
        self.stop = threading.Event()
        self.tried = threading.Event()
        self.socket: SocketMode | None = None
        self.metrics = Metrics(lambda: self.built.outbox_counts() if self.built else {})
        self.flask = Flask("sessions", static_folder=None)
        self._routes()

    def open(self) -> None:
        """Build the app; if that takes long or fails, answer 503 while it is tried until it works."""
        threading.Thread(target=self._keep_building, name="build", daemon=True).start()
        self.tried.wait(FIRST)
        gc.collect()
        gc.freeze()  # what is here now stays: looking through it again and again takes time from the answers

    def close(self) -> None:
        """Finish what runs."""
        self.stop.set()
        if self.socket is not None:
            self.socket.close()

    def why_not(self) -> str:
        """Return "" when Slack can be served, else one word."""
        if self.built is None:
            return self.reason
        if self.socket is not None and not self.socket.connected:
            return "socket"
        try:
            return self.built.ready()
        except Exception as error:
            log.warning("not_ready", error=type(error).__name__)
            return "database" if isinstance(error, SQLAlchemyError) else "workspace"

    def _keep_building(self) -> None:
        pause = 0.25
        while True:
            done = self._built()
            self.tried.set()
            if done or self.stop.wait(pause):
                return
            pause = min(PATIENCE, pause * 2)

    def _built(self) -> bool:
        try:
            built = self.build(self.settings)
        except Exception as error:  # whatever it is, the process lives on and says why it cannot serve
            self.reason = _reason(self.settings)
            log.warning("not_ready", reason=self.reason, error=type(error).__name__, detail=str(error)[:300])
            return False
        if self.settings.slack_app_token:
            self.socket = SocketMode(
                built.app,
                self.settings.slack_app_token,
                self.settings.slack_api_url,
                answered=self.metrics.answered,
            )
            self.socket.start()
        self.built = built
        return True

    def _routes(self) -> None:
        if self.settings.slack_signing_secret:
            self.flask.add_url_rule("/slack/events", "slack", self._slack, methods=["POST"])
        self.flask.add_url_rule("/healthz", "healthz", lambda: _plain("ok", 200))
        self.flask.add_url_rule("/readyz", "readyz", self._ready)
        self.flask.add_url_rule("/metrics", "metrics", self._metrics)
        found = pages.blueprint(
            lambda: self.built.deps if self.built else None, proxies=self.settings.proxies
        )
        self.flask.register_blueprint(found)

    def _slack(self) -> Response:
        began = time.monotonic()
        try:
            body = verify(request.environ, self.settings.slack_signing_secret or "", now=self.now())
            call = read(body, request.environ.get("CONTENT_TYPE", ""))
        except Turned as turned:
            log.warning("slack_request_turned_away", status=turned.status, reason=turned.reason)
            self.metrics.turned("unknown", turned.status)
            return _plain(turned.reason, turned.status)
        response = self._serve(call) if self.built else _plain(self.reason, 503)
        self.metrics.answered(call.kind, response.status_code, time.monotonic() - began)
        return response

    def _serve(self, call: Call) -> Response:
        assert self.built is not None  # noqa: S101 - for the type checker; the caller looked
        if call.kind == "url_verification":
            return jsonify(challenge=call.body["challenge"])
        if call.kind == "ssl_check":
            return _plain("ok", 200)
        try:
            wanted = _bolt_request(call)
        except Exception:  # Bolt looks into fields before it checks them; these are not of Slack's types
            log.warning("slack_request_turned_away", status=400, reason="payload_unreadable")
            return _plain("payload_unreadable", 400)
        try:
            return to_flask_response(self.built.app.dispatch(wanted))
        except Exception:
            log.exception("slack_request_failed", kind=call.kind)
            return _plain("failed", 500)

    def _ready(self) -> Response:
        word = self.why_not()
        return _plain(word or "ready", 503 if word else 200)

    def _metrics(self) -> Response:
        # a proxy on this computer speaks for strangers, and says so in this header
        if not _loopback(request.remote_addr) or "X-Forwarded-For" in request.headers:
            return _plain("not found", 404)
        return Response(self.metrics.text(), mimetype="text/plain")


def _bolt_request(call: Call) -> BoltRequest:
    """The call for Bolt, which in this mode takes what is verified and parsed and does neither again."""
    return BoltRequest(body=call.body, mode="socket_mode")


def _plain(text: str, status: int) -> Response:
    return Response(text + "\n", status=status, mimetype="text/plain")


def _loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _reason(settings: Settings) -> str:
    """Find out what kept the app from being built."""
    try:
        engine = make_engine(settings.database_url)
    except OSError:
        return "database"
    try:
        return "workspace" if migrate.revision(engine) == migrate.head() else "revision"
    except SQLAlchemyError:
        return "database"
    finally:
        engine.dispose()


class _Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's lines go where all the others go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers = []
            logger.propagate = True
            logger.setLevel("WARNING")


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings, listen: int | None, build: Build) -> None:
        self.settings = settings
        self.listen = listen
        self._web = cache(lambda: Web(settings, build))  # first asked for in the worker, after the fork
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        options = {
            "bind": [f"fd://{self.listen}" if self.listen is not None else f"{host}:{self.settings.port}"],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 30,
            "graceful_timeout": 25,
            "keepalive": 15,
            "control_socket_disable": True,
            "logger_class": _Log,
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108
            "post_fork": lambda _arbiter, worker: die_with_parent(parent=worker.ppid),
            "post_worker_init": lambda _worker: self._web().open(),
            "worker_exit": lambda _arbiter, _worker: self._web().close(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._web().flask


def serve(settings: Settings, *, listen: int | None = None, build: Build = build) -> None:
    """Serve until SIGTERM. *listen* is an inherited listening socket, else HOST and PORT are bound."""
    _Server(settings, listen, build).run()
