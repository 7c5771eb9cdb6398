"""The modals of mentees and mentors: profile, break, and why a match should end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.when import StateValues
from blocks.words import _
from domain.mentoring import END_REASONS, ProfileForm
from domain.mentoring_mine import MatchSheet, ProfileSheet
from domain.text import N_

ROLES = {"mentee": N_("Mentee"), "mentor": N_("Mentor")}
LONGEST = 3000  # more than we take, so that ours is the sentence about it
WRONG = -1  # what was typed is no number


# --- Your profile --------------------------------------------------------------------------------------


def profile(told: ProfileSheet) -> Json:
    """The modal "Your profile", to join with or to change."""
    form = told.form
    blocks = [kit.section(f"*{kit.escape(told.program)}*")]
    if not told.peers:
        blocks.append(kit.field_input("roles", _("Take part as"), _roles(form)))
    commas = _("With commas between them.")
    blocks += [
        kit.field_input("goals", _("Goals"), _text(form.goals, long=True), optional=True),
        kit.field_input("offers", _("Skills I offer"), _list(form.offers), hint=commas, optional=True),
        kit.field_input("wants", _("Skills I want"), _list(form.wants), hint=commas, optional=True),
        kit.field_input("languages", _("Languages"), _list(form.languages), hint=commas, optional=True),
        kit.field_input("department", _("Department"), _text(form.department), optional=True),
        kit.field_input(
            "seniority",
            _("Seniority"),
            _number(form.seniority),
            hint=_("A level from 1 to 10: 1 has just begun, 10 leads the company."),
            optional=True,
        ),
        kit.field_input(
            "places",
            _("Mentees at a time"),
            _number(form.places),
            hint=_("For mentors: 0 to {most}. Empty: {default}.", most=told.most_places,
                   default=min(told.default_places, told.most_places)),
            optional=True,
        ),
        kit.context(_("Organizers read your profile, and people with whom you may be matched.")),
    ]  # fmt: skip
    return kit.modal(
        _("Your profile"),
        blocks,
        callback_id=MentoringIds.PROFILE_SAVE,
        submit=_("Save") if told.joined else _("Join"),
        metadata={"program": told.program_id},
    )


def read_profile(values: StateValues) -> ProfileForm:
    """The form that the submitted modal holds; of peers, each is both."""
    ticked = {one["value"] for one in _element(values, "roles").get("selected_options") or []}

    def text(name: str) -> str:
        return str(_element(values, name).get("value") or "")

    def items(name: str) -> tuple[str, ...]:
        return tuple(filter(None, (one.strip() for one in text(name).replace("\n", ",").split(","))))

    return ProfileForm(
        mentee="mentee" in ticked,
        mentor="mentor" in ticked,
        goals=text("goals"),
        offers=items("offers"),
        wants=items("wants"),
        languages=items("languages"),
        department=text("department"),
        seniority=_whole(text("seniority")),
        places=_whole(text("places")),
    )


def _whole(typed: str) -> int | None:
    found = typed.strip()
    if not found:
        return None
    return int(found) if found.isascii() and found.isdigit() and len(found) < 6 else WRONG


def _roles(form: ProfileForm) -> Json:
    options = [kit.option(_(label), value) for value, label in ROLES.items()]
    element: Json = {"type": "checkboxes", "action_id": Ids.INPUT, "options": options}
    ticked = [one for one in options if getattr(form, one["value"])]
    return element | ({"initial_options": ticked} if ticked else {})


def _text(value: str, *, long: bool = False) -> Json:
    element: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "multiline": long,
        "max_length": LONGEST,
    }
    return element | ({"initial_value": value} if value else {})


def _list(items: tuple[str, ...]) -> Json:
    return _text(", ".join(items))


def _number(value: int | None) -> Json:
    element: Json = {"type": "number_input", "action_id": Ids.INPUT, "is_decimal_allowed": False}
    return element | ({"initial_value": str(value)} if value is not None else {})


def joined(told: ProfileSheet) -> Json:
    """What follows when somebody has joined."""
    name = kit.escape(told.program)
    if told.peers:
        text = _("*You take part in {program}.*", program=name)
    elif told.form.mentee and told.form.mentor:
        text = _("*You take part in {program} as mentee and mentor.*", program=name)
    elif told.form.mentor:
        text = _("*You take part in {program} as mentor.*", program=name)
    else:
        text = _("*You take part in {program} as mentee.*", program=name)
    what = _("You find all you can do on the Home tab of this app.")
    return said(_("Your profile"), f"{text}\n{what}")


# --- A break -------------------------------------------------------------------------------------------


def pause(program_id: int, program: str) -> Json:
    """The modal "Pause Requests": until a day, or until they come back."""
    day: Json = {"type": "datepicker", "action_id": Ids.INPUT}
    text = _(
        "*{program}*: nobody asks you while you take a break, and your own request is withdrawn. "
        "Requests that wait for your answer are closed. Matches go on.",
        program=kit.escape(program),
    )
    blocks = [
        kit.section(text),
        kit.field_input(
            "until", _("Back on"), day, hint=_("Empty: until you press Come Back."), optional=True
        ),
    ]
    return kit.modal(
        _("Pause Requests"),
        blocks,
        callback_id=MentoringIds.PAUSE_SAVE,
        submit=_("Pause"),
        metadata={"program": program_id},
    )


def read_pause(values: StateValues) -> date | None:
    """The day on which they come back, if they chose one."""
    day = _element(values, "until").get("selected_date")
    return date.fromisoformat(day) if day else None


# --- The end of a match --------------------------------------------------------------------------------


def ask_to_end(told: MatchSheet) -> Json:
    """The modal "Ask to End Match"."""
    reason: Json = {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": [kit.option(_(label), value) for value, label in END_REASONS.items()],
    }
    who = _("*{program}*: your match with {other}.", program=kit.escape(told.program),
            other=kit.escape(told.other))  # fmt: skip
    if told.ending_asks:
        what = _("The organizers decide. Your match goes on until then.")
    else:
        what = _("Your match ends at once, and both of you are told. Nobody but organizers sees the reason.")
    blocks = [
        kit.section(f"{who} {what}"),
        kit.field_input("reason", _("Reason"), reason),
        kit.field_input("note", _("Note for organizers"), _text("", long=True), optional=True),
    ]
    return kit.modal(
        _("Ask to End Match"),
        blocks,
        callback_id=MentoringIds.END_ASK_SAVE,
        submit=_("Ask") if told.ending_asks else _("End Match"),
        metadata={"match": told.match_id},
    )


def read_end(values: StateValues) -> tuple[str, str]:
    """The reason and the note that the submitted modal holds."""
    reason = (_element(values, "reason").get("selected_option") or {}).get("value") or ""
    return str(reason), str(_element(values, "note").get("value") or "")


def ended(told: MatchSheet, state: str) -> Json:
    """What came of it: "ended", "asked", or what it was already."""
    if state == "asked":
        text = _("The organizers were asked. Your match goes on until they decide.")
    else:
        text = _("Your match with {other} has ended.", other=kit.escape(told.other))
    return said(_("Ask to End Match"), text)


def said(title: str, text: str) -> Json:
    """A modal that says one thing; *text* is ours."""
    return kit.modal(title, [kit.section(text)], callback_id=Ids.NOTICE, close=_("Close"))


def _element(values: Mapping[str, Mapping[str, Any]], block_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(Ids.INPUT) or {}
