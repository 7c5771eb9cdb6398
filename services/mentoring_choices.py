"""What mentees do: submit a list of mentors, withdraw it, and answer a mentor's late offer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import (
    Asking,
    Done,
    MatchingPaused,
    NoSuchRequest,
    NotTakingPart,
    NotYours,
    PreferencesForm,
    Press,
    Process,
    Taking,
)
from domain.messages import Kind
from domain.text import say, visible
from services import mentoring_asking as asking
from services.mentoring import (
    Held,
    changing,
    count_asked,
    free_of,
    hold,
    name_of,
    participant,
    participant_of,
    pressed,
    redraw,
    tell,
    untouched,
)
from services.mentoring_apart import apart_from
from services.mentoring_matches import CannotMatch, activate
from store import queries
from store.database import Database
from store.mentoring import Match, Participant, Preferences, Request

SHORTEST_GOAL, LONGEST_GOAL = 10, 1000
_ACTIVE = Match.state == "active"


class OpenRequest(Refusal):
    """Your last request is still open. Withdraw it first."""


def submit(
    db: Database,
    team_id: str,
    program_id: int,
    user_id: str,
    form: PreferencesForm,
    *,
    key: str,
    now: datetime,
) -> Done:
    """Store a mentee's list, and ask its first mentor, or match them at once where no approval is needed.

    While matching is off the choices are kept as a draft: ``Done("paused")``. Saying it twice with one *key*
    does it once. Raises FieldRefusal at "choice_1" to "choice_5" or "goal", and Refusal.
    """
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        mentee = _chooser(held)
        mentors = _chosen(held, mentee, form)
        if not held.setup.matching_on:
            mentee.draft = {"mentors": list(form.mentors), "goal": form.goal}
            return Done(changed=False, state="paused")
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("submitted")
        _refuse_second(held, mentee)
        if held.setup.process == Process.ADMIN:
            raise Refusal(say("In this program the organizers match. They know your profile."))
        wish = _write(held, mentee, form, list(mentors))
        if held.setup.process == Process.USER:
            return _match_at_once(held, wish, mentee)
        if asking.advance(held, wish) is None:
            raise _just_taken()
        tell(held, Kind.MENTORING_ASKED, wish.id, user_id, f"asked-{wish.id}")
        redraw(held, [Kind.MENTORING_INVITE], [wish.mentee_id])
        return Done(changed=True, state="open", told=2)


def _chooser(held: Held) -> Participant:
    mentee = participant_of(held.tx, held.setup, held.by)
    if mentee is None or not mentee.mentee or mentee.state in (Taking.LEFT, Taking.REGISTERED):
        raise NotTakingPart
    if mentee.state == Taking.PAUSED:
        raise Refusal(say("You are taking a break from this program. End it first."))
    return mentee


def _chosen(held: Held, mentee: Participant, form: PreferencesForm) -> dict[int, Participant]:
    """The mentors of the form, first choice first. Raises FieldRefusal."""
    problems: dict[str, str] = {} if form.mentors else {"choice_1": say("Choose a mentor.")}
    found: dict[int, Participant] = {}
    has = set(held.tx.scalars(select(Match.mentor_id).where(Match.mentee_id == mentee.id, _ACTIVE)))
    for rank, mentor_id in enumerate(form.mentors[: held.setup.choices], 1):
        mentor = held.tx.get(Participant, mentor_id)
        problem: str
        if mentor is None or mentor.program_id != held.setup.program_id or not mentor.mentor:
            problem = say("This person does not take part any more. Choose somebody else.")
        else:
            problem = _unfit(held.tx, mentee, mentor, chosen=mentor_id in found, has=mentor_id in has)
        if problem:
            problems[f"choice_{rank}"] = problem
        elif mentor is not None:
            found[mentor_id] = mentor
    length = len(visible(form.goal).strip())
    if not SHORTEST_GOAL <= length <= LONGEST_GOAL:
        problems["goal"] = say("Write 10 to 1,000 characters (now {count}).", count=f"{length:,}")
    if problems:
        raise FieldRefusal(problems)
    return found


def _unfit(tx: Session, mentee: Participant, mentor: Participant, *, chosen: bool, has: bool) -> str:
    """Why a mentor cannot be on this list; empty if they can."""
    if mentor.user_id == mentee.user_id:
        return say("A person cannot be matched with themselves.")
    name = name_of(tx, mentor) if chosen or has else ""
    if chosen:
        return say("You already chose {name}. Choose somebody else or leave it empty.", name=name)
    if has:
        return say("You are matched with {name} already. Choose somebody else or leave it empty.", name=name)
    return ""


def _refuse_second(held: Held, mentee: Participant) -> None:
    if mentee.matched >= held.setup.mentors_per_mentee:
        raise Refusal(say("You have been matched already."))
    wish = asking.open_list(held.tx, mentee.id)
    if wish is None:
        return
    waiting = asking.waiting_of(held.tx, wish)
    if waiting is None:
        raise OpenRequest
    name = name_of(held.tx, participant(held.tx, held.setup, waiting.mentor_id))
    raise OpenRequest(say("Your request to {name} is still open. Withdraw it first.", name=name))


def _write(held: Held, mentee: Participant, form: PreferencesForm, mentors: list[int]) -> Preferences:
    wish = Preferences(
        team_id=held.team_id, program_id=held.setup.program_id, mentee_id=mentee.id,
        goal=visible(form.goal).strip(), created_at=held.now,
    )  # fmt: skip
    mentee.draft = {}
    held.tx.add(wish)
    held.tx.flush()
    rows = [
        Request(
            team_id=wish.team_id, program_id=wish.program_id, list_id=wish.id, rank=rank,
            mentee_id=mentee.id, mentor_id=mentor_id, state=Asking.QUEUED.value,
        )
        for rank, mentor_id in enumerate(mentors, 1)
    ]  # fmt: skip
    held.tx.add_all(rows)
    held.tx.flush()
    held.note(f"list {wish.id}", "list.submitted", mentors=len(rows))
    return wish


def _just_taken() -> FieldRefusal:
    return FieldRefusal({"choice_1": say("These mentors were just taken. Choose again.")})


def _match_at_once(held: Held, wish: Preferences, mentee: Participant) -> Done:
    """User-led: the first choice with room is the mentee's mentor."""
    apart = apart_from(held.tx, held.setup, mentee.user_id)
    rows = select(Request).where(Request.list_id == wish.id).order_by(Request.rank)
    for request in held.tx.scalars(rows).all():
        mentor = participant(held.tx, held.setup, request.mentor_id)
        if mentor.state != Taking.ACTIVE or mentor.user_id in apart:
            asking.move(held, request, Asking.CLOSED_UNAVAILABLE)
        elif not free_of(held.setup, mentor):
            asking.move(held, request, Asking.SKIPPED_FULL)
        else:
            asking.move(held, request, Asking.PENDING)
            count_asked(held.tx, mentor.id, 1)
            asking.move(held, request, Asking.APPROVED)
            asking.close_list(held, wish, "matched")
            activate(held, mentee, mentor, origin="mentee")
            return Done(changed=True, state="matched", told=2)
    raise _just_taken()


def withdraw(db: Database, team_id: str, list_id: int, press: Press, *, now: datetime) -> Done:
    """[Withdraw Request]: nobody else of the list is asked. Raises NotYours and NoSuchRequest."""
    with db.transaction() as tx:
        pressed(tx, db, team_id, press)
        program_id = tx.scalar(
            select(Preferences.program_id).where(Preferences.team_id == team_id, Preferences.id == list_id)
        )
        if program_id is None:
            raise NoSuchRequest
        held = Held(tx, db, hold(tx, team_id, program_id), now, press.user_id)
        wish = tx.get_one(Preferences, list_id, populate_existing=True)
        if participant(tx, held.setup, wish.mentee_id).user_id != press.user_id:
            raise NotYours
        if wish.state != "open":
            asking.redraw_list(held, wish, press)
            return untouched(wish.state)
        asking.close_list(held, wish, "withdrawn", press)
        return Done(changed=True, state="withdrawn")


def answer_offer(
    db: Database, team_id: str, request_id: int, press: Press, *, accept: bool, now: datetime
) -> Done:
    """[Accept] or [No Thanks] to a late offer. Raises NotYours, NoSuchRequest, MatchingPaused and Refusal."""
    with db.transaction() as tx:
        pressed(tx, db, team_id, press)
        held = Held(tx, db, hold(tx, team_id, program_of(tx, team_id, request_id)), now, press.user_id)
        request = tx.get_one(Request, request_id, populate_existing=True)
        mentee = participant(tx, held.setup, request.mentee_id)
        if mentee.user_id != press.user_id:
            raise NotYours
        if request.offer == "made" and request.offer_until is not None and now >= request.offer_until:
            request.offer = "expired"
        changed = request.offer == "made"
        if changed and accept and not held.setup.matching_on:
            raise MatchingPaused
        if changed:
            request.offer = "accepted" if accept else "declined"
            held.note(f"request {request.id}", f"offer.{request.offer}")
        tx.flush()
        if changed and accept:
            try:
                activate(held, mentee, participant(tx, held.setup, request.mentor_id), origin="offer")
            except CannotMatch as refusal:
                raise Refusal(refusal.sentence) from refusal
        redraw(held, [Kind.MENTORING_OFFER, *asking.TO_MENTOR], [request.id], press)
        return Done(changed=changed, state=request.offer, told=2 if changed and accept else 0)


def program_of(tx: Session, team_id: str, request_id: int) -> int:
    """The program of a request of this workspace. Raises NoSuchRequest."""
    found = tx.scalar(select(Request.program_id).where(Request.team_id == team_id, Request.id == request_id))
    if found is None:
        raise NoSuchRequest
    return found
