"""Who may buy which membership now, and why not."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import LIVE, STANDING, Bought, HaveItAlready, Late, NotOnSale, SaleState, TermState
from domain.classes_choice import SetAside
from domain.classes_dates import window
from domain.classes_intro import History, why_not
from domain.classes_price import RegistrationClosed, closes_on
from domain.errors import Refusal
from domain.text import N_, say
from services.classes import days_of
from services.classes_intro import history
from store.classes import Term
from store.classes_sold import Membership, Purchase
from store.core import PersonRow

SELLING = (TermState.OPEN, TermState.RUNNING)
HAD = [one.value for one in (*STANDING, Bought.ENDED)]


class NotForOthers(Refusal):
    """Only people of this workspace can buy."""


class MembersFirst(SetAside):
    """Members of the session before choose first."""


class NoIntroduction(SetAside):
    """This offer is for new members."""


@dataclass(frozen=True)
class Buyer:
    """What is known of somebody who wants to buy; *live* are their memberships, with the purchase of each."""

    user_id: str
    outside: bool = False
    history: History = field(default_factory=History)
    live: dict[int, int] = field(default_factory=dict)
    terms: frozenset[int] = frozenset()  # in which they are or were a member


def buyer_of(tx: Session, team_id: str, user_id: str) -> Buyer:
    """Somebody who wants to buy, in three statements."""
    person = tx.get(PersonRow, (team_id, user_id))
    wanted = select(Purchase.id, Purchase.membership_id, Purchase.term_id, Purchase.state).where(
        Purchase.team_id == team_id, Purchase.user_id == user_id, Purchase.state.in_([*LIVE, *HAD])
    )
    rows = tx.execute(wanted).all()
    return Buyer(
        user_id,
        outside=person is not None and (person.deleted or person.is_bot or person.is_stranger),
        history=history(tx, team_id, user_id),
        live={row.membership_id: row.id for row in rows if row.state in LIVE},
        terms=frozenset(row.term_id for row in rows if row.state in HAD),
    )


def refusals(one: Membership, term: Term, buyer: Buyer, *, now: datetime, by_staff: bool) -> list[Refusal]:
    """Why somebody may not buy a membership now, the weightiest reason first; none if they may."""
    found: list[Refusal] = []
    if not is_on_sale(one, term, now=now, by_staff=by_staff):
        found.append(NotOnSale())
    if buyer.outside:
        found.append(NotForOthers())
    if one.id in buyer.live:
        found.append(HaveItAlready())
    last = closes_on(term.starts_on, one.late_week)
    if one.late == Late.CLOSED and now.astimezone(ZoneInfo(term.zone)).date() > last:
        found.append(RegistrationClosed(last))
    until = term.members_first_until
    if until is not None and now < until and term.follows_id not in buyer.terms:
        pattern = N_("Members of the session before choose first, until {until}.")
        found.append(MembersFirst(say(pattern, until=until.astimezone(ZoneInfo(term.zone)))))
    if one.intro and (sentence := why_not(buyer.history, new_only=one.new_only, once=one.once)):
        found.append(NoIntroduction(sentence))
    return found


def is_on_sale(one: Membership, term: Term, *, now: datetime, by_staff: bool) -> bool:
    """Whether anybody may buy it now; staff also sell what is not available online."""
    begins, ends = window(days_of(term), one.weeks, now)
    if one.state != SaleState.ON_SALE or term.state not in SELLING or begins >= ends:
        return False
    return one.online or by_staff


def first_of(found: Collection[Refusal], *, aside: bool) -> Refusal | None:
    """The refusal that counts; with *aside* those that staff may set aside do not."""
    return next((one for one in found if not (aside and isinstance(one, SetAside))), None)
