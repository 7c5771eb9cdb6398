"""What the Matching page calls things: a program may say Pairing instead of Matching."""

from blocks.words import _
from domain.text import N_

PAIRING = "pairing"
# what is called otherwise where the wording is Pairing; all other labels are the same in both
PAIRED = {
    N_("Matching page"): N_("Pairing page"),
    N_("Turn on Matching"): N_("Turn on Pairing"),
    N_("Turn off Matching"): N_("Turn off Pairing"),
    N_("Unmatched Mentees"): N_("Unpaired Mentees"),
    N_("Invite to Match"): N_("Invite to Pair"),
    N_("Match with Mentor"): N_("Pair with Mentor"),
    N_("Assign to Staged Matches"): N_("Assign to Staged Pairings"),
    N_("Assign to Active Matches"): N_("Assign to Active Pairings"),
    N_("Active Matches"): N_("Active Pairings"),
    N_("Run Auto-Matching"): N_("Run Auto-Pairing"),
    N_("End Matching"): N_("End Pairing"),
    N_("Matching Process"): N_("Pairing Process"),
    N_("Matching Rules"): N_("Pairing Rules"),
}


def label(key: str, wording: str) -> str:
    """What a program of this *wording* ("matching" or "pairing") calls *key*, in the reader's language.

    *key* is the label of the wording Matching, marked for translators where it stands.
    """
    return _(PAIRED.get(key, key) if wording == PAIRING else key)
