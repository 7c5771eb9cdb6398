"""The modal "Delivery": what became of each message of hosted sessions."""

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.kit import Json
from blocks.ledger import MARKS
from blocks.words import _, retold
from domain.hosted import CHANNELS
from domain.hosted_ledger import LABELS, HostedEntry, HostedLedger
from domain.ledger import FAILED, NOT_NEEDED, SENT, WAITING
from domain.letters import in_words


def view(found: HostedLedger) -> Json:
    """One page of it."""
    head = _("Sessions of All Hosts") if found.everybody else _("My Sessions")
    blocks = [kit.header(head), kit.fields(_counts(found))]
    if not found.entries:
        blocks.append(kit.section(_("Nothing was sent in the last 30 days.")))
    blocks += [_entry(found, one) for one in found.entries]
    turns = _turns(found)
    if turns:
        blocks.append(kit.actions(*turns, block_id="hosted.delivery.pages"))
    blocks.append(
        kit.context(_("Sent means that it was handed over. Nobody can see who has read a message."))
    )
    return kit.modal(_("Delivery"), blocks, callback_id=Ids.DELIVERY_VIEW, close=_("Close"))


def _counts(found: HostedLedger) -> list[tuple[str, str]]:
    labels = {FAILED: _("Failed"), WAITING: _("On their way"), SENT: _("Sent")}
    return [(label, str(found.counts.get(fate, 0))) for fate, label in labels.items()]


def _entry(found: HostedLedger, one: HostedEntry) -> Json:
    about = [_(LABELS[one.kind]), _(CHANNELS[one.channel]) if one.channel else "Stripe"]
    about.append(kit.date(one.session_at, zone=found.zone, reader_zone=found.zone, form="short"))
    if one.host:
        about.append(kit.escape(one.host, 80))
    head = f"{MARKS[one.fate]} *{kit.escape(one.name, 80)}* · {' · '.join(about)}"
    return kit.section(f"{head}\n{_fate(found, one)}")


def _fate(found: HostedLedger, one: HostedEntry) -> str:
    why = kit.escape(retold(in_words(one.reason)), 200) if one.reason else ""
    if one.fate == FAILED:
        return _("failed: {reason}", reason=why or "–")
    if one.fate == NOT_NEEDED:
        return _("not sent: {reason}", reason=why or "–")
    if one.fate == WAITING:
        return _("on its way: {reason}", reason=why) if why else _("on its way")
    if one.at is None:
        return _("sent")
    return _("sent {date}", date=kit.date(one.at, zone=found.zone, reader_zone=found.zone, form="short"))


def _turns(found: HostedLedger) -> list[Json]:
    who = "all" if found.everybody else "mine"
    turns = []
    if found.page > 0:
        turns.append(kit.button(_("Previous page"), Ids.DELIVERY_PREVIOUS, value=f"{who}.{found.page - 1}"))
    if found.page + 1 < found.pages:
        turns.append(kit.button(_("Next page"), Ids.DELIVERY_NEXT, value=f"{who}.{found.page + 1}"))
    return turns
