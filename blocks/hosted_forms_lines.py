"""What stands on top of the forms of hosted sessions."""

from blocks.words import _, retold
from domain.hosted import CHANNELS, Channel
from domain.hosted_forms import HostedForm
from domain.hosted_offer import Offer


def edited(now: HostedForm, offer: Offer) -> str:
    """A participant as they are now: "Now: Joey P. · Email · joey@example.com · Europe/Paris"."""
    paid = [f"{now.price} {found.currency}"] if now.pay and (found := offer.service(now.service)) else []
    parts = [now.name, retold(CHANNELS[Channel(now.channel)]), now.email or now.phone, now.zone, *paid]
    return _("Now: {facts}", facts=" · ".join(part for part in parts if part))
