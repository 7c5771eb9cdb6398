"""The message of a group: who they are, why, when they could meet, and whether they did."""

from datetime import datetime

from blocks import kit, texts
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.facts import GroupIntro, PersonLine
from domain.meetings import SAID, Met, calendar_link
from domain.text import on_one_line
from domain.texts import Text

Message = tuple[str, list[Json]]
SHORT = 80  # of what people call themselves: eight of them must fit into one message


def group_intro(intro: GroupIntro) -> Message:
    """The message that brings a group together, and then shows what they say of their meeting."""
    hello = texts.body(
        Text.GROUP,
        intro.texts,
        program=texts.name(intro.program),
        partners=texts.partners(person.name for person in intro.people),
        together=texts.together(intro.repeats),
    )
    names = [kit.escape(person.name, SHORT) for person in intro.people]
    text = _("Your {program} group: {people}", program=kit.escape(intro.program), people=kit.spoken(names))
    return text, [
        kit.header(_("Meet your group: {program}", program=intro.program)),
        kit.section(hello),
        kit.section("\n".join(f"• {_person(person)}" for person in intro.people)),
        *_why(intro),
        kit.section(_("*To break the ice:* {question}", question=kit.escape(intro.icebreaker))),
        *([] if intro.past or _have_met(intro) else _times(intro)),
        *_answers(intro),
    ]


def _person(person: PersonLine) -> str:
    more = [kit.escape(part, SHORT) for part in (person.title, _city(person.zone)) if part]
    return " · ".join([f"*{kit.escape(person.name, SHORT)}*", *more])


def _city(zone: str) -> str:
    return _("{city} time", city=zone.rsplit("/", 1)[-1].replace("_", " ")) if zone else ""


def _why(intro: GroupIntro) -> list[Json]:
    if not intro.why:
        return []
    reasons = " ".join(kit.escape(reason, 2 * SHORT) for reason in intro.why[:5])
    return [kit.section(_("*Why you?* {reasons}", reasons=reasons))]


def _times(intro: GroupIntro) -> list[Json]:
    if not intro.times:
        return [
            kit.section(
                _(
                    "*When?* Your working hours do not overlap in the next days. An early or a late "
                    "half hour may do: say here what suits you."
                )
            )
        ]
    head = _("*When?* These times are in everyone's working hours. The buttons open Google Calendar.")
    title = _title(intro)
    return [kit.section(head), *(_time(start, title, intro.zone) for start in intro.times)]


def _time(start: datetime, title: str, zone: str) -> Json:
    link = kit.button(_("Add to calendar"), Ids.GROUP_CALENDAR)
    link["url"] = calendar_link(title, start)
    when = kit.date(start, zone=zone, reader_zone=zone)  # each reader's own zone is enough: it is their time
    return kit.section(when, accessory=link)


def _title(intro: GroupIntro) -> str:
    names = kit.spoken(on_one_line(person.name)[:60] for person in intro.people)
    return _("{program}: {people}", program=on_one_line(intro.program), people=names)


def _have_met(intro: GroupIntro) -> bool:
    return any(word.met == Met.YES for word in intro.words)


def _answers(intro: GroupIntro) -> list[Json]:
    """Both buttons until everybody has said, and who said what."""
    said = _said(intro)
    if intro.words and all(word.met in SAID for word in intro.words):
        return [kit.context(*said, _("Everybody has answered. Thank you!"))]
    hint = _("Next step: suggest a time right here. Whoever reads this first, goes first.")
    buttons = kit.actions(
        kit.button(_("We met"), Ids.GROUP_MET, value=intro.value, style="primary"),
        kit.button(_("Not yet"), Ids.GROUP_NOT_YET, value=intro.value),
        block_id="coffee.met",
    )
    return [buttons, kit.context(*(said or [hint]))]


def _said(intro: GroupIntro) -> list[str]:
    """A "no" is not repeated before the others: it was said to us alone."""
    met = [kit.escape(word.name, SHORT) for word in intro.words if word.met == Met.YES]
    not_yet = [kit.escape(word.name, SHORT) for word in intro.words if word.met == Met.NOT_YET]
    found = []
    if len(met) == 1:
        found.append(_("{name} says you met.", name=met[0]))
    elif met:
        found.append(_("{names} say you met.", names=kit.spoken(met)))
    if len(not_yet) == 1:
        found.append(_("{name} says: not yet.", name=not_yet[0]))
    elif not_yet:
        found.append(_("{names} say: not yet.", names=kit.spoken(not_yet)))
    return found
