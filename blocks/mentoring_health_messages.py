"""What is said of meetings, to matches that need a word, of a week, and of the end of a program."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from blocks import kit, texts
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_texts import again, quoted
from blocks.words import _, day, labelled, n_, retold
from domain.files import File
from domain.meetings import calendar_link
from domain.mentoring_health import VIEWS
from domain.mentoring_health_facts import CalendarEntry, CheckIn, Digest, Ending, MeetingTold, Nudge
from domain.mentoring_meetings import FITS, RATINGS, calendar_file
from domain.text import on_one_line

Drawn = tuple[str, list[Json]]


# --- A meeting -----------------------------------------------------------------------------------------


def meeting(told: MeetingTold) -> Drawn:
    """A meeting, and what can be done about it while it lies ahead."""
    if told.state != "planned":
        return _not_ahead(told)
    other = texts.name(told.other)
    if told.mine:
        head = _("Your meeting with {other}", other=other)
    elif told.moved:
        head = _("{other} proposes another time", other=other)
    else:
        head = _("{other} proposes a meeting", other=other)
    stands = _("It stands unless one of you cancels it.")
    link = kit.button(_("Add to calendar"), Ids.MEETING_CALENDAR)
    link["url"] = calendar_link(_title(told), told.starts_at, timedelta(minutes=told.minutes))
    return _notified(head, told), [
        *again(told.again),
        kit.section(f"*{head}*\n{_when(told)}\n{stands}"),
        kit.actions(
            link,
            kit.button(_("Calendar file"), Ids.MEETING_FILE, value=told.value),
            kit.button(_("Propose another time"), Ids.MEETING_AGAIN, value=told.value),
            kit.button(
                _("Cancel"),
                Ids.MEETING_CANCEL,
                value=told.value,
                confirm=kit.confirm(
                    _("Cancel this meeting?"),
                    _("The other one is told now."),
                    _("Cancel meeting"),
                    _("Keep it"),
                    danger=True,
                ),
            ),
            block_id="mentoring.meeting",
        ),
        kit.context(_("Mentorship in {program}", program=texts.name(told.program))),
    ]


def _not_ahead(told: MeetingTold) -> Drawn:
    """The meeting was cancelled, or its time has come."""
    other = texts.name(told.other)
    said = {
        "cancelled": _("The meeting with {other} was cancelled", other=other),
        "done": _("Your session with {other} took place", other=other),
        "missed": _("Your session with {other} did not take place", other=other),
    }
    head = said.get(told.state) or _("Your meeting with {other}", other=other)
    blocks = [*again(told.again), kit.section(f"*{head}*\n{_when(told)}")]
    if told.ended:
        blocks.append(kit.context(_("This match has ended.")))
    elif told.state == "over":
        blocks.append(kit.context(_("Afterwards each of you is asked whether it took place.")))
    elif told.state != "done":
        more = kit.button(_("Propose another time"), Ids.MEETING_AGAIN, value=told.value)
        blocks.append(kit.actions(more, block_id="mentoring.meeting"))
    return _notified(head, told), blocks


def _when(told: MeetingTold) -> str:
    date = kit.date(told.starts_at, zone=told.zone, reader_zone=told.zone)
    return n_("{date}, {count} minute", "{date}, {count} minutes", told.minutes, date=date)


def _notified(head: str, told: MeetingTold) -> str:
    return _("{head}: {when}", head=head, when=kit.plain_date(told.starts_at, told.zone))


def _title(told: MeetingTold | CalendarEntry) -> str:
    program, other = on_one_line(told.program), on_one_line(told.other)[:60]
    return _("{program}: {people}", program=program, people=other)


def calendar(told: CalendarEntry) -> Drawn:
    """What stands beside the file."""
    other = texts.name(told.other)
    if told.entry.cancelled:
        text = _("The meeting with {other} was cancelled. Open this file to take it out of your calendar.",
                 other=other)  # fmt: skip
    elif told.entry.sequence:
        text = _("The meeting with {other} has a new time. Open this file to change it in your calendar.",
                 other=other)  # fmt: skip
    else:
        text = _("The meeting with {other}. Open this file to put it into your calendar.", other=other)
    return text, [kit.section(text)]


def entry_file(told: CalendarEntry) -> File:
    """The calendar entry; the same id and a higher sequence replace what was there."""
    return File("meeting.ics", calendar_file(told.entry, _title(told)), _("Calendar entry"))


# --- Afterwards ----------------------------------------------------------------------------------------


def check_in(told: CheckIn) -> Drawn:
    """Whether a session took place, and how it was; each answer may be changed."""
    head = _("Did your session take place?")
    date = kit.date(told.starts_at, zone=told.zone, reader_zone=told.zone)
    text = _("Your session with {other}: {date}", other=texts.name(told.other), date=date)
    yes = kit.button(_("Yes"), Ids.CHECK_YES, value=told.value, style=_chosen(told.took_place is True))
    no = kit.button(_("No"), Ids.CHECK_NO, value=told.value, style=_chosen(told.took_place is False))
    blocks = [
        *again(told.again),
        kit.section(f"*{head}*\n{text}"),
        kit.actions(yes, no, block_id="mentoring.check_in"),
        *(_how_it_was(told) if told.took_place else []),
        kit.context(_said(told)),
    ]
    return f"{head} {texts.name(told.program)}", blocks


def _chosen(is_chosen: bool) -> str | None:
    return "primary" if is_chosen else None


def _how_it_was(told: CheckIn) -> list[Json]:
    numbers = [
        kit.button(str(n), f"{Ids.CHECK_RATE}.{n}", value=told.value, style=_chosen(told.rating == n))
        for n in RATINGS
    ]
    blocks = [
        kit.section(f"*{_('How was it?')}*\n{_('1 is poor, 4 is very good.')}"),
        kit.actions(*numbers, block_id="mentoring.rating"),
    ]
    if told.first:
        fits = [
            kit.button(
                retold(label), f"{Ids.CHECK_FIT}.{fit}", value=told.value, style=_chosen(told.fit == fit)
            )
            for fit, label in FITS.items()
        ]
        blocks += [
            kit.section(f"*{_('Are you a good fit?')}*"),
            kit.actions(*fits, block_id="mentoring.fit"),
        ]
    return blocks


def _said(told: CheckIn) -> str:
    if told.took_place is False:
        return _("Noted: it did not take place. You may change your answer.")
    private = _("Organizers see your answers, {other} does not.", other=texts.name(told.other))
    if told.took_place is None:
        return private
    return _("Noted: it took place. {privately} You may change your answers.", privately=private)


def nudge(told: Nudge) -> Drawn:
    """A word of an organizer, or a reminder to meet, with what can be done at once."""
    names = {"other": texts.name(told.other), "program": texts.name(told.program)}
    if told.text:
        head = _("A message from {organizer}", organizer=texts.name(told.organizer))
        about = _("About your mentorship with {other} in *{program}*:", **names)
        text = f"{about}\n&gt; {quoted(told.text)}"
    else:
        head = _("When do you meet next?")
        text = _(
            "You and {other} are matched in *{program}*. Find a time for your next meeting, or note here "
            "when you met last.",
            **names,
        )
    return _("{program}: {title}", program=texts.name(told.program), title=head), [
        *again(told.again),
        kit.section(f"*{head}*\n{text}"),
        kit.actions(
            kit.button(_("Propose a Time"), Ids.MEETING_PROPOSE, value=told.value, style="primary"),
            kit.button(_("Log a Session"), Ids.MEETING_LOG, value=told.value),
            block_id="mentoring.nudge",
        ),
    ]


# --- To organizers, and before the end -----------------------------------------------------------------


def digest(told: Digest) -> Drawn:
    """The week of a program."""
    head = _("The week of {program}", program=kit.escape(told.program))
    since, until = (
        kit.date(at, zone=told.zone, reader_zone=told.zone, form="short") for at in (told.since, told.until)
    )
    week = " ".join(
        [
            n_("{count} match began,", "{count} matches began,", told.started),
            n_("{count} ended,", "{count} ended,", told.ended),
            n_("{count} session took place.", "{count} sessions took place.", told.sessions),
        ]
    )
    now = " ".join(
        [
            n_("{count} active match,", "{count} active matches,", told.active),
            n_("{count} staged match,", "{count} staged matches,", told.staged),
            n_("{count} open request,", "{count} open requests,", told.waiting),
            n_("{count} unmatched mentee.", "{count} unmatched mentees.", told.unmatched),
        ]
    )
    views = "\n".join(
        f"• {labelled(retold(VIEWS[view]), f'*{count}*')}" for view, count in told.views.items()
    )
    return head, [
        *again(told.again),
        kit.header(_("The week of {program}", program=told.program)),
        kit.section(_("*From {since} to {until}*", since=since, until=until) + f"\n{week}"),
        kit.section(f"*{_('Now')}*\n{now}"),
        *([kit.section(f"*{_('Active matches')}*\n{views}")] if views else []),
        kit.actions(
            kit.button(_("Monitor Health"), Ids.HEALTH_OPEN, value=told.value), block_id="mentoring.digest"
        ),
    ]


def ending(told: Ending) -> Drawn:
    """A program ends soon."""
    program, last = texts.name(told.program), day(told.ends_on, year=True)
    head = _("{program} ends on {day}", program=program, day=last)
    if told.organizer:
        count = n_("{count} match is active.", "{count} matches are active.", told.matches)
        rest = _(
            "At 20:00 ({zone}) all matches end as Completed, staged matches are discarded and open lists "
            "are cancelled. Change the end date in the settings if you need more time.",
            zone=told.zone,
        )
        text = f"{count} {rest}"
    else:
        text = _(
            "Your mentorship with {people} ends with it, at 20:00 ({zone}). This is a good time for a last "
            "meeting.",
            people=texts.partners(told.others),
            zone=told.zone,
        )
    return head, [*again(told.again), kit.section(f"*{head}*\n{text}")]


RENDERERS: dict[type, Callable[[Any], Drawn]] = {
    MeetingTold: meeting,
    CheckIn: check_in,
    Nudge: nudge,
    Digest: digest,
    Ending: ending,
    CalendarEntry: calendar,
}
FILES: dict[type, Callable[[Any], File]] = {CalendarEntry: entry_file}
