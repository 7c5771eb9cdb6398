"""The sandbox answers as Slack does, row by row, through the real client."""

from pathlib import Path

import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

ROWS = yaml.safe_load(Path(__file__).with_name("calibration.yml").read_text("utf-8"))
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [{"type": "divider"}],
}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


def name_of(row):
    """A row's test name."""
    wanted = row["answer"].get("error", "ok")
    return f"{row['call']}-{wanted}"


def test_every_row_names_its_source():
    """At least sixty facts, and none without a word on how we know it."""
    assert len(ROWS) >= 60
    assert [row for row in ROWS if not row.get("source")] == []


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_row(row, ws, ids, arrange, tolerated):
    """The answer to this call is the one in the table."""
    tolerated.update(row.get("tolerates", []))
    facts = {**vars(ids), "modal": MODAL, "in_121_days": int(ws.clock.now()) + 121 * 86_400}
    for step in row.get("given", []):
        facts |= arrange.do(step)
    client = WebClient(row.get("token", "xoxb-test"), base_url=ws.facts["api"], retry_handlers=[])
    status, answer = asked(client, row["call"], filled(row.get("args", {}), facts))
    assert status == row.get("status", 200)
    matches(answer, filled(row["answer"], facts))
    if "message" in row:
        assert any(row["message"] in m for m in answer["response_metadata"]["messages"])


def asked(client, method, args):
    """The status and body of a call, refusal or not."""
    try:
        answer = client.api_call(method, json=args)
    except SlackApiError as refused:
        answer = refused.response
    return answer.status_code, answer.data


def filled(value, facts):
    """A row's value with ids put in and repetitions written out."""
    if isinstance(value, str):
        whole = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
        return facts[whole] if whole in facts else value.format(**facts) if "{" in value else value
    if isinstance(value, dict) and set(value) == {"repeat", "times"}:
        part = filled(value["repeat"], facts)
        return part * value["times"] if isinstance(part, str) else [part] * value["times"]
    if isinstance(value, dict):
        return {k: filled(v, facts) for k, v in value.items()}
    return [filled(v, facts) for v in value] if isinstance(value, list) else value


def matches(found, wanted):
    """Everything the row names is in the answer."""
    for key, value in wanted.items():
        if key == "length":
            assert len(found) == value
        elif key == "filled":
            assert bool(found) == value
        elif key == "starts":
            assert found.startswith(value)
        elif isinstance(value, dict):
            matches(found[key], value)
        else:
            assert found[key] == value, found


@pytest.fixture
def arrange(ws, api, ids, door, raw):
    """What a row may want to have happened before."""
    return Arranger(ws, api, ids, door, raw)


class Arranger:
    """One method for each arrangement the table names; each tells the facts it made."""

    def __init__(self, ws, api, ids, door, raw):
        self.ws, self.api, self.ids, self.door, self.raw = ws, api, ids, door, raw

    def do(self, step):
        made = getattr(self, step.replace(" ", "_"))()
        return made if isinstance(made, dict) else {}

    def revoked(self):
        self.ws.change("revoke")

    def uninstalled(self):
        self.ws.change("uninstall")

    def only_commands(self):
        self.ws.change("grant", scopes=["commands"])

    def without_public_writing(self):
        self.ws.change("grant", scopes=["chat:write"])

    def a_thousand_people(self):
        self.ws.change("generate", plan={"people": 1_000})

    def a_users_list_cursor(self):
        told = self.api.users_list(limit=1)
        return {"users_cursor": told["response_metadata"]["next_cursor"]}

    def group_of_ana_ben_cy(self):
        opened = self.api.conversations_open(users=[self.ids.ana, self.ids.ben, self.ids.cy])
        return {"group": opened["channel"]["id"]}

    def message(self):
        return {"ts": self.api.chat_postMessage(channel=self.ids.general, text="hi")["ts"]}

    def message_by_ana(self):
        return {"ts": self.ws.user("ana").say("hello", channel="general")["ts"]}

    def message_to_ana(self):
        self.api.chat_postMessage(channel=self.ids.ana, text="hi")

    def reaction(self):
        newest = self.api.conversations_history(channel=self.ids.general)["messages"][0]["ts"]
        self.api.reactions_add(channel=self.ids.general, timestamp=newest, name="wave")

    def trigger(self):
        """The trigger of a command ana typed, unused so far."""
        self.door.handle = lambda: ""
        self.ws.user("ana").slash("/sessions")
        delivered = self.ws.journal(kinds=["delivery"])[-1]
        return {"trigger": delivered["payload"]["trigger_id"]}

    def modal(self, view=MODAL):
        opened = self.api.views_open(trigger_id=self.trigger()["trigger"], view=view)
        return {"view": opened["view"]["id"]}

    def used_trigger(self):
        facts = self.trigger()
        self.api.views_open(trigger_id=facts["trigger"], view=MODAL)
        return facts

    def late_trigger(self):
        self.ws.settings(trigger_seconds=0)
        return self.trigger()

    def three_modals(self):
        self.modal()
        for _ in range(2):
            self.api.views_push(trigger_id=self.trigger()["trigger"], view=MODAL)
        return self.trigger()

    def external_id_taken(self):
        view = {**MODAL, "external_id": "mine"}
        self.modal(view)
        return {**self.trigger(), "modal": view}

    def home(self):
        self.api.views_publish(user_id=self.ids.ana, view=HOME)

    def uploaded_file(self):
        told = self.api.files_getUploadURLExternal(filename="a.csv", length=3)
        assert self.raw(told["upload_url"], body=b"a,b", kind="text/csv")[0] == 200
        return {"file": told["file_id"]}
