"""The session card: how a session stands, and what its organizers can do with it now."""

from datetime import datetime

from blocks import chart, kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.facts import SessionCard

Message = tuple[str, list[Json]]


def message(card: SessionCard) -> Message:
    """The card in direct messages, with a chart."""
    text = _("{program}: {state}", program=kit.escape(card.program), state=state_of(card))
    blocks = [kit.header(_("Session: {program}", program=card.program)), *_facts(card)]
    if _counts(card):
        blocks.append(chart.bars(_("Answers"), _("People"), _bars(card)))
    return text, [*blocks, *_end(card)]


def parts(card: SessionCard) -> list[Json]:
    """The card in App Home and in modals, where charts are text."""
    head = _("Session: {program}", program=kit.escape(card.program))
    blocks = [kit.section(f"*{head}*"), *_facts(card)]
    if _counts(card):
        blocks.append(chart.text_bars(_bars(card)))
    return [*blocks, *_end(card)]


def view(card: SessionCard) -> Json:
    """The card in a modal of its own."""
    metadata = {"occurrence": card.occurrence_id, "card": True}
    close = _("Close")
    return kit.modal(_("Session"), parts(card), callback_id=Ids.CARD_SHOW, close=close, metadata=metadata)


def _counts(card: SessionCard) -> bool:
    return card.asks_first and card.asked > 0


def _facts(card: SessionCard) -> list[Json]:
    pairs = [(_("Opt-in date"), _date(card, card.opt_in_at))] if card.opt_in_at else []
    pairs.append((_("Matching date"), _matching(card)))
    if _counts(card):
        pairs += [
            (_("Asked"), str(card.asked)),
            (_("Joined"), str(card.joined)),
            (_("Declined"), str(card.declined)),
            (_("No answer"), str(card.silent)),
            (_("Failed"), str(card.failed)),
            (_("Paused or left"), str(card.left)),
        ]
    elif card.asked:
        pairs.append((_("People"), str(card.joined)))
    return [kit.section(f"{_mark(card)} {state_of(card)}"), kit.fields(pairs)]


def _bars(card: SessionCard) -> list[tuple[str, int]]:
    found = [(_("Joined"), card.joined), (_("Declined"), card.declined), (_("No answer"), card.silent)]
    rare = [(_("Failed"), card.failed), (_("Paused or left"), card.left)]
    return found + [(label, count) for label, count in rare if count]


def _date(card: SessionCard, instant: datetime) -> str:
    return kit.date(instant, zone=card.zone, reader_zone=card.reader_zone)


def _matching(card: SessionCard) -> str:
    if not card.review:
        return _date(card, card.match_at)
    return _date(card, card.send_at) if card.send_at else _("none yet")


def _mark(card: SessionCard) -> str:
    marks = {"open": "green", "review": "yellow", "matching": "yellow", "matched": "blue", "closed": "white"}
    return f":large_{marks[card.state]}_circle:" if card.state in marks else ":black_circle:"


def state_of(card: SessionCard) -> str:
    """How a session stands, as a sentence."""
    sentences = {
        "planned": _planned,
        "open": _open,
        "matching": lambda _card: _("The answers are closed, and the groups are being made."),
        "review": _review,
        "matched": _matched,
        "closed": _closed,
        "cancelled": lambda _card: _("Cancelled: nothing more is sent."),
        "skipped": _skipped,
    }
    return sentences[card.state](card)


def _open(card: SessionCard) -> str:
    closes = _date(card, card.match_at)
    if card.review:
        return _("Open: answers count until {date}, and then you review the groups.", date=closes)
    return _("Open: answers count until {date}.", date=closes)


def _matched(card: SessionCard) -> str:
    if not card.groups:
        return _("Over: fewer than two people joined, so there are no groups.")
    return n_("Matched: {count} group was made.", "Matched: {count} groups were made.", card.groups)


def _skipped(card: SessionCard) -> str:
    return _("Skipped, because {reason}.", reason=kit.escape(retold(card.reason)))


def _planned(card: SessionCard) -> str:
    if card.opt_in_at:
        return _("Planned: the opt-in messages go out on {date}.", date=_date(card, card.opt_in_at))
    return _("Planned: the groups are made on {date}.", date=_date(card, card.match_at))


def _review(card: SessionCard) -> str:
    if card.send_at is None:
        return _("In review, no matching date. Nothing is sent without one.")
    when = _date(card, card.send_at)
    if card.confirmed:
        return _("In review: the groups get their messages on {date}.", date=when)
    if card.waits:
        return _("In review: nothing is sent on {date} unless you confirm the matching date.", date=when)
    return _("In review: the groups are sent as they are on {date}.", date=when)


def _closed(card: SessionCard) -> str:
    if not card.met:
        return n_("Closed: {count} group was made.", "Closed: {count} groups were made.", card.groups)
    return n_(
        "Closed: {met} of {count} group met.",
        "Closed: {met} of {count} groups met.",
        card.groups,
        met=card.met,
    )


def _end(card: SessionCard) -> list[Json]:
    blocks = []
    if card.reminder_at is not None:
        when = _date(card, card.reminder_at)
        blocks.append(kit.context(_("Reminder to those without an answer: {when}", when=when)))
    buttons = _buttons(card)
    return [*blocks, kit.actions(*buttons, block_id=f"card.{card.occurrence_id}")] if buttons else blocks


def _buttons(card: SessionCard) -> list[Json]:
    """What can be done in this state, the next step first."""
    value = str(card.occurrence_id)
    update = kit.button(_("Update schedule"), Ids.CARD_UPDATE, value=value)
    people = [kit.button(_("People"), Ids.CARD_PEOPLE, value=value)] if card.asked else []
    people += [kit.button(_("Delivery"), Ids.LEDGER_OPEN, value=value)] if card.asked else []
    dry_run = [kit.button(_("Dry run"), Ids.CARD_DRY_RUN, value=value)]
    if card.state == "planned":
        return [update, *_reminder(card, value), cancel(card), *([] if card.asks_first else dry_run)]
    if card.state == "open":
        return [update, *_reminder(card, value), _match(value), cancel(card), *people, *dry_run]
    if card.state == "review":
        return [
            kit.button(_("Review your matches"), Ids.REVIEW_OPEN, value=value, style="primary"),
            kit.button(_("Update matching date"), Ids.REVIEW_DATE, value=value),
            cancel(card),
            *people,
        ]
    if card.state in ("matched", "closed"):
        return [*people, kit.button(_("Statistics"), Ids.STATISTICS_SESSION, value=value)]
    return [update, *people] if card.state == "skipped" else people


def _reminder(card: SessionCard, value: str) -> list[Json]:
    if not card.asks_first:
        return []
    if card.reminder_at is None:
        return [kit.button(_("Send a reminder"), Ids.CARD_REMIND, value=value)]
    sure = kit.confirm(
        _("Cancel reminder"),
        _("The reminder will not go out. You can plan another one."),
        _("Cancel reminder"),
        _("Keep it"),
    )
    return [
        kit.button(_("Edit reminder"), Ids.CARD_REMIND, value=value),
        kit.button(_("Cancel reminder"), Ids.CARD_REMIND_CANCEL, value=value, confirm=sure),
    ]


def _match(value: str) -> Json:
    sure = kit.confirm(
        _("Match now"),
        _("Answers close now, and the groups are made from those who joined. This cannot be undone."),
        _("Match now"),
        _("Keep it open"),
    )
    return kit.button(_("Match now"), Ids.CARD_MATCH, value=value, confirm=sure)


def cancel(card: SessionCard) -> Json:
    """[Cancel session]: of a series it asks which, otherwise whether."""
    label, value = _("Cancel session"), str(card.occurrence_id)
    if card.repeats:
        return kit.button(label, Ids.CARD_CANCEL_ASK, value=value, style="danger")
    sure = kit.confirm(
        label,
        _(
            "This session will be cancelled. Those who were asked will see it in their message, and those "
            "who joined are told."
        ),
        label,
        _("Keep it"),
        danger=True,
    )
    return kit.button(label, Ids.CARD_CANCEL, value=value, style="danger", confirm=sure)
