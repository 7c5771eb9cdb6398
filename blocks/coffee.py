"""What people read of a coffee round."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from domain.facts import Cancelled, GroupIntro, LeftOut, PersonLine, Question, Summary
from domain.invitations import State

Message = tuple[str, list[Json]]


def question(ask: Question) -> Message:
    """The opt-in message in whatever state it is: asked, answered, closed, or asked again further down."""
    if ask.below:
        return _closed(ask, "I asked you again further down: please see below.")
    if ask.session_state == "cancelled":
        return _closed(ask, "This session was cancelled.")
    if ask.session_state != "open":
        return _closed(ask, _over(ask))
    if ask.state is State.PENDING or ask.asking:
        return _open(ask)
    return _answered(ask)


def _open(ask: Question) -> Message:
    name = kit.escape(ask.program)
    match = kit.date(ask.match_at, zone=ask.zone, reader_zone=ask.reader_zone)
    head = "Still time to answer: join this session?" if ask.reminder else "Join this session?"
    blocks = [
        kit.section(
            f"*{head}*\n*{name}* brings you together with colleagues for a coffee and a chat. "
            f"Press Join, and I will introduce you to your group on {match}."
        ),
        kit.actions(
            kit.button("Join", Ids.COFFEE_JOIN, value=ask.value, style="primary"),
            kit.button("Decline", Ids.COFFEE_DECLINE, value=ask.value),
            block_id="coffee.answer",
        ),
        kit.context(_small_print(ask)),
    ]
    if ask.again:
        blocks.insert(0, kit.context("You may have seen this already; one answer is enough."))
    return f"{head} {clean_name(ask.program)}", blocks


def _small_print(ask: Question) -> str:
    if ask.asking and ask.state is State.ACCEPTED:
        return "Your answer so far: you're in. It stands until you press another button."
    if ask.asking and ask.state is State.DECLINED:
        return "Your answer so far: not this time. It stands until you press another button."
    return "You can change your answer until the groups are made. No answer means no."


def _answered(ask: Question) -> Message:
    name = kit.escape(ask.program)
    match = kit.date(ask.match_at, zone=ask.zone, reader_zone=ask.reader_zone)
    if ask.state is State.ACCEPTED:
        head, rest = "You're in", f"*{name}* will introduce you to your group on {match}."
    else:
        head, rest = (
            "Not this time",
            f"You will not be matched on {match}. See you at another session of *{name}*.",
        )
    blocks = [
        kit.section(f"*{head}*\n{rest}"),
        kit.actions(
            kit.button("Change my answer", Ids.COFFEE_CHANGE, value=ask.value), block_id="coffee.answer"
        ),
    ]
    return f"{head}: {clean_name(ask.program)}", blocks


def _over(ask: Question) -> str:
    if ask.state is State.DECLINED:
        return "You declined this session. It is closed now."
    if ask.state is not State.ACCEPTED:
        return "This session is closed now, and there was no answer from you. No harm done."
    if ask.session_state == "matching":
        return "You're in: the groups are being made."
    if ask.placed:
        return "You're in: you meet your group in a message of its own."
    return "You joined, but there was no group for you this time."


def _closed(ask: Question, sentence: str) -> Message:
    name = kit.escape(ask.program)
    return f"{clean_name(ask.program)}: {sentence}", [kit.section(f"*{name}*\n{sentence}")]


def clean_name(text: str) -> str:
    """People's text for the notification line, which Slack reads as mrkdwn too."""
    return kit.escape(text)


def group_intro(intro: GroupIntro) -> Message:
    """The message that brings a group together."""
    name = kit.escape(intro.program)
    together = (
        "You have met before: enjoy catching up." if intro.repeats else "This is your first time together."
    )
    first_names = kit.spoken(f"*{kit.escape(person.name)}*" for person in intro.people)
    text = f"Your {name} group: " + kit.spoken(kit.escape(person.name) for person in intro.people)
    return text, [
        kit.header(f"Meet your group: {intro.program}"),
        kit.section(f"{first_names}, I have the pleasure of introducing you. {together}"),
        kit.section("\n".join(f"• {_person(person)}" for person in intro.people)),
        kit.section(f"*To break the ice:* {kit.escape(intro.icebreaker)}"),
        kit.context("Next step: suggest a time right here. Whoever reads this first, goes first."),
    ]


def _person(person: PersonLine) -> str:
    more = [kit.escape(part) for part in (person.title, _city(person.zone)) if part]
    return " · ".join([f"*{kit.escape(person.name)}*", *more])


def _city(zone: str) -> str:
    return f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time" if zone else ""


def left_out(out: LeftOut) -> Message:
    """Tells somebody who joined why they are in no group."""
    name = kit.escape(out.program)
    sentence = f"{kit.escape(out.reason)} Thank you for joining, and see you next time."
    return f"No group this time: {name}", [kit.section(f"*No group this time: {name}*\n{sentence}")]


def cancelled(off: Cancelled) -> Message:
    """Tells somebody who joined that the session will not happen."""
    name = kit.escape(off.program)
    when = kit.date(off.match_at, zone=off.zone, reader_zone=off.reader_zone)
    sentence = f"An organizer cancelled the session you joined (groups on {when}). There is nothing to do."
    return f"Cancelled: {name}", [kit.section(f"*{name} was cancelled*\n{sentence}")]


def summary(done: Summary) -> Message:
    """What the organizer reads after the matching."""
    name = kit.escape(done.program)
    groups = kit.plural(done.groups, "group")
    pairs = [("Groups", str(done.groups)), ("People in groups", str(max(0, done.joined - done.left_out)))]
    if done.asks_first:
        pairs = [
            ("Asked", str(done.asked)),
            ("Joined", str(done.joined)),
            ("Declined", str(done.declined)),
            ("No answer", str(done.silent)),
            *pairs,
        ]
    head = "the groups are made" if done.groups else "nobody to bring together this time"
    blocks = [kit.header(f"{done.program}: {head}"), kit.fields(pairs)]
    notes = [_repeats(done.repeats, done.groups)]
    if done.left_out:
        notes.append(f"{kit.plural(done.left_out, 'person', 'people')} joined and could not be placed.")
    notes += [f"Not delivered to {count}: {kit.escape(reason)}." for reason, count in done.failed]
    if done.next_at is not None:
        notes.append(
            "The next session opens on "
            f"{kit.date(done.next_at, zone=done.zone, reader_zone=done.reader_zone)}."
        )
    blocks.append(kit.context(*(note for note in notes if note)))
    return f"{name}: {groups} made", blocks


def _repeats(repeats: int, groups: int) -> str:
    if not groups:
        return "Fewer than two people joined, so there is nobody to match this time."
    if not repeats:
        return "Everyone meets somebody new."
    pairs = "1 pair meets" if repeats == 1 else f"{repeats} pairs meet"
    return f"{pairs} again: no grouping without repeats was found."
