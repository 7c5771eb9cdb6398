"""Forms of hosted sessions: what travels with a view comes back, and nonsense in it does no harm."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.billing import Fee
from domain.errors import FieldRefusal
from domain.hosted import Channel
from domain.hosted_forms import HostedForm, What, again, chosen_channel, form_of, participant, session
from domain.hosted_offer import Guest, Known, Offer, ServiceChoice

PARIS = "Europe/Paris"
COACHING = ServiceChoice(7, "Coaching", 4000, "USD")
OFFER = Offer(tz=PARIS, country="CA", mail=True, texts=True, services=(COACHING,))
JOEY = HostedForm(name="Joey P.", channel="email", email="joey@example.com", zone=PARIS)
NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.lists(st.integers() | st.text(max_size=3)),
)
FORMS = st.builds(
    HostedForm,
    what=st.sampled_from([*What]),
    tz=st.sampled_from(["", PARIS]),
    name=st.text(max_size=10),
    keep=st.booleans(),
    pay=st.booleans(),
    minutes=st.integers(0, 500),
    people=st.lists(st.integers(0, 99), max_size=3).map(tuple),
)


@given(FORMS)
def test_a_form_comes_back_as_it_left(form: HostedForm) -> None:
    """What is as in an empty form does not travel at all."""
    assert form_of(form.as_dict()) == form
    assert HostedForm().as_dict() == {}


@given(st.dictionaries(st.sampled_from([one.name for one in fields(HostedForm)]), NONSENSE))
def test_nonsense_is_left_out(found: dict[str, object]) -> None:
    """Each field is of its type; ids are ids, and a zone is one."""
    form = form_of(found)

    for one in fields(HostedForm):
        held = getattr(form, one.name)
        assert isinstance(held, type(one.default) if not isinstance(one.default, str) else str)
        assert not isinstance(held, int) or 0 <= held < 2**31
    assert form.tz in ("", *([str(found["tz"])] if form.tz else []))
    assert 0 <= form.contact < 2**31


def test_a_way_that_is_off_is_not_chosen() -> None:
    """The first that is possible is; Slack is one for colleagues only, and what somebody has stays one."""
    colleague = Known("Ann", Channel.SLACK, user_id="U2")
    off = Offer(tz=PARIS)

    assert chosen_channel(JOEY, OFFER) is Channel.EMAIL
    assert chosen_channel(JOEY, off) is Channel.NONE
    assert chosen_channel(JOEY, Offer(tz=PARIS, had=Channel.EMAIL)) is Channel.EMAIL
    assert Channel.SLACK not in OFFER.channels()
    assert Offer(tz=PARIS, known=colleague).channels() == (Channel.SLACK, Channel.NONE)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Each at its field."""
    wrong = HostedForm(name="J", channel="pigeon", zone="Mars", minutes=7, room="x", pay=True, service=1)

    with pytest.raises(FieldRefusal) as refused:
        session(wrong, OFFER, "k")
    assert set(refused.value.problems) == {"name", "channel", "zone", "minutes", "room", "service"}


def test_a_participant_is_read_as_the_services_take_them() -> None:
    """With the address of the chosen way alone, and a fee only where one is asked for."""
    paying = HostedForm(**{**JOEY.as_dict(), "pay": True, "service": 7, "price": "35", "phone": "12"})

    found = participant(paying, OFFER, "k")
    assert (found.key, found.address, found.fee) == (
        "k.1",
        "joey@example.com",
        Fee(7, "Coaching", 3500, "USD"),
    )
    assert participant(JOEY, OFFER, "k").fee is None
    paid = Offer(tz=PARIS, mail=True, paid=Fee(7, "Coaching", 4000, "USD"))
    assert participant(JOEY, paid, "k").fee == paid.paid
    free = HostedForm(**{**JOEY.as_dict(), "pay": True, "service": 7, "price": "0"})
    assert participant(free, OFFER, "k").fee is None


def test_those_who_come_again_are_read_from_the_last_session() -> None:
    """Not from what travelled: an id of somebody else is nobody."""
    guests = (
        Guest(1, "Joey", Channel.EMAIL, "joey@example.com", PARIS),
        Guest(2, "Ann", Channel.NONE, "", PARIS),
    )
    form = HostedForm(people=(2, 99))

    _details, people = again(form, Offer(tz=PARIS, guests=guests), "k")
    assert [(one.name, one.key, one.keep) for one in people] == [("Ann", "k.1", False)]
    with pytest.raises(FieldRefusal, match="at least one"):
        again(HostedForm(people=(99,)), Offer(tz=PARIS, guests=guests), "k")
