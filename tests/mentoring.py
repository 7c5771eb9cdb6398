"""A mentoring program in a world: a test says who does what, and asks who was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.mentoring import Asking, Done, PreferencesForm, Press, ProfileForm, Settings
from domain.messages import Kind
from services import (
    mentoring_choices,
    mentoring_endings,
    mentoring_matches,
    mentoring_people,
    mentoring_programs,
    mentoring_requests,
)
from services.mentoring_endings import EndForm
from services.mentoring_matches import Staging
from store.mentoring import Match, Participant, Preferences, Request
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
        return mentoring_matches.stage(
            self.db, self.team, self.id, pair, Staging(**how), actor=ADMIN, now=self.now
        )

    def assign(self, mentee: str, mentor: str) -> Done:
        """Assign to active matches."""
        pair = (self.who(mentee), self.who(mentor))
        return mentoring_matches.assign(self.db, self.team, self.id, *pair, actor=ADMIN, now=self.now)

    def approve_match(self, mentee: str, mentor: str, *, by: str = ADMIN) -> Done:
        """Approve a staged match."""
        match = self.match(mentee, mentor).id
        return mentoring_matches.approve(self.db, self.team, match, actor=by, now=self.now)

    def discard(self, mentee: str, mentor: str) -> Done:
        """Discard a staged match."""
        match = self.match(mentee, mentor).id
        return mentoring_matches.discard(self.db, self.team, match, actor=ADMIN, now=self.now)

    def end(self, mentee: str, mentor: str, *, by: str = ADMIN, **form: Any) -> Done:
        """End a match."""
        match = self.match(mentee, mentor).id
        wanted = EndForm(**{"reason": "completed", **form})
        return mentoring_endings.end(self.db, self.team, match, wanted, actor=by, now=self.now)

    def undo(self, mentee: str, mentor: str) -> Done:
        """Undo an end or a discard."""
        match = self.match(mentee, mentor).id
        return mentoring_endings.undo(self.db, self.team, match, actor=ADMIN, now=self.now)

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
        with self.db.reading() as tx:
            rows = tx.scalars(select(Match).where(Match.program_id == self.id).order_by(Match.id)).all()
        return {(users[row.mentee_id], users[row.mentor_id]): row.state for row in rows}

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
