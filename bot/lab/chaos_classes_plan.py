"""What goes wrong in campaigns with classes, and when: drawn from a seed, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.lab.chaos_plan import Plan, Rule, Strike

# victim, stage, role.point.target, and at which passage at most
MOMENTS = """
horse   buy     worker.after_fence.self                       2
horse   buy     worker.after_post.self                        3
horse   buy     worker.before_commit_record.self              3
horse   pay     worker.after_claim.self                       2
horse   pay     worker.after_post.self                        2
horse   expire  worker.before_commit_changing.self            1
horse   expire  worker.after_commit_changing.self             1
horse   expire  worker.after_classes_purchases.self           1
horse   answer  worker.after_post.self                        2
horse   hold    worker.after_classes_purchases.self           1
horse   leave   worker.after_fence.self                       2
horse   leave   worker.after_post.self                        2
horse   change  worker.after_post.self                        3
horse   change  worker.before_commit_record.self              3
horse   days    worker.before_commit_changing.self            4
horse   days    worker.after_classes_reminders.self           2
horse   days    worker.after_fence.self                       3
horse   days    worker.after_post.self                        3
horse   part    worker.before_commit_changing.self            2
horse   part    worker.after_fence.self                       2
horse   part    worker.after_post.self                        2
horse   end     worker.before_commit_changing.self            2
horse   end     worker.after_classes_terms.self               1
parent  buy     worker.after_fence.parent                     2
parent  change  worker.after_post.parent                      3
parent  days    worker.after_commit_changing.parent           3
parent  days    worker.after_post.parent                      2
parent  part    worker.after_fence.parent                     1
parent  end     worker.after_post.parent                      2
web     setup   web.before_commit_changing.self               2
web     setup   web.after_commit_changing.self                2
web     setup   web.before_commit__add.self                   1
web     buy     web.before_commit_changing.self               5
web     buy     web.after_commit_changing.self                5
web     buy     web.after_commit_changing.parent              3
web     pay     web.before_commit_take.self                   2
web     pay     web.after_commit_take.self                    2
web     pay     web.after_commit__made.self                   2
web     answer  web.before_commit_changing.self               1
web     answer  web.after_commit_changing.self                1
web     leave   web.before_commit_changing.self               2
web     leave   web.after_commit_changing.self                2
web     change  web.before_commit_changing.self               3
web     change  web.after_commit_changing.self                3
web     change  web.after_commit_changing.parent              3
ticker  buy     ticker.after_hint.self                        1
ticker  buy     worker.after_post.ticker                      2
ticker  expire  ticker.before_hint.self                       1
ticker  days    ticker.after_hint.self                        3
ticker  days    worker.after_classes_reminders.ticker         2
ticker  part    ticker.after_hint.self                        1
redis   buy     worker.after_claim.redis                      2
redis   expire  ticker.before_hint.redis                      1
redis   change  web.after_commit_changing.redis               2
redis   days    worker.after_post.redis                       2
redis   part    worker.after_claim.redis                      1
up      buy     worker.after_post.up                          3
up      leave   worker.after_post.up                          1
up      change  worker.after_post.up                          2
up      days    worker.after_commit_changing.up               3
up      part    worker.after_fence.up                         1
still   buy     worker.after_fence.sleep                      2
still   change  worker.after_fence.sleep                      2
still   days    worker.before_commit_changing.nap             1
"""
VICTIMS = ("horse", "web", "ticker", "horse", "web", "parent", "horse", "redis", "up")
KILLS_A_ROUND = 9

POST: tuple[Any, ...] = ("drop_after", "drop_before", {"status": 500}, {"status_after": 503}, {"slow": 900})
STRIPE: tuple[Any, ...] = ({"status": 500}, "drop_after", "drop_before", {"status_after": 500})
HOOK: tuple[Any, ...] = ("lose", "twice", {"delay": 1500}, {"reorder": 800})
PAID = {"delivery": "checkout.session.completed"}
# stage, whom it strikes, what may go wrong, how often at least and at most, and at which call at most
TROUBLE: tuple[tuple[str, dict[str, Any], tuple[Any, ...], int, int, int], ...] = (
    ("setup", {"method": "views.publish"}, POST, 0, 1, 5),
    ("buy", {"method": "chat.postMessage"}, POST, 1, 3, 5),
    ("pay", {"method": "stripe.checkout.create"}, STRIPE, 1, 2, 3),
    ("pay", PAID, HOOK, 2, 3, 4),
    ("pay", {"method": "chat.postMessage"}, POST, 1, 2, 3),
    ("expire", {"method": "stripe.checkout.retrieve"}, ({"status": 500}, "drop_before"), 0, 1, 2),
    ("expire", {"delivery": "checkout.session.async_payment_succeeded"}, HOOK, 1, 1, 1),
    ("answer", {"method": "chat.postMessage"}, POST, 1, 2, 2),
    ("leave", {"method": "stripe.refunds.create"}, STRIPE, 1, 1, 1),
    ("leave", {"delivery": "charge.refunded"}, HOOK, 1, 1, 1),
    ("leave", {"method": "chat.postMessage"}, POST, 1, 2, 3),
    ("change", {"method": "chat.postMessage"}, POST, 2, 3, 6),
    ("change", {"method": "chat.update"}, POST, 0, 1, 3),
    ("days", {"method": "chat.postMessage"}, POST, 1, 3, 4),
    ("part", {"method": "stripe.payment_intents.create"}, STRIPE, 1, 1, 1),
    ("part", {"delivery": "payment_intent.succeeded"}, HOOK, 0, 1, 1),
    ("end", {"method": "chat.postMessage"}, POST, 0, 2, 3),
)


@dataclass(frozen=True)
class ClassesPlan(Plan):
    """All strikes of a campaign with classes, and the troubles of Slack and Stripe."""

    def rules(self, round_: int, stage: str) -> list[Rule]:
        """What Slack and Stripe do wrong in one stage of one round."""
        rng = Random(f"{self.seed}-{round_}-{stage}")  # noqa: S311 - to be repeated, not secret
        rules: list[Rule] = []
        for where, match, deeds, least, most, passage in TROUBLE:
            if where == stage:
                for deed in rng.choices(deeds, k=rng.randint(least, most)):
                    nth = rng.randint(1, passage)
                    rules.append({"match": {**match, "nth": nth}, "times": 1, "do": deed})
        return rules


def draw(seed: int, kills: int, *, stages: frozenset[str] = frozenset()) -> ClassesPlan:
    """Plan *kills* kills, spread over all victims, moments and rounds; and some that stand still.

    With *stages* only these are struck.
    """
    rng = Random(seed)  # noqa: S311 - to be repeated, not secret
    rounds = max(1, -(-kills // KILLS_A_ROUND))
    moments = {victim: _shuffled(rng, victim, stages) for victim in dict.fromkeys((*VICTIMS, "still"))}
    wanted = [VICTIMS[number % len(VICTIMS)] for number in range(kills)] + ["still"] * (kills // 12)
    strikes = []
    for number, victim in enumerate(wanted):
        stage, spot, most = next(moments[victim])
        role, point, target = spot.split(".")
        nth = rng.randint(1, int(most))
        strikes.append(Strike(victim, stage, role, point, target, nth, number % rounds))
    return ClassesPlan(seed, 0, tuple(strikes), rounds, None)


def _shuffled(rng: Random, victim: str, stages: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    lines = [line.split() for line in MOMENTS.strip().splitlines()]
    mine = [(stage, spot, most) for who, stage, spot, most in lines if who == victim]
    mine = [one for one in mine if not stages or one[0] in stages]
    rng.shuffle(mine)
    while True:
        yield from mine
