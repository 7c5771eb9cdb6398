"""What goes wrong in campaigns with 1:1 sessions, and when: drawn from a seed, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.lab.chaos_plan import Plan, Rule, Strike

# victim, stage, role.point.target, and at which passage at most
MOMENTS = """
horse   book    worker.after_claim.self                       2
horse   book    worker.after_fence.self                       3
horse   book    worker.after_post.self                        4
horse   book    worker.before_commit_record.self              4
horse   day     worker.before_commit_changing_messages.self   3
horse   day     worker.after_hosted_remind.self               3
horse   day     worker.after_post.self                        3
horse   day     worker.after_record.self                      3
horse   change  worker.after_fence.self                       3
horse   change  worker.after_post.self                        4
horse   change  worker.before_commit_record.self              3
horse   hour    worker.before_commit_changing_messages.self   2
horse   hour    worker.after_fence.self                       2
horse   hour    worker.after_post.self                        2
horse   next    worker.after_commit_changing_messages.self    2
horse   next    worker.after_post.self                        2
parent  book    worker.after_fence.parent                     2
parent  book    worker.after_post.parent                      3
parent  day     worker.after_commit_changing_messages.parent  2
parent  day     worker.after_post.parent                      2
parent  change  worker.after_post.parent                      3
parent  hour    worker.after_fence.parent                     2
web     book    web.before_commit__save.self                  3
web     book    web.after_commit__save.self                   3
web     book    web.after_commit__save.parent                 3
web     pay     web.before_commit_take.self                   1
web     pay     web.after_commit__made.self                   1
web     change  web.before_commit_changing_messages.self      2
web     change  web.after_commit_changing_messages.self       2
web     change  web.after_commit_changing_messages.parent     2
web     hour    web.after_commit_changing_messages.self       1
ticker  book    ticker.after_hint.self                        2
ticker  book    worker.after_post.ticker                      3
ticker  day     ticker.before_hint.self                       1
ticker  day     worker.after_hosted_remind.ticker             2
ticker  hour    ticker.after_hint.self                        1
redis   book    worker.after_claim.redis                      2
redis   day     ticker.before_hint.redis                      1
redis   day     worker.after_post.redis                       2
redis   change  web.after_commit_changing_messages.redis      1
redis   hour    worker.after_hosted_remind.redis              1
up      book    worker.after_post.up                          3
up      day     worker.after_commit_changing_messages.up      2
up      change  worker.after_post.up                          2
up      hour    worker.after_fence.up                         1
still   day     worker.after_fence.sleep                      2
still   change  worker.after_fence.sleep                      2
still   hour    worker.before_commit_changing_messages.nap    1
"""
VICTIMS = ("horse", "web", "ticker", "parent", "horse", "redis", "up")
KILLS_A_ROUND = 7

MAIL: tuple[Any, ...] = ({"status": 451}, "drop_after", "drop_before", {"slow": 600})
TEXT: tuple[Any, ...] = (
    {"status": 500},
    {"status_after": 502},
    "drop_after",
    "drop_before",
    {"rate_limited": 1},
)
STRIPE: tuple[Any, ...] = ({"status": 500}, "drop_after", "drop_before", {"status_after": 500})
HOOK: tuple[Any, ...] = ("lose", "twice", {"delay": 1500}, {"reorder": 800})
PAID = {"delivery": "checkout.session.completed"}
# stage, whom it strikes, what may go wrong, how often at least and at most, and at which call at most
TROUBLE: tuple[tuple[str, dict[str, Any], tuple[Any, ...], int, int, int], ...] = (
    ("book", {"method": "mail.send"}, MAIL, 1, 3, 4),
    ("book", {"method": "text.send"}, TEXT, 1, 2, 2),
    ("book", {"method": "chat.postMessage"}, ("drop_after", "drop_before", {"status": 500}), 0, 1, 3),
    ("pay", {"method": "stripe.checkout.create"}, STRIPE, 0, 1, 1),
    ("pay", {"method": "stripe.checkout.retrieve"}, ({"status": 500}, "drop_before"), 0, 1, 1),
    ("pay", PAID, HOOK, 1, 2, 2),
    ("pay", {"method": "mail.send"}, MAIL, 0, 1, 1),
    ("day", {"method": "mail.send"}, MAIL, 1, 3, 4),
    ("day", {"method": "text.send"}, TEXT, 1, 2, 1),
    ("change", {"method": "mail.send"}, MAIL, 1, 2, 2),
    ("change", {"method": "text.send"}, TEXT, 0, 1, 1),
    ("change", {"method": "stripe.refunds.create"}, STRIPE, 1, 1, 1),
    ("change", {"delivery": "charge.refunded"}, HOOK, 0, 1, 1),
    ("hour", {"method": "mail.send"}, MAIL, 1, 2, 2),
    ("last", {"method": "mail.send"}, MAIL, 0, 1, 2),
    ("next", {"method": "mail.send"}, MAIL, 0, 1, 1),
    ("next", {"method": "text.send"}, TEXT, 0, 1, 1),
)


@dataclass(frozen=True)
class HostedPlan(Plan):
    """All strikes of a campaign with 1:1 sessions, and the troubles of whoever carries messages and money."""

    def rules(self, round_: int, stage: str) -> list[Rule]:
        """What mail server, gateway, Slack and Stripe do wrong in one stage of one round."""
        rng = Random(f"{self.seed}-{round_}-{stage}")  # noqa: S311 - to be repeated, not secret
        rules: list[Rule] = []
        for where, match, deeds, least, most, passage in TROUBLE:
            if where == stage:
                for deed in rng.choices(deeds, k=rng.randint(least, most)):
                    nth = rng.randint(1, passage)
                    rules.append({"match": {**match, "nth": nth}, "times": 1, "do": deed})
        return rules


def draw(seed: int, kills: int) -> HostedPlan:
    """Plan *kills* kills, spread over all victims, moments and rounds; and some that stand still."""
    rng = Random(seed)  # noqa: S311 - to be repeated, not secret
    rounds = max(1, -(-kills // KILLS_A_ROUND))
    moments = {victim: _shuffled(rng, victim) for victim in dict.fromkeys((*VICTIMS, "still"))}
    wanted = [VICTIMS[number % len(VICTIMS)] for number in range(kills)] + ["still"] * (kills // 12)
    strikes = []
    for number, victim in enumerate(wanted):
        stage, spot, most = next(moments[victim])
        role, point, target = spot.split(".")
        nth = rng.randint(1, int(most))
        strikes.append(Strike(victim, stage, role, point, target, nth, number % rounds))
    return HostedPlan(seed, 0, tuple(strikes), rounds, None)


def _shuffled(rng: Random, victim: str) -> Iterator[tuple[str, str, str]]:
    lines = [line.split() for line in MOMENTS.strip().splitlines()]
    mine = [(stage, spot, most) for who, stage, spot, most in lines if who == victim]
    rng.shuffle(mine)
    while True:
        yield from mine
