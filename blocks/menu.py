"""The private menu of /sessions."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.text import N_


def menu(*, admin: bool, unknown: str = "", closest: str = "") -> tuple[str, list[Json]]:
    """What somebody may do here; *unknown* is the word that was typed and not understood."""
    blocks = []
    if unknown:
        word = kit.escape(unknown, 40)
        if closest:
            asked = N_("I do not know “{word}”. Did you mean `/sessions {closest}`?")
            text = _(asked, word=word, closest=closest)
        else:
            text = _("I do not know “{word}”.", word=word)
        blocks.append(kit.section(text))
    if admin:
        blocks += [
            kit.section(
                _(
                    "*Sessions* brings people together on a date.\n"
                    "`/sessions schedule` – choose the dates of a session, and create programs\n"
                    "`/sessions help` – this menu"
                )
            ),
            kit.actions(
                kit.button(_("Schedule a session"), Ids.SCHEDULE_OPEN, style="primary"),
                block_id="menu.choices",
            ),
        ]
    else:
        blocks.append(
            kit.section(
                _(
                    "*Sessions* brings people together on a date. When a session is planned for you, I will "
                    "ask you in a direct message: press Join or Decline there. Only admins schedule sessions."
                )
            )
        )
    return "Sessions", blocks
