"""The modals in which members choose: their classes, a waitlist, a date for a make-up lesson, or to leave."""

from collections.abc import Sequence

from blocks import kit
from blocks.classes_board_members import mine_text, price_of
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_my_dates import at
from blocks.classes_times import when
from blocks.classes_words import price
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.billing import Amount
from domain.classes import Bought
from domain.classes_mine import Day, Mine
from domain.classes_offers import Offer, OfferedClass
from domain.text import say_n

MOST = 100  # options of a select
ANY = "0"  # any class of a membership


# --- Choose your classes -------------------------------------------------------------------------------


def choice(one: Offer, *, waiting: int = 0, chosen: Sequence[int] = ()) -> Json:
    """[Choose your classes]; *chosen* are ticked already, *waiting* is the offer of a waitlist it answers."""
    label = say_n("Choose {count} class", "Choose {count} classes", one.lessons)
    blocks = [
        kit.section(f"*{kit.escape(one.name, 80)}* · {price_of(one)}{_part(one)}"),
        kit.field_input("classes", retold(label), _classes(one, chosen), hint=_late(one)),
    ]
    if any(not each.left for each in one.classes) and not waiting:
        wait = kit.button(_("Join Waitlist"), Ids.JOIN, value=str(one.id))
        blocks.append(kit.actions(wait, block_id="classes.choice.wait"))
    return kit.modal(
        _("Choose your classes"), blocks, callback_id=Ids.CHOICE, submit=_("Continue"),
        metadata={"membership": one.id, "waiting": waiting},
    )  # fmt: skip


def _part(one: Offer) -> str:
    """Only a part of the price is to be paid: how much, the classes decide that are chosen."""
    return f" · {_('Prorated price')}" if one.prorated and one.late else ""


def _late(one: Offer) -> str:
    """To which dates they lead."""
    if one.late:
        return _("The session has begun: you are registered to every date that is left.")
    return _("You are registered to every date of them.")


def _classes(one: Offer, chosen: Sequence[int]) -> Json:
    options = {each.id: class_option(each) for each in one.classes}
    found: Json = {"action_id": Ids.CHOICE_CLASSES, "max_selected_items": one.lessons}
    if len(options) > MOST:
        placeholder = kit.plain(_("Type a day, a time or a name"), 150)
        found |= {"type": "multi_external_select", "min_query_length": 0, "placeholder": placeholder}
    else:
        found |= {"type": "multi_static_select", "options": [*options.values()]}
    initial = [options[each] for each in chosen if each in options][: one.lessons]
    return found | {"initial_options": initial} if initial else found


def class_option(one: OfferedClass) -> Json:
    """A class in the select, with how many places it has."""
    left = n_("{count} place left", "{count} places left", one.left) if one.left else _("Full")
    return kit.option(retold(one.title), str(one.id), " · ".join(filter(None, (left, one.place))))


def found(one: Offer, typed: str) -> list[Json]:
    """The classes whose title or place has all words that were typed."""
    words = typed.casefold().split()
    fits = (each for each in one.classes if all(w in f"{each.title} {each.place}".casefold() for w in words))
    return [class_option(each) for each in fits][:MOST]


def bought(one: Mine) -> Json:
    """After [Continue]: what follows."""
    blocks = [kit.section(_follows(one)), kit.section(mine_text(one))]
    if one.pay_link and one.due is not None:
        pay = kit.button(_("Pay"), Ids.MINE_PAY, value=str(one.purchase_id), style="primary")
        blocks.append(kit.actions(pay | {"url": one.pay_link}, block_id="classes.bought.pay"))
    return kit.modal(_("Your membership"), blocks, callback_id=Ids.BOUGHT, close=_("Close"))


def _follows(one: Mine) -> str:
    if one.state is Bought.PENDING_APPROVAL:
        name = kit.escape(one.name, 80)
        return _("Your request for *{membership}* was sent. Nothing is charged yet.", membership=name)
    if one.state is Bought.AWAITING_PAYMENT and one.hold_until is not None:
        return _("Your places are held until {when}.", when=at(one.hold_until, one))
    return f"*{_('You are in')}*"


def have_it(purchase_id: int) -> Json:
    """They have this membership already, and where it is."""
    mine = kit.button(_("My Classes"), Ids.MINE_OPEN, value=str(purchase_id))
    text = _("You already have this membership.")
    blocks = [kit.section(text), kit.actions(mine, block_id="classes.have_it")]
    return kit.modal(_("Your membership"), blocks, callback_id=Ids.BOUGHT, close=_("Close"))


# --- Waitlists -----------------------------------------------------------------------------------------


def waitlist(
    title: str,
    *,
    membership: int = 0,
    class_id: int = 0,
    date_id: int = 0,
    classes: Sequence[OfferedClass] = (),
    why: str = "",
) -> Json:
    """[Join Waitlist] of what is called *title*; of a membership one of its *classes*, or any of them.

    *why* says why it is full.
    """
    blocks = [
        kit.section(f"*{kit.escape(title, 200)}*\n" + _("You are told as soon as a place is free for you.")),
    ]
    if why:
        blocks.append(kit.context(kit.escape(why, 3000)))
    if classes:
        options = [kit.option(_("Any of them"), ANY)]
        options += [kit.option(retold(one.title), str(one.id)) for one in classes[: MOST - 1]]
        select = {"type": "static_select", "action_id": Shared.INPUT, "options": options}
        blocks.append(kit.field_input("class", _("Class"), select | {"initial_option": options[0]}))
    person = {"type": "users_select", "action_id": Shared.INPUT}
    hint = _("Two places are then offered together.")
    blocks.append(kit.field_input("with", _("Together with"), person, hint=hint, optional=True))
    return kit.modal(
        _("Join waitlist"), blocks, callback_id=Ids.JOIN_SAVE, submit=_("Join Waitlist"),
        metadata={"membership": membership, "class": class_id, "date": date_id},
    )  # fmt: skip


# --- Make-up lessons -----------------------------------------------------------------------------------


def make_up(registration_id: int, free: Sequence[Day], full: Sequence[Day], zone: str) -> Json:
    """[Use Make-up]: the dates with a place, and those whose waitlist can be joined."""
    blocks: list[Json] = []
    if free:
        options = [_day(one, zone) for one in free[:MOST]]
        dates: Json = {"type": "static_select", "action_id": Shared.INPUT, "options": options}
        blocks.append(kit.field_input("date", _("Date"), dates))
    else:
        text = _("No date with a free place fits: it must be the same type of class, in the time of your "
                 "membership, in a week in which you have a lesson less.")  # fmt: skip
        blocks.append(kit.section(text))
    if full:
        select: Json = {
            "type": "static_select", "action_id": Ids.JOIN_DATE,
            "placeholder": kit.plain(_("Join a waitlist"), 150),
            "options": [_day(one, zone) for one in full[:MOST]],
        }  # fmt: skip
        blocks.append(kit.section(_("These dates are full."), accessory=select))
    submit = _("Use Make-up") if free else None
    return kit.modal(
        _("Use make-up"), blocks, callback_id=Ids.MINE_MAKE_UP_SAVE, submit=submit,
        metadata={"registration": registration_id},
    )  # fmt: skip


def _day(one: Day, zone: str) -> Json:
    left = n_("{count} place left", "{count} places left", one.left) if one.left else _("Full")
    return kit.option(f"{when(one.starts_at, zone)} · {retold(one.title)}", str(one.date_id), left)


# --- Leave, and why ------------------------------------------------------------------------------------


def leave(one: Mine, back: Amount) -> Json:
    """Whether to leave, and what comes back."""
    ahead = n_("{count} date ahead is given back.", "{count} dates ahead are given back.", one.ahead)
    money = _("{amount} comes back to you.", amount=price(back)) if back.minor else _("No money comes back.")
    box = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": 200}
    blocks = [
        kit.section(f"*{kit.escape(one.name, 80)}*\n{ahead} {money}"),
        kit.field_input("why", _("Reason"), box, optional=True),
    ]
    return kit.modal(
        _("Leave"), blocks, callback_id=Ids.MINE_LEAVE_SAVE, submit=_("Leave"), close=_("Stay"),
        metadata={"purchase": one.purchase_id},
    )  # fmt: skip


def why(sentences: Sequence[str]) -> Json:
    """[Why?]: sentences with time and cause."""
    blocks = [kit.section(kit.escape(one, 3000)) for one in sentences[:90]]
    nothing = [kit.section(_("There is nothing to tell."))]
    return kit.modal(_("Why?"), blocks or nothing, callback_id=Ids.MINE_WHY, close=_("Close"))
