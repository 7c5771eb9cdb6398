"""What people read: golden files, Slack's limits, and text from people that must not do anything."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import kit, menu
from blocks.messages import RENDERERS, render
from domain import facts
from domain.billing import ChargeOrder
from domain.facts import (
    Cancelled,
    Doubt,
    GroupIntro,
    LeftOut,
    Notice,
    PersonLine,
    Question,
    Saved,
    SavedLine,
    Summary,
)
from domain.hosted_facts import Due, Entry, Meeting, Way
from domain.invitations import State
from domain.payments import Charge
from domain.schedule import Series, plan
from sandbox.limits import check_message
from tests.blocks.card_cases import CARD_CASES
from tests.blocks.classes_cases import CLASSES_CASES
from tests.blocks.dry_run_cases import DRY_RUNS
from tests.blocks.followup_cases import FOLLOW_UP_CASES
from tests.blocks.hosted_cases import HOSTED_CASES
from tests.blocks.member_cases import MEMBER_MESSAGES
from tests.blocks.mentoring_cases import MENTORING_CASES
from tests.blocks.mentoring_health_cases import HEALTH_CASES, HEALTH_VIEWS
from tests.blocks.mentoring_run_cases import RUN_CASES, RUN_VIEWS
from tests.blocks.planning_cases import PLANNING_CASES, PLANNING_VIEWS
from tests.blocks.review_cases import REVIEW_CASES
from tests.conftest import Golden

MATCH = datetime(2027, 3, 17, 8, tzinfo=UTC)
ASK = Question(
    program="Coffee",
    match_at=MATCH,
    zone="Europe/Paris",
    reader_zone="Europe/Paris",
    state=State.PENDING,
    session_state="open",
    value="17.4",
)
ADA = PersonLine("Ada Lovelace", "Analyst", "Europe/London")
BOB = PersonLine("Bob Noyce", "", "America/Los_Angeles")
GROUP = GroupIntro("Coffee", (ADA, BOB), "What made you laugh lately?", 0)
SUMMARY = Summary(
    program="Coffee", matched_at=MATCH, asked=9, joined=6, declined=2, silent=1, groups=3, repeats=0,
    left_out=0, failed=(), next_at=MATCH + timedelta(days=8), asks_first=True, zone="Europe/Paris",
    reader_zone="Europe/Paris",
)  # fmt: skip
SERIES = Series(date(2027, 3, 11), 2, "Europe/Paris", time(9), 6, time(9))
LINES = tuple(SavedLine(one.opt_in_at, one.match_at) for one in plan(SERIES, from_number=0, count=6))
SAVED = Saved(
    program="Coffee", series_id=3, audience="#coffee", people=9, zone="Europe/Paris",
    repeat="Every 2 weeks on same days", lines=LINES, reader_zone="Europe/Paris",
)  # fmt: skip
CHARGE = ChargeOrder(Charge(7, "charge-7", 12000, "CAD", "Autumn card", "cus_1", "pm_1", "3f9a"))
GAP = "02:30 does not exist on 28 March; it will be sent at 03:30."

OWN_TEXT = "Hello {first_name}!\n*{program}* needs you by {opt_in_until}; groups come {match_date}."

CASES: dict[str, facts.Facts] = {
    "coffee-opt-in": ASK,
    "coffee-opt-in-other-zone": replace(ASK, reader_zone="Asia/Tokyo"),
    "coffee-opt-in-again": replace(ASK, again=True),
    "coffee-reminder": replace(ASK, reminder=True),
    "coffee-answer-joined": replace(ASK, state=State.ACCEPTED),
    "coffee-answer-declined": replace(ASK, state=State.DECLINED),
    "coffee-answer-changing-joined": replace(ASK, state=State.ACCEPTED, asking=True),
    "coffee-answer-changing-declined": replace(ASK, state=State.DECLINED, asking=True),
    "coffee-question-below": replace(ASK, below=True),
    "coffee-question-cancelled": replace(ASK, session_state="cancelled"),
    "coffee-question-over-joined": replace(ASK, session_state="matched", state=State.ACCEPTED),
    "coffee-question-over-declined": replace(ASK, session_state="matched", state=State.DECLINED),
    "coffee-question-over-silent": replace(ASK, session_state="matching", state=State.EXPIRED),
    "coffee-answer-automatic": replace(ASK, state=State.ACCEPTED, automatic=True, reader="Ada Lovelace"),
    "coffee-opt-in-own-text": replace(ASK, reader="Ada Lovelace", texts={"opt_in": OWN_TEXT}),
    "coffee-group-own-text": replace(GROUP, texts={"group": "{program}: {partners}! {together}"}),
    "coffee-group": GROUP,
    "coffee-group-again": replace(GROUP, repeats=1),
    "coffee-group-of-eight": replace(
        GROUP, people=tuple(PersonLine(f"Person {n}", "Engineer", "Europe/Paris") for n in range(8))
    ),
    "coffee-left-out": LeftOut("Coffee", "Nobody else joined this time."),
    "coffee-cancelled": Cancelled("Coffee", MATCH, "Europe/Paris"),
    "coffee-summary": SUMMARY,
    "coffee-summary-troubled": replace(
        SUMMARY, repeats=2, left_out=1, failed=(("deactivated", 2), ("is_archived", 1)), next_at=None
    ),
    "coffee-summary-nobody": replace(SUMMARY, joined=0, groups=0, silent=7),
    "coffee-summary-without-questions": replace(SUMMARY, asks_first=False, joined=9),
    "schedule-saved": SAVED,
    "schedule-saved-once": replace(SAVED, repeat="One time only", lines=LINES[:1], people=1),
    "schedule-saved-unread": replace(SAVED, people=None),
    "schedule-saved-without-questions": replace(
        SAVED, asks_first=False, lines=tuple(SavedLine(None, line.match_at) for line in LINES)
    ),
    "schedule-saved-with-notes": replace(SAVED, edited=True, notes=(GAP,), reminder_at=MATCH),
    "schedule-saved-and-over": replace(SAVED, lines=()),
    "schedule-cancelled": replace(SAVED, ended=True, lines=()),
    **CARD_CASES,
    **CLASSES_CASES,
    **DRY_RUNS,
    **FOLLOW_UP_CASES,
    **HOSTED_CASES,
    **MENTORING_CASES,
    **RUN_CASES,
    **HEALTH_CASES,
    **PLANNING_CASES,
    **REVIEW_CASES,
    "delivery-failed": Notice("Coffee", "Some messages could not be delivered", "Why.", ("one", "two")),
    "payment-charge-order": CHARGE,
    "delivery-doubt": Doubt("Coffee", ("Ada Lovelace", "Bob Noyce"), 12),
    **MEMBER_MESSAGES,
}


def message(told: facts.Facts) -> dict[str, Any]:
    """The message as it is sent."""
    text, blocks = render(told)
    return {"text": text, "blocks": blocks}


def test_every_kind_of_facts_has_a_case() -> None:
    """No message goes out that nobody has looked at."""
    assert {type(told) for told in CASES.values()} == set(RENDERERS)


@pytest.mark.parametrize("name", CASES)
def test_a_message_reads_as_agreed(name: str, golden: Golden) -> None:
    """The message is the one of the golden file, and within Slack's limits."""
    found = message(CASES[name])

    assert check_message(found) == []
    golden.check(name, found)


def test_a_golden_file_belongs_to_a_case(golden: Golden) -> None:
    """No golden file is left over from a message that does not exist any more."""
    from tests.blocks.hosted_board_cases import BOARDS as HOSTED_BOARDS
    from tests.blocks.hosted_form_cases import FORM_VIEWS
    from tests.blocks.mentoring_board_cases import BOARDS
    from tests.blocks.mentoring_mine_cases import MINE_HOMES, MINE_VIEWS
    from tests.blocks.test_card import VIEWS as CARD_VIEWS
    from tests.blocks.test_classes_member_pages import BOARDS as MEMBER_PAGES
    from tests.blocks.test_classes_member_pages import MODALS as MEMBER_MODALS
    from tests.blocks.test_classes_staff import MODALS as STAFF_MODALS
    from tests.blocks.test_classes_staff import PAGES as STAFF_PAGES
    from tests.blocks.test_hosted_board import MODALS
    from tests.blocks.test_mentoring_picker import VIEWS as PICKER_VIEWS
    from tests.blocks.test_mentoring_setup import VIEWS as SETUP_VIEWS
    from tests.blocks.test_views import MENUS, VIEWS

    known = {*CASES, *RUN_VIEWS, *HEALTH_VIEWS, *VIEWS, *MENUS, *CARD_VIEWS, *PLANNING_VIEWS, *BOARDS}
    known |= {*PICKER_VIEWS, *SETUP_VIEWS, *HOSTED_BOARDS, *MODALS, *FORM_VIEWS}
    known |= {*MEMBER_PAGES, *MEMBER_MODALS, *STAFF_PAGES, *STAFF_MODALS}
    known |= {f"mentoring-mine-{name}" for name in (*MINE_VIEWS, *MINE_HOMES, "options")}
    assert {path.stem for path in golden.folder.glob("*.json")} == known


# --- Text from people ----------------------------------------------------------------------------------

HOSTILE = {
    "channel": "<!channel>",
    "here": "<!here> hello",
    "group": "<!subteam^S1>",
    "person": "<@U1>",
    "link": "<http://evil.example|https://bank.example>",
    "date": "<!date^0^{date}|never>",
    "code": "```\n`x`\n*bold* _it_ ~no~",
    "bidi": "a\u202egnp.exe\u2066\u2069\u200b",
    "long": "x" * 4000,
    "long-escapes": "<&>" * 2000,
    "emoji": "👩‍👩‍👧‍👦" * 600,
    "lines": "one\ntwo\r\nthree\n\n\nfour\x0bfive\u2028six",
    "entities": "&lt;!channel&gt; &amp;amp;",
    "nothing": "",
    "spaces": "   \t ",
    "unseen": "\u200b\u2060\ufeff",
    "nul": "a\x00b",
    "format": "{first_name} %s %(x)s {0}",
    "quotes": '"\'\\"; DROP TABLE program; --',
    "surrogates": "𝕏" * 3001,
}
DATE = re.compile(r"<!date\^\d+\^\{date_(?:long|short_pretty)\} at \{time\}\|[^<>|]*>")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


OURS = (
    "zone", "reader_zone", "value", "session_state", "repeat", "state", "notes", "problem", "method",
    "news", "offer", "wording", "list_value", "request_value", "locale", "digest",
    "what", "host_zone", "channel", "presence", "stage", "currency",
)  # fmt: skip


ToldParts = Meeting | Way | Due | Entry


def hostile(told: Any, text: str) -> Any:
    """The same facts with *text* wherever a person's or Slack's text may stand."""
    changed: dict[str, Any] = {}
    for field in fields(told):
        value = getattr(told, field.name)
        if field.name in OURS:
            continue
        if isinstance(value, str):
            changed[field.name] = text
        elif isinstance(value, ToldParts):
            changed[field.name] = hostile(value, text)
        elif isinstance(value, tuple):
            changed[field.name] = tuple(
                hostile(one, text)
                if is_dataclass(one)
                else text
                if isinstance(one, str)
                else (text, one[1])
                if isinstance(one, tuple)
                else one
                for one in value
            )
    return replace(told, **changed)


def mrkdwn_of(found: Any) -> Iterator[str]:
    """Every text that Slack formats: mrkdwn objects, and the notification."""
    if isinstance(found, dict):
        if found.get("type") == "mrkdwn":
            yield found["text"]
        for name, part in found.items():
            if name == "text" and isinstance(part, str) and "blocks" in found:
                yield part
            yield from mrkdwn_of(part)
    elif isinstance(found, list):
        for part in found:
            yield from mrkdwn_of(part)


def texts_of(found: Any) -> Iterator[str]:
    """Every string of a message."""
    if isinstance(found, str):
        yield found
    for part in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from texts_of(part)


def assert_harmless(found: dict[str, Any]) -> None:
    """Within the limits; mentions nobody, links nowhere, hides nothing, and no escape is cut in two."""
    assert check_message(found) == []
    assert not any(UNSEEN.search(text) for text in texts_of(found))
    for text in mrkdwn_of(found):
        rest = DATE.sub("", text)
        assert "<" not in rest
        assert ">" not in rest
        assert re.sub("&(amp|lt|gt);", "", rest).count("&") == 0


@pytest.mark.parametrize("case", CASES)
def test_text_from_people_does_nothing(case: str) -> None:
    """Names, titles, programs and reasons are shown as typed, whatever they hold."""
    for text in HOSTILE.values():
        assert_harmless(message(hostile(CASES[case], text)))


@given(text=st.text(max_size=400), case=st.sampled_from(sorted(CASES)))
def test_any_text_does_nothing(text: str, case: str) -> None:
    """The same for whatever a generator can think of."""
    assert_harmless(message(hostile(CASES[case], text)))


def test_names_stay_readable() -> None:
    """Escaping and cleaning leave ordinary names alone, emoji families and umlauts included."""
    people = (PersonLine("Zoë & Söhne <3"), PersonLine("👩‍👩‍👧 Kim"))
    found = message(GroupIntro("Café", people, "?", 0))

    assert (
        "*Zoë &amp; Söhne &lt;3* and *👩‍👩‍👧 Kim*, I have the pleasure" in found["blocks"][1]["text"]["text"]
    )


def test_only_our_own_addresses_are_links() -> None:
    """Slack is told not to look for links and names in what people typed."""
    for told in CASES.values():
        for block in message(told)["blocks"]:
            for part in [block.get("text"), *block.get("elements", []), *block.get("fields", [])]:
                if part and part.get("type") == "mrkdwn":
                    assert part["verbatim"] is True


# --- Pieces --------------------------------------------------------------------------------------------


@given(text=st.text(), limit=st.integers(1, 50))
def test_cleaning_keeps_the_limit(text: str, limit: int) -> None:
    """Cut text is as long as allowed, and says that it was cut."""
    found = kit.clean(text, limit)

    assert len(found) <= limit
    assert found == kit.clean(text, 10**6) or found.endswith("…")


@given(text=st.text(alphabet="<>&a;lt mp", max_size=200), limit=st.integers(1, 60))
def test_no_escape_is_cut_in_two(text: str, limit: int) -> None:
    """Text is cut before it is escaped."""
    found = kit.escape(text, limit)

    assert re.sub("&(amp|lt|gt);", "", found).isascii() or found.count("…") == 1
    assert re.sub("&(amp|lt|gt);", "", found).count("&") == 0


def test_a_long_text_is_cut_between_its_pieces() -> None:
    """Where a paragraph has to be cut, neither an escape nor a date is cut in two."""
    date = kit.date(MATCH, zone="Europe/Paris")
    for filled in range(2900, 3001):
        for piece in ("&amp;", "&lt;", date):
            assert_harmless({"text": "x", "blocks": [kit.section("x" * filled + piece * 3)]})


def test_a_date_is_shown_in_the_readers_zone() -> None:
    """Slack shows the reader's own time; the session's time stands beside it where they differ."""
    own = kit.date(MATCH, zone="Europe/Paris", reader_zone="Europe/Paris")
    other = kit.date(MATCH, zone="Europe/Paris", reader_zone="Asia/Tokyo")

    assert own == "<!date^1805270400^{date_long} at {time}|17 March 2027, 09:00 (Europe/Paris)>"
    assert other == f"{own} (09:00 in Europe/Paris)"
    assert kit.date(MATCH, zone="Europe/Paris") == other
    assert kit.plain_date(MATCH, "Europe/Paris") == "17 March 2027, 09:00 (Europe/Paris)"


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_is_spoken(items: list[str], said: str) -> None:
    """Lists read as a person would say them."""
    assert kit.spoken(items) == said


def test_an_unknown_word_is_shown_harmlessly() -> None:
    """The menu repeats what was typed, and nothing of it acts."""
    for text in HOSTILE.values():
        said, blocks = menu.menu(organizes=True, unknown=text, closest="schedule")
        assert_harmless({"text": said, "blocks": blocks})
