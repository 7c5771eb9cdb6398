"""Class staff's pages of the area [Classes]."""

from collections.abc import Callable, Mapping

from blocks import classes_people, classes_term_page, kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_words import SALES, TERMS, days, price
from blocks.kit import Json
from blocks.words import _, n_
from domain.classes import SaleState
from domain.classes_board import Board
from domain.classes_staff import MembershipRow, StaffBoard, TermRow, TypeRow
from domain.text import N_

MOST = 98  # blocks; App Home takes a hundred, and one is kept for what was just said
TABS = {
    "classes": N_("Classes"),
    "types": N_("Class Types"),
    "memberships": N_("Memberships"),
    "requests": N_("Requests"),
    "members": N_("Members"),
}


def parts(told: Board) -> list[Json]:
    """The page."""
    if not isinstance(told, StaffBoard):
        return []
    tab = told.look.tab if told.look.tab in TABS else "classes"
    found = [*_head(told, tab), *PAGES[tab](told)]
    foot = turns(told.page, told.pages)
    return [*found[: MOST - len(foot)], *foot]


def _head(told: StaffBoard, tab: str) -> list[Json]:
    """The tabs, and the way out."""
    tabs = [
        kit.button(_(label), f"{Ids.TAB}.{name}", value=name, style="primary" if name == tab else None)
        for name, label in TABS.items()
    ]
    ways = [
        kit.button(_("Back"), Ids.BACK),
        kit.button(_("My Classes"), f"{Ids.TAB}.mine", value="mine"),
        kit.button(_("Waitlists"), Ids.QUEUES, value="0.0"),
        kit.button(_("Export"), Ids.EXPORT),
        kit.button(_("Settings"), Ids.STAFF_SETTINGS),
    ]
    found = [kit.actions(*tabs, block_id="classes.tabs"), kit.actions(*ways, block_id="classes.ways")]
    if told.asking and tab != "requests":
        waits = n_(
            "{count} request waits for an answer.", "{count} requests wait for an answer.", told.asking
        )
        found.append(kit.context(waits))
    return found


def turns(page: int, pages: int) -> list[Json]:
    """[Previous] and [Next] where there is more than one page."""
    if pages < 2:
        return []
    buttons = []
    if page:
        buttons.append(kit.button(_("Previous"), Ids.PREVIOUS, value=str(page - 1)))
    if page + 1 < pages:
        buttons.append(kit.button(_("Next"), Ids.NEXT, value=str(page + 1)))
    place = _("Page {page} of {pages}", page=page + 1, pages=pages)
    return [kit.context(place), kit.actions(*buttons, block_id="classes.pages")]


# --- Sessions ------------------------------------------------------------------------------------------


def _terms(told: StaffBoard) -> list[Json]:
    if told.term is not None:
        return classes_term_page.parts(told, told.term)
    add = kit.button(_("Add a New Session"), Ids.TERM_ADD, style="primary")
    found = [kit.header(_("Sessions")), kit.actions(add, block_id="classes.add")]
    if not told.terms:
        found.append(kit.section(_("There is no session yet. Press *Add a New Session*.")))
    return [*found, *(_term(one) for one in told.terms)]


def _term(one: TermRow) -> Json:
    facts = [
        days(one.starts_on, one.ends_on),
        n_("{count} class", "{count} classes", one.classes),
        n_("{count} member", "{count} members", one.members),
    ]
    text = f"*{kit.escape(one.name, 80)}* · {_(TERMS[one.state])}\n{' · '.join(facts)}"
    opens = kit.button(_("Open"), Ids.TERM_OPEN, value=str(one.id))
    return kit.section(text, accessory=opens, block_id=f"classes.term.{one.id}")


# --- Class types ---------------------------------------------------------------------------------------


def _types(told: StaffBoard) -> list[Json]:
    add = kit.button(_("Add Class Type"), Ids.TYPE_ADD, style="primary")
    found = [kit.header(_("Class Types")), kit.actions(add, block_id="classes.add")]
    if not told.types:
        found.append(kit.section(_("There is no class type yet. Press *Add Class Type*.")))
    return [*found, *(_type(one) for one in told.types)]


def _type(one: TypeRow) -> Json:
    facts = [
        n_("{count} minute", "{count} minutes", one.minutes),
        n_("{count} class", "{count} classes", one.classes),
    ]
    lines = [f"*{kit.escape(one.name, 80)}*", " · ".join(facts)]
    lines += [kit.escape(one.description, 200)] if one.description else []
    menu = _menu(Ids.TYPE_MENU, one.id, [("edit", _("Edit")), ("archive", _("Archive"))])
    return kit.section("\n".join(lines), accessory=menu, block_id=f"classes.type.{one.id}")


def _menu(action_id: str, subject: int, entries: list[tuple[str, str]]) -> Json:
    """⋮ whose options carry "<what>.<subject>"."""
    options = [kit.option(text, f"{what}.{subject}") for what, text in entries]
    return {"type": "overflow", "action_id": action_id, "options": options}


# --- Memberships ---------------------------------------------------------------------------------------


def _memberships(told: StaffBoard) -> list[Json]:
    buttons = [kit.button(_("Add New Membership"), Ids.MEMBERSHIP_NEW, style="primary")]
    if told.draft:
        buttons.append(kit.button(_("Continue Draft"), Ids.MEMBERSHIP_DRAFT))
    found = [kit.header(_("Memberships")), kit.actions(*buttons, block_id="classes.add")]
    if not told.memberships:
        found.append(kit.section(_("There is no membership yet. Press *Add New Membership*.")))
    return [*found, *(block for one in told.memberships for block in _membership(one))]


def _membership(one: MembershipRow) -> list[Json]:
    """What is sold, how often it was, and what can be done with it."""
    sold = n_("{count} sold", "{count} sold", one.sold)
    if one.custom is not None:
        sold = _("{sold} of {most} sold", sold=one.sold, most=one.custom)
    facts = [
        kit.escape(one.term, 80),
        price(one.price),
        n_("{count} lesson per week", "{count} lessons per week", one.lessons),
        n_("{count} week", "{count} weeks", one.weeks),
        sold,
    ]
    facts += [] if one.online else [_("sold by staff only")]
    badge = "" if one.left or one.over else f" · *{_('Full')}*"
    facts += [n_("{count} place left", "{count} places left", one.left)] if one.left else []
    value, buttons = str(one.id), []
    buttons.append(kit.button(_("Preview"), Ids.MEMBERSHIP_PREVIEW, value=value))
    if not one.over and one.state is not SaleState.CLOSED:
        buttons.append(kit.button(_("Edit"), Ids.MEMBERSHIP_EDIT, value=value))
        if one.state is SaleState.ON_SALE:
            buttons.append(kit.button(_("Stop Sale"), Ids.MEMBERSHIP_STOP, value=value))
        else:
            buttons.append(kit.button(_("Resume Sale"), Ids.MEMBERSHIP_RESUME, value=value))
    buttons.append(kit.button(_("Why?"), Ids.STAFF_WHY, value=f"m{one.id}"))
    text = f"*{kit.escape(one.name, 80)}* · {_(SALES[one.state])}{badge}\n{' · '.join(facts)}"
    return [kit.section(text), kit.actions(*buttons, block_id=f"classes.membership.{one.id}")]


PAGES: Mapping[str, Callable[[StaffBoard], list[Json]]] = {
    "classes": _terms,
    "types": _types,
    "memberships": _memberships,
    "requests": classes_people.requests,
    "members": classes_people.members,
}
