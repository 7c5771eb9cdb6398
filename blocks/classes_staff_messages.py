"""Messages of classes to class staff and teachers: requests for approval, and attendance lists."""

from collections.abc import Callable
from typing import Any

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.classes_pieces import BLOCK, Drawn, again, closed, names, put
from blocks.classes_times import clock, when
from blocks.kit import Json
from blocks.words import _, labelled, n_
from domain.classes_facts import Attendance, Attendee, Request
from domain.text import N_

DECIDED = {
    "rejected": N_("Declined by @{who} at {time}."),
    "expired": N_("The time to answer ran out."),
}
APPROVED = N_("Approved by @{who} at {time}.")


# --- C2 -------------------------------------------------------------------------------------------------


def request(told: Request) -> Drawn:
    """C2: the first who answers decides."""
    head = _("Membership approval")
    text = _(
        "{member} asks for *{membership}*: {classes}.",
        member=put(told.member), membership=put(told.membership), classes=names(told.classes),
    )  # fmt: skip
    blocks = [*again(told), kit.section(f"*{head}*\n{text}")]
    if told.state != "pending_approval":
        return labelled(head, text), [*blocks, *closed(decided(told))]
    approve = kit.button(_("Approve"), Ids.APPROVE, value=told.value, style="primary")
    decline = kit.button(_("Decline"), Ids.DECLINE, value=told.value)
    return labelled(head, text), [*blocks, kit.actions(approve, decline, block_id=BLOCK)]


def decided(told: Request) -> str:
    """Who answered, and when: "Approved by @ana at 14:02."."""
    if told.state == "cancelled" and not told.decided_by:
        return _("{member} took the request back.", member=put(told.member))
    pattern = DECIDED.get(told.state, APPROVED)
    if pattern == APPROVED and told.decided_at is None:
        return _("This request is over.")
    time = clock(told.decided_at, told.zone, told.reader_zone) if told.decided_at else ""
    return _(pattern, who=put(told.decided_by), time=time)


# --- The list -------------------------------------------------------------------------------------------


def attendance(told: Attendance) -> Drawn:
    """Who is registered to a date, and who came; a page of it."""
    time = when(told.starts_at, told.zone, told.reader_zone)
    head = _("{class_} on {time}", class_=put(told.class_, 120), time=time)
    count = n_("{count} person registered", "{count} people registered", told.registered)
    came = n_("{count} came", "{count} came", told.came)
    place = f"\n{put(told.place, 500)}" if told.place else ""
    text = labelled(f"*{_('Attendance')}*", head) + place
    people = [block for one in told.people for block in _person(one)]
    blocks = [*again(told), kit.section(text), kit.context(f"{count} · {came}"), *people]
    return labelled(_("Attendance"), head), [*blocks, *_pages(told)]


def _person(one: Attendee) -> list[Json]:
    name = f"*{put(one.name, 60) or '?'}*"
    said = f"{name} · {_('is coming')}" if one.coming and one.state == "registered" else name
    if one.state in MARKED:
        said = f"{name} · {_(MARKED[one.state])}"
    came = kit.button(
        _("Came"), Ids.CAME, value=one.value, style="primary" if one.state == "attended" else None
    )
    absent = kit.button(
        _("Did Not Come"), Ids.DID_NOT_COME, value=one.value,
        style="danger" if one.state == "no_show" else None,
    )  # fmt: skip
    return [kit.section(said), kit.actions(came, absent)]


MARKED = {"attended": N_("came"), "no_show": N_("did not come")}


def _pages(told: Attendance) -> list[Json]:
    if told.pages < 2:
        return []
    shown = kit.context(_("Page {page} of {pages}", page=told.page + 1, pages=told.pages))
    buttons = []
    if told.page > 0:
        buttons.append(kit.button(_("Previous"), Ids.LIST_PREVIOUS, value=told.value))
    if told.page + 1 < told.pages:
        buttons.append(kit.button(_("Next"), Ids.LIST_NEXT, value=told.value))
    return [shown, kit.actions(*buttons, block_id="classes.attendance.pages")]


RENDERERS: dict[type, Callable[[Any], Drawn]] = {Request: request, Attendance: attendance}
