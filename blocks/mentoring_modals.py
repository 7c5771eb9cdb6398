"""The small modals of the Matching page: search, a question to support, and why."""

from blocks import kit
from blocks.ids import Ids as Core
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _, retold
from domain.mentoring_board import LONGEST_SEARCH
from domain.text import Said


def search(program_id: int, typed: str) -> Json:
    """Search people of a tab by name."""
    element: Json = {"type": "plain_text_input", "action_id": Core.INPUT, "max_length": LONGEST_SEARCH}
    if typed:
        element["initial_value"] = typed
    hint = _("A part of a name is enough. Leave it empty to see everybody.")
    return kit.modal(
        _("Search"),
        [kit.field_input("name", _("Name"), element, hint=hint, optional=True)],
        callback_id=Ids.SEARCH_SAVE,
        submit=_("Search"),
        metadata={"program": program_id},
    )


def support(program_id: int) -> Json:
    """Ask the support contact of a program."""
    element = {"type": "plain_text_input", "action_id": Core.INPUT, "multiline": True, "max_length": 3000}
    return kit.modal(
        _("Message Support"),
        [kit.field_input("text", _("Your message"), element)],
        callback_id=Ids.SUPPORT_SEND,
        submit=_("Send"),
        metadata={"program": program_id},
    )


def sent() -> Json:
    """The question is on its way."""
    told = kit.section(_("Your message is on its way. You will be answered in Slack."))
    return kit.modal(_("Message Support"), [told], callback_id=Core.NOTICE, close=_("Close"))


def why(names: tuple[str, ...], reasons: tuple[Said, ...], score: int | None) -> Json:
    """Why This Match? of two people, Why Not? of one."""
    lines = [f"*{' · '.join(kit.escape(name, 80) for name in names)}*"]
    lines += [_("Score {score}", score=score)] if score is not None else []
    lines += [f"• {kit.escape(retold(one), 500)}" for one in reasons]
    title = _("Why This Match?") if len(names) == 2 else _("Why Not?")
    return kit.modal(title, [kit.section("\n".join(lines))], callback_id=Core.NOTICE, close=_("Close"))
