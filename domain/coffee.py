"""Coffee rounds: who meets whom. Pure and seeded: the same people, history and seed give the same groups."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.matching import rounds
from domain.matching.chance import dice
from domain.matching.ids import Kept, Pair, Past, in_numbers
from domain.matching.rounds import Effort, Grouping, Method
from domain.text import N_

LARGEST_GROUP = 8  # a Slack group message holds eight people and the bot

# Why somebody who joined is in no group. One sentence for all who could not be placed: it gives no hint.
NOBODY_ELSE = N_("Nobody else joined this time, so there was no one to match you with.")
NO_GROUP = N_("There was no group for you this time.")
MY_TURN = N_("It was your turn to sit out, so that all groups have the right size. Next time you come first.")

ICEBREAKERS = (
    N_("What is the best thing you ate this month?"),
    N_("Which small habit changed your week for the better?"),
    N_("What did you want to become when you were ten?"),
    N_("Which book, film or song do you recommend to everyone?"),
    N_("What would you do with one extra free day a week?"),
    N_("Which place would you show a visitor to your town first?"),
    N_("What are you working on that nobody asks about?"),
    N_("What is something you learned embarrassingly late?"),
    N_("Which tool, digital or not, would you never give back?"),
    N_("What made you laugh lately?"),
    N_("Which skill would you like to wake up with tomorrow?"),
    N_("What does your perfect first hour of the day look like?"),
)


@dataclass(frozen=True)
class Group:
    """People brought together. *repeats* counts the pairs among them who had met before."""

    people: tuple[str, ...]
    repeats: int
    icebreaker: str


@dataclass(frozen=True)
class Matched:
    """The groups of one round, and who could not be placed (one person alone, or nobody).

    Of *left_out*, it was the turn of *sat_out*. No grouping has fewer than *unavoidable* repeats.
    """

    groups: tuple[Group, ...]
    left_out: tuple[str, ...]
    unavoidable: int = 0
    method: Method = Method.DRAWN
    sat_out: tuple[str, ...] = ()

    @property
    def repeats(self) -> int:
        """Pairs who meet again, over all groups."""
        return sum(group.repeats for group in self.groups)


def sizes(people: int, size: int, leftover: str = "larger") -> list[int]:
    """Group sizes for *people* participants: groups of *size*, and what *leftover* says of the remainder.

    "larger" lets it join the groups one by one, "smaller" makes a smaller group, "sit_out" leaves it out.
    Nobody is alone, and no group is larger than a group message can hold.
    """
    if people < 2:
        return []
    count, rest = divmod(people, size)
    if leftover == "sit_out" and count:
        return [size] * count
    if leftover == "smaller" and count and rest and (rest > 1 or size > 2):
        # one person alone gets company from another group, which is then smaller too
        return [size] * count + [rest] if rest > 1 else [size] * (count - 1) + [size - 1, 2]
    return _larger(people, size)


def _larger(people: int, size: int) -> list[int]:
    count = max(1, people // size)
    while -(-people // count) > LARGEST_GROUP:
        count += 1
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


@dataclass(frozen=True)
class Rules:
    """What holds for the groups of a program.

    *past* knows who met, *never* holds pairs that must not be together, *sat_out* says how late each person
    sat out last: whoever sat out longest ago, or never, is next. *kept* are the owner's rules, the
    weightiest first. *roster_seed* draws the plan for a program in which everyone always comes.
    """

    size: int
    leftover: str = "larger"
    past: Past = field(default_factory=Past)
    never: frozenset[Pair] = frozenset()
    sat_out: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    roster_seed: int | None = None

    def clashes(self, who: str, group: Collection[str]) -> bool:
        """Whether somebody of the group must not be together with *who*."""
        if self.never and any(frozenset((who, other)) in self.never for other in group):
            return True
        hard = [rule for rule in self.kept if rule.hard]
        return any(rule.breaks(who, other) for rule in hard for other in group if other != who)


def match(
    people: Iterable[str],
    size: int,
    *,
    met: Mapping[Pair, int],
    seed: int,
    leftover: str = "larger",
    never: Collection[Pair] = (),
    sat_out: Mapping[str, int] | None = None,
    questions: Sequence[str] = (),
) -> Matched:
    """As `matched`, where *met* says of pairs how many rounds ago they met (0: never)."""
    rules = Rules(size, leftover, Past.of(met), frozenset(never), sat_out or {})
    return matched(people, rules, seed=seed, questions=questions)


def matched(people: Iterable[str], rules: Rules, *, seed: int, questions: Sequence[str] = ()) -> Matched:
    """Split *people* into groups by the *rules*, and give each group a question.

    Everyone is in exactly one group or in ``left_out``. The order of *people* does not matter; *questions*
    are the program's own icebreakers.
    """
    present = sorted(set(people))
    groups, left_out, made = grouped(present, rules, seed)
    asked = list(questions or ICEBREAKERS)
    rng = dice(seed, "questions")
    asked.sort(key=lambda _: rng.random())
    again = rules.past.repeats_of(groups)
    found = [
        Group(tuple(sorted(group)), again[number], asked[number % len(asked)])
        for number, group in enumerate(groups)
    ]
    repeats = sum(group.repeats for group in found)
    turn = tuple(present[one] for one in made.out)
    return Matched(tuple(found), tuple(sorted(left_out)), min(made.unavoidable, repeats), made.method, turn)


def grouped(
    present: Sequence[str], rules: Rules, seed: int, *, effort: Effort = "full"
) -> tuple[list[list[str]], list[str], Grouping]:
    """Groups of those *present*, who are sorted; who is in none: alone, their turn, or no group for them."""
    if len(present) < 2:
        return [], list(present), rounds.NOTHING
    made = _grouping(present, rules, seed, effort)
    groups = [[present[one] for one in group] for group in made.groups]
    out = [present[one] for one in made.out]
    if made.cost.apart:
        out += mended(groups, rules)
    return groups, out, made


def _grouping(present: Sequence[str], rules: Rules, seed: int, effort: Effort) -> Grouping:
    seats = sizes(len(present), rules.size, rules.leftover)
    over = len(present) - sum(seats)
    found = in_numbers(
        present, seats, rules.past, rules.never, rules.kept, seed=seed, roster_seed=rules.roster_seed
    )
    if not over:
        return rounds.group(found, effort=effort)
    if over == 1 and set(seats) == {2}:
        last = [rules.sat_out.get(who, -1) for who in present]
        longest_ago = min(last)
        return rounds.group_all_but_one(found, [at for at, when in enumerate(last) if when == longest_ago])
    return rounds.without(found, _whose_turn(present, rules, over, seed), effort=effort)


def _whose_turn(present: Sequence[str], rules: Rules, over: int, seed: int) -> tuple[int, ...]:
    """Who sits out: whoever did so longest ago, or never."""
    rng = dice(seed, "sits out")
    turn = sorted((rules.sat_out.get(who, -1), rng.random(), at) for at, who in enumerate(present))
    return tuple(at for _, _, at in turn[:over])


def mended(groups: list[list[str]], rules: Rules, *, loose: Iterable[str] = ()) -> list[str]:
    """Take apart who must not be together, and place them and the *loose* ones; who finds no place.

    Changes *groups*: nobody stays alone, and nobody who needs no other place is moved.
    """
    waiting = [*loose, *(who for group in groups for who in apart(group, rules))]
    groups[:] = [group for group in groups if group]
    return _placed(groups, waiting, rules)


def apart(group: list[str], rules: Rules) -> list[str]:
    """Take out of a group who must not be together with the others, and who is alone then; who that is."""
    taken = []
    while clashing := [who for who in sorted(group) if rules.clashes(who, set(group) - {who})]:
        most = max(clashing, key=lambda who: sum(rules.clashes(who, {o}) for o in group if o != who))
        group.remove(most)
        taken.append(most)
    return [*taken, group.pop()] if len(group) == 1 else taken


def _placed(groups: list[list[str]], waiting: Sequence[str], rules: Rules) -> list[str]:
    """Give each of the *waiting* the group where it repeats least; those for whom there is none."""
    out: list[str] = []
    for who in waiting:
        fitting = [g for g in groups if len(g) < LARGEST_GROUP and not rules.clashes(who, g)]
        if fitting:
            min(fitting, key=lambda g: (_again(who, g, rules), len(g))).append(who)
            continue
        partner = next((other for other in out if not rules.clashes(who, [other])), None)
        if partner is None:
            out.append(who)
        else:
            out.remove(partner)
            groups.append([partner, who])
    return out


def _again(who: str, group: Collection[str], rules: Rules) -> int:
    return sum(1 for other in group if rules.past.ago(who, other))
