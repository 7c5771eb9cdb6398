"""The pages for guests, served to a real browser: one guest in each state that a page can be in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import make_server

from domain.billing import Fee
from services import hosted_join, hosted_sessions
from services.hosted import bill_of
from store.database import Database
from store.hosted import Host, HostedParticipant, HostedSession
from store.payments import Bill
from tests.builders import NOW, TEAM, World, a_person
from tests.guests import HOST, Doorstep, Guest

FEE = Fee(service_id=0, service="Coaching, 50 minutes", amount=4000, currency="USD")
SOON, LATER = timedelta(minutes=5), timedelta(days=1, hours=6)
RULE = "Free of charge until 24 hours before the session; after that the fee is due."


class Doorway:
    """The pages at *url*, guests by what their page shows, and a room that leads on to another address."""

    def __init__(self, db: Database, url: str, room: str) -> None:
        world = World(db)
        world.directory.everybody[HOST] = a_person(HOST, name="Dana Wells", tz="America/New_York")
        world.run()
        self.url = url
        self.step = Doorstep(world, url=url)
        self.room = room
        with world.db.transaction() as tx:
            tx.add(Host(team_id=TEAM, user_id=HOST, admit=False, cancellation_rule=RULE))
        self.paths = self._states()

    def _states(self) -> dict[str, str]:
        """The path of each page by what it shows."""
        soon, later = NOW + SOON, NOW + LATER
        wait, asks = self.booked(later), self.booked(later)
        self.change(asks, state="invited")
        self.change(wait, state="accepted")
        pay, enter, joined = self.booked(later, fee=FEE), self.booked(soon), self.booked(soon, room="")
        self.change(pay, state="invited")
        knocks, declined, over = self.booked(soon), self.booked(later), self.booked(soon)
        self.change(joined, state="joined", joined_at=NOW)
        self.change(knocks, knocked_at=NOW, admitted_at=NOW)
        self.change(declined, state="declined")
        self.step.change(HostedSession, over.session_id, starts_at=NOW - timedelta(hours=9), state="done")
        back, gone = self.booked(later, fee=FEE), self.booked(later)
        with self.step.world.db.reading() as tx:
            bill = bill_of(tx, back.id)
        assert bill is not None
        self.step.change(Bill, bill.id, state="refunded")
        hosted_sessions.cancel(self.step.world.db, TEAM, gone.session_id, by=HOST, now=NOW)
        return {
            "code": "/join",
            "unknown link": "/join/unknown",
            "question": f"{asks.here}?answer=accept",
            "question, declining": f"{asks.here}?answer=decline",
            "payment": pay.here,
            "pay page": self.pay_page(pay),
            "money back": back.here,
            "waiting, asked": asks.here,
            "waiting": wait.here,
            "enter": enter.here,
            "let in": knocks.here,
            "no room": joined.here,
            "declined": declined.here,
            "cancelled": gone.here,
            "over": over.here,
        }

    def pay_page(self, guest: Guest) -> str:
        """The path of a guest's pay page."""
        view = hosted_join.view(self.step.world.db, TEAM, self.step.reach, guest.token, now=NOW)
        assert view.due is not None
        return urlsplit(view.due.link).path

    def booked(self, starts_at: object, name: str = "Joey P.", **more: object) -> Guest:
        """A guest of a session of their own."""
        held = {"room": self.room, "name": "Coaching", "starts_at": starts_at, **more}
        return self.step.book(name, **held)[0]  # type: ignore[arg-type]

    def change(self, guest: Guest, **values: object) -> None:
        """Change a guest's row behind everybody's back."""
        self.step.change(HostedParticipant, guest.id, **values)


class _Room(BaseHTTPRequestHandler):
    """A service with rooms: it leads on to another address of its own, as such services do."""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, ThreadingHTTPServer)
        at_first = self.headers["Host"].startswith("127.")
        self.send_response(302 if at_first else 200)
        if at_first:
            self.send_header("Location", f"http://localhost:{server.server_address[1]}{self.path}")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        said = f"<title>Room</title><h1>The room</h1><p>{self.headers.get('Referer', 'no referrer')}</p>"
        self.wfile.write(b"" if at_first else said.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def open_doors(db: Database) -> Iterator[Doorway]:
    """Serve the pages and a room on ports of their own, until the block ends."""
    room = ThreadingHTTPServer(("127.0.0.1", 0), _Room)
    pages = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
    doorway = Doorway(db, f"http://127.0.0.1:{pages.port}", f"http://127.0.0.1:{room.server_port}/room")
    pages.app = doorway.step.app
    threads = [threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True) for one in (room, pages)]
    for thread in threads:
        thread.start()
    yield doorway
    for server in (room, pages):
        server.shutdown()
        server.server_close()
    for thread in threads:
        thread.join(10)
