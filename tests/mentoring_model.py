"""What a mentoring program should do, in plain dicts: written from its specification, not from its code.

It answers a press with what should come of it ("done", "untouched", or a refusal's name), and keeps whom that
tells what. People are named by Slack ids, requests, lists and matches by their place in the order made.
"""

import copy
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
ADMIN = "UADMIN"
WAITS, OPEN, LIVE = ("pending", "frozen"), ("queued", "pending", "frozen"), ("staged", "proposed", "active")
ZONE = ZoneInfo("Europe/Paris")


class No(Exception):
    """It is refused: nothing changes."""


def last_day(after: datetime, days: int) -> date:
    """The last of so many working days after a local date."""
    day = after.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def on_the_wall(day: date, at: time) -> datetime:
    """An instant."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


class Model:
    """A program as it should be."""

    def __init__(self, now: datetime, *, slots: int, keep: bool, user_led: bool) -> None:
        self.now, self.slots, self.keep, self.user_led = now, slots, keep, user_led
        self.on, self.off_at, self.most = True, now, 3
        self.people: dict[str, Row] = {}
        self.requests: list[Row] = []
        self.lists: list[Row] = []
        self.matches: list[Row] = []
        self.apart: dict[frozenset[str], datetime] = {}
        self.told: list[tuple[str, str]] = []
        self.news: list[tuple[str, str, str | None, bool]] = []  # to whom, what, who is asked now, used up
        self.on_their_way: list[int] = []  # questions that Slack has not accepted yet

    def does(self, what: Callable[..., str], *args: Any, **how: Any) -> str:
        """What comes of it; a refusal changes nothing."""
        before = copy.deepcopy(self.__dict__)
        try:
            return what(*args, **how)
        except No as refusal:
            self.__dict__.update(before)
            return str(refusal)

    # --- Places, slots, and who is kept apart ---

    def used(self, mentor: str) -> int:
        """Places that matches take."""
        return sum(one["mentor"] == mentor and one["state"] in LIVE for one in self.matches)

    def asked(self, mentor: str) -> int:
        """Mentees who wait for this mentor."""
        return sum(
            one["mentor"] == mentor and one["state"] in WAITS and one["match"] is None
            for one in self.requests
        )

    def matched(self, mentee: str) -> int:
        """Mentors of a mentee."""
        return sum(one["mentee"] == mentee and one["state"] == "active" for one in self.matches)

    def cap(self, mentor: str) -> int:
        """Mentees at a time."""
        own = self.people[mentor]["places"]
        return min(1 if own is None else own, self.most)

    def free(self, mentor: str, *, for_whom: str = "") -> int:
        """Places left; one that *for_whom*'s own request keeps is left for them."""
        kept = self.asked(mentor) if self.keep else 0
        mine = [one for one in self.requests if (one["mentee"], one["mentor"]) == (for_whom, mentor)]
        own = self.keep and any(one["state"] in WAITS and one["match"] is None for one in mine)
        return max(0, self.cap(mentor) - self.used(mentor) - kept + own)

    def live(self, mentee: str, mentor: str) -> Row | None:
        """The match of two people that is not over."""
        pair = [one for one in self.matches if (one["mentee"], one["mentor"]) == (mentee, mentor)]
        return next((one for one in pair if one["state"] in LIVE), None)

    def check(self, mentee: str, mentor: str, *, anyway: bool = False) -> None:
        """Refuse what no path may do."""
        if mentee == mentor:
            raise No("CannotMatch")
        if self.people[mentee]["state"] != "active" or self.people[mentor]["state"] != "active":
            raise No("CannotMatch")
        if not self.people[mentee]["mentee"] or not self.people[mentor]["mentor"]:
            raise No("CannotMatch")
        if frozenset((mentee, mentor)) in self.apart and not anyway:
            raise No("MustNotMatch")

    # --- Requests ---

    def tell(self, kind: str, *who: str) -> None:
        """Somebody is told something."""
        self.told += [(kind, one) for one in who]

    def waiting(self, wish: int) -> bool:
        """Whether somebody of a list is asked."""
        return any(one["list"] == wish and one["state"] in WAITS for one in self.requests)

    def advance(self, wish: int) -> str | None:
        """Ask the next one of a list; who is asked."""
        row = self.lists[wish]
        if row["state"] != "open" or not self.on or self.waiting(wish):
            return None
        for number, one in enumerate(self.requests):
            if one["list"] != wish or one["state"] != "queued":
                continue
            mentor = self.people[one["mentor"]]
            if mentor["state"] != "active" or frozenset((one["mentee"], one["mentor"])) in self.apart:
                one["state"] = "closed_unavailable"
            elif not self.free(one["mentor"]):
                one["state"] = "skipped_full"
            else:
                self.ask(number)
                return str(one["mentor"])
        row["state"] = "exhausted"
        self.people[row["mentee"]]["exhausted"] += 1
        if self.people[row["mentee"]]["exhausted"] >= 2:
            self.tell("stuck", ADMIN)
        return None

    def ask(self, number: int) -> None:
        """A mentor's turn."""
        one = self.requests[number]
        one["state"] = "pending"
        self.tell("request", one["mentor"])
        self.on_their_way.append(number)

    def close(self, one: Row, state: str, news: str | None = None) -> None:
        """A request comes to nothing: the next one is asked, and the mentee is told."""
        one["state"] = state
        if one["list"] is None:
            match = self.matches[one["match"]]
            if match["state"] == "proposed":
                match["state"] = "staged"
                self.tell("note", ADMIN)
            return
        following = self.advance(one["list"])
        if news:
            self.say(one["mentee"], news, following, one["list"])

    def say(self, mentee: str, news: str, following: str | None, wish: int) -> None:
        """News for a mentee."""
        self.tell("news", mentee)
        self.news.append((mentee, news, following, self.lists[wish]["state"] == "exhausted"))

    def of(self, states: Iterable[str], **which: Any) -> list[Row]:
        """Requests in these states, with these values."""
        return [
            one
            for one in self.requests
            if one["state"] in states and all(one[name] == value for name, value in which.items())
        ]

    def close_list(self, wish: int, state: str, to: str) -> None:
        """Nobody of a list is asked any more; nobody is told."""
        self.lists[wish]["state"] = state
        for one in self.of(OPEN, list=wish):
            one["state"] = to

    def open_list(self, mentee: str) -> int | None:
        """The list that is being asked."""
        mine = (n for n, one in enumerate(self.lists) if (one["mentee"], one["state"]) == (mentee, "open"))
        return next(mine, None)

    def submit(self, mentee: str, mentors: tuple[str, ...]) -> str:
        """[Submit]."""
        me = self.people[mentee]
        if me["state"] != "active":
            raise No("NotTakingPart" if me["state"] == "left" else "Refusal")
        matched = {
            one["mentor"] for one in self.matches if (one["mentee"], one["state"]) == (mentee, "active")
        }
        if len(set(mentors)) < len(mentors) or mentee in mentors or matched.intersection(mentors):
            raise No("FieldRefusal")
        if not self.on:
            return "untouched"
        if self.matched(mentee) >= self.slots:
            raise No("Refusal")
        if self.open_list(mentee) is not None:
            raise No("OpenRequest")
        wish = len(self.lists)
        self.lists.append({"mentee": mentee, "state": "open"})
        for mentor in mentors:
            self.requests.append(
                {"list": wish, "match": None, "mentee": mentee, "mentor": mentor, "state": "queued",
                 "until": None, "asked_at": None, "offer": "", "offer_until": None}
            )  # fmt: skip
        return self.match_at_once(wish) if self.user_led else self.ask_first(wish)

    def ask_first(self, wish: int) -> str:
        """The list is asked from the top."""
        if self.advance(wish) is None:
            raise No("FieldRefusal")
        self.tell("asked", self.lists[wish]["mentee"])
        return "done"

    def match_at_once(self, wish: int) -> str:
        """User-led: the first choice with room."""
        for one in self.of(["queued"], list=wish):
            mentor = one["mentor"]
            if self.people[mentor]["state"] != "active" or frozenset((one["mentee"], mentor)) in self.apart:
                one["state"] = "closed_unavailable"
            elif not self.free(mentor):
                one["state"] = "skipped_full"
            else:
                one["state"] = "approved"
                self.close_list(wish, "matched", "cancelled")
                self.activate(one["mentee"], mentor)
                return "done"
        raise No("FieldRefusal")

    def withdraw(self, wish: int) -> str:
        """[Withdraw Request]."""
        if self.lists[wish]["state"] != "open":
            return "untouched"
        self.close_list(wish, "withdrawn", "withdrawn")
        return "done"

    def answer(self, number: int, *, approve: bool) -> str:
        """[Approve] and [Decline]."""
        one = self.requests[number]
        if one["state"] == "frozen":
            raise No("MatchingPaused")
        if one["state"] != "pending":
            return "untouched"
        if not approve:
            self.close(one, "declined", "declined")
            return "done"
        one["state"] = "approved"
        if one["list"] is not None:
            self.close_list(one["list"], "matched", "cancelled")
        try:
            self.activate(one["mentee"], one["mentor"])
        except No as refusal:
            raise No({"NoPlace": "NoPlaceLeft"}.get(str(refusal), "Refusal")) from refusal
        return "done"

    # --- Matches ---

    def activate(self, mentee: str, mentor: str) -> None:
        """Two people are matched."""
        match = self.live(mentee, mentor)
        self.check(mentee, mentor, anyway=bool(match and match["anyway"]))
        if self.matched(mentee) >= self.slots or (match and match["state"] == "active"):
            raise No("CannotMatch")
        active = sum((one["mentor"], one["state"]) == (mentor, "active") for one in self.matches)
        over = self.used(mentor) > self.cap(mentor) and active >= self.cap(mentor)
        if over if match else not self.free(mentor, for_whom=mentee):
            raise No("NoPlace")
        if match is None:
            match = {"mentee": mentee, "mentor": mentor, "anyway": False, "over_at": None}
            self.matches.append(match)
        match["state"] = "active"
        self.follow(mentee, mentor)
        self.tell("assignment", mentee, mentor)
        self.tell("group", "+".join(sorted((mentee, mentor))))

    def follow(self, mentee: str, mentor: str) -> None:
        """Nobody is asked who is not needed any more."""
        self.people[mentee]["exhausted"] = 0
        full = self.matched(mentee) >= self.slots
        for one in self.of(OPEN, mentee=mentee, **({} if full else {"mentor": mentor})):
            if one["state"] not in OPEN:
                continue  # closed with its list
            if one["list"] is not None:
                self.close_list(one["list"], "matched", "cancelled")
                continue
            one["state"] = "cancelled"
            if self.matches[one["match"]]["state"] == "proposed":
                self.matches[one["match"]] |= {"state": "discarded", "over_at": self.now}
        wish = self.open_list(mentee)
        if full and wish is not None:  # a list that waits for matching
            self.close_list(wish, "matched", "cancelled")
        self.close_full(mentor)

    def close_full(self, mentor: str) -> None:
        """The last place is gone: nobody waits for it."""
        if self.keep or self.free(mentor):
            return
        for one in self.of(WAITS, mentor=mentor, match=None):
            if one["state"] in WAITS:
                self.close(one, "closed_full", "full")

    def stage(self, mentee: str, mentor: str, *, anyway: bool) -> str:
        """[Assign to Staged Matches]."""
        if self.live(mentee, mentor):
            return "untouched"
        self.check(mentee, mentor, anyway=anyway)
        if not self.free(mentor, for_whom=mentee):
            raise No("NoPlace")
        new = {"mentee": mentee, "mentor": mentor, "anyway": anyway, "over_at": None, "state": "staged"}
        self.matches.append(new)
        return "done"

    def assign(self, mentee: str, mentor: str) -> str:
        """[Assign to Active Matches]."""
        match = self.live(mentee, mentor)
        if match and match["state"] == "active":
            return "untouched"
        if not self.on:
            raise No("MatchingPaused")
        self.activate(mentee, mentor)
        return "done"

    def approve_match(self, number: int) -> str:
        """[Approve] of a staged match; where it cannot be, it stays staged."""
        match = self.matches[number]
        if match["state"] != "staged":
            return "untouched"
        if not self.on:
            raise No("MatchingPaused")
        made = self.does(lambda: self.activate(match["mentee"], match["mentor"]) or "done")
        return "done" if made == "done" else "untouched"

    def approve_all(self) -> str:
        """[Approve All]."""
        if not self.on:
            raise No("MatchingPaused")
        for number in range(len(self.matches)):
            self.approve_match(number)
        return "done"

    def discard(self, number: int) -> str:
        """[Discard]."""
        if self.matches[number]["state"] != "staged":
            return "untouched"
        self.matches[number] |= {"state": "discarded", "over_at": self.now}
        return "done"

    def propose(self, number: int) -> str:
        """[Ask the Mentor First]."""
        match = self.matches[number]
        if match["state"] != "staged":
            return "untouched"
        if not self.on:
            raise No("MatchingPaused")
        self.check(match["mentee"], match["mentor"], anyway=match["anyway"])
        if self.matched(match["mentee"]) >= self.slots:
            raise No("CannotMatch")
        match["state"] = "proposed"
        self.requests.append(
            {"list": None, "match": number, "mentee": match["mentee"], "mentor": match["mentor"],
             "state": "queued", "until": None, "asked_at": None, "offer": "", "offer_until": None}
        )  # fmt: skip
        self.ask(len(self.requests) - 1)
        return "done"

    def end(self, number: int, *, never_again: bool, back: bool) -> str:
        """[End Matching]."""
        match = self.matches[number]
        if match["state"] != "active":
            return "untouched"
        match |= {"state": "ended", "over_at": self.now}
        me = self.people[match["mentee"]]
        if not back and me["state"] == "active" and not me["mentor"]:
            self.pause(match["mentee"])
        if never_again:
            self.keep_apart(match["mentee"], match["mentor"])
        self.tell("ended", match["mentee"], match["mentor"])
        self.tell("group_ended", "+".join(sorted((match["mentee"], match["mentor"]))))
        return "done"

    def undo(self, number: int) -> str:
        """[Undo]."""
        match = self.matches[number]
        mentee, mentor = match["mentee"], match["mentor"]
        if match["state"] not in ("ended", "discarded"):
            return "untouched"
        if self.now - match["over_at"] > timedelta(hours=24):
            raise No("TooLate")
        if self.live(mentee, mentor):
            raise No("CannotMatch")
        if match["state"] == "ended":
            return self.go_on(match)
        self.check(mentee, mentor, anyway=match["anyway"])
        if not self.free(mentor, for_whom=mentee):
            raise No("NoPlace")
        match |= {"state": "staged", "over_at": None}
        return "done"

    def go_on(self, match: Row) -> str:
        """An end that is undone."""
        mentee, mentor = match["mentee"], match["mentor"]
        if not self.on:
            raise No("MatchingPaused")
        if self.people[mentee]["state"] == "paused":
            self.people[mentee]["state"] = "active"
        if self.apart.get(frozenset((mentee, mentor))) == match["over_at"]:
            del self.apart[frozenset((mentee, mentor))]
        self.check(mentee, mentor, anyway=match["anyway"])
        if self.matched(mentee) >= self.slots:
            raise No("CannotMatch")
        if not self.free(mentor, for_whom=mentee):
            raise No("NoPlace")
        match |= {"state": "active", "over_at": None}
        self.follow(mentee, mentor)
        self.tell("note", mentee, mentor)
        return "done"

    # --- Late offers ---

    def offer(self, number: int) -> str:
        """[Offer Anyway]."""
        one = self.requests[number]
        mentee = self.people[one["mentee"]]
        if one["state"] == "frozen":
            raise No("MatchingPaused")
        if one["state"] != "expired" or one["offer"]:
            return "untouched"
        if not self.on:
            raise No("MatchingPaused")
        if self.people[one["mentor"]]["state"] != "active" or not self.free(one["mentor"]):
            raise No("NoPlaceLeft")
        if mentee["state"] != "active" or self.matched(one["mentee"]) >= self.slots:
            raise No("Refusal")
        one |= {"offer": "made", "offer_until": on_the_wall(last_day(self.now, 3) + timedelta(1), time.min)}
        self.tell("offer", one["mentee"])
        return "done"

    def answer_offer(self, number: int, *, accept: bool) -> str:
        """[Accept] and [No Thanks]."""
        one = self.requests[number]
        if one["offer"] != "made":
            return "untouched"
        if accept and not self.on:
            raise No("MatchingPaused")
        one["offer"] = "accepted" if accept else "declined"
        if accept:
            try:
                self.activate(one["mentee"], one["mentor"])
            except No as refusal:
                raise No("Refusal") from refusal
        return "done"

    # --- People, settings, time ---

    def pause(self, who: str) -> str:
        """[Pause Requests]."""
        if self.people[who]["state"] == "left":
            raise No("NotTakingPart")
        if self.people[who]["state"] == "paused":
            return "untouched"
        self.people[who]["state"] = "paused"
        self.let_go(who)
        return "done"

    def let_go(self, who: str) -> None:
        """Nobody asks them, and nobody is asked for them."""
        for one in self.of(OPEN, mentor=who):
            if one["state"] in OPEN:
                self.close(one, "closed_unavailable", "unavailable")
        wish = self.open_list(who)
        if wish is not None:
            self.close_list(wish, "withdrawn", "withdrawn")
        for one in self.of(OPEN, mentee=who):
            self.close(one, "closed_unavailable")

    def come_back(self, who: str) -> str:
        """[Come Back]."""
        if self.people[who]["state"] == "left":
            raise No("NotTakingPart")
        if self.people[who]["state"] != "paused":
            return "untouched"
        self.people[who]["state"] = "active"
        return "done"

    def leave(self, who: str) -> str:
        """[Leave Program]."""
        if self.people[who]["state"] == "left":
            return "untouched"
        self.people[who]["state"] = "left"
        self.let_go(who)
        for number, match in enumerate(self.matches):
            if who not in (match["mentee"], match["mentor"]):
                continue
            if match["state"] == "active":
                self.end(number, never_again=False, back=True)
            elif match["state"] in LIVE:
                match |= {"state": "discarded", "over_at": self.now}
        return "done"

    def join(self, who: str) -> str:
        """Join again, as what they were."""
        if self.people[who]["state"] == "left":
            self.people[who]["state"] = "active"
        return "done"

    def set_places(self, who: str, places: int) -> str:
        """Another number of mentees at a time."""
        me = self.people[who]
        if me["state"] == "left":
            raise No("NotTakingPart")
        if places > self.most:
            raise No("FieldRefusal")
        if self.used(who) > min(places, self.most) < self.cap(who):
            raise No("FieldRefusal")
        me["places"] = places
        return "done"

    def keep_apart(self, one: str, other: str) -> str:
        """An organizer excludes a pair, or an end for good does."""
        pair = frozenset((one, other))
        if pair in self.apart:
            return "untouched"
        self.apart[pair] = self.now
        for row in self.of(OPEN):
            if {row["mentee"], row["mentor"]} == pair and row["state"] in OPEN:
                self.close(row, "closed_unavailable", "unavailable")
        return "done"

    def turn(self, *, on: bool) -> str:
        """[Turn on Matching], [Turn off Matching]."""
        if self.on is on:
            return "untouched"
        self.on = on
        if not on:
            self.off_at = self.now
            for one in self.of(["pending"]):
                one["state"] = "frozen"
            return "done"
        for one in self.of(["frozen"]):
            one["state"] = "pending"
            if one["until"] is not None:
                stood = max(self.off_at, one["asked_at"]).astimezone(ZONE).date()
                days = (stood + timedelta(days=n) for n in range(1, (one["until"] - stood).days + 1))
                one["until"] = last_day(self.now, max(1, sum(day.weekday() < 5 for day in days)))
                one["begun"] = self.now
        for number, wish in enumerate(self.lists):
            if wish["state"] == "open" and not self.waiting(number):
                self.advance(number)
                if wish["state"] == "exhausted":
                    self.say(wish["mentee"], "", None, number)
        return "done"

    def deliver(self, dead: str) -> str:
        """Slack accepts what is on its way, but for what goes to *dead*."""
        batch, self.on_their_way = self.on_their_way, []
        for number in batch:
            one = self.requests[number]
            if one["mentor"] == dead:
                if one["state"] in OPEN:
                    self.close(one, "closed_unavailable", "unavailable")
            elif one["state"] in WAITS and one["until"] is None:
                one |= {"until": last_day(self.now, 3), "asked_at": self.now, "begun": self.now}
        return "done"

    def reach(self, moment: datetime) -> None:
        """Time goes on to a moment: deadlines pass, mentors are reminded."""
        before, self.now = self.now, moment
        for one in self.requests:
            if one["state"] == "pending" and one["until"] and not self.over(one["until"]):
                for day in {last_day(one["begun"], 1), one["until"]}:
                    if before < on_the_wall(day, time(9, 30)) <= moment:
                        self.tell("reminder", one["mentor"])
        late = [one for one in self.of(["pending"]) if one["until"] and self.over(one["until"])]
        for one in sorted(late, key=lambda one: one["until"]):
            if one["state"] == "pending":
                self.close(one, "expired", "expired")
                self.tell("expired", one["mentor"])
        for one in self.requests:
            if one["offer"] == "made" and one["offer_until"] <= moment:
                one["offer"] = "expired"

    def over(self, day: date) -> bool:
        """Whether a day has ended."""
        return self.now >= on_the_wall(day + timedelta(days=1), time.min)
