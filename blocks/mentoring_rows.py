"""One row of the Matching page: a line with a name and ⋮, then a line with what can be done."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blocks import kit
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_words import label
from blocks.words import _, day, n_, retold
from domain.mentoring import END_REASONS, Asking, Pairing
from domain.mentoring_board import REQUESTS, STATUSES, Board, MatchRow, PersonRow, RequestRow, Row, Tab
from domain.text import N_, on_one_line

RANKS = (
    N_("first choice"),
    N_("second choice"),
    N_("third choice"),
    N_("fourth choice"),
    N_("fifth choice"),
)
ORIGINS = {
    "auto": N_("Staged by auto-matching"),
    "request": N_("Asked for by the mentee"),
    "mentee": N_("Chosen by the mentee"),
    "offer": N_("Offered by the mentor"),
}
LONGEST_STATED = 100  # characters of the skills, and of the goal, in a row
MOST_TOLD = 3  # reasons in a row; all of them are behind [Why This Match?]


def parts(row: Row, board: Board) -> list[Json]:
    """A row."""
    if isinstance(row, RequestRow):
        return [kit.section(_request(row))]
    if isinstance(row, MatchRow):
        return _match(row, board)
    return [kit.section(_mentor(row))] if board.look.tab == Tab.MENTORS else _mentee(row, board)


def person(user_id: str) -> str:
    """Somebody, as Slack names them to each reader."""
    return f"<@{user_id}>"


def date_of(at: datetime, board: Board) -> str:
    """The day of an instant, in the program's zone."""
    return day(at.astimezone(ZoneInfo(board.zone)).date(), year=True)


# --- People --------------------------------------------------------------------------------------------


def _mentee(row: PersonRow, board: Board) -> list[Json]:
    facts = [] if board.admin_led else [_(STATUSES[row.status])]
    if board.choices_each > 1:
        facts.append(
            n_("{used} of {count} mentor", "{used} of {count} mentors", board.choices_each, used=row.matched)
        )
    match = label(N_("Match with Mentor"), board.wording)
    entries = [(_("Why Not?"), "why_not")]
    if board.admin_led:  # nobody is invited, and there is nothing to do with several at once
        buttons = [kit.button(match, Ids.MATCH_OPEN, value=str(row.id))]
    else:
        invite = label(N_("Invite to Match"), board.wording)
        buttons = [_tick(row, board), kit.button(invite, Ids.INVITE_ONE, value=str(row.id))]
        entries.insert(0, (match, "match"))
    stated = [_("Wants: {skills}", skills=_skills(row))] if row.skills else []
    stated += [f"“{kit.escape(on_one_line(row.goal), LONGEST_STATED)}”"] if row.goal.strip() else []
    lines = "\n".join([f"*{person(row.user_id)}*", *([" · ".join(stated)] if stated else [])])
    return [
        _line(lines, facts, row.id, entries),
        # another name once all were unticked, or Slack would keep the tick
        kit.actions(*buttons, block_id=f"mentoring.select.{row.id}.{board.look.cleared}"),
    ]


def _tick(row: PersonRow, board: Board) -> Json:
    found = kit.option(_("Select"), str(row.id))
    box: Json = {"type": "checkboxes", "action_id": Ids.SELECT, "options": [found]}
    return {**box, "initial_options": [found]} if row.id in board.look.selected else box


def _mentor(row: PersonRow) -> str:
    left = n_("{free} of {count} place left", "{free} of {count} places left", row.places, free=row.free)
    facts = [left, n_("{count} used", "{count} used", row.used)]
    if row.asked:
        facts.append(n_("{count} request waits", "{count} requests wait", row.asked))
    lines = [f"*{person(row.user_id)}*"]
    lines += [_("Offers: {skills}", skills=_skills(row))] if row.skills else []
    return "\n".join([*lines, " · ".join(facts)])


def _skills(row: PersonRow) -> str:
    return kit.escape(", ".join(row.skills), LONGEST_STATED)


# --- Requests ------------------------------------------------------------------------------------------


def _request(row: RequestRow) -> str:
    facts = [_(REQUESTS[row.state])]
    facts.append(_("asked by an organizer") if row.organizer else _(RANKS[min(row.rank, len(RANKS)) - 1]))
    if row.last_day is not None and row.state is Asking.PENDING:
        facts.append(_("answer by {day}, end of day", day=row.last_day))
    two = _("{mentee} asks {mentor}", mentee=person(row.mentee), mentor=person(row.mentor))
    return f"*{two}*\n{' · '.join(facts)}"


# --- Matches -------------------------------------------------------------------------------------------


def _match(row: MatchRow, board: Board) -> list[Json]:
    two = _("{mentee} with {mentor}", mentee=person(row.mentee), mentor=person(row.mentor))
    lines = [f"*{two}*", " · ".join(_facts(row, board)), *_warnings(row)]
    if row.state in (Pairing.STAGED, Pairing.PROPOSED) and row.why:
        lines.insert(2, " · ".join(kit.escape(retold(one), 150) for one in row.why[:MOST_TOLD]))
    shown = [_line("\n".join(line for line in lines if line), [], row.id, _entries(row, board))]
    buttons = _buttons(row)
    return [*shown, kit.actions(*buttons, block_id=f"mentoring.match.{row.id}")] if buttons else shown


def _facts(row: MatchRow, board: Board) -> list[str]:
    when = date_of(row.at, board) if row.at else ""
    if row.state is Pairing.ACTIVE:
        return [_("Since {date}", date=when)] if when else []
    if row.state in (Pairing.ENDED, Pairing.DISCARDED):
        reason = _(END_REASONS.get(row.reason, N_("Other")))
        what = _("Discarded") if row.state is Pairing.DISCARDED else reason
        return [what, when, *([_("by {person}", person=person(row.by))] if row.by else [])]
    facts = [_("Score {score}", score=row.score)] if row.score is not None else []
    if row.origin == "organizer":
        facts.append(_("Staged by {person}", person=person(row.by)))
    else:
        facts.append(_(ORIGINS.get(row.origin, N_("Staged"))))
    facts += [_("Locked")] if row.locked else []
    facts += [_("Waits for the mentor's answer")] if row.state is Pairing.PROPOSED else []
    return facts + ([_("Being approved…")] if row.waits else [])


def _warnings(row: MatchRow) -> list[str]:
    """What an organizer has to look at."""
    found = [_("{person} left Slack.", person=person(one)) for one in row.gone]
    if row.wish:
        found.append(_("{person} asks to end this match.", person=person(row.wish)))
    if row.conflict:
        conflict = _(
            "Conflict: {mentee} was matched with {mentor}.",
            mentee=person(row.mentee),
            mentor=person(row.conflict),
        )
        return [*(f":warning: {one}" for one in (*found, conflict))]
    problems = [kit.escape(retold(one), 300) for one in row.problem] if row.state is Pairing.STAGED else []
    return [f":warning: {one}" for one in (*found, *problems)]


def _entries(row: MatchRow, board: Board) -> list[tuple[str, str]]:
    why = (_("Why This Match?"), "why")
    if row.state is Pairing.STAGED and not row.waits:
        lock = (_("Unlock"), "unlock") if row.locked else (_("Lock"), "lock")
        return [lock, (_("Ask the Mentor First"), "ask_first"), why]
    if row.state is Pairing.ACTIVE:
        return [(label(N_("End Matching"), board.wording), "end"), why]
    if row.state in (Pairing.ENDED, Pairing.DISCARDED):
        return [why, (_("Why Not?"), "why_not_match")]
    return [why]


def _buttons(row: MatchRow) -> list[Json]:
    if row.undo:
        return [kit.button(_("Undo"), Ids.MATCH_UNDO, value=str(row.id))]
    if row.state is not Pairing.STAGED or row.waits:
        return []
    mentee, mentor = (f"@{name or retold(N_('Somebody'))}" for name in row.names)  # a dialog mentions nobody
    told = _("{mentee} and {mentor} will be told now.", mentee=mentee, mentor=mentor)
    ask = kit.confirm(_("Approve match?"), told, _("Approve"), _("Cancel"))
    approve = kit.button(_("Approve"), Ids.MATCH_APPROVE, value=str(row.id), style="primary", confirm=ask)
    discard = kit.button(_("Discard"), Ids.MATCH_DISCARD, value=str(row.id))
    return [*([] if row.conflict else [approve]), *([] if row.locked else [discard])]


def _line(text: str, facts: list[str], number: int, entries: list[tuple[str, str]]) -> Json:
    menu = {
        "type": "overflow",
        "action_id": Ids.ROW_MENU,
        "options": [kit.option(shown, f"{what}.{number}") for shown, what in entries],
    }
    return kit.section(f"{text}\n{' · '.join(facts)}" if facts else text, accessory=menu)
