"""The page of one session: its dates, and [Manage Classes]."""

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_words import CLASSES, TERMS, day, days
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.classes import ClassState, TermState
from domain.classes_staff import ClassRow, StaffBoard, TermPage
from domain.text import N_

STANDS = (TermState.DRAFT, TermState.OPEN, TermState.RUNNING)


def parts(told: StaffBoard, found: TermPage) -> list[Json]:
    """All of it."""
    return [*_head(found), kit.divider(), *_classes(told, found)]


def _head(found: TermPage) -> list[Json]:
    row, value = found.row, str(found.row.id)
    facts = [_(TERMS[row.state]), days(row.starts_on, row.ends_on), found.zone]
    lines = [" · ".join(facts)]
    if found.closed_days:
        closed = ", ".join(day(one) for one in found.closed_days[:40])
        lines.append(_("Days without classes: {days}", days=closed))
    buttons = [kit.button(_("All Sessions"), f"{Ids.TAB}.all", value="classes")]
    if row.state in STANDS:
        buttons.append(kit.button(_(N_("Edit Session", "classes")), Ids.TERM_EDIT, value=value))
    buttons.append(kit.button(_("Week"), Ids.TERM_WEEK, value=value))
    buttons.append(kit.button(_("Next Session"), Ids.TERM_NEXT, value=value))
    buttons.append(kit.button(_("Waitlist"), Ids.QUEUES, value=f"{row.id}.0"))
    if row.state in STANDS:
        buttons.append(
            kit.button(_(N_("Cancel Session", "classes")), Ids.TERM_CANCEL, value=value, style="danger")
        )
    return [
        kit.header(row.name),
        kit.section("\n".join(lines)),
        kit.actions(*buttons, block_id="classes.term"),
    ]


def _classes(told: StaffBoard, found: TermPage) -> list[Json]:
    stands = found.row.state in STANDS
    blocks = [kit.header(_("Manage Classes"))]
    if not found.has_types:
        add = kit.button(_("Add Class Type"), Ids.TYPE_ADD, style="primary")
        blocks.append(kit.section(_("Create a class type first."), accessory=add))
    elif not found.classes:
        blocks.append(kit.section(_("There is no class yet. Press *Add New Class*.")))
    if stands:
        blocks.append(_tools(told, found))
    return [*blocks, *(block for one in found.classes for block in _class(one, found))]


def _tools(told: StaffBoard, found: TermPage) -> Json:
    value = str(found.row.id)
    buttons = [kit.button(_("Add New Class"), Ids.CLASS_ADD, value=value)]
    if found.ids:
        picked = set(found.ids) & set(told.look.picked)
        buttons += [
            kit.button(_("Select All"), Ids.CLASS_SELECT_ALL, value=value),
            kit.button(_("Preview"), Ids.CLASS_PREVIEW, value=value),
            kit.button(
                _("Assign to Session"), Ids.CLASS_ASSIGN, value=value, style="primary" if picked else None
            ),
        ]
    return kit.actions(*buttons, block_id="classes.manage")


def _class(one: ClassRow, found: TermPage) -> list[Json]:
    """One class: what it is, [Select], and what can be done with it."""
    facts = [n_("{count} minute", "{count} minutes", one.minutes)]
    facts += [kit.escape(each, 80) for each in (one.teacher, one.place) if each]
    facts.append(n_("{count} place", "{count} places", one.places))
    state = [_(CLASSES[one.state])]
    if one.state is ClassState.ASSIGNED:
        state.append(n_("{count} date", "{count} dates", one.dates))
    if one.left is not None:
        state.append(n_("{count} place left", "{count} places left", one.left) if one.left else _("Full"))
    if one.waiting:
        state.append(n_("{count} waits", "{count} wait", one.waiting))
    text = f"*{kit.escape(retold(one.title), 120)}*\n{' · '.join(facts)}\n{' · '.join(state)}"
    elements = _select(one) if found.row.state in STANDS and one.state is not ClassState.CANCELLED else []
    if one.state is not ClassState.NEW:
        elements.append(kit.button(_("Dates"), Ids.DATES_OPEN, value=str(one.id)))
    if one.undo:
        elements.append(kit.button(_("Undo"), Ids.CLASS_UNDO, value=str(one.id)))
    blocks = [kit.section(text, accessory=_menu(one))]
    # what is ticked in a block that stays is not drawn anew: another state is another block
    block_id = f"classes.class.{one.id}.{'on' if one.picked else 'off'}"
    return [*blocks, kit.actions(*elements, block_id=block_id)] if elements else blocks


def _select(one: ClassRow) -> list[Json]:
    choice = kit.option(_("Select"), str(one.id))
    box: Json = {"type": "checkboxes", "action_id": Ids.CLASS_SELECT, "options": [choice]}
    return [box | {"initial_options": [choice]} if one.picked else box]


def _menu(one: ClassRow) -> Json | None:
    entries = []
    if one.state is not ClassState.CANCELLED:
        entries.append(("edit", _("Edit Class")))
    if one.state is ClassState.ASSIGNED:
        entries.append(("queue", _("Waitlist")))
        entries.append(("cancel", _("Cancel Class")))
    entries.append(("delete", _("Delete Class")))
    options = [kit.option(text, f"{what}.{one.id}") for what, text in entries]
    return {"type": "overflow", "action_id": Ids.CLASS_MENU, "options": options}
