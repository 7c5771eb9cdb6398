"""A member's page of the area [Classes]: memberships for sale, and their own."""

from blocks import classes_my_dates, kit
from blocks.classes_board_staff import MOST, turns
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_my_dates import at, state_of
from blocks.classes_words import price
from blocks.kit import Json
from blocks.words import _, labelled, n_, retold
from domain.billing import Amount
from domain.classes import Bought, Plan, Queue, Unit
from domain.classes_board import Board
from domain.classes_mine import MemberBoard, Mine, MyWait
from domain.classes_offers import Offer, OfferedClass
from domain.text import say, say_n

MOST_CLASSES = 12  # of a membership for sale that are named


def parts(told: Board) -> list[Json]:
    """The page."""
    if not isinstance(told, MemberBoard):
        return []
    foot = turns(told.page, told.pages)
    if told.opened is not None:
        found = classes_my_dates.parts(told, told.opened)
    else:
        found = [*_head(told), *_mine(told), *_waits(told), *_offers(told)]
    return [*found[: MOST - len(foot)], *foot]


def _head(told: MemberBoard) -> list[Json]:
    ways = [kit.button(_("Back"), Ids.BACK)]
    if told.staff:
        ways.append(kit.button(_("Class Staff"), f"{Ids.TAB}.classes", value="classes"))
    return [kit.actions(*ways, block_id="classes.ways")]


# --- What they have ------------------------------------------------------------------------------------


def _mine(told: MemberBoard) -> list[Json]:
    found = [kit.header(_("My classes"))]
    if not told.mine and not told.waits:
        found.append(kit.section(_("You have no membership yet. Choose one below.")))
    for one in told.mine:
        found += [kit.section(mine_text(one), block_id=f"classes.mine.{one.purchase_id}"), mine_buttons(one)]
    if told.more:
        found.append(kit.context(n_("And {count} more.", "And {count} more.", told.more)))
    return found


def mine_text(one: Mine) -> str:
    """A membership of the reader: how it stands, its classes, what comes next."""
    lines = [f"*{kit.escape(one.name, 80)}* · {kit.escape(one.term, 80)} · {state_of(one)}"]
    for each in one.classes:
        facts = [kit.escape(each.title, 120)]
        facts += [kit.escape(fact, 120) for fact in (each.teacher, each.place) if fact]
        lines.append("• " + " · ".join(facts))
    lines += _next(one)
    return "\n".join(lines)


def _next(one: Mine) -> list[str]:
    lines = []
    if one.next_at is not None and not one.held:
        ahead = n_("{count} date ahead", "{count} dates ahead", one.ahead)
        lines.append(_("{dates}, the next on {when}.", dates=ahead, when=at(one.next_at, one)))
    if one.state is Bought.PENDING_APPROVAL and one.hold_until is not None:
        lines.append(_("Your places are kept until {when}.", when=at(one.hold_until, one)))
    if one.due is not None:
        lines.append(_due(one, price(one.due)))
    if one.credits:
        lines.append(n_("You have {count} make-up lesson.", "You have {count} make-up lessons.",
                        len(one.credits)))  # fmt: skip
    return lines


def _due(one: Mine, amount: str) -> str:
    if not one.pay_link:
        return f"{labelled(_('To pay'), amount)}. {_('Pay at the desk.')}"
    if one.state is Bought.AWAITING_PAYMENT and one.hold_until is not None:
        return _(
            "Please pay {amount} by {when}.",
            amount=amount,
            when=at(one.hold_until, one),
        )
    return labelled(_("To pay"), amount)


def mine_buttons(one: Mine) -> Json:
    """What can be pressed under a membership of the reader."""
    value, found = str(one.purchase_id), []
    if one.due is not None and one.pay_link:
        found.append(kit.button(_("Pay"), Ids.MINE_PAY, style="primary", value=value) | {"url": one.pay_link})
    if one.standing:
        found.append(kit.button(_("Dates"), Ids.MINE_OPEN, value=value))
        found.append(kit.button(_("Add to Calendar"), Ids.MINE_CALENDAR, value=value))
    if one.state is Bought.PENDING_APPROVAL:
        found.append(kit.button(_("Withdraw"), Ids.MINE_WITHDRAW, value=value))
    if one.renews:
        found.append(kit.button(_("Stop Renewal"), Ids.MINE_STOP_RENEWAL, value=value, confirm=_stop(one)))
    found.append(kit.button(_("Why?"), Ids.MINE_WHY, value=value))
    if one.state is not Bought.PENDING_APPROVAL:
        found.append(kit.button(_("Leave"), Ids.MINE_LEAVE, value=value, style="danger"))
    return kit.actions(*found, block_id=f"classes.mine.{one.purchase_id}.buttons")


def _stop(one: Mine) -> Json:
    text = _("No payment follows. {name} ends with the time that is paid for.", name=kit.clean(one.name, 80))
    return kit.confirm(_("Stop renewal?"), text, _("Stop Renewal"), _("Keep"))


# --- What they wait for --------------------------------------------------------------------------------


def _waits(told: MemberBoard) -> list[Json]:
    if not told.waits:
        return []
    found = [kit.section(f"*{_('Waitlists')}*")]
    for one in told.waits:
        found.append(kit.section(_wait(one)))
        found.append(_wait_buttons(one))
    return found


def _wait(one: MyWait) -> str:
    called = kit.escape(one.title, 120)
    if one.starts_at is not None:
        called = _("{class_} on {day}", class_=called, day=at(one.starts_at, one))
    if one.state is Queue.OFFERED and one.offer_until is not None:
        until = at(one.offer_until, one)
        return _("A place is free: {class_}. It is yours until {until}.", class_=f"*{called}*", until=until)
    return _("{class_}: you are number {nth} on the waitlist.", class_=f"*{called}*", nth=one.nth)


def _wait_buttons(one: MyWait) -> Json:
    value = str(one.waiting_id)
    if one.state is Queue.OFFERED:
        buttons = [
            kit.button(_("Take the Place"), Ids.WAITING_TAKE, value=value, style="primary"),
            kit.button(_("Pass"), Ids.WAITING_PASS, value=value),
        ]
    else:
        buttons = [kit.button(_("Leave Waitlist"), Ids.WAITING_LEAVE, value=value)]
    buttons.append(kit.button(_("Why?"), Ids.WAITING_WHY, value=value))
    return kit.actions(*buttons, block_id=f"classes.waiting.{value}")


# --- For sale ------------------------------------------------------------------------------------------


def _offers(told: MemberBoard) -> list[Json]:
    found = [kit.divider(), kit.header(_("Memberships for sale"))]
    if not told.offers:
        found.append(kit.section(_("Nothing is for sale right now.")))
    for one in told.offers:
        block: Json = kit.section(offer_text(one), block_id=f"classes.offer.{one.id}")
        button = offer_button(one) if told.member else None
        found.append(block | {"accessory": button} if button else block)
    return found


def offer_text(one: Offer) -> str:
    """A membership for sale: price, classes, and how many are left."""
    lines = [f"*{kit.escape(one.name, 80)}* · {kit.escape(one.term, 80)} · {price_of(one)}{_badge(one)}"]
    if one.description:
        lines.append(kit.escape(one.description, 300))
    lines.append(_facts(one))
    lines.append(", ".join(_class(each) for each in one.classes[:MOST_CLASSES]))
    if len(one.classes) > MOST_CLASSES:
        more = len(one.classes) - MOST_CLASSES
        lines[-1] += " " + n_("and {count} more", "and {count} more", more)
    if one.closed and not one.purchase_id:
        lines.append(f"_{kit.escape(one.closed)}_")
    return "\n".join(line for line in lines if line)


def _badge(one: Offer) -> str:
    if one.full:
        return f" · :no_entry: {_('Full')}"
    return " · " + n_("{count} place left", "{count} places left", one.left)


def _class(one: OfferedClass) -> str:
    called = kit.escape(one.title, 120)
    return f"{called} ({_('Full')})" if not one.left else called


def _facts(one: Offer) -> str:
    facts = [
        n_("{count} lesson per week", "{count} lessons per week", one.lessons),
        n_("{count} week", "{count} weeks", one.weeks),
    ]
    facts += [_("Prorated price")] if one.prorated and one.late else []
    facts += [_("Introductory offer")] if one.intro else []
    facts += [_("Approval required")] if one.approval else []
    return " · ".join(facts)


def price_of(one: Offer) -> str:
    """What it costs: "120.00 CAD", "30.00 CAD every 2 weeks, 5 times"."""
    amount = price(Amount(one.amount, one.currency))
    if one.plan == Plan.CARD or not one.amount:
        return amount
    if one.unit == Unit.WEEK:
        told = say_n("{price} every week", "{price} every {count} weeks", one.every, price=amount)
    else:
        told = say_n("{price} every month", "{price} every {count} months", one.every, price=amount)
    if one.plan == Plan.RECURRING:
        told = say("{price}, {count} times", price=told, count=one.times)
    return retold(told)


def offer_button(one: Offer) -> Json | None:
    """[Buy], or what can be done instead; None where the reader has it, or it cannot be bought now."""
    if one.purchase_id:
        return kit.button(_("My Classes"), Ids.MINE_OPEN, value=str(one.purchase_id))
    if one.closed or one.listed:
        return None
    if one.full:
        return kit.button(_("Join Waitlist"), Ids.JOIN, value=str(one.id))
    return kit.button(_("Buy"), Ids.BUY, value=str(one.id), style="primary")
