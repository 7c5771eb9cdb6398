"""[Preview] of a membership: its dates, what lies at the same time, and what members will read."""

from collections.abc import Sequence
from datetime import datetime

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_times import day
from blocks.kit import Json
from blocks.words import _, n_
from domain.classes_offers import MembershipPreview, PreviewClass

MOST = 40  # classes that are shown in full
MOST_DAYS = 60  # of a class: a session has 53 weeks at most
MOST_TEXTS = 20


def view(found: MembershipPreview) -> Json:
    """All of it, to look at."""
    blocks = [kit.section(f"*{kit.escape(found.new.name)}*")]
    blocks += [kit.section(f":warning: {kit.escape(one, 3000)}") for one in found.warnings[:10]]
    for one in found.classes[:MOST]:
        blocks.append(kit.section(_class(one, found.zone)))
    if len(found.classes) > MOST:
        more = len(found.classes) - MOST
        blocks.append(kit.context(n_("And {count} class more.", "And {count} classes more.", more)))
    if found.texts:
        blocks += [kit.divider(), kit.section(_("*What members will read*"))]
        blocks += [kit.section(f"> {kit.escape(one, 1000)}") for one in found.texts[:MOST_TEXTS]]
    return kit.modal(_("Preview"), blocks, callback_id=Ids.WIZARD_PREVIEWED, close=_("Close"))


def _class(one: PreviewClass, zone: str) -> str:
    places = n_("{count} place", "{count} places", one.places)
    dates = n_("{count} date", "{count} dates", len(one.dates))
    lines = [f"*{kit.escape(one.title)}* · {places} · {dates}", _days(one.dates, zone)]
    lines += [f":warning: {kit.escape(clash)}" for clash in one.clashes[:5]]
    return "\n".join(line for line in lines if line)


def _days(dates: Sequence[datetime], zone: str) -> str:
    return ", ".join(day(at, zone) for at in dates[:MOST_DAYS])
