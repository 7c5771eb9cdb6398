"""What organizers read when something was done late, or not at all."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.facts import CatchUp, LateLine, ScheduleBelow, Skipped

Message = tuple[str, list[Json]]
MOST = 20  # lines of one message

HOUR = 60
DAY = 24 * HOUR


def catch_up(told: CatchUp) -> Message:
    """What was done late, and what was not done, in the order in which it was planned."""
    head = _("Some things happened later than planned")
    lines = [f"• {_line(line, told.reader_zone)}" for line in told.lines[:MOST]]
    rest = len(told.lines) - MOST
    blocks = [
        kit.section(
            f"*{head}*\n" + _("Sessions could not work for a while. This is what it did afterwards:")
        ),
        kit.section("\n".join(lines)),
    ]
    if rest > 0:
        blocks.append(kit.context(n_("… and {count} more", "… and {count} more", rest)))
    return head, blocks


def _line(line: LateLine, reader_zone: str) -> str:
    name = f"*{kit.escape(line.program)}*"
    when = kit.date(line.planned, zone=line.zone, reader_zone=reader_zone, form="short")
    late = _span(line.minutes)
    if line.what == "opened":
        return _("{program}: people were asked {late} late, due {date}.", program=name, late=late, date=when)
    if line.what == "matched":
        return _(
            "{program}: the groups were made {late} late, due {date}.", program=name, late=late, date=when
        )
    if line.what == "reminded":
        return _(
            "{program}: the reminder went out {late} late, due {date}.", program=name, late=late, date=when
        )
    if line.what == "not_reminded":
        return _(
            "{program}: the reminder of {date} was left out: it would have come too late.",
            program=name,
            date=when,
        )
    if line.what == "followed_up":
        return _(
            "{program}: people were asked {late} late whether they met, due {date}.",
            program=name,
            late=late,
            date=when,
        )
    reason = kit.escape(retold(line.reason))
    return _(
        "{program}: the session of {date} was skipped, because {reason}.",
        program=name,
        date=when,
        reason=reason,
    )


def _span(minutes: int) -> str:
    if minutes < 2 * HOUR:
        return n_("{count} minute", "{count} minutes", minutes)
    if minutes < 2 * DAY:
        return n_("{count} hour", "{count} hours", minutes // HOUR)
    return n_("{count} day", "{count} days", minutes // DAY)


def skipped(told: Skipped) -> Message:
    """A session that was not opened: which one, why, and what can be done."""
    name = kit.escape(told.program)
    head = _("{program}: a session was skipped", program=name)
    due = told.opt_in_at or told.match_at
    when = kit.date(due, zone=told.zone, reader_zone=told.reader_zone)
    if not told.occurrence_id:
        settled = _("The session of {date} was skipped at first, and is planned again by now.", date=when)
        return head, [kit.section(f"*{head}*\n{settled}")]
    reason = kit.escape(retold(told.reason))
    why = _("The session of {date} was not opened, because {reason}.", date=when, reason=reason)
    if told.still:
        groups = kit.date(told.match_at, zone=told.zone, reader_zone=told.reader_zone)
        todo = _("Send the opt-in messages all the same (groups on {date}), or move its dates.", date=groups)
    else:
        todo = _("Move its dates, or leave it at that: nobody was asked.")
    blocks = [
        kit.section(f"*{head}*\n{why}\n{todo}"),
        kit.actions(*_choices(told), block_id="skipped.choices"),
    ]
    if told.next_at is not None:
        following = kit.date(told.next_at, zone=told.zone, reader_zone=told.reader_zone)
        blocks.append(kit.context(_("The next session opens on {date}.", date=following)))
    return head, blocks


def _choices(told: Skipped) -> list[Json]:
    value = str(told.occurrence_id)
    move = kit.button(_("Move the dates"), Ids.CARD_UPDATE, value=value)
    if not told.still:
        return [move]
    return [kit.button(_("Send anyway"), Ids.CARD_SEND_ANYWAY, value=value, style="primary"), move]


def below(told: ScheduleBelow) -> Message:
    """An older confirmation of a series that was changed since."""
    head = _("Session scheduled: {program}", program=kit.escape(told.program))
    return head, [kit.section(f"*{head}*\n" + _("Its dates were changed since: please see below."))]
