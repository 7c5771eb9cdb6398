"""The private menu of /sessions."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json


def menu(*, admin: bool, unknown: str = "", closest: str = "") -> tuple[str, list[Json]]:
    """What somebody may do here; *unknown* is the word that was typed and not understood."""
    blocks = []
    if unknown:
        hint = f" Did you mean `/sessions {closest}`?" if closest else ""
        blocks.append(kit.section(f"I do not know “{kit.escape(unknown, 40)}”.{hint}"))
    if admin:
        blocks += [
            kit.section(
                "*Sessions* brings people together on a date.\n"
                "`/sessions schedule` – choose the dates of a session, and create programs\n"
                "`/sessions help` – this menu"
            ),
            kit.actions(
                kit.button("Schedule a session", Ids.SCHEDULE_OPEN, style="primary"), block_id="menu.choices"
            ),
        ]
    else:
        blocks.append(
            kit.section(
                "*Sessions* brings people together on a date. When a session is planned for you, I will ask "
                "you in a direct message: press Join or Decline there. Only admins schedule sessions."
            )
        )
    return "Sessions", blocks
