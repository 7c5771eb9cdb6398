"""T2 and R1: the question to a mentor, and what became of it."""

from dataclasses import replace

from blocks import kit, texts
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_texts import again, body, quoted, says, until
from blocks.words import _, labelled, short_day
from domain.mentoring import Asking
from domain.mentoring_facts import Asked
from domain.text import N_
from domain.texts import MentoringText, without_lines

Drawn = tuple[str, list[Json]]
STATES = {
    Asking.APPROVED: N_("Approved on {day} by you."),
    Asking.DECLINED: N_("Declined on {day} by you."),
    Asking.EXPIRED: N_("Expired on {day}. There is nothing to do."),
    Asking.WITHDRAWN: N_("Withdrawn by {mentee}."),
    Asking.CLOSED_FULL: N_("{mentor} has no place left."),
    Asking.CANCELLED: N_("No longer needed, {mentee} has been matched."),
    Asking.FROZEN: N_("Matching is paused by the organizer."),
}


def asked(told: Asked) -> Drawn:
    """T2, or R1 where it reminds of it; and what became of it."""
    if told.state is not Asking.PENDING:
        return _closed(told)
    head, mentee = _("New mentorship request"), texts.name(told.mentee)
    if told.reminder:
        text = _("{mentee} is waiting for your answer, due {day}.", mentee=mentee, day=_bold_day(told))
        said = _("{mentee} is waiting for your answer", mentee=kit.escape(told.mentee))
    else:
        text, said = f"*{head}*\n{_question(told)}\n{_due(told)}", labelled(head, kit.escape(told.mentee))
    return said, [*again(told.again), kit.section(text), _answers(told)]


def _question(told: Asked) -> str:
    if told.proposer:
        return _(
            "{organizer} asks whether you would be the mentor of {mentee} in *{program}*.",
            organizer=texts.name(told.proposer),
            mentee=texts.name(told.mentee),
            program=texts.name(told.program),
        )
    return body(
        MentoringText.REQUEST,
        told.texts,
        mentee=texts.name(told.mentee),
        mentor=texts.name(told.mentor),
        program=texts.name(told.program),
        goal=quoted(told.goal),
        deadline=until(told.until),
    )


def _due(told: Asked) -> str:
    places = _("You have {free} of {cap} places left.", free=told.free, cap=told.cap)
    if not told.until or (says(MentoringText.REQUEST, told.texts, "deadline") and not told.proposer):
        return places
    return places + " " + _("Please answer by *{deadline}*, end of day.", deadline=_day(told))


def _day(told: Asked) -> str:
    return short_day(told.until, weekday=True) if told.until else ""


def _bold_day(told: Asked) -> str:
    return f"*{_day(told)}*"


def _answers(told: Asked) -> Json:
    return kit.actions(
        kit.button(_("Approve"), Ids.APPROVE, value=told.value, style="primary"),
        kit.button(_("Decline"), Ids.DECLINE, value=told.value),
        kit.button(_("View Profile"), Ids.VIEW_MENTEE, value=told.value),
        block_id="mentoring.request",
    )


def _closed(told: Asked) -> Drawn:
    """The question, and what became of it; there is nothing to press any more."""
    head, state = _("Mentorship request"), _state(told)
    blocks = [kit.section(f"*{head}*\n{_question(_undated(told))}"), kit.section(state)]
    if told.state is Asking.DECLINED and told.response:
        blocks.append(kit.context(_("Your response: {response}", response=quoted(told.response))))
    return labelled(head, state), blocks


def _undated(told: Asked) -> Asked:
    """Without the lines of an own text that say until when one may answer."""
    own = told.texts.get(MentoringText.REQUEST)
    if not own:
        return told
    kept = without_lines(own, ["deadline"])
    return replace(told, texts={**told.texts, MentoringText.REQUEST: kept})


def _state(told: Asked) -> str:
    day = short_day(told.decided) if told.decided else ""
    mentee, mentor = texts.name(told.mentee), texts.name(told.mentor)
    sentence = STATES.get(told.state, N_("This request is closed. There is nothing to do."))
    return _(sentence, day=day, mentee=mentee, mentor=mentor)
