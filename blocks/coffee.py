"""What people read of a coffee round."""

from blocks import kit, texts
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.facts import Cancelled, LeftOut, Question
from domain.invitations import State
from domain.texts import Text

Message = tuple[str, list[Json]]


def question(ask: Question) -> Message:
    """The opt-in message in whatever state it is: asked, answered, closed, or asked again further down."""
    if ask.below:
        return _closed(ask, _("I asked you again further down: please see below."))
    if ask.session_state == "cancelled":
        return _closed(ask, _("This session was cancelled."))
    if ask.session_state != "open":
        return _closed(ask, _over(ask))
    if ask.state is State.WITHDRAWN:
        return _withdrawn(ask)
    if ask.state is State.PENDING or ask.asking:
        return _open(ask)
    return _answered(ask)


def _withdrawn(ask: Question) -> Message:
    if not ask.paused:
        return _closed(
            ask, _("You are not among the people of this program any more, so nobody waits for you.")
        )
    said, blocks = _closed(ask, _("You are taking a break, so this session goes ahead without you."))
    back = kit.button(_("Come back"), Ids.ME_BACK_TO, value=str(ask.program_id))
    return said, [*blocks, kit.actions(back, block_id="coffee.answer")]


def _open(ask: Question) -> Message:
    name = kit.escape(ask.program)
    head = _("Still time to answer: join this session?") if ask.reminder else _("Join this session?")
    text = _text(Text.REMINDER if ask.reminder else Text.OPT_IN, ask)
    blocks = [
        kit.section(f"*{head}*\n{text}"),
        kit.actions(
            kit.button(_("Join"), Ids.COFFEE_JOIN, value=ask.value, style="primary"),
            kit.button(_("Decline"), Ids.COFFEE_DECLINE, value=ask.value),
            block_id="coffee.answer",
        ),
        kit.context(_small_print(ask)),
    ]
    if ask.again:
        blocks.insert(0, kit.context(_("You may have seen this already; one answer is enough.")))
    return f"{head} {name}", blocks


def _text(kind: Text, ask: Question) -> str:
    until = ask.until or ask.match_at
    return texts.body(
        kind,
        ask.texts,
        first_name=texts.called(ask.reader),
        program=texts.name(ask.program),
        match_date=kit.date(ask.match_at, zone=ask.zone, reader_zone=ask.reader_zone),
        opt_in_until=kit.date(until, zone=ask.zone, reader_zone=ask.reader_zone),
    )


def _small_print(ask: Question) -> str:
    if ask.asking and ask.state is State.ACCEPTED:
        return _("Your answer so far: you're in. It stands until you press another button.")
    if ask.asking and ask.state is State.DECLINED:
        return _("Your answer so far: not this time. It stands until you press another button.")
    return _("You can change your answer until the groups are made. No answer means no.")


def _answered(ask: Question) -> Message:
    name = kit.escape(ask.program)
    if ask.state is State.ACCEPTED:
        head, said = _("You're in"), _("You're in: {program}", program=name)
        rest = _text(Text.JOINED, ask)
    else:
        head, said = _("Not this time"), _("Not this time: {program}", program=name)
        rest = _text(Text.DECLINED, ask)
    blocks = [
        kit.section(f"*{head}*\n{rest}"),
        kit.actions(
            kit.button(_("Change my answer"), Ids.COFFEE_CHANGE, value=ask.value), block_id="coffee.answer"
        ),
    ]
    if ask.automatic:
        blocks.append(kit.context(_("You take part automatically, so you were not asked first.")))
    return said, blocks


def _over(ask: Question) -> str:
    if ask.state is State.DECLINED:
        return _("You declined this session. It is closed now.")
    if ask.state is State.WITHDRAWN:
        return _("This session went ahead without you.")
    if ask.state is not State.ACCEPTED:
        return _("This session is closed now, and there was no answer from you. No harm done.")
    if ask.session_state in ("matching", "review"):
        return _("You're in: the groups are being made.")
    if ask.placed:
        return _("You're in: your group has a conversation of its own.")
    return _("You joined, but there was no group for you this time.")


def _closed(ask: Question, sentence: str) -> Message:
    name = kit.escape(ask.program)
    said = _("{program}: {title}", program=name, title=sentence)
    return said, [kit.section(f"*{name}*\n{sentence}")]


def left_out(out: LeftOut) -> Message:
    """Tells somebody who joined why they are in no group."""
    name = kit.escape(out.program)
    head = _("No group this time: {program}", program=name)
    text = texts.body(
        Text.LEFT_OUT,
        out.texts,
        first_name=texts.called(out.reader),
        program=texts.name(out.program),
        reason=kit.escape(out.reason),
    )
    return head, [kit.section(f"*{head}*\n{text}")]


def cancelled(off: Cancelled) -> Message:
    """Tells somebody who joined that the session will not happen."""
    name = kit.escape(off.program)
    head = _("{program} was cancelled", program=name)
    text = texts.body(
        Text.CANCELLED,
        off.texts,
        first_name=texts.called(off.reader),
        program=texts.name(off.program),
        match_date=kit.date(off.match_at, zone=off.zone, reader_zone=off.reader_zone),
    )
    return _("Cancelled: {program}", program=name), [kit.section(f"*{head}*\n{text}")]
