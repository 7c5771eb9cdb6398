"""The modals of mentees and mentors, and their part of App Home, each as a function."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from blocks import mentoring_choosing as choosing
from blocks import mentoring_home
from blocks import mentoring_mine as mine
from domain.mentoring import Process, ProfileForm, Status, Taking
from domain.mentoring_home import MyMatch, MyMentoring, MyProgram, MyRequest, MyWaiting
from domain.mentoring_mine import (
    Choice,
    Choosing,
    MatchSheet,
    Offered,
    OpenList,
    PreferencesSheet,
    ProfileSheet,
    Submitted,
)

FORM = ProfileForm(
    mentee=True, mentor=True, goals="Lead a team.\nSpeak up.", offers=("Python", "SQL"), wants=("Hiring",),
    languages=("English", "Français"), department="Data & Co", seniority=4, places=0,
)  # fmt: skip
PROFILE = ProfileSheet(7, "Mentoring <2027>", FORM, joined=True)
NEW = ProfileSheet(7, "Mentoring", ProfileForm(mentee=True))
CHOSEN = Choosing((Choice(3, "Ana Lima"), None, Choice(4, "Ben & Co")), "I want to lead a team.")
SHEET = PreferencesSheet(7, "Mentoring", 3)
SENT = Submitted("Mentoring", matched=False, mentor="Ana", until=date(2027, 3, 15), second="Ben")
MATCH = MatchSheet(9, "Mentoring", "Ana Lima")

MINE_VIEWS: dict[str, Callable[[], dict[str, Any]]] = {
    "profile-join": lambda: mine.profile(NEW),
    "profile-edit": lambda: mine.profile(PROFILE),
    "profile-peers": lambda: mine.profile(replace(NEW, peers=True)),
    "profile-joined": lambda: mine.joined(NEW),
    "profile-joined-both": lambda: mine.joined(PROFILE),
    "pause": lambda: mine.pause(7, "Mentoring"),
    "end-ask": lambda: mine.ask_to_end(MATCH),
    "end-ask-organizers": lambda: mine.ask_to_end(replace(MATCH, ending_asks=True)),
    "end-asked": lambda: mine.ended(MATCH, "asked"),
    "end-ended": lambda: mine.ended(MATCH, "ended"),
    "preferences": lambda: choosing.render(SHEET),
    "preferences-at-once": lambda: choosing.render(replace(SHEET, asks=False)),
    "preferences-five": lambda: choosing.render(replace(SHEET, choices=5, form=CHOSEN)),
    "preferences-off": lambda: choosing.render(replace(SHEET, form=CHOSEN, matching_on=False)),
    "preferences-draft": lambda: choosing.render(
        replace(SHEET, form=CHOSEN, matching_on=False), note=choosing.DRAFT
    ),
    "preferences-open": lambda: choosing.render(replace(SHEET, open=OpenList(12, "Ana Lima"))),
    "preferences-open-filled": lambda: choosing.render(
        replace(SHEET, form=CHOSEN, open=OpenList(12, "Ana Lima"))
    ),
    "preferences-open-nobody": lambda: choosing.render(replace(SHEET, open=OpenList(12, ""))),
    "preferences-withdrawn": lambda: choosing.render(SHEET, note="Your request is withdrawn."),
    "preferences-sent": lambda: choosing.after(SENT),
    "preferences-skipped": lambda: choosing.after(replace(SENT, skipped=("Cy", "Di"), second="")),
    "preferences-matched": lambda: choosing.after(replace(SENT, matched=True)),
}

OFFERED = (
    Offered(3, "Ana Lima", 1, 3, ("Python", "SQL")),
    Offered(4, "Ben & Co", 1, 1),
    Offered(5, "Cy " + "x" * 80, 2, 3, ("a very long skill " * 9,), silent=True),
)

ONE = MyProgram(7, "Mentoring", process=Process.APPROVAL)
MENTEE = replace(ONE, taking=Taking.ACTIVE, mentee=True, status=Status.NOT_INVITED, may_choose=True)
ASKED = replace(MENTEE, may_choose=False, status=Status.AWAITING_MENTOR)
MENTOR = replace(ONE, taking=Taking.ACTIVE, mentor=True, free=1, cap=3)
PAIRED = (MyMatch(9, "U1", "Ana", mentor=False), MyMatch(10, "U2", "Ben", mentor=True, end_asked=True))
NOW = datetime(2027, 3, 20, 23, tzinfo=UTC)


def home(*programs: MyProgram, **more: Any) -> list[dict[str, Any]]:
    """The part of these programs, with what waits above it."""
    told = MyMentoring(programs, zone="Europe/Paris", **more)
    return [*mentoring_home.waiting_parts(told), *mentoring_home.parts(told)]


WAITING = (
    MyWaiting("request", "Mentoring", "12.0", "Ana", "I want to lead a team.", date(2027, 3, 15)),
    MyWaiting("request", "Mentoring", "13.0", "Ben"),
    MyWaiting("offer", "Mentoring", "14.0", "Cy"),
    MyWaiting("choose", "Mentoring", "7.0"),
    MyWaiting("check_in", "Mentoring", "15.0", "Di", at=NOW),
)

MINE_HOMES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "home-none": home,
    "home-join": lambda: home(ONE, replace(ONE, program_id=8, peers=True, name="Peers & <Co>"), more=4),
    "home-left": lambda: home(replace(MENTEE, taking=Taking.LEFT)),
    "home-registered": lambda: home(replace(MENTEE, taking=Taking.REGISTERED, may_choose=False)),
    "home-mentee": lambda: home(MENTEE),
    "home-mentee-off": lambda: home(replace(MENTEE, may_choose=False)),
    "home-mentee-draft": lambda: home(replace(MENTEE, status=Status.CHOOSING, may_choose=False)),
    "home-mentee-again": lambda: home(replace(MENTEE, status=Status.PICK_AGAIN)),
    "home-mentee-admin-led": lambda: home(replace(MENTEE, process=Process.ADMIN, may_choose=False)),
    "home-mentee-asked": lambda: home(replace(ASKED, request=MyRequest(12, "Ana", date(2027, 3, 15)))),
    "home-mentee-on-its-way": lambda: home(replace(ASKED, request=MyRequest(12, "Ana"))),
    "home-mentee-frozen": lambda: home(replace(ASKED, request=MyRequest(12, "Ana", frozen=True))),
    "home-mentee-waits": lambda: home(replace(ASKED, request=MyRequest(12))),
    "home-mentee-matched": lambda: home(
        replace(MENTEE, status=Status.MATCHED, may_choose=False, matches=PAIRED[:1])
    ),
    "home-mentor": lambda: home(replace(MENTOR, matches=PAIRED[1:], more_matches=2)),
    "home-both": lambda: home(
        replace(MENTEE, mentor=True, free=0, cap=1, matches=PAIRED, status=Status.MATCHED, may_choose=False)
    ),
    "home-peers": lambda: home(replace(MENTEE, mentor=True, peers=True, matches=PAIRED[:1])),
    "home-paused": lambda: home(replace(MENTOR, taking=Taking.PAUSED)),
    "home-paused-until": lambda: home(replace(MENTOR, taking=Taking.PAUSED, paused_until=NOW)),
    "home-waiting": lambda: home(MENTEE, waiting=WAITING, more_waiting=2),
}
