"""What people read of a request that was answered, or was not: T3, T4, T6, T7, and late offers."""

from blocks import kit, texts
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_texts import body, quoted, says
from blocks.words import _, labelled, short_day
from domain.mentoring import News
from domain.mentoring_facts import Came, Expired, Offered, Sent, Skipped
from domain.text import N_
from domain.texts import MentoringText

Drawn = tuple[str, list[Json]]
PAUSED = N_("Matching is paused by the organizer.")
NEXT_LATER = N_("Matching is paused by the organizer. The next mentor on your list is asked when it goes on.")
TEXT_OF = {News.DECLINED: MentoringText.DECLINED, News.EXPIRED: MentoringText.EXPIRED}


def sent(told: Sent) -> Drawn:
    """T3: whom a mentee's list has reached."""
    lines = [*_passed(told.skipped), *(_under_way(told) if told.state == "open" else [_over(told)])]
    text = " ".join(lines)
    blocks = [kit.section(text)]
    if told.state == "open":
        blocks.append(kit.actions(withdraw(told.value), block_id="mentoring.list"))
    return labelled(kit.escape(told.program), text), blocks


def withdraw(value: str) -> Json:
    """[Withdraw Request], which closes the whole list."""
    sure = kit.confirm(
        _("Withdraw your request?"),
        _("The mentor who was asked sees that you withdrew it, and nobody else on your list is asked."),
        _("Withdraw"),
        _("Cancel"),
    )
    return kit.button(_("Withdraw Request"), Ids.WITHDRAW, value=value, confirm=sure)


def _under_way(told: Sent) -> list[str]:
    if not told.mentor:
        return [_(NEXT_LATER)]
    lines = [_("Your request went to {mentor}.", mentor=texts.name(told.mentor))]
    if told.frozen:
        lines.append(_(PAUSED))
    elif told.until:
        day = short_day(told.until, weekday=True)
        lines.append(_("They have until {day}, end of day (their time).", day=day))
    if told.following:
        lines.append(_("Next on your list: {second}.", second=texts.name(told.following)))
    return lines


def _over(told: Sent) -> str:
    if told.state == "matched" and told.mentor:
        return _("{mentor} approved your request.", mentor=texts.name(told.mentor))
    if told.state == "matched":
        return _("You have been matched, so your list is not needed any more.")
    if told.state == "withdrawn":
        return _("You withdrew this request.")
    if told.state == "exhausted":
        return _("None of your choices worked out.")
    return _("This list is closed.")


def _passed(skipped: tuple[Skipped, ...]) -> list[str]:
    """Those who were not asked, and why."""
    return [_no_place(one.name) if one.full else _unavailable(one.name) for one in skipped]


def _no_place(name: str) -> str:
    return _("{mentor} has no place left.", mentor=texts.name(name))


def _unavailable(name: str) -> str:
    return _("{mentor} is no longer available.", mentor=texts.name(name))


# --- T4, T6 and T7: a request came to nothing ----------------------------------------------------------


def came(told: Came) -> Drawn:
    """What came of a request; who is asked now, or T7."""
    first = _news(told)
    after = _after(told)
    blocks = [kit.section("\n".join([*first, *after]))] if first or after else []
    said = [*first[:1], *after]
    if told.used_up:
        head = _("Please request a new mentor")
        text = body(
            MentoringText.CHOOSE_AGAIN,
            told.texts,
            mentee=texts.name(told.mentee),
            program=texts.name(told.program),
        )
        blocks.append(kit.section(f"*{head}*\n{text}"))
        said.append(head)
    buttons = _buttons(told)
    if buttons:
        blocks.append(kit.actions(*buttons, block_id="mentoring.news"))
    return labelled(kit.escape(told.program), " ".join(said)), blocks


def _news(told: Came) -> list[str]:
    if not told.news:
        return []
    if told.news == News.FULL:
        return [_no_place(told.mentor)]
    if told.news == News.UNAVAILABLE:
        return [_unavailable(told.mentor)]
    kind = TEXT_OF[News(told.news)]
    values = {
        "mentee": texts.name(told.mentee),
        "mentor": texts.name(told.mentor),
        "program": texts.name(told.program),
        "goal": quoted(told.goal),
        "next": texts.name(told.following) if told.following else "",
    }
    if kind is MentoringText.DECLINED:
        values["response"] = quoted(told.response)
    lines = [body(kind, told.texts, **values)]
    if told.news == News.DECLINED and told.response and not says(kind, told.texts, "response"):
        lines += [_("Their response:"), f"&gt; {quoted(told.response)}"]
    return lines


def _after(told: Came) -> list[str]:
    """Who was passed by, and who is asked now."""
    lines = _passed(told.skipped)
    kind = TEXT_OF.get(News(told.news)) if told.news else None
    if told.following and not (kind and says(kind, told.texts, "next")):
        lines.append(_("We asked {next}.", next=texts.name(told.following)))
    elif told.paused:
        lines.append(_(NEXT_LATER))
    return lines


def _buttons(told: Came) -> list[Json]:
    if told.may_choose:
        return [
            kit.button(_("Choose Mentors"), Ids.CHOOSE, value=told.value, style="primary"),
            kit.button(_("Ask the Organizer"), Ids.ASK_ORGANIZER, value=told.value),
        ]
    return [withdraw(told.list_value)] if told.may_withdraw else []


def expired(told: Expired) -> Drawn:
    """T6 to the mentor, and what became of their late offer."""
    text = body(
        MentoringText.EXPIRED_MENTOR,
        told.texts,
        mentee=texts.name(told.mentee),
        mentor=texts.name(told.mentor),
        program=texts.name(told.program),
        goal=quoted(told.goal),
    )
    said = _("The request from {mentee} expired", mentee=kit.escape(told.mentee))
    buttons = [kit.button(_("Pause Requests"), Ids.PAUSE_OPEN, value=told.value)]
    if told.may_offer:
        buttons.append(kit.button(_("Offer Anyway"), Ids.OFFER, value=told.request_value))
    blocks = [kit.section(text)]
    if told.offer:
        blocks.append(kit.context(_offer_of(told)))
    elif told.may_offer:
        asks = _(
            "*Offer Anyway* asks {mentee} whether you may still be their mentor.",
            mentee=texts.name(told.mentee),
        )
        blocks.append(kit.context(asks))
    return said, [*blocks, kit.actions(*buttons, block_id="mentoring.expired")]


def _offer_of(told: Expired) -> str:
    mentee = texts.name(told.mentee)
    if told.offer == "made":
        day = short_day(told.until, weekday=True) if told.until else ""
        return _(
            "You offered to be their mentor all the same. {mentee} has until {day}, end of day (their time).",
            mentee=mentee,
            day=day,
        )
    if told.offer == "accepted":
        return _("{mentee} accepted your offer: you are matched.", mentee=mentee)
    if told.offer == "declined":
        return _("{mentee} does not need your offer any more. Thank you for making it.", mentee=mentee)
    return _("{mentee} did not answer your offer in time.", mentee=mentee)


def offered(told: Offered) -> Drawn:
    """A mentor's late offer to a mentee, and what became of it."""
    mentor = texts.name(told.mentor)
    text = _("{mentor} can take you after all.", mentor=mentor)
    blocks = [kit.section(f"*{texts.name(told.program)}*\n{text}")]
    if told.offer == "made":
        day = short_day(told.until, weekday=True) if told.until else ""
        blocks[0] = kit.section(
            f"*{texts.name(told.program)}*\n{text} " + _("Please answer by *{day}*, end of day.", day=day)
        )
        blocks.append(
            kit.actions(
                kit.button(_("Accept"), Ids.OFFER_ACCEPT, value=told.value, style="primary"),
                kit.button(_("No Thanks"), Ids.OFFER_DECLINE, value=told.value),
                block_id="mentoring.offer",
            )
        )
    else:
        blocks.append(kit.context(_answer_of(told)))
    return labelled(kit.escape(told.program), text), blocks


def _answer_of(told: Offered) -> str:
    if told.offer == "accepted":
        return _("You accepted: you are matched.")
    if told.offer == "declined":
        return _("You said no, thanks.")
    return _("This offer is over.")
