"""What is asked and told after the groups were made: whether people met, and that we leave them in peace."""

from blocks import kit, texts
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.meetings import FollowUp, Met, Rested
from domain.texts import Text

Message = tuple[str, list[Json]]


def follow_up(asked: FollowUp) -> Message:
    """ "Did you meet?", and once somebody has said, what they said."""
    if asked.met in (Met.YES, Met.NO):
        return _answered(asked)
    head = _("Did you meet? {program}", program=kit.escape(asked.program))
    text = texts.body(
        Text.FOLLOW_UP,
        asked.texts,
        first_name=texts.called(asked.reader),
        program=texts.name(asked.program),
        partners=texts.partners(asked.partners),
    )
    blocks = [
        kit.section(f"*{_('Did you meet?')}*\n{text}"),
        kit.actions(
            kit.button(_("We met"), Ids.FOLLOW_UP_MET, value=asked.value, style="primary"),
            kit.button(_("We did not meet"), Ids.FOLLOW_UP_NO, value=asked.value),
            block_id="coffee.follow_up",
        ),
        kit.context(_("A meeting that did not happen does not count: you may be brought together again.")),
    ]
    if asked.again:
        blocks.insert(0, kit.context(_("You may have seen this already; one answer is enough.")))
    return head, blocks


def _answered(asked: FollowUp) -> Message:
    partners = texts.partners(asked.partners)
    if asked.met == Met.YES:
        head = _("You met")
        text = _("Noted: you met {partners}. Thank you for telling us.", partners=partners)
        other = kit.button(_("We did not meet"), Ids.FOLLOW_UP_NO, value=asked.value)
    else:
        head = _("You did not meet")
        text = _(
            "Noted: you did not meet {partners}. It does not count, and it is still not too late.",
            partners=partners,
        )
        other = kit.button(_("We met"), Ids.FOLLOW_UP_MET, value=asked.value)
    said = _("{program}: {title}", program=kit.escape(asked.program), title=head)
    return said, [kit.section(f"*{head}*\n{text}"), kit.actions(other, block_id="coffee.follow_up")]


def rested(told: Rested) -> Message:
    """Tells somebody who never answered that they are not asked any more, with the way back."""
    program = texts.name(told.program)
    if told.back:
        head = _("Welcome back: {program}", program=kit.escape(told.program))
        text = _("*Welcome back.* I will ask you again when the next session of *{program}* opens.",
                 program=program)  # fmt: skip
        return head, [kit.section(text)]
    head = _("Taking a break from {program}", program=kit.escape(told.program))
    text = _(
        "{first_name}, I asked you three times in a row whether you join *{program}*, and there was no "
        "answer. That is fine: I will not ask you again until you want me to.",
        first_name=texts.called(told.reader),
        program=program,
    )
    return head, [
        kit.section(f"*{_('I will leave you in peace')}*\n{text}"),
        kit.actions(
            kit.button(_("Ask me again"), Ids.ASK_AGAIN, value=told.value, style="primary"),
            block_id="coffee.silent",
        ),
    ]
