"""The messages of mentoring, case by case."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.mentoring import Asking, News
from domain.mentoring_facts import (
    Asked,
    Came,
    Expired,
    Invited,
    Matched,
    Message,
    Note,
    Offered,
    Parted,
    PartedGroup,
    Profiled,
    Sent,
    Skipped,
    Stuck,
)
from domain.text import say

THURSDAY = date(2026, 3, 5)
TUESDAY = date(2026, 3, 3)
PAIR: dict[str, Any] = {"program": "Mentoring 2026", "mentee": "Joey Park", "mentor": "Ana Lima"}
GOAL = "I want to learn how to lead a team."

INVITED = Invited(program="Mentoring 2026", mentee="Joey Park", choices=3, value="7.12")
ASKED = Asked(
    **PAIR, goal=GOAL, free=1, cap=2, state=Asking.PENDING, value="5.12", until=THURSDAY, decided=TUESDAY
)
SENT = Sent(
    program="Mentoring 2026", state="open", value="4.12", mentor="Ana Lima", following="Ben Okafor",
    until=THURSDAY,
)  # fmt: skip
CAME = Came(
    **PAIR, news=News.DECLINED, goal=GOAL, value="7.12", list_value="4.12", following="Ben Okafor",
    may_withdraw=True,
)  # fmt: skip
USED_UP = replace(CAME, following="", may_withdraw=False, used_up=True, may_choose=True)
EXPIRED = Expired(**PAIR, goal=GOAL, value="7.12", request_value="5.12", may_offer=True)
OFFERED = Offered(program="Mentoring 2026", mentor="Ana Lima", offer="made", value="5.12", until=THURSDAY)
MATCHED = Matched(**PAIR, goal=GOAL, value="9.12")
STUCK = Stuck(program="Mentoring 2026", mentee="Joey Park", value="4.12")
PARTED = Parted(**PAIR, other="Ana Lima", value="9.12")
PROFILED = Profiled(program="Mentoring 2026", reader="Joey Park", value="7.12")
FULL = Skipped(name="Cy Tanaka", full=True)
AWAY = Skipped(name="Dee Novak", full=False)

OWN_REQUEST = "Dear {mentor}!\n*{mentee}* asks you.\n> {goal}\nUntil {deadline}"
OWN_DECLINED = "Sorry, {mentee}: not {mentor} this time.\nThey wrote: {response}\nNow we ask {next}."

MENTORING_CASES: dict[str, Any] = {
    "mentoring-invite": INVITED,
    "mentoring-invite-done": replace(INVITED, done=True),
    "mentoring-invite-one-choice": replace(INVITED, choices=1, again=True),
    "mentoring-invite-own-text": replace(INVITED, texts={"mentoring_invite": "Hello {mentee}: *{program}*!"}),
    "mentoring-request": ASKED,
    "mentoring-request-again": replace(ASKED, again=True),
    "mentoring-request-own-text": replace(ASKED, texts={"mentoring_request": OWN_REQUEST}),
    "mentoring-request-proposed": replace(ASKED, goal="", proposer="Priya Nair"),
    "mentoring-request-approved": replace(ASKED, state=Asking.APPROVED),
    "mentoring-request-approved-own-text": replace(
        ASKED, state=Asking.APPROVED, until=None, texts={"mentoring_request": OWN_REQUEST}
    ),
    "mentoring-request-declined": replace(ASKED, state=Asking.DECLINED, response="Ask me in summer."),
    "mentoring-request-expired": replace(ASKED, state=Asking.EXPIRED),
    "mentoring-request-withdrawn": replace(ASKED, state=Asking.WITHDRAWN),
    "mentoring-request-full": replace(ASKED, state=Asking.CLOSED_FULL),
    "mentoring-request-cancelled": replace(ASKED, state=Asking.CANCELLED),
    "mentoring-request-unavailable": replace(ASKED, state=Asking.CLOSED_UNAVAILABLE),
    "mentoring-request-frozen": replace(ASKED, state=Asking.FROZEN, until=None),
    "mentoring-reminder": replace(ASKED, reminder=True),
    "mentoring-asked": SENT,
    "mentoring-asked-one-choice": replace(SENT, following=""),
    "mentoring-asked-skipped": replace(SENT, skipped=(FULL, AWAY)),
    "mentoring-asked-frozen": replace(SENT, frozen=True, until=None),
    "mentoring-asked-waits": replace(SENT, mentor="", following="Ben Okafor", frozen=True, until=None),
    "mentoring-asked-approved": replace(SENT, state="matched", until=None),
    "mentoring-asked-matched-elsewhere": replace(SENT, state="matched", mentor="", until=None),
    "mentoring-asked-withdrawn": replace(SENT, state="withdrawn"),
    "mentoring-asked-used-up": replace(SENT, state="exhausted"),
    "mentoring-asked-closed": replace(SENT, state="cancelled"),
    "mentoring-news-declined": CAME,
    "mentoring-news-declined-response": replace(CAME, response="Ask me in summer."),
    "mentoring-news-declined-own-text": replace(
        CAME, response="Ask me in summer.", texts={"mentoring_declined": OWN_DECLINED}
    ),
    "mentoring-news-declined-own-text-used-up": replace(USED_UP, texts={"mentoring_declined": OWN_DECLINED}),
    "mentoring-news-declined-skipped": replace(CAME, skipped=(FULL,)),
    "mentoring-news-declined-used-up": USED_UP,
    "mentoring-news-declined-paused": replace(CAME, following="", may_withdraw=False, paused=True),
    "mentoring-news-expired": replace(CAME, news=News.EXPIRED),
    "mentoring-news-expired-used-up": replace(USED_UP, news=News.EXPIRED),
    "mentoring-news-unavailable": replace(CAME, news=News.UNAVAILABLE),
    "mentoring-news-later-choice": replace(
        CAME, news=News.UNAVAILABLE, following="", may_withdraw=False
    ),
    "mentoring-news-full": replace(CAME, news=News.FULL),
    "mentoring-news-used-up": replace(USED_UP, news=""),
    "mentoring-news-chosen-again": replace(USED_UP, may_choose=False),
    "mentoring-expired": EXPIRED,
    "mentoring-expired-offered": replace(EXPIRED, may_offer=False, offer="made", until=THURSDAY),
    "mentoring-expired-accepted": replace(EXPIRED, may_offer=False, offer="accepted"),
    "mentoring-expired-refused": replace(EXPIRED, may_offer=False, offer="declined"),
    "mentoring-expired-silent": replace(EXPIRED, may_offer=False, offer="expired"),
    "mentoring-offer": OFFERED,
    "mentoring-offer-accepted": replace(OFFERED, offer="accepted"),
    "mentoring-offer-refused": replace(OFFERED, offer="declined"),
    "mentoring-offer-over": replace(OFFERED, offer="expired"),
    "mentoring-match": MATCHED,
    "mentoring-match-ended": replace(MATCHED, live=False),
    "mentoring-stuck": STUCK,
    "mentoring-stuck-pairing": replace(STUCK, wording="pairing"),
    "mentoring-stuck-no-more": replace(STUCK, waits=False),
    "mentoring-ended": PARTED,
    "mentoring-ended-rated": replace(PARTED, rating=3),
    "mentoring-ended-group": PartedGroup(**PAIR),
    "mentoring-profile": PROFILED,
    "mentoring-profile-done": replace(PROFILED, done=True),
    "mentoring-note": Note(
        program="Mentoring 2026",
        text=say("{mentor} can't be the mentor of {mentee} this time.", mentor="Ana", mentee="Joey"),
        quote="Ask me in summer.",
        small="The match is staged again.",
    ),
    "mentoring-note-end-asked": Note(
        program="Mentoring 2026", text=say("Joey asks to end the match of Joey and Ana."), ends=9
    ),
    "mentoring-message": Message(
        program="Mentoring 2026", who="Joey Park", text="Nobody has time for me.\nWhat can I do?"
    ),
}  # fmt: skip
