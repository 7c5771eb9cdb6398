"""Staff's form of a membership in four steps, as it is filled in, and what each step must have."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, TypeVar

from domain import classes_offers, money
from domain.classes import Late, NewMembership, Plan, RefundRule, Unit
from domain.errors import FieldRefusal, Refusal
from domain.text import say

Chosen = TypeVar("Chosen", Plan, Unit, Late, RefundRule)

STEPS = 4
MOST_CLASSES = 100  # that one membership offers: what a select holds
DEFAULT, CUSTOM = "default", "custom"
# the first step that asks for a field of NewMembership; the others belong to the last one
STEP_OF = {
    "term_id": 1, "name": 1, "description": 1, "amount": 1, "currency": 1, "custom": 1, "lessons": 1,
    "weeks": 1, "classes": 2, "plan": 3, "every": 3, "unit": 3, "times": 3, "late": 3, "late_week": 3,
    "refund_rule": 3,
}  # fmt: skip


@dataclass(frozen=True)
class WizardForm:
    """Everything that was filled in, whether it is shown now or not. Texts are as they were typed."""

    step: int = 1
    key: str = ""  # of the form: finished twice, saved once
    edition: int = 0  # grows with each drawing: fresh ids, so that what is prefilled shows
    membership: int = 0  # that is edited, at *version*
    version: int = 0
    warned: str = ""  # what was warned about once
    term: int = 0
    name: str = ""
    description: str = ""
    price: str = ""
    currency: str = ""
    limit: str = DEFAULT
    many: str = ""
    lessons: str = "1"
    weeks: str = ""
    classes: tuple[int, ...] = ()
    plan: str = Plan.CARD
    every: str = "1"
    unit: str = Unit.MONTH
    times: str = "3"
    late: str = Late.PRORATED
    late_week: str = "2"
    refund: str = RefundRule.NONE
    online: bool = True
    intro: bool = False
    new_only: bool = True
    once: bool = True
    approval: bool = False

    def as_dict(self) -> dict[str, Any]:
        """What differs from an empty form, to travel with a view or to be kept as a draft."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        empty = {one.name: one.default for one in fields(self)}
        return {name: value for name, value in found.items() if value != empty[name]}


def form_of(found: Mapping[str, Any]) -> WizardForm:
    """A form that has travelled; what makes no sense in it is left out. It is a wish, and proves nothing."""
    held: dict[str, Any] = {}
    for one in fields(WizardForm):
        value = found.get(one.name, MISSING)
        if one.name == "classes":
            if isinstance(value, list | tuple):
                held[one.name] = tuple(each for each in value if _is_number(each))[:MOST_CLASSES]
        elif isinstance(one.default, bool | str):
            if isinstance(value, bool if isinstance(one.default, bool) else str):
                held[one.name] = value
        elif _is_number(value):
            held[one.name] = value
    step = held.pop("step", 1)
    return WizardForm(step=step if 1 <= step <= STEPS else 1, **held)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def number(text: str) -> int:
    """The whole number that was typed; 0, which no field takes, for anything else."""
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


# --- What is saved -------------------------------------------------------------------------------------


def membership(form: WizardForm, *, charges: bool, upto: int = STEPS) -> NewMembership:
    """The membership that a form describes. *charges*: cards can be charged.

    Raises FieldRefusal, at the names of ``NewMembership``'s fields, with what is wrong in the steps from the
    first to *upto*.
    """
    problems: dict[str, str] = {}
    new = _read(form, problems)
    if not form.term:
        problems["term_id"] = say("Choose a session.")
    try:
        classes_offers.check(new, charges=charges)
    except FieldRefusal as refusal:
        problems = {**refusal.problems, **problems}
    found = {name: said for name, said in problems.items() if STEP_OF.get(name, STEPS) <= upto}
    if found:
        raise FieldRefusal(found)
    return new


def _read(form: WizardForm, problems: dict[str, str]) -> NewMembership:
    currency = form.currency.strip().upper()
    amount = 0
    if money.CURRENCY.fullmatch(currency):
        try:
            amount = money.parse(form.price, currency)
        except Refusal as refusal:
            problems["amount"] = refusal.sentence
    return NewMembership(
        term_id=form.term,
        name=form.name.strip(),
        description=form.description.strip(),
        amount=amount,
        currency=currency,
        lessons=number(form.lessons),
        weeks=number(form.weeks),
        classes=form.classes,
        custom=number(form.many) if form.limit == CUSTOM else None,
        plan=_one(Plan, form.plan, Plan.CARD),
        every=number(form.every),
        unit=_one(Unit, form.unit, Unit.MONTH),
        times=number(form.times) if form.plan == Plan.RECURRING else 1,
        late=_one(Late, form.late, Late.PRORATED),
        late_week=number(form.late_week) if form.late == Late.CLOSED else 2,
        refund_rule=_one(RefundRule, form.refund, RefundRule.NONE),
        online=form.online,
        intro=form.intro,
        new_only=form.new_only,
        once=form.once,
        approval=form.approval,
    )


def _one(kind: type[Chosen], value: str, instead: Chosen) -> Chosen:
    return kind(value) if value in [one.value for one in kind] else instead


def step_of(problems: Mapping[str, str]) -> int:
    """The first step in which something is wrong."""
    return min((STEP_OF.get(name, STEPS) for name in problems), default=STEPS)


def filled(new: NewMembership, *, membership_id: int, version: int) -> WizardForm:
    """The form of a membership that was saved, for [Edit]."""
    return WizardForm(
        membership=membership_id,
        version=version,
        term=new.term_id,
        name=new.name,
        description=new.description,
        price=money.written(new.amount, new.currency),
        currency=new.currency,
        limit=DEFAULT if new.custom is None else CUSTOM,
        many="" if new.custom is None else str(new.custom),
        lessons=str(new.lessons),
        weeks=str(new.weeks),
        classes=new.classes,
        plan=new.plan,
        every=str(new.every),
        unit=new.unit,
        times=str(new.times) if new.plan == Plan.RECURRING else "3",
        late=new.late,
        late_week=str(new.late_week),
        refund=new.refund_rule,
        online=new.online,
        intro=new.intro,
        new_only=new.new_only,
        once=new.once,
        approval=new.approval,
    )


# --- What can be chosen --------------------------------------------------------------------------------


@dataclass(frozen=True)
class TermChoice:
    """A session whose classes can be sold; *weeks* is its length."""

    id: int
    name: str
    weeks: int


@dataclass(frozen=True)
class ClassChoice:
    """A class of the session that is chosen. *places* is how many its dates have."""

    id: int
    title: str  # "Yoga · Tue 18:00"
    places: int
    teacher: str = ""
    place: str = ""


@dataclass(frozen=True)
class Choices:
    """What the steps offer, read anew at each drawing."""

    terms: tuple[TermChoice, ...]
    classes: tuple[ClassChoice, ...]
    currency: str  # that a new membership begins with
    charges: bool  # whether cards can be charged
    many: bool = False  # more classes than a select holds: *classes* are only those that are chosen

    def term(self, term_id: int) -> TermChoice | None:
        """A session that can be chosen."""
        return next((one for one in self.terms if one.id == term_id), None)


def known(form: WizardForm, choices: Choices) -> WizardForm:
    """The form without classes that are not there any more, and with what it begins with."""
    ids = {one.id for one in choices.classes}
    term = choices.term(form.term) or (choices.terms[0] if len(choices.terms) == 1 else None)
    return replace(
        form,
        term=term.id if term else 0,
        weeks=form.weeks or (str(min(52, term.weeks)) if term else ""),
        currency=form.currency or choices.currency,
        classes=tuple(one for one in form.classes if one in ids),
    )


def too_long(form: WizardForm, choices: Choices) -> str:
    """What step 1 warns about: more weeks than the session has; "" if it fits."""
    term = choices.term(form.term)
    if term is None or number(form.weeks) <= term.weeks:
        return ""
    return say("The session has {count} weeks.", count=term.weeks)
