"""What goes wrong, and when: drawn from a seed, the same for the same seed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

Rule = dict[str, Any]

# victim, stage, role.point.target, and at which passage at most (p: a third of the people, g: of the groups)
MOMENTS = """
horse   ask       worker.after_take.self                    2
horse   ask       worker.before_commit_open_round.self      1
horse   ask       worker.after_open.self                    1
horse   ask       worker.after_commit_ask.self              1
horse   ask       worker.before_claim.self                  2
horse   ask       worker.after_claim.self                   3
horse   ask       worker.after_fence.self                   p
horse   ask       worker.after_post.self                    p
horse   ask       worker.after_record.self                  p
horse   answer    worker.after_fence.self                   g
horse   answer    worker.after_post.self                    g
horse   remind    worker.before_commit_remind.self          1
horse   remind    worker.after_remind.self                  1
horse   remind    worker.before_commit_record.self          3
horse   match     worker.before_match.self                  1
horse   match     worker.before_commit_match_round.self     2
horse   match     worker.after_commit_match_round.self      1
horse   match     worker.after_match.self                   1
horse   match     worker.before_commit_opened.self          g
horse   match     worker.after_commit_opened.self           g
horse   match     worker.after_fence.self                   g
horse   match     worker.after_post.self                    g
horse   match     worker.before_commit_record.self          g
horse   match     worker.before_commit_decide.self          1
parent  ask       worker.after_take.parent                  1
parent  ask       worker.after_claim.parent                 2
parent  ask       worker.after_fence.parent                 p
parent  ask       worker.after_post.parent                  p
parent  answer    worker.after_record.parent                g
parent  remind    worker.after_post.parent                  3
parent  match     worker.before_match.parent                1
parent  match     worker.after_commit_match_round.parent    1
parent  match     worker.before_commit_opened.parent        g
parent  match     worker.before_commit_record.parent        g
web     schedule  web.before_commit_create.self             1
web     schedule  web.after_commit_create.parent            1
web     schedule  web.before_commit_save.parent             1
web     schedule  web.after_commit_save.self                1
web     ask       worker.after_claim.web                    2
web     answer    web.before_answer.self                    p
web     answer    web.before_commit_record_answers.self      p
web     answer    web.after_commit_record_answers.self       p
web     answer    web.after_commit_record_answers.parent     p
web     answer    web.after_answer.parent                   p
web     answer    web.before_commit_remind.self             1
web     answer    web.after_commit_remind.parent            1
web     change    web.before_commit_joined_channel.self     1
web     change    web.after_commit_joined_channel.parent    1
web     change    web.after_commit_changed.self             1
web     match     worker.after_commit_match_round.web       1
ticker  ask       ticker.before_hint.self                   3
ticker  ask       ticker.after_hint.self                    3
ticker  ask       worker.after_post.ticker                  p
ticker  match     worker.before_match.ticker                1
ticker  match     worker.after_claim.ticker                 2
ticker  deaf-ask    ticker.after_open.self                  1
ticker  deaf-ask    ticker.after_fence.self                 g
ticker  deaf-ask    ticker.after_post.self                  g
ticker  deaf-match  ticker.after_commit_match_round.self    1
ticker  deaf-match  ticker.before_commit_opened.self        2
ticker  deaf-match  ticker.before_commit_record.self        3
redis   ask       ticker.before_hint.redis                  2
redis   ask       worker.after_take.redis                   1
redis   ask       worker.after_claim.redis                  2
redis   ask       worker.after_post.redis                   p
redis   answer    web.after_commit_record_answers.redis      p
redis   answer    worker.after_record.redis                 g
redis   remind    ticker.after_hint.redis                   2
redis   match     worker.before_match.redis                 1
redis   match     worker.after_open.redis                   1
redis   match     worker.after_commit_opened.redis          g
up      ask       worker.after_fence.up                     p
up      ask       worker.after_post.up                      p
up      answer    web.after_commit_record_answers.up        p
up      answer    worker.after_record.up                    g
up      remind    worker.after_remind.up                    1
up      match     worker.after_commit_match_round.up        1
up      match     worker.before_commit_opened.up            g
up      match     worker.after_post.up                      g
still   ask       worker.after_fence.sleep                  p
still   ask       worker.before_post.sleep                  p
still   ask       worker.before_post.nap                    p
still   ask       worker.after_post.sleep                   p
still   answer    web.before_commit_record_answers.nap      p
still   remind    worker.before_post.sleep                  3
still   match     worker.before_commit_match_round.nap      2
still   match     worker.after_commit_match_round.sleep     1
still   match     worker.before_post.sleep                  g
still   match     worker.after_post.sleep                   g
flush   ask       ticker.after_hint.flushall                2
flush   ask       worker.after_claim.flushall               2
flush   answer    web.after_answer.flushall                 p
flush   remind    worker.after_take.flushall                1
flush   match     worker.before_match.flushall              1
flush   match     worker.after_post.flushall                g
"""
VICTIMS = ("horse", "parent", "web", "ticker", "redis")
OTHERS = ("up", "still", "flush")
SHORT = 25  # with fewer kills no round is played without the worker
MOST_AT_ONCE = 5  # strikes planned for one stage of one round

SENDING: tuple[Any, ...] = (
    "drop_after",
    "drop_before",
    "garbage",
    {"late": 900},
    {"rate_limited": 1},
    {"status": 500},
    {"status_after": 503},
    {"slow": 1300},
    {"error": "internal_error"},
    {"refuse": 200},
)
READING: tuple[Any, ...] = ("drop_before", {"status": 500}, {"rate_limited": 1}, {"refuse": 200}, "garbage")
# stage, method, what may go wrong, how often at least and at most, and at which call at most
TROUBLE: tuple[tuple[str, str, tuple[Any, ...], int, int, str], ...] = (
    ("ask", "users.list", READING, 0, 1, "1"),
    ("ask", "conversations.members", READING, 0, 1, "1"),
    ("ask", "chat.postMessage", SENDING, 3, 6, "p"),
    ("ask", "conversations.history", READING, 1, 2, "2"),
    ("answer", "chat.update", SENDING, 1, 3, "g"),
    ("remind", "chat.postMessage", SENDING, 2, 4, "3"),
    ("remind", "conversations.open", READING, 0, 1, "2"),
    ("match", "conversations.open", SENDING, 2, 4, "g"),
    ("match", "chat.postMessage", SENDING, 2, 5, "g"),
    ("match", "conversations.history", READING, 1, 2, "2"),
)


@dataclass(frozen=True)
class Strike:
    """A planned strike: at its *nth* passage, *role* at *point* strikes *target*."""

    victim: str
    stage: str
    role: str
    point: str
    target: str
    nth: int
    round: int
    deaf: bool = False  # it needs a worker that hears no hint, so that the ticker works itself

    @property
    def name(self) -> str:
        """The fail-point and whom it strikes, for the report."""
        return f"{self.role}.{self.point}.{self.target}"


@dataclass(frozen=True)
class Plan:
    """All strikes of a campaign. In the last round the worker is *deaf* if some strikes need that."""

    seed: int
    people: int
    strikes: tuple[Strike, ...]
    rounds: int
    deaf: int | None  # the number of the round in which the worker hears no hint

    def at(self, round_: int, stage: str) -> list[Strike]:
        """The strikes of one stage of one round."""
        return [one for one in self.strikes if (one.round, one.stage) == (round_, stage)]

    def rules(self, round_: int, stage: str) -> list[Rule]:
        """What the workspace does wrong in one stage of one round."""
        rng = Random(f"{self.seed}-{round_}-{stage}")  # noqa: S311 - to be repeated, not secret
        rules: list[Rule] = []
        for where, method, deeds, least, most, passage in TROUBLE:
            if where == stage:
                for deed in rng.choices(deeds, k=rng.randint(least, most)):
                    nth = _passage(rng, passage, self.people)
                    rules.append({"match": {"method": method, "nth": nth}, "times": 1, "do": deed})
        return rules


def draw(seed: int, kills: int, *, people: int) -> Plan:
    """Plan *kills* kills, spread over all victims and as many of their moments as possible.

    Beside them Redis is made to forget everything now and then, the whole tree is killed at once, and
    processes stand still.
    """
    rng = Random(seed)  # noqa: S311 - to be repeated, not secret
    short = kills < SHORT
    moments = {victim: _shuffled(rng, victim, short=short) for victim in (*VICTIMS, *OTHERS)}
    wanted = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
    wanted += ["flush"] * (kills // 12) + ["up"] * (kills // 20) + ["still"] * (kills // 14)
    taken: Counter[tuple[int, str]] = Counter()
    strikes = []
    for victim in wanted:
        stage, spot, most = next(moments[victim])
        round_ = 0
        while stage not in ("schedule", "deaf-ask", "deaf-match") and taken[round_, stage] >= MOST_AT_ONCE:
            round_ += 1
        taken[round_, stage] += 1
        role, point, target = spot.split(".")
        strikes.append(Strike(victim, stage, role, point, target, _passage(rng, most, people), round_))
    rounds = max((one.round for one in strikes), default=0) + 1
    deaf = rounds if any(one.stage.startswith("deaf-") for one in strikes) else None
    return Plan(seed, people, tuple(_placed(one, deaf) for one in strikes), rounds + (deaf is not None), deaf)


def _placed(one: Strike, deaf: int | None) -> Strike:
    if deaf is None or not one.stage.startswith("deaf-"):
        return one
    return replace(one, stage=one.stage.removeprefix("deaf-"), round=deaf, deaf=True)


def _shuffled(rng: Random, victim: str, *, short: bool) -> Iterator[tuple[str, str, str]]:
    """The moments of a victim in random order, again and again; a series is scheduled only once."""
    lines = [line.split() for line in MOMENTS.strip().splitlines()]
    mine = [(stage, spot, most) for who, stage, spot, most in lines if who == victim]
    if short:
        mine = [moment for moment in mine if not moment[0].startswith("deaf-")]
    rng.shuffle(mine)
    yield from mine
    while True:
        yield from [moment for moment in mine if moment[0] != "schedule"]


def _passage(rng: Random, most: str, people: int) -> int:
    third = {"p": people // 3, "g": people // 8}
    return rng.randint(1, max(1, third[most] if most in third else int(most)))
