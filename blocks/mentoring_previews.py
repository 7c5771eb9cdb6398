"""A mentoring message with a text that is being written, real names and dates."""

from dataclasses import replace
from typing import Any

from blocks.kit import Json
from blocks.mentoring_answers import came, expired
from blocks.mentoring_messages import invited, matched, parted
from blocks.mentoring_request import asked
from blocks.words import _
from domain.mentoring import Asking, News
from domain.mentoring_facts import Asked, Came, Expired, Invited, Matched, Parted
from domain.text import N_
from domain.texts import MentoringText, Texts, TextSheet

NOWHERE = "0.0"  # what buttons of a preview would carry
RESPONSE = N_("I have no time this spring. Please ask me again in summer.")


def preview(sheet: TextSheet, kind: MentoringText, own: Texts) -> list[Json]:
    """The blocks of the message that has this text."""
    mentor, following = (*sheet.partners, _("Somebody"), _("Somebody"))[:2]
    called: dict[str, Any] = {"program": sheet.program, "mentee": sheet.mentee or _("Somebody"), "texts": own}
    both: dict[str, Any] = {**called, "mentor": mentor}
    if kind is MentoringText.INVITE:
        return invited(Invited(**called, choices=sheet.choices or 3, value=NOWHERE))[1]
    if kind is MentoringText.REQUEST:
        question = Asked(
            **both, goal=sheet.goal, free=1, cap=1, state=Asking.PENDING, value=NOWHERE, until=sheet.until
        )
        return asked(question)[1]
    if kind is MentoringText.MATCHED:
        return matched(Matched(**both, value=NOWHERE))[1]
    if kind is MentoringText.EXPIRED_MENTOR:
        over = Expired(**both, goal=sheet.goal, value=NOWHERE, request_value=NOWHERE, may_offer=True)
        return expired(over)[1]
    if kind is MentoringText.ENDED:
        return parted(Parted(**both, other=mentor, value=NOWHERE))[1]
    return came(_news(sheet, kind, both, following))[1]


def _news(sheet: TextSheet, kind: MentoringText, both: dict[str, Any], following: str) -> Came:
    told = Came(**both, news="", goal=sheet.goal, value=NOWHERE, list_value=NOWHERE)
    if kind is MentoringText.CHOOSE_AGAIN:
        return replace(told, used_up=True, may_choose=True)
    if kind is MentoringText.EXPIRED:
        return replace(told, news=News.EXPIRED, following=following)
    return replace(told, news=News.DECLINED, following=following, response=_(RESPONSE))
