"""What mentees and mentors read: each message, in whatever state it is."""

from collections.abc import Callable
from typing import Any

from blocks import kit, texts
from blocks.kit import Json
from blocks.mentoring_answers import came, expired, offered, sent
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_request import asked
from blocks.mentoring_texts import again, body, quoted, sentence
from blocks.mentoring_words import label
from blocks.words import _, labelled, n_
from domain.mentoring_facts import (
    Asked,
    Came,
    Expired,
    Invited,
    Matched,
    Message,
    Note,
    Offered,
    Parted,
    PartedGroup,
    Profiled,
    Sent,
    Stuck,
)
from domain.text import N_
from domain.texts import MentoringText

Drawn = tuple[str, list[Json]]
RATINGS = (1, 2, 3, 4)


def invited(told: Invited) -> Drawn:
    """T1: asks a mentee to choose mentors."""
    head = _("Submit your mentor preferences")
    text = body(
        MentoringText.INVITE, told.texts, mentee=texts.name(told.mentee), program=texts.name(told.program)
    )
    order = n_(
        "Choose up to {count} mentor.",
        "Choose up to {count} mentors in the order you prefer.",
        told.choices,
    )
    choose = kit.actions(
        kit.button(_("Choose Mentors"), Ids.CHOOSE, value=told.value, style="primary"),
        kit.button(_("Not Now"), Ids.NOT_NOW, value=told.value),
        block_id="mentoring.invite",
    )
    return labelled(head, kit.escape(told.program)), [
        *again(told.again),
        kit.section(f"*{head}*\n{text} {order}"),
        kit.context(_("You have chosen. Nothing more is to be done here.")) if told.done else choose,
    ]


# --- T5, T8, T9: the match -----------------------------------------------------------------------------


def matched(told: Matched) -> Drawn:
    """T5: two people are matched."""
    head = _("Mentorship assignment")
    text = body(MentoringText.MATCHED, told.texts, **_both(told))
    blocks = [*again(told.again), kit.section(f"*{head}*\n{text}")]
    if told.goal and told.live:
        wants = _("{mentee} wants to work on:", mentee=texts.name(told.mentee))
        blocks.append(kit.section(f"{wants}\n&gt; {quoted(told.goal)}"))
    if told.live:
        blocks.append(
            kit.actions(
                kit.button(_("Propose a Time"), Ids.MEETING_PROPOSE, value=told.value, style="primary"),
                kit.button(_("Log a Session"), Ids.MEETING_LOG, value=told.value),
                block_id="mentoring.match",
            )
        )
    else:
        blocks.append(kit.context(_("This match has ended.")))
    names = kit.spoken([kit.escape(told.mentee), kit.escape(told.mentor)])
    return labelled(head, names), blocks


def _both(told: Matched | Parted) -> dict[str, str]:
    return {
        "mentee": texts.name(told.mentee),
        "mentor": texts.name(told.mentor),
        "program": texts.name(told.program),
    }


def stuck(told: Stuck) -> Drawn:
    """T8: a mentee without a match after two lists."""
    mentee = texts.name(told.mentee)
    text = _("{mentee} has used two lists without a match.", mentee=mentee)
    said = _("{program}: {title}", program=kit.escape(told.program), title=text)
    blocks = [kit.section(f"*{texts.name(told.program)}*\n{text}")]
    if told.waits:
        button = kit.button(
            label(N_("Match with Mentor"), told.wording), Ids.STUCK_MATCH, value=told.value, style="primary"
        )
        blocks.append(kit.actions(button, block_id="mentoring.stuck"))
    else:
        blocks.append(kit.context(_("There is nothing to do any more.")))
    return said, blocks


def parted(told: Parted) -> Drawn:
    """T9: a match has ended; and how it was."""
    head = _("Mentorship ended")
    text = body(MentoringText.ENDED, told.texts, **_both(told), other=texts.name(told.other))
    blocks = [*again(told.again), kit.section(text), kit.section(f"*{_('How was it?')}*")]
    if told.rating is None:
        numbers = [kit.button(str(one), f"{Ids.SURVEY_RATE}.{one}", value=told.value) for one in RATINGS]
        blocks += [
            kit.actions(*numbers, block_id="mentoring.survey"),
            kit.context(_("1 is poor, 4 is very good. Organizers see the number, the other one does not.")),
        ]
    else:
        blocks[-1] = kit.context(_("How was it? You said {rating} of 4. Thank you.", rating=told.rating))
    return labelled(head, kit.escape(told.other)), blocks


def parted_group(told: PartedGroup) -> Drawn:
    """The last line of a conversation."""
    text = _(
        "The mentorship of {mentee} and {mentor} in *{program}* has ended. This conversation stays yours.",
        mentee=texts.name(told.mentee),
        mentor=texts.name(told.mentor),
        program=texts.name(told.program),
    )
    return text, [kit.section(text)]


# --- What else is told ---------------------------------------------------------------------------------


def profiled(told: Profiled) -> Drawn:
    """Asks somebody for their profile."""
    program = texts.name(told.program)
    head = _("Complete your profile")
    text = _(
        "Hi {name}, an organizer has added you to *{program}*. You take part as soon as your profile is "
        "complete: what you look for, what you offer, and the languages you speak.",
        name=texts.name(told.reader),
        program=program,
    )
    last = (
        kit.context(_("Your profile is complete. You can change it in the Home tab."))
        if told.done
        else kit.actions(
            kit.button(_("Complete Your Profile"), Ids.PROFILE_OPEN, value=told.value, style="primary"),
            block_id="mentoring.profile",
        )
    )
    return labelled(head, kit.escape(told.program)), [
        *again(told.again),
        kit.section(f"*{head}*\n{text}"),
        last,
    ]


def note(told: Note) -> Drawn:
    """One sentence somebody must know."""
    text = sentence(told.text)
    blocks = [kit.section(f"*{texts.name(told.program)}*\n{text}")]
    if told.quote:
        blocks.append(kit.section(f"&gt; {quoted(told.quote)}"))
    if told.ends:
        end = kit.button(label(N_("End Matching"), told.wording), Ids.MATCH_END, value=str(told.ends))
        blocks.append(kit.actions(end, block_id="mentoring.end"))
    if small := sentence(told.small):
        blocks.append(kit.context(small))
    return _("{program}: {title}", program=kit.escape(told.program), title=text), blocks


def message(told: Message) -> Drawn:
    """What somebody writes to the organizers."""
    program, who = texts.name(told.program), texts.name(told.who or _("Somebody"))
    text = _("{name} writes about *{program}*:", name=who, program=program)
    lines = [kit.escape(line, 1000) for line in told.text.splitlines() if line.strip()]
    quote = "\n".join(f"&gt; {line}" for line in lines)
    said = _("{name} writes about {program}", name=kit.escape(told.who), program=kit.escape(told.program))
    return said, [kit.section(text), kit.section(quote or "&gt; …")]


RENDERERS: dict[type, Callable[[Any], Drawn]] = {
    Invited: invited,
    Asked: asked,
    Sent: sent,
    Came: came,
    Expired: expired,
    Offered: offered,
    Matched: matched,
    Stuck: stuck,
    Parted: parted,
    PartedGroup: parted_group,
    Profiled: profiled,
    Note: note,
    Message: message,
}
