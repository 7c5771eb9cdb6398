"""The modals of class staff about people: registered, declined, cancelled, paid, refunded; and settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from blocks import classes_fields as fields
from blocks import kit
from blocks.classes_choosing import MOST, class_option
from blocks.classes_fields import Values
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_people import titles
from blocks.classes_words import BOUGHT, price
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, n_
from domain.billing import Amount
from domain.classes import Mode
from domain.classes_offers import OfferedClass
from domain.classes_staff import MemberRow
from domain.text import N_

MODES = {
    Mode.OFFER: N_("Offer"),
    Mode.AT_ONCE: N_("Place at once"),
    Mode.EVERYBODY: N_("Ask everybody"),
}
MODE_NOTES = {
    Mode.OFFER: N_("The first on the list has up to 48 hours to take the place."),
    Mode.AT_ONCE: N_("The first on the list is placed, if nothing is to pay."),
    Mode.EVERYBODY: N_("Whoever presses first has the place."),
}


# --- [Register Member] ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegisterForm:
    """[Register Member], filled in. *aside*: a rule was named that staff may set aside with a reason."""

    user_id: str = ""
    membership: int = 0
    classes: tuple[int, ...] = ()
    why: str = ""
    aside: bool = False


def register(
    form: RegisterForm,
    memberships: Sequence[tuple[int, str]],
    classes: Sequence[OfferedClass],
    lessons: int,
    *,
    warning: str = "",
) -> Json:
    """[Register Member]: who, which membership, and exactly as many classes as it has lessons."""
    blocks: list[Json] = []
    if warning:
        blocks.append(kit.section(f":warning: {kit.escape(warning)}"))
        blocks.append(kit.context(_("With a reason it is registered all the same.")))
    if not memberships:
        nothing = kit.section(_("There is no membership on sale."))
        return kit.modal(_("Register member"), [nothing], callback_id=Shared.NOTICE, close=_("Close"))
    options = [(str(one), name) for one, name in memberships]
    select = fields.choice(options, str(form.membership or ""), action_id=Ids.MEMBER_REGISTER_CHOICE)
    blocks += [
        kit.field_input("member", _("Member"), fields.person(form.user_id)),
        kit.field_input("membership", _("Membership"), select, dispatch=True),
    ]
    if classes:
        blocks.append(choose(form.membership, classes, lessons, form.classes))
    if form.aside:
        blocks.append(kit.field_input("why", _("Reason"), fields.text(form.why, 200)))
    return kit.modal(
        _("Register member"), blocks, callback_id=Ids.MEMBER_REGISTER_SAVE, submit=_("Register"),
        metadata={"aside": form.aside},
    )  # fmt: skip


def choose(
    membership: int, classes: Sequence[OfferedClass], lessons: int, chosen: Sequence[int] = ()
) -> Json:
    """Which classes; another membership gives the input another id, so that its own are shown."""
    options = {one.id: class_option(one) for one in classes}
    box: Json = {"action_id": Ids.MEMBER_CLASSES, "max_selected_items": lessons}
    if len(options) > MOST:
        placeholder = kit.plain(_("Type a day, a time or a name"), 150)
        box |= {"type": "multi_external_select", "min_query_length": 0, "placeholder": placeholder}
    else:
        box |= {"type": "multi_static_select", "options": [*options.values()]}
    if ticked := [options[one] for one in chosen if one in options][:lessons]:
        box["initial_options"] = ticked
    label = n_("Choose {count} class", "Choose {count} classes", lessons)
    return kit.field_input(f"classes.{membership}", label, box)


def read_register(values: Values, *, aside: bool) -> RegisterForm:
    """What was filled in."""
    membership = fields.typed(values, "membership")
    return RegisterForm(
        user_id=fields.typed(values, "member"),
        membership=int(membership) if membership.isdigit() else 0,
        classes=read_classes(values),
        why=fields.typed(values, "why"),
        aside=aside,
    )


def read_classes(values: Values) -> tuple[int, ...]:
    """The classes that were chosen."""
    return tuple(int(one) for one in fields.ticked(values, "classes") if one.isdigit())


# --- One purchase --------------------------------------------------------------------------------------


def _about(one: MemberRow) -> Json:
    facts = [kit.escape(one.membership, 80), kit.escape(one.term, 80), _(BOUGHT[one.state])]
    return kit.section(f"*{kit.escape(one.name, 80)}* · {' · '.join(facts)}\n{titles(one.classes) or '–'}")


def _modal(title: str, one: MemberRow, blocks: list[Json], callback_id: str, submit: str) -> Json:
    return kit.modal(
        title, [_about(one), *blocks], callback_id=callback_id, submit=submit, close=_("Back"),
        metadata={"purchase": one.id},
    )  # fmt: skip


def decline(one: MemberRow) -> Json:
    """[Decline] at Home."""
    hint = _("The member reads it.")
    reason = kit.field_input(
        "reason", _("Reason"), fields.text("", 500, lines=True), optional=True, hint=hint
    )
    return _modal(_("Decline"), one, [reason], Ids.REQUEST_DECLINE_SAVE, _("Decline"))


def cancel(one: MemberRow, back: Amount) -> Json:
    """[Cancel Membership]: what comes back, before it does."""
    told = _("The places ahead are freed. Nothing comes back.")
    if back.minor:
        told = _("The places ahead are freed, and {price} comes back.", price=price(back))
    reason = kit.field_input("why", _("Reason"), fields.text("", 200), optional=True)
    blocks = [kit.section(told), reason]
    return _modal(_("Cancel membership"), one, blocks, Ids.MEMBER_CANCEL_SAVE, _("Cancel Membership"))


def refund(one: MemberRow) -> Json:
    """[Refund]: all that is left."""
    told = _("{price} goes back.", price=price(Amount(one.left, one.paid.currency)))
    return _modal(_("Refund"), one, [kit.section(told)], Ids.MEMBER_REFUND_SAVE, _("Refund"))


def mark_paid(one: MemberRow) -> Json:
    """[Mark as Paid]."""
    told = _("{price} was paid at the desk.", price=price(one.due))
    reason = kit.field_input(
        "reason", _("Reason"), fields.text("", 200), hint=_("For example: cash, receipt 12.")
    )
    return _modal(
        _("Mark as paid"), one, [kit.section(told), reason], Ids.MEMBER_PAID_SAVE, _("Mark as Paid")
    )


def other(one: MemberRow, membership: int, classes: Sequence[OfferedClass], lessons: int) -> Json:
    """[Choose Other Classes]."""
    if not classes:
        nothing = kit.section(_("No class of this membership has a place. Refund the payment."))
        return kit.modal(
            _("Other classes"), [_about(one), nothing], callback_id=Shared.NOTICE, close=_("Close")
        )
    chosen = choose(membership, classes, lessons)
    return _modal(_("Other classes"), one, [chosen], Ids.MEMBER_OTHER_SAVE, _("Save"))


def why(sentences: Sequence[str]) -> Json:
    """[Why?]: one sentence each, with time and cause."""
    blocks = [kit.section(kit.escape(one, 1000)) for one in sentences[:50]]
    return kit.modal(
        _("Why?"), blocks or [kit.section(_("There is nothing to explain."))], callback_id=Shared.NOTICE,
        close=_("Close"),
    )  # fmt: skip


# --- Settings ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SettingsForm:
    """[Settings], filled in; hours and currency as they are typed."""

    staff: tuple[str, ...] = ()
    mode: str = Mode.OFFER.value
    hours: str = "12"
    currency: str = "USD"


def settings(form: SettingsForm, *, admin: bool) -> Json:
    """[Settings] of classes; who is staff is set by administrators."""
    modes = {
        mode.value: kit.option(_(label), mode.value, _(MODE_NOTES[mode])) for mode, label in MODES.items()
    }
    radio = {
        "type": "radio_buttons", "action_id": Shared.INPUT, "options": [*modes.values()],
        "initial_option": modes[form.mode],
    }  # fmt: skip
    hours = fields.text(form.hours, 3)
    blocks = [
        kit.field_input("mode", _("Waitlist mode"), radio),
        kit.field_input(
            "hours", _("Free cancellation until"), hours, hint=_("Hours before a class, from 0 to 168.")
        ),
        kit.field_input(
            "currency", _("Currency"), fields.text(form.currency, 3), hint=_("Three letters: CAD.")
        ),
    ]
    if admin:
        hint = _("Beside administrators, they sell and keep the classes.")
        people = fields.people(form.staff)
        blocks.insert(0, kit.field_input("staff", _("Class staff"), people, optional=True, hint=hint))
    return kit.modal(_("Settings"), blocks, callback_id=Ids.STAFF_SETTINGS_SAVE, submit=_("Save"))


def read_settings(values: Values) -> SettingsForm:
    """What was filled in."""
    return SettingsForm(
        staff=tuple(fields.ticked(values, "staff")),
        mode=fields.typed(values, "mode"),
        hours=fields.typed(values, "hours"),
        currency=fields.typed(values, "currency").strip().upper(),
    )
