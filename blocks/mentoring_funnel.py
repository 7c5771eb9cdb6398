"""The Matching Funnel: its tabs, what can be done with all of a tab, and its pages."""

from blocks import kit, mentoring_rows
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_words import label
from blocks.words import _, n_
from domain.mentoring_board import PEOPLE, SUB_TABS, TABS, Board, Result, SubTab, Tab, filters
from domain.text import N_

EMPTY = {
    Tab.UNMATCHED: N_("No mentee waits for a match. Press *Add People*, or let people join in App Home."),
    Tab.MENTEES: N_("No mentee can be matched now. Press *Add People*, or let people join in App Home."),
    Tab.MENTORS: N_("No mentor has a place left. Press *Add People*, or let people join in App Home."),
    Tab.REQUESTS: N_("No mentor is asked now."),
    Tab.STAGED: N_("No match waits for your approval."),
    Tab.ACTIVE: N_("No match is active yet."),
    Tab.ENDED: N_("No match has ended."),
}
NONE = "-"  # a filter that is not set; Slack takes no empty value


def parts(board: Board) -> list[Json]:
    """All of it."""
    return [
        kit.divider(),
        kit.header(_("Matching Funnel")),
        _tabs(board),
        kit.context(" · ".join(f"{label(TABS[tab], board.wording)} *{_count(board, tab)}*" for tab in Tab)),
        *_sub_tabs(board),
        *_doing(board),
        *_banner(board),
        *_result(board),
        *_finding(board),
        *_rows(board),
        *_paging(board),
    ]


def _count(board: Board, tab: str) -> int:
    return board.counts.get(str(tab), 0)


def _value(board: Board) -> str:
    return f"{board.look.program}.{board.look.tab}"


def _tabs(board: Board) -> Json:
    """One button for each tab; the counts stand below, because a label never changes."""
    return kit.actions(
        *(
            kit.button(
                label(name, board.wording),
                f"{Ids.TAB}.{tab}",
                value=f"{board.look.program}.{tab}",
                style="primary" if tab == board.look.tab else None,
            )
            for tab, name in TABS.items()
        ),
        block_id="mentoring.tabs",
    )


def _sub_tabs(board: Board) -> list[Json]:
    if board.look.tab != Tab.UNMATCHED or board.admin_led:
        return []
    buttons = [
        kit.button(
            _(name),
            f"{Ids.SUB_TAB}.{which}",
            value=f"{board.look.program}.{which}",
            style="primary" if which == board.look.sub_tab else None,
        )
        for which, name in SUB_TABS.items()
    ]
    counts = " · ".join(f"{_(name)} *{_count(board, which)}*" for which, name in SUB_TABS.items())
    return [kit.actions(*buttons, block_id="mentoring.sub_tabs"), kit.context(counts)]


# --- What can be done with all -------------------------------------------------------------------------


def _doing(board: Board) -> list[Json]:
    value, tab = _value(board), board.look.tab
    buttons: list[Json] = []
    # where mentees choose, the next step is to invite them; auto-matching is for those who are left
    to_invite = tab == Tab.UNMATCHED and not board.admin_led and _count(board, SubTab.NOT_INVITED) > 0
    if tab in PEOPLE:
        run = label(N_("Run Auto-Matching"), board.wording)
        buttons += [
            kit.button(run, Ids.RUN_OPEN, value=value, style=None if to_invite else "primary"),
            kit.button(_("Dry Run"), Ids.DRY_RUN_OPEN, value=value),
        ]
    if tab == Tab.UNMATCHED and not board.admin_led:
        style = "primary" if to_invite else None
        invite = _("Invite all Mentees")
        buttons.append(kit.button(invite, Ids.INVITE_ALL, value=str(board.look.program), style=style))
    if tab == Tab.STAGED:
        buttons += _with_all_staged(board)
    buttons.append(kit.button(_("Export"), Ids.EXPORT, value=value))
    if tab == Tab.STAGED:
        buttons.append(kit.button(_("Apply Decisions"), Ids.APPLY_OPEN, value=value))
        buttons.append(kit.button(_("Reset Discards"), Ids.RESET_DISCARDS, value=value))
    return [kit.actions(*buttons, block_id="mentoring.doing"), *_selected(board)]


def _with_all_staged(board: Board) -> list[Json]:
    program = str(board.look.program)
    told = n_(
        "Approve {count} match? {people} people will be told now.",
        "Approve {count} matches? {people} people will be told now.",
        board.to_approve,
        people=2 * board.to_approve,
    )
    approve = kit.confirm(_("Approve All"), told, _("Approve"), _("Cancel"))
    dropped = n_(
        "Discard {count} match? Nobody is told.", "Discard {count} matches? Nobody is told.", board.unlocked
    )
    discard = kit.confirm(_("Discard All"), dropped, _("Discard"), _("Cancel"), danger=True)
    return [
        kit.button(_("Approve All"), Ids.APPROVE_ALL, value=program, style="primary", confirm=approve),
        kit.button(_("Dry Run"), Ids.DRY_RUN_OPEN, value=_value(board)),
        kit.button(_("Discard All"), Ids.DISCARD_ALL, value=program, confirm=discard),
    ]


def _selected(board: Board) -> list[Json]:
    """The bulk action, on everybody who is selected on whichever page."""
    if board.look.tab not in (Tab.UNMATCHED, Tab.MENTEES) or board.admin_led:
        return []
    program, count = str(board.look.program), len(board.look.selected)
    buttons = [kit.button(_("Perform Bulk Action on Selected"), Ids.BULK_OPEN, value=program)]
    if count:
        buttons.append(kit.button(_("Clear Selection"), Ids.SELECT_NONE, value=program))
    said = n_("{count} person is selected.", "{count} people are selected.", count)
    return [kit.actions(*buttons, block_id="mentoring.bulk"), *([kit.context(said)] if count else [])]


# --- What is said --------------------------------------------------------------------------------------


def _banner(board: Board) -> list[Json]:
    staged = _count(board, Tab.STAGED)
    if board.look.tab != Tab.ACTIVE or not staged:
        return []
    text = n_("{count} staged match waits for approval.", "{count} staged matches wait for approval.", staged)
    review = kit.button(
        _("Review Staged Matches"), Ids.REVIEW_STAGED, value=f"{board.look.program}.{Tab.STAGED}"
    )
    return [kit.section(f":hourglass: {text}", accessory=review)]


def _result(board: Board) -> list[Json]:
    if board.look.tab != Tab.STAGED or board.result is None:
        return []
    said = result_of(board.result)
    if not said:
        return []
    if board.result.what == "discarded" and board.result.match:
        undo = kit.button(_("Undo"), Ids.MATCH_UNDO, value=str(board.result.match))
        return [kit.section(said, accessory=undo)]
    return [kit.section(said)]


def result_of(result: Result) -> str:
    """What the last action on staged matches came to; "" if it is none of those."""
    if result.todo:
        total = result.done + result.attention + result.todo
        return _("Approving: {done} of {total} done…", done=total - result.todo, total=total)
    if result.what == "discarded":
        return n_("Discarded {count} match.", "Discarded {count} matches.", result.done)
    if result.what != "approved":
        return ""
    if not result.attention:
        return n_("Approved {count} match.", "Approved {count} matches.", result.done)
    return n_(
        "{done} approved, {count} needs attention.",
        "{done} approved, {count} need attention.",
        result.attention,
        done=result.done,
    )


# --- Finding somebody ----------------------------------------------------------------------------------


def _finding(board: Board) -> list[Json]:
    look = board.look
    program = str(look.program)
    elements = [kit.button(_("Search"), Ids.SEARCH, value=program)]
    if look.search:
        elements.append(kit.button(_("Clear Search"), Ids.SEARCH_CLEAR, value=program))
    if known := filters(look.tab, board.process):
        options = {one: kit.option(_(name), f"{program}.{one or NONE}") for one, name in known.items()}
        elements.append(
            {
                "type": "static_select",
                "action_id": Ids.FILTER,
                "placeholder": kit.plain(_("Show")),
                "options": list(options.values()),
                "initial_option": options.get(look.filter) or options[""],
            }
        )
    found = [kit.actions(*elements, block_id=f"mentoring.finding.{look.tab}.{look.filter or NONE}")]
    if look.search:
        said = _("“{name}”: {count} found.", name=kit.escape(look.search), count=board.total)
        found.append(kit.context(said))
    return found


def _rows(board: Board) -> list[Json]:
    if not board.rows:
        return [kit.section(_nobody(board))]
    return [block for row in board.rows for block in mentoring_rows.parts(row, board)]


def _nobody(board: Board) -> str:
    """Why there is no row, and what could bring one."""
    look, here = board.look, _count(board, board.look.tab)
    if look.search or look.filter or here:
        return _("Nobody is here.") if look.tab in PEOPLE else _("Nothing is here.")
    return _(EMPTY[Tab(look.tab)])


def _paging(board: Board) -> list[Json]:
    if board.pages == 1:
        return []
    program, page = board.look.program, board.look.page
    buttons = []
    if page:
        buttons.append(kit.button(_("Previous"), Ids.PREVIOUS, value=f"{program}.{page - 1}"))
    if page + 1 < board.pages:
        buttons.append(kit.button(_("Next"), Ids.NEXT, value=f"{program}.{page + 1}"))
    where = _("Page {page} of {pages}", page=page + 1, pages=board.pages)
    return [kit.actions(*buttons, block_id="mentoring.paging"), kit.context(where)]
