"""The modal "Delivery": what became of each message of a session, and [Send again] for the failed."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, n_
from domain.ledger import FAILED, NOT_NEEDED, SENT, WAITING, Entry, Ledger, in_words
from domain.messages import Kind
from domain.text import N_

LABELS = {
    Kind.COFFEE_OPT_IN: N_("Opt-in message"),
    Kind.COFFEE_REMINDER: N_("Reminder"),
    Kind.COFFEE_AUTOMATIC: N_("Notice to those who take part automatically"),
    Kind.COFFEE_CANCELLED: N_("Cancelled"),
    Kind.COFFEE_GROUP: N_("Group message"),
    Kind.COFFEE_FOLLOW_UP: N_("Follow-up"),
    Kind.COFFEE_LEFT_OUT: N_("Left out"),
    Kind.COFFEE_SILENT: N_("Pause after three silent sessions"),
}
MARKS = {
    FAILED: ":x:",
    WAITING: ":hourglass_flowing_sand:",
    SENT: ":white_check_mark:",
    NOT_NEEDED: ":heavy_minus_sign:",
}


def view(found: Ledger, *, note: str = "") -> Json:
    """One page of the ledger."""
    blocks = [kit.context(note)] if note else []
    blocks += [kit.header(found.program), kit.section(_session(found)), kit.fields(_counts(found))]
    if not found.entries:
        blocks.append(kit.section(_("Nothing was sent for this session yet.")))
    blocks += [_entry(found, entry) for entry in found.entries]
    buttons = _buttons(found)
    if buttons:
        blocks.append(kit.actions(*buttons, block_id="ledger.actions"))
    blocks.append(kit.context(_("Sent means that Slack took it. Nobody can see who has read a message.")))
    metadata = {"occurrence": found.occurrence_id, "page": found.page}
    return kit.modal(_("Delivery"), blocks, callback_id=Ids.LEDGER_VIEW, close=_("Close"), metadata=metadata)


def _session(found: Ledger) -> str:
    when = kit.date(found.match_at, zone=found.zone, reader_zone=found.reader_zone)
    return _("The session of {date}", date=when)


def _counts(found: Ledger) -> list[tuple[str, str]]:
    pairs = [
        (_("Asked"), str(found.asked)),
        (_("Sent"), str(found.counts.get(SENT, 0))),
        (_("Failed"), str(found.counts.get(FAILED, 0))),
    ]
    waiting = found.counts.get(WAITING, 0)
    return [*pairs, (_("On their way"), str(waiting))] if waiting else pairs


def _entry(found: Ledger, entry: Entry) -> Json:
    people = kit.spoken(kit.escape(name, 80) for name in entry.people)
    label = _(LABELS.get(Kind(entry.kind), entry.kind))
    text = f"{MARKS[entry.fate]} *{people}*\n{label} · {_fate(found, entry)}"
    if not entry.again:
        return kit.section(text)
    value = f"{found.occurrence_id}.{entry.outbox_id}"
    return kit.section(text, accessory=kit.button(_("Send again"), Ids.LEDGER_AGAIN, value=value))


def _fate(found: Ledger, entry: Entry) -> str:
    if entry.fate == FAILED:
        return _("failed: {reason}", reason=kit.escape(in_words(entry.reason)))
    if entry.fate == NOT_NEEDED:
        return _("not sent: {reason}", reason=kit.escape(_(entry.reason) if entry.reason else "–"))
    if entry.fate == WAITING:
        return _("on its way")
    if entry.at is None:
        return _("sent")
    when = kit.date(entry.at, zone=found.zone, reader_zone=found.reader_zone, form="short")
    return _("sent {date}", date=when)


def _buttons(found: Ledger) -> list[Json]:
    buttons = []
    value = str(found.occurrence_id)
    if found.counts.get(FAILED):
        label = n_("Send {count} failed again", "Send all {count} failed again", found.counts[FAILED])
        buttons.append(kit.button(label, Ids.LEDGER_ALL_AGAIN, value=value, style="primary"))
    if found.page > 0:
        buttons.append(kit.button(_("Previous page"), Ids.LEDGER_PREVIOUS, value=f"{value}.{found.page - 1}"))
    if found.page + 1 < found.pages:
        buttons.append(kit.button(_("Next page"), Ids.LEDGER_NEXT, value=f"{value}.{found.page + 1}"))
    return buttons


def done(owed: int, not_possible: int) -> str:
    """What came of [Send again], above the list."""
    sent = n_("{count} message is being sent again.", "{count} messages are being sent again.", owed)
    if not not_possible:
        return sent
    rest = n_(
        "{count} is left as it is: the person has left, or it would come too late.",
        "{count} are left as they are: the people have left, or it would come too late.",
        not_possible,
    )
    return _("{sentence} {next}", sentence=sent, next=rest) if owed else rest
