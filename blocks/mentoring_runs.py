"""[Run Auto-Matching] and its dry run, and the dry run of [Approve All]."""

from collections.abc import Sequence

from blocks import kit
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_words import label
from blocks.words import _, n_, retold
from domain.mentoring_runs import Alone, Approval, Offer, Planned, RunTask, Staged, Together, What
from domain.text import N_

Message = tuple[str, list[Json]]
RUN = N_("Run Auto-Matching")


def offer(found: Offer) -> Json:
    """The modal "Run Auto-Matching"."""
    promise = _("This stages the best matches by your matching rules. Nothing goes live.")
    dry = kit.button(_("Dry Run"), Ids.DRY_RUN_OPEN, value=f"{found.program_id}.")
    blocks = [kit.section(f"*{kit.escape(found.program)}*"), kit.section(promise), _counts(found)]
    return kit.modal(
        label(RUN, found.wording),
        [*blocks, kit.actions(dry, block_id="run.dry")],
        callback_id=Ids.RUN_START,
        submit=_("Send to admin approval"),
        metadata={"program": found.program_id},
    )


def _counts(found: Offer) -> Json:
    mentees = n_("{count} mentee without a match", "{count} mentees without a match", found.mentees)
    mentors = n_("{count} mentor with a free place", "{count} mentors with a free place", found.mentors)
    places = n_("{count} free place", "{count} free places", found.places)
    return kit.context(f"{mentees} · {mentors} · {places}")


def view(task: RunTask) -> Json:
    """The same modal while the run is made, and what it came to."""
    title = _("Dry Run") if task.what is What.DRY else label(RUN, task.wording)
    return kit.modal(title, message(task)[1], callback_id=Ids.RUN_VIEW, close=_("Close"))


def message(task: RunTask) -> Message:
    """What it says, and in one line."""
    head = kit.section(f"*{kit.escape(task.program)}*")
    if task.problem:
        return task.problem, [head, kit.section(kit.escape(task.problem))]
    if task.found is None:
        working = _(":hourglass_flowing_sand: Working on it: this takes a moment.")
        return working, [head, kit.section(working)]
    if isinstance(task.found, Staged):
        said, blocks = _staged(task.found)
    else:
        said, blocks = _dry(task.program_id, task.found)
    return said, [head, *blocks]


def _staged(found: Staged) -> Message:
    said = _("Nothing new to stage.")
    if found.count:
        said = n_(
            "Staged {count} match. Nobody was told: it waits for your approval in *Staged by Admin*.",
            "Staged {count} matches. Nobody was told: they wait for your approval in *Staged by Admin*.",
            found.count,
        )
    lines = [
        n_(
            "{count} mentee without a mentor. {why}",
            "{count} mentees without a mentor. {why}",
            count,
            why=kit.escape(retold(why)),
        )
        for why, count in found.without[:10]
    ]
    return said, [kit.section(said), *([kit.section("\n".join(lines))] if lines else [])]


def _dry(program_id: int, found: Planned) -> Message:
    pairs = n_("{count} match would be staged", "{count} matches would be staged", found.pairs)
    alone = n_("{count} mentee would get nobody", "{count} mentees would get nobody", found.without)
    said = f"{pairs}, {alone}."
    blocks = [kit.section(said), *_lines(found.lines)]
    turn = [(one, f"{program_id}.{one}.{found.digest}") for one in (found.page - 1, found.page + 1)]
    buttons = _turns(found, turn, Ids.RUN_PREVIOUS, Ids.RUN_NEXT)
    if found.pairs:
        value = f"{program_id}.{found.digest}"
        buttons.append(kit.button(_("Apply This Plan"), Ids.RUN_APPLY, value=value, style="primary"))
    return said, [*blocks, *_row(buttons), kit.context(_("Nothing is staged until you apply this plan."))]


def _turns(found: Planned, turn: Sequence[tuple[int, str]], back: str, forth: str) -> list[Json]:
    """[Previous] and [Next], where there are such pages."""
    named = ((_("Previous"), back), (_("Next"), forth))
    return [
        kit.button(text, name, value=value)
        for (text, name), (page, value) in zip(named, turn, strict=True)
        if 0 <= page < found.pages
    ]


def _row(buttons: list[Json]) -> list[Json]:
    return [kit.actions(*buttons, block_id="run.buttons")] if buttons else []


def _lines(lines: Sequence[Together | Alone]) -> list[Json]:
    blocks: list[Json] = []
    for line in lines:
        if isinstance(line, Together):
            blocks += [kit.section(_pair(line)), *_why(line)]
        else:
            name, why = kit.escape(line.name, 80), kit.escape(retold(line.why), 1000)
            blocks.append(kit.section(f"*{name}*\n{why}"))
    return blocks


def _pair(line: Together) -> str:
    two = _("{mentee} with {mentor}", mentee=kit.escape(line.mentee, 80), mentor=kit.escape(line.mentor, 80))
    return f"*{two}*" if line.score is None else _("*{two}* · score {score}", two=two, score=line.score)


def _why(line: Together) -> list[Json]:
    if line.problem is not None:
        return [kit.context(f":warning: {kit.escape(retold(line.problem), 1000)}")]
    return [kit.context(" · ".join(kit.escape(retold(one)) for one in line.reasons))] if line.reasons else []


# --- [Approve All] -------------------------------------------------------------------------------------


def approval(found: Approval) -> Json:
    """The modal "Dry Run" of [Approve All]: who would be told now."""
    plan = found.plan
    said = _("There is nothing to approve.")
    if plan.pairs:
        said = n_("{count} person would be told now.", "{count} people would be told now.", found.people)
    blocks = [kit.section(f"*{kit.escape(found.program)}*"), kit.section(said)]
    if found.attention:
        attention = n_("{count} match needs attention.", "{count} matches need attention.", found.attention)
        blocks.append(kit.section(attention))
    turn = [(one, f"{found.program_id}.{one}") for one in (plan.page - 1, plan.page + 1)]
    buttons = _turns(plan, turn, Ids.APPROVAL_PREVIOUS, Ids.APPROVAL_NEXT)
    if found.people:
        buttons.append(_approve(found))
    blocks += [*_lines(plan.lines), *_row(buttons)]
    return kit.modal(_("Dry Run"), blocks, callback_id=Ids.APPROVAL_VIEW, close=_("Close"))


def _approve(found: Approval) -> Json:
    count = found.people // 2
    asked = n_("Approve {count} match?", "Approve {count} matches?", count)
    told = n_("{count} person will be told now.", "{count} people will be told now.", found.people)
    sure = kit.confirm(asked, told, _("Approve"), _("Cancel"))
    value = f"{found.program_id}.{found.plan.digest}"
    return kit.button(_("Apply This Plan"), Ids.APPROVAL_APPLY, value=value, style="primary", confirm=sure)


def approving(program: str, count: int) -> Json:
    """The same modal once the plan is applied."""
    said = n_("{count} match is being approved.", "{count} matches are being approved.", count)
    blocks = [kit.section(f"*{kit.escape(program)}*"), kit.section(said)]
    return kit.modal(_("Dry Run"), blocks, callback_id=Ids.APPROVAL_VIEW, close=_("Close"))
