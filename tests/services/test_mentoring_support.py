"""Message Support: each question reaches whoever should answer it, once."""

import pytest

from domain.errors import FieldRefusal
from domain.mentoring import MembersOnly
from domain.messages import Kind
from services import mentoring_support
from services.access import Rights
from services.mentoring_support import LONGEST, Question
from store.core import PersonRow
from store.database import Database
from store.mentoring import Mentoring
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship

MENTEE = Rights("U2", admin=False)


@pytest.fixture
def program(db: Database) -> Mentorship:
    """A mentor and a mentee; U3 takes no part."""
    world = World(db, 3)
    world.read_people()
    return Mentorship(world, mentors=["U1"], mentees=["U2"])


def ask(program: Mentorship, asker: Rights = MENTEE, text: str = "Hi", key: str = "k", *named: str) -> bool:
    """Ask; whether that was new."""
    question = Question(asker, text, key)
    return mentoring_support.ask(
        program.db, program.team, program.id, question, admins=frozenset(named), now=program.now
    ).changed


def test_one_question_is_sent_once(program: Mentorship) -> None:
    """However often the form arrives; another one is another question."""
    assert [ask(program), ask(program), ask(program, key="other")] == [True, False, True]
    assert program.told(Kind.MENTORING_SUPPORT) == [ADMIN, ADMIN]


def test_named_admins_come_before_slacks(program: Mentorship) -> None:
    """All of them; the support contact before all."""
    ask(program, MENTEE, "Hi", "one", "UNAMED", "UOTHER")
    assert program.told(Kind.MENTORING_SUPPORT) == ["UNAMED", "UOTHER"]

    with program.db.transaction() as tx:
        tx.get_one(Mentoring, (program.team, program.id)).support = "C5"
    ask(program, MENTEE, "Hi", "two", "UNAMED")
    assert program.told(Kind.MENTORING_SUPPORT)[2:] == ["C5"]


def test_whoever_may_join_can_ask(program: Mentorship) -> None:
    """App Home offers it to them; guests may ask only about what they organize."""
    assert ask(program, Rights("U3", admin=False))
    with program.db.transaction() as tx:
        tx.get_one(PersonRow, (program.team, "U3")).is_guest = True

    with pytest.raises(MembersOnly):
        ask(program, Rights("U3", admin=False), key="again")
    assert ask(program, Rights("U3", admin=False, owned=frozenset({program.id})), key="again")


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * (LONGEST + 1)])
def test_a_question_has_words_and_an_end(program: Mentorship, text: str) -> None:
    """Refused at its field."""
    with pytest.raises(FieldRefusal) as refused:
        ask(program, text=text)
    assert set(refused.value.problems) == {"text"}
