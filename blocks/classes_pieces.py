"""What messages of classes are made of."""

from collections.abc import Iterable

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.kit import Json
from blocks.words import _, retold
from domain.billing import Amount
from domain.classes_facts import ToPerson
from domain.money import shown

Drawn = tuple[str, list[Json]]
BLOCK = "classes.message"
LONGEST = 3000  # Slack's limit for the address of a button


def put(text: str, limit: int = 80) -> str:
    """What people typed: a name, a reason; or a class by its title."""
    return kit.escape(text, limit)


def names(titles: Iterable[str]) -> str:
    """Classes, one after the other: "Yoga · Tue 18:00 and Pilates · Thu 19:00"."""
    return kit.spoken([put(one, 120) for one in titles])


def price(amount: Amount | None) -> str:
    """An amount as it is read: "120.00 CAD"."""
    return retold(shown(amount.minor, amount.currency)) if amount else "?"


def between(*sentences: str) -> str:
    """Sentences one after the other; those that are empty are left out."""
    return " ".join(one for one in sentences if one)


def again(told: ToPerson) -> list[Json]:
    """The line above a copy."""
    return [kit.context(_("You may have seen this already."))] if told.again else []


def closed(said: str) -> list[Json]:
    """What became of it, where the buttons were."""
    return [kit.context(said)]


def pay_button(told: ToPerson, link: str) -> Json | None:
    """[Pay]: the page behind the link; None where there is none."""
    if not link.startswith(("https://", "http://")) or len(link) > LONGEST or not link.isprintable():
        return None
    return kit.button(_("Pay"), Ids.PAY, value=told.value, style="primary") | {"url": link}
