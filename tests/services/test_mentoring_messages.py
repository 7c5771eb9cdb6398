"""What everybody reads, from the first request to the end of a match, as it is delivered and drawn anew."""

from datetime import UTC, datetime

import pytest

from domain.mentoring import Asking, Press
from domain.messages import Kind, Verdict
from domain.texts import MentoringText, Text
from services import mentoring_endings, mentoring_invites, mentoring_pressed, mentoring_requests, texts
from services.mentoring_endings import EndForm
from services.texts import NoSuchText
from store.database import Database
from tests.builders import ADMIN, NOW, World
from tests.fakes import Shown, address_of
from tests.mentoring import Mentorship

TUESDAY = datetime(2027, 3, 16, 9, tzinfo=UTC)  # after the third business day of a question of NOW


@pytest.fixture
def world(db: Database) -> World:
    """Eight people, everybody in Paris, on Wednesday 10 March at 10:00 there."""
    world = World(db, 8)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Mentorship:
    """A program with approval: mentors U1 to U4, mentees U5 to U8, matching on, no weekly digest."""
    mentors, mentees = [f"U{n}" for n in range(1, 5)], [f"U{n}" for n in range(5, 9)]
    return Mentorship(world, mentors=mentors, mentees=mentees, digest=False)


def last(world: World, user_id: str) -> Shown:
    """The newest message to somebody."""
    return world.messenger.to(user_id)[-1]


def heard(world: World) -> dict[str, int]:
    """How many messages everybody has got, alone or in a group."""
    found: dict[str, int] = {}
    for shown in world.messenger.posts:
        found[shown.channel] = found.get(shown.channel, 0) + 1
    return found


def pressed(shown: Shown, user_id: str, button: str) -> Press:
    """What comes along with a press of a button that stands in this message."""
    message = int(shown.value(button).partition(".")[2])
    return Press(user_id, message, shown.channel, shown.ts, address_of(shown))


# --- A question and its answers ------------------------------------------------------------------------


def test_mentor_and_mentee_read_until_when_the_mentor_may_answer(world: World, program: Mentorship) -> None:
    """The clock starts when Slack accepts the question, whenever it was submitted."""
    program.submit("U5", "U1", "U2")
    world.clock.move(days=1)
    world.run()

    assert "Person 5 would like you as mentor in *Mentoring*." in last(world, "U1").words
    assert (
        "You have 1 of 1 places left. Please answer by *Tue 16 Mar*, end of day." in last(world, "U1").words
    )
    assert last(world, "U1").buttons == ["Approve", "Decline", "View Profile"]
    assert (
        "Your request went to Person 1. They have until Tue 16 Mar, end of day (their time). "
        "Next on your list: Person 2."
    ) in last(world, "U5").words
    assert last(world, "U5").buttons == ["Withdraw Request"]
    assert heard(world) == {"DU1": 1, "DU5": 1}


def test_both_read_of_their_match_alone_and_together(world: World, program: Mentorship) -> None:
    """Two messages and one conversation; question and list are drawn anew, without buttons."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.approve("U1")
    world.run()
    program.approve("U1")
    world.run()

    assert heard(world) == {"DU1": 2, "DU5": 2, "G-U1-U5": 1}
    for shown in (last(world, "U1"), last(world, "U5"), world.messenger.groups()[0]):
        assert "Person 5 and Person 1, you are matched in *Mentoring*." in shown.words
        assert shown.buttons == ["Propose a Time", "Log a Session"]
    question, sent = world.messenger.to("U1")[0], world.messenger.to("U5")[0]
    assert "Approved on 10 Mar by you." in question.words
    assert "Person 1 approved your request." in sent.words
    assert question.buttons == sent.buttons == []


def test_both_read_what_the_mentee_works_towards(world: World, program: Mentorship) -> None:
    """As it was written to the mentors; where organizers match, as the profile says; else nothing."""
    program.join("U6", mentee=True, goals="Lead a *team*")
    program.submit("U5", "U1", goal="Speak in front of people")
    world.run()
    program.approve("U1")
    program.assign("U6", "U2")
    program.assign("U7", "U3")
    world.run()

    for mentor in ("U1", "U5"):
        assert "Person 5 wants to work on:\n&gt; Speak in front of people" in last(world, mentor).words
    assert "Person 6 wants to work on:\n&gt; Lead a ∗team∗" in last(world, "U2").words
    assert "wants to work on" not in last(world, "U3").words


def test_a_response_is_read_word_for_word(world: World, program: Mentorship) -> None:
    """The mentee learns who is asked now; the mentor sees what they answered."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.decline("U1", "Ask me in summer, *please*.")
    world.run()

    assert "Person 1 can't take your request this time." in last(world, "U5").words
    assert "Their response:\n&gt; Ask me in summer, ∗please∗." in last(world, "U5").words
    assert "We asked Person 2." in last(world, "U5").words
    assert last(world, "U5").buttons == ["Withdraw Request"]
    assert "Declined on 10 Mar by you." in last(world, "U1").words
    assert "Your request went to Person 2." in world.messenger.to("U5")[0].words
    assert heard(world) == {"DU1": 1, "DU2": 1, "DU5": 2}


def test_whoever_lets_a_request_expire_may_offer_and_the_next_is_asked(
    world: World, program: Mentorship
) -> None:
    """Reminded twice, then over; the offer is accepted, and whoever was asked meanwhile sees it."""
    program.submit("U5", "U1", "U2")
    world.run()
    world.clock.to(2027, 3, 11, 9)
    world.run()
    assert "Person 5 is waiting for your answer, due *Mon 15 Mar*." in last(world, "U1").words
    assert last(world, "U1").buttons == ["Approve", "Decline", "View Profile"]
    world.clock.to(2027, 3, 15, 9)
    world.run()
    world.clock.now = TUESDAY
    world.run()
    world.run()

    over = last(world, "U1")
    assert "The request from Person 5 expired. There is nothing to do." in over.words
    assert over.buttons == ["Pause Requests", "Offer Anyway"]
    assert "Person 1 did not answer in time.\nWe asked Person 2." in last(world, "U5").words
    assert heard(world) == {"DU1": 4, "DU2": 1, "DU5": 2}
    assert all("Expired on 16 Mar." in shown.words for shown in world.messenger.to("U1")[:3])
    assert [shown.buttons for shown in world.messenger.to("U1")[:3]] == [[], [], []]

    program.offer("U1")
    world.run()
    assert (
        "Person 1 can take you after all. Please answer by *Fri 19 Mar*, end of day."
        in last(world, "U5").words
    )
    assert over.buttons == ["Pause Requests"]
    offer = last(world, "U5")
    program.answer_offer("U5", "U1", accept=True)
    world.run()
    assert "You accepted: you are matched." in offer.words
    assert offer.buttons == []
    assert "Person 5 accepted your offer: you are matched." in over.words
    assert "No longer needed, Person 5 has been matched." in last(world, "U2").words
    assert program.matches() == {("U5", "U1"): "active"}


def test_a_list_that_is_used_up_lets_its_mentee_choose_again(world: World, program: Mentorship) -> None:
    """After the second list organizers hear of it too, and the first invitation to choose again is over."""
    for _ in range(2):
        program.submit("U5", "U1")
        world.run()
        program.decline("U1")
        world.run()

    assert "*Please request a new mentor*\nNone of your choices worked out." in last(world, "U5").words
    assert last(world, "U5").buttons == ["Choose Mentors", "Ask the Organizer"]
    assert "Person 5 has used two lists without a match." in last(world, ADMIN).words
    assert last(world, ADMIN).buttons == ["Match with Mentor"]
    assert heard(world) == {"DU1": 2, "DU5": 4, f"D{ADMIN}": 1}


def test_a_full_choice_is_named_where_it_was_passed_by(world: World, program: Mentorship) -> None:
    """When the list is submitted, and when the next one is asked."""
    program.assign("U6", "U1")
    program.submit("U5", "U1", "U2", "U3")
    world.run()
    assert "Person 1 has no place left. Your request went to Person 2." in last(world, "U5").words

    program.assign("U7", "U3")
    program.decline("U2")
    world.run()
    assert "Person 3 has no place left." in last(world, "U5").words
    assert last(world, "U5").buttons == ["Choose Mentors", "Ask the Organizer"]


def test_a_withdrawn_request_is_told_to_nobody(world: World, program: Mentorship) -> None:
    """The mentor's message says so where it stands."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.withdraw("U5")
    world.run()

    assert "Withdrawn by Person 5." in last(world, "U1").words
    assert last(world, "U1").buttons == []
    assert "You withdrew this request." in last(world, "U5").words
    assert last(world, "U5").buttons == []
    assert heard(world) == {"DU1": 1, "DU5": 1}


def test_a_question_that_was_withdrawn_on_its_way_is_not_asked(world: World, program: Mentorship) -> None:
    """Neither the mentor nor the mentee hears of it."""
    program.submit("U5", "U1")
    program.withdraw("U5")
    world.run()

    assert heard(world) == {}
    assert {row.reason for row in world.owed(Kind.MENTORING_REQUEST)} == {"this request is over"}


def test_the_last_place_closes_other_requests(world: World, program: Mentorship) -> None:
    """Mentor and mentees read the same sentence."""
    for mentee in ("U5", "U6"):
        program.submit(mentee, "U1")
    world.run()
    program.approve("U1", mentee="U5")
    world.run()

    assert "Person 1 has no place left." in last(world, "U6").words
    assert any("Person 1 has no place left." in shown.words for shown in world.messenger.to("U1"))


# --- Invitations ---------------------------------------------------------------------------------------


def invite(program: Mentorship, mentee: str) -> None:
    """Press [Invite to Match]."""
    key, who = program.world.key(), program.who(mentee)
    mentoring_invites.send_one(program.db, program.team, who, actor=ADMIN, key=key, now=program.now)


def test_whoever_is_invited_counts_once_the_message_arrived(world: World, program: Mentorship) -> None:
    """They read how many mentors they may choose."""
    invite(program, "U5")
    assert program.participant("U5").invited_at is None
    world.clock.move(hours=1)
    world.run()

    assert "Hi Person 5, *Mentoring* is ready for you. Choose up to 3 mentors" in last(world, "U5").words
    assert last(world, "U5").buttons == ["Choose Mentors", "Not Now"]
    assert program.participant("U5").invited_at == world.clock()


@pytest.mark.parametrize("unreached", ["resting", "refused"])
def test_whom_no_invitation_reached_may_be_invited_again(
    world: World, program: Mentorship, unreached: str
) -> None:
    """A break, or a refusal of Slack, does not make anybody invited."""
    invite(program, "U5")
    if unreached == "resting":
        program.pause("U5")
    else:
        world.messenger.fail("post", Verdict.REFUSED, at="U5", reason="cannot_dm_bot")
    world.run()
    assert heard(world) == {}
    program.come_back("U5")
    invite(program, "U5")
    world.run()

    assert last(world, "U5").buttons == ["Choose Mentors", "Not Now"]


# --- Who cannot be reached -----------------------------------------------------------------------------


def test_a_mentor_whom_no_message_reaches_is_not_waited_for(world: World, program: Mentorship) -> None:
    """The request is closed, and the next one is asked."""
    world.messenger.fail("post", Verdict.REFUSED, at="U1", times=9, reason="cannot_dm_bot")
    program.submit("U5", "U1", "U2")
    world.run()

    assert program.asked() == {"U1": Asking.CLOSED_UNAVAILABLE, "U2": Asking.PENDING}
    assert "Person 1 is no longer available.\nWe asked Person 2." in last(world, "U5").words
    assert last(world, "U2").buttons == ["Approve", "Decline", "View Profile"]


def test_a_later_choice_that_is_gone_changes_nothing_for_who_is_asked(
    world: World, program: Mentorship
) -> None:
    """The mentee is told; the mentor who was asked stays asked."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.pause("U2")
    world.run()

    assert "Person 2 is no longer available." in last(world, "U5").words
    assert "We asked" not in last(world, "U5").words
    assert "paused" not in last(world, "U5").words
    assert "Next on your list" not in world.messenger.to("U5")[0].words
    assert program.asked() == {"U1": Asking.PENDING, "U2": Asking.CLOSED_UNAVAILABLE}


# --- Matching off and on -------------------------------------------------------------------------------


def test_messages_stand_still_and_go_on(world: World, program: Mentorship) -> None:
    """Off: no buttons, and nobody is told. On: the buttons are back, with a new date."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.turn(on=False)
    world.run()
    assert "Matching is paused by the organizer." in last(world, "U1").words
    assert last(world, "U1").buttons == []
    assert "Your request went to Person 1. Matching is paused by the organizer." in last(world, "U5").words

    world.clock.to(2027, 3, 22, 9)
    program.turn(on=True)
    world.run()
    assert "Please answer by *Thu 25 Mar*, end of day." in last(world, "U1").words
    assert last(world, "U1").buttons == ["Approve", "Decline", "View Profile"]
    assert "They have until Thu 25 Mar, end of day" in last(world, "U5").words
    assert heard(world) == {"DU1": 1, "DU5": 1}


def test_a_list_that_lost_its_mentor_meanwhile_goes_on(world: World, program: Mentorship) -> None:
    """Nobody is asked while matching is off; then the next one is, and the mentee reads who."""
    program.submit("U5", "U1", "U2")
    world.run()
    program.turn(on=False)
    program.pause("U1")
    world.run()
    assert "Person 1 is no longer available.\nMatching is paused by the organizer." in last(world, "U5").words

    program.turn(on=True)
    world.run()
    assert "Person 1 is no longer available.\nWe asked Person 2." in last(world, "U5").words
    assert "Person 5 would like you as mentor" in last(world, "U2").words


def test_a_list_that_nobody_is_left_on_is_used_up_when_matching_goes_on(
    world: World, program: Mentorship
) -> None:
    """Its mentee is asked to choose again: nothing else would tell them."""
    program.submit("U5", "U1")
    world.run()
    program.turn(on=False)
    program.pause("U1")
    world.run()
    before = len(world.messenger.to("U5"))
    for _ in range(2):
        program.turn(on=True)
        world.run()

    assert len(world.messenger.to("U5")) == before + 1
    assert last(world, "U5").buttons == ["Choose Mentors", "Ask the Organizer"]
    assert "Please request a new mentor" in last(world, "U5").words


# --- What changes on the way ---------------------------------------------------------------------------


@pytest.mark.parametrize("late", ["U5", "G-U1-U5"])
def test_a_message_that_was_on_its_way_is_drawn_as_it_stands(
    world: World, program: Mentorship, late: str
) -> None:
    """The match ends between the last look at a message and Slack's answer: its buttons are taken back."""
    program.assign("U5", "U1")

    def end_meanwhile(method: str, where: str) -> None:
        if method == "post" and where.endswith(late) and program.match("U5", "U1").state == "active":
            program.end("U5", "U1", tell=False)

    world.messenger.before = end_meanwhile
    world.run()
    world.run()

    shown = next(one for one in world.messenger.posts if one.channel.endswith(late))
    assert shown.buttons == []
    assert "This match has ended." in shown.words


def test_a_list_that_was_over_on_the_way_offers_nothing(world: World, program: Mentorship) -> None:
    """What the mentee reads when it arrives is that their request was approved."""
    program.submit("U5", "U1")

    def approve_meanwhile(method: str, where: str) -> None:
        if method == "post" and where == "U5" and program.request("U1").state == Asking.PENDING:
            program.approve("U1")

    world.messenger.before = approve_meanwhile
    world.run()
    world.run()

    assert "Person 1 approved your request." in world.messenger.to("U5")[0].words
    assert world.messenger.to("U5")[0].buttons == []


def test_a_press_that_comes_before_slacks_answer_starts_the_clock(world: World, program: Mentorship) -> None:
    """The form of a response is opened in a message of which nobody knew that it arrived."""
    program.submit("U5", "U1")
    world.messenger.fail("post", Verdict.UNKNOWN, effect=True, at="U1", reason="timeout")
    world.run()
    request, press = program.newest_request("U1"), pressed(last(world, "U1"), "U1", "Decline")
    assert program.request("U1").expires_at is None
    mentoring_requests.begin_decline(world.db, world.team, request, press, now=world.clock())

    assert program.request("U1").expires_at == datetime(2027, 3, 15, 23, tzinfo=UTC)


# --- Late presses --------------------------------------------------------------------------------------


def test_a_press_on_an_old_button_draws_the_truth_where_it_was_pressed(
    world: World, program: Mentorship
) -> None:
    """Nothing changes, and the message that was pressed says what happened."""
    program.submit("U5", "U1")
    world.run()
    question = last(world, "U1")
    press = pressed(question, "U1", "Approve")
    program.withdraw("U5")
    request = program.newest_request("U1")
    done = mentoring_requests.approve(world.db, world.team, request, press, now=world.clock())
    world.run()

    assert (done.changed, done.state) == (False, Asking.WITHDRAWN)
    assert "Withdrawn by Person 5." in question.words
    assert ("replace", address_of(question)) in world.messenger.calls


def test_a_form_is_opened_only_for_a_question_that_waits(world: World, program: Mentorship) -> None:
    """Otherwise the message is drawn anew, and there is nothing to fill in."""
    program.submit("U5", "U1")
    world.run()
    request = program.newest_request("U1")
    press = pressed(last(world, "U1"), "U1", "Decline")
    found = mentoring_requests.begin_decline(world.db, world.team, request, press, now=world.clock())
    assert found is not None
    assert (found.mentee, found.required) == ("Person 5", False)

    program.withdraw("U5")
    assert mentoring_requests.begin_decline(world.db, world.team, request, press, now=NOW) is None


# --- The match ends ------------------------------------------------------------------------------------


def test_both_read_that_their_match_has_ended(world: World, program: Mentorship) -> None:
    """Each is thanked, asked how it was, and the buttons of their match are gone."""
    program.assign("U5", "U1")
    world.run()
    program.end("U5", "U1")
    world.run()

    assert "Your mentorship with Person 1 in *Mentoring* has ended." in last(world, "U5").words
    assert "Your mentorship with Person 5 in *Mentoring* has ended." in last(world, "U1").words
    assert last(world, "U5").buttons == ["1", "2", "3", "4"]
    assert [shown.buttons for shown in world.messenger.groups()] == [[], []]
    assert "has ended" in world.messenger.groups()[-1].words
    assert heard(world) == {"DU1": 2, "DU5": 2, "G-U1-U5": 2}


def test_an_undone_end_is_told_and_gives_the_buttons_back(world: World, program: Mentorship) -> None:
    """The match goes on where it was."""
    program.assign("U5", "U1")
    world.run()
    program.end("U5", "U1")
    world.run()
    program.undo("U5", "U1")
    world.run()

    assert "The mentorship of Person 5 and Person 1 goes on" in last(world, "U5").words
    assert world.messenger.groups()[0].buttons == ["Propose a Time", "Log a Session"]


def test_organizers_decide_about_an_end_that_is_asked_for(world: World, program: Mentorship) -> None:
    """They read who asks and why; with the button they end it."""
    program.change(ending_asks=True)
    program.assign("U5", "U1")
    match = program.match("U5", "U1").id
    wish = EndForm("no_time", note="Until June.")
    mentoring_endings.ask_to_end(world.db, world.team, match, wish, actor="U1", now=NOW)
    world.run()

    shown = last(world, ADMIN)
    assert "Person 1 asks to end the match of Person 5 and Person 1. Reason: No time." in shown.words
    assert "Until June." in shown.words
    assert shown.value("End Matching") == str(match)


def test_an_organizer_learns_that_a_mentor_said_no(world: World, program: Mentorship) -> None:
    """The match is staged again; the mentee has never heard of it."""
    program.stage("U5", "U1")
    program.propose("U5", "U1")
    world.run()
    assert "Ada Admin asks whether you would be the mentor of Person 5" in last(world, "U1").words
    program.decline("U1", "Not this year.")
    world.run()

    assert "Person 1 can't be the mentor of Person 5 this time." in last(world, ADMIN).words
    assert "Not this year." in last(world, ADMIN).words
    assert world.messenger.to("U5") == []


# --- Forms, and texts of one's own ---------------------------------------------------------------------


def test_what_somebody_asks_reaches_all_organizers_once(world: World, program: Mentorship) -> None:
    """Line by line, with their name."""
    for _ in range(2):
        mentoring_pressed.ask_organizers(
            world.db, world.team, program.id, "Nobody has time.\nWho could?", by="U5", key="k", now=NOW
        )
    world.run()

    assert "Person 5 writes about *Mentoring*:" in last(world, ADMIN).words
    assert "&gt; Nobody has time.\n&gt; Who could?" in last(world, ADMIN).words
    assert heard(world) == {f"D{ADMIN}": 1}


def test_more_places_are_said_in_open_questions(world: World, program: Mentorship) -> None:
    """The mentor who raises them sees it in the message."""
    program.submit("U5", "U1")
    world.run()
    program.set_places("U1", 2)
    world.run()

    assert "You have 2 of 2 places left." in last(world, "U1").words


def test_messages_are_said_in_the_words_of_the_program(world: World, program: Mentorship) -> None:
    """Each text that its organizers wrote; a coffee text is none of theirs."""
    for kind in MentoringText:
        written = f"Mine {kind.value} {{mentee}} {{program}} {_mentor(kind)}"
        texts.keep(world.db, world.team, program.id, kind, written, actor=ADMIN, key=world.key(), now=NOW)
    with pytest.raises(NoSuchText):
        texts.keep(world.db, world.team, program.id, Text.GROUP, "{partners}", actor=ADMIN, key="k", now=NOW)
    program.submit("U5", "U1", "U2")
    world.run()
    assert "Mine mentoring_request Person 5 Mentoring Person 1" in last(world, "U1").words
    program.decline("U1")
    world.run()
    assert "Mine mentoring_declined Person 5 Mentoring Person 1\nWe asked" in last(world, "U5").words
    world.clock.now = TUESDAY
    world.run()
    assert "Mine mentoring_expired_mentor Person 5" in last(world, "U2").words
    assert "Mine mentoring_expired Person 5 Mentoring Person 2" in last(world, "U5").words
    assert "Mine mentoring_choose_again Person 5" in last(world, "U5").words
    program.assign("U6", "U3")
    world.run()
    assert "Mine mentoring_matched Person 6 Mentoring Person 3" in last(world, "U6").words
    program.end("U6", "U3")
    world.run()
    assert "Mine mentoring_ended Person 6" in last(world, "U6").words


def _mentor(kind: MentoringText) -> str:
    without = (MentoringText.INVITE, MentoringText.CHOOSE_AGAIN)
    return "" if kind in without else "{mentor}"


def test_a_preview_names_people_of_the_program(world: World, program: Mentorship) -> None:
    """With the days a mentor would have now, and the goal that somebody wrote last."""
    program.submit("U5", "U1")
    sheet = texts.sheet(world.db, world.team, program.id, ADMIN, now=NOW)

    assert sheet.mentoring
    assert (sheet.mentee, sheet.partners) == ("Person 5", ("Person 1", "Person 2"))
    assert sheet.goal == "I want to learn how to lead a team."
    assert f"{sheet.until}" == "2027-03-15"


def test_the_invitation_asks_nothing_more_once_a_list_is_submitted(world: World, program: Mentorship) -> None:
    """Its buttons go, wherever it stands, and come back when the list is withdrawn."""
    who, key = program.who("U5"), world.key()
    mentoring_invites.send_one(program.db, program.team, who, actor=ADMIN, key=key, now=program.now)
    world.run()
    told = last(world, "U5")
    assert told.buttons == ["Choose Mentors", "Not Now"]

    program.submit("U5", "U1")
    world.run()
    assert told.buttons == []

    program.withdraw("U5")
    world.run()
    assert told.buttons == ["Choose Mentors", "Not Now"]
