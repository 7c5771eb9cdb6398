"""The mentoring part of somebody's App Home: where they stand, what they can do, and what waits for them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from blocks import kit, words
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.words import _, n_
from domain.mentoring import Process, Status, Taking
from domain.mentoring_home import MyMatch, MyMentoring, MyProgram, MyRequest, MyWaiting


def parts(told: MyMentoring) -> list[Json]:
    """One part a program, with what can be done now; nothing for who may not take part."""
    if not told.programs:
        return []
    blocks = [kit.header(_("Mentoring"))]
    for one in told.programs:
        blocks += _program(one, told.zone)
    if told.more:
        more = n_("{count} more mentoring program.", "{count} more mentoring programs.", told.more)
        blocks.append(kit.context(more))
    return blocks


# --- A program -----------------------------------------------------------------------------------------


def _program(one: MyProgram, zone: str) -> list[Json]:
    lines = [f"*{kit.escape(one.name)}*", *_where(one, zone)]
    blocks = [kit.section("\n".join(lines))]
    for match in one.matches:
        blocks += _match(match, one)
    if one.more_matches:
        blocks.append(kit.context(n_("{count} more match.", "{count} more matches.", one.more_matches)))
    return [*blocks, kit.actions(*_buttons(one), block_id=f"home.mentoring.{one.program_id}")]


def _where(one: MyProgram, zone: str) -> list[str]:
    """Where somebody stands, in words."""
    if not one.takes_part:
        return [_("You do not take part yet.")]
    if one.taking is Taking.REGISTERED:
        return [_("You are registered. Please complete your profile: press *Edit Profile*.")]
    lines = [_paused(one, zone)] if one.taking is Taking.PAUSED else []
    told = one.status is Status.MATCHED and one.matches  # with whom stands below
    if one.mentee and one.status is not Status.PAUSED and not told:
        lines.append(_requested(one.request) if one.request else _as_mentee(one))
    if one.mentor and not one.peers and one.taking is Taking.ACTIVE:
        lines.append(_as_mentor(one))
    return lines or ([] if one.matches else [_("You take part.")])


def _paused(one: MyProgram, zone: str) -> str:
    if one.paused_until is None:
        return _("You take a break: nobody asks you, until you come back.")
    day = words.day(one.paused_until.astimezone(ZoneInfo(zone)).date(), year=True)
    return _("You take a break until {day}: nobody asks you.", day=day)


def _as_mentee(one: MyProgram) -> str:
    if one.status is Status.MATCHED:
        return _("You are matched.")
    if one.status is Status.PICK_AGAIN:
        return _("None of your choices worked out. Please choose again.")
    if one.process == Process.ADMIN:
        return _("You take part as mentee. The organizers match, and you hear from them.")
    if one.status is Status.CHOOSING:
        return _("Your choices are saved as a draft.")
    if one.may_choose:
        return _("You take part as mentee. You can choose mentors now.")
    return _("You take part as mentee. You can choose mentors as soon as matching is on.")


def _requested(request: MyRequest) -> str:
    mentor = kit.escape(request.mentor)
    if request.frozen:
        return _("Matching is paused by the organizer. Your request to {mentor} waits.", mentor=mentor)
    if not mentor:
        return _("Your list waits until matching is on again.")
    if request.until is None:
        return _("Your request is on its way to {mentor}.", mentor=mentor)
    day = words.short_day(request.until, weekday=True)
    return _("Your request to {mentor} is open until {day}, end of day (their time).", mentor=mentor, day=day)


def _as_mentor(one: MyProgram) -> str:
    return n_(
        "You take part as mentor: {free} of {count} place left.",
        "You take part as mentor: {free} of {count} places left.",
        one.cap,
        free=one.free,
    )


def _match(match: MyMatch, one: MyProgram) -> list[Json]:
    other = f"<@{match.other_id}>"
    if one.peers:
        text = _("You are matched with {other}.", other=other)
    elif match.mentor:
        text = _("You are the mentor of {other}.", other=other)
    else:
        text = _("Your mentor is {other}.", other=other)
    value = f"{match.match_id}.0"
    buttons = [
        kit.button(_("Propose a Time"), MentoringIds.MEETING_PROPOSE, value=value),
        kit.button(_("Log a Session"), MentoringIds.MEETING_LOG, value=value),
    ]
    if match.end_asked:
        text += " " + _("The organizers were asked to end this match.")
    else:
        buttons.append(kit.button(_("Ask to End Match"), MentoringIds.END_ASK_OPEN, value=value))
    return [kit.section(text), kit.actions(*buttons, block_id=f"home.match.{match.match_id}")]


def _buttons(one: MyProgram) -> list[Json]:
    value = str(one.program_id)
    support = kit.button(_("Message Support"), MentoringIds.SUPPORT_OPEN, value=value)
    if not one.takes_part:
        return [*_joining(one), support]
    if one.taking is Taking.PAUSED:
        rest = kit.button(_("Come Back"), MentoringIds.COME_BACK, value=value, style="primary")
    else:
        rest = kit.button(_("Pause Requests"), MentoringIds.PAUSE_OPEN, value=value)
    return [
        *_choosing(one),
        kit.button(_("Edit Profile"), MentoringIds.PROFILE_OPEN, value=value),
        *([] if one.taking is Taking.REGISTERED else [rest]),
        kit.button(_("Leave Program"), MentoringIds.LEAVE, value=value, confirm=_sure(one)),
        support,
    ]


def _joining(one: MyProgram) -> list[Json]:
    value = str(one.program_id)
    if one.peers:
        return [kit.button(_("Join"), MentoringIds.JOIN_PEER, value=value, style="primary")]
    return [
        kit.button(_("Join as Mentee"), MentoringIds.JOIN_MENTEE, value=value),
        kit.button(_("Join as Mentor"), MentoringIds.JOIN_MENTOR, value=value),
    ]


def _choosing(one: MyProgram) -> list[Json]:
    if one.request is not None:
        value = f"{one.request.list_id}.0"
        return [kit.button(_("Withdraw Request"), MentoringIds.WITHDRAW, value=value)]
    if not one.may_choose:
        return []
    choose = MentoringIds.CHOOSE
    return [kit.button(_("Choose Mentors"), choose, value=f"{one.program_id}.0", style="primary")]


def _sure(one: MyProgram) -> Json:
    return kit.confirm(
        _("Leave Program"),
        _(
            "You leave {program}. Your requests are closed, and your matches end; the others are told.",
            program=one.name,
        ),
        _("Leave Program"),
        _("Stay"),
        danger=True,
    )


# --- What waits for them -------------------------------------------------------------------------------


def waiting_parts(told: MyMentoring) -> list[Json]:
    """What waits for their press, with its buttons; the header stands above."""
    blocks = [block for one in told.waiting for block in _waits(one, told.zone)]
    if told.more_waiting:
        blocks.append(kit.context(n_("{count} more waits.", "{count} more wait.", told.more_waiting)))
    return blocks


def _waits(one: MyWaiting, zone: str) -> Sequence[Json]:
    text, buttons = {"request": _request, "offer": _offer, "choose": _choose, "check_in": _check_in}[
        one.what
    ](one, zone)
    return [
        kit.section(f"*{kit.escape(one.program)}*: {text}"),
        kit.actions(*buttons, block_id=f"home.{one.what}.{one.value}"),
    ]


def _request(one: MyWaiting, zone: str) -> tuple[str, list[Json]]:
    text = _("{mentee} would like you as mentor.", mentee=kit.escape(one.other))
    if one.until is not None:
        text += " " + _("Please answer by *{day}, end of day*.", day=words.short_day(one.until, weekday=True))
    if one.goal:
        text += f"\n> {kit.escape(one.goal)}"
    return text, [
        kit.button(_("Approve"), MentoringIds.APPROVE, value=one.value, style="primary"),
        kit.button(_("Decline"), MentoringIds.DECLINE, value=one.value),
    ]


def _offer(one: MyWaiting, zone: str) -> tuple[str, list[Json]]:
    return _("{mentor} can take you after all.", mentor=kit.escape(one.other)), [
        kit.button(_("Accept"), MentoringIds.OFFER_ACCEPT, value=one.value, style="primary"),
        kit.button(_("No Thanks"), MentoringIds.OFFER_DECLINE, value=one.value),
    ]


def _choose(one: MyWaiting, zone: str) -> tuple[str, list[Json]]:
    return _("choose the mentors you would like."), [
        kit.button(_("Choose Mentors"), MentoringIds.CHOOSE, value=one.value, style="primary")
    ]


def _check_in(one: MyWaiting, zone: str) -> tuple[str, list[Json]]:
    text = _("Did your session take place?")
    if one.at is not None:
        when = kit.date(one.at, zone=zone, reader_zone=zone, form="short")
        text = f"{text} ({kit.escape(one.other)}, {when})"
    return text, [
        kit.button(_("Yes"), MentoringIds.CHECK_YES, value=one.value),
        kit.button(_("No"), MentoringIds.CHECK_NO, value=one.value),
    ]
