"""Review your matches: the draft on pages, the modals of its edits, and the message that asks to look."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks import card as cards
from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.schedule import matching, read_matching
from blocks.when import StateValues
from blocks.words import _, day, n_, retold
from domain.drafts import Again, Choice, DraftPage, GroupLine
from domain.facts import Review
from domain.forms import DateForm
from domain.text import N_, all_of

Message = tuple[str, list[Json]]

TITLE = N_("Review your matches")
SHOWN_AGAIN = 3  # so many pairs who met before are named per group
SHOWN_WITHOUT = 20  # so many people without a group are named


def page(draft: DraftPage, *, warning: str = "") -> Json:
    """One page of the draft, with all that can be done to it."""
    blocks = [kit.section(f":warning: {kit.escape(warning)}")] if warning else []
    blocks += [*_whole(draft), *_edits(draft), kit.divider()]
    for group in draft.groups:
        blocks += _group(group)
    blocks += [kit.divider(), *_turn(draft)]
    return kit.modal(
        _(TITLE),
        blocks,
        callback_id=Ids.REVIEW_EXIT,
        submit=_("Save & Exit"),
        close=_("Close"),
        metadata=_seen(draft.occurrence_id, draft.version, draft.page),
    )


def _seen(occurrence_id: int, version: int, number: int) -> dict[str, int]:
    return {"o": occurrence_id, "v": version, "p": number}


def _whole(draft: DraftPage) -> list[Json]:
    groups = n_("{count} group", "{count} groups", draft.count)
    people = n_("{count} person", "{count} people", draft.people)
    numbers = [
        (_("Groups"), f"{groups} · {people}"),
        (_("Matching date"), _when(draft)),
        (_("Score"), _("{score} of 100", score=draft.score)),
        (_("Repeats"), n_("{count} pair meets again", "{count} pairs meet again", draft.repeats)),
    ]
    blocks = [kit.section(f"*{kit.escape(draft.program)}*"), kit.fields(numbers)]
    if draft.broken:
        named = all_of([_("group {number}", number=number + 1) for number in draft.broken[:5]])
        mend = kit.button(_("Mend for me"), Ids.REVIEW_MEND, value=str(draft.occurrence_id), style="primary")
        text = n_(
            ":warning: {count} group has to be mended before it can be sent: {groups}.",
            ":warning: {count} groups have to be mended before they can be sent: {groups}.",
            len(draft.broken),
            groups=named,
        )
        blocks.append(kit.section(text, accessory=mend))
    if draft.without:
        blocks.append(kit.context(_without(draft.without)))
    if draft.last:
        blocks.append(kit.context(_("Last change: {what}", what=kit.escape(retold(draft.last)))))
    return blocks


def _when(draft: DraftPage) -> str:
    if draft.send_at is None:
        return _("none yet: nothing is sent")
    when = kit.date(draft.send_at, zone=draft.zone, reader_zone=draft.reader_zone, form="short")
    if draft.confirmed or not draft.waits:
        return when
    return _("{when}, if you confirm it", when=when)


def _without(names: Sequence[str]) -> str:
    shown = kit.spoken(kit.escape(name) for name in names[:SHOWN_WITHOUT])
    if len(names) <= SHOWN_WITHOUT:
        return _("In no group: {names}", names=shown)
    return _("In no group: {names}, and {count} more", names=shown, count=len(names) - SHOWN_WITHOUT)


def _edits(draft: DraftPage) -> list[Json]:
    value = str(draft.occurrence_id)
    sure = kit.confirm(
        _("Regroup the rest"),
        _("Everybody who is not in a locked group is grouped anew. You can undo it."),
        _("Regroup the rest"),
        _("Keep them"),
    )
    change = [
        kit.button(_("Swap two people"), Ids.REVIEW_SWAP_OPEN, value=value),
        kit.button(_("Move"), Ids.REVIEW_MOVE_OPEN, value=value),
        kit.button(_("Remove"), Ids.REVIEW_REMOVE_OPEN, value=value),
    ]
    if draft.without:
        change.append(kit.button(_("Add"), Ids.REVIEW_ADD_OPEN, value=value))
    more = [kit.button(_("Regroup the rest"), Ids.REVIEW_REGROUP, value=value, confirm=sure)]
    if draft.undoes:
        more.append(kit.button(_("Undo"), Ids.REVIEW_UNDO, value=value))
    more.append(kit.button(_("Update matching date"), Ids.REVIEW_DATE, value=value))
    return [kit.actions(*change, block_id="review.change"), kit.actions(*more, block_id="review.more")]


def _group(group: GroupLine) -> list[Json]:
    names = ", ".join(
        f"~{kit.escape(name)}~" if name in group.gone else kit.escape(name) for name in group.people
    )
    lock = ":lock: " if group.locked else ""
    head = _("*Group {number}* · {score} of 100", number=group.number + 1, score=group.score)
    if group.locked:
        button = kit.button(_("Unlock group"), Ids.REVIEW_UNLOCK, value=str(group.number))
    else:
        button = kit.button(_("Lock group"), Ids.REVIEW_LOCK, value=str(group.number))
    said = " · ".join([head, *(kit.escape(retold(why).rstrip(".")) for why in group.why)])
    blocks = [kit.section(f"{lock}{said}\n{names}", accessory=button, block_id=f"group.{group.number + 1}")]
    notes = [*_broken(group), *_against(group.broken), *_again(group.again)]
    return [*blocks, kit.context(*notes)] if notes else blocks


def _broken(group: GroupLine) -> list[str]:
    notes = [
        _(":warning: {name} does not take part any more.", name=kit.escape(name)) for name in group.gone[:3]
    ]
    if group.apart:
        notes.append(_(":warning: These people cannot all be in one group."))
    return notes


def _against(rules: Sequence[str]) -> list[str]:
    """The program's rules that do not hold, in one line."""
    return [":warning: " + " · ".join(map(kit.escape, rules))] if rules else []


def _again(met: Sequence[Again]) -> list[str]:
    notes = [
        _(
            ":repeat: {first} and {second} met on {date}",
            first=kit.escape(one.first),
            second=kit.escape(one.second),
            date=day(one.last),
        )
        for one in met[:SHOWN_AGAIN]
        if one.last
    ]
    more = len(met) - SHOWN_AGAIN
    if more > 0:
        notes.append(n_("{count} more pair met before", "{count} more pairs met before", more))
    return notes


def _turn(draft: DraftPage) -> list[Json]:
    if draft.pages == 1:
        return []
    first, last = draft.groups[0].number + 1, draft.groups[-1].number + 1
    where = _("Groups {first} to {last} of {count}", first=first, last=last, count=draft.count)
    value = str(draft.occurrence_id)
    buttons = []
    if draft.page > 0:
        buttons.append(kit.button("◀", Ids.REVIEW_PREVIOUS, value=value))
    if draft.page < draft.pages - 1:
        buttons.append(kit.button("▶", Ids.REVIEW_NEXT, value=value))
    return [kit.context(where), kit.actions(*buttons, block_id="review.turn")]


def says(sentence: str) -> Json:
    """The modal when there is nothing to review: still being made, sent already, or over."""
    return kit.modal(_(TITLE), [kit.section(kit.escape(sentence))], callback_id=Ids.NOTICE, close=_("Close"))


def ask_swap(seen: Mapping[str, Any]) -> Json:
    """The modal "Swap two people"."""
    blocks = [
        kit.field_input("first", _("First person"), _search(Ids.REVIEW_PERSON, _("Type a name"))),
        kit.field_input("second", _("Second person"), _search(Ids.REVIEW_PERSON, _("Type a name"))),
    ]
    return _modal(_("Swap two people"), blocks, Ids.REVIEW_SWAP, _("Swap"), seen)


def ask_move(seen: Mapping[str, Any]) -> Json:
    """The modal "Move"."""
    blocks = [
        kit.field_input("person", _("Person"), _search(Ids.REVIEW_PERSON, _("Type a name"))),
        kit.field_input("to", _("To group"), _search(Ids.REVIEW_GROUP, _("Type a number or a name"))),
    ]
    return _modal(_("Move"), blocks, Ids.REVIEW_MOVE, _("Move"), seen)


def ask_add(seen: Mapping[str, Any]) -> Json:
    """The modal "Add"."""
    blocks = [
        kit.field_input("person", _("Person"), _search(Ids.REVIEW_WITHOUT, _("Type a name"))),
        kit.field_input("to", _("To group"), _search(Ids.REVIEW_GROUP, _("Type a number or a name"))),
    ]
    return _modal(_("Add"), blocks, Ids.REVIEW_ADD, _("Add"), seen)


def ask_remove(seen: Mapping[str, Any]) -> Json:
    """The modal "Remove"."""
    blocks = [
        kit.field_input("person", _("Person"), _search(Ids.REVIEW_PERSON, _("Type a name"))),
        kit.context(_("They take no part in this session, and are told so when the groups are sent.")),
    ]
    return _modal(_("Remove"), blocks, Ids.REVIEW_REMOVE, _("Remove"), seen)


def read(values: StateValues) -> dict[str, str]:
    """What the modal of an edit holds, by field."""
    found = {}
    for field, held in values.items():
        for element in held.values():
            option = element.get("selected_option") or {}
            found[field] = str(option.get("value") or "")
    return found


def ask_date(form: DateForm, seen: Mapping[str, Any]) -> Json:
    """The modal "Update matching date"."""
    told = _(
        "The groups are sent at this date exactly as they stand then. Until that moment you can change them, "
        "and the date."
    )
    blocks = [*matching(form), kit.context(told)]
    return _modal(_("Update matching date"), blocks, Ids.REVIEW_DATE_SAVE, _("Update"), seen)


def read_date(values: StateValues) -> DateForm:
    """What it holds."""
    return read_matching(values)


def _modal(
    title: str, blocks: Sequence[Json], callback_id: str, submit: str, seen: Mapping[str, Any]
) -> Json:
    return kit.modal(title, blocks, callback_id=callback_id, submit=submit, close=_("Cancel"), metadata=seen)


def _search(action_id: str, placeholder: str) -> Json:
    return {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": kit.plain(placeholder, 150),
    }


def people_options(found: Sequence[Choice]) -> list[Json]:
    """People to choose from, each with the group they are in."""
    return [
        kit.option(
            one.name, one.value, "" if one.number is None else _("Group {number}", number=one.number + 1)
        )
        for one in found
    ]


def group_options(found: Sequence[Choice]) -> list[Json]:
    """Groups to choose from, each with its people."""
    return [
        kit.option(_("Group {number}", number=(one.number or 0) + 1), one.value, ", ".join(one.people))
        for one in found
    ]


def message(told: Review) -> Message:
    """Asks an organizer to look at the groups before they are sent."""
    card = told.card
    head = _("Review your matches: {program}", program=kit.escape(card.program))
    lines = [f"*{head}*", _what(told), cards.state_of(card)]
    blocks = [kit.section("\n".join(line for line in lines if line))]
    if card.state == "review":
        value = str(card.occurrence_id)
        look = kit.button(_("Review your matches"), Ids.REVIEW_OPEN, value=value, style="primary")
        date = kit.button(_("Update matching date"), Ids.REVIEW_DATE, value=value)
        blocks.append(kit.actions(look, date, block_id="review.choices"))
    return head, blocks


def _what(told: Review) -> str:
    if told.card.state != "review":
        return ""
    if told.late:
        return _("The matching date has come and nobody has confirmed it, so nothing was sent.")
    if told.left:
        return _left(told.broken)
    groups = n_("{count} group", "{count} groups", told.card.groups)
    people = n_("{count} person", "{count} people", told.people)
    repeats = n_("{count} pair meets again", "{count} pairs meet again", told.repeats)
    return _("{groups} of {people} are ready; {repeats}.", groups=groups, people=people, repeats=repeats)


def _left(broken: int) -> str:
    if not broken:
        return _("Every group is complete again.")
    return n_(
        "Somebody left since the matching date was set. {count} group has to be mended; otherwise it is sent "
        "without them.",
        "Somebody left since the matching date was set. {count} groups have to be mended; otherwise they are "
        "sent without those who left.",
        broken,
    )
