"""What the menu of a participant does, and [Why?]."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import hosted_modals as modals
from blocks import hosted_people as blocks
from blocks import hosted_tiles as tiles
from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from domain import money
from domain.billing import Amount
from domain.errors import FieldRefusal, Refusal
from domain.hosted import NoSuchGuest
from domain.hosted_board import Opened, Tile
from domain.text import on_one_line, say
from handlers import guard, hosted_access, hosted_forms
from handlers import hosted_board_sessions as board
from handlers import hosted_pages as pages
from handlers.context import actor_of, metadata_of, number, value_of
from handlers.hosted_pages import Json
from services import hosted_participants, hosted_payments, hosted_shown, hosted_why, payments
from services.outside import NoPayments
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    press = guard.presses(app, deps)
    press(Ids.TILE_MENU, menu)
    press(Ids.WHY, why)
    on = pages.submissions(app, deps)
    on(Ids.WAIVE_SAVE, waive)
    on(Ids.REFUND_SAVE, refund)
    on(Ids.PERSON_REMOVE_SAVE, remove)


# --- The menu ------------------------------------------------------------------------------------------


def menu(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a participant's menu."""
    what, participant_id = board.chosen(body)
    do(deps, client, body, what, participant_id)


def do(deps: Deps, client: Any, body: Body, what: str, participant_id: int) -> None:
    """Do what was chosen about a participant, if it can be done as it stands; else tell how it stands."""
    found, one = opened(deps, body, participant_id)
    if what in dict(tiles.tile_entries(one, found.row)):
        MENU[what](deps, client, body, one)
    else:
        board.stands(deps, client, body, found)


def opened(deps: Deps, body: Body, participant_id: int) -> tuple[Opened, Tile]:
    """The session and tile of a participant, whose host acts. Raises NotYourSession and NoSuchGuest."""
    _actor, session_id = hosted_access.host_of_participant(deps, body, participant_id)
    found = board.opened(deps, body, session_id)
    one = next((tile for tile in found.row.tiles if tile.id == participant_id), None)
    if one is None:
        raise NoSuchGuest
    return found, one


def show_code(deps: Deps, client: Any, body: Body, one: Tile) -> None:
    """[Show Access Code]."""
    by, now = actor_of(body).user_id, deps.clock()
    shown = hosted_shown.code(deps.db, deps.team_id, deps.reach, one.id, by=by, now=now)
    pages.open_modal(client, body, blocks.code(shown))


def resend(deps: Deps, client: Any, body: Body, one: Tile) -> None:
    """[Resend Invite]."""
    by = actor_of(body).user_id
    done = hosted_participants.resend(deps.db, deps.team_id, one.id, by=by, now=deps.clock())
    deps.hint()
    said = done.said or say("The invite to {name} is on its way once more.", name=one.name)
    if pages.at_home(body):
        pages.show(deps, client, body, said=kit.escape(said))
    else:
        guard.whisper(client, body, kit.escape(said))


def edit(deps: Deps, client: Any, body: Body, one: Tile) -> None:
    """[Edit Participant]."""
    hosted_forms.open_edit(deps, client, body, one.id)


def open_refund(deps: Deps, client: Any, body: Body, one: Tile) -> None:
    """[Refund]."""
    pages.open_modal(client, body, blocks.refund(one, left_of(one)))


def left_of(one: Tile) -> Amount:
    """How much can be given back. Raises NothingPaid."""
    if one.left is None:
        raise payments.NothingPaid
    return one.left


def _opens(draw: Callable[[Tile], Json]) -> Callable[[Deps, Any, Body, Tile], None]:
    def opens(deps: Deps, client: Any, body: Body, one: Tile) -> None:
        pages.open_modal(client, body, draw(one))

    return opens


MENU: dict[str, Callable[[Deps, Any, Body, Tile], None]] = {
    "code": show_code,
    "resend": resend,
    "edit": edit,
    "waive": _opens(blocks.waive),
    "refund": open_refund,
    "remove": _opens(blocks.remove),
}


def why(deps: Deps, client: Any, body: Body) -> None:
    """[Why?]: of each participant of a session."""
    session_id = number(value_of(body))
    found = board.opened(deps, body, session_id)
    people = hosted_why.why(deps.db, deps.team_id, session_id, actor_of(body).user_id)
    pages.open_modal(client, body, blocks.why(found, people))


# --- Submissions ---------------------------------------------------------------------------------------


def submitted(deps: Deps, body: Body) -> Tile:
    """The participant of a modal, whose host acts."""
    participant_id = number(str(metadata_of(body["view"]).get("participant")))
    return opened(deps, body, participant_id)[1]


def waive(deps: Deps, client: Any, body: Body) -> Json:
    """Nothing is to be paid any more."""
    one = submitted(deps, body)
    reason = on_one_line(str(modals.typed(body["view"]["state"]["values"], "reason") or ""))
    if not reason:
        raise FieldRefusal({"reason": say("Write why nothing is to be paid.")})
    by = actor_of(body).user_id
    try:
        done = hosted_payments.waive(deps, one.id, reason, by=by, now=deps.clock())
    except NoPayments as away:  # it is Stripe that is busy, and not we
        raise FieldRefusal({"reason": str(away)}) from None
    return board.finished(deps, body, done)


def refund(deps: Deps, client: Any, body: Body) -> Json:
    """Money goes back."""
    one = submitted(deps, body)
    if one.refunding:
        raise Refusal(say("A refund is on its way."))
    left = left_of(one)
    typed = str(modals.typed(body["view"]["state"]["values"], "amount") or "")
    try:
        amount = money.parse(typed, left.currency)
    except Refusal as refusal:
        raise FieldRefusal({"amount": refusal.sentence}) from None
    if not 0 < amount <= left.minor:
        most = money.shown(left.minor, left.currency)
        raise FieldRefusal({"amount": say("Write an amount between 0 and {most}.", most=most)})
    by, key = actor_of(body).user_id, f"host-{body['view']['id']}"
    done = hosted_payments.refund(deps.db, deps.team_id, one.id, amount, by=by, now=deps.clock(), key=key)
    return board.finished(deps, body, done)


def remove(deps: Deps, client: Any, body: Body) -> Json:
    """Somebody is no part of the session any more."""
    one = submitted(deps, body)
    # the modal did not ask about money that came after it was opened: it goes back, as with [Cancel Session]
    refund = modals.typed(body["view"]["state"]["values"], "money") != modals.KEEP
    by = actor_of(body).user_id
    done = hosted_participants.remove(deps.db, deps.team_id, one.id, by=by, now=deps.clock(), refund=refund)
    return board.finished(deps, body, done)
