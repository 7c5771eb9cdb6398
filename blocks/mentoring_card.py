"""The card of a mentoring program in the list of programs."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.mentoring_words import label
from blocks.words import _, n_
from domain.mentoring import PROCESSES, Process
from domain.programs import MentoringSheet, ProgramLine
from domain.text import N_

FEW = 6  # organizers who are named


def matching(line: ProgramLine) -> str:
    """Whether its matching is on."""
    return _("matching is on") if line.on else _("matching is off")


def card(sheet: MentoringSheet, *, note: str = "") -> Json:
    """The modal with the card; *note* says what was just done."""
    line = sheet.line
    archived = line.state == "archived"
    page = label(N_("Matching page"), sheet.wording)
    told = _("Its {page} is open in the Home tab.", page=page)
    blocks = [kit.context(note)] if note else []
    blocks += [kit.header(line.name)]
    blocks.append(
        kit.section(_("*Archived.* Its matches have ended; what took place stays."))
        if archived
        else kit.section(told)
    )
    blocks += [kit.fields(_about(sheet)), *_choices(sheet)]
    return kit.modal(
        _("Program"), blocks, callback_id=Ids.PROGRAM_CARD, close=_("Close"), metadata={"program": line.id}
    )


def _about(sheet: MentoringSheet) -> list[tuple[str, str]]:
    names = kit.spoken(kit.escape(name, 40) for name in sheet.organizers[:FEW])
    if len(sheet.organizers) > FEW:
        shown = ", ".join(kit.escape(name, 40) for name in sheet.organizers[:FEW])
        names = _("{names} and {count} more", names=shown, count=len(sheet.organizers) - FEW)
    return [
        (_("Kind"), _("Mentoring")),
        (label(N_("Matching Process"), sheet.wording), _(PROCESSES[Process(sheet.process)])),
        (_("People"), n_("{count} person", "{count} people", sheet.line.people or 0)),
        (_("Organizers"), names or _("none, only admins")),
        (_("Time zone"), kit.escape(sheet.line.zone)),
        (_("Matching"), _("On") if sheet.line.on else _("Off")),
    ]


def _choices(sheet: MentoringSheet) -> list[Json]:
    value = str(sheet.line.id)
    everything = kit.button(_("All programs"), Ids.PROGRAMS_BACK, value="0")
    if sheet.line.state == "archived":
        back = [kit.button(_("Restore"), Ids.PROGRAM_RESTORE, value=value)] if sheet.may_archive else []
        return [kit.actions(*back, everything, block_id="program.choices")]
    rest = []
    if sheet.may_archive:
        rest.append(
            kit.button(_("Archive"), Ids.PROGRAM_ARCHIVE, value=value, style="danger", confirm=_sure())
        )
    settings = kit.button(_("Settings"), MentoringIds.SETTINGS_OPEN, value=value)
    return [kit.actions(settings, *rest, everything, block_id="program.choices")]


def _sure() -> Json:
    return kit.confirm(
        _("Archive this program?"),
        _(
            "Matching is turned off, open requests are closed, staged matches are discarded, and active "
            "matches end: both people are told. You can restore the program later, but not these."
        ),
        _("Archive"),
        _("Keep it"),
        danger=True,
    )
