"""[Register Member]: staff sell a membership to somebody, and may set a rule aside with a reason."""

from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import classes_choosing, kit
from blocks import classes_selling as blocks
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import retold
from domain.classes_choice import SetAside
from domain.classes_offers import Offer
from domain.errors import FieldRefusal, Refusal
from domain.text import say
from handlers import classes_pages, guard, modals
from handlers.classes_access import staff_of
from handlers.context import metadata_of, number
from handlers.schedule import update
from services import classes_buying, classes_offered, classes_staff_people
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    press = guard.presses(app, deps)
    press(Ids.MEMBER_REGISTER, open_form)
    press(Ids.MEMBER_REGISTER_CHOICE, redraw)
    modals.submissions(app, deps)(Ids.MEMBER_REGISTER_SAVE, save)

    @app.options(Ids.MEMBER_CLASSES)
    def classes(ack: Any, body: Body) -> None:
        with guard.to_actor(deps, body):
            ack(options=found(deps, body))


def found(deps: Deps, body: Body) -> list[Json]:
    """The classes of a membership that somebody typed words of; none for who is no staff."""
    try:
        staff_of(deps, body)
        membership = number(str(body.get("block_id") or "").partition(".")[2])
        return classes_choosing.found(offer_of(deps, membership, ""), str(body.get("value") or ""))
    except Refusal:
        return []


def offer_of(deps: Deps, membership_id: int, user_id: str) -> Offer:
    """A membership with its classes, as somebody could buy it now. Raises NoSuchMembership."""
    return classes_offered.found(
        deps.db, deps.team_id, membership_id, user_id, now=deps.clock(), by_staff=True
    )


def open_form(deps: Deps, client: Any, body: Body) -> None:
    """[Register Member]."""
    staff_of(deps, body)
    modals.open_modal(client, body, drawn(deps, blocks.RegisterForm()))


def drawn(deps: Deps, form: blocks.RegisterForm, *, warning: str = "") -> Json:
    """The form as it stands, with the classes of the membership that is chosen."""
    memberships = classes_staff_people.sellable(deps.db, deps.team_id)
    if not form.membership and len(memberships) == 1:
        form = replace(form, membership=memberships[0][0])
    if form.membership not in dict(memberships):
        return blocks.register(replace(form, membership=0), memberships, (), 0, warning=warning)
    found = offer_of(deps, form.membership, form.user_id)
    return blocks.register(form, memberships, found.classes, found.lessons, warning=warning)


def _filled(body: Body) -> blocks.RegisterForm:
    aside = bool(metadata_of(body["view"]).get("aside"))
    return blocks.read_register(body["view"]["state"]["values"], aside=aside)


def redraw(deps: Deps, client: Any, body: Body) -> None:
    """Another membership was chosen: its classes are shown."""
    staff_of(deps, body)
    update(client, body["view"], drawn(deps, replace(_filled(body), classes=(), aside=False)))


def save(deps: Deps, client: Any, body: Body) -> Json:
    """The member holds the places; a rule that staff may set aside is named first, and asks for a reason."""
    user, form = staff_of(deps, body), _filled(body)
    if form.aside and not form.why.strip():
        raise FieldRefusal({"why": say("Write a reason.")})
    try:
        done = classes_buying.buy(
            deps, form.membership, form.classes, user_id=form.user_id, key=f"staff-{body['view']['id']}",
            now=deps.clock(), sold_by=user, why=form.why, override=form.aside,
        )  # fmt: skip
    except SetAside as refusal:
        if form.aside:
            raise
        return modals.again(drawn(deps, replace(form, aside=True), warning=retold(refusal.sentence)))
    said = done.said or say("It is registered.")
    classes_pages.show(deps, client, body, said=kit.escape(retold(said)))
    return modals.closed(body)
