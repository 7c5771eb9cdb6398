"""The join page: what a guest reads between the invitation and the room."""

from blocks.pages import page
from blocks.words import _, retold
from domain.errors import Refusal


def starting() -> str:
    """The process is not ready yet."""
    return says(_("One moment"), _("This page is not ready yet. It opens by itself in a few seconds."))


def wrong() -> str:
    """Something that cannot be answered."""
    return says(_("This did not work"), _("Go back to the link from your host, and try again."))


def refused(why: Refusal) -> str:
    """What cannot be done, and why."""
    return says(_("This did not work"), retold(why.sentence))


def later() -> str:
    """Nothing was done, and it may work later."""
    return says(_("This did not work"), _("Nothing was saved. Try again in a minute."))


def says(title: str, *lines: str, over: str = "") -> str:
    """A page that only says something."""
    return page("says.html", title=title, lines=lines, over=over)
