"""The list [Contacts] of a host, a page at a time."""

from dataclasses import dataclass

from sqlalchemy import func, select

from store.database import Database
from store.hosted import Contact

PAGE = 10


@dataclass(frozen=True)
class ContactLine:
    """A contact as its owner sees it."""

    id: int
    name: str
    address: str
    zone: str


@dataclass(frozen=True)
class ContactPage:
    """One page of them."""

    lines: tuple[ContactLine, ...]
    page: int
    pages: int


def page(db: Database, team_id: str, owner: str, number: int) -> ContactPage:
    """A page of somebody's own contacts, by name; the last one where there are fewer."""
    mine = (Contact.team_id == team_id) & (Contact.owner_id == owner)
    with db.reading() as tx:
        count = tx.scalars(select(func.count(Contact.id)).where(mine)).one()
        pages = max(1, -(-count // PAGE))
        shown = min(max(number, 0), pages - 1)
        rows = tx.scalars(
            select(Contact)
            .where(mine)
            .order_by(Contact.name_key, Contact.id)
            .offset(shown * PAGE)
            .limit(PAGE)
        )
        lines = tuple(ContactLine(one.id, one.name, one.email or one.phone or "", one.zone) for one in rows)
    return ContactPage(lines, shown, pages)
