"""The four steps of a membership: what each of them asks for."""

from collections.abc import Callable, Mapping, Sequence

from blocks import kit
from blocks.classes_ids import ClassesIds as Ids
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, retold
from domain import classes_places
from domain.classes import PLANS, Late, Plan, RefundRule, Unit
from domain.classes_wizard import CUSTOM, DEFAULT, MOST_CLASSES, Choices, ClassChoice, WizardForm, number
from domain.text import N_, say

DESCRIPTION = 700  # a form travels with its view, in 3000 characters
LIMITS = {DEFAULT: N_("Default value"), CUSTOM: N_("Custom value")}
LATE = {
    Late.PRORATED: N_("Prorated price"),
    Late.FULL: N_("Full price"),
    Late.CLOSED: N_("Closed after week {week}"),
}
RULES = {RefundRule.NONE: N_("No refund after the start"), RefundRule.PRORATED: N_("Prorated refund")}
UNITS = {Unit.WEEK: N_("Weeks"), Unit.MONTH: N_("Months")}
SETTINGS = {
    "online": N_("Available online"),
    "intro": N_("Introductory offer"),
    "approval": N_("Approval required"),
}
SETTINGS_NOTES = {
    "online": N_("Members find it at Home and buy it. Off: only staff sell it."),
    "intro": N_("For people who are new here."),
    "approval": N_("Staff say yes before anything is paid."),
}
OFFER = {"new_only": N_("New members only"), "once": N_("Once per person")}
PLAN_NOTES = {
    Plan.CARD: N_("One payment for the whole session."),
    Plan.RECURRING: N_("The price is paid several times."),
    Plan.RENEW: N_("The price is paid until it is stopped."),
}


# --- Step 1 --------------------------------------------------------------------------------------------


def description(form: WizardForm, choices: Choices) -> list[Json]:
    """What it is called, for which session, and what it costs."""
    if not choices.terms:
        return [kit.section(_("There is no session yet. Press *Add a New Session* first."))]
    about = _text(form.description, DESCRIPTION, multiline=True)
    return [
        kit.field_input("name", _("Membership name"), _text(form.name, 80)),
        kit.field_input("description", _("Description"), about, optional=True),
        kit.field_input("term_id", _("Session"), _terms(form, choices), dispatch=not form.membership),
        kit.field_input("amount", _("Price"), _text(form.price, 20), hint=_("With 0 nothing is to be paid.")),
        kit.field_input("currency", _("Currency"), _text(form.currency, 3), hint=_("Three letters: CAD.")),
        *_limit(form),
        *_fit(form, choices),
        kit.field_input("lessons", _("Lessons per week"), _number(form.lessons)),
        kit.field_input("weeks", _("Duration in weeks"), _number(form.weeks)),
    ]


def _terms(form: WizardForm, choices: Choices) -> Json:
    options = {one.id: kit.option(one.name, str(one.id)) for one in choices.terms}
    return _select(options, form.term, Ids.WIZARD_TERM)


def _limit(form: WizardForm) -> list[Json]:
    radio = _radio(LIMITS, form.limit, Ids.WIZARD_LIMIT)
    hint = _("How many people may buy it. By default as many as the classes have places for.")
    found = [kit.field_input("limit", _("Number of users per class"), radio, hint=hint, dispatch=True)]
    if form.limit == CUSTOM:
        found.append(kit.field_input("custom", _("How many"), _text(form.many, 6)))
    return found


def _fit(form: WizardForm, choices: Choices) -> list[Json]:
    """The places of the classes that are chosen, and whether a custom value fits to them."""
    chosen = [one for one in choices.classes if one.id in form.classes]
    if not chosen:
        return []
    places = [one.places for one in chosen]
    told = ", ".join(str(one) for one in places)
    found = [kit.context(_("Places in the chosen classes: {places}", places=told))]
    custom = number(form.many) if form.limit == CUSTOM else 0
    lessons = number(form.lessons)
    if custom and lessons and (warning := classes_places.warning(places, lessons, custom)):
        found.append(kit.section(f":warning: {kit.escape(warning)}"))
    return found


# --- Step 2 --------------------------------------------------------------------------------------------


def classes(form: WizardForm, choices: Choices) -> list[Json]:
    """Which classes members can choose."""
    if not choices.classes and not choices.many:
        text = _("This session has no classes yet. Select some on its page and press *Assign to Session*.")
        return [kit.section(text)]
    k = number(form.lessons)
    hint = _("On purchase a member chooses {count} of them.", count=k)
    field = kit.field_input(
        "classes", _("Classes members can choose"), _offered(form, choices), hint=hint, dispatch=True
    )
    return [field, *_fit(form, choices)]


def _offered(form: WizardForm, choices: Choices) -> Json:
    options = {one.id: class_option(one) for one in choices.classes}
    found: Json = {"action_id": Ids.WIZARD_CLASSES, "max_selected_items": MOST_CLASSES}
    if choices.many:
        placeholder = kit.plain(_("Type a day, a time or a name"), 150)
        found |= {"type": "multi_external_select", "min_query_length": 0, "placeholder": placeholder}
    else:
        found |= {"type": "multi_static_select", "options": [*options.values()]}
    if chosen := [options[one] for one in form.classes if one in options]:
        found["initial_options"] = chosen
    return found


def class_option(one: ClassChoice) -> Json:
    """A class in a select."""
    return kit.option(retold(one.title), str(one.id), " · ".join(filter(None, (one.teacher, one.place))))


# --- Step 3 --------------------------------------------------------------------------------------------


def billing(form: WizardForm, choices: Choices) -> list[Json]:
    """How it is paid for, and what late joiners and early leavers pay."""
    plan = _radio(PLANS, form.plan, Ids.WIZARD_PLAN, PLAN_NOTES)
    found = [kit.field_input("plan", _("Type of membership"), plan, dispatch=True)]
    if not choices.charges:
        found.append(kit.context(_("Without Stripe, members pay at the desk: a class card is possible.")))
    if form.plan != Plan.CARD:
        units = {one: kit.option(_(label), one) for one, label in UNITS.items()}
        found += [
            kit.field_input("every", _("A payment every"), _number(form.every)),
            kit.field_input("unit", _("Weeks or months"), _select(units, form.unit)),
        ]
    if form.plan == Plan.RECURRING:
        found.append(kit.field_input("times", _("Number of payments"), _number(form.times)))
    labels = {one: say(label, week=number(form.late_week)) for one, label in LATE.items()}
    late = _radio(labels, form.late, Ids.WIZARD_LATE)
    found.append(kit.field_input("late", _("Late joining"), late, dispatch=True))
    if form.late == Late.CLOSED:
        found.append(kit.field_input("late_week", _("Closed after week"), _number(form.late_week)))
    rule = _radio(RULES, form.refund)
    found.append(kit.field_input("refund_rule", _("When a member leaves after the start"), rule))
    return found


# --- Step 4 --------------------------------------------------------------------------------------------


def settings(form: WizardForm, choices: Choices) -> list[Json]:
    """Who may buy it, and whether staff say yes first."""
    box = _boxes(SETTINGS, form, Ids.WIZARD_INTRO, SETTINGS_NOTES)
    found = [kit.field_input("settings", _("Membership settings"), box, optional=True, dispatch=True)]
    if form.intro:
        rules = _boxes(OFFER, form, Shared.INPUT)
        found.append(kit.field_input("offer", _("Introductory offer"), rules, optional=True))
    return found


STEPS: dict[int, tuple[str, Callable[[WizardForm, Choices], list[Json]]]] = {
    1: (N_("Step 1 of 4: Membership description"), description),
    2: (N_("Step 2 of 4: Select classes"), classes),
    3: (N_("Step 3 of 4: Billing plan"), billing),
    4: (N_("Step 4 of 4: Membership settings"), settings),
}


# --- Elements ------------------------------------------------------------------------------------------


def _text(initial: str, most: int, *, multiline: bool = False) -> Json:
    found: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}
    if multiline:
        found["multiline"] = True
    if initial:
        found["initial_value"] = initial[:most]
    return found


def _number(initial: str) -> Json:
    """A whole number. It has no bounds: what is wrong with it, we say."""
    found: Json = {"type": "number_input", "action_id": Shared.INPUT, "is_decimal_allowed": False}
    return found | {"initial_value": str(number(initial))} if number(initial) else found


def _select(options: Mapping[int, Json] | Mapping[Unit, Json], chosen: object, action_id: str = "") -> Json:
    found: Json = {
        "type": "static_select",
        "action_id": action_id or Shared.INPUT,
        "options": [*options.values()],
    }
    held = next((one for key, one in options.items() if key == chosen), None)
    return found | {"initial_option": held} if held else found


def _radio(
    labels: Mapping[Plan, str] | Mapping[Late, str] | Mapping[RefundRule, str] | Mapping[str, str],
    chosen: str,
    action_id: str = "",
    notes: Mapping[Plan, str] | None = None,
) -> Json:
    told = {str(one): _(text) for one, text in (notes or {}).items()}
    options = {
        str(one): kit.option(retold(label), str(one), told.get(str(one), "")) for one, label in labels.items()
    }
    found: Json = {
        "type": "radio_buttons",
        "action_id": action_id or Shared.INPUT,
        "options": [*options.values()],
    }
    return found | {"initial_option": options.get(chosen, next(iter(options.values())))}


def _boxes(
    labels: Mapping[str, str], form: WizardForm, action_id: str, notes: Mapping[str, str] | None = None
) -> Json:
    told = {one: _(text) for one, text in (notes or {}).items()}
    options = {one: kit.option(_(label), one, told.get(one, "")) for one, label in labels.items()}
    found: Json = {"type": "checkboxes", "action_id": action_id, "options": [*options.values()]}
    ticked: Sequence[Json] = [options[one] for one in labels if getattr(form, one)]
    return found | {"initial_options": ticked} if ticked else found
