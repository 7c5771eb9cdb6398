"""The list of all programs, and the card of one: modals that replace one another."""

from blocks import forecast, kit, mentoring_card
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, n_
from domain.programs import AT_DEADLINE, LEFTOVERS, OPT_INS, ProgramLine, ProgramPage, ProgramSheet
from domain.rules import CHOICES

FEW = 6  # owners who are named


def programs(page: ProgramPage) -> Json:
    """The modal "Programs": a page of them, each with the way to its card."""
    blocks = [_line(line, page.reader_zone) for line in page.lines if line.state != "archived"]
    archived = [line for line in page.lines if line.state == "archived"]
    if archived:
        blocks += [kit.section(f"*{_('Archived')}*"), *(_line(line, page.reader_zone) for line in archived)]
    if not page.lines:
        blocks.append(
            kit.section(
                _(
                    "*There is no program yet.* A program says who is asked and how large the groups are. "
                    "Create one, then choose its dates."
                )
            )
        )
    turns = _turns(page)
    if page.may_create:
        turns.append(kit.button(_("New program"), Ids.PROGRAM_NEW, style="primary"))
    if turns:
        blocks.append(kit.actions(*turns, block_id="program.turns"))
    return kit.modal(
        _("Programs"),
        blocks,
        callback_id=Ids.PROGRAMS_LIST,
        close=_("Close"),
        metadata={"page": page.page},
    )


def _turns(page: ProgramPage) -> list[Json]:
    turns = []
    if page.page > 0:
        turns.append(kit.button(_("Previous page"), Ids.PROGRAMS_PREVIOUS, value=str(page.page - 1)))
    if page.page + 1 < page.pages:
        turns.append(kit.button(_("Next page"), Ids.PROGRAMS_NEXT, value=str(page.page + 1)))
    return turns


def _line(line: ProgramLine, reader_zone: str) -> Json:
    more = "" if line.state == "archived" else f" · {_next(line, reader_zone)}"
    if line.kind == "mentoring":
        more = "" if line.state == "archived" else f" · {mentoring_card.matching(line)}"
    text = f"*{kit.escape(line.name)}*{_mark(line)}\n{_who(line)}{more}"
    button = kit.button(_("Open"), Ids.PROGRAM_SHOW, value=str(line.id))
    button["accessibility_label"] = kit.clean(_("Open {program}", program=line.name), 75)
    return kit.section(text, accessory=button, block_id=f"program.{line.id}")


def _mark(line: ProgramLine) -> str:
    return f" · {_('Paused')}" if line.state == "paused" else ""


def _who(line: ProgramLine) -> str:
    if line.kind == "mentoring":
        return f"{_('Mentoring')} · {n_('{count} person', '{count} people', line.people or 0)}"
    who = kit.escape(line.audience) or _("nobody yet")
    if line.people is None:
        return _("{who} · members still being counted", who=who)
    size = n_("{count} person", "{count} people", line.people)
    return who if who == size else _("{who} ({size})", who=who, size=size)


def _next(line: ProgramLine, reader_zone: str) -> str:
    if line.open:
        return n_("{count} session is open", "{count} sessions are open", line.open)
    if line.next_at is None:
        return _("no session planned")
    when = kit.date(line.next_at, zone=line.zone, reader_zone=reader_zone, form="short")
    return _("next session {date}", date=when)


def card(sheet: ProgramSheet, *, note: str = "") -> Json:
    """The modal with one program's card; *note* says what was just done."""
    blocks = [kit.context(note)] if note else []
    blocks += [
        kit.header(sheet.line.name),
        *_state(sheet.line),
        *_unasked(sheet.unasked),
        kit.fields(_about(sheet)),
        kit.fields(_settings(sheet)),
        *forecast.line(sheet.forecast),
        *_choices(sheet),
    ]
    return kit.modal(
        _("Program"),
        blocks,
        callback_id=Ids.PROGRAM_CARD,
        close=_("Close"),
        metadata={"program": sheet.line.id},
    )


def _state(line: ProgramLine) -> list[Json]:
    if line.state == "paused":
        return [kit.section(_("*Paused.* A session that comes due meanwhile is skipped."))]
    if line.state == "archived":
        return [kit.section(_("*Archived.* Nothing more is scheduled; what took place stays."))]
    return []


def _unasked(count: int) -> list[Json]:
    if not count:
        return []
    told = n_(
        ":warning: {count} planned session has no opt-in date: all take part without being asked. Press "
        "“Edit” under its confirmation to set one.",
        ":warning: {count} planned sessions have no opt-in date: all take part without being asked. Press "
        "“Edit” under their confirmation to set one.",
        count,
    )
    return [kit.section(told)]


def _about(sheet: ProgramSheet) -> list[tuple[str, str]]:
    line = sheet.line
    size = _("still being counted") if line.people is None else str(line.people)
    audience = kit.escape(line.audience) or _("nobody yet")
    if sheet.form.include_guests:
        audience = _("{audience}, guests included", audience=audience)
    owners = kit.spoken(kit.escape(name, 40) for name in sheet.owners[:FEW])
    if len(sheet.owners) > FEW:
        names = ", ".join(kit.escape(name, 40) for name in sheet.owners[:FEW])
        owners = _("{names} and {count} more", names=names, count=len(sheet.owners) - FEW)
    return [
        (_("Audience"), audience),
        (_("People"), size),
        (_("Owners"), owners or _("none, only admins")),
        (_("Next session"), _when(sheet)),
    ]


def _when(sheet: ProgramSheet) -> str:
    line = sheet.line
    if line.open:
        return n_("{count} is open now", "{count} are open now", line.open)
    if line.next_at is None:
        return _("None planned")
    return kit.date(line.next_at, zone=line.zone, reader_zone=sheet.reader_zone, form="short")


def _settings(sheet: ProgramSheet) -> list[tuple[str, str]]:
    form = sheet.form
    opt_in = _(OPT_INS[form.opt_in])
    if form.opt_in == "mixed":
        picked = n_("{count} person takes part automatically", "{count} people take part automatically",
                    len(form.automatic))  # fmt: skip
        opt_in = _("{opt_in}: {picked}", opt_in=opt_in, picked=picked)
    days = form.follow_up_days or 0
    icebreakers = n_("{count} question of your own", "{count} questions of your own", len(form.icebreakers))
    texts = n_("{count} edited", "{count} edited", sheet.edited_texts)
    return [
        (_("Opt-in messages"), opt_in),
        (_("Group size"), str(form.group_size)),
        (_("Left over"), _(LEFTOVERS[form.leftover])),
        (_("Matching rules"), ", ".join(_(CHOICES[rule]) for rule in form.rules) or _("None")),
        (_("New members"), _("Asked while open") if form.ask_new else _("Not asked while open")),
        (_("Follow-up"), n_("After {count} day", "After {count} days", days) if days else _("Off")),
        (_("At the deadline"), _(AT_DEADLINE[form.at_deadline])),
        (_("Icebreakers"), icebreakers if form.icebreakers else _("Built in")),
        (_("Message texts"), texts if sheet.edited_texts else _("Built in")),
        (_("Time zone"), kit.escape(form.zone)),
    ]


def _choices(sheet: ProgramSheet) -> list[Json]:
    value = str(sheet.line.id)

    def button(label: str, action_id: str, style: str | None = None) -> Json:
        return kit.button(label, action_id, value=value, style=style)

    sessions = button(_("Sessions"), Ids.PROGRAM_SESSIONS)
    numbers = button(_("Statistics"), Ids.STATISTICS_PROGRAM)
    everything = kit.button(_("All programs"), Ids.PROGRAMS_BACK, value="0")
    if sheet.line.state == "archived":
        back = [button(_("Restore"), Ids.PROGRAM_RESTORE)] if sheet.may_archive else []
        return [kit.actions(sessions, numbers, *back, everything, block_id="program.choices")]
    first = kit.actions(
        button(_("Schedule a session"), Ids.PROGRAM_SCHEDULE, style="primary"),
        sessions,
        numbers,
        button(_("Settings"), Ids.PROGRAM_SETTINGS),
        button(_("Message texts"), Ids.PROGRAM_TEXTS),
        block_id="program.choices",
    )
    paused = sheet.line.state == "paused"
    rest = [button(_("Resume"), Ids.PROGRAM_RESUME) if paused else button(_("Pause"), Ids.PROGRAM_PAUSE)]
    if sheet.may_archive:
        rest.append(
            kit.button(_("Archive"), Ids.PROGRAM_ARCHIVE, value=value, style="danger", confirm=_sure(sheet))
        )
    return [first, kit.actions(*rest, everything, block_id="program.state")]


def _sure(sheet: ProgramSheet) -> Json:
    return kit.confirm(
        _("Archive this program?"),
        _(
            "Its planned and open sessions are cancelled, and those who joined one are told. "
            "What took place stays in the history. You can restore the program later, but not these sessions."
        ),
        _("Archive"),
        _("Keep it"),
        danger=True,
    )
