"""What mentors decide: approve, decline, offer anyway; and what time decides where they do not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain import calendar
from domain.errors import FieldRefusal, Refusal
from domain.mentoring import Asking, Done, MatchingPaused, News, NoPlaceLeft, NotAsked, Press, Taking
from domain.messages import Kind
from domain.text import say, visible
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services.mentoring import Held, free_of, hold, name_of, participant, pressed, redraw, tell, untouched
from services.mentoring_choices import program_of
from services.mentoring_matches import CannotMatch, NoPlace, activate
from store.database import Database
from store.mentoring import Participant, Request

LONGEST_RESPONSE = 1000
AT_ONCE = 100  # requests that come due in one run of a job


def _asked(
    tx: Session, db: Database, team_id: str, request_id: int, press: Press, *, now: datetime
) -> tuple[Held, Request, Participant]:
    """The request that was pressed, its program held, and the mentor it asks, who pressed it."""
    pressed(tx, db, team_id, press)
    held = Held(tx, db, hold(tx, team_id, program_of(tx, team_id, request_id)), now, press.user_id)
    request = tx.get_one(Request, request_id, populate_existing=True)
    mentor = participant(tx, held.setup, request.mentor_id)
    if mentor.user_id != press.user_id:
        raise NotAsked
    return held, request, mentor


def _late(held: Held, request: Request, press: Press) -> Done | None:
    """What a press comes to that changes nothing: the message is drawn as it stands. None: it counts."""
    if request.state == Asking.FROZEN:
        raise MatchingPaused
    if request.state == Asking.PENDING and request.expires_at and held.now >= request.expires_at:
        _expire(held, request)  # a late job does not make a deadline later
    if request.state == Asking.PENDING:
        return None
    redraw(held, asking.TO_MENTOR, [request.id], press)
    return Done(changed=False, state=request.state, at=request.decided_at)


def approve(db: Database, team_id: str, request_id: int, press: Press, *, now: datetime) -> Done:
    """[Approve]: the match is active, and everybody else is left alone.

    Raises NotAsked for anybody but the mentor who was asked, MatchingPaused, and NoPlaceLeft, after which
    the request still waits.
    """
    with db.transaction() as tx:
        held, request, mentor = _asked(tx, db, team_id, request_id, press, now=now)
        late = _late(held, request, press)
        if late is not None:
            return late
        mentee = participant(tx, held.setup, request.mentee_id)
        wish = asking.list_of(tx, request)
        clock.arrived(held, request)
        asking.move(held, request, Asking.APPROVED)
        if wish is not None:
            asking.close_list(held, wish, "matched")
        try:
            activate(held, mentee, mentor, origin="request" if wish is not None else "organizer")
        except NoPlace as full:
            raise NoPlaceLeft from full
        except CannotMatch as refusal:
            raise Refusal(refusal.sentence) from refusal
        redraw(held, asking.TO_MENTOR, [request.id], press)
        return Done(changed=True, state=Asking.APPROVED, told=2, at=now)


@dataclass(frozen=True)
class Declining:
    """What the modal [Decline request] shows. *required*: the program wants a response."""

    request_id: int
    mentee: str
    required: bool


def begin_decline(
    db: Database, team_id: str, request_id: int, press: Press, *, now: datetime
) -> Declining | None:
    """[Decline], before anything is written: what its form shows; None where it was handled already.

    Raises NotAsked and MatchingPaused.
    """
    with db.transaction() as tx:
        held, request, _ = _asked(tx, db, team_id, request_id, press, now=now)
        if _late(held, request, press) is not None:
            return None
        clock.arrived(held, request)  # the press proves it, even where Slack's answer was lost
        mentee = participant(tx, held.setup, request.mentee_id)
        return Declining(request.id, name_of(tx, mentee), held.setup.reply_required)


def decline(
    db: Database, team_id: str, request_id: int, press: Press, *, response: str = "", now: datetime
) -> Done:
    """[Decline]: the mentee reads the response, and the next mentor of the list is asked.

    Raises FieldRefusal at "response", NotAsked and MatchingPaused.
    """
    with db.transaction() as tx:
        held, request, _ = _asked(tx, db, team_id, request_id, press, now=now)
        late = _late(held, request, press)
        if late is not None:
            return late
        text = visible(response).strip()
        if held.setup.reply_required and not text:
            raise FieldRefusal({"response": say("Please write a short response to the mentee.")})
        if len(text) > LONGEST_RESPONSE:
            sentence = say("Use at most 1,000 characters (now {count}).", count=f"{len(text):,}")
            raise FieldRefusal({"response": sentence})
        clock.arrived(held, request)
        asking.close(held, request, Asking.DECLINED, news=News.DECLINED, response=text, press=press)
        return Done(changed=True, state=Asking.DECLINED, told=1, at=now)


def offer(db: Database, team_id: str, request_id: int, press: Press, *, now: datetime) -> Done:
    """[Offer Anyway], after a request expired: its mentee may accept within the days that a mentor has.

    Raises NotAsked, NoPlaceLeft, MatchingPaused and Refusal.
    """
    with db.transaction() as tx:
        held, request, mentor = _asked(tx, db, team_id, request_id, press, now=now)
        mentee = participant(tx, held.setup, request.mentee_id)
        if request.state != Asking.EXPIRED or request.offer:
            redraw(held, asking.TO_MENTOR, [request.id], press)
            return untouched(request.offer or request.state)
        if not held.setup.matching_on:
            raise MatchingPaused
        if mentor.state != Taking.ACTIVE or not free_of(held.setup, mentor):
            raise NoPlaceLeft
        if mentee.state != Taking.ACTIVE or mentee.matched >= held.setup.mentors_per_mentee:
            raise Refusal(say("{name} has been matched already.", name=name_of(tx, mentee)))
        zone = clock.zone_of(tx, held.setup, mentee.user_id)
        days = clock.calendar_of(held.setup, now=now)
        until = calendar.deadline(days, now, days=held.setup.answer_days, zone=zone)
        request.offer, request.offer_until = "made", until.ends_at
        tx.flush()
        held.note(f"request {request.id}", "offer.made")
        tell(held, Kind.MENTORING_OFFER, request.id, mentee.user_id, f"offer-{request.id}")
        redraw(held, asking.TO_MENTOR, [request.id], press)
        return Done(changed=True, state="made", told=1)


# --- What time does ------------------------------------------------------------------------------------


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Requests whose time is over, or whose mentor is to be reminded, and offers that end; oldest first."""
    with db.reading() as tx:
        rows = select(Request.id).where(
            Request.team_id == team_id,
            Request.state == Asking.PENDING,
            or_(Request.expires_at <= now, Request.remind_at <= now),
        )
        offers = select(Request.id).where(
            Request.team_id == team_id, Request.offer == "made", Request.offer_until <= now
        )
        found = tx.scalars(rows.order_by(Request.expires_at, Request.id).limit(AT_ONCE)).all()
        return [*found, *tx.scalars(offers.order_by(Request.id).limit(AT_ONCE))]


def come_due(db: Database, team_id: str, request_id: int, *, now: datetime) -> str | None:
    """Expire a request, remind of it, or end its offer, if it is time; what was done."""
    with db.transaction() as tx:
        held = Held(tx, db, hold(tx, team_id, program_of(tx, team_id, request_id)), now)
        request = tx.get_one(Request, request_id, populate_existing=True)
        if request.offer == "made" and request.offer_until and request.offer_until <= now:
            request.offer = "expired"
            tx.flush()
            redraw(held, [Kind.MENTORING_OFFER, *asking.TO_MENTOR], [request.id])
            return "offer_expired"
        if request.state == Asking.PENDING and request.expires_at and request.expires_at <= now:
            _expire(held, request)
            return "expired"
        return "reminded" if clock.remind(held, request) else None


def _expire(held: Held, request: Request) -> None:
    if asking.close(held, request, Asking.EXPIRED, news=News.EXPIRED):
        mentor = participant(held.tx, held.setup, request.mentor_id)
        tell(held, Kind.MENTORING_EXPIRED, request.id, mentor.user_id, f"expired-{request.id}")
