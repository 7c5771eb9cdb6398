"""[Dry run]: the groups that a session would get if matching were now."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.repeats import repeats
from blocks.words import _, n_
from domain.dry_runs import Again, DryRun, Found, Line, Without
from domain.matching.rounds import Method
from domain.text import N_

Message = tuple[str, list[Json]]

MOST_AGAIN = 3  # pairs who meet again, named for each group
HOW = {
    Method.DRAWN: N_("How: by lot, because there was nothing to weigh."),
    Method.PLANNED: N_("How: from a plan in which nobody meets twice for as long as possible."),
    Method.EXACT: N_("How: all possible pairs were weighed, and no other choice is better."),
    Method.SEARCHED: N_("How: by search; these are the best groups that were found."),
}


def view(run: DryRun) -> Json:
    """The modal "Dry run"; while the groups are being made it says so."""
    return kit.modal(_("Dry run"), message(run)[1], callback_id=Ids.DRY_RUN_VIEW, close=_("Close"))


def message(run: DryRun) -> Message:
    """What it says, and in one line."""
    head = kit.section(f"*{kit.escape(run.program)}*")
    if run.problem:
        return run.problem, [head, kit.section(kit.escape(run.problem))]
    if run.found is None:
        working = _(":hourglass_flowing_sand: Working on it: the groups are being made. This takes a moment.")
        return _("Dry run"), [head, kit.section(working), _kept(run)]
    said = _whole(run.found)
    blocks = [head, kit.section(said), *_how(run.found), *_without(run.found), kit.divider()]
    for line in run.found.lines:
        blocks += _group(line)
    return said, [*blocks, *_turns(run), _kept(run)]


def _whole(found: Found) -> str:
    if not found.groups:
        return _("*If matching were now:* no groups, because fewer than two people take part.")
    made = n_(
        "*If matching were now:* {count} group of {people} people.",
        "*If matching were now:* {count} groups of {people} people.",
        found.groups,
        people=found.people,
    )
    return f"{made} {repeats(found.repeats, found.unavoidable, groups=found.groups, method=found.method)}"


def _how(found: Found) -> list[Json]:
    return [kit.context(_(HOW[Method(found.method)]))] if found.groups else []


def _without(found: Found) -> list[Json]:
    return [kit.section("\n".join(_out(one) for one in found.without))] if found.without else []


def _out(one: Without) -> str:
    names = kit.spoken(kit.escape(name, 80) for name in one.names)
    if one.count > len(one.names):
        names = _("{names} and {count} more", names=names, count=one.count - len(one.names))
    return n_(
        "{count} would be in no group ({reason}): {names}.",
        "{count} would be in no group ({reason}): {names}.",
        one.count,
        reason=kit.escape(one.reason),
        names=names,
    )


def _group(line: Line) -> list[Json]:
    names = ", ".join(kit.escape(name, 80) for name in line.people)
    block = kit.section(f"*{line.number + 1}.* {names}")
    if not line.again:
        return [block]
    said = [_met(one, alone=len(line.people) == 2) for one in line.again[:MOST_AGAIN]]
    more = len(line.again) - MOST_AGAIN
    if more > 0:
        said.append(n_("and {count} more pair", "and {count} more pairs", more))
    return [block, kit.context(*said)]


def _met(again: Again, *, alone: bool) -> str:
    if alone:
        return n_(":repeat: met {count} round ago", ":repeat: met {count} rounds ago", again.ago)
    return n_(
        ":repeat: {first} and {second} met {count} round ago",
        ":repeat: {first} and {second} met {count} rounds ago",
        again.ago,
        first=kit.escape(again.first, 80),
        second=kit.escape(again.second, 80),
    )


def _turns(run: DryRun) -> list[Json]:
    if run.pages == 1:
        return []
    turns = []
    if run.page > 0:
        turns.append(kit.button(_("Previous"), Ids.DRY_RUN_PREVIOUS, value=_value(run, run.page - 1)))
    if run.page + 1 < run.pages:
        turns.append(kit.button(_("Next"), Ids.DRY_RUN_NEXT, value=_value(run, run.page + 1)))
    place = _("Page {page} of {pages}", page=run.page + 1, pages=run.pages)
    return [kit.context(place), kit.actions(*turns, block_id="dry_run.pages")]


def _value(run: DryRun, page: int) -> str:
    return f"{run.occurrence_id}.{page}"


def _kept(run: DryRun) -> Json:
    if run.asks_first:
        return kit.context(
            _("Nothing is sent, nothing is kept; answers that still come in change the groups.")
        )
    return kit.context(
        _("Nothing is sent, nothing is kept; whoever still joins or leaves the audience changes the groups.")
    )
