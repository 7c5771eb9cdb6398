"""Every text can be read in every language we speak, and nobody reads somebody else's."""

import ast
import copy
import re
import runpy
import string
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from blocks import kit, words
from blocks.messages import RENDERERS, render
from blocks.words import LANGUAGES, SOURCE, _, language, n_, retold, speaking
from bot.words import FOLDERS, KEYWORDS, LOCALES, ROOT, catalogue, forms, template, waiting
from domain import money
from domain.people import common_locale
from domain.text import N_, Said, all_of, say, say_n
from sandbox.limits import check_message, check_view

OTHERS = [one for one in LANGUAGES if one != SOURCE]
OUR_OWN = {"RuntimeError", "TryLater", "TypeError", "ValueError"}  # errors that nobody reads
FORMS_OF_A_DATE = {"date_long", "date_short", "date_short_pretty"}
NAMES = re.compile(  # what is the same everywhere, and what only programs read
    r"Sessions|(DejaVu|Noto) Sans.*|/sessions .*|Stripe|JSON Lines|"
    r"Authorization|Refresh|no key|not JSON|not started"
)
READ_BY_NOBODY = {  # what is asked of Stripe
    "hosted-refund-order",
    "hosted-expire-order",
    "payment-charge-order",
}
NARROW = "\u202f"  # the space that French wants before some marks: it is narrow, and no line breaks there


# --- Catalogues ----------------------------------------------------------------------------------------


def names(text: str) -> set[str]:
    """The names in braces of a text; its translator chooses which of Slack's forms of a date fits."""
    found = {name for _before, name, _form, _how in string.Formatter().parse(text) if name is not None}
    return {"date" if name in FORMS_OF_A_DATE else name for name in found}


def keys(catalogue: Any) -> set[tuple[str, ...]]:
    """The texts of a catalogue, each with what it is said of."""
    return {(one.context or "", *forms(one.id)) for one in catalogue if one.id}


@pytest.fixture(scope="module", params=OTHERS)
def spoken(request: pytest.FixtureRequest) -> Any:
    """The catalogue of each language but our own."""
    return catalogue(LOCALES / f"{request.param}.po")


def test_there_is_a_catalogue_for_each_language() -> None:
    """A language is spoken where it has a catalogue, and the other way round."""
    assert {path.stem for path in LOCALES.iterdir()} == set(OTHERS)


def test_every_text_is_translated(spoken: Any) -> None:
    """Nobody reads an English sentence among their own; `make words` writes down what is missing."""
    assert sorted(keys(template()) - keys(spoken)) == []
    assert waiting(spoken) == []


def test_no_translation_is_left_over(spoken: Any) -> None:
    """A text that was changed or dropped leaves nothing behind; `make words` cleans up."""
    assert sorted(keys(spoken) - keys(template())) == []
    assert not spoken.obsolete


def test_translations_have_the_same_values(spoken: Any) -> None:
    """What the English text names in braces is named in each translation, and nothing else.

    What is said of one thing may leave its number out where English does: "every week".
    """
    wrong = [
        (one.id, said)
        for one in spoken
        if one.id
        for nth, said in enumerate(forms(one.string))
        if said and names(said) not in [names(text) for text in forms(one.id)[min(nth, 1) - 2 :]]
    ]

    assert wrong == []


def test_translations_keep_the_markup(spoken: Any) -> None:
    """Bold stays bold, a command stays a command, a symbol stays a symbol, and lines stay lines."""
    marks = re.compile(r"`[^`]*`|:[a-z_]+:|\*|\n|•|→")
    wrong = [
        (one.id, said)
        for one in spoken
        if one.id
        for said in filter(None, forms(one.string))
        if Counter(marks.findall(said)) != Counter(marks.findall(forms(one.id)[-1]))
    ]

    assert wrong == []


def test_french_is_set_as_the_french_set_it() -> None:
    """Typographic apostrophes, and a narrow space that never breaks before tall marks and inside quotes."""
    said = [text for one in catalogue(LOCALES / "fr.po") if one.id for text in forms(one.string)]
    bare = [re.sub(r"`[^`]*`|:[a-z_]+:|https?:\S+|\{[^}]*\}", "x", text) for text in said]

    assert [text for text in bare if "'" in text or '"' in text or "“" in text] == []
    assert [
        text for text in bare if re.search(rf"[^{NARROW}][;?!»]|[^{NARROW}]:(\s|$)|«[^{NARROW}]", text)
    ] == []


# --- What is shown -------------------------------------------------------------------------------------


@cache
def everything(locale: str) -> dict[str, dict[str, Any]]:
    """All golden messages, modals and menus as somebody of this locale sees them, by name.

    The modules that hold them are read anew while that language is spoken.
    """
    found: dict[str, dict[str, Any]] = {}
    with speaking(locale), without_modules("tests.blocks."):
        for path in sorted(Path(__file__).parent.glob("test_*.py")):
            if path != Path(__file__):
                for cases in runpy.run_path(str(path)).values():
                    found |= as_shown(cases)
    return found


@contextmanager
def without_modules(prefix: str) -> Iterator[None]:
    """Import modules of this prefix anew in this block; those that were there are back after it."""
    held = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith(prefix)}
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.startswith(prefix)]:
            del sys.modules[name]
        sys.modules.update(held)


def as_shown(cases: Any) -> dict[str, dict[str, Any]]:
    """The cases of a table of facts, of views, or of (text, blocks); nothing of anything else."""
    if not isinstance(cases, dict):
        return {}
    shown = {}
    for name, case in cases.items():
        if type(case) in RENDERERS:
            case = render(case)  # noqa: PLW2901 - facts are drawn, the rest is drawn already
        if isinstance(case, tuple) and len(case) == 2 and isinstance(case[1], list):
            shown[name] = {"text": case[0], "blocks": case[1]}
        elif isinstance(case, dict) and case.get("type") in ("modal", "home"):
            shown[name] = case
    return shown


def faults(shown: dict[str, Any]) -> list[Any]:
    """What Slack would refuse."""
    return list(check_view(shown) if "type" in shown else check_message(shown))


@pytest.mark.parametrize("locale", OTHERS)
def test_everything_fits_in_every_language(locale: str) -> None:
    """Each message and modal is within Slack's limits, and no title, button or label is cut."""
    ours, theirs = everything(SOURCE), everything(locale)

    assert {name: faults(shown) for name, shown in theirs.items() if faults(shown)} == {}
    assert [
        name for name, shown in theirs.items() if str(shown).count("…") > str(ours[name]).count("…")
    ] == []
    assert len(theirs) > 40


@pytest.mark.parametrize("locale", OTHERS)
def test_everything_is_said_otherwise(locale: str) -> None:
    """What has words has other words in another language: nothing was forgotten as a whole."""
    ours, theirs = everything(SOURCE), everything(locale)

    assert {name for name, shown in theirs.items() if shown == ours[name]} == READ_BY_NOBODY


def test_a_session_of_classes_is_no_meeting() -> None:
    """English has one word for a term and for an hour with a host; French has "session" and "séance"."""
    shown = {name: str(one).lower() for name, one in everything("fr").items()}
    classes = {name: text for name, text in shown.items() if name.startswith("classes-")}

    assert {name for name, text in classes.items() if "séance" in text} == set()
    assert sum("session" in text for text in classes.values()) > 5
    assert any("séance" in text for text in shown.values())


@pytest.mark.parametrize("locale", OTHERS)
def test_dates_stay_dates(locale: str) -> None:
    """Slack's date tokens keep their form; the words beside them are the reader's."""
    for shown in everything(locale).values():
        text = str(shown)
        assert text.count("<!date^") == len(re.findall(r"<!date\^\d+\^[^|<>]*\{time\}\|[^<>|]*>", text))


def test_a_date_is_written_as_its_reader_writes_it() -> None:
    """Days and months in words; the hour and the zone as they are."""
    at = datetime(2027, 3, 17, 8, tzinfo=UTC)
    with speaking("fr-FR"):
        assert kit.plain_date(at, "Europe/Paris") == "17 mars 2027, 09:00 (Europe/Paris)"
        assert "{date_long} à {time}|17 mars 2027" in kit.date(at, zone="Europe/Paris")
        assert words.day(date(2027, 8, 2)) == "2 août"
    assert words.day(date(2027, 8, 2)) == "2 August"


def test_numbers_prices_and_labels_are_written_as_their_reader_writes_them() -> None:
    """The mark of decimals, what parts the thousands, and the space before a colon."""
    price = money.shown(123450, "USD")

    assert (price, retold(price), retold(money.shown(500, "JPY"))) == (
        "1234.50 USD",
        "1234.50 USD",
        "500 JPY",
    )
    assert (words.number(1234.5), words.labelled("Wants", 2)) == ("1,234.5", "Wants: 2")
    with speaking("fr"):
        assert (retold(price), retold(money.shown(500, "JPY"))) == ("1234,50\u00a0USD", "500\u00a0JPY")
        assert (words.number(1234.5), words.labelled("Souhaite", 2)) == (
            f"1{NARROW}234,5", f"Souhaite{NARROW}: 2"
        )  # fmt: skip


def test_a_short_text_is_translated_by_what_it_is_said_of() -> None:
    """English has one word where French has two; whoever reads English sees the word alone."""
    joined = N_("Joined", "a participant")

    assert _(joined) == retold(joined) == _("Joined") == "Joined"
    with speaking("fr"):
        assert (_(joined), _("Joined")) == ("Présent(e)", "Participent")


# --- Readers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr-FR", "fr"), ("fr_CA", "fr"), ("FR", "fr"), ("en-US", "en"), ("en-GB", "en"), ("", "en"),
        ("de-DE", "en"), ("frr", "en"), ("-", "en"), ("zz-ZZ", "en"), ("../fr", "en"), ("\u202e", "en"),
    ],
)  # fmt: skip
def test_who_speaks_what(locale: str, expected: str) -> None:
    """The country makes no difference, and whom we cannot answer in their language we answer in English."""
    with speaking(locale):
        assert language() == expected
        assert _("Join") == {"fr": "Participer", "en": "Join"}[expected]


def test_a_language_is_spoken_in_its_block_only() -> None:
    """Blocks may stand in one another, and an error ends them too."""
    with speaking("fr"):
        with speaking("en"):
            assert language() == "en"
        assert language() == "fr"
        with pytest.raises(ValueError, match="x"), speaking("en"):
            raise ValueError("x")
        assert language() == "fr"
    assert language() == "en"


def test_threads_do_not_hear_each_other() -> None:
    """Two requests at the same time speak two languages, and the thread speaks English again after them."""
    together = Barrier(2)

    def answer(locale: str) -> tuple[str, str]:
        with speaking(locale):
            together.wait(timeout=10)
            said = _("Join")
            together.wait(timeout=10)
        return said, _("Join")

    with ThreadPoolExecutor(2) as threads:
        french, english = threads.map(answer, ["fr-FR", "en-US"])

    assert french == ("Participer", "Join")
    assert english == ("Join", "Join")


def test_a_language_is_looked_up_once_and_only_for_a_word() -> None:
    """Who says nothing asks nobody who reads it."""
    asked = []

    def locale() -> str:
        asked.append(1)
        return "fr-FR"

    with speaking(locale):
        assert not asked
        assert (_("Join"), _("Decline")) == ("Participer", "Décliner")
    assert asked == [1]


@pytest.mark.parametrize(
    ("locales", "expected"),
    [
        ([], ""), ([""], ""), (["fr-FR"], "fr-FR"), (["fr-FR", "fr-CA"], "fr-CA"), (["fr-FR", "en-US"], ""),
        (["fr-FR", ""], ""), (["en-GB", "en-US"], "en-GB"),
    ],
)  # fmt: skip
def test_a_group_reads_what_all_of_it_reads(locales: list[str], expected: str) -> None:
    """A message to several people is in their language if they share one; else it is in English."""
    assert common_locale(locales) == expected


# --- Sentences that wait for their reader --------------------------------------------------------------


def test_a_sentence_is_said_to_its_reader() -> None:
    """What a rule says in English is retold later: its values stay, days and sentences in it follow."""
    plain = say("This session was cancelled.")
    gap = say(
        "{time} does not exist on {day}; it will be sent at {later}.",
        time=time(2, 30),
        day=date(2027, 8, 2),
        later=time(3, 30),
    )
    crowd = say_n("{count} person", "{count} people", 2)
    nested = say("{some} and {last}", some="#café", last=crowd)

    assert gap == "02:30 does not exist on 2 August; it will be sent at 03:30."
    assert nested == "#café and 2 people"
    with speaking("fr"):
        assert retold(plain) == "Cette session a été annulée."
        assert retold(gap) == f"02:30 n’existe pas le 2 août{NARROW}; l’envoi aura lieu à 03:30."
        assert retold(nested) == kit.escape(nested) == "#café et 2 personnes"
        assert n_("{count} person", "{count} people", 1) == "1 personne"
        assert n_("{count} person", "{count} people", 0) == "0 personne"
        assert kit.spoken(["a", "b", "c"]) == "a, b et c"
    assert all_of(["a", "b", "c"]) == "a, b and c"


def test_a_sentence_can_be_copied() -> None:
    """A copy can be retold as well: facts are compared, copied and kept for a while."""
    crowd = say_n("{count} person", "{count} people", 2)
    for copied in (copy.deepcopy(crowd), copy.copy(crowd)):
        assert copied == crowd == "2 people"
        with speaking("fr"):
            assert retold(copied) == "2 personnes"


def test_what_people_wrote_is_not_translated() -> None:
    """A program called "Cancel" keeps its name, and braces in names mean nothing."""
    assert _("Cancel") == N_("Cancel") == "Cancel"
    with speaking("fr"):
        assert kit.escape("Cancel") == "Cancel"
        assert kit.escape("{program}") == "{program}"
        said = say("There is already a program called “{name}”.", name="{name} Join {0} %s")
        assert "{name} Join {0} %s" in retold(said)
        assert retold("") == ""
    assert isinstance(said, Said)


# --- Nothing is forgotten ------------------------------------------------------------------------------

OURS = {"_", "N_", "n_", "say", "say_n", "retold"}
SPOKEN = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+[.:?!…]?$")  # two words, or one like a label


def unspoken(tree: ast.AST) -> Iterator[ast.Constant]:
    """Literals that look like words for people and do not go through `_` or one of its kin."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in OURS:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if node is getattr(tree, "annotation", None) or node is getattr(tree, "returns", None):
            continue  # a type
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            continue  # names of ours
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SPOKEN.search(node.value):
            yield node
        yield from unspoken(node)


@pytest.mark.parametrize("folder", ["blocks", "handlers"])
def test_no_text_is_forgotten(folder: str) -> None:
    """Whatever reads like words for people, where messages and answers are made, can be translated."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for path in sorted((ROOT / folder).glob("*.py"))
        for node in unspoken(ast.parse(path.read_text()))
        if path.name != "words.py" and not NAMES.fullmatch(str(node.value))
    ]

    assert found == []


def test_no_refusal_is_forgotten() -> None:
    """What a rule refuses with is a sentence that can be translated."""
    found = []
    for folder in ("domain", "handlers", "services"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                raised = node.exc if isinstance(node, ast.Raise) else None
                if isinstance(raised, ast.Call) and getattr(raised.func, "id", "") not in OUR_OWN:
                    found += [
                        f"{path.relative_to(ROOT)}:{one.lineno}: {one.value!r}" for one in unspoken(raised)
                    ]

    assert found == []


def made_up(text: ast.AST) -> bool:
    """Whether a text is put together here: by formatting, or by choosing between literals."""
    if isinstance(text, ast.Constant | ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return False
    return any(
        isinstance(part, ast.Constant) and re.search("[a-z]", str(part.value)) for part in ast.walk(text)
    )


def test_every_text_stands_in_the_code_as_it_is_read() -> None:
    """A text put together in the code could not be found in a catalogue."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                    texts = node.args[: KEYWORDS[node.func.id]]  # type: ignore[attr-defined]
                    found += [f"{path.name}:{one.lineno}" for one in texts if made_up(one)]

    assert found == []


def unmarked(assigned: ast.Assign) -> Iterator[str]:
    """The names in an assignment that stand for a literal which no catalogue knows of."""
    for target in assigned.targets:
        left, values = [target], [assigned.value]
        if isinstance(target, ast.Tuple) and isinstance(assigned.value, ast.Tuple):
            left, values = target.elts, assigned.value.elts
        for name, value in zip(left, values, strict=False):
            chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            literal = any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in chosen)
            if isinstance(name, ast.Name) and literal:
                yield name.id


def test_a_text_that_has_a_name_is_marked() -> None:
    """Where a sentence is said by its name, ``N_`` stands around the literal."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            nodes = list(ast.walk(ast.parse(path.read_text())))
            known = {name for one in nodes if isinstance(one, ast.Assign) for name in unmarked(one)}
            for node in nodes:
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                    said = [one for one in node.args[:1] if isinstance(one, ast.Name) and one.id in known]
                    found += [f"{path.name}:{one.lineno}" for one in said]

    assert found == []
