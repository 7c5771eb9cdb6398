"""The area [1:1 Sessions] of App Home."""

from blocks import hosted_tiles, kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.kit import Json
from blocks.words import _, labelled
from domain.hosted import MOST_PARTICIPANTS, Stage
from domain.hosted_board import MOST_TILES, Dashboard, Row, fitted

MOST = 99  # blocks; App Home takes a hundred, and one is kept for what was just said
FIXED = 3  # blocks of a session besides its tiles


def parts(told: Dashboard) -> list[Json]:
    """All of it: sessions fold to what fits."""
    head, foot = _head(told), [*_pages(told), *_foot(told)]
    room = MOST - len(head) - len(foot) - FIXED * len(told.rows)
    shown = fitted([len(row.tiles) for row in told.rows], room)
    rows = [
        block
        for row, count in zip(told.rows, shown, strict=True)
        for block in session_parts(row, told, count)
    ]
    return [*head, *rows, *foot]


# --- Above ---------------------------------------------------------------------------------------------


def _head(told: Dashboard) -> list[Json]:
    turns = [kit.button(_("Back"), Ids.BACK)]
    if told.past:
        turns.append(kit.button(_("Upcoming Sessions"), Ids.UPCOMING))
    else:
        turns.append(kit.button(_("Past Sessions"), Ids.PAST))
    if told.admin:
        label = _("My Sessions") if told.everybody else _("Sessions of All Hosts")
        turns.append(kit.button(label, Ids.EVERYBODY, value="0" if told.everybody else "1"))
    turns.append(kit.button(_("Delivery"), Ids.DELIVERY, value="all.0" if told.everybody else "mine.0"))
    found = [kit.actions(*turns, block_id="hosted.top"), kit.header(_title(told)), _small_print(told)]
    if told.draft:
        going_on = kit.button(_("Continue Draft"), Ids.DRAFT, style="primary")
        text = _("You began a session and did not save it. What you wrote is kept for a day.")
        found.append(kit.section(text, accessory=going_on))
    if not told.rows:
        found.append(kit.section(_nothing(told)))
    return found


def _title(told: Dashboard) -> str:
    which = _("Past Sessions") if told.past else ""
    if told.everybody:
        which = _("Past Sessions of All Hosts") if told.past else _("Sessions of All Hosts")
    return labelled(_("1:1 Sessions"), which) if which else _("1:1 Sessions")


def _small_print(told: Dashboard) -> Json:
    lines = [_("Your time zone: {zone}", zone=told.zone)]
    if not told.hosts:
        lines.append(_("Hosting is open to some people of this workspace only. Ask an administrator."))
    return kit.context(*lines, *(kit.clean(one) for one in told.off))


def _nothing(told: Dashboard) -> str:
    if told.past:
        return _("No session is past yet.")
    if told.hosts and not told.everybody:
        return _("No session is planned. Press *New Session Now* or *New Scheduled Session* below.")
    return _("No session is planned.")


# --- One session ---------------------------------------------------------------------------------------


def session_parts(row: Row, told: Dashboard, shown: int) -> list[Json]:
    """A session: its line, *shown* of its tiles, and its buttons."""
    found = [kit.divider(), hosted_tiles.session(row, zone=told.zone, year=told.year, shown=shown)]
    found += [hosted_tiles.tile(one, row) for one in row.tiles[:shown]]
    buttons = session_buttons(row, folded=shown < len(row.tiles))
    return [*found, kit.actions(*buttons, block_id=f"hosted.row.{row.id}")] if buttons else found


def session_buttons(row: Row, *, folded: bool) -> list[Json]:
    """What can be pressed under a session."""
    value, found = str(row.id), []
    if not row.mine:
        return []
    if row.may_undo:
        found.append(kit.button(_("Undo"), Ids.UNDO, value=value))
    if row.stage in (Stage.SCHEDULED, Stage.LIVE) and len(row.tiles) < MOST_PARTICIPANTS:
        found.append(kit.button(_("Add Participant"), Ids.ADD, value=value))
    if folded or len(row.tiles) >= MOST_TILES:
        found.append(kit.button(_("Open Session"), Ids.OPEN_SESSION, value=value))
    if row.tiles:
        found.append(kit.button(_("Why?"), Ids.WHY, value=value))
    return found


# --- Below ---------------------------------------------------------------------------------------------


def _pages(told: Dashboard) -> list[Json]:
    if told.pages < 2:
        return []
    turns = []
    if told.page:
        turns.append(kit.button(_("Previous"), Ids.PREVIOUS, value=str(told.page - 1)))
    if told.page + 1 < told.pages:
        turns.append(kit.button(_("Next"), Ids.NEXT, value=str(told.page + 1)))
    place = _("Page {page} of {pages}", page=told.page + 1, pages=told.pages)
    return [kit.context(place), kit.actions(*turns, block_id="hosted.pages")]


def _foot(told: Dashboard) -> list[Json]:
    orientation = kit.button(_("Orientation Session"), Ids.NEW_ORIENTATION)
    services = kit.button(_("Account Services"), Ids.SERVICES)
    payments = kit.button(_("Payment Settings"), Ids.PAYMENTS)
    found = [kit.divider()]
    if told.hosts:
        return [
            *found,
            kit.actions(
                kit.button(_("New Session Now"), Ids.NEW_NOW, style="primary"),
                kit.button(_("New Scheduled Session"), Ids.NEW_SCHEDULED),
                orientation,
                block_id="hosted.begin",
            ),
            kit.actions(
                kit.button(_("Contacts"), Ids.CONTACTS),
                services,
                payments,
                kit.button(_("My Settings"), Ids.SETTINGS),
                kit.button(_("Export"), Ids.EXPORT),
                block_id="hosted.tools",
            ),
        ]
    found.append(kit.actions(orientation, block_id="hosted.begin"))
    if told.admin:  # what belongs to administrators stays theirs, whether they host or not
        found.append(kit.actions(services, payments, block_id="hosted.tools"))
    return found
