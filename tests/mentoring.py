"""A mentoring program in a world: a test says who does what, and asks who was told."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from domain.mentoring import Asking, Done, PreferencesForm, Press, ProfileForm, Settings
from domain.messages import Kind
from services import (
    mentoring_bulk,
    mentoring_choices,
    mentoring_delivery,
    mentoring_endings,
    mentoring_leaving,
    mentoring_matches,
    mentoring_people,
    mentoring_programs,
    mentoring_requests,
    mentoring_staging,
)
from services.mentoring import Held, changing
from services.mentoring_endings import EndForm
from services.mentoring_matches import Staging
from store.mentoring import Match, Mentoring, Participant, Preferences, Request
from store.outbox import Outbox
from tests.builders import ADMIN, World

GOAL = "I want to learn how to lead a team."


class Mentorship:
    """One mentoring program of a world, its people, and what they can do. People are named by Slack ids."""

    def __init__(
        self,
        world: World,
        *,
        mentors: Sequence[str] = (),
        mentees: Sequence[str] = (),
        on: bool = True,
        **settings: Any,
    ) -> None:
        self.world = world
        self.db, self.team = world.db, world.team
        form = Settings(
            **{"name": "Mentoring", "zone": "Europe/Paris", "organizers": (ADMIN,), **settings}  # type: ignore[arg-type]
        )
        self.id = mentoring_programs.create(
            self.db, self.team, form, actor=ADMIN, key=world.key(), now=world.clock()
        )
        for user_id in mentors:
            self.join(user_id, mentor=True)
        for user_id in mentees:
            self.join(user_id, mentee=True)
        if on:
            self.turn(on=True)

    @property
    def now(self) -> datetime:
        """The present."""
        return self.world.clock()

    # --- What people do ---

    def join(self, user_id: str, **profile: Any) -> Done:
        """Join, or change the profile."""
        form = ProfileForm(**profile)
        return mentoring_people.save_profile(self.db, self.team, self.id, user_id, form, now=self.now)

    def turn(self, *, on: bool) -> Done:
        """Turn matching on or off."""
        turn = mentoring_programs.turn_on if on else mentoring_programs.turn_off
        return turn(self.db, self.team, self.id, actor=ADMIN, now=self.now)

    def submit(self, mentee: str, *mentors: str, goal: str = GOAL, key: str | None = None) -> Done:
        """Submit a list of mentors."""
        form = PreferencesForm(tuple(self.who(one) for one in mentors), goal)
        key = key or self.world.key()
        return mentoring_choices.submit(self.db, self.team, self.id, mentee, form, key=key, now=self.now)

    def withdraw(self, mentee: str, *, by: str | None = None, list_id: int | None = None) -> Done:
        """Press [Withdraw Request] of the newest list."""
        wanted = list_id or self.newest_list(mentee)
        return mentoring_choices.withdraw(self.db, self.team, wanted, Press(by or mentee), now=self.now)

    def approve(self, mentor: str, *, mentee: str | None = None, by: str | None = None) -> Done:
        """Press [Approve] on the newest request to a mentor."""
        request = self.newest_request(mentor, mentee)
        return mentoring_requests.approve(self.db, self.team, request, Press(by or mentor), now=self.now)

    def decline(
        self, mentor: str, response: str = "", *, mentee: str | None = None, by: str | None = None
    ) -> Done:
        """Press [Decline] on the newest request to a mentor."""
        request = self.newest_request(mentor, mentee)
        return mentoring_requests.decline(
            self.db, self.team, request, Press(by or mentor), response=response, now=self.now
        )

    def stage(self, mentee: str, mentor: str, **how: Any) -> Done:
        """Assign to staged matches."""
        pair = (self.who(mentee), self.who(mentor))
        return mentoring_staging.stage(
            self.db, self.team, self.id, pair, Staging(**how), actor=ADMIN, now=self.now
        )

    def assign(self, mentee: str, mentor: str) -> Done:
        """Assign to active matches."""
        pair = (self.who(mentee), self.who(mentor))
        return mentoring_matches.assign(self.db, self.team, self.id, *pair, actor=ADMIN, now=self.now)

    def approve_match(self, mentee: str, mentor: str, *, by: str = ADMIN) -> Done:
        """Approve a staged match."""
        match = self.match(mentee, mentor).id
        return mentoring_staging.approve(self.db, self.team, match, actor=by, now=self.now)

    def discard(self, mentee: str, mentor: str) -> Done:
        """Discard a staged match."""
        match = self.match(mentee, mentor).id
        return mentoring_staging.discard(self.db, self.team, match, actor=ADMIN, now=self.now)

    def end(self, mentee: str, mentor: str, *, by: str = ADMIN, **form: Any) -> Done:
        """End a match."""
        match = self.match(mentee, mentor).id
        wanted = EndForm(**{"reason": "completed", **form})
        return mentoring_endings.end(self.db, self.team, match, wanted, actor=by, now=self.now)

    def undo(self, mentee: str, mentor: str) -> Done:
        """Undo an end or a discard."""
        match = self.match(mentee, mentor).id
        return mentoring_endings.undo(self.db, self.team, match, actor=ADMIN, now=self.now)

    def propose(self, mentee: str, mentor: str) -> Done:
        """Ask the mentor of a staged match first."""
        match = self.match(mentee, mentor).id
        return mentoring_staging.propose(self.db, self.team, match, actor=ADMIN, now=self.now)

    def offer(self, mentor: str, *, mentee: str | None = None) -> Done:
        """Press [Offer Anyway] on the newest request to a mentor."""
        request = self.newest_request(mentor, mentee)
        return mentoring_requests.offer(self.db, self.team, request, Press(mentor), now=self.now)

    def answer_offer(self, mentee: str, mentor: str, *, accept: bool, by: str | None = None) -> Done:
        """Press [Accept] or [No Thanks] on a mentor's late offer."""
        request = self.newest_request(mentor, mentee)
        return mentoring_choices.answer_offer(
            self.db, self.team, request, Press(by or mentee), accept=accept, now=self.now
        )

    def approve_all(self) -> int:
        """Approve all staged matches, the work of the job included; how many were chosen."""
        staged = [row.id for row in self.rows() if row.state == "staged"]
        chosen = mentoring_bulk.approve_these(self.db, self.team, self.id, staged, actor=ADMIN, now=self.now)
        while mentoring_bulk.approve_some(self.db, self.team, self.id, now=self.now):
            pass
        return chosen

    def pause(self, user_id: str, *, until: datetime | None = None) -> Done:
        """Take a break."""
        return mentoring_people.pause(self.db, self.team, self.id, user_id, until=until, now=self.now)

    def come_back(self, user_id: str) -> Done:
        """End a break."""
        return mentoring_people.come_back(self.db, self.team, self.id, user_id, now=self.now)

    def leave(self, user_id: str) -> Done:
        """Leave the program."""
        return mentoring_leaving.leave(self.db, self.team, self.id, user_id, now=self.now)

    def set_places(self, user_id: str, places: int) -> Done:
        """Take so many mentees at a time."""
        return mentoring_people.set_places(self.db, self.team, self.id, user_id, places, now=self.now)

    def change(self, **settings: Any) -> None:
        """Change columns of the program's settings."""
        with self.changing() as held:
            held.tx.execute(update(Mentoring).where(Mentoring.program_id == self.id).values(**settings))

    def changing(self, by: str = ADMIN) -> AbstractContextManager[Held]:
        """A transaction that holds the program."""
        return changing(self.db, self.team, self.id, now=self.now, by=by)

    # --- What time and Slack do ---

    def deliver(self, *, dead: Sequence[str] = ()) -> None:
        """Let Slack accept what is owed to people, but for those whom nothing reaches."""
        with self.db.transaction() as tx:
            tx.info["now"] = self.now
            wanted = select(Outbox).where(
                Outbox.team_id == self.team, Outbox.state == "pending", Outbox.kind.like("mentoring.%")
            )
            for row in tx.scalars(wanted.order_by(Outbox.id)).all():
                if row.kind == Kind.MENTORING_REDRAW:
                    row.state = "sent"
                    continue
                row.state = "dead" if row.recipient in dead else "sent"
                row.channel, row.ts = (None, None) if row.state == "dead" else ("D1", f"{row.id}.0")
                tx.flush()
                mentoring_delivery.ended(tx, self.db, row)

    def pass_time(self, to: datetime) -> list[str]:
        """Move the clock, and do what is due; what was done."""
        self.world.clock.now = max(to, self.now)
        done: list[str] = []
        while due := mentoring_requests.due(self.db, self.team, now=self.now):
            for one in due:
                did = mentoring_requests.come_due(self.db, self.team, one, now=self.now)
                done += [did] if did else []
        return done

    def expire(self, mentor: str, *, mentee: str | None = None) -> None:
        """Let the newest request to a mentor arrive, and its time run out."""
        self.deliver()
        until = self.request(mentor, mentee).expires_at
        assert until is not None
        self.pass_time(until)

    # --- What is there ---

    def who(self, user_id: str) -> int:
        """The participant that somebody is."""
        return self.participant(user_id).id

    def participant(self, user_id: str) -> Participant:
        """How somebody takes part."""
        with self.db.reading() as tx:
            wanted = select(Participant).where(
                Participant.program_id == self.id, Participant.user_id == user_id
            )
            return tx.scalars(wanted).one()

    def requests(self, *, mentee: str | None = None) -> Sequence[Request]:
        """All requests of the program, or of one mentee, in the order of their lists."""
        with self.db.reading() as tx:
            wanted = select(Request).where(Request.program_id == self.id).order_by(Request.id)
            if mentee is not None:
                wanted = wanted.where(Request.mentee_id == self.who(mentee))
            return tx.scalars(wanted).all()

    def request(self, mentor: str, mentee: str | None = None) -> Request:
        """The newest request to a mentor."""
        wanted = self.newest_request(mentor, mentee)
        return next(one for one in self.requests() if one.id == wanted)

    def newest_request(self, mentor: str, mentee: str | None = None) -> int:
        """The id of the newest request to a mentor."""
        mine = [one.id for one in self.requests(mentee=mentee) if one.mentor_id == self.who(mentor)]
        return max(mine)

    def newest_list(self, mentee: str) -> int:
        """The id of the newest list of a mentee."""
        with self.db.reading() as tx:
            mine = select(Preferences.id).where(Preferences.mentee_id == self.who(mentee))
            return max(tx.scalars(mine))

    def asked(self, *, mentee: str | None = None) -> dict[str, Asking]:
        """The newest state of each mentor's request, by mentor."""
        users = self.users()
        return {users[one.mentor_id]: Asking(one.state) for one in self.requests(mentee=mentee)}

    def users(self) -> dict[int, str]:
        """Who each participant is."""
        with self.db.reading() as tx:
            rows = tx.execute(
                select(Participant.id, Participant.user_id).where(Participant.program_id == self.id)
            )
            return {one: user_id for one, user_id in rows}

    def matches(self) -> dict[tuple[str, str], str]:
        """The state of each pair's newest match: (mentee, mentor) -> state."""
        users = self.users()
        return {(users[row.mentee_id], users[row.mentor_id]): row.state for row in self.rows()}

    def rows(self) -> Sequence[Match]:
        """All matches, oldest first."""
        with self.db.reading() as tx:
            return tx.scalars(select(Match).where(Match.program_id == self.id).order_by(Match.id)).all()

    def match(self, mentee: str, mentor: str) -> Match:
        """The newest match of two people."""
        with self.db.reading() as tx:
            mine = select(Match).where(
                Match.mentee_id == self.who(mentee), Match.mentor_id == self.who(mentor)
            )
            return tx.scalars(mine.order_by(Match.id.desc()).limit(1)).one()

    def counts(self, user_id: str) -> tuple[int, int, int]:
        """Used places, open requests, and mentors of somebody."""
        row = self.participant(user_id)
        return row.used, row.asked, row.matched

    def told(self, *kinds: Kind) -> list[str]:
        """Who is owed messages of these kinds, in the order in which they were owed; groups joined by "+"."""
        with self.db.reading() as tx:
            wanted = select(Outbox).where(Outbox.team_id == self.team, Outbox.kind.in_(kinds))
            rows = tx.scalars(wanted.order_by(Outbox.id)).all()
        return [row.recipient or "+".join(row.users) for row in rows]

    def news(self, mentee: str) -> list[tuple[str, str | None, bool]]:
        """What a mentee was told of requests that came to nothing: (news, who is asked now, used up)."""
        asked = {one.id: one.mentor_id for one in self.requests()}
        users = self.users()
        rows = [row for row in self.world.owed(Kind.MENTORING_NEWS) if row.recipient == mentee]
        return [
            (row.params["news"], users.get(asked.get(row.params["next"], 0)), row.params["used_up"])
            for row in rows
        ]

    def redrawn(self) -> set[tuple[str, str]]:
        """The messages that are owed their newest state: (kind, who reads it)."""
        rows = {row.id: row for row in self.world.owed()}
        found = (
            rows[row.subject_id] for row in self.world.owed(Kind.MENTORING_REDRAW) if row.state == "pending"
        )
        return {(one.kind, one.recipient) for one in found}
