"""Two classes at one time with one teacher, or in one place: a warning, never a refusal."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from domain.classes import ClassState, NewClass, TermState
from domain.classes_dates import Days, Weekly, overlap
from domain.text import Said, on_one_line, say
from services.classes_forms import titles
from store import queries
from store.classes import Term, WeeklyClass

STANDS = (TermState.DRAFT, TermState.OPEN, TermState.RUNNING)


def of_new(tx: Session, team_id: str, new: NewClass, *, but: int = 0) -> list[Said]:
    """The warnings for a class that is filled in; the class *but* does not count."""
    others = _others(tx, team_id, {new.teacher_id}, {new.place}, but={but})
    wanted = [
        WeeklyClass(teacher_id=new.teacher_id, place=new.place, weekday=day, minute=new.minute,
                    minutes=new.minutes)
        for day in new.weekdays
    ]  # fmt: skip
    return _sentences(tx, team_id, wanted, others)


def among(tx: Session, team_id: str, classes: Sequence[WeeklyClass], term: Days) -> list[Said]:
    """The warnings for classes that are to be assigned to a term: with one another, and with those assigned.

    Only classes of terms that share days with it count.
    """
    teachers, places = {one.teacher_id for one in classes}, {one.place for one in classes}
    others = _others(tx, team_id, teachers, places, but={one.id for one in classes}, term=term)
    found = _sentences(tx, team_id, classes, others)
    for at, one in enumerate(classes):
        found += _sentences(tx, team_id, classes[at + 1 :], [one])
    return list(dict.fromkeys(found))


def _others(
    tx: Session,
    team_id: str,
    teachers: Collection[str],
    places: Collection[str],
    *,
    but: Collection[int],
    term: Days | None = None,
) -> Sequence[WeeklyClass]:
    same = or_(WeeklyClass.teacher_id.in_(_named(teachers)), WeeklyClass.place.in_(_named(places)))
    standing: ColumnElement[bool] = Term.state.in_(STANDS)
    if term is not None:
        standing = standing & (Term.starts_on <= term.ends_on) & (Term.ends_on >= term.starts_on)
    stands = WeeklyClass.state == ClassState.ASSIGNED
    if term is None:
        stands = or_(stands & standing, WeeklyClass.state == ClassState.NEW)
    else:
        stands = stands & standing
    wanted = (
        select(WeeklyClass)
        .outerjoin(Term, Term.id == WeeklyClass.term_id)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.id.not_in(but), same, stands)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )
    return tx.scalars(wanted).all()


def _named(values: Collection[str]) -> list[str]:
    return [one for one in values if one]


def _sentences(
    tx: Session, team_id: str, classes: Sequence[WeeklyClass], others: Sequence[WeeklyClass]
) -> list[Said]:
    called = titles(tx, others)
    people = queries.people_by_id(tx, team_id, {one.teacher_id for one in others if one.teacher_id})
    found = list[Said]()
    for one in classes:
        mine = Weekly(one.weekday, one.minute)
        for other in others:
            if not overlap(mine, one.minutes, Weekly(other.weekday, other.minute), other.minutes):
                continue
            if one.teacher_id and one.teacher_id == other.teacher_id:
                person = people.get(one.teacher_id)
                name = person.name if person else say("The teacher")
                about = {"teacher": name, "class_": called[other.id]}
                found.append(say("{teacher} teaches {class_} at that time.", **about))
            elif one.place and one.place == other.place:
                about = {"class_": called[other.id], "place": on_one_line(one.place)}
                found.append(say("{class_} is in {place} at that time.", **about))
    return list(dict.fromkeys(found))
