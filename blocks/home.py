"""App Home: a person's own part, and for organizers their programs, open sessions and the planning."""

from blocks import (
    card,
    classes_board,
    hosted_dashboard,
    kit,
    members,
    mentoring_board,
    mentoring_home,
    planning,
)
from blocks.classes_ids import ClassesIds
from blocks.hosted_ids import HostedIds
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.words import _, n_
from domain.facts import Home
from domain.home import HomeProgram, Waiting

Message = tuple[str, list[Json]]
MOST = 100  # blocks that Slack takes


def message(told: Home) -> Message:
    """As the outbox sends it; the text is shown nowhere."""
    return _("Sessions"), parts(told)


def view(told: Home, note: str = "") -> Json:
    """The outer view. How somebody looks at it is stored, so that it can be drawn when they do nothing."""
    return {"type": "home", "blocks": parts(told, note)}


def parts(told: Home, note: str = "") -> list[Json]:
    """All of it, the areas on top. Charts are text here: Slack draws no others in App Home."""
    if told.board is not None:
        return [*([kit.context(note)] if note else []), *mentoring_board.parts(told.board)][:MOST]
    if told.hosted is not None:
        return [*([kit.context(note)] if note else []), *hosted_dashboard.parts(told.hosted)][:MOST]
    if told.classes is not None:
        return [*([kit.context(note)] if note else []), *classes_board.parts(told.classes)][:MOST]
    offered = told.planning is not None or told.may_host or told.has_classes
    blocks = [_areas(told)] if offered else []
    blocks += [kit.context(note)] if note else []
    blocks += [
        *_waiting(told),
        *mentoring_home.parts(told.mentoring),
        *members.ahead_parts(told.mine),
        *members.break_parts(told.mine),
        _more_of_mine(),
    ]
    if told.planning is not None:
        blocks += [kit.divider(), *_programs(told), *_open(told)]
        blocks += [kit.divider(), kit.header(_("Planning")), *planning.parts(told.planning)]
    return blocks[:MOST]


def _areas(told: Home) -> Json:
    organizing = [
        kit.button(_("Programs"), Ids.PROGRAMS_OPEN),
        kit.button(_("Planning"), Ids.PLANNING_OPEN),
    ]
    mentoring = [kit.button(_("Mentoring"), MentoringIds.AREA)] if told.organizes_mentoring else []
    hosted = [kit.button(_("1:1 Sessions"), HostedIds.AREA)] if told.may_host else []
    classes = [kit.button(_("Classes"), ClassesIds.AREA)] if told.has_classes else []
    return kit.actions(
        *(organizing if told.planning is not None else []), *mentoring, *hosted, *classes,
        block_id="home.areas",
    )  # fmt: skip


def _more_of_mine() -> Json:
    return kit.actions(kit.button(_("My answers and data"), Ids.ME_OPEN), block_id="home.me")


# --- One's own -----------------------------------------------------------------------------------------


def _waiting(told: Home) -> list[Json]:
    questions = [block for one in told.waiting for block in _question(one, told)]
    questions += mentoring_home.waiting_parts(told.mentoring)
    return [kit.header(_("Waiting for you")), *questions] if questions else []


def _question(one: Waiting, told: Home) -> list[Json]:
    date = kit.date(one.groups_at, zone=one.zone, reader_zone=told.mine.zone)
    text = _(
        "*{program}*: join this session? The groups come on {date}.",
        program=kit.escape(one.program),
        date=date,
    )
    return [
        kit.section(text),
        kit.actions(
            kit.button(_("Join"), Ids.COFFEE_JOIN, value=one.value, style="primary"),
            kit.button(_("Decline"), Ids.COFFEE_DECLINE, value=one.value),
            block_id=f"home.answer.{one.value}",
        ),
    ]


# --- For organizers ------------------------------------------------------------------------------------


def _programs(told: Home) -> list[Json]:
    blocks = [kit.header(_("Programs")), *(_program(one, told) for one in told.programs)]
    if not told.programs:
        blocks.append(kit.section(_("There is no program yet. Press *Programs* above, and create one.")))
    if told.more_programs:
        more = n_(
            "{count} more program: press *Programs* above.",
            "{count} more programs: press *Programs* above.",
            told.more_programs,
        )
        blocks.append(kit.context(more))
    return blocks


def _program(one: HomeProgram, told: Home) -> Json:
    opens = kit.button(_("Open"), Ids.PROGRAM_SHOW, value=str(one.id))
    if one.kind == "mentoring":
        facts = [_("Mentoring"), _("matching is on") if one.on else _("matching is off")]
        return kit.section(f"*{kit.escape(one.name, 60)}*\n{' · '.join(facts)}", accessory=opens)
    facts = [_("Paused")] if one.state == "paused" else []
    if one.open:
        facts.append(n_("{count} open session", "{count} open sessions", one.open))
    if one.next_at is not None:
        when = kit.date(one.next_at, zone=one.zone, reader_zone=told.mine.zone, form="short")
        facts.append(_("next session {date}", date=when))
    elif not one.open:
        facts.append(_("no session planned"))
    text = f"*{kit.escape(one.name, 60)}*\n{' · '.join(facts)}"
    return kit.section(text, accessory=opens)


def _open(told: Home) -> list[Json]:
    blocks = [kit.header(_("Open sessions"))]
    for one in told.cards:
        blocks += card.parts(one)
    if not told.cards:
        blocks.append(kit.section(_("No session is open now.")))
    if told.more_cards > 0:
        more = n_(
            "{count} more session: see the list under Planning.",
            "{count} more sessions: see the list under Planning.",
            told.more_cards,
        )
        blocks.append(kit.context(more))
    return blocks
