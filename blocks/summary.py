"""What the organizer reads after the matching, and once more when the session is closed."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.repeats import chosen, repeats
from blocks.words import _, day, n_
from domain.facts import MetAgain, Summary
from domain.schedule import zone

Message = tuple[str, list[Json]]


def summary(done: Summary) -> Message:
    """Groups, people, who is in none and why, what did not arrive; later, how many met."""
    name = kit.escape(done.program)
    if done.groups:
        head = _("{program}: the groups are made", program=done.program)
    else:
        head = _("{program}: nobody to bring together this time", program=done.program)
    blocks = [kit.header(head), kit.fields(_numbers(done)), *_met(done)]
    blocks.append(kit.section("\n".join(f"• {line}" for line in _notes(done))))
    if done.occurrence_id:
        value = str(done.occurrence_id)
        blocks.append(
            kit.actions(
                kit.button(_("Delivery"), Ids.LEDGER_OPEN, value=value),
                kit.button(_("Statistics"), Ids.STATISTICS_SESSION, value=value),
                block_id="coffee.summary",
            )
        )
    said = n_("{program}: {count} group made", "{program}: {count} groups made", done.groups, program=name)
    return said, blocks


def _numbers(done: Summary) -> list[tuple[str, str]]:
    pairs = [(_("Groups"), str(done.groups)), (_("People in groups"), str(done.people))]
    if not done.asks_first:
        return pairs
    return [
        (_("Asked"), str(done.asked)),
        (_("Joined"), str(done.joined)),
        (_("Declined"), str(done.declined)),
        (_("No answer"), str(done.silent)),
        *pairs,
    ]


def _met(done: Summary) -> list[Json]:
    if not (done.closed and done.groups):
        return []
    said = n_(
        "*Did they meet?* {met} of {count} group did.",
        "*Did they meet?* {met} of {count} groups did.",
        done.groups,
        met=done.groups_met,
    )
    people = n_(
        "{count} person said yes, {not_met} said no.",
        "{count} people said yes, {not_met} said no.",
        done.people_met,
        not_met=done.people_not_met,
    )
    return [kit.section(f"{said}\n{people}")]


def _notes(done: Summary) -> list[str]:
    notes = [_repeats(done), *(_again(done, pair) for pair in done.again)]
    notes += [
        n_("{count} joined and is in no group: {reason}.", "{count} joined and are in no group: {reason}.",
           count, reason=kit.escape(reason))
        for reason, count in done.out
    ]  # fmt: skip
    notes += [
        _("Not delivered to {count}: {reason}.", count=count, reason=kit.escape(reason))
        for reason, count in done.failed
    ]
    if done.next_at is not None:
        when = kit.date(done.next_at, zone=done.zone, reader_zone=done.reader_zone)
        notes.append(_("The next session opens on {when}.", when=when))
    return notes


def _again(done: Summary, pair: MetAgain) -> str:
    names = kit.spoken(kit.escape(name, 80) for name in pair.people)
    if pair.last is None:
        return _("{people} meet again.", people=names)
    when = day(pair.last.astimezone(zone(done.zone)).date(), year=True)
    return _("{people} were together on {date}.", people=names, date=when)


def _repeats(done: Summary) -> str:
    if not done.groups:
        return _("Fewer than two people joined, so there is nobody to match this time.")
    if done.chosen:
        return chosen(done.repeats)
    return repeats(done.repeats, done.unavoidable, groups=done.groups, method=done.method)
