"""How many pairs meet again, and how much of that is proven to be unavoidable."""

from blocks.words import _, n_
from domain.matching.rounds import Method


def repeats(count: int, unavoidable: int, *, groups: int, method: str) -> str:
    """The repeats of *groups* groups as a sentence.

    Of *count*, no grouping avoids *unavoidable*; the reason follows from the *method* that found the groups.
    """
    if not count:
        return _("0 repeats: everyone meets somebody new.")
    if unavoidable < count:
        return _some(count, unavoidable)
    if groups == 1:
        return n_(
            "{count} repeat; unavoidable: there are only enough people for one group.",
            "{count} repeats; all unavoidable: there are only enough people for one group.",
            count,
        )
    if method == Method.EXACT:
        return n_(
            "{count} repeat; unavoidable: no pairing that the rules allow has fewer.",
            "{count} repeats; all unavoidable: no pairing that the rules allow has fewer.",
            count,
        )
    return n_(
        "{count} repeat; unavoidable: some have met almost everyone else who takes part.",
        "{count} repeats; all unavoidable: some have met almost everyone else who takes part.",
        count,
    )


def chosen(count: int) -> str:
    """The repeats of groups that an organizer had a hand in: nothing is proven of them."""
    if not count:
        return repeats(0, 0, groups=0, method="")
    return n_(
        "{count} repeat, in groups that an organizer changed.",
        "{count} repeats, in groups that an organizer changed.",
        count,
    )


def _some(count: int, unavoidable: int) -> str:
    if unavoidable:
        return _(
            "{count} repeats; at least {sure} of them unavoidable: some have met almost everyone else who "
            "takes part.",
            count=count,
            sure=unavoidable,
        )
    return n_(
        "{count} repeat: no grouping without it was found.",
        "{count} repeats: no grouping with fewer was found.",
        count,
    )
