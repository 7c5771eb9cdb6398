"""What a colleague sees who joins in Slack, where there is no page for it."""

from blocks import hosted_tiles, hosted_times, kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_links import link_button
from blocks.hosted_sentences import CANCELLED
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _
from domain.hosted_page import GuestView, Step
from domain.text import N_

SAYS = {
    Step.COMING: N_("Your payment is on its way."),
    Step.UNPAID: N_("Your payment was given back. Ask your host how to go on."),
    Step.KNOCKS: N_("Your host knows that you are here. Press *Join* again in a moment."),
    Step.NO_ROOM: N_("Your host will send you the room."),
    Step.DECLINED: N_("You declined it. If you can come after all, accept it."),
    Step.CANCELLED: CANCELLED,
    Step.OVER: N_("This session is over."),
}


def door(view: GuestView, room: str) -> Json:
    """The way in, or what stands between."""
    opens = link_button(_("Open Room"), Ids.ROOM, room) if room else None
    pays = link_button(_("Pay Now"), Ids.PAY, view.due.link) if view.due else None
    button = opens or (pays if view.step is Step.PAY else None)
    blocks = [kit.section(_says(view, entered=opens is not None))]
    if button is not None:
        blocks.append(kit.actions(button | {"style": "primary"}))
    return kit.modal(_("Join"), blocks, callback_id=Shared.NOTICE, close=_("Close"))


def _says(view: GuestView, *, entered: bool) -> str:
    if entered:
        return _("Your session is open.")
    if view.step is Step.WAIT:
        return _("Your session opens at {time}.", time=hosted_times.when(view.opens_at, view.zone))
    if view.step is Step.PAY and view.due is not None:
        return _("Please pay {amount} before the session.", amount=hosted_tiles.amount(view.due.amount))
    return _(SAYS.get(view.step, SAYS[Step.NO_ROOM]))
