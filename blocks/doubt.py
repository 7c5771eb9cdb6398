"""The question to an organizer about a message whose fate nobody can look up."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.facts import Doubt


def doubt(about: Doubt) -> tuple[str, list[Json]]:
    """Did it arrive? Asked, because a second introduction is worse than a late one."""
    name = kit.escape(about.program)
    people = kit.spoken(kit.escape(person) for person in about.people)
    text = _(
        "*{program}: I cannot tell whether one group got its message*\n"
        "Slack did not answer when I introduced {people}. Please ask one of them.",
        program=name,
        people=people,
    )
    return _("{program}: did this message arrive?", program=name), [
        kit.section(text),
        kit.actions(
            kit.button(_("It arrived"), Ids.DOUBT_ARRIVED, value=str(about.outbox_id)),
            kit.button(_("Send it"), Ids.DOUBT_SEND, value=str(about.outbox_id), style="primary"),
            block_id="doubt.choices",
        ),
    ]
