"""Who asks for a membership, who bought one, and who waits: lists of class staff."""

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_times import when
from blocks.classes_words import BOUGHT, price
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, retold
from domain.classes import HELD, LIVE, STANDING, Bought
from domain.classes_staff import MemberRow, QueueRow, Queues, RequestRow, StaffBoard


def titles(found: tuple[str, ...]) -> str:
    """ "Yoga · Tue 18:00, Pilates · Thu 9:00"."""
    return ", ".join(kit.escape(retold(one), 120) for one in found)


# --- Requests ------------------------------------------------------------------------------------------


def requests(told: StaffBoard) -> list[Json]:
    """Tab [Requests]."""
    found = [kit.header(_("Requests"))]
    if not told.requests:
        found.append(kit.section(_("Nobody asks for a membership now.")))
    return [*found, *(block for one in told.requests for block in _request(one))]


def _request(one: RequestRow) -> list[Json]:
    lines = [
        _(
            "*{member}* asks for *{membership}*",
            member=kit.escape(one.name),
            membership=kit.escape(one.membership),
        ),
        titles(one.classes),
        _("Asked {when}", when=when(one.asked_at, one.zone)),
    ]
    if one.until is not None:
        lines.append(_("Places are kept until {when}.", when=when(one.until, one.zone)))
    value = str(one.id)
    return [
        kit.section("\n".join(line for line in lines if line)),
        kit.actions(
            kit.button(_("Approve"), Ids.REQUEST_APPROVE, value=value, style="primary"),
            kit.button(_("Decline"), Ids.REQUEST_DECLINE, value=value),
            kit.button(_("Why?"), Ids.STAFF_WHY, value=f"p{one.id}"),
            block_id=f"classes.request.{one.id}",
        ),
    ]


# --- Members -------------------------------------------------------------------------------------------


def members(told: StaffBoard) -> list[Json]:
    """Tab [Members]."""
    register = kit.button(_("Register Member"), Ids.MEMBER_REGISTER, style="primary")
    buttons = [register]
    if told.look.words:
        buttons.append(kit.button(_("Show All"), Ids.MEMBER_SEARCH_END))
    box: Json = {
        "type": "plain_text_input",
        "action_id": Ids.MEMBER_SEARCH,
        "max_length": 80,
        "placeholder": kit.plain(_("Name, membership or session"), 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if told.look.words:
        box["initial_value"] = told.look.words[:80]
    found = [
        kit.header(_("Members")),
        kit.actions(*buttons, block_id="classes.add"),
        kit.field_input("search", _("Search"), box, optional=True, dispatch=True),
    ]
    if not told.members:
        nobody = _("Nobody was found.") if told.look.words else _("Nobody bought a membership yet.")
        found.append(kit.section(nobody))
    return [*found, *(_member(one) for one in told.members)]


def _member(one: MemberRow) -> Json:
    facts = [kit.escape(one.membership, 80), kit.escape(one.term, 80), _(BOUGHT[one.state])]
    lines = [f"*{kit.escape(one.name, 80)}* · " + " · ".join(facts), titles(one.classes), money(one)]
    text = "\n".join(line for line in lines if line)
    return kit.section(text, accessory=_menu(one), block_id=f"classes.member.{one.id}")


def money(one: MemberRow) -> str:
    """What was paid, and what is to pay."""
    facts = [_("paid {price}", price=price(one.paid))] if one.paid.minor else []
    facts += [_("to pay {price}", price=price(one.due))] if one.due.minor else []
    return " · ".join(facts)


def _menu(one: MemberRow) -> Json:
    options = [kit.option(text, f"{what}.{one.id}") for what, text in entries(one)]
    return {"type": "overflow", "action_id": Ids.MEMBER_MENU, "options": options}


def entries(one: MemberRow) -> list[tuple[str, str]]:
    """⋮ of a purchase, each entry with its label: five at most, which is what Slack takes."""
    found = []
    if one.due.minor and one.state in (*HELD, *STANDING):
        found.append(("paid", _("Mark as Paid")))
    if one.state is Bought.PAID_UNALLOCATED:
        found.append(("other", _("Choose Other Classes")))
    if one.left > 0 and (one.state not in LIVE or one.state is Bought.PAID_UNALLOCATED):
        found.append(("refund", _("Refund")))
    if one.state in (*HELD, *STANDING):
        found.append(("cancel", _("Cancel Membership")))
    return [*found, ("why", _("Why?"))]


# --- Waitlists -----------------------------------------------------------------------------------------


def queues(told: Queues) -> Json:
    """The modal [Waitlists]."""
    found = [block for one in told.rows for block in _entry(one)]
    if not found:
        found = [kit.section(_("Nobody waits."))]
    if told.pages > 1:
        turns = []
        for label, to in ((_("Previous"), told.page - 1), (_("Next"), told.page + 1)):
            if 0 <= to < told.pages:
                turns.append(kit.button(label, f"{Ids.QUEUES}.page{to}", value=f"{told.value}.{to}"))
        found += [
            kit.context(_("Page {page} of {pages}", page=told.page + 1, pages=told.pages)),
            kit.actions(*turns, block_id="classes.queue.pages"),
        ]
    return kit.modal(
        _("Waitlists"), found, callback_id=Shared.NOTICE, close=_("Close"), metadata={"at": told.value}
    )


def _entry(one: QueueRow) -> list[Json]:
    about = kit.escape(retold(one.about), 120)
    if one.day is not None:
        about = _("{class_} on {when}", class_=about, when=when(one.day, one.zone))
    lines = [f"*{one.nth}. {kit.escape(one.name, 80)}* · {about}"]
    lines.append(_("Waits since {when}", when=when(one.joined_at, one.zone)))
    if one.with_name:
        lines.append(_("Comes together with {name}", name=kit.escape(one.with_name, 80)))
    if one.offer_until is not None:
        lines.append(_("A place is offered until {when}", when=when(one.offer_until, one.zone)))
    buttons = [kit.button(_("Why?"), Ids.STAFF_WHY, value=f"w{one.id}")]
    if one.nth > 1:
        buttons.insert(0, kit.button(_("Move to Top"), Ids.QUEUE_TOP, value=str(one.id)))
    return [kit.section("\n".join(lines)), kit.actions(*buttons, block_id=f"classes.queue.{one.id}")]
