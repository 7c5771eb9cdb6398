"""The modals of matching by hand: "Match with Mentor", "Mentor Profile", and keeping two people apart."""

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.mentoring_words import label
from blocks.when import StateValues
from blocks.words import _, n_, retold
from domain.mentoring import Done, Pairing
from domain.mentoring_picker import Candidate, MentorSheet, Picker, Way
from domain.text import N_, on_one_line

LONGEST_SEARCH, LONGEST_REASON = 60, 200
MOST_TOLD = 3  # reasons in a row
# what is said once two people were put together
DONE = {
    Way.STAGE: N_("Staged. Nobody was told."),
    Way.ASSIGN: N_("Matched. 2 people are told now."),
    Way.ASK: N_("{mentor} is asked now. The match waits for the answer."),
}
LIVE = {
    Pairing.STAGED: N_("Staged already"),
    Pairing.PROPOSED: N_("The mentor is asked first"),
    Pairing.ACTIVE: N_("Matched already"),
}


# --- Match with Mentor ---------------------------------------------------------------------------------


def picker(found: Picker) -> Json:
    """ "Match with Mentor": the best mentors, or those who were searched."""
    box: Json = {
        "type": "plain_text_input",
        "action_id": MentoringIds.PICKER_FIND,
        "max_length": LONGEST_SEARCH,
    }
    box["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    if found.typed:
        box["initial_value"] = found.typed[:LONGEST_SEARCH]
    hint = _("A part of a name, among all mentors. Leave it empty for those who fit best.")
    search = kit.field_input("find", _("Find a mentor"), box, hint=hint, optional=True, dispatch=True)
    rows = [_row(one, found.mentee_id) for one in found.candidates]
    head = _("A mentor for *{mentee}*, the best first", mentee=called(found.mentee))
    return kit.modal(
        label(N_("Match with Mentor"), found.wording),
        [kit.section(head), *_stated(found), search, *(rows or [kit.section(_nobody(found))]), *_more(found)],
        callback_id=MentoringIds.PICKER,
        submit=_("Search"),
        close=_("Close"),
        metadata={"program": found.program_id, "mentee": found.mentee_id},
    )


def _stated(found: Picker) -> list[Json]:
    """What the mentee looks for, so that a mentor can be judged by it."""
    wants = kit.escape(", ".join(found.wants), 300)
    lines = [_("Wants: {skills}", skills=wants)] if wants else []
    lines += [f"“{kit.escape(on_one_line(found.goals), 300)}”"] if found.goals.strip() else []
    return [kit.context("\n".join(lines))] if lines else []


def called(name: str) -> str:
    """A person's name in a line of ours; Slack may not have told us one."""
    return kit.escape(name, 60) or _("Somebody")


def typed(values: StateValues) -> str:
    """The name that is searched."""
    return str((values.get("find", {}).get(MentoringIds.PICKER_FIND) or {}).get("value") or "")


def _row(one: Candidate, mentee_id: int) -> Json:
    facts = [_("{score} of 100", score=one.score), left(one)]
    facts += [_(LIVE[Pairing(one.live)])] if one.live else []
    facts += [_("Kept apart")] if one.apart is not None else []
    reasons = " · ".join(kit.escape(retold(why), 150) for why in one.reasons[:MOST_TOLD])
    button = kit.button(_("View Profile"), MentoringIds.PICKER_PROFILE, value=f"{mentee_id}.{one.id}")
    button["accessibility_label"] = kit.clean(_("View the profile of {name}", name=one.name), 75)
    lines = f"*{called(one.name)}* · {' · '.join(facts)}\n{reasons}"
    return kit.section(lines, accessory=button, block_id=f"mentoring.mentor.{one.id}")


def left(one: Candidate) -> str:
    """ "1 of 3 places left"."""
    return n_("{free} of {count} place left", "{free} of {count} places left", one.cap, free=one.free)


def _nobody(found: Picker) -> str:
    if found.typed:
        return _("No mentor is called “{name}”.", name=kit.escape(found.typed, 60))
    return _("There is no mentor yet. Press *Add People* on the page of the program.")


def _more(found: Picker) -> list[Json]:
    if not found.more:
        return []
    more = n_("{count} more mentor: search the name.", "{count} more mentors: search by name.", found.more)
    return [kit.context(more)]


# --- Mentor Profile ------------------------------------------------------------------------------------


def sheet(found: MentorSheet, *, note: str = "", refused: str = "", anyway: Way | None = None) -> Json:
    """ "Mentor Profile". *note* says what was done, *refused* why it was not; *anyway* is the way around."""
    one = found.candidate
    pair = f"{found.mentee_id}.{one.id}"
    blocks = [kit.section(f":white_check_mark: {note}")] if note else []
    if refused:
        blocks.append(kit.section(f":warning: {kit.escape(refused, 500)}"))
    if anyway is not None:
        blocks.append(kit.actions(_anyway(pair, anyway), block_id="mentoring.anyway"))
    blocks += [kit.header(on_one_line(one.name) or _("Somebody")), kit.fields(_about(found))]
    if found.goals.strip():
        blocks.append(kit.section(f"*{_('Goals')}*\n{kit.escape(found.goals, 1000)}"))
    why = "\n".join(f"• {kit.escape(retold(said), 300)}" for said in one.reasons)
    blocks.append(kit.section(f"*{_('Why This Match?')}* {_('{score} of 100', score=one.score)}\n{why}"))
    blocks += [
        *_standing(one),
        *_ways(found, pair),
        kit.actions(_apart(one, pair), block_id="mentoring.apart"),
    ]
    return kit.modal(
        _("Mentor Profile"),
        blocks,
        callback_id=MentoringIds.PICKER_SHEET,
        close=_("Back"),
        metadata={"mentee": found.mentee_id, "mentor": one.id},
    )


def done(way: Way, came: Done, mentor: str) -> str:
    """What is said once an attempt went well, also where somebody was faster."""
    if not came.changed:
        return _(LIVE[Pairing(came.state)])
    return _(DONE[way], mentor=called(mentor)) if way is Way.ASK else _(DONE[way])


def _about(found: MentorSheet) -> list[tuple[str, str]]:
    level = "" if found.seniority is None else str(found.seniority)
    known = [
        (_("For"), called(found.mentee)),
        (_("Places"), left(found.candidate)),
        (_("Skills offered"), kit.escape(", ".join(found.offers), 300)),
        (_("Languages"), kit.escape(", ".join(found.languages), 300)),
        (_("Department"), kit.escape(found.department)),
        (_("Level"), level),
        (_("Time zone"), kit.escape(found.zone)),
    ]
    return [(name, text) for name, text in known if text]


def _standing(one: Candidate) -> list[Json]:
    lines = [_(LIVE[Pairing(one.live)])] if one.live else []
    if one.apart:
        lines.append(_("Kept apart by an organizer: {reason}", reason=kit.escape(one.apart)))
    elif one.apart is not None:
        lines.append(_("Kept apart by an organizer"))
    return [kit.context(*lines)] if lines else []


def _ways(found: MentorSheet, pair: str) -> list[Json]:
    """The buttons of what can still be done with the two."""
    live, buttons = found.candidate.live, []
    if not live:
        stage = label(N_("Assign to Staged Matches"), found.wording)
        buttons.append(kit.button(stage, MentoringIds.PICK_STAGE, value=pair))
    if live != Pairing.ACTIVE:
        assign = label(N_("Assign to Active Matches"), found.wording)
        sure = kit.confirm(assign, _("2 people will be told now."), _("Assign"), _("Cancel"))
        buttons.append(
            kit.button(assign, MentoringIds.PICK_ASSIGN, value=pair, style="primary", confirm=sure)
        )
    if live in ("", Pairing.STAGED):
        ask = _("Ask the Mentor First")
        sure = kit.confirm(ask, _("1 person will be asked now."), _("Ask"), _("Cancel"))
        buttons.append(kit.button(ask, MentoringIds.PICK_ASK, value=pair, confirm=sure))
    return [kit.actions(*buttons, block_id="mentoring.pick")] if buttons else []


def _anyway(pair: str, way: Way) -> Json:
    told = {Way.STAGE: N_("Nobody is told now."), Way.ASK: N_("1 person will be asked now.")}
    sure = kit.confirm(
        _("Match Anyway"),
        _(told.get(way, N_("2 people will be told now."))),
        _("Match Anyway"),
        _("Cancel"),
        danger=True,
    )
    return kit.button(
        _("Match Anyway"), MentoringIds.PICK_ANYWAY, value=f"{pair}.{way}", style="danger", confirm=sure
    )


# --- Two who must not be matched -----------------------------------------------------------------------


def _apart(one: Candidate, pair: str) -> Json:
    if one.apart is None:
        return kit.button(_("Keep Apart"), MentoringIds.APART_OPEN, value=pair)
    return kit.button(_("Allow Again"), MentoringIds.APART_LIFT, value=pair)


def keep_apart(found: MentorSheet) -> Json:
    """ "Keep Apart": why these two must not be matched."""
    box: Json = {"type": "plain_text_input", "action_id": Ids.INPUT, "max_length": LONGEST_REASON}
    told = _(
        "*{mentee}* and *{mentor}* are never matched, in either role. A match that they have stays as it is.",
        mentee=called(found.mentee),
        mentor=called(found.candidate.name),
    )
    hint = _("Organizers read it where somebody tries to match the two.")
    return kit.modal(
        _("Keep Apart"),
        [kit.section(told), kit.field_input("reason", _("Reason"), box, hint=hint, optional=True)],
        callback_id=MentoringIds.APART_SAVE,
        submit=_("Keep Apart"),
        metadata={"mentee": found.mentee_id, "mentor": found.candidate.id},
    )


def reason(values: StateValues) -> str:
    """The reason that was typed."""
    return str((values.get("reason", {}).get(Ids.INPUT) or {}).get("value") or "")
