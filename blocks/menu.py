"""The private menu of /sessions."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _


def menu(*, organizes: bool, unknown: str = "", closest: str = "") -> tuple[str, list[Json]]:
    """What somebody may do here; *unknown* is the word that was typed and not understood."""
    blocks = [kit.section(_unknown(unknown, closest))] if unknown else []
    return "Sessions", blocks + (_for_organizers() if organizes else _for_members())


def _unknown(word: str, closest: str) -> str:
    shown = kit.escape(word, 40)
    if closest:
        return _("I do not know “{word}”. Did you mean `/sessions {closest}`?", word=shown, closest=closest)
    return _("I do not know “{word}”.", word=shown)


def _for_organizers() -> list[Json]:
    lines = [
        _("*Sessions* brings people together on a date."),
        _("`/sessions schedule` – choose the dates of a session, or say them all on one line"),
        _("`/sessions planning` – all sessions in a calendar"),
        _("`/sessions list` – all sessions in a list"),
        _("`/sessions programs` – programs, their people and settings"),
        _("`/sessions mentoring` – mentoring programs, in the Home tab"),
        _("`/sessions export` – files for a spreadsheet"),
        *_mine(),
    ]
    return [
        kit.section("\n".join(lines)),
        kit.context(
            _(
                "For example: `/sessions schedule coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris "
                "every 2 weeks`"
            )
        ),
        kit.actions(
            kit.button(_("Schedule a session"), Ids.SCHEDULE_OPEN, style="primary"),
            kit.button(_("Planning"), Ids.PLANNING_OPEN),
            kit.button(_("List"), Ids.MENU_LIST),
            kit.button(_("Programs"), Ids.PROGRAMS_OPEN),
            kit.button(_("Export"), Ids.MENU_EXPORT),
            kit.button(_("My sessions"), Ids.ME_OPEN),
            block_id="menu.choices",
        ),
    ]


def _for_members() -> list[Json]:
    hello = _(
        "*Sessions* brings people together on a date. When a session is planned for you, I will "
        "ask you in a direct message: press Join or Decline there. Only admins and owners of a program "
        "schedule sessions."
    )
    return [
        kit.section("\n".join([hello, *_mine()])),
        kit.actions(kit.button(_("My sessions"), Ids.ME_OPEN, style="primary"), block_id="menu.choices"),
    ]


def _mine() -> list[str]:
    return [
        _("`/sessions new` – book a 1:1 session with a guest or a colleague"),
        _("`/sessions host` – your 1:1 sessions, in the Home tab"),
        _("`/sessions classes` – classes and memberships, in the Home tab"),
        _("`/sessions me` – your sessions and answers, a break, your data"),
        _("`/sessions help` – this menu"),
    ]
