"""What the menu of a participant opens, and [Why?]."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from blocks import hosted_tiles, kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_modals import refund_choice
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, short_day
from domain import money
from domain.billing import Amount
from domain.hosted_board import Opened, Shown, Tile
from domain.hosted_why import KINDS, STATES, Sent, Why
from domain.letters import in_words

LONGEST_REASON = 250
MOST_DELIVERIES = 15  # the newest ones


def code(shown: Shown) -> Json:
    """[Show Access Code]: the code, and a line to read out."""
    digits = shown.code
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    spoken = ", ".join(" ".join(group) for group in groups)
    where = kit.escape(shown.page) if shown.page else _("the page your host tells you")
    read_out = _("Read out: “Your access code is {digits}. Type it on {page}.”", digits=spoken, page=where)
    name = kit.escape(shown.name, 80)
    alone = _("The code is for {name} alone. Tell it by phone or another private way.", name=name)
    blocks = [
        kit.section(f"*{name}*"),
        kit.header("-".join(groups)),
        kit.section(read_out),
        kit.context(alone),
    ]
    return kit.modal(_("Access code"), blocks, callback_id=Ids.CODE_VIEW, close=_("Close"))


def waive(one: Tile) -> Json:
    """[Waive Payment]: why."""
    price = hosted_tiles.amount(one.amount) if one.amount else ""
    told = _("{name} may enter without paying {price}. This cannot be undone.", name=_name(one), price=price)
    reason: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": LONGEST_REASON}
    hint = _("For your records: the participant does not see it.")
    blocks = [kit.section(told), kit.field_input("reason", _("Reason"), reason, hint=hint)]
    return _modal(_("Waive Payment"), blocks, Ids.WAIVE_SAVE, one, submit=_("Waive Payment"))


def refund(one: Tile, left: Amount) -> Json:
    """[Refund]: how much; all that is left, unless the host says otherwise."""
    amount: Json = {
        "type": "plain_text_input",
        "action_id": Shared.INPUT,
        "initial_value": money.written(left.minor, left.currency),
    }
    told = _("{name} paid. {price} can be given back. This cannot be undone.",
             name=_name(one), price=hosted_tiles.amount(left))  # fmt: skip
    label = _("Amount in {currency}", currency=left.currency)
    blocks = [kit.section(told), kit.field_input("amount", label, amount)]
    return _modal(_("Refund"), blocks, Ids.REFUND_SAVE, one, submit=_("Refund"))


def remove(one: Tile) -> Json:
    """[Remove Participant]."""
    told = _("{name} is taken out of this session, and is told if they were invited.", name=_name(one))
    text = f"{told} *{_('This cannot be undone.')}*"
    paid = [refund_choice()] if one.left is not None else []
    return _modal(
        _("Remove Participant"), [kit.section(text), *paid], Ids.PERSON_REMOVE_SAVE, one,
        submit=_("Remove Participant"), close=_("Back"),
    )  # fmt: skip


def _name(one: Tile) -> str:
    return f"*{kit.escape(one.name, 80)}*"


def _modal(
    title: str, blocks: Sequence[Json], callback_id: str, one: Tile, *, submit: str, close: str = ""
) -> Json:
    return kit.modal(
        title, blocks, callback_id=callback_id, submit=submit, close=close, metadata={"participant": one.id}
    )


# --- Why? ----------------------------------------------------------------------------------------------


def why(found: Opened, people: Sequence[Why]) -> Json:
    """[Why?]: for each participant why they were not invited, reminded or paid, and what was sent."""
    present = hosted_tiles.told(found.row, zone=found.zone, year=found.year)
    blocks = [kit.section(present)]
    for one in people:
        lines = [f"*{kit.escape(one.name, 80)}*", *(f"• {kit.escape(line)}" for line in one.lines)]
        blocks += [kit.divider(), kit.section("\n".join(lines))]
        sent = [_delivery(each, found.zone) for each in one.deliveries[-MOST_DELIVERIES:]]
        blocks.append(kit.context("\n".join(sent) if sent else _("Nothing was sent.")))
    return kit.modal(_("Why?"), blocks, callback_id=Ids.WHY_VIEW, close=_("Close"))


def _delivery(sent: Sent, zone: str) -> str:
    """ "3 Mar, 15:00 · Reminder · Sent"."""
    local = sent.at.astimezone(ZoneInfo(zone))
    said = [f"{short_day(local.date())}, {local:%H:%M}", _(KINDS[sent.kind]), _(STATES[sent.state])]
    return " · ".join([*said, *([kit.escape(in_words(sent.reason), 120)] if sent.reason else [])])
