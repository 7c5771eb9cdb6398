"""What a look into a conversation proves, and what it does not."""

import urllib.error
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import SlackMessenger
from domain.messages import Verdict

SINCE = datetime(2027, 3, 1, tzinfo=UTC)


class Answer:
    """What slack_sdk hands back."""

    def __init__(self, **data):
        self.data = data
        self.status_code = 200
        self.headers = {}

    def get(self, name):
        return self.data.get(name)


class Client:
    """A WebClient whose answers are given; an exception is raised."""

    base_url, timeout = "https://slack.com/api/", 1

    def __init__(self, **answers):
        self.answers = answers
        self.calls = []

    def api_call(self, method, **how):
        self.calls.append((method, how))
        answer = self.answers[method].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def message(ts, key):
    """A message of ours in a history."""
    return {"ts": ts, "metadata": {"event_type": "sessions_outbox", "event_payload": {"k": key}}}


def look(client):
    """Look for the message "k"."""
    return SlackMessenger(client).find("D1", "k", SINCE)


def test_a_message_that_is_there_is_found():
    """By its key, among others."""
    history = Answer(messages=[message("2.0", "other"), message("1.0", "k")])
    found = look(Client(**{"conversations.history": [history]}))

    assert (found.verdict, found.ts) == (Verdict.SENT, "1.0")


def test_only_a_complete_look_proves_that_nothing_is_there():
    """The last page was read, and it was on none."""
    first = Answer(messages=[], response_metadata={"next_cursor": "more"})
    found = look(Client(**{"conversations.history": [first, Answer(messages=[])]}))

    assert (found.verdict, found.retry_after) == (Verdict.LATER, None)


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError(ConnectionRefusedError()),
        urllib.error.URLError(TimeoutError()),
        ConnectionResetError(),
    ],
)
def test_a_look_that_failed_proves_nothing(error):
    """A refused connection means that a post was not done; here it means that nobody looked."""
    assert look(Client(**{"conversations.history": [error]})).verdict is Verdict.UNKNOWN


def test_of_two_copies_the_newer_one_is_taken_back():
    """The older one stays, and is the one that was found."""
    history = Answer(messages=[message("2.0", "k"), message("1.0", "k")])
    client = Client(**{"conversations.history": [history], "chat.delete": [Answer(ok=True)]})

    assert look(client).ts == "1.0"
    assert client.calls[-1] == ("chat.delete", {"json": {"channel": "D1", "ts": "2.0"}})


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        ("message_not_found", Verdict.SENT),
        ("cant_delete_message", Verdict.UNKNOWN),
        ("fatal_error", Verdict.UNKNOWN),
    ],
)
def test_a_copy_that_could_not_be_taken_back_is_looked_at_again(error, verdict):
    """Unless it is gone already."""
    history = Answer(messages=[message("2.0", "k"), message("1.0", "k")])
    refused = SlackApiError("no", Answer(ok=False, error=error))
    client = Client(**{"conversations.history": [history], "chat.delete": [refused]})

    assert look(client).verdict is verdict


def test_an_answer_that_cannot_be_read_is_not_repeated():
    """slack_sdk quotes a broken answer in its error; a message's text must not get into a reason or a log."""
    broken = Answer(ok=False, error='Received a response in a non-JSON format: {"ok": true, "text": "private')
    found = look(Client(**{"conversations.history": [SlackApiError("no", broken)]}))

    assert (found.verdict, found.reason) == (Verdict.UNKNOWN, "HTTP 200, an answer that cannot be read")
