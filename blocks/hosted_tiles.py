"""Sessions and participants of a host, as a line with ⋮ each: in App Home, and in a modal of one session."""

from zoneinfo import ZoneInfo

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.kit import Json
from blocks.words import _, n_, retold, short_day
from domain import money
from domain.billing import DUE, Amount, Money
from domain.hosted import CHANNELS, Channel, Kind, Presence, Stage
from domain.hosted_board import Row, Tile
from domain.text import N_

STAGES = {
    Stage.REQUESTED: N_("Requested"),
    Stage.SCHEDULED: N_("Scheduled"),
    Stage.LIVE: N_("Live"),
    Stage.DONE: N_("Done", "a session"),
    Stage.MISSED: N_("Nobody joined"),
    Stage.CANCELLED: N_("Cancelled", "a session"),
    Stage.REMOVED: N_("Removed"),
}
PRESENCES = {
    Presence.ADDED: N_("Added"),
    Presence.INVITED: N_("Invited", "a participant"),
    Presence.INVITE_FAILED: N_("Invite failed"),
    Presence.ACCEPTED: N_("Accepted"),
    Presence.DECLINED: N_("Declined", "a participant"),
    Presence.NO_REPLY: N_("No reply"),
    Presence.JOINED: N_("Joined", "a participant"),
    Presence.NO_SHOW: N_("Did not come"),
}
BADGES = {
    **dict.fromkeys(DUE, N_("Payment due {price}")),
    Money.PROCESSING: N_("Payment of {price} is being processed"),
    Money.PAID: N_("Paid in full {price}"),
    Money.PARTIALLY_REFUNDED: N_("Paid {price}, refunded {back}"),
    Money.WAIVED: N_("Waived"),
    Money.DISPUTED: N_("Payment of {price} is disputed"),
    Money.PAID_UNALLOCATED: N_("Paid {price} too late"),
}
AHEAD = (Stage.SCHEDULED, Stage.LIVE)


# --- A session -----------------------------------------------------------------------------------------


def session(row: Row, *, zone: str, year: int, shown: int | None = None) -> Json:
    """The line of a session with its menu; *shown* is how many of its tiles follow."""
    lines = [told(row, zone=zone, year=year)]
    if shown is not None and shown < len(row.tiles):
        lines.append(_("{shown} of {count} participants are shown.", shown=shown, count=len(row.tiles)))
    return kit.section("\n".join(lines), accessory=menu(Ids.SESSION_MENU, row.id, entries(row)))


def told(row: Row, *, zone: str, year: int) -> str:
    """The session in words: its name if it has one, its line, and how it ended if somebody ended it.

    What comes first is bold, so that one sees where a session begins.
    """
    facts = line(row, zone=zone, year=year)
    first = [f"*{kit.escape(row.title, 80)}*", facts] if row.title else [f"*{facts}*"]
    return "\n".join(filter(None, [*first, over(row, zone)]))


def line(row: Row, *, zone: str, year: int) -> str:
    """ "Tue 3 Mar, 15:00-15:50 · 2 participants · Scheduled"."""
    said = [when(row, zone=zone, year=year)]
    if row.kind is Kind.ORIENTATION:
        said.append(_("Orientation"))
    if not row.mine:
        said.append(kit.escape(row.host, 80) or _("Nobody took it yet"))
    if row.tiles or row.mine:
        said.append(n_("{count} participant", "{count} participants", len(row.tiles)))
    if not _ended(row):  # who ended it and when stands below
        said.append(_(STAGES[row.stage]))
    return " · ".join(said)


def when(row: Row, *, zone: str, year: int) -> str:
    """ "Tue 3 Mar, 15:00-15:50", with the year where it is not the present one."""
    local = row.starts_at.astimezone(ZoneInfo(zone))
    # the length, not the difference of two clocks: they may be set back in between
    end = (row.ends_at).astimezone(ZoneInfo(zone))
    day = short_day(local.date(), weekday=True)
    return f"{day if local.year == year else f'{day} {local.year}'}, {local:%H:%M}-{end:%H:%M}"


def _ended(row: Row) -> bool:
    """Whether somebody cancelled or removed it."""
    return row.over_at is not None and row.stage in (Stage.CANCELLED, Stage.REMOVED)


def over(row: Row, zone: str) -> str:
    """Who ended it, and when."""
    if row.over_at is None or not _ended(row):
        return ""
    day = short_day(row.over_at.astimezone(ZoneInfo(zone)).date())
    if row.stage is Stage.REMOVED:
        return _("Removed on {day}.", day=day)
    if row.by_reader:
        return _("Cancelled on {day} by you.", day=day)
    if row.over_by:
        return _("Cancelled on {day} by {person}.", day=day, person=kit.escape(row.over_by, 80))
    return _("Cancelled on {day}.", day=day)


def entries(row: Row) -> list[tuple[str, str]]:
    """⋮ of a session, each entry with its label: five at most, which is what Slack takes."""
    found: list[tuple[str, str]] = []
    if not row.mine:
        return found
    if row.stage in AHEAD:
        found.append(("edit", _("Edit Session")))
    if row.may_move:
        found.append(("move", _("Reschedule")))
    if row.stage in (*AHEAD, Stage.DONE, Stage.MISSED):
        found.append(("again", _("Schedule Next")))
    if row.stage is Stage.SCHEDULED:
        found.append(("host", _("Change Host")))
    if row.stage is Stage.MISSED:
        found.append(("took_place", _("It Took Place")))
    if row.may_cancel:
        found.append(("cancel", _("Cancel Session")))
    elif row.may_remove:
        found.append(("remove", _("Remove Session")))
    return found


def menu(action_id: str, subject: int, entries: list[tuple[str, str]]) -> Json | None:
    """⋮ whose options carry "<what>.<subject>"."""
    if not entries:
        return None
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [kit.option(text, f"{what}.{subject}") for what, text in entries],
    }


# --- A participant -------------------------------------------------------------------------------------


def tile(one: Tile, row: Row) -> Json:
    """ "*Joey P.* · Email · Invited · Payment due 40.00 USD", with what can be done about him."""
    said = [f"*{kit.escape(one.name, 80)}*", *_invited(one)]
    said += [_("Waiting to be let in")] if one.knocks else []
    said += [badge] if (badge := paid(one)) else []
    said += [_("Reminder missed")] if one.missed else []
    return kit.section(" · ".join(said), accessory=menu(Ids.TILE_MENU, one.id, tile_entries(one, row)))


def _invited(one: Tile) -> list[str]:
    """How somebody was invited, and what came of it."""
    if one.channel is Channel.NONE:
        channel = _("E-mail/Text Not Used")
        return [channel] if one.presence is Presence.ADDED else [channel, _(PRESENCES[one.presence])]
    state = _("Invite waiting") if one.waiting else _(PRESENCES[one.presence])
    return [_(CHANNELS[one.channel]), state]


def paid(one: Tile) -> str:
    """The badge of a bill; "" where there is nothing to pay."""
    if not one.money or one.amount is None:
        return ""
    if one.refunding:
        return _("Refund on its way")
    back = amount(one.refunded or one.amount)
    state = Money(one.money)
    if state is Money.REFUNDED:
        return _("Refunded {price}", price=back)
    return _(BADGES[state], price=amount(one.amount), back=back)


def amount(found: Amount) -> str:
    """ "40.00 USD"."""
    return retold(money.shown(found.minor, found.currency))


def tile_entries(one: Tile, row: Row) -> list[tuple[str, str]]:
    """⋮ of a participant, each entry with its label: five at most."""
    found: list[tuple[str, str]] = []
    if not row.mine:
        return found
    ahead = row.stage in AHEAD
    if one.coded:
        found.append(("code", _("Show Access Code")))
    if ahead and one.channel is not Channel.NONE and one.presence is not Presence.JOINED:
        found.append(("resend", _("Resend Invite")))
    if ahead:
        found.append(("edit", _("Edit Participant")))
    if one.money and Money(one.money) in DUE:
        found.append(("waive", _("Waive Payment")))
    elif one.left is not None:
        found.append(("refund", _("Refund")))
    if ahead:
        found.append(("remove", _("Remove Participant")))
    return found
